"""The steps of a field test: data. ``step_actions`` has what each does, ``evaluate`` what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

StepName: TypeAlias = Literal[
    "fresh",
    "look",
    "register",
    "delivery",
    "query",
    "details",
    "read",
    "sleep",
    "gate",
    "picker",
    "extension",
    "report",
]


@dataclass(frozen=True, slots=True)
class Step:
    """One step; ``tasks`` is what the operator is asked to do, in order, each confirmed."""

    name: StepName
    title: str
    tasks: tuple[str, ...] = ()
    optional: bool = False
    """Whether the operator may skip it, because not every phone or app has what it needs."""


_PHOTO = "Take one photo or screenshot on the phone."

STEPS = (
    Step(
        "fresh", "A fresh start",
        ("On the phone: close the app in the app switcher, open it again, and leave it as it is, in front.",),
    ),
    Step("look", "Looking at the app: private classes, permission, hooks, compiler"),
    Step("register", "Registering an observer that does nothing"),
    Step("delivery", "A change, with an observer that does nothing", (_PHOTO,)),
    Step("query", "One query"),
    Step("details", "A change, with an observer that asks what has changed", (_PHOTO,)),
    Step("read", "Reading one image that was found before"),
    Step(
        "sleep", "The phone asleep",
        (
            "Lock the phone. Take one photo with the camera of the lock screen, and lock it again.",
            "Wait half a minute. Then unlock the phone and bring the app to the front.",
        ),
    ),
    Step("gate", "Launches", ("Open another app on the phone, one that was closed, and come back to the first.",), optional=True),
    Step(
        "picker", "The picker",
        (
            "In the app, open a system photo picker and cancel it.",
            "Open it again and choose one photo.",
        ),
        optional=True,
    ),
    Step(
        "extension", "A share extension",
        ("In Photos, share one photo with the app's own share extension, and cancel there.",), optional=True,
    ),
    Step("report", "The privacy report"),
)  # fmt: skip

EXPORT = (
    "On the phone: Settings, Privacy & Security, App Privacy Report, the share symbol. Bring the file to this machine."
)
