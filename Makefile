# Each target does all its own set-up; a second run starts at once. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt
PACKAGES := agent services memory interface models network

.DEFAULT_GOAL := help
.PHONY: help run test check fix bench bench-memory train vectors docs clean

help: ## list what make can do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "MuOS needs Python 3.11 or newer; set PYTHON=/path/to/it."; exit 1; }
	@echo "Making .venv ..."
	@$(PYTHON) -m venv .venv && $(PIP) --upgrade pip && touch $@

.venv/base: .venv/made pyproject.toml constraints.txt
	@echo "Installing MuOS (some minutes, once) ..."
	@$(PIP) --progress-bar=on -e . && touch $@

.venv/all: .venv/base
	@echo "Installing what the tests need (some minutes, once) ..."
	@$(PIP) --progress-bar=on -e '.[dev,local,train]' && touch $@

run: .venv/base ## set up, then MuOS with its page on http://127.0.0.1:8420
	@$(BIN)/muos up

test: check ## set up, then all checks and tests
	@$(BIN)/python -m pytest

check: .venv/all ## format, lint, types, direction of imports
	@$(BIN)/ruff format --check --quiet . || { echo "Run 'make fix'."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy $(PACKAGES) tests benchmarks docs/pdf.py
	@$(BIN)/lint-imports --no-logo

fix: .venv/all ## format, and mend what can be mended by machine
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

bench: .venv/all ## every number we claim, beside its target
	@$(BIN)/python -m benchmarks

bench-memory: .venv/all ## what memory is measured by, beside plain baselines
	@$(BIN)/python -m benchmarks memory_locomo memory_lives memory_quality memory_leaks memory_forgetting memory_scale

vectors: .venv/base ## the vectors of our services' examples anew, after examples changed
	@$(BIN)/python -m interface.ship

docs: .venv/base ## the service contract as a PDF, build/service.pdf
	@$(BIN)/python docs/pdf.py docs/service.md build/service.pdf

train: .venv/all ## export the sentence encoder anew
	@$(BIN)/python -m models.embed.export

clean: ## remove what make made
	@rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
