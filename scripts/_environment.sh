# Sourced by the other scripts. Makes .venv from the pinned constraints, and makes it again when they change.
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"

say() { echo "$(basename "$0"): $*" >&2; }

# need_packages PACKAGE…: install missing Debian packages as root; without root, print them and fail.
need_packages() {
  missing=
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    say "install these Debian packages first: apt-get install$missing"
    exit 1
  fi
  say "installing$missing"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >&2
}

need_python() {
  python=${PYTHON:-python3}
  wanted=$(cat pyproject.toml constraints.txt | cksum)
  [ "$(cat .venv/.made-from 2>/dev/null)" != "$wanted" ] || return 0
  command -v "$python" >/dev/null || need_packages python3
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "Python 3.11 or newer is required"; exit 1; }
  if [ ! -x .venv/bin/python ]; then
    say "creating .venv"
    "$python" -m venv .venv >/dev/null 2>&1 || { need_packages python3-venv; rm -rf .venv; "$python" -m venv .venv; }
  fi
  say "installing Python packages"
  .venv/bin/python -m pip install -q --disable-pip-version-check 'pip>=25.1' 2>&1 | grep -v '^WARNING: Location' >&2 || true
  .venv/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt -e . --group dev --group docs 2>&1 | grep -v '^WARNING: Location' >&2 || true
  .venv/bin/python -c 'import frida, click, rich, msgspec, zstandard, numpy, pytest, hypothesis' || { say "the Python packages could not be installed: see above"; exit 1; }
  echo "$wanted" > .venv/.made-from
}

need_node() {
  command -v npm >/dev/null || { say "Node 20 or newer with npm is required: install it first"; exit 1; }
}
