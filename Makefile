# What there is to do here. Needs make and Python 3.11 or newer; everything else goes into .venv.

PYTHON ?= python3
ARGS =
BIN = .venv/bin
PACKAGE = .venv/.has-package
TESTING = .venv/.has-testing
BROWSING = .venv/.has-browsing
FUZZING = .venv-fuzz/.has-fuzzing
PIP = $(BIN)/python -m pip --quiet --disable-pip-version-check
# With the plugins that the tests need and no others: were our own one found, pytest would load the whole package in a way
# of its own (to rewrite the asserts of a plugin), past what measures it.
PYTEST = $(BIN)/python -m pytest --disable-plugin-autoload -p anyio -p xdist -p tests.measured -q -n auto
FLAKES = $(BIN)/python -m pytest -q -n 8 -c tests/flakes/pytest.ini tests/flakes
TIMES = 20

# Images of Python often forbid it to keep what it compiled: then each of the hundred processes that tests start would
# compile the whole package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check types covered browser screenshots flakes fuzz fidelity bench serve wheel clean

help:  ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s%s\n", $$1, $$2 }' Makefile

demo: $(PACKAGE)  ## watch a sample bot and a scripted person talk
	@$(BIN)/messaging-sandbox demo $(ARGS)

serve: $(PACKAGE)  ## start the sandbox; ARGS="--port 0" and the like are passed on
	@$(BIN)/messaging-sandbox serve $(ARGS)

test: $(TESTING)  ## run all tests, with branch coverage
	@$(PYTEST) $(ARGS)

check: $(TESTING)  ## lint, formatting, types, and all tests with at least 95 % coverage
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check
	@$(MAKE) --no-print-directory --jobs=2 types covered

types: $(TESTING)
	@$(BIN)/mypy --no-error-summary

covered: $(TESTING)
	@$(PYTEST) --least=95 $(ARGS)

browser: $(BROWSING)  ## test the inspector in Chromium, from the PATH or named by CHROMIUM
	@$(BIN)/mypy --no-error-summary browser_tests tests/live_server.py
	@$(BIN)/python -m pytest -q -n auto browser_tests $(ARGS)

screenshots: $(BROWSING)  ## write docs/images/ anew: the inspector in its main states
	@PYTHONPATH=browser_tests:tests $(BIN)/python browser_tests/screenshots.py docs/images

flakes: $(TESTING)  ## run 200 tests 8 at a time, on a sandbox each and on one for all, 20 times; TIMES=1 for less
	@for turn in $$(seq $(TIMES)); do $(FLAKES) && $(BIN)/messaging-sandbox exec -- $(FLAKES) || exit 1; done

fuzz: $(FUZZING)  ## send every API what its description allows and what it does not; ARGS=link picks one
	@.venv-fuzz/bin/python -m fuzz.run $(ARGS)

fidelity: $(TESTING)  ## write docs/fidelity.md: every rule, how it is known, and the tests that prove it
	@$(BIN)/python tests/fidelity.py docs/fidelity.md

bench: $(PACKAGE)  ## measure the speed beside yardsticks (Linux, wrk, two CPUs); ARGS="--only start"
	@$(BIN)/python -m bench.run $(ARGS)

wheel: $(TESTING)  ## build the wheel into dist/
	@$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

clean:  ## remove all that was made, .venv too
	@rm -rf .venv .venv-* build dist .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are older than pyproject.toml when it has changed, and then pip is asked again.

$(PACKAGE): pyproject.toml | $(BIN)/pip
	@echo "installing into .venv"
	@$(PIP) install --editable .
	@touch $@

$(TESTING): pyproject.toml | $(BIN)/pip
	@echo "installing into .venv, with what the tests need"
	@$(PIP) install --editable '.[test]'
	@touch $(PACKAGE) $@

$(BROWSING): $(TESTING)
	@echo "installing into .venv, with what the tests in a browser need"
	@$(PIP) install --editable '.[test,browser]'
	@touch $@

$(FUZZING): pyproject.toml
	@echo "installing into .venv-fuzz, with what fuzzing needs"
	@$(PYTHON) -m venv .venv-fuzz
	@.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[fuzz]'
	@touch $@

$(BIN)/pip:
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "error: $(PYTHON) is not Python 3.11 or newer with venv and pip (Debian: apt-get install python3-venv); try make PYTHON=..." >&2; \
	  exit 1; }
	@$(PYTHON) -m venv .venv
