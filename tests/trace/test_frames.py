"""A frame is whole or it is seen not to be."""

from __future__ import annotations

import io
import random
import struct

import pytest
import zstandard

from lightleak.errors import TraceError
from lightleak.trace.frames import (
    CONTENT_BYTES_MAX,
    ByteRange,
    compressor,
    pack,
    starts_like_session_file,
    unpack,
    walk,
)
from tracekit import lines

CONTENTS = [b"".join(each + b"\n" for each in lines(count)) for count in (1, 5, 40)]


def packed(contents=CONTENTS) -> list[bytes]:
    return [pack(content, compressor()) for content in contents]


def walked(data: bytes) -> list[ByteRange]:
    return list(walk(io.BytesIO(data), len(data)))


def content(data: bytes, frame: ByteRange) -> bytes:
    return unpack(data[frame.offset : frame.offset + frame.length], zstandard.ZstdDecompressor())


def test_what_is_packed_is_found_again_in_order():
    data = b"".join(packed())

    assert [content(data, frame) for frame in walked(data)] == CONTENTS


def test_stock_zstd_passes_over_the_preludes():
    data = b"".join(packed())

    with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True) as reader:
        assert reader.read() == b"".join(CONTENTS)


def test_each_flipped_bit_is_seen_and_costs_no_other_frame():
    """Also the bits that zstd does not mind: unused ones of its headers and of its tables."""
    frames = packed()
    data = b"".join(frames)
    start, end = len(frames[0]), len(frames[0]) + len(frames[1])
    for position in range(start, end):
        for bit in range(8):
            flipped = bytearray(data)
            flipped[position] ^= 1 << bit
            found = walked(bytes(flipped))

            assert [frame.whole for frame in found] == [True, False, True], (position, bit)
            assert content(bytes(flipped), found[0]) == CONTENTS[0]
            assert content(bytes(flipped), found[2]) == CONTENTS[2]


def test_zstd_alone_does_not_see_each_flipped_bit():
    """The reason for the prelude: should this fail, zstd has become better and the prelude's CRC can go."""
    frame = compressor().compress(CONTENTS[1])
    unseen = 0
    for position in range(4, len(frame)):
        flipped = bytearray(frame)
        flipped[position] ^= 4
        try:
            size = zstandard.get_frame_parameters(bytes(flipped)).content_size
            if size == len(CONTENTS[1]):
                unseen += zstandard.ZstdDecompressor().decompress(bytes(flipped)) == CONTENTS[1]
        except zstandard.ZstdError:
            pass

    assert unseen


def test_a_file_cut_anywhere_keeps_the_frames_before_the_cut():
    frames = packed()
    data = b"".join(frames)
    ends = [len(b"".join(frames[: n + 1])) for n in range(len(frames))]
    for cut in range(len(data)):
        found = walked(data[:cut])
        whole = sum(end <= cut for end in ends)

        assert [frame.whole for frame in found] == [True] * whole + [False] * (cut not in (0, *ends))


def test_garbage_between_frames_costs_nothing_but_itself():
    one, two, three = packed()
    garbage = random.Random(1).randbytes(5_000)
    found = walked(one + garbage + two + three)

    assert [(frame.whole, frame.length) for frame in found if not frame.whole] == [(False, 5_000)]
    assert sum(frame.whole for frame in found) == 3


def test_a_file_that_is_all_preludes_is_given_up_soon():
    """Each of them could cost a checksum over all that follows."""

    class Counting(io.BytesIO):
        total = 0

        def read(self, size=-1):
            data = super().read(size)
            self.total += len(data)
            return data

    data = struct.pack("<IIII", 0x184D2A5A, 8, 10_000, 0) * 10_000
    file = Counting(data)
    found = list(walk(file, len(data)))

    assert [(frame.whole, frame.length) for frame in found] == [(False, len(data))]
    assert file.total < 10 * len(data), "and not 10,000 times 10,000 bytes"


def test_a_frame_at_the_edge_of_the_search_window_is_found():
    (frame,) = packed(CONTENTS[:1])
    for distance in range(-12, 4):
        data = bytes((1 << 20) + 1 + distance) + frame

        assert [each.whole for each in walked(data)] == [False, True], distance


def test_a_frame_that_claims_too_much_is_refused_before_it_is_unpacked():
    bomb = zstandard.ZstdCompressor(level=1, write_checksum=True).compress(bytes(CONTENT_BYTES_MAX + 1))

    with pytest.raises(TraceError, match="claims"):
        unpack(bomb, zstandard.ZstdDecompressor())


def test_a_frame_of_random_bytes_raises_the_one_error():
    with pytest.raises(TraceError):
        unpack(b"\x28\xb5\x2f\xfd" + random.Random(2).randbytes(100), zstandard.ZstdDecompressor())


@pytest.mark.parametrize(
    ("start", "expected"), [(b"", True), (b"\x5a\x2a", True), (b"{", False), (b"\x28\xb5\x2f\xfd", False)]
)
def test_a_session_file_is_recognised_by_its_first_bytes(start, expected):
    assert starts_like_session_file(start) is expected


def test_data_after_a_frame_in_its_place_is_not_ignored():
    """Stock tools show it, and no seal vouches for it."""
    hidden = pack(CONTENTS[0], compressor())[16:] + zstandard.compress(b"hidden\n")

    with pytest.raises(TraceError, match="cannot be unpacked"):
        unpack(hidden, zstandard.ZstdDecompressor())
