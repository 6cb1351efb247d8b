#!/bin/sh
# PostgreSQL's programs for the tests of the store: they start a server of their own with them, in a
# temporary folder. Installed from the system's packages where that is possible; where it is not, the
# tests are skipped and say so (under CI=true they fail).
set -eu
for programs in "$(command -v initdb || true)" /usr/lib/postgresql/*/bin/initdb; do
  [ -x "$programs" ] && exit 0
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  # No server for the machine: only the programs are wanted.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] ||
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql
else
  echo "PostgreSQL is not installed; tests on it will be skipped (Debian: apt-get install postgresql)." >&2
fi
