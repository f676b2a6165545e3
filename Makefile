# The project's commands. `make` lists them; each needs nothing but python3 (3.11 or newer) with venv.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
# Each process would compile all it imports anew, and each test worker rewrite every test: a second and nine of them.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
WORKERS ?= 3
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header

# A stamp says which lock .venv holds, so that the second start installs nothing.
RUN := .venv/.run-installed
DEV := .venv/.dev-installed

.PHONY: help run demo test test-long lint types format bench soak-ledger soak-stripe soak-github conformance docs-ledger lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUN) ## start everything on this machine, with play money, and print where
	@exec $(BIN)/bountyhub serve

demo: $(RUN) ## play the whole loop on a throwaway instance and check every cent
	@exec $(BIN)/bountyhub demo

test: lint ## everything that has to hold: lint, types, walls, tests, conformance
	@rm -rf build/exchanges build/cases build/github-bar.json
	$(BIN)/pytest -n $(WORKERS)
	$(BIN)/python -m tests.integrations.github.bar
	$(BIN)/python -m tests.integrations.github.official.table
	$(BIN)/python -m tests.ledger.guard_list
	$(BIN)/python -m tests.cases
	@$(MAKE) conformance

test-long: $(DEV) ## the slow tests: crashes, page matrix, soaks, restore
	@rm -rf build/crash build/exchanges
	$(BIN)/pytest -m long tests/tools
	$(BIN)/pytest -m long -n $(WORKERS) --ignore tests/tools
	$(BIN)/python -m tests.crash
	$(BIN)/python -m tests.conformance --few build/exchanges

lint: $(DEV) types ## style, house rules, walls between the parts, types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python -m tools.lint
	$(BIN)/lint-imports --no-logo

types: $(DEV) ## mypy --strict
	$(BIN)/mypy

format: $(DEV) ## write the code in the house style
	$(BIN)/ruff check --fix --quiet || true
	$(BIN)/ruff format

bench: $(DEV) ## how quick it is: from a merge to its release, posting, checking a million entries; WHAT=name for one
	$(BIN)/python -m tests.bench $(WHAT)

soak-ledger: $(DEV) ## 100,000 steps of the whole event table against a model, and planted faults
	$(BIN)/python -m tests.soak_ledger $(SOAK)

soak-stripe: $(DEV) ## 500 funded tasks for each of 3 seeds among faults on both sides, and planted faults
	$(BIN)/python -m tests.soak_stripe $(SOAK)

soak-github: $(DEV) ## 100 histories at GitHub for each of 3 seeds, played perfectly and among faults, and planted faults
	$(BIN)/python -m tests.soak_github $(SOAK)

conformance: $(DEV) ## planted faults, then recorded exchanges, against the official API descriptions
	$(BIN)/python -m tests.conformance --self-test build/exchanges

docs-ledger: $(DEV) ## write the worked examples' pages from the books that their tests leave
	$(BIN)/python -m tests.ledger.textbook --write

lock: $(DEV) ## write the locked dependencies anew
	$(LOCK) $(UPGRADE) --output-file requirements.txt requirements.in requirements-build.in
	$(LOCK) $(UPGRADE) --output-file requirements-dev.txt requirements-dev.in

clean: ## remove everything that can be made again; keeps the instance's data
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'This needs Python 3.11 or newer: make PYTHON=python3.12 …' >&2; exit 1; }
	@echo 'Making .venv …'
	@$(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo 'This needs the venv module: apt-get install python3-venv' >&2; exit 1; }

$(RUN): requirements.txt pyproject.toml setup.py | $(BIN)/python
	@echo 'Installing what bountyhub needs (once) …'
	@$(PIP) install --require-hashes --no-deps -r requirements.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(DEV): requirements-dev.txt $(RUN)
	@echo 'Installing what the tests need (once) …'
	@$(PIP) install --no-compile --require-hashes --no-deps -r requirements-dev.txt
	@touch $@
