#!/bin/sh
# Make sure that programs which only the system can give are there.   tools/debian.sh PACKAGE...
# As root on Debian the missing ones are installed; otherwise they are named. Exit 1 when one is still missing.
set -u

present() {
    case "$1" in
        chromium) command -v chromium || command -v chromium-browser || command -v google-chrome ;;
        fonts-noto-cjk) fc-list ':lang=zh-cn' 2>/dev/null | grep . || ls /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ;;
        *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

missing() {
    for package in "$@"; do
        present "$package" || printf ' %s' "$package"
    done
}

lacking=$(missing "$@")
if [ -n "$lacking" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "正在安装系统软件包 Installing Debian packages:$lacking" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 (a list of words)
    apt-get install -y -q --no-install-recommends $lacking >/dev/null 2>&1 ||
        { apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends $lacking >/dev/null; } || true
    lacking=$(missing "$@")
fi
[ -z "$lacking" ] && exit 0
echo "缺少系统软件包 Missing Debian packages:$lacking" >&2
echo "请以 root 运行 Run as root: apt-get install$lacking" >&2
exit 1
