"""What a query tests and sorts by: the names of keys, never a value, whatever its predicate is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from agent.watching import Watch
from standin import Phone

pytestmark = pytest.mark.standin

FETCH = "+[PHAsset fetchAssetsWithLocalIdentifiers:options:]"


@pytest.fixture(scope="module")
def phone() -> Iterator[Phone]:
    """A phone with iOS 27."""
    with Phone(idle_s=0.3, leeway=0.0, ios="27") as phone:
        yield phone


def detail_of(phone: Phone, **order: object) -> Any:
    """Return the facts of a query, without those that every one has; nothing of its values is in any event."""
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        said = app.order("case", name="query", **order)
        [fetch] = watch.until(lambda: watch.of("access", symbol=FETCH))
        assert fetch["detail"].pop("identifiers") == 0
        assert not [event for event in watch.events if re.search("secret|anna|kkkkk|位", str(event))]
        assert said["asked"] == 0 or "own" in order
        assert not watch.faults
    app.kill()
    return fetch["detail"]


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        (None, None),
        ("compound", "creationDate,location.latitude"),
        ("self", "SELF"),
        ("variable", None),
        ("function", "duration"),
        ("list", "mediaType"),
        ("block", "(code)"),
        ("own", "(code)"),
        ("strange-keys", "(other)"),
    ],
)
def test_the_keys_of_a_predicate_are_named(phone: Phone, kind: str | None, keys: str | None) -> None:
    assert detail_of(phone, **({} if kind is None else {"kind": kind})) == ({} if keys is None else {"predicate": keys})


def test_a_very_deep_predicate_is_read_as_far_as_there_is_room(phone: Phone) -> None:
    assert detail_of(phone, kind="deep") == {"predicate": "duration,(more)"}


def test_of_a_very_wide_predicate_some_keys_are_named(phone: Phone) -> None:
    keys = detail_of(phone, kind="wide")["predicate"].split(",")
    assert keys == [*(f"key{n}" for n in range(16)), "(more)"]


def test_sort_keys_are_named_and_options_of_the_apps_own_class_are_not_asked(phone: Phone) -> None:
    assert detail_of(phone, kind="function", sort=["creationDate", "modificationDate", "a b"]) == {
        "predicate": "duration",
        "sort": "creationDate,modificationDate,(other)",
    }
    assert detail_of(phone, kind="compound", own=True) == {"predicate": "(code)"}
