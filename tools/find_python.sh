#!/bin/sh
# Which Python 3.12 or later runs here? Prints its path; exit 1 and nothing when there is none.
# A name on PATH is not enough: a version manager's shim may exist for a version that is not installed.
set -u

try() {
    [ -n "$1" ] || return 1
    "$1" -c '
import sys
import ssl, sqlite3, venv, ctypes
if sys.version_info < (3, 12) or sys.implementation.name != "cpython":
    sys.exit(1)
print(sys.executable)' 2>/dev/null
}

try "${PYTHON:-}" && exit 0
for name in python3.13 python3.12 python3.14 python3 python; do
    try "$(command -v "$name" 2>/dev/null)" && exit 0
done
for folder in \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-9]*/bin \
    "${ASDF_DATA_DIR:-$HOME/.asdf}"/installs/python/3.1[2-9]*/bin \
    "${XDG_DATA_HOME:-$HOME/.local/share}"/mise/installs/python/3.1[2-9]*/bin \
    "${XDG_DATA_HOME:-$HOME/.local/share}"/uv/python/cpython-3.1[2-9]*/bin \
    /usr/local/bin /opt/python/*/bin /opt/python*/bin; do
    for name in python3.13 python3.12 python3.14 python3; do
        [ -x "$folder/$name" ] && try "$folder/$name" && exit 0
    done
done
exit 1
