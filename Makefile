# Everything a contributor types. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STATIC := gateway/static/graphiql/index.html

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev start test test-browser test-http check bench schema lock

help: ## Show what can be done here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 24

$(BIN)/python:
	$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/.runs: requirements.lock pyproject.toml | $(BIN)/python
	$(PYTHON) -m pip --python $(VENV) install --quiet --require-hashes --only-binary :all: -r requirements.lock
	$(PYTHON) -m pip --python $(VENV) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.tests: requirements-dev.lock $(VENV)/.runs
	$(PYTHON) -m pip --python $(VENV) install --quiet --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.runs ## Set up what running needs (Python packages)

setup-dev: $(VENV)/.tests ## Set up what the tests need

test: setup-dev ## Run all tests but those in a browser
	$(BIN)/python -m pytest -n 2
	@echo "Browser tests are run by: make test-browser"

check: setup-dev ## Check style, types, imports and the printed schema
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/lienthong schema | diff schema.graphql - || { echo "schema.graphql differs: run make schema, and name a breaking change in CHANGELOG.md"; exit 1; }
	$(BIN)/lienthong procedures check

schema: setup ## Print the GraphQL schema into schema.graphql
	$(BIN)/lienthong schema > schema.graphql
