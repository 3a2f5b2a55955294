"""The live view, on a terminal and without one."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from lightleak.events import NS_PER_MS, NS_PER_S, Event
from lightleak.views.live.state import LiveState
from lightleak.views.live.view import LiveView


def event(kind: str, at_ms: int = 0, segment: int = 1, **fields: Any) -> Event:
    mono_ns = 5_000 * NS_PER_S + at_ms * NS_PER_MS
    return Event(kind=kind, segment=segment, seq=1, wall_ns=mono_ns, mono_ns=mono_ns, tid=None, **fields)


def process(
    phase: str,
    at_ms: int = 0,
    name: str = "WeChat",
    *,
    reason: str | None = None,
    segment: int = 1,
    identifier: str = "com.tencent.xin",
) -> Event:
    who = {"pid": 7, "name": name, "identifier": identifier, "role": "app"}
    return event("process", at_ms, segment, phase=phase, **who, reason=reason)


def terminal(*, is_terminal: bool = False, width: int = 120) -> tuple[Any, io.StringIO]:
    out = io.StringIO()
    console = Console(
        file=out, force_terminal=is_terminal, markup=False, emoji=False, highlight=False, width=width, height=30
    )
    return SimpleNamespace(stderr=console, stdout=Console(file=io.StringIO())), out


def lines(*events: Event) -> list[str]:
    console, out = terminal()
    with LiveView(console) as view:
        view.feed(events)
    return out.getvalue().splitlines()


def test_each_event_worth_a_line_has_one_with_the_time_since_the_beginning() -> None:
    assert lines(
        process("ready"),
        event("hook", 1, probe="x", symbol="-[A b]", status="installed", reason=None),
        event("hook", 1, probe="y", symbol="-[C d]", status="skipped", reason="no such class"),
        event("observer", 20, action="registered", observer={"class": "WXObserver", "id": "0x1", "image": "WeChat"}),
        event("access", 3_723_004, depth="data", symbol="-[PHImageManager request]"),
        event("lost", 3_723_005, count=3, reason="the outbox was full"),
    ) == [
        "+0:00:00.000  WeChat  ready",
        "+0:00:00.020  WeChat  observer registered: WXObserver",
        "+1:02:03.004  WeChat  data: -[PHImageManager request]",
        "+1:02:03.005  WeChat  3 events lost (the outbox was full)",
    ]


def numbered(*events: Event) -> list[Event]:
    return [Event({**each, "seq": seq}) for seq, each in enumerate(events, 1)]


def test_origins_have_a_line_and_an_act_says_because_of_which_it_ran() -> None:
    who = {"class": "WXObserver", "id": "0x1", "image": "WeChat"}
    assert lines(
        *numbered(
            process("ready"),
            event("input", 1, type="touch"),
            event("input", 2, type="key"),
            event("state", 3, value="background", reason="silent-push"),
            event("state", 4, value="background", reason=None, changed=False),
            event("notification", 5, observer=who, type="change", cause=4),
            event("access", 6, depth="metadata", symbol="+[PHAsset fetch]", cause=6),
            event("usage", 7, cpu_ns=10**9),
            event("property", 8, symbol="-[PHAsset location]", count=1, assets=1, cause=2),
            event("access", 9, depth="data", symbol="x" * 300, cause=2),
        )
    )[1:] == [
        "+0:00:00.001  WeChat  input: touch",
        "+0:00:00.002  WeChat  input: key press",
        "+0:00:00.003  WeChat  state background (silent-push)",
        "+0:00:00.004  WeChat  state background, not a change",
        "+0:00:00.005  WeChat  notification to WXObserver, because of state #4",
        "+0:00:00.006  WeChat  metadata: +[PHAsset fetch], because of notification #6",
        "+0:00:00.008  WeChat  property: -[PHAsset location], 1 time of 1 asset, because of input #2",
        f"+0:00:00.009  WeChat  data: {'x' * 132}…, because of input #2",
    ]


def test_an_upload_has_its_destination_and_nothing_that_is_none() -> None:
    details = [{"host": "up.example\nready"}, {"host": {"x": 1}}, None, {"host": ""}, {"enabled": 1}]
    asked = [event("access", at, depth="upload", symbol=f"+[R {at}]", detail=one) for at, one in enumerate(details, 1)]
    assert lines(
        *numbered(process("ready"), *asked, event("access", 9, depth="data", symbol="s", detail={"host": "x"}))
    )[1:] == [
        "+0:00:00.001  WeChat  upload: +[R 1] to up.example\\nready",
        "+0:00:00.002  WeChat  upload: +[R 2]",
        "+0:00:00.003  WeChat  upload: +[R 3]",
        "+0:00:00.004  WeChat  upload: +[R 4]",
        "+0:00:00.005  WeChat  upload: +[R 5]",
        "+0:00:00.009  WeChat  data: s",
    ]


def test_a_filtered_replay_shows_usage_and_calls_a_cause_that_it_left_out_an_event() -> None:
    console, out = terminal()
    with LiveView(console, is_filtered=True) as view:
        view.feed(
            numbered(
                process("ready"),
                event("usage", 1, cpu_ns=5 * 10**8, wakeups=1),
                event("access", 2, depth="open", symbol="s", cause=1),
            )
        )
    assert out.getvalue().splitlines()[1:] == [
        "+0:00:00.001  WeChat  used so far: CPU 500 ms, 1 wake-up",
        "+0:00:00.002  WeChat  open: s, because of event #1",
    ]


def test_the_state_counts_inputs_and_keeps_what_the_process_uses() -> None:
    state = LiveState()
    state.feed(
        numbered(
            process("ready"),
            event("input", 1, type="touch"),
            event("input", 2, type="touch", internal=True),
            event("usage", 3, cpu_ns=2 * 10**9, footprint_bytes=3_000_000),
        )
    )
    live = state.processes[1]
    assert (live.inputs, live.cpu_ns, live.footprint_bytes) == (1, 2 * 10**9, 3_000_000)
    state.feed([event("usage", 4, cpu_ns="many", footprint_bytes=None)])
    assert (live.cpu_ns, live.footprint_bytes) == (None, None), "what is not told is not shown as it was"


def test_the_same_again_within_a_second_is_counted_and_not_repeated() -> None:
    accesses = [event("access", ms, depth="metadata", symbol="+[PHAsset fetch]") for ms in (0, 100, 999, 1000)]

    assert lines(process("ready"), *accesses)[1:] == [
        "+0:00:00.000  WeChat  metadata: +[PHAsset fetch]",
        "+0:00:00.000  WeChat  ... and 2 more like it",
        "+0:00:01.000  WeChat  metadata: +[PHAsset fetch]",
    ]


def test_a_name_cannot_steer_the_terminal() -> None:
    hostile = "a\x1b[2J\u202eb\r\n[red]c:smile:"
    shown = lines(process("ready", name=hostile), event("mark", 1, label=hostile))

    assert shown == [
        r"+0:00:00.000  a\x1b[2J\u202eb\r\n[red]c:smile:  ready",
        r"+0:00:00.001  a\x1b[2J\u202eb\r\n[red]c:smile:  mark: a\x1b[2J\u202eb\r\n[red]c:smile:",
    ]


def test_a_terminal_shows_each_process_with_its_state_and_where_it_is_written() -> None:
    console, out = terminal(is_terminal=True)
    with LiveView(console, file_status=lambda: "week.lightleak 1.5 MB") as view:
        view.feed([process("ready"), event("state", 1, value="background"), process("suspended", 2)])
        view.feed([process("ready", segment=2, name="\x1b[31mevil"), event("lost", 9, segment=2, count=4, reason="")])
    shown = out.getvalue()

    assert "week.lightleak 1.5 MB" in shown
    assert "suspended" in shown
    assert "4 events lost" in shown
    assert "\x1b[31mevil" not in shown


def test_what_only_a_running_process_makes_wakes_it() -> None:
    """The end of a sleep was lost: the app was shown suspended while its reads came."""
    state = LiveState()
    state.feed([process("ready"), process("suspended", 20), event("mark", 30, label="m"), event("input", 10)])
    assert state.processes[1].phase == "suspended"
    state.feed([event("input", 40)])
    assert state.processes[1].phase == "resumed"


def test_the_state_follows_from_the_events_alone() -> None:
    state = LiveState()
    observer = {"class": "A", "id": "0x1", "image": "i"}
    state.feed([process("ready"), event("observer", action="found", observer=observer, type="change")])
    state.feed([event("access", ms, depth="metadata", symbol="s") for ms in range(0, 1000, 10)])
    state.feed([event("observer", 1000, action="unregistered", observer=observer, type="change")])
    state.feed([process("exited", 1001)])

    first = state.processes[1]
    assert (first.events, first.observers, first.over) == (104, set(), True)
    assert first.rate(state.now_ns) == 10.4
    assert first.rate(state.now_ns + 60 * NS_PER_S) == 0
    assert (state.gaps, state.events) == (0, 104)
    state.feed([process("ready", 2000, segment=2)])
    assert (state.gaps, state.events) == (1, 105)


def test_a_week_of_launches_takes_no_more_memory_than_a_day() -> None:
    state = LiveState()
    for launch in range(1, 500):
        state.feed([process("ready", launch, segment=launch), process("exited", launch, segment=launch)])

    assert list(state.processes) == [499]
    assert len(state.lines()) <= 12


def test_the_lines_of_what_ended_keep_their_name() -> None:
    """After a relaunch the last lines of the launch before it said "?" instead of the app."""
    state = LiveState()
    state.feed([process("ready"), process("exited", 5), process("ready", 9, "WeChat", segment=2)])
    assert [line.split("  ")[1] for line in state.lines()] == ["WeChat"] * 3


def test_what_is_said_again_and_again_is_one_line_with_a_count() -> None:
    state = LiveState()
    again = [event("access", ms, depth="data", symbol="s") for ms in (0, 5, 4000)]
    state.feed([process("ready"), *again, event("mark", 4001, label="x")])

    assert state.lines()[1:] == ["+0:00:04.000  WeChat  data: s  × 3", "+0:00:04.001  WeChat  mark: x"]


HOSTILE = "日本語\x1b[31m\u202e[bold]" + "x" * 200


@pytest.mark.parametrize("width", [20, 40, 60, 80, 110, 200])
def test_the_figures_are_there_in_every_terminal_and_no_line_is_broken(width: int) -> None:
    console, out = terminal(is_terminal=True, width=width)
    with LiveView(console) as view:
        view.feed([process("ready", name=HOSTILE, identifier=HOSTILE), event("state", 1, value="background")])
        view.feed([event("access", ms, depth="data", symbol=HOSTILE) for ms in range(1_232)])
    shown = Text.from_ansi(out.getvalue()).plain.splitlines()

    assert max(map(cell_len, shown)) <= width
    row = next(line for line in reversed(shown) if "日本" in line and "+0" not in line)
    assert "1,234" in row or width < 40
    assert "background" in row or width < 60


def test_events_of_unknown_kinds_and_shapes_are_shown_or_passed_over() -> None:
    odd = [
        event("surprise"),
        event("observer", observer=None),
        event("process"),
        event("access"),
        event("mark", label={}),
    ]

    assert len(lines(*odd)) == 4


def test_keys_of_another_type_are_no_figures_and_end_nothing():
    state = LiveState()
    state.feed([event("hook", probe=["a"], status={}), event("lost", count={"n": 1})])
    assert state.losses.events == 1
