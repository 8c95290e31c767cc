#!/bin/sh
# What only the tests need from the system: LibreOffice and poppler open the files we make, Chromium the pages,
# PostgreSQL is the other database of the site (a cluster of its own is made for the tests, and thrown away).
set -eu
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
missing=""
for package in libreoffice-calc libreoffice-writer poppler-utils chromium postgresql; do
  dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
as_root apt-get update -qq
# shellcheck disable=SC2086
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
