#!/bin/sh
# Make the environment of one peer of the bench, outside our own.   tools/peers.sh NAME FOLDER
# NAME: that of bench/peers/requirements-NAME.txt. Prints the path of its interpreter; does nothing when it is up to date.
set -eu
cd "$(dirname "$0")/.."
wanted=bench/peers/requirements-$1.txt
place=$2/$1
base=${PYTHON:-.venv/bin/python}
stamp="$(cksum <"$wanted") $("$base" -V)"

if [ "$(cat "$place/.made" 2>/dev/null || true)" != "$stamp" ]; then
    uv=.tools/bin/uv
    if uv --version >/dev/null 2>&1; then uv=uv; fi
    "$uv" --version >/dev/null 2>&1 || { echo "uv is missing: run make setup first" >&2; exit 1; }
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}" UV_PYTHON_DOWNLOADS=never
    unset VIRTUAL_ENV UV_PROJECT_ENVIRONMENT 2>/dev/null || true
    rm -rf "$place"
    mkdir -p "$2"
    "$uv" venv --quiet --python "$base" "$place" >&2
    "$uv" pip install --quiet --python "$place/bin/python" --compile-bytecode -r "$wanted" >&2
    printf '%s\n' "$stamp" >"$place/.made"
fi
echo "$place/bin/python"
