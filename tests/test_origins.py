"""What an act names as its cause, event by event: the same as the comparator finds in columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lightleak
from lightleak.comparator.timeline.session_set import load_sessions
from lightleak.comparator.timeline.triggers import BY_LINK, UNKNOWN, causes_of, find_triggers
from lightleak.events import TRIGGERS, Event
from lightleak.origins import OriginLog, cause_words, is_act
from lightleak.replay_state import ReplayState
from tracekit import as_line, event, session

OTHERS = [
    {"kind": "notification", "observer": {"class": "W", "id": "1"}, "type": "change"},
    {"kind": "notification", "observer": {"class": "W", "id": "1"}, "type": "unavailable"},
    {"kind": "notification", "type": "change", "internal": True},
    {"kind": "input", "type": "touch"},
    {"kind": "state", "value": "active"},
    {"kind": "state", "value": "background", "reason": "silent-push"},
    {"kind": "state", "value": "background", "reason": "launch"},
    {"kind": "state", "value": "active", "reason": 7},
    {"kind": "state", "value": "inactive", "internal": True},
    {"kind": "process", "phase": "attached", "reason": "launch"},
    {"kind": "process", "phase": "suspended"},
    {"kind": "process", "phase": "resumed"},
    {"kind": "mark", "label": "x"},
    {"kind": "lost", "count": 2, "reason": "full"},
]
ACTS = st.fixed_dictionaries(
    {"kind": st.just("access"), "depth": st.sampled_from(["open", "metadata", "data"])},
    optional={"cause": st.one_of(st.none(), st.integers(1, 25)), "cause_lost": st.just(True)},
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(OTHERS), ACTS), min_size=1, max_size=25))
def test_the_links_are_those_that_the_comparator_finds(tmp_path_factory, shapes):
    events = [event(seq, **keys) for seq, keys in enumerate(shapes, 1)]
    path = session(tmp_path_factory.mktemp("s") / "s.lightleak", list(map(as_line, events)))
    sessions = load_sessions(lightleak.open(path))
    acts = np.array([at for at, one in enumerate(events) if one["kind"] == "access"], np.int64)
    found = find_triggers(sessions, acts, 0)
    named = causes_of(sessions, sessions.segments[0], acts)
    replay = ReplayState()
    origins = [replay.at(one).origins for one in map(Event, events)][-1]
    streamed = [origins.named_by(one) for one in events if one["kind"] == "access"]
    for at, link in enumerate(streamed):
        assert (link is not None) == (named[at] != 0)
        if link is not None:
            assert TRIGGERS[found.kind[at]] == link.trigger
            assert (found.by[at] == BY_LINK) == (link.kind is not None) == (found.kind[at] != UNKNOWN)


def log_of(*events: dict[str, Any]) -> OriginLog:
    log = OriginLog()
    for one in events:
        log.feed(one)
    return log


TOLD = (event(1, kind="notification", type="change"), event(3, kind="input", type="touch"), event(5, kind="state"))


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"cause": 1}, ", because of notification #1"),
        ({"cause": 3}, ", because of input #3"),
        ({"cause": 5}, ", because of state #5"),
        ({"cause": 4}, ", because of event #4"),
        ({"cause": 99}, ", because of event #99"),
        ({"cause": None, "cause_lost": True}, ", because of an event that was lost"),
        ({"resumed_by": 1}, ", resumed with a value of notification #1"),
        ({"cause": 3, "resumed_by": 1}, ", because of input #3, resumed with a value of notification #1"),
        ({"cause": None}, ""),
        ({"cause": "1"}, ""),
        ({"cause": True}, ""),
        ({}, ""),
    ],
)
def test_a_cause_is_said_in_plain_words(keys, words):
    assert cause_words(event(9, **keys), log_of(*TOLD)) == words


@pytest.mark.parametrize("seq", [2**70, -(2**70), 2**62 + 1, 0, 1.5, "1", [], True])
def test_an_odd_cause_names_no_origin(seq):
    named = log_of(*TOLD).named_by(event(9, cause=seq))
    assert (named.kind, named.trigger) == (None, "unknown")


@pytest.mark.parametrize(
    ("before", "triggers"),
    [
        ([{"phase": "attached", "reason": "launch"}], ["launch", "activation"]),
        ([{"phase": "attached"}, {"phase": "resumed"}], ["launch", "activation"]),
        ([{"phase": "attached"}, {"phase": "suspended"}, {"phase": "resumed"}], ["activation", "activation"]),
        ([{"phase": "attached"}, {"kind": "lost", "count": 1}, {"phase": "resumed"}], ["activation", "activation"]),
        ([{"phase": "attached"}, {"phase": ["resumed"]}], ["activation", "activation"]),
        ([{"phase": "attached"}], ["activation", "activation"]),
    ],
)
def test_only_the_first_state_of_a_process_that_started_here_is_its_launch(before, triggers):
    log = log_of(*(event(seq, **{"kind": "process", **keys}) for seq, keys in enumerate(before, 1)))
    for seq in (10, 11):
        log.feed(event(seq, kind="state", value="active"))
    assert [log.named_by(event(12, cause=seq)).trigger for seq in (10, 11)] == triggers


def test_an_origin_after_the_act_is_none_of_it():
    log = log_of(*TOLD)
    assert log.named_by(event(3, cause=3)).kind is None
    assert log.named_by(event(2, cause=3)).kind is None


def test_an_act_is_what_goes_to_the_library_and_a_count_of_getters():
    acts = [{"depth": "write"}, {"depth": "open"}, {"kind": "property"}, {"kind": "observer", "action": "registered"}]
    others = [{"kind": "notification"}, {"kind": "return"}, {"depth": "data", "internal": True}, {"depth": None}]
    assert [is_act(event(1, **keys)) for keys in [*acts, *others]] == [True] * 4 + [False] * 4
