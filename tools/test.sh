#!/bin/sh
# Set up what tests need, say how long that took, and run them.   tools/test.sh [--full] [PART ...]
set -eu
cd "$(dirname "$0")/.."
began=$(date +%s)
sh tools/setup.sh dev
case " $* " in
    *" static "* | *" rules "* | *" database "* | *" journeys "* | *" kill "*) ;;
    *) [ ! -d tests/browser ] || sh tools/debian.sh chromium fonts-noto-cjk || true ;;
esac
echo "── set-up $(($(date +%s) - began)) s"
exec .venv/bin/python tools/test.py "$@"
