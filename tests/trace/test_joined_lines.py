"""Lines as one text are the same lines, and frames are cut at the same places, however the lines came together."""

from __future__ import annotations

import random

import pytest

import lightleak
from lightleak.errors import TraceError
from lightleak.trace.format import FRAME_BYTES
from lightleak.trace.frames import Body, framed
from lightleak.trace.joined_lines import JoinedLines, joined, line_count
from lightleak.trace.writer import Writer
from tracekit import HEADER, lines


def test_each_line_can_be_asked_for() -> None:
    made = lines(5)
    whole = joined(iter(made))
    assert list(whole) == made == [whole[n] for n in range(5)] == [whole[n - 5] for n in range(5)]
    assert (whole[1:3], len(whole), joined(whole) is whole) == (made[1:3], 5, True)
    assert (list(joined([])), len(joined([]))) == ([], 0)
    with pytest.raises(IndexError):
        whole[5]


@pytest.mark.parametrize("odd", [b"", b"a\nb", b"x" * ((16 << 20) + 1)])
def test_what_is_not_one_line_is_refused(odd: bytes) -> None:
    with pytest.raises(TraceError, match="not one line"):
        joined([b"{}", odd])


@pytest.mark.parametrize("seed", range(20))
def test_frames_are_the_same_for_single_lines_and_for_blocks_of_any_size(seed: int) -> None:
    dice = random.Random(seed)
    made = [b"x" * dice.choice((1, 40, 300, 300, 300, 70_000, FRAME_BYTES - 1, FRAME_BYTES)) for _ in range(200)]
    blocks, rest = [], list(made)
    while rest:
        count = dice.choice((1, 3, 50))
        blocks.append(JoinedLines(b"\n".join(rest[:count]), len(rest[:count])))
        del rest[:count]
    single = list(framed(JoinedLines(line, 1) for line in made))
    assert list(framed(blocks)) == single
    assert b"".join(body.text for body in single) == Body.of(made).text
    assert [line_count(body.text[:-1]) for body in single] == [body.events for body in single]
    assert all(len(body.text) >= FRAME_BYTES for body in single[:-1])
    assert all(body.text.rfind(b"\n", 0, -1) < FRAME_BYTES for body in single), "a frame goes on after it is full"


def test_the_writer_keeps_them_word_for_word(tmp_path) -> None:
    made = lines(3_000)
    with Writer(tmp_path / "a.lightleak", HEADER) as one:
        one.write(joined(made[:2_000]))
        one.write(made[2_000:])
    assert one.durable == 3_000
    assert list(lightleak.open(tmp_path / "a.lightleak").lines()) == made
