"""A share of what ``scripts/fuzz`` runs for an hour: every command ends with an exit code and a sentence, whatever it is given."""

from __future__ import annotations

import pytest

from fuzz import judge
from fuzz.campaign import Campaign, without_waiting
from fuzz.inputs import Input

SHARE = 1_200
"""Inputs in each run of the tests: some seconds."""


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Put back what ``without_waiting`` replaces."""
    from lightleak.cli import _group
    from lightleak.views.live import replay_pace

    monkeypatch.setattr(_group._LazyGroup, "list_commands", _group._LazyGroup.list_commands)
    monkeypatch.setattr(replay_pace.paced, "__kwdefaults__", dict(replay_pace.paced.__kwdefaults__))
    without_waiting()


@pytest.mark.parametrize("share", range(4))
def test_every_command_ends_with_an_exit_code_and_a_sentence(tmp_path, share):
    """Run a seed again with: scripts/fuzz --seed SEED --inputs 1 -v"""
    campaign = Campaign()
    for seed in range(share * SHARE // 4, (share + 1) * SHARE // 4):
        campaign.take(seed, tmp_path)
    assert campaign.faults == {}


def test_the_inputs_reach_every_way_a_command_can_end(tmp_path):
    """Inputs that are all refused at the door test nothing."""
    campaign = Campaign()
    for seed in range(700):
        campaign.take(seed, tmp_path)
    for command in ("import", "show", "export", "replay", "verify", "inspect", "compare", "diff"):
        assert campaign.codes[f"{command} 0"] > 0, command
        assert campaign.codes[f"{command} 1"] > 0, command
    assert campaign.codes["check 3"] > 0


@pytest.mark.parametrize(
    ("breakage", "fault"),
    [
        (lambda _args: {}["x"], "KeyError"),
        (lambda _args: 7, "exit code 7"),
        (lambda _args: 1, "exit code 1 without a sentence"),
        (lambda _args: print('{"x": NaN}') or 0, "not JSON"),
        (lambda _args: [] + (), "TypeError"),
    ],
)
def test_what_is_wrong_is_found(monkeypatch, breakage, fault):
    from lightleak.cli import _group

    monkeypatch.setattr(_group, "_run", breakage)
    assert judge.run(["inspect", "--format", "json"]).fault.startswith(fault)


def test_a_seed_gives_the_same_input_again(tmp_path):
    def files(name: str, seed: int) -> tuple[list[str], dict[str, bytes]]:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        arguments = [each.replace(str(folder), "") for each in Input(seed, folder).arguments()]
        found = {path.name: path.read_bytes() for path in folder.rglob("*.ndjson") if path.is_file()}
        return arguments, found

    for seed in range(40):
        assert files(f"a{seed}", seed) == files(f"b{seed}", seed)
