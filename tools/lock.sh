#!/bin/sh
# Writes requirements.lock from pyproject.toml: every version and hash, no index address.
set -eu
uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet \
  --group test --group check --group dask pyproject.toml -o requirements.lock
first=$(mktemp) && cp requirements.lock "$first"
printf '%s\n' 'setuptools wheel' | tr ' ' '\n' | uv pip compile --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header --quiet --no-annotate --constraint "$first" - >> requirements.lock
# What only the benchmarks need, at versions that fit the lock above.
uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet \
  --no-annotate --constraint requirements.lock --group bench pyproject.toml -o requirements-bench.lock
