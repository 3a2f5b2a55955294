"""The measurements of tests/bench/reliability.py at a small count: what they count must stay at nothing."""

from __future__ import annotations

from bench import reliability


def test_a_link_cut_at_random_under_load_loses_doubles_and_reorders_nothing() -> None:
    figures = reliability.links_cut(6)

    assert figures["events"] > 500
    assert (figures["missing"], figures["doubled"], figures["out_of_order"], figures["lost_events"]) == (0, 0, 0, 0)
    assert (figures["segments"], figures["gapless"]) == (1, True)


def test_a_killed_target_loses_at_most_its_last_moment_and_that_is_a_gap() -> None:
    figures = reliability.targets_killed(3)

    assert figures["gaps_said"] == 3


def test_a_killed_recorder_loses_nothing_that_was_acknowledged_and_the_next_one_takes_the_rest_over() -> None:
    figures = reliability.hosts_killed(2)

    assert figures["events"] > 500
    assert (figures["files_that_open"], figures["files_gapless"]) == (3, 3)
    assert (figures["acknowledged_and_missing"], figures["missing_in_all"]) == (0, 0)
    assert (figures["cut_files_that_verify_names"], figures["closed_file_is_whole"]) == (2, True)


def test_launches_again_and_again_are_one_whole_session() -> None:
    figures = reliability.relaunches(3, seconds=90)

    assert (figures["segments"], figures["whole"]) == (3, True)
