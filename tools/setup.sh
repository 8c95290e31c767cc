#!/bin/sh
# Makes .venv from the lock file. On Debian it also installs what Python and the PDFs need from the system.
set -eu
PYTHON="${PYTHON:-python3}"

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
  echo "需要管理员权限安装系统软件 / needs root to install: $*" >&2; exit 1; fi; }
need() { # need PACKAGE...: installs those that are missing
  missing=""
  for package in "$@"; do dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"; done
  [ -z "$missing" ] && return 0
  command -v apt-get >/dev/null || { echo "请安装 / please install:$missing" >&2; return 0; }
  as_root apt-get update -qq
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
}

"$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || need python3-venv
need fonts-noto-cjk fonts-liberation # Chinese, and letters and digits as wide as those of Times New Roman
[ -x .venv/bin/python ] || "$PYTHON" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
.venv/bin/python -c "from liangxin.planning.warming import warm_up; warm_up()" # compiled now, so that no plan waits for it
