"""Where the machine cannot be made or started, the command says why in one sentence and ends with 2."""

from __future__ import annotations

import platform
import shutil
import signal
import sys
from types import SimpleNamespace

import pytest

from arm64 import __main__ as command


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Debian 12 with enough of everything."""
    release = {"ID": "debian", "VERSION_ID": "12"}
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: release)
    monkeypatch.setattr(command, "_available_memory_mb", lambda: 64_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=64 << 30))
    monkeypatch.setattr(command, "KEPT", tmp_path)
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # pytest keeps its own
    monkeypatch.setattr(sys, "argv", ["test-arm64", "--can-run"])


def said(capsys: pytest.CaptureFixture[str]) -> str:
    assert command.main() == 2
    return capsys.readouterr().err


def test_here_it_can_run() -> None:
    assert command.main() == 0


def test_another_system(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: {"ID": "arch", "PRETTY_NAME": "Arch Linux"})
    assert said(capsys) == "test-arm64: This needs Debian 12, and here is Arch Linux.\n"


def test_too_little_memory(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(command, "_available_memory_mb", lambda: 1000)
    assert "3072 MB of free memory, and here are 1000 MB: end other programs." in said(capsys)


def test_too_little_disk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 30))
    assert "4096 MB of free disk in build/, and here are 1024 MB: make room." in said(capsys)
