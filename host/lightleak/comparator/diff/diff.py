"""What changed between two sessions: "the next version will not" as a command."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from lightleak.comparator.api import compare
from lightleak.comparator.columns.event_columns import EventColumns
from lightleak.comparator.comparison import Comparison
from lightleak.comparator.diff.app_diff import AppDifference
from lightleak.comparator.diff.app_stats import AppStats
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.errors import CompareError
from lightleak.report.report import Report
from lightleak.trace import Session, grouped

VERSION = 1
"""Of the JSON's shape."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two recordings side by side, app by app."""

    old: SessionSet
    new: SessionSet
    apps: list[AppDifference]

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as plain objects."""
        apps = {app.app: app.to_dict() for app in self.apps}
        return {
            "version": VERSION,
            "old": _described(self.old),
            "new": _described(self.new),
            "apps": apps,
            "appeared": any(app["appeared"] for app in apps.values()),
            "notices": [*_notices(self.old, self.new), *_lost(self.apps)],
        }

    def to_json(self) -> str:
        """Return stable JSON, ending with a newline."""
        return msgspec.json.format(msgspec.json.encode(self.to_dict()), indent=2).decode() + "\n"


def diff(
    old: Session | Iterable[Session],
    new: Session | Iterable[Session],
    *,
    apps: Collection[str] | None = None,
    old_report: Report | None = None,
    new_report: Report | None = None,
) -> Difference:
    """Compare two recordings, normalised by watched time; with both reports, their verdicts by cause too.

    Errors: CompareError where no app is named or known, TraceError for a damaged file.
    """
    before, after = _Part.of(old, old_report, apps), _Part.of(new, new_report, apps)
    known = sorted({*before.recording.identifiers(), *after.recording.identifiers()})
    wanted = sorted(set(apps)) if apps else known
    if not wanted:
        raise CompareError("the sessions name no app", hint="say which app is meant with --app")
    return Difference(
        before.recording,
        after.recording,
        [AppDifference(app, before.side("OLD", app), after.side("NEW", app)) for app in wanted],
    )


@dataclass(frozen=True, slots=True)
class _Part:
    recording: SessionSet
    comparison: Comparison | None

    @classmethod
    def of(cls, sessions: Session | Iterable[Session], report: Report | None, apps: Collection[str] | None) -> _Part:
        given = [sessions] if isinstance(sessions, Session) else list(sessions)
        if report is not None:
            comparison = compare(given, report, apps=apps)
            return cls(comparison.recording, comparison)
        return cls(
            SessionSet(
                [
                    (session.header, [str(path) for path in session.paths], EventColumns.decode(session.blocks()))
                    for session in grouped(given)
                ]
            ),
            None,
        )

    def side(self, name: str, app: str) -> AppStats:
        found = next((found for found in self.comparison.apps if found.app == app), None) if self.comparison else None
        return AppStats(name, self.recording.lane(app), found)


def _described(recording: SessionSet) -> list[dict[str, Any]]:
    return [
        {
            "id": take.header.get("session"),
            "files": take.files,
            "app_version": _inside(take.header, "target", "version"),
            "os_version": _inside(take.header, "device", "os_version"),
            "events": len(take.tape),
        }
        for take in recording.takes
    ]


def _notices(old: SessionSet, new: SessionSet) -> list[str]:
    notices = []
    before, after = (
        {(str(_inside(take.header, "device", "os_version"))) for take in side.takes} for side in (old, new)
    )
    if before != after:
        notices.append(
            f"OLD was recorded on version {', '.join(sorted(before))} of the system and NEW on {', '.join(sorted(after))}: "
            "what changed need not be the app."
        )
    if {take.header.get("session") for take in old.takes} & {take.header.get("session") for take in new.takes}:
        notices.append("OLD and NEW are of the same recording.")
    return notices


def _lost(apps: list[AppDifference]) -> Iterator[str]:
    """Say where what seems to be new in NEW can have been lost from OLD."""
    for app in apps:
        if lost := sum(loss.count for segment in app.old.lane.segments for loss in segment.losses):
            yield (
                f"{lost} events of {app.app} are lost from OLD: what is seen in NEW alone can have been among them."
                if lost > 1
                else f"One event of {app.app} is lost from OLD: what is seen in NEW alone can have been that."
            )


def _inside(header: dict[str, Any], part: str, key: str) -> Any:
    inner = header.get(part)
    return inner.get(key) if isinstance(inner, dict) else None
