#!/bin/sh
# Writes requirements.lock from pyproject.toml: every version and hash, no index address.
set -eu
uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet \
  --group test --group check pyproject.toml -o requirements.lock
printf '%s\n' 'setuptools wheel' | tr ' ' '\n' | uv pip compile --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header --quiet --no-annotate - >> requirements.lock
