# `make demo` shows the product on a made-up town; `make test` proves it. Both set up what they need.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test quick test-software check lint docs faults bench fuzz audit clean

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml tools/setup.sh
	PYTHON=$(PYTHON) sh tools/setup.sh
	touch $@

demo: setup
	$(BIN)/liangxin demo

test: setup
	$(MAKE) --no-print-directory -j 2 --output-sync=target test-software lint
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# The core in under three minutes: no browser, no office program, no database server, nothing slow.
quick: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow and not office and not postgres" \
	  tests/policy tests/registry tests/coverage tests/planning tests/structure tests/procedure tests/files tests/house tests/test_*.py

test-software:
	sh tools/setup-tests.sh

lint: setup
	$(BIN)/ruff check src tests benchmarks tools
	$(BIN)/ruff format --check src tests benchmarks tools
	$(BIN)/lint-imports
	$(BIN)/mypy

# What a site does when something fails under it: also part of `make test`.
faults: setup
	$(BIN)/python -m pytest -n0 tests/web/test_faults.py tests/web/test_running.py tests/web/test_health.py tests/web/test_jobs.py tests/engine/test_dask.py

docs: setup
	$(BIN)/python tools/clauses.py
	$(BIN)/python tools/architecture.py

bench: .venv/.bench-ready
	$(BIN)/python -m benchmarks

.venv/.bench-ready: .venv/.ready requirements-bench.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	touch $@

# 20,000 odd calls of the API and some thousand odd forms on a loaded town; half an hour and more.
fuzz: setup
	$(BIN)/python tools/fuzz.py

# Known weaknesses of the locked dependencies. Not part of `make test`: it needs an advisory source, which not every network has.
audit:
	$(PYTHON) tools/audit.py

clean:
	rm -rf .venv out build
