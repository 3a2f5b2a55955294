"""The filter language: what an expression keeps, and what it says of a mistake."""

from __future__ import annotations

import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightleak.errors import UsageError
from lightleak.events import Event
from lightleak.filter import Filter
from lightleak.filter.glob import matcher
from tracekit import event

PARIS = ZoneInfo("Europe/Paris")
LADDER = ("notification", "open", "metadata", "thumbnail", "data")


def kept(expression: str, *events: dict) -> list[int]:
    chosen = Filter(expression, PARIS)
    return [each["seq"] for each in events if chosen.keeps(Event(each))]


def ladder() -> list[dict]:
    """One event of each depth, in order, then write, picker, and one without a depth."""
    accesses = [event(n, depth=depth) for n, depth in enumerate((*LADDER[1:], "write", "picker"), 2)]
    return [event(1, kind="notification", change="c"), *accesses, event(8, kind="mark", label="x")]


@pytest.mark.parametrize(
    ("expression", "seqs"),
    [
        ("depth >= metadata", [3, 4, 5]),
        ("depth > metadata", [4, 5]),
        ("depth < metadata", [1, 2]),
        ("depth <= metadata", [1, 2, 3]),
        ("depth = write", [6]),
        ("depth != data", [1, 2, 3, 4, 6, 7, 8]),
        ("depth ~ *t*a", [3, 5]),
        ("kind = mark or depth = data", [5, 8]),
        ("not kind = access", [1, 8]),
        ("not (kind = access or kind = mark)", [1]),
        ("kind=access and not depth>=metadata", [2, 6, 7]),
        ("kind = mark or kind = access and depth = open", [2, 8]),
        ("KIND = mark OR Depth = data", [5, 8]),
    ],
)
def test_the_ladder_and_the_words_between(expression, seqs):
    assert kept(expression, *ladder()) == seqs


def test_and_binds_tighter_than_or_and_not_tightest():
    assert kept("not kind = mark and kind = access or kind = mark", *ladder()) == [2, 3, 4, 5, 6, 7, 8]


def test_state_and_app_are_those_in_force_in_the_segment():
    told = [
        event(1, kind="process", phase="attached", identifier="com.example.app", name="Example", pid=7),
        event(2),
        event(3, kind="state", value="background"),
        event(4),
        event(1, segment=2, kind="process", phase="attached", identifier=None, name="assetsd"),
        event(2, segment=2),
        event(5, kind="lost", count=3, reason="full"),
        event(6),
        event(7, kind="state", value="active"),
        event(9),
    ]

    def places(expression):
        chosen = Filter(expression)
        return [(one["segment"], one["seq"]) for one in told if chosen.keeps(Event(one))]

    assert places("state = background") == [(1, 3), (1, 4)]
    assert places("state = active") == [(1, 7)]
    assert places("state = unknown and kind = access") == [
        (1, 2), (2, 2), (1, 6), (1, 9),
    ]  # fmt: skip
    assert places("app = assetsd") == [(2, 1), (2, 2)]
    assert places("app ~ example and kind = lost") == [(1, 5)]


def test_the_class_is_the_observers_or_that_of_the_selector():
    told = [
        event(1, kind="observer", observer={"class": "Watcher"}, symbol="-[PHPhotoLibrary registerChangeObserver:]"),
        event(2, symbol="+[PHAsset fetchAssetsWithOptions:]"),
        event(3, symbol="_PLLogAccess"),
        event(4, symbol={"a": 1}, observer="Watcher"),
    ]
    assert kept("class = Watcher", *told) == [1]
    assert kept("class = PHAsset", *told) == [2]
    assert kept("not class ~ *", *told) == [3, 4]


def test_a_cause_has_its_kind_and_an_act_its_trigger_by_link():
    told = [
        event(1, kind="notification", change="c"),
        event(2, kind="input", type="touch"),
        event(3, kind="state", value="background", reason="silent-push"),
        event(4, kind="state", value="active"),
        event(5, depth="metadata", cause=1),
        event(6, depth="data", cause=2),
        event(7, depth="write", cause=3),
        event(8, kind="property", symbol="location", cause=4),
        event(9, depth="data"),
        event(10, depth="data", cause=9),
        event(11, depth="data", cause=None, cause_lost=True),
        event(12, kind="return", of=5),
    ]
    assert kept("cause.kind = notification", *told) == [5]
    assert kept("cause.kind = input", *told) == [6]
    assert kept("cause.kind ~ st*", *told) == [7, 8]
    assert kept("cause.kind != state and kind = access", *told) == [5, 6, 9, 10, 11]
    for trigger, seqs in {
        "change": [5], "touch": [6], "wake": [7], "activation": [8], "launch": [], "none": [9], "unknown": [10, 11],
    }.items():  # fmt: skip
        assert kept(f"trigger = {trigger}", *told) == seqs
    assert kept("not trigger ~ *", *told) == [1, 2, 3, 4, 12]


def test_a_cause_is_named_within_its_segment():
    told = [event(1, kind="input", type="key"), event(2, segment=2, cause=1), event(3, cause=1)]
    chosen = Filter("trigger = touch")
    assert [(e["segment"], e["seq"]) for e in told if chosen.keeps(Event({"depth": "data", **e}))] == [(1, 3)]


def test_a_time_lasts_as_long_as_it_is_exact():
    midnight = 1_789_941_600_000_000_000  # 2026-09-21T00:00+02:00
    told = [
        event(n, wall_ns=midnight + s * 1_000_000_000) for n, s in enumerate((-1, 0, 79_199, 79_200, 79_260, 86_400), 1)
    ]
    assert kept("time = 2026-09-21", *told) == [2, 3, 4, 5]
    assert kept("time < 2026-09-21", *told) == [1]
    assert kept("time <= 2026-09-21", *told) == [1, 2, 3, 4, 5]
    assert kept("time > 2026-09-21", *told) == [6]
    assert kept("time >= 2026-09-21T22:00", *told) == [4, 5, 6]
    assert kept("time = 2026-09-20T22:00Z", *told) == [2]
    assert kept("time = '2026-09-21 22:00 +02:00'", *told) == [4]
    assert kept("time >= 22:00 or time < 06:00", *told) == [1, 2, 4, 5, 6]
    assert kept("time = 22:00", *told) == [4]


def test_a_day_of_25_hours_is_one_day():
    autumn = 1_792_879_200_000_000_000  # 2026-10-25T00:00+02:00, the night the clocks go back
    told = [event(n, wall_ns=autumn + h * 3600 * 10**9) for n, h in enumerate((0, 24, 25), 1)]
    assert kept("time = 2026-10-25", *told) == [1, 2]


@pytest.mark.parametrize("wall_ns", [-(2**62), 2**62])
def test_a_wall_time_that_no_calendar_has_is_at_no_time_of_day(wall_ns):
    assert kept("time >= 00:00 or time = 2026-01-01", event(1, wall_ns=wall_ns)) in ([], [1])


@pytest.mark.parametrize(
    ("expression", "column", "said"),
    [
        ("kind = access and depth >>= data", 25, "a value is expected"),
        ("depht = data", 0, "fields are kind, depth"),
        ("kind access", 5, "one of = != < <= > >= ~ is expected"),
        ("(kind = a", 9, "closing bracket"),
        ("kind = a)", 8, "the end"),
        ("kind = ", 6, "a value"),
        ("", 0, "a field"),
        ("not", 3, "a field"),
        ("depth >= write", 6, "write has no order"),
        ("depth = dta", 8, "depth is one of notification, open"),
        ("state = sleeping", 8, "state is one of active"),
        ("trigger = changed", 10, "trigger is one of change, touch"),
        ("cause.kind = access", 13, "cause.kind is one of notification, input, state"),
        ("cause.id = 3", 0, "unknown field"),
        ("cause = 3", 0, "unknown field"),
        ("trigger > none", 8, "no order"),
        ("class < A", 6, "no order"),
        ("time ~ 2026", 5, "time is not text"),
        ("time = yesterday", 7, "a time is 2026-11-20"),
        ("time = 2026-13-40", 7, "a time is"),
        ("time = 25:00", 7, "a time is"),
        ('kind = "open', 7, "a value"),
    ],
)
def test_a_mistake_is_shown_with_a_caret_under_it(expression, column, said):
    with pytest.raises(UsageError) as caught:
        Filter(expression)
    message = str(caught.value)
    assert said in message
    *_, shown, caret = message.split("\n")
    assert (shown, caret) == (f"  {expression}", f"  {' ' * column}^")


def test_a_caret_is_under_its_place_after_wide_and_unprintable_characters():
    with pytest.raises(UsageError) as caught:
        Filter("class = '照\x1b片' and foo = 1")
    *_, shown, caret = str(caught.value).split("\n")
    assert "\x1b" not in shown
    assert caret.index("^") == shown.index("foo") + 2


def test_a_long_expression_is_cut_round_the_mistake():
    with pytest.raises(UsageError) as caught:
        Filter(" or ".join(["kind = access"] * 100) + " or kynd = a " + " or kind = b" * 20)
    *_, shown, caret = str(caught.value).split("\n")
    assert shown[caret.index("^") :].startswith("kynd")
    assert len(shown) < 130


@pytest.mark.parametrize(
    "expression", ["not " * 900 + "kind = a", "(" * 3000, "kind = a" * 600, "(" * 900 + "kind=a" + ")" * 900]
)
def test_whatever_is_written_is_an_answer_or_one_error(expression):
    try:
        Filter(expression)
    except UsageError:
        return
    assert expression.startswith("(((")


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="kindephstamcloy=<>~!() '\"*?\\-+[:.0129\n\té照", max_size=60))
def test_any_text_is_an_expression_or_an_error_with_a_caret(text):
    try:
        chosen = Filter(text)
    except UsageError as problem:
        said = str(problem)
    else:
        said = "^" if chosen.keeps(Event(event(1, depth="data"))) in (True, False) else "no answer"
    assert said.endswith("^")


VALUES = {
    "kind": st.sampled_from(["access", "mark", "notification"]),
    "depth": st.sampled_from([*LADDER, "write"]),
    "state": st.sampled_from(["active", "background", "unknown"]),
    "symbol": st.sampled_from(["-[A b]", "and", "it's"]),
}
RANK = {depth: n for n, depth in enumerate(LADDER)}


def comparison(field: str):
    operators = ["=", "!=", *(["<", "<=", ">", ">="] if field == "depth" else [])]
    return st.tuples(st.just(field), st.sampled_from(operators), VALUES[field]).filter(
        lambda one: one[1] in ("=", "!=") or one[2] in RANK
    )


EXPRESSIONS = st.recursive(
    st.sampled_from(sorted(VALUES)).flatmap(comparison),
    lambda inner: st.one_of(st.tuples(st.just("not"), inner), st.tuples(st.sampled_from(["and", "or"]), inner, inner)),
    max_leaves=12,
)


def written(tree) -> str:
    if tree[0] == "not":
        return f"not ({written(tree[1])})"
    if tree[0] in ("and", "or"):
        return f"({written(tree[1])}) {tree[0]} ({written(tree[2])})"
    field, operator, value = tree
    return f'{field} {operator} "{value}"'


def true(tree, told: dict) -> bool:
    """The language once more, as plainly as can be."""
    if tree[0] == "not":
        return not true(tree[1], told)
    if tree[0] in ("and", "or"):
        return (all if tree[0] == "and" else any)([true(tree[1], told), true(tree[2], told)])
    field, operator, value = tree
    mine = told.get(field)
    if operator in ("=", "!="):
        return (mine == value) == (operator == "=")
    if mine not in RANK:
        return False
    one, other = RANK[mine], RANK[value]
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[operator]


@settings(max_examples=150, deadline=None)
@given(
    EXPRESSIONS,
    st.fixed_dictionaries({"kind": VALUES["kind"], "symbol": VALUES["symbol"]}, optional={"depth": VALUES["depth"]}),
    VALUES["state"],
)
def test_an_expression_means_what_its_parts_mean(tree, keys, state):
    chosen = Filter(written(tree))
    chosen.keeps(Event(event(1, kind="state", value=state)))
    told = event(2, **keys)
    depth = {"access": keys.get("depth"), "notification": "notification"}.get(keys["kind"])
    assert chosen.keeps(Event(told)) == true(tree, {**keys, "depth": depth, "state": state})


def glob(pattern: str, text: str) -> bool:
    """A wildcard match by definition, in exponential time."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(glob(pattern[1:], text[at:]) for at in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and glob(pattern[1:], text[1:])


@given(st.text(alphabet="ab*?", max_size=8), st.text(alphabet="ab\n", max_size=10))
def test_a_pattern_matches_as_wildcards_do(pattern, text):
    expected = glob(pattern, text) if set(pattern) & set("*?") else pattern in text
    assert matcher(pattern)(text) == expected


def test_letters_match_in_either_case_and_a_backslash_takes_the_meaning_away():
    assert matcher("phasset")("+[PHAsset fetch]")
    assert matcher(r"a\*b")("xa*bx")
    assert not matcher(r"a\*b")("axb")
    assert matcher("\\")("a\\b")
    assert matcher("-[PHAsset*")("-[PHAsset valueForKey:]")


def test_every_pattern_takes_linear_time():
    start = time.process_time()
    assert not matcher("*a" * 200 + "*b")("a" * 20_000)
    assert not matcher("*" + "?" * 100 + "b" + "*" * 50 + "c")("ab" * 5_000)
    assert time.process_time() - start < 20, "catastrophic patterns would take longer than the universe"
