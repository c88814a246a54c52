# DigitDesk. Each target does its own set-up in .venv, on a machine with Python >= 3.11 (with Tk) and make.
#   make run    open the window          make test   lint, types and all tests
#   make bench  measured comparisons     make clean  remove everything made here
#   make torture  the long versions: a thousand kills, every write refused, damaged files by the 20,000
#   make exe    programs for people without Python, in build/out/; then build/smoke uses them by mouse
SHELL  := /bin/bash
PYTHON ?= python3
BIN    := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)

.PHONY: run test torture lint bench exe clean

run: .venv/.ready
	$(BIN)/python -m digitdesk

# Two processes, each with a screen of its own; a file's tests stay together. Compiled ahead: where
# Python is told to write no bytecode, each of the many commands under test would compile it all.
test: .venv/.ready-dev lint
	$(BIN)/python -m compileall -q digitdesk
	SCREENS=2 build/with-screen $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

torture: .venv/.ready-dev
	build/with-screen $(BIN)/python -m pytest tests/torture

lint: .venv/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# PyTorch, JAX and scikit-learn come along, in an environment of their own; see its requirements.txt.
bench: build/out/bench/.ready
	build/out/bench/bin/python tests/benchmarks/bench.py $(ROWS)

build/out/bench/.ready: tests/benchmarks/requirements.txt pyproject.toml
	build/check-python $(PYTHON)
	$(PYTHON) -m venv build/out/bench
	build/out/bench/bin/python -m pip install --quiet --disable-pip-version-check --editable . --requirement $<
	touch $@

exe:
	build/check-python $(PYTHON)
	$(PYTHON) build/make_exe.py

$(BIN)/python:
	build/check-python $(PYTHON)
	$(PYTHON) -m venv .venv

.venv/.ready: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/.ready-dev: .venv/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $@

clean:
	rm -rf .venv build/out .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
