#!/bin/sh
# Prepares a machine for `make`, before there is any Python of our own to run.
#   bootstrap.sh system base|demo|test  what the operating system must have: Python; pango and a font; Chromium,
#                                      OpenSSH's sftp-server, MariaDB's server and LibreOffice
#   bootstrap.sh venv demo|dev          .venv holds requirements-<demo|dev>-lock.txt, exactly
# Debian packages are installed when we are root; otherwise the command to run is printed and we stop.
set -eu
cd "$(dirname "$0")/../.."

say() { printf '%s\n' "$*" >&2; }

system() {
    missing=""
    [ -x .venv/bin/python ] || find_python >/dev/null || missing="python3-venv"
    if [ "$1" != base ]; then
        has_library libpango-1.0.so.0 || missing="$missing libpango-1.0-0"
        has_library libpangoft2-1.0.so.0 || missing="$missing libpangoft2-1.0-0"
        has_library libharfbuzz-subset.so.0 || missing="$missing libharfbuzz-subset0"
        has_font || missing="$missing fonts-dejavu-core"
    fi
    if [ "$1" = test ]; then
        has_chromium || missing="$missing chromium"
        has_library libatomic.so.1 || missing="$missing libatomic1" # of the browser driver
        # Servers that sources are pulled from, run on loopback by the tests: 8 MB to fetch, and no service starts.
        [ -x /usr/lib/openssh/sftp-server ] || missing="$missing openssh-sftp-server"
        has_server mariadbd || missing="$missing mariadb-server-core"
        # Letters and workbooks are opened in it by the tests, as their readers do.
        has_office sw || missing="$missing libreoffice-writer-nogui"
        has_office sc || missing="$missing libreoffice-calc-nogui"
    fi
    # shellcheck disable=SC2086 -- a list of package names
    [ -z "$missing" ] || install_packages $missing
}

can_make_venvs() { "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
has_library() { PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -q "$1"; }
has_font() { [ -n "$(find /usr/share/fonts /usr/local/share/fonts -name DejaVuSans.ttf 2>/dev/null)" ]; }
has_server() { PATH="$PATH:/sbin:/usr/sbin" command -v "$1" >/dev/null; }
has_office() { command -v soffice >/dev/null && [ -e "/usr/lib/libreoffice/program/lib$1lo.so" ]; }
has_chromium() { command -v "${UPSTREAM_CHROMIUM:-chromium}" >/dev/null; }

find_python() {
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
        if can_make_venvs "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

install_packages() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing Debian packages: $*"
        mkdir -p var/dev
        if ! apt_install "$@" >var/dev/apt.log 2>&1 </dev/null; then
            tail -n 20 var/dev/apt.log >&2
            exit 1
        fi
    else
        say "These packages are missing. Run this once, then start again:"
        say "    sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
        exit 1
    fi
}

# Without fresh lists the install may still succeed, and its own error says more than the update's.
apt_install() {
    apt-get update || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

venv() {
    lock="requirements-$1-lock.txt"
    mkdir -p var/dev
    # Two commands at once must not install into the same folder.
    exec 9>var/dev/bootstrap.lock
    flock 9
    if [ -d .venv ] && ! .venv/bin/python -c 'import pip' 2>/dev/null; then
        say "The Python behind .venv is gone, or .venv was left half made: making it anew."
        rm -rf .venv
    fi
    if is_installed "$1"; then return; fi
    if [ ! -d .venv ]; then
        python="$(find_python)" || { say "Upstream needs Python 3.11 or newer."; exit 1; }
        say "Making .venv with $("$python" --version)"
        "$python" -m venv .venv
    fi
    say "Installing $lock"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r "$lock" >&2
    # So that `pytest`, `celery` and `python -m upstream.dev` find the package from any folder.
    pwd >"$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/upstream-checkout.pth"
    checksum "$lock" >".venv/installed-$1"
}

checksum() { sha256sum "$1" | cut -d' ' -f1; }

# The dev lock contains the demo lock, so whoever has the first needs nothing more.
is_installed() {
    for set in "$1" dev; do
        stamp=".venv/installed-$set"
        if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(checksum "requirements-$set-lock.txt")" ]; then return 0; fi
    done
    return 1
}

"$@"
