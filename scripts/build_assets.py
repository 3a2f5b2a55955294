"""Build what the package carries beside Python: the agent (from agent/) and the report page (from host/page/).

The one place that knows the steps. scripts/build-agent, scripts/build-page and the wheel's build hook (hatch_build.py) call
it, so it needs nothing but Python, Node with npm, and Frida, whose compiler bundles the agent.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
ASSETS = TOP / "host" / "lightleak" / "assets"
AGENT = TOP / "agent"
PAGE = TOP / "host" / "page"
VERSION = TOP / "host" / "lightleak" / "_version.py"

# Each bundle of the agent: its source, and its form. Helper scripts are plain scripts: tests put more code behind them.
BUNDLES = {
    "agent.js": ("src/index.ts", "esm"),
    "tool-look.js": ("src/tools/look.ts", "iife"),
    "tool-act.js": ("src/tools/act.ts", "iife"),
    "tool-fetch-store.js": ("src/tools/fetch_store.ts", "iife"),
}

NODE_AT_LEAST = 20
LARGEST_AGENT_BYTES = 150 * 1024
"""It is loaded into other people's apps, some of them on old phones."""

_NOT_SOURCES = {"node_modules", "dist"}


class BuildError(Exception):
    """The assets cannot be built; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Part:
    """What is built from one folder."""

    name: str
    folder: Path
    assets: tuple[str, ...]
    build: Callable[[Path], None]
    """Write the assets into a folder."""

    def missing(self) -> list[str]:
        """Return the assets that are not built."""
        return [name for name in self.assets if not (ASSETS / name).is_file()]

    def outdated(self) -> bool:
        """Say whether an asset is missing or older than a source.

        A source distribution brings its assets, and unpacking it gives files any date: there only missing ones count.
        """
        if self.missing():
            return True
        if not self.folder.is_dir() or (TOP / "PKG-INFO").exists():
            return False
        built_s = min((ASSETS / name).stat().st_mtime for name in self.assets)
        return any(path.stat().st_mtime > built_s for path in [*_sources(self.folder), VERSION, Path(__file__)])


def parts() -> tuple[Part, ...]:
    """Return every part."""

    def build_agent(work: Path) -> None:
        _run(["node", "scripts/version.mjs"], AGENT)
        for asset, (entry, form) in BUNDLES.items():
            (work / asset).write_text(_compile(entry, form), encoding="utf-8", newline="\n")
        if (size := (work / "agent.js").stat().st_size) > LARGEST_AGENT_BYTES:
            raise BuildError(f"The agent has {size} bytes, more than {LARGEST_AGENT_BYTES}: make it smaller.")
        for asset, script in (("probes.json", "probes-json.mjs"), ("agent.json", "version-json.mjs")):
            text = _run(["node", f"scripts/{script}", str(work)], AGENT, capture=True)
            (work / asset).write_text(text, encoding="utf-8", newline="\n")

    def build_page(work: Path) -> None:
        _run(["npm", "run", "--silent", "build", "--", "--logLevel", "warn"], PAGE)
        shutil.copy(PAGE / "dist" / "page.html", work)

    return (
        Part("agent", AGENT, (*BUNDLES, "probes.json", "agent.json"), build_agent),
        Part("page", PAGE, ("page.html",), build_page),
    )


def outdated() -> list[Part]:
    """Return the parts that must be built before a package can be."""
    return [part for part in parts() if part.outdated()]


def node_is_there() -> bool:
    """Say whether Node can be used: new enough, and with npm."""
    return _node_version() >= NODE_AT_LEAST and shutil.which("npm") is not None


def ensure(part: Part, *, force: bool = False) -> None:
    """Build a part where that is needed, one process at a time.

    Raises: BuildError.
    """
    with _lock(part.name):
        if not (force or part.outdated()):
            return
        if not node_is_there():
            raise BuildError(
                f"The {part.name} is TypeScript and has to be built: install Node {NODE_AT_LEAST} or newer with npm, then try again."
            )
        _install_packages(part.folder)
        ASSETS.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=TOP / "build") as work:
            part.build(Path(work))
            for name in part.assets:
                (Path(work) / name).replace(ASSETS / name)


def _sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_file():
            yield path
        elif path.is_dir() and path.name not in _NOT_SOURCES:
            yield from _sources(path)


def _node_version() -> int:
    """Return Node's major version; 0 where there is none."""
    node = shutil.which("node")
    if node is None:
        return 0
    answer = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
    version = re.match(r"v(\d+)\.", answer)
    return int(version[1]) if version else 0


def _install_packages(folder: Path) -> None:
    installed, wanted = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime:
        return
    # Not npm ci: it refuses a lock file without addresses that has packages for other platforms.
    _run(["npm", "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], folder)
    installed.touch()


def _compile(entry: str, form: str) -> str:
    """Bundle one TypeScript entry point for Frida; its types are checked by ``npm run types``."""
    try:
        import frida
    except ImportError as problem:
        raise BuildError("Frida, which compiles the agent, is not installed: pip install frida.") from problem
    compiler = frida.Compiler()
    found: list[str] = []
    compiler.on("diagnostics", lambda items: found.extend(f"{item.get('file')}: {item['text']}" for item in items))
    try:
        bundle: str = compiler.build(
            entry,
            project_root=str(AGENT),
            bundle_format=form,
            type_check="none",
            source_maps="omitted",
            compression="terser",
        )
    except Exception as problem:
        raise BuildError(f"agent/{entry} does not compile: {'; '.join(found) or problem}") from problem
    return bundle


def _run(command: list[str], folder: Path, *, capture: bool = False) -> str:
    """Run a program of Node's and return its output; without ``capture`` that goes to stderr.

    Raises: BuildError.
    """
    program = shutil.which(command[0]) or command[0]  # npm is npm.cmd on Windows
    output = subprocess.PIPE if capture else sys.stderr
    done = subprocess.run([program, *command[1:]], cwd=folder, check=False, stdout=output, text=True, encoding="utf-8")
    if done.returncode:
        raise BuildError(f"`{' '.join(command)}` failed in {folder}: its output above says why.")
    return done.stdout or ""


@contextlib.contextmanager
def _lock(name: str) -> Iterator[None]:
    """Keep other builds of the same part waiting: several tests may ask for one at once."""
    folder = TOP / "build"
    folder.mkdir(exist_ok=True)
    with (folder / f".{name}.lock").open("w") as file:
        try:
            import fcntl
        except ImportError:  # Windows, where tests do not build at the same time
            pass
        else:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(arguments: list[str] | None = None) -> int:
    """Build one part or all of them."""
    everything = {part.name: part for part in parts()}
    parser = argparse.ArgumentParser(
        description="Build the agent and the report page into host/lightleak/assets; do nothing when nothing has changed.",
        epilog=f"Needs Node {NODE_AT_LEAST} or newer with npm; the agent also needs Frida (pip install frida).",
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{' or '.join(everything)}; all of them by default")
    parser.add_argument("--force", action="store_true", help="build again, whatever the dates say")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - everything.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    try:
        for part in [everything[name] for name in asked.parts] or everything.values():
            ensure(part, force=asked.force)
    except BuildError as problem:
        print(f"build: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
