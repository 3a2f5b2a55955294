"""``lightleak --version``."""

from __future__ import annotations

import frida
import pytest

import lightleak
from lightleak.cli import main


def test_it_shows_its_own_version_the_agents_and_fridas(capfd):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == 0
    assert capfd.readouterr().out.splitlines() == [
        f"lightleak {lightleak.__version__}",
        f"agent {lightleak.__version__}",
        f"Frida {frida.__version__}",
    ]


def test_it_does_without_an_agent(capfd, monkeypatch):
    monkeypatch.setattr("lightleak.device.agent_bundle.agent_version", lambda: None)
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == 0
    assert "agent is not built" in capfd.readouterr().out
