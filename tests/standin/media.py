"""Make the photos of the stand-in phone: small, real image and video files, and library.json that describes them."""

from __future__ import annotations

import json
import math
import struct
import sys
import zlib
from pathlib import Path

WIDTH, HEIGHT = 1024, 768
STILLS = 12
FIRST_S = 1_767_225_600  # 2026-01-01T00:00:00Z


def png(width: int, height: int, shade: int) -> bytes:
    """Return a PNG file with a gradient."""
    rows = bytearray()
    for y in range(height):
        rows += b"\0"
        level = (y * 255 // height + shade) % 256
        rows += bytes((level, 255 - level, shade)) * width

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(rows), 6))
        + chunk(b"IEND", b"")
    )


def movie(seconds: float) -> bytes:
    """Return a minimal QuickTime file with a duration: ftyp, moov with mvhd, and some mdat."""

    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body) + 8) + kind + body

    mvhd = struct.pack(">IIIII", 0, 0, 0, 600, int(seconds * 600)) + bytes(80)
    samples = bytes(int(127 + 120 * math.sin(i / 9)) for i in range(60_000))
    return box(b"ftyp", b"qt  \0\0\0\0qt  ") + box(b"moov", box(b"mvhd", mvhd)) + box(b"mdat", samples)


def row(file: str, number: int, **more: object) -> dict[str, object]:
    """Return the row of one file in library.json."""
    return {
        "file": file,
        "media_type": 1,
        "media_subtypes": 0,
        "width": WIDTH,
        "height": HEIGHT,
        "duration_s": 0,
        "created_s": FIRST_S + 3600 * number,
        "favorite": number % 4 == 0,
        "hidden": False,
        # How requests for it end: "", never, late, many, odd, error; cloud and unreachable: the original is not on the phone.
        "behaviour": "",
    } | more


def make(folder: Path) -> None:
    """Write all files to the folder DCIM."""
    album = folder / "100APPLE"
    album.mkdir(parents=True, exist_ok=True)
    rows = []
    for number in range(1, STILLS + 1):
        name = f"100APPLE/IMG_{number:04}.PNG"
        (folder / name).write_bytes(png(WIDTH, HEIGHT, number * 20))
        rows.append(row(name, number))
    (album / "IMG_0013.MOV").write_bytes(movie(4))
    (album / "IMG_0014.MOV").write_bytes(movie(2))
    (album / "IMG_0014.PNG").write_bytes(png(WIDTH, HEIGHT, 99))
    rows.append(row("100APPLE/IMG_0013.MOV", 13, media_type=2, duration_s=4))
    live_photo = 1 << 3  # PHAssetMediaSubtypePhotoLive
    rows.append(
        row("100APPLE/IMG_0014.PNG", 14, media_subtypes=live_photo, complement_file="100APPLE/IMG_0014.MOV"),
    )
    (folder / "library.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
