#!/bin/sh
# Checks for Python 3.11+, its venv module and a C++ compiler; installs what is missing from the
# system's packages where that is possible, and says what to install where it is not.
set -eu
python="${1:-python3}"
missing=""
command -v "$python" >/dev/null 2>&1 || missing="$missing python3 python3-dev"
"$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || missing="$missing python3-venv"
command -v c++ >/dev/null 2>&1 || command -v g++ >/dev/null 2>&1 || missing="$missing g++"
if [ -n "$missing" ]; then
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing
  else
    echo "Please install first:$missing" >&2
    exit 1
  fi
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Python 3.11 or newer is needed; PYTHON=/path/to/python make ... chooses another one." >&2
  exit 1
}
