# One virtual environment, made when it is missing or the lock has changed.
# PYTHON can be any Python from 3.11 on: make test PYTHON=python3.13
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := build/demo
WORKERS ?= auto
PIP := $(BIN)/pip --disable-pip-version-check install --quiet

.PHONY: demo test torture fuzz check lint types layers example messages bench lock clean

# The whole road on the example: spreadsheet to committed playbooks, in a new repository under build/.
demo: $(VENV)/.core
	@rm -rf $(DEMO) && mkdir -p build
	@$(BIN)/rollout demo $(DEMO)
	@printf '\nWhere your shell knows no rollout, first, and here: . %s/activate\n' $(BIN)

test: $(VENV)/.dev
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

# What CI does.
check: lint types layers example
	$(MAKE) --no-print-directory test

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

layers: $(VENV)/.dev
	$(BIN)/lint-imports

# The programme in this repository is sound, and its pages are what the code renders. Its last record is of that day.
example: $(VENV)/.dev
	$(BIN)/rollout validate --as-of 2026-11-16
	$(BIN)/rollout plan --check --as-of 2026-11-16
	$(BIN)/rollout render --check --as-of 2026-11-16

# After a change of templates or presets: the catalogues of all languages in step with them.
messages: $(VENV)/.dev
	$(BIN)/python .ci/messages.py

# Kills, crowds, full disks, odd repositories: hours on two cores; goes on where it stopped. TORTURE="--share 0.1 --sites 150"
torture: $(VENV)/.dev
	$(BIN)/python -m tests.torture.run $(TORTURE)

# Everything that is said of speed, memory and plans, into benchmarks/README.md: an hour and a half on two cores.
# BENCH=quick prints small sizes only; BENCH="loading asks" runs these parts.
bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks.run $(BENCH)

# Damaged files through everything that reads them; RUNS=20000 is a quarter of an hour on one core.
fuzz: $(VENV)/.dev
	$(BIN)/python -m tests.fuzz $(or $(RUNS),100000) $(FIRST)

lock: $(VENV)/.dev
	$(PIP) uv
	$(BIN)/python .ci/lock.py

# Packages come from the lock with their hashes; the project itself is then linked in and needs nothing more.
$(VENV)/.core: constraints.txt pyproject.toml | $(BIN)/python
	@mkdir -p build && sed '/^# ----/,$$d' constraints.txt > build/core.txt
	$(PIP) --require-hashes -r build/core.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: constraints.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r constraints.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.core

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("rollout needs Python 3.11 or newer: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV) build dist
