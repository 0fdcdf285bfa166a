# Everything a newcomer needs; `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
COMPILE := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: help venv demo test lint bench clean lock

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(VENV)/base.done: requirements/base.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check uv
	$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/dev.done: requirements/dev.txt $(VENV)/base.done
	$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

venv: $(VENV)/base.done  ## make .venv with what runs

demo: $(VENV)/base.done  ## a commune with its round, on http://127.0.0.1:8000
	$(BIN)/python -m cdp demo --port $(PORT)

test: $(VENV)/dev.done  ## the whole suite, on SQLite and on a real PostgreSQL, with a real browser
	$(BIN)/python tests/run.py

lint: $(VENV)/dev.done  ## ruff, mypy, import contracts, djlint, deptry, bandit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/deptry cdp
	$(BIN)/bandit -q -c pyproject.toml -r cdp

bench: $(VENV)/dev.done  ## speed and size as ratios in one run
	$(BIN)/python -m tests.bench

lock:  ## compile requirements/*.txt anew from pyproject.toml
	$(BIN)/uv pip compile -q $(COMPILE) pyproject.toml -o requirements/base.txt
	$(BIN)/uv pip compile -q $(COMPILE) --group dev pyproject.toml -c requirements/base.txt -o requirements/dev.txt

clean:  ## take away what was made, but not the instance
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build
	find cdp -name '*.mo' -delete
