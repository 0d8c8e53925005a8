# Makes and fills the environment that deploy/demo and deploy/check run in; sourced, not run.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }

# The first Python from 3.11 on, or a sentence that says what to install.
find_python() {
  local candidate
  for candidate in "${STYLESMITH_PYTHON:-}" python3.11 python3.12 python3.13 python3 python; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$candidate"
      return
    fi
  done
  say "Stylesmith needs Python 3.11 or newer with its venv module. On Debian: apt-get install python3 python3-venv."
  say "Or name one: STYLESMITH_PYTHON=/path/to/python3.12 $0"
  return 1
}

# apt_install PACKAGE PROGRAM: fetch a Debian package when its program is missing and we are allowed to.
apt_install() {
  local package=$1 program=$2
  command -v "$program" >/dev/null 2>&1 && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    [ -n "${apt_is_fresh:-}" ] || { apt-get update -qq >/dev/null 2>&1 || true; apt_is_fresh=1; }
    say "Installing $package ..."
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 && return 0
  fi
  say "$program is missing and could not be installed here; as root: apt-get install $package"
  return 1
}

# Whether the hashed locks are for this Python on this machine.
is_locked_here() {
  .venv/bin/python - <<'PY'
import platform, sys
sys.exit(not (sys.version_info[:2] == (3, 11) and sys.platform == "linux" and platform.machine() == "x86_64"))
PY
}

# make_aside NAME: .venv/NAME from deploy/requirements-NAME.txt, to be put in front of everything else by PYTHONPATH. An
# S3 client with a small S3 server, and toot, a Mastodon client: both want an older python-dateutil than the one that is
# shipped and tested.
make_aside() {
  local lock=deploy/requirements-$1.txt stamp=.venv/$1/stylesmith want
  want=$(sha256sum <"$lock")
  [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && return 0
  rm -rf ".venv/$1"
  .venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes --no-deps --target ".venv/$1" -r "$lock"
  printf '%s' "$want" >"$stamp"
}

# make_environment [EXTRA]: .venv with all of this project and the named extra, filled again when its inputs changed.
# Nothing is compiled ahead: Python compiles what is imported, which is a small part of what is installed.
make_environment() {
  local extra=${1:-} python locks=(deploy/requirements.txt deploy/requirements-build.txt deploy/requirements-redis.txt)
  local stamp want target build=
  [ "$extra" = test ] && locks=(deploy/requirements-test.txt)
  if [ ! -x .venv/bin/python ]; then
    python=$(find_python) || return 1
    say "Making .venv with $("$python" --version) ..."
    "$python" -m venv .venv
  fi
  stamp=.venv/stylesmith-${extra:-run}
  want=$(cat pyproject.toml "${locks[@]}" 2>/dev/null | sha256sum)
  [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && return 0
  say "Installing what Stylesmith needs into .venv (PyTorch is large: minutes on a slow line) ..."
  if [ -f "${locks[0]}" ] && is_locked_here; then
    .venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes --no-deps "${locks[@]/#/-r}"
    build=--no-build-isolation # what builds the project is in the lock, too
  else
    target=".[all${extra:+,$extra}]"
    say "(The hashed lock is for Python 3.11 on x86-64 Linux; here the newest fitting releases are taken.)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "${target}"
  fi
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps ${build:+"$build"} --editable .
  printf '%s' "$want" >"$stamp"
}
