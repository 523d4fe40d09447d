#!/bin/sh
# Bring the environment in .venv up to uv.lock.   tools/setup.sh [main|dev]
# main: what the platform needs to run. dev: the tools of tests and checks too. Does nothing, at once, when nothing changed.
set -eu
cd "$(dirname "$0")/.."
group=${1:-main}
stamp=.venv/.xinheng-setup
wanted="$(cat uv.lock pyproject.toml | cksum) $(pwd)"

if [ -x .venv/bin/python ] && [ -f "$stamp" ] && .venv/bin/python -c '' 2>/dev/null; then
    case "$(cat "$stamp")" in
        "dev $wanted" | "$group $wanted") exit 0 ;;
    esac
fi

say() { printf '%s\n' "$*" >&2; }
give_up() {
    say "$1"
    say "$2"
    exit 1
}

# uv: the one on PATH, else our own in .tools
find_uv() {
    if uv --version >/dev/null 2>&1; then
        command -v uv
    elif .tools/bin/uv --version >/dev/null 2>&1; then
        echo "$PWD/.tools/bin/uv"
    else
        return 1
    fi
}

make_uv() {
    base=$(sh tools/find_python.sh) || base=$(command -v python3) || base=
    [ -n "$base" ] && "$base" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null || return 1
    say "正在安装 uv…… Installing uv into .tools ..."
    rm -rf .tools
    if "$base" -m venv .tools >/dev/null 2>&1; then
        .tools/bin/python -m pip install -q --disable-pip-version-check uv >&2
    else # Debian without python3-venv
        rm -rf .tools
        "$base" -m pip install -q --disable-pip-version-check --target .tools uv >&2
    fi
}

uv=$(find_uv) || {
    make_uv || true
    uv=$(find_uv) || give_up \
        "无法安装 uv：需要能运行的 Python 3（含 venv 或 pip）和软件源，或事先装好 uv。" \
        "Cannot install uv: a Python 3 with venv or pip and a package index are needed, or uv installed beforehand."
}

# Certificates of the system, as pip and git use: an inner network may have an authority of its own
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"

# The interpreter: the one already in .venv, else the first that runs, else one that uv brings
if .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
    python=.venv/bin/python
elif ! python=$(sh tools/find_python.sh); then
    say "本机没有 Python 3.12 以上版本，正在由 uv 安装…… No Python 3.12 or later here; uv brings one ..."
    "$uv" python install 3.13 >&2 && python=$("$uv" python find --no-project 3.13) || give_up \
        "需要 Python 3.12 或更高版本：请安装后重试，或用 PYTHON=路径 指定。" \
        "Python 3.12 or later is needed: install it and try again, or name it with PYTHON=PATH."
fi

unset VIRTUAL_ENV UV_PROJECT_ENVIRONMENT 2>/dev/null || true
export UV_PYTHON_DOWNLOADS=never
say "正在准备 .venv…… Preparing .venv ..."
if [ "$group" = dev ]; then
    set -- --group dev
else
    set -- --no-dev --inexact # what an earlier `make test` brought stays
fi
"$uv" sync --quiet --frozen --compile-bytecode --python "$python" "$@" >&2 || give_up \
    "无法按 uv.lock 安装依赖（见上）。请检查网络或软件源设置后重试。" \
    "The packages of uv.lock could not be installed (see above). Check the network or the package index and try again."
# our own modules too: some systems forbid Python to keep what it compiled, and every command would compile anew
.venv/bin/python -m compileall -q src/xinheng >/dev/null || true
printf '%s %s\n' "$group" "$wanted" >"$stamp"
