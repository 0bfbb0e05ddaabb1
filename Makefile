# Everything sets itself up in .venv, once. `make help` lists what there is.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
UV := $(shell command -v uv 2>/dev/null)
FRONTEND := $(shell find frontend \( -name node_modules -o -name __pycache__ \) -prune -o -type f ! -name '*.test.ts' -print 2>/dev/null)
ARGS ?=

.PHONY: help install run test test-frontend types lint format bench clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Ondol needs Python 3.11 or newer; choose one with: make PYTHON=/path/to/python3.11"; exit 1; }
ifdef UV
	uv venv --quiet --python $(PYTHON) $(VENV)
else
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "The venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
endif

$(VENV)/.run: $(BIN)/python pyproject.toml requirements.lock hatch_build.py $(FRONTEND)
ifdef UV
	VIRTUAL_ENV=$(VENV) uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
	VIRTUAL_ENV=$(VENV) uv pip install --quiet --compile-bytecode --no-deps -e .
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
endif
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements-dev.lock
ifdef UV
	VIRTUAL_ENV=$(VENV) uv pip install --quiet --compile-bytecode --require-hashes -r requirements-dev.lock
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
endif
	@touch $@

install: $(VENV)/.run ## set up .venv with Ondol and the built front end

run: $(VENV)/.run ## a living building in your browser, on the embedded stores
	$(BIN)/ondol demo $(ARGS)

test: $(VENV)/.test test-frontend ## every test
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

test-frontend: $(VENV)/.test ## the tests of the front end only
	$(BIN)/python frontend/node.py vitest run

types: $(VENV)/.test ## frontend/src/api_types.ts anew, after the API has changed
	$(BIN)/python frontend/write_api_types.py

lint: $(VENV)/.test ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python frontend/write_api_types.py --check
	$(BIN)/python frontend/node.py tsc --noEmit

format: $(VENV)/.test ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.test ## figures, each beside a yardstick measured in the same run
	$(BIN)/python -m benchmarks $(ARGS)

clean: ## remove .venv and what was built
	rm -rf $(VENV) build dist frontend/node_modules frontend/api_types/node_modules src/ondol/web/static
