"""Build the package's files that are not Python: the agent (from agent/) and the report page (from host/page/).

scripts/build-agent, scripts/build-page and the wheel's build hook (hatch_build.py) call it. It requires only Python, Node with
npm, and Frida, whose compiler bundles the agent.
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

# Each bundle of the agent: its source and its format. Tools are plain scripts, because tests append code to them.
BUNDLES = {
    "agent.js": ("src/index.ts", "esm"),
    "tool-look.js": ("src/tools/look.ts", "iife"),
    "tool-act.js": ("src/tools/act.ts", "iife"),
    "tool-fetch-store.js": ("src/tools/fetch_store.ts", "iife"),
}

NODE_AT_LEAST = 20
LARGEST_AGENT_BYTES = 180 * 1024
"""The agent is loaded into apps of others, some of them on old phones."""

_NOT_SOURCES = {"node_modules", "dist"}


class BuildError(Exception):
    """The assets cannot be built. The message is one sentence that says what to do."""


@dataclass(frozen=True)
class Part:
    """The assets that are built from one folder."""

    name: str
    folder: Path
    assets: tuple[str, ...]
    build: Callable[[Path], None]
    """Write the assets into a folder."""

    def missing(self) -> list[str]:
        """Return the assets that are not built."""
        return [name for name in self.assets if not (ASSETS / name).is_file()]

    def outdated(self) -> bool:
        """Return whether an asset is missing or older than a source.

        A source distribution contains the assets, and its unpacked files may have any date, so only missing assets count there.
        """
        if self.missing():
            return True
        if not self.folder.is_dir() or (TOP / "PKG-INFO").exists():
            return False
        built_s = min((ASSETS / name).stat().st_mtime for name in self.assets)
        return any(path.stat().st_mtime > built_s for path in [*_sources(self.folder), VERSION, Path(__file__)])


def parts(*, readable: bool = False) -> tuple[Part, ...]:
    """Return every part. ``readable``: the agent is built with the names and the C of its sources, to debug it."""

    def build_agent(work: Path) -> None:
        _run(["node", "scripts/version.mjs"], AGENT)
        if not readable:
            _run(["node", "scripts/shrink.mjs", str(work / "src")], AGENT)
        for asset, (entry, bundle_format) in BUNDLES.items():
            small = asset == "agent.js" and not readable
            bundle = _compile(
                work if small else AGENT, entry, bundle_format, compression="none" if readable else "terser"
            )
            (work / asset).write_text(bundle, encoding="utf-8", newline="\n")
        if (size := (work / "agent.js").stat().st_size) > LARGEST_AGENT_BYTES and not readable:
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
    """Return the parts that must be built before a package can be built."""
    return [part for part in parts() if part.outdated()]


def node_is_there() -> bool:
    """Return whether Node is installed, new enough, and with npm."""
    return _node_version() >= NODE_AT_LEAST and shutil.which("npm") is not None


def ensure(part: Part, *, force: bool = False) -> None:
    """Build a part if it is outdated. Other processes wait meanwhile.

    Raises: BuildError when Node is missing or a step fails.
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
    """Return Node's major version, or 0 if Node is not installed."""
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
    # Not npm ci: it refuses a lock file without addresses if that has packages for other platforms.
    _run(["npm", "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], folder)
    installed.touch()


def _compile(folder: Path, entry: str, bundle_format: str, compression: str) -> str:
    """Bundle one TypeScript entry point of a folder for Frida. ``npm run types`` checks its types."""
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
            project_root=str(folder),
            bundle_format=bundle_format,
            type_check="none",
            source_maps="omitted",
            compression=compression,
        )
    except Exception as problem:
        raise BuildError(f"agent/{entry} does not compile: {'; '.join(found) or problem}") from problem
    return bundle


def _run(command: list[str], folder: Path, *, capture: bool = False) -> str:
    """Run one of Node's programs, and return its output. Without ``capture``, the output goes to stderr.

    Raises: BuildError when the program fails.
    """
    program = shutil.which(command[0]) or command[0]  # npm is npm.cmd on Windows
    output = subprocess.PIPE if capture else sys.stderr
    done = subprocess.run([program, *command[1:]], cwd=folder, check=False, stdout=output, text=True, encoding="utf-8")
    if done.returncode:
        raise BuildError(f"`{' '.join(command)}` failed in {folder}: see its output above.")
    return done.stdout or ""


@contextlib.contextmanager
def _lock(name: str) -> Iterator[None]:
    """Make other builds of the same part wait, because several tests may start one at once."""
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
    """Build one part, or all."""
    everything = {part.name: part for part in parts()}
    parser = argparse.ArgumentParser(
        description="Build the agent and the report page in host/lightleak/assets. Does nothing if nothing has changed.",
        epilog=f"Requires Node {NODE_AT_LEAST} or newer with npm; the agent also requires Frida (pip install frida).",
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{' or '.join(everything)} (default: all)")
    parser.add_argument("--force", action="store_true", help="build even if nothing has changed")
    parser.add_argument(
        "--readable", action="store_true", help="build the agent with the names of its sources, to debug it"
    )
    options = parser.parse_args(arguments)
    everything = {part.name: part for part in parts(readable=options.readable)}
    if unknown := set(options.parts) - everything.keys():
        parser.error(f"unknown part: {', '.join(sorted(unknown))}")
    try:
        for part in [everything[name] for name in options.parts] or everything.values():
            ensure(part, force=options.force or options.readable)
    except BuildError as problem:
        print(f"build: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
