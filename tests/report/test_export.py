"""A stream is cut into the lines that it has, with their numbers, however it arrives and whatever it holds."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightleak.report import export


def cut(data: bytes, block_bytes: int, max_line_bytes: int) -> list[tuple[int, bytes | None]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "BLOCK_BYTES", block_bytes)
        patch.setattr(export, "MAX_LINE_BYTES", max_line_bytes)
        found: list[tuple[int, bytes | None]] = []
        for block in export.blocks(io.BytesIO(data)):
            if block.too_long:
                found.append((block.first_line, None))
            else:
                parts = block.data.split(b"\n")
                parts = parts[:-1] if parts[-1] == b"" else parts
                found += list(enumerate(parts, block.first_line))
        return found


@given(st.lists(st.binary(max_size=12).map(lambda b: b.replace(b"\n", b" "))), st.integers(1, 9), st.booleans())
def test_lines_keep_their_numbers_whatever_the_chunks(expected: list[bytes], block_bytes: int, ended: bool) -> None:
    data = b"\n".join(expected) + (b"\n" if ended and expected else b"")
    whole = data.split(b"\n")
    whole = whole[:-1] if whole[-1] == b"" else whole
    assert cut(data, block_bytes, 100) == list(enumerate(whole, 1))


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 9), st.booleans())
def test_only_lines_beyond_the_bound_are_skipped(lengths: list[int], block_bytes: int, ended: bool) -> None:
    data = b"\n".join(b"x" * length for length in lengths) + (b"\n" if ended and lengths else b"")
    whole = data.split(b"\n")
    whole = whole[:-1] if whole[-1] == b"" else whole
    expected = [(n, line if len(line) <= 20 else None) for n, line in enumerate(whole, 1)]
    assert cut(data, block_bytes, 20) == expected


def test_a_line_without_end_is_never_held() -> None:
    class Endless(io.RawIOBase):
        served = 0

        def read1(self, count: int = -1) -> bytes:
            self.served += count
            return b"" if self.served > 1 << 26 else b"x" * count

    stream = Endless()
    found = list(export.blocks(stream))  # type: ignore[arg-type]
    assert found == [export.Block(1, b"", too_long=True)]
