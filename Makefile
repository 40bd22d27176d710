# Vigil. Two commands are enough on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo run install test faults bench fuzz format migration lock clean

demo: $(VENV)/run.stamp        ## a week of Vigil on this machine, with an invented Telegram
	@$(BIN)/python -m bot demo $(ARGS)

run: $(VENV)/run.stamp         ## the bot against Telegram
	@exec $(BIN)/python -m bot run $(ARGS)

install: $(VENV)/run.stamp     ## .venv with the `vigil` command
	@echo "The command is $(BIN)/vigil. To have it as \`vigil\` in this shell: . $(BIN)/activate"

test: $(VENV)/test.stamp       ## everything a change must pass
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m tests.migrations
	@$(BIN)/python -m pytest --numprocesses 3 --dist worksteal --cov --cov-report= $(ARGS)
	@$(BIN)/coverage report --fail-under=$(COVERAGE)

# What runs in a process of its own isn't counted.
COVERAGE := 92

faults: $(VENV)/test.stamp     ## the fault campaign, an hour or two; ARGS="--seed 7 --only 2,16"
	@$(BIN)/python -m tests.faults $(ARGS)

bench: $(VENV)/test.stamp      ## how long reading, posting and answering take
	@$(BIN)/python -m tests.benchmarks
	@$(BIN)/python -m tests.benchmarks.posting
	@$(BIN)/python -m tests.benchmarks.asking

fuzz: $(VENV)/test.stamp       ## ten minutes of mutated bulletins and documents; ARGS="--minutes 1 --seed 2"
	@$(BIN)/python -m tests.fuzz $(ARGS)

migration: $(VENV)/test.stamp  ## NAME="A sentence": the migration from the last schema to tables.py
	@$(BIN)/python -m tests.migrations "$(or $(NAME),$(error give it a sentence: make migration NAME="Groups have a topic"))"
	@$(BIN)/ruff format --quiet bot/store/migrations

format: $(VENV)/test.stamp
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# The test lock is made first: what runs is what was tested.
lock: $(VENV)/test.stamp
	@$(PIP) install uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra test pyproject.toml -o requirements-test.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements-test.txt pyproject.toml -o requirements.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Vigil needs Python 3.11 or newer; this is %d.%d. Try: make PYTHON=python3.12 ..." % sys.version_info[:2])'
	@echo "Making $(VENV) (once; about a minute) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt pyproject.toml | $(VENV)/bin/python
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
# For a Python that may not write: a service's, or one told not to, would compile all of it anew at each start.
	@$(BIN)/python -m compileall -q bot
	@touch $@

$(VENV)/test.stamp: requirements-test.txt $(VENV)/run.stamp
	@$(PIP) install --require-hashes -r requirements-test.txt
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
