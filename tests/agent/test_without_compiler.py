"""A process in which no C can be compiled: methods are searched in JavaScript, and the same ones are found."""

from __future__ import annotations

import pytest

from agent.watching import AGENT, Watch
from standin import Phone

pytestmark = pytest.mark.standin

NO_COMPILER = (
    'Object.defineProperty(globalThis,"CModule",{value:class{constructor(){throw new Error("no compiler")}}});'
)


class WithoutCompiler(Watch):
    """A process without a compiler."""

    def load(self) -> None:
        """Load the agent without starting it. A bundle says how long its module is, in bytes."""
        head, module = AGENT.read_text(encoding="utf-8").split("\n✄\n", 1)
        mark, size_and_name = head.split("\n")
        size, name = size_and_name.split(" ")
        self.script = self.session.create_script(
            f"{mark}\n{int(size) + len(NO_COMPILER)} {name}\n✄\n{NO_COMPILER}{module}"
        )
        self.script.on("message", self._take)
        self.script.load()
        self.loaded = True


class InJavaScript(Watch):
    """The lane in JavaScript, where a compiler is there."""

    lane = "js"


def hooked(phone: Phone, kind: type[Watch]) -> set[tuple[str, str]]:
    """Return the probes and methods that are hooked; not hand-offs and replacements, which need C."""
    with kind(phone.launch("quicksend")) as watch:
        assert watch.faults == []
        watch.until(lambda: watch.of("process", phase="ready"))
        hooks = [event for event in watch.of("hook") if event["probe"] not in ("handoff", "replacement")]
    return {(event["probe"], event["symbol"]) for event in hooks if event["status"] == "installed"}


def test_the_same_methods_are_hooked_as_where_they_are_searched_in_c(phone: Phone) -> None:
    in_c, in_javascript = hooked(phone, InJavaScript), hooked(phone, WithoutCompiler)

    assert len(in_c) > 100
    assert in_javascript < in_c
    # Notifications that are posted are hooked in C only.
    assert {symbol.split(" ")[0] for _, symbol in in_c - in_javascript} == {"-[NSNotificationCenter"}
