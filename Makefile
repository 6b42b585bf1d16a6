PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check
INSTALLED := .venv/installed

# The report's one figure mixes both; each alone must reach it.
define BY_LINES_AND_BRANCHES
import json, sys
totals = json.load(sys.stdin)["totals"]
lines, branches = totals["percent_statements_covered"], totals["percent_branches_covered"]
print(f"Coverage of core: {lines:.1f} % of lines, {branches:.1f} % of branches")
sys.exit(min(lines, branches) < 95)
endef
export BY_LINES_AND_BRANCHES

# The suite starts hundreds of processes: each reads what the first has compiled.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help install demo test peers compiled coverage check lint lock

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1  \t/p' $(MAKEFILE_LIST) | expand -t 10

install: $(INSTALLED) ## the command vestnik in .venv/bin
	@echo 'source .venv/bin/activate; vestnik init'

demo: $(INSTALLED) ## the school on one page, no token, no network
	@$(BIN)/vestnik demo

test: ## everything the project promises; as root it installs the Debian packages it needs
	@$(MAKE) --no-print-directory --jobs 3 lint peers compiled
	@$(BIN)/pytest --numprocesses 4 --dist worksteal

peers:
	@tests/peers/install

compiled: $(INSTALLED)  # the tests once, before several processes want them; what fails here is told by the tests themselves
	@$(BIN)/pytest --quiet --collect-only >/dev/null || true

coverage: $(INSTALLED) ## what of core the unit and component tests reach: 95 % of lines and of branches; takes three times as long
	@$(BIN)/pytest --numprocesses 4 --dist worksteal --cov tests/unit tests/component
	@$(BIN)/coverage json --quiet --fail-under=0 -o - | $(BIN)/python -c "$$BY_LINES_AND_BRANCHES"

check: $(INSTALLED) lint ## the quick loop: style, types, borders, unit tests
	@$(BIN)/pytest -q --numprocesses auto --dist worksteal tests/architecture tests/unit

lint: $(INSTALLED) ## style, types and the direction of imports
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo

lock: ## pin the dependencies of pyproject.toml again
	@uv pip compile --quiet --universal --generate-hashes pyproject.toml --extra dev -o requirements.lock

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Vestnik needs Python 3.11 or newer: make PYTHON=python3.11")'
	@echo 'Making .venv from requirements.lock (once; takes a minute)'
	@$(PYTHON) -m venv .venv
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@
