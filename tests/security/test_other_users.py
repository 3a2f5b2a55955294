"""Other users of this machine: what they may read, and names that they could have taken first (docs/threat-model.md)."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from pathlib import Path

import pytest

from lightleak.cli import main
from lightleak.device.recorder.marks import runtime_folder
from lightleak.errors import DeviceError

DEMO = Path(__file__).parents[2] / "host" / "lightleak" / "assets" / "demo"
POLICY = Path(__file__).parents[1] / "data" / "policy" / "strict.toml"
SESSION, REPORT = DEMO / "session.lightleak", DEMO / "report.ndjson"

WRITERS = {
    "compare": ("compare", SESSION, "--report", REPORT, "-o"),
    "compare, page": ("compare", SESSION, "--report", REPORT, "--format", "html", "-o"),
    "check": ("check", SESSION, "--report", REPORT, "--policy", POLICY, "-o"),
    "diff": ("diff", SESSION, SESSION, "-o"),
    "export": ("export", SESSION, "--format", "ndjson", "-o"),
    "export, redacted": ("export", SESSION, "--redact", "-o"),
    "import": ("import", Path("trace.ndjson"), "-o"),
    "inspect": ("inspect", REPORT, "-o"),
}
"""Every command that writes a file of its own; record and watch write as import does (trace/frame_writer.py)."""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return int(ended.value.code or 0)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to work in, for a person whose umask hides nothing."""
    monkeypatch.chdir(tmp_path)
    run("export", SESSION, "--format", "ndjson", "-o", "trace.ndjson")
    before = os.umask(0)
    yield tmp_path
    os.umask(before)


@pytest.mark.parametrize("command", WRITERS)
def test_what_is_written_is_for_its_owner_only_whatever_the_umask(command, here):
    assert run(*WRITERS[command], "out") in (0, 3)
    assert stat.S_IMODE((here / "out").stat().st_mode) == 0o600


def test_folders_that_are_made_are_for_their_owner_only(here):
    assert run("demo") == 0
    assert stat.S_IMODE((here / "lightleak-demo").stat().st_mode) == 0o700


@pytest.mark.parametrize("force", [[], ["--force"]])
@pytest.mark.parametrize("command", WRITERS)
def test_a_link_that_waits_under_the_name_is_never_written_through(command, force, here):
    victim = here / "victim"
    victim.write_text("precious")
    (here / "out").symlink_to(victim)

    code = run(*WRITERS[command], "out", *force)

    assert victim.read_text() == "precious"
    assert code == (1 if not force else code)
    assert not force or not (here / "out").is_symlink()


@pytest.mark.parametrize("command", WRITERS)
def test_a_link_to_nowhere_is_not_written_through_either(command, here):
    (here / "out").symlink_to(here / "nowhere")

    assert run(*WRITERS[command], "out") == 1
    assert not (here / "nowhere").exists()


@pytest.mark.parametrize("command", WRITERS)
def test_a_guessed_draft_name_helps_nobody(command, here, monkeypatch, capfd):
    """Drafts have random names; and if one were guessed, what waits there is refused and not followed."""
    victim = here / "victim"
    victim.write_text("precious")
    monkeypatch.setattr(secrets, "token_hex", lambda _length: "guessed")
    for hidden in (".out.guessed", ".out.guessed.lightleak"):
        (here / hidden).symlink_to(victim)

    assert run(*WRITERS[command], "out") == 1
    assert victim.read_text() == "precious"
    assert "error: " in capfd.readouterr().err


def test_two_drafts_of_one_name_never_meet(here):
    names = {secrets.token_hex(4) for _ in range(1000)}
    assert len(names) > 990


def test_the_sockets_folder_is_no_link_of_somebody_elses(tmp_path, monkeypatch):
    """Anybody may make a link of the folder's name in a shared temporary folder first."""
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o700)
    shared = tmp_path / "tmp"
    shared.mkdir()
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(shared))
    (shared / f"lightleak-{os.getuid()}").symlink_to(theirs)

    with pytest.raises(DeviceError, match="not a private folder"):
        runtime_folder()


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="needs root, to be somebody else")
def test_the_sockets_folder_of_another_owner_is_refused(tmp_path, monkeypatch):
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    folder = tmp_path / f"lightleak-{os.getuid()}"
    folder.mkdir(mode=0o700)
    shutil.chown(folder, 65534)

    with pytest.raises(DeviceError, match="not a private folder"):
        runtime_folder()
