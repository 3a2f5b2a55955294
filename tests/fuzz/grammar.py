"""Materials as they should be, drawn at random: traces, reports, policies, facts, filters and values of options."""

from __future__ import annotations

import json
import random
import uuid
from typing import Any

from lightleak.events import DEPTHS, OFF_LADDER, STATES, TRIGGERS, WAKE_REASONS

T0_NS = 1_760_000_000_000_000_000
APPS = (
    "org.example.app",
    "org.example.other",
    "5Q4J53EFRC.org.example.app",
    "com.apple.assetsd",
    "org.example.app.share",
)
IDENTIFIERS = [str(uuid.UUID(int=number + 0xABC)).upper() for number in range(6)]
SYMBOLS = (
    "+[PHAsset fetchAssetsWithOptions:]",
    "-[PHImageManager requestImageForAsset:targetSize:contentMode:options:resultHandler:]",
    "-[PHPhotoLibrary registerChangeObserver:]",
    "-[AppObserver photoLibraryDidChange:]",
    "PhotosUI.Picker",
)
ZONES = (
    "Europe/Paris",
    "Asia/Shanghai",
    "GMT+0200",
    "GMT-5",
    "UTC",
    "+05:45",
    "Mars/Olympus",
    "Europe/../etc",
    "",
    "Factory",
    "EST5EDT",
)
KINDS = (
    *("process", "hook", "state", "authorization", "observer", "notification", "access", "return", "delivery"),
    *("input", "usage", "property", "accounting", "stack", "clock", "mark", "lost"),
)
_WEIGHTS = (4, 3, 3, 1, 2, 3, 8, 2, 2, 2, 1, 1, 3, 1, 1, 1, 1)
FIELDS = ("kind", "depth", "app", "state", "class", "symbol", "trigger", "cause.kind", "time")


class Grammar:
    """Draws from one source of chance, so that a seed gives the same input again."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._pick = chance.choice

    def header(self) -> dict[str, Any]:
        """Return the header of a trace."""
        device = {
            "name": self._pick(("phone", "Anna's iPhone", None)),
            "model": self._pick(("iPhone15,2", None)),
            "os": "iOS",
            "os_version": self._pick(("17.5", "18.1", None)),
            "time_zone": self._pick(ZONES),
            "kind": self._pick(("physical", "stand-in", None)),
        }
        damage = [{"code": self._pick(("cut-tail", "no-closing-seal")), "file": "", "bytes": 9}]
        further = {
            "continues": {"part": 2, "file": "s.lightleak", "head": "0" * 64},
            "redacted": {"head": "0" * 64, "names": "hashed", "damage": damage},
            "imported": {"tool": "lightleak 0.1.0", "date": "2026-01-01"},
        }
        return {
            **{key: value for key, value in further.items() if self.chance.random() < 0.08},
            "kind": "header",
            "format": "lightleak-trace",
            "version": self._pick((2, 2, 2, 1)),
            "session": str(uuid.UUID(int=self.chance.randrange(4))),
            "tool": "lightleak 0.1.0",
            "device": device,
            "target": {"identifier": self._pick(APPS[:2]), "name": "App", "version": "1.0"},
        }

    def events(self, most: int = 14) -> list[dict[str, Any]]:
        """Return events of one to three segments, in order of seq in each."""
        found, seqs = [], dict.fromkeys(range(1, self._pick((1, 1, 2, 3)) + 1), 0)
        at_ns = self.chance.randrange(20) * 1_000_000_000
        for segment in seqs:
            seqs[segment] += 1
            found.append(self._stamped("process", segment, 1, at_ns) | self._process("ready"))
        for _ in range(self.chance.randrange(most)):
            segment = self._pick(tuple(seqs))
            seqs[segment] += self._pick((1, 1, 1, 1, 1, 2, 5))
            at_ns += self._pick((0, 1_000_000, 50_000_000, 2_000_000_000, 60_000_000_000, 4_000_000_000_000))
            kind = self.chance.choices(KINDS, _WEIGHTS)[0]
            found.append(self._stamped(kind, segment, seqs[segment], at_ns) | self._fields(kind, seqs[segment]))
        return found

    def _stamped(self, kind: str, segment: int, seq: int, at_ns: int) -> dict[str, Any]:
        step_ns = self._pick((0, 0, 0, 0, 86_400_000_000_000, -7_200_000_000_000))
        tid = self._pick((259, None))
        numbers = {"segment": segment, "seq": seq, "wall_ns": T0_NS + at_ns + step_ns, "mono_ns": 10**15 + at_ns}
        return {"kind": kind, **numbers, "tid": tid}

    def _process(self, phase: str) -> dict[str, Any]:
        who = {"pid": self._pick((101, 102)), "name": "App", "identifier": self._pick((*APPS, None))}
        role = self._pick(("app", "app", "extension", "assetsd", "daemon", "other"))
        return {"phase": phase, **who, "role": role, "reason": self._pick((None, "launch", "crashed"))}

    def _fields(self, kind: str, seq: int) -> dict[str, Any]:
        pick, number = self._pick, self.chance.randrange
        cause = pick((None, max(seq - 1, 1), seq, 1))
        call = {"cause": cause, "caller": pick((None, {"image": "App", "offset": 4096})), "stack": pick((None, 1))}
        observer = {"class": pick(("AppObserver", "Other")), "id": pick(("0x1", "0x2")), "image": "App"}
        match kind:
            case "process":
                return self._process(pick(("attached", "ready", "suspended", "resumed", "detached", "exited")))
            case "hook":
                status = pick(("installed", "skipped", "removed"))
                probe = pick(("accounting", "handoff", "fetch", "images", "observers"))
                return {
                    "probe": probe,
                    "symbol": pick(SYMBOLS),
                    "status": status,
                    "reason": pick((None, "no such class")),
                }
            case "state":
                return {
                    "value": pick(STATES),
                    "reason": pick((None, "launch", *WAKE_REASONS)),
                    "changed": pick((True, False)),
                }
            case "authorization":
                status = pick(("authorized", "limited", "denied", "not-determined"))
                return {
                    "action": pick(("asked", "answered", "read")),
                    "level": pick(("readWrite", "add-only")),
                    "status": status,
                    **call,
                }
            case "observer":
                return {
                    "action": pick(("found", "registered", "unregistered")),
                    "observer": observer,
                    "type": pick(("change", "availability")),
                    **call,
                }
            case "notification":
                return {"observer": observer, "change": "c1", "type": pick(("change", "unavailable")), "cause": cause}
            case "access":
                depth = pick((*DEPTHS[2:], *OFF_LADDER))
                detail = {"count": number(99), "size": [1, 2]}
                return {
                    "depth": depth,
                    "symbol": pick(SYMBOLS),
                    "detail": detail,
                    "asset": pick((None, "a1")),
                    **call,
                    "internal": pick((None, True, False)),
                }
            case "return":
                return {"of": pick((None, max(seq - 1, 1))), "duration_ns": number(10**9), "cpu_ns": number(10**8)}
            case "delivery":
                return {
                    "of": max(seq - 1, 1),
                    "bytes": pick((None, number(10**7))),
                    "degraded": False,
                    "error": pick((None, "failed")),
                }
            case "accounting":
                return {"phase": pick(("begin", "touch", "end")), "identifier": pick(IDENTIFIERS), "service": "photos"}
            case "usage":
                return {
                    "cpu_ns": number(10**10),
                    "footprint_bytes": number(10**8),
                    "energy_nj": None,
                    "wakeups": number(99),
                    "disk_read_bytes": number(10**6),
                }
            case "property":
                return {"symbol": "-[PHAsset location]", "count": number(50) + 1, "assets": number(20), "cause": cause}
            case "stack":
                return {"id": 1, "frames": [{"image": "App", "uuid": "U", "offset": 12, "symbol": "f"}]}
            case "clock":
                return {"host_offset_ns": number(10**9), "error_ns": number(10**6), "step_ns": pick((None, -(10**9)))}
            case "lost":
                return {"count": number(9) + 1, "reason": "buffer full"}
            case "mark":
                return {"label": "now", "detail": {"trial": 1}}
        return {"type": pick(("touch", "key", "other"))}

    def report(self) -> list[dict[str, Any]]:
        """Return the lines of a report of the same time."""
        found: list[dict[str, Any]] = []
        for _ in range(self.chance.randrange(1, 6)):
            at_s, identifier, app = self.chance.randrange(200), self._pick(IDENTIFIERS), self._pick(APPS)
            for kind, at in (("intervalBegin", at_s), ("intervalEnd", at_s + self._pick((1, 62, 70, 900)))):
                line = {
                    "type": "access",
                    "kind": kind,
                    "identifier": identifier,
                    "timeStamp": _stamp(at),
                    "category": self._pick(("photos", "photos", "contacts", "camera", "location")),
                    "accessor": {"identifier": app, "identifierType": "bundleID"},
                }
                if self.chance.random() < 0.1:
                    line["outOfProcess"] = True
                found.append(line)
        if self.chance.random() < 0.3:
            found.append(
                {
                    "type": "networkActivity",
                    "domain": "example.org",
                    "bundleID": APPS[0],
                    "firstTimeStamp": _stamp(0),
                    "timeStamp": _stamp(60),
                    "hits": 3,
                    "initiatedType": "AppInitiated",
                    "context": "",
                    "domainType": 2,
                }
            )
        return found

    def policy(self) -> str:
        """Return a policy in TOML."""
        pick = self._pick
        keys = {
            "depth": pick(('"data"', '"metadata"', '"upload"')),
            "states": pick(('["background"]', '["active", "unknown"]', "[]")),
            "night": pick(("true", "false")),
            "trigger": pick(('"none"', '["wake", "change"]')),
            "allow": '["AppObserver"]',
            "cause": pick(('"query"', '"unexplained"', '"picker"')),
            "at_most": pick(("0", "3")),
            "claim": '"background-only-on-change"',
            "deepest": '"metadata"',
            "measure": pick(('"bytes"', '"reads"', '"cpu_ms"', '"notifications"')),
            "per_hour": pick(("0", "1.5", "1e18")),
            "share": pick(("0", "0.5", "1")),
            "hours": pick(("0.001", "8")),
            "probes": '["accounting"]',
            "name": '"a rule"',
        }
        own = {
            "no-read": ("depth", "states", "night", "trigger"),
            "no-observer": ("allow",),
            "quiet-callbacks": ("depth",),
            "entries": ("cause", "at_most", "night", "trigger"),
            "claim": ("claim", "deepest"),
            "no-unreported": ("depth",),
            "ceiling": ("measure", "per_hour"),
            "coverage": ("share", "hours", "probes"),
        }
        not_proven, share = pick(('"fail"', '"warn"')), pick(("0", "0.9", "1.0"))
        top = ["version = 1", f"not_proven = {not_proven}", f"covered_share = {share}"]
        for _ in range(self.chance.randrange(1, 4)):
            kind = pick(tuple(own))
            names = [name for name in own[kind] if self.chance.random() < 0.8]
            top += ["[[rule]]", f'rule = "{kind}"', *(f"{name} = {keys[name]}" for name in names)]
        return "\n".join(top) + "\n"

    def facts(self) -> dict[str, Any]:
        """Return what a field test found."""
        names = (
            "query_makes_entry",
            "registration_opens",
            "idle_timer_closes",
            "stamp_is_later",
            "identifier_is_shown",
        )
        facts: dict[str, Any] = {name: self._pick((True, False, None)) for name in names if self.chance.random() < 0.7}
        return {"facts": {**facts, "lag_s": self._pick((None, 1.5, 30)), "os_version": "18.1", "model": None}}

    def filter(self, depth: int = 0) -> str:
        """Return an expression of the filter language."""
        if depth < 3 and self.chance.random() < 0.35:
            one, other = self.filter(depth + 1), self.filter(depth + 1)
            return self._pick((f"({one} and {other})", f"{one} or {other}", f"not ({one})"))
        values = (
            *DEPTHS,
            *STATES,
            *TRIGGERS,
            *KINDS,
            "*Manager*",
            "22:30",
            "2025-10-09",
            "2025-10-09T22:30:01.5+01:00",
            '"a b"',
            "org.*",
        )
        return f"{self._pick(FIELDS)} {self._pick(('=', '!=', '<', '<=', '>', '>=', '~'))} {self._pick(values)}"


def _stamp(at_s: float) -> str:
    import datetime as dt

    moment = dt.datetime.fromtimestamp(T0_NS / 1e9, dt.timezone(dt.timedelta(hours=8))) + dt.timedelta(seconds=at_s)
    return moment.isoformat(timespec="milliseconds")


def ndjson(lines: list[Any]) -> bytes:
    """Return objects as lines of JSON."""
    return b"".join(json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n" for line in lines)
