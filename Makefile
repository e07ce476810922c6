# SPDX-License-Identifier: Apache-2.0
VENV ?= .venv
PY := $(VENV)/bin/python
PYTHON ?= python3

.PHONY: build test test-full lint gen
$(VENV)/.stamp: pyproject.toml requirements.lock setup.py
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install -q -c requirements.lock setuptools
	$(PY) -m pip install -q -c requirements.lock --no-build-isolation -e '.[dev]'
	@touch $@

build: $(VENV)/.stamp
	@$(PY) setup.py -q build_ext --inplace

test: build
	$(PY) -m pytest

test-full: build
	$(PY) -m pytest -m ''

lint: build
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

gen: build
	$(PY) -m cosim.build.generate
