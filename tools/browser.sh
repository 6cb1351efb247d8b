#!/bin/sh
# A Chromium for the tests of the pages. Installed from the system's packages where that is possible;
# where it is not, those tests are skipped and say so.
set -eu
for program in chromium chromium-browser google-chrome chrome; do
  command -v "$program" >/dev/null 2>&1 && exit 0
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
else
  echo "Chromium is not installed; tests of the pages will be skipped (Debian: apt-get install chromium)." >&2
fi
