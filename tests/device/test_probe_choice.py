"""``--only`` and ``--without``: names, patterns and groups, and what is no probe."""

from __future__ import annotations

import pytest

from lightleak.built_assets import catalogue
from lightleak.cli import main
from lightleak.cli._options.probes import _complete_probes
from lightleak.device.probe_choice import GROUPS, UNLISTED, left_out_probes, probe_names
from lightleak.errors import UsageError

ALL = set(probe_names())


def kept(only: list[str], without: list[str] | None = None) -> set[str]:
    return ALL - set(left_out_probes(only, without or []))


def test_a_group_a_pattern_a_name_and_a_list_of_them() -> None:
    assert kept(["handoffs"]) == {"handoff"}
    assert kept(["wake.url*"]) == {"wake.url", "wake.url.scene"}
    assert kept(["query.execute"]) == {"query.execute"}
    assert kept(["inputs, query.execute", "handoffs"]) == {"input.event", "query.execute", "handoff"}


def test_without_takes_from_all_or_from_what_only_names() -> None:
    assert kept([], ["handoffs"]) == ALL - {"handoff"}
    assert kept(["wake.url*"], ["wake.url"]) == {"wake.url.scene"}


def test_reads_are_what_the_catalogue_calls_so() -> None:
    reads = kept(["reads"])
    depths = {probe.probe: probe.depth for probe in catalogue().probes}
    assert {depths[probe] for probe in reads} >= {"open", "metadata", "thumbnail", "data"}
    assert not {depths[probe] for probe in reads} & {"notification", "write", "picker", None}
    assert {"query.execute", "image-manager.request-image-for-asset"} <= reads


def test_every_probe_is_in_a_group() -> None:
    """A probe in no group could be left out by no group: whoever adds a family of probes puts it into one."""
    assert kept(list(GROUPS)) == ALL
    assert set(UNLISTED) <= ALL


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("readz", "reads"),
        ("query.exceute", "query.execute"),
        ("zzz", "the groups are reads"),
        ("nosuch.*", ""),
        ("", ""),
    ],
)
def test_a_word_that_means_no_probe_is_wrong_usage_with_what_is_near(word: str, hint: str) -> None:
    with pytest.raises(UsageError, match="there is no probe") as caught:
        left_out_probes([word], [])
    assert hint in caught.value.hint


def test_leaving_out_everything_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="leave no probe"):
        left_out_probes([], ["*"])


def test_the_command_line_refuses_before_it_looks_for_a_device(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["record", "x", "-H", "127.0.0.1:1", "--only", "readz"])
    assert ended.value.code == 2
    assert "did you mean reads?" in capfd.readouterr().err


def test_words_are_completed_also_after_a_comma() -> None:
    assert _complete_probes(None, None, "rea") == ["reads"]  # type: ignore[arg-type]
    assert "reads,wake.url" in _complete_probes(None, None, "reads,wake.u")  # type: ignore[arg-type]
