# make demo   the school on one page, no token, no network
# make test   everything the project promises; installs the Debian packages it needs when run as root
# make check  the quick loop: style, types, borders, unit tests
# make lock   pins the dependencies of pyproject.toml again

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

.PHONY: demo test check lint lock

demo: $(INSTALLED)
	@$(BIN)/vestnik demo

test: $(INSTALLED)
	@tests/peers/install
	@$(MAKE) --no-print-directory lint
	@$(BIN)/pytest --numprocesses 4 --dist worksteal --cov
	@$(BIN)/coverage json --quiet --fail-under=0 -o - | $(BIN)/python -c "$$BY_LINES_AND_BRANCHES"

check: $(INSTALLED) lint
	@$(BIN)/pytest -q tests/architecture tests/unit

lint: $(INSTALLED)
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo

lock:
	@uv pip compile --quiet --universal --generate-hashes pyproject.toml --extra dev -o requirements.lock

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Vestnik needs Python 3.11 or newer: make PYTHON=python3.11")'
	@echo 'Making .venv from requirements.lock (once; takes a minute)'
	@$(PYTHON) -m venv .venv
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@
