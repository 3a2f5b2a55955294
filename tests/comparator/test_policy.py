"""Each rule of a policy: held, broken, and not proven by what was watched."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from lightleak.built_assets import catalogue
from lightleak.comparator.policy import schema
from lightleak.comparator.policy.check import check, read_policy
from lightleak.comparator.policy.schema import RULES
from lightleak.comparator.rules.rules import CAUSES
from lightleak.comparator.rules.visibility import REGISTRATION, could_see, reads_from, required_from
from lightleak.comparator.timeline.segments import CALLBACK
from lightleak.errors import FileError
from lightleak.events import DEPTHS, STATES
from policy_stories import AROUND, OBSERVER, attach, observe, rule, watched
from stories import APP, T0_S, Trace, entry_lines, judge

BACKGROUND = 'rule = "no-read"\ndepth = "data"\nstates = ["background"]'


def test_a_read_in_the_state_that_is_ruled_out_breaks_the_rule_and_is_the_evidence(tmp_path):
    trace = watched()
    trace.access(10, "data")
    trace.add(20, "state", value="background")
    trace.access(25, "thumbnail")
    seq = trace.access(30, "data")
    found = rule(tmp_path, trace, BACKGROUND)
    assert (found["result"], found["evidence"]) == ("broken", [f"1:1:{seq}"])
    assert "while background, once" in found["why"]


def test_a_read_in_another_state_leaves_the_rule_held(tmp_path):
    trace = watched()
    trace.access(10, "data")
    found = rule(tmp_path, trace, BACKGROUND)
    assert (found["result"], found["evidence"]) == ("held", [])
    assert "1.0 h of watching" in found["why"]


def test_what_a_framework_read_on_its_own_breaks_nothing(tmp_path):
    trace = watched()
    trace.access(10, "data", internal=True)
    assert rule(tmp_path, trace, 'rule = "no-read"')["result"] == "held"


def test_a_read_in_a_state_that_nobody_knows_is_not_proven(tmp_path):
    trace = watched()
    trace.add(10, "lost", count=3, reason="not delivered")
    seq = trace.access(30, "data")
    found = rule(tmp_path, trace, BACKGROUND, top="covered_share = 0.5")
    assert (found["result"], found["evidence"]) == ("not-proven", [f"1:1:{seq}"])


@pytest.mark.parametrize("text", [BACKGROUND, 'rule = "no-unreported"', 'rule = "quiet-callbacks"', 'rule = "no-observer"',
                                  'rule = "ceiling"\nmeasure = "bytes"\nper_hour = 1'])  # fmt: skip
class TestNothingPassesOnWhatWasNotWatched:
    """Each negative rule, under each thing that could hide what would break it."""

    def test_all_in_place_and_nothing_seen_holds(self, tmp_path, text):
        assert rule(tmp_path, watched(), text)["result"] == "held"

    @pytest.mark.parametrize("kind", ["lost", "hole"])
    def test_a_lost_event_could_have_been_it(self, tmp_path, text, kind):
        trace = watched()
        if kind == "lost":
            trace.add(10, "lost", count=1, reason="not delivered")
        else:
            trace.add(10, "mark", label="after a hole", skip=1)
        found = rule(tmp_path, trace, text)
        assert found["result"] == "not-proven"
        assert "1 event is missing" in found["why"]

    @pytest.mark.parametrize(
        ("asked", "result"),
        [("", "not-proven"), ("covered_share = 0.95", "not-proven"), ("covered_share = 0.9", "held")],
    )
    def test_a_gap_could_have_held_it_unless_the_policy_asks_for_less(self, tmp_path, text, asked, result):
        trace = watched()
        trace.add(3000, "process", phase="detached", reason="device-lost")
        attach(trace, 3500, 2)
        lines = entry_lines(103, 8000, 8001, app="org.other")
        assert rule(tmp_path, trace, text, lines, top=asked, until=7000)["result"] == result

    def test_an_app_that_was_never_watched_proves_nothing(self, tmp_path, text):
        trace = watched()
        policy = read_policy(f"version = 1\n[[rule]]\n{text}")
        (found,) = check(judge(tmp_path, trace, AROUND, apps=["org.other"]), policy).outcomes
        assert (found.result, "no process of org.other" in found.why) == ("not-proven", True)

    def test_an_entry_within_the_session_shows_that_the_app_lived_unwatched(self, tmp_path, text):
        trace = watched()
        trace.add(100, "process", phase="exited", reason=None)
        assert rule(tmp_path, trace, text, entry_lines(1, 200, 202))["result"] == "not-proven"


@pytest.mark.parametrize(
    ("without", "depth", "result"),
    [
        ("image-manager.request-image-for-asset", "data", "not-proven"),
        ("image-manager.request-image-for-asset", "metadata", "not-proven"),
        ("asset.fetch-assets-with-options", "metadata", "not-proven"),
        ("asset.fetch-assets-with-options", "data", "held"),
    ],
)
def test_a_probe_that_is_missing_takes_its_own_kind_of_statement(tmp_path, without, depth, result):
    found = rule(tmp_path, watched(without=without), f'rule = "no-read"\ndepth = "{depth}"')
    assert found["result"] == result
    assert (f"-[Some {without}]" in found["why"]) is (result == "not-proven")


def test_a_probe_that_the_user_left_out_was_not_watched(tmp_path):
    """A recording without some probes, to find the one that an app does not bear, must pass no rule by that."""
    trace = watched()
    trace.add(
        1, "hook", probe="image-manager.video-url", symbol="-[PHImageManager requestURLForVideo:options:resultHandler:]",
        status="skipped", reason="left out as asked (--only, --without)", code="left-out",
    )  # fmt: skip
    found = rule(tmp_path, trace, 'rule = "no-read"')
    assert found["result"] == "not-proven"
    assert "requestURLForVideo" in found["why"]


def test_a_probe_that_the_policy_accepts_as_missing_is_not_asked_for(tmp_path):
    probe = "image-manager.request-image-for-asset"
    found = rule(tmp_path, watched(without=probe), 'rule = "no-read"', top=f'accept_missing = ["{probe}"]')
    assert found["result"] == "held"


def test_what_a_process_does_not_have_cannot_be_missed(tmp_path):
    trace = watched(without="image-manager.request-image-for-asset", reason="this process has no class PHImageManager")
    assert rule(tmp_path, trace, 'rule = "no-read"')["result"] == "held"


def test_an_optional_probe_that_could_not_be_hooked_is_a_blind_spot_too(tmp_path):
    for probe, result in (
        ("image-manager.video-url", "not-proven"),
        ("asset-change-request.delete-assets", "held"),
        ("brand.new", "not-proven"),
    ):
        trace = watched()
        symbol = "+[PHAssetChangeRequest deleteAssets:]" if "change" in probe else "-[PHNew get]"
        trace.add(1, "hook", probe=probe, symbol=symbol, status="skipped", reason="it cannot be hooked")
        assert (probe, rule(tmp_path, trace, 'rule = "no-read"')["result"]) == (probe, result)


@pytest.mark.parametrize(
    ("zone", "at_h", "result"),
    [("UTC", 5.9, "broken"), ("UTC", 6.1, "held"), ("+02:00", 4.1, "held"), (None, 5.9, "not-proven")],
)
def test_night_is_by_the_clock_of_the_device(tmp_path, zone, at_h, result):
    midnight = 86_400 - T0_S % 86_400
    trace = watched(zone=zone)
    trace.access(midnight + at_h * 3600, "metadata")
    lines = entry_lines(103, midnight + 50_000, midnight + 50_001, app="org.other")
    assert (
        rule(tmp_path, trace, 'rule = "no-read"\ndepth = "metadata"\nnight = true', lines, until=midnight + 40_000)[
            "result"
        ]
        == result
    )


@pytest.mark.parametrize(("allow", "result"), [("[]", "broken"), ('["Gallery"]', "held"), ('["Other"]', "broken")])
@pytest.mark.parametrize("action", ["found", "registered"])
def test_an_observer_needs_the_leave_of_the_policy(tmp_path, allow, result, action):
    trace = watched()
    observe(trace, action=action)
    assert rule(tmp_path, trace, f'rule = "no-observer"\nallow = {allow}')["result"] == result


def test_a_class_hooked_without_a_registration_may_have_registered_before(tmp_path):
    trace = watched()
    trace.add(
        1, "hook", probe=CALLBACK, symbol="-[Gallery photoLibraryDidChange:]", status="installed", reason="by class"
    )
    assert rule(tmp_path, trace, 'rule = "no-observer"')["result"] == "not-proven"


def test_a_callback_that_reads_breaks_the_rule_and_one_beside_it_does_not(tmp_path):
    trace = watched()
    observe(trace)
    notified = trace.add(10, "notification", observer=OBSERVER, change="0x9", type="change")
    trace.access(10.1, "metadata")
    inside = trace.access(10.1, "data", cause=notified)
    found = rule(tmp_path, trace, 'rule = "quiet-callbacks"')
    assert (found["result"], found["evidence"]) == ("broken", [f"1:1:{inside}"])


def test_callbacks_are_quiet_only_where_they_are_hooked(tmp_path):
    for hooked, result in ((True, "held"), (False, "not-proven")):
        trace = watched()
        observe(trace, hooked=hooked)
        assert rule(tmp_path, trace, 'rule = "quiet-callbacks"')["result"] == result


def test_entries_of_a_cause_are_counted_and_unwatched_ones_could_be_of_it(tmp_path):
    text = 'rule = "entries"\ncause = "unexplained"\nat_most = 1'
    for lines, result in (
        (entry_lines(1, 100, 102), "held"),
        (entry_lines(1, 100, 102) + entry_lines(2, 200, 202), "broken"),
        (entry_lines(1, 100, 102) + entry_lines(2, 4800, 4802), "not-proven"),
        (entry_lines(2, 4800, 4802), "held"),
    ):
        assert rule(tmp_path, watched(), text, lines)["result"] == result


@pytest.mark.parametrize(
    ("cause", "without", "result"),
    [
        ("query", "asset.fetch-assets-with-options", "not-proven"),
        ("open", REGISTRATION, "not-proven"),
        ("notification", "", "held"),
        ("query", "", "held"),
        ("picker", "asset.fetch-assets-with-options", "held"),
    ],
)
def test_an_unexplained_entry_could_be_of_a_cause_that_no_probe_could_see(tmp_path, cause, without, result):
    text = f'rule = "entries"\ncause = "{cause}"'
    found = rule(tmp_path, watched(without=without), text, entry_lines(1, 100, 102))
    assert found["result"] == result
    assert len(found["entries"]) == (result == "not-proven")


@pytest.mark.parametrize(
    ("before", "result"), [("active", "held"), ("unknown", "not-proven"), ("background", "not-proven")]
)
def test_an_entry_of_several_states_could_be_of_the_one_that_is_counted(tmp_path, before, result):
    trace = watched()
    trace.add(99, "state", value=before)
    trace.access(99.5, "metadata")
    trace.add(99.6, "state", value="active")
    trace.access(99.7, "metadata")
    found = rule(tmp_path, trace, 'rule = "entries"\ncause = "open"\nstate = "background"', entry_lines(1, 100, 102))
    assert (found["result"], "mixed or not known" in found["why"]) == (result, result != "held")


def test_a_report_of_another_time_explains_nothing(tmp_path):
    trace = Trace()
    attach(trace, -5000)
    found = rule(tmp_path, trace, 'rule = "entries"\ncause = "unexplained"', until=-1000)
    assert (found["result"], "no time in common" in found["why"]) == ("not-proven", True)


def test_reads_under_no_entry_break_no_unreported(tmp_path):
    trace = watched()
    seq = trace.access(100, "metadata")
    assert rule(tmp_path, trace, 'rule = "no-unreported"\ndepth = "data"')["result"] == "held"
    trace.events.pop()
    trace.seqs[1] -= 1
    found = rule(tmp_path, trace, 'rule = "no-unreported"')
    assert (found["result"], found["evidence"]) == ("broken", [f"1:1:{seq}"])


@pytest.mark.parametrize(("limit", "result"), [(999, "broken"), (1000, "held")])
def test_a_ceiling_is_per_watched_hour(tmp_path, limit, result):
    trace = watched()
    inside = trace.access(100, "data")
    trace.add(101, "delivery", of=inside, bytes=2000, degraded=False, error=None)
    lines = entry_lines(103, 8000, 8001, app="org.other")
    assert (
        rule(tmp_path, trace, f'rule = "ceiling"\nmeasure = "bytes"\nper_hour = {limit}', lines, until=7200)["result"]
        == result
    )


def test_bytes_that_could_not_be_watched_hold_no_ceiling(tmp_path):
    trace = watched()
    inside = trace.access(100, "data")
    trace.add(101, "delivery", of=inside, bytes=None, degraded=False, error=None, reason="its handler cannot be hooked")
    for measure, result in (("bytes", "not-proven"), ("reads", "held")):
        found = rule(tmp_path, trace, f'rule = "ceiling"\nmeasure = "{measure}"\nper_hour = 9')
        assert (found["result"], "1 delivery could not be watched" in found["why"]) == (result, measure == "bytes")


def test_a_callback_that_was_hooked_late_proves_no_quiet_callbacks(tmp_path):
    trace = watched()
    observe(trace)
    symbol = "-[Gallery photoLibraryDidChange:]"
    trace.add(50, "hook", probe=CALLBACK, symbol=symbol, status="installed", reason="replaced", code="found-late")
    found = rule(tmp_path, trace, 'rule = "quiet-callbacks"')
    assert (found["result"], f"hooked up to a second later: {symbol}" in found["why"]) == ("not-proven", True)


def test_an_observer_that_is_told_again_is_one(tmp_path):
    trace = watched()
    observe(trace)
    observe(trace, 2, action="found")
    found = rule(tmp_path, trace, 'rule = "no-observer"')
    assert (found["result"], "Gallery, once" in found["why"]) == ("broken", True)


def test_what_two_recordings_of_one_process_saw_breaks_no_ceiling(tmp_path):
    trace = watched()
    trace.ready(50, 2, pid=101)
    for segment in (1, 2):
        trace.access(100, "data", segment)
    found = rule(tmp_path, trace, 'rule = "ceiling"\nmeasure = "reads"\nper_hour = 1')
    assert (found["result"], "counted twice" in found["why"]) == ("not-proven", True)


@pytest.mark.parametrize(("text", "result"), [("share = 1", "held"), ("hours = 1", "held"), ("hours = 1.1", "broken"),
                                              ('probes = ["accounting"]', "held"), ('probes = ["x"]', "broken")])  # fmt: skip
def test_coverage_is_known_for_sure(tmp_path, text, result):
    assert rule(tmp_path, watched(), f'rule = "coverage"\n{text}')["result"] == result


def test_broken_goes_before_not_proven_and_not_proven_fails_where_the_policy_says_so(tmp_path):
    trace = watched()
    trace.add(10, "lost", count=1, reason="not delivered")
    trace.access(20, "data")
    found = judge(tmp_path, trace, AROUND, apps=[APP])
    proven = '[[rule]]\nrule = "coverage"\nhours = 0\n'
    open_ = '[[rule]]\nrule = "no-observer"\n'
    broken = '[[rule]]\nrule = "no-read"\n'
    results = [check(found, read_policy(f"version = 1\n{text}")) for text in
               (proven, proven + open_, 'not_proven = "fail"\n' + proven + open_, open_ + broken)]  # fmt: skip
    assert [(each.result, each.failed) for each in results] == [
        ("held", False), ("not-proven", False), ("not-proven", True), ("broken", True),
    ]  # fmt: skip
    assert json.loads(results[3].to_json())["counts"] == {"held": 0, "broken": 1, "not-proven": 1}
    assert check(found, results[3].policy).to_json() == results[3].to_json()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "version is missing"),
        ("version = 2\n[[rule]]\n", "line 1: version must be 1"),
        ("version = 1", "rule is missing: at least one"),
        ("version = 1\nrule = []", "at least one"),
        ("version = 1\nrule = [3]", "is a .*table"),
        ("version = 1\nstrict = true\n[[rule]]\nrule='no-read'", "line 2: the key 'strict' is not known"),
        ("version = 1\n[[rule]]\nrule = 'no-read'\n\n[[rule]]\nrule = 'no-reading'", "line 6: there is no rule 'no-reading'"),
        ("version = 1\n[[rule]]\nname = 'x'", "does not say which rule"),
        ("version = 1\n[[rule]]\nrule = 'no-read'\nstate = 'background'", "line 4: the key 'state' is not known"),
        ("version = 1\n[[rule]]\nrule = 'no-read'\nstates = ['asleep']", "line 4: states must be"),
        ("version = 1\n[[rule]]\nrule = 'no-read'\nstates = []", "states must be"),
        ("version = 1\n[[rule]]\nrule = 'entries'", "line 3: an entries rule counts nothing"),
        ("version = 1\n[[rule]]\nrule = 'entries'\ncause = 'picker'\ntrigger = 'none'", "line 5: an entry of cause picker has no trigger"),
        ("version = 1\n[[rule]]\nrule = 'entries'\ntrigger = 'notification'", "line 4: trigger must be one of change, touch, .*or a list"),
        ("version = 1\n[[rule]]\nrule = 'no-read'\ntrigger = []", "line 4: trigger must be"),
        ("version = 1\n[[rule]]\nrule = 'claim'", "line 3: claim is missing: background-only-on-change"),
        ("version = 1\n[[rule]]\nrule = 'claim'\nclaim = 'never'", "line 4: claim must be background-only-on-change"),
        ("version = 1\n[[rule]]\nrule = 'claim'\nclaim = 'background-only-on-change'\ndeepest = 'none'", "line 5: deepest must be one of notification"),
        ("version = 1\n[[rule]]\nrule = 'entries'\ncause = 'query'\nat_most = true", "at_most must be"),
        ("version = 1\n[[rule]]\nrule = 'ceiling'\nmeasure = 'bytes'\nper_hour = nan", "per_hour must be"),
        ("version = 1\n[[rule]]\nrule = 'ceiling'\nmeasure = []\nper_hour = 1", "measure must be"),
        ("version = 1\n[[rule]]\nrule = 'coverage'", "asks for nothing"),
        ("version = 1\ncovered_share = 1.1\n[[rule]]\nrule='no-read'", "line 2: covered_share must be"),
        ("version = = 1", "not valid TOML .*line 1"),
        ("a = " + "[" * 5000, "not valid TOML"),
        ("a = 1979-13-40", "not valid TOML"),
    ],
)  # fmt: skip
def test_what_is_no_policy_is_said_in_one_sentence_with_its_line(text, said):
    with pytest.raises(FileError) as caught:
        read_policy(text, "p.toml")
    assert re.search(said, caught.value.message)
    assert "\n" not in caught.value.message
    assert caught.value.exit_code == 1


def test_the_policy_of_the_docs_and_the_one_of_the_tests_can_be_read():
    root = Path(__file__).parents[2]
    strict = (root / "tests/data/policy/strict.toml").read_text()
    assert {found.kind for found in read_policy(strict).rules} == set(RULES)
    (shown,) = re.findall(r"```toml\n(# A whole policy.*?)```", (root / "docs/policies.md").read_text(), re.DOTALL)
    assert read_policy(shown).rules


def test_a_policy_knows_the_words_of_the_comparator():
    words = {name: get_args(get_args(kind)[0] if name != "State" else kind) for name, kind in vars(schema).items()
             if name in ("Cause", "State", "EntryState", "ReadDepth")}  # fmt: skip
    assert words["Cause"] == CAUSES
    assert words["State"] == STATES
    assert words["EntryState"] == (*STATES, "mixed")
    assert set(words["ReadDepth"]) < set(DEPTHS)


def test_probes_come_from_the_catalogue_without_those_inside_photos():
    rows = {row.probe: row for row in catalogue().probes}
    assert len(rows) > 100
    assert {CALLBACK, REGISTRATION} < set(rows)
    assert catalogue().internal < set(rows)
    for depth in ("metadata", "data"):
        counted = ("thumbnail", "data", "upload", *(("metadata",) if depth == "metadata" else ()))
        reading = {name for name, row in rows.items() if row.depth in counted} - catalogue().internal
        assert reading == set(reads_from(depth))
        assert {name for name in reading if rows[name].required} == set(required_from(depth))
        assert reading <= {name for name, row in rows.items() if could_see(name, row.symbol, depth)}
    assert could_see("a.probe-of-another-version", "-[PHAsset somethingNew]", "data")
    assert not could_see("asset-change-request.a-new-write", "-[PHAssetChangeRequest somethingNew]", "data")
