"""A report is found however it was packed; what would hurt is refused, and the rest is still read."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from lightleak.errors import ReportError
from lightleak.report import read_report
from report.stored import BIOME, segments, write
from report.written import export, lines, moment, text

REPORT = text(lines(moment(1, 0, 5000))).encode()
STORE = segments([moment(2, 9000, 5000), moment(3, 20_000, 100, out_of_process=True)])


def tar(path: Path, members: dict[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def packed(path: Path, content: bytes) -> Path:
    path.write_bytes(gzip.compress(content))
    return path


IMAGE = {"private/var/mobile/Media/DCIM/1.jpg": b"\xff\xd8" * 99, "etc/passwd": b"root:*:0:0\n", **STORE}


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: packed(folder / "report.ndjson.gz", REPORT),
        lambda folder: packed(folder / "renamed", REPORT),
        lambda folder: zipped(folder / "report.zip", {"App_Privacy_Report_v4_2024.ndjson": REPORT}),
        lambda folder: zipped(folder / "report.zip", {"Downloads/renamed.txt": REPORT, "photo.jpg": b"\xff\xd8"}),
        lambda folder: zipped(folder / "report.zip", {"a.ndjson.gz": gzip.compress(REPORT)}),
        lambda folder: tar(folder / "report.tar", {"x": REPORT}),
    ],
    ids=["gzip", "gzip renamed", "zip", "zip, renamed inside", "gzip in zip", "tar"],
)
def test_packed_exports_are_read(make, tmp_path: Path) -> None:
    report = read_report(make(tmp_path))
    assert [e.duration_s for e in report.entries] == [5.0]
    assert report.problems == []


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: tar(folder / "image.tar", IMAGE),
        lambda folder: tar(folder / "image.tar.gz", IMAGE, "w:gz"),
        lambda folder: zipped(folder / "image.zip", IMAGE),
    ],
    ids=["tar", "tar.gz", "zip"],
)
def test_a_store_in_an_image_is_found(make, tmp_path: Path) -> None:
    report = read_report(make(tmp_path))
    assert [(e.duration_s, e.out_of_process) for e in report.entries] == [(5.0, False), (0.1, True)]
    assert report.problems == []
    assert all(BIOME in name for name in report.files)


def test_a_folder_may_hold_exports_and_a_store_among_other_things(tmp_path: Path) -> None:
    write(tmp_path, [moment(2, 9000, 5000)])
    (tmp_path / "report.ndjson").write_bytes(REPORT)
    (tmp_path / ".report.ndjson").write_bytes(b"hidden")
    (tmp_path / "notes.txt").write_text("bought milk\n")
    report = read_report(tmp_path)
    assert len(report.entries) == 2
    assert report.problems == []


def test_a_file_with_the_name_of_a_report_that_is_not_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_bytes(REPORT)
    (tmp_path / "b.ndjson").write_text("x\n" * 100)
    (problem,) = read_report(tmp_path).problems
    assert problem.file.endswith("b.ndjson")
    assert "not one line of a privacy report" in problem.problem


@pytest.mark.parametrize(
    "name", ["../../etc/x.ndjson", "/etc/x.ndjson", "a/../../x.ndjson", "C:\\x.ndjson", "..\\x.ndjson"]
)
@pytest.mark.parametrize("pack", [zipped, tar])
def test_a_path_that_climbs_out_is_named_and_the_rest_is_read(name: str, pack, tmp_path: Path) -> None:
    report = read_report(pack(tmp_path / "a", {name: REPORT, "good.ndjson": REPORT}))
    assert len(report.entries) == 1
    (problem,) = report.problems
    assert "climbs out" in problem.problem
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.ndjson").write_bytes(REPORT)
    (tmp_path / "image").mkdir()
    (tmp_path / "image" / "link.ndjson").symlink_to(tmp_path / "elsewhere.ndjson")
    with pytest.raises(ReportError):
        read_report(tmp_path / "image")


def test_a_zip_bomb_is_refused_and_the_rest_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lightleak.report.sources.FREE_BYTES", 1 << 20)
    bomb = b"\n" * (8 << 20)
    report = read_report(zipped(tmp_path / "bomb.zip", {"bomb.ndjson": bomb, "good.ndjson": REPORT}))
    assert len(report.entries) == 1
    assert ["bomb" in p.problem for p in report.problems] == [True]


def test_a_gzip_bomb_of_valid_lines_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lightleak.report.sources.FREE_BYTES", 1 << 20)
    monkeypatch.setattr("lightleak.report.sources.MAX_RATIO", 50)
    report = read_report(packed(tmp_path / "bomb.gz", REPORT * 20_000))
    assert any("bomb" in p.problem for p in report.problems)


def test_a_cut_gzip_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = export([moment(n, n * 9000, 5000 + n) for n in range(5000)]).encode()
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(whole)[:-20_000])
    report = read_report(path)
    assert 3000 < len(report.entries) < 5000
    assert any("damaged" in p.problem for p in report.problems)


def test_a_cut_tar_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tar(tmp_path / "cut.tar", {"a.ndjson": REPORT, "b.ndjson": REPORT})
    path.write_bytes(path.read_bytes()[:1600])
    assert len(read_report(path).entries) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"\x28\xb5\x2f\xfd\0", "zstd"),
        (b"\x1f\x8b", "damaged"),
        (b"PK\x03\x04 no zip", "zip"),
        (b"\xff\xfe{\0}\0", "UTF-16"),
        (bytes(52) + b"SEGB" + bytes(80), "version 1"),
        (b"SEGB", "cut off"),
    ],
)
def test_what_is_not_a_report_is_refused_with_its_reason(content: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(ReportError, match=why):
        read_report(tmp_path / "x")


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"secret.ndjson": REPORT, "good.ndjson": REPORT})
    raw = bytearray(path.read_bytes())
    first = raw.index(b"PK\x01\x02")
    raw[6] |= 1
    raw[first + 8] |= 1
    path.write_bytes(raw)
    report = read_report(path)
    assert len(report.entries) == 1
    assert ["cannot be unpacked" in p.problem for p in report.problems] == [True]


def test_a_member_without_a_name_is_passed_over(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"x": REPORT, "good.ndjson": REPORT})
    raw = path.read_bytes()
    at = raw.index(b"PK\x01\x02")
    # The directory's first name becomes empty, its one byte an extra field of nothing.
    path.write_bytes(raw[: at + 28] + b"\0\0" + raw[at + 30 : at + 32] + b"\1\0" + raw[at + 34 :])
    assert len(read_report(path).entries) == 1


def test_names_that_are_not_text_are_shown_escaped(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.ndjson"))
    path.write_bytes(REPORT)
    assert read_report(path).files[0].endswith("\\udcff.ndjson")


def sparse(path: Path, members: int, size: int) -> Path:
    """Write a GNU sparse tar: a report, then members that claim ``size`` bytes each, and hold none."""
    blocks = [tar(path, {"0report.ndjson": REPORT}).read_bytes().rstrip(b"\0")]
    blocks[0] += bytes(-len(blocks[0]) % 512)
    for number in range(members):
        info = tarfile.TarInfo(f"{number}.ndjson")
        info.type = tarfile.GNUTYPE_SPARSE
        header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
        header[386:398] = header[398:410] = b"%011o\0" % 0
        header[483:495] = b"%011o\0" % size
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header)
        blocks.append(bytes(header))
    path.write_bytes(b"".join(blocks) + bytes(1024))
    return path


def many(folder: Path) -> Path:
    folder = folder / "many"
    folder.mkdir(exist_ok=True)
    (folder / "0report.ndjson").write_bytes(REPORT)
    for number in range(9):
        packed(folder / f"{number}.ndjson.gz", os.urandom(200_000))
    return folder


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: sparse(folder / "a.tar", 9, 200_000),
        lambda folder: packed(folder / "a.tar.gz", sparse(folder / "a.tar", 9, 200_000).read_bytes()),
        lambda folder: zipped(
            folder / "a.zip", {"0report.ndjson": REPORT, **{f"{n}.ndjson": os.urandom(200_000) for n in range(9)}}
        ),
        lambda folder: zipped(
            folder / "a.zip",
            {"0report.ndjson": REPORT, **{f"{n}.ndjson.gz": gzip.compress(b"\n" * 200_000) for n in range(9)}},
        ),
        lambda folder: tar(
            folder / "b.tar", {"0report.ndjson": REPORT, **{f"{n}.ndjson": os.urandom(200_000) for n in range(9)}}
        ),
        many,
    ],
    ids=["sparse tar", "sparse tar, gzipped", "zip", "gzip in zip", "tar", "folder of gzip"],
)
def test_members_that_are_small_each_are_not_read_without_end(make, tmp_path: Path, monkeypatch) -> None:
    """A tar of 4 kB unpacked to 9 GB: each member was below its bound, and nothing counted their sum."""
    monkeypatch.setattr("lightleak.report.sources.MAX_UNPACKED_BYTES", 1 << 20)
    found = read_report(make(tmp_path))
    assert any("larger than 1 MB together" in problem.problem for problem in found.problems)
    assert len(found.entries) == 1


@pytest.mark.parametrize("pack", [tar, zipped])
def test_more_files_than_a_phone_has_are_not_looked_at(pack, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("lightleak.report.sources.MAX_MEMBERS", 3)
    found = read_report(pack(tmp_path / "a", {"1.ndjson": REPORT, **{f"{n}": b"" for n in range(2, 6)}}))
    assert len(found.entries) == 1
    assert "more than 3 files" in found.problems[0].problem


def test_a_tar_header_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("long")
    info.type, info.size = tarfile.XHDTYPE, 1 << 40
    (tmp_path / "a.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(4096))
    with pytest.raises(ReportError, match="header of"):
        read_report(tmp_path / "a.tar")
