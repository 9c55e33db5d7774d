#!/bin/sh
# Looks for what Debian has to give: `system.sh run` or `system.sh test`.
# Where it may (root, apt-get), it installs what is missing; else it says in one line what to install.
set -eu

python=${PYTHON:-python3}
missing=""
need() { missing="$missing $1"; }

command -v "$python" >/dev/null || need python3
if command -v "$python" >/dev/null; then
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "Qingfeng needs Python 3.11 or newer: run make PYTHON=/path/to/python3.11" >&2
        exit 1
    }
    "$python" -c 'import ensurepip, venv' 2>/dev/null || need python3-venv
fi
if [ "${1:-run}" = test ]; then
    command -v chromium >/dev/null || need chromium
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts "${HOME:-/nowhere}/.local/share/fonts" \
        -name 'NotoSansCJK*' -print -quit 2>/dev/null)" ] || need fonts-noto-cjk
    command -v pg_ctl >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need postgresql
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q </dev/null
    # shellcheck disable=SC2086  # the list is meant to be split
    apt-get install -q -y --no-install-recommends $missing </dev/null
else
    echo "Please have these installed first: apt-get install$missing" >&2
    exit 1
fi
