# SPDX-License-Identifier: Apache-2.0
# `make` alone lists the targets. Every target creates and reuses its own virtual environment.
VENV ?= .venv
PY := $(VENV)/bin/python
PYTHON ?= python3
N ?= 10000
NAME ?= $(basename $(notdir $(sort $(wildcard bench/[a-z]*.py))))
# A file bench/hal.py would hide the package of that name from the others.
HAL_BENCHES := words containers chip programs
SUITES := $(wildcard tests/sw tests/hw tests/sim tests/docs)
# With "=", so that a negative number reaches the command and its message.
WINDOW := $(if $(WAVES_FROM),--from=$(WAVES_FROM)) $(if $(WAVES_TO),--to=$(WAVES_TO))
RECORDED = build/waves.$(shell $(PY) -c 'from cosim.build import trace_format; print(trace_format())' 2>/dev/null)
PYTEST := $(PY) -m pytest --junitxml=build/junit.xml --durations=5 $(if $(CI),-x)

.DEFAULT_GOAL := help
.PHONY: help build run test test-full sim waves lint format gen synth bench cov mutate docs requirements lockstep clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1 /p' Makefile | while read -r t d; do printf '  make %-12s %s\n' "$$t" "$$d"; done

$(VENV)/.stamp: pyproject.toml requirements.lock setup.py $(wildcard dropin/*/__init__.py)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "hxcosim: $(PYTHON) is older than 3.11; name a newer one, as in 'make PYTHON=python3.12'" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "hxcosim: Python's venv module is missing; get it with 'apt-get install python3-venv'" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install -q -c requirements.lock setuptools
	$(PY) -m pip install -q -c requirements.lock --no-build-isolation -e '.[dev]'
	@touch $@

build: $(VENV)/.stamp ## create the virtual environment, compile the native libraries
	@$(PY) setup.py -q build_ext --inplace
	@mkdir -p build

run: build ## first light: a playback program through the Verilated system and back [WAVES_FROM=us] [WAVES_TO=us]
	$(PY) -m cosim.cli run $(WINDOW)

test: build ## all tests but the long ones
	$(PYTEST) -m "not full" $(SUITES)

test-full: build ## all tests
	$(PYTEST) -m '' $(SUITES)

sim: build ## one bench: TEST=fifo [WAVES=1 [WAVES_FROM=us] [WAVES_TO=us]] [SEED=n] [FILTER=regex] [PARAMETERS="Depth=2"] [PROGRAM=file]
	@test -n "$(TEST)" || { echo "hxcosim: name the bench, as in 'make sim TEST=fifo'; benches: $$($(PY) -c 'from cosim.build.runner import benches; print(*benches())')" >&2; exit 2; }
	$(PY) -m cosim.build.runner $(TEST) $(if $(filter 1,$(WAVES)),--waves) $(WINDOW) $(if $(SEED),--seed $(SEED)) \
	  $(if $(FILTER),--filter '$(FILTER)') $(foreach p,$(PARAMETERS),-p $(p)) \
	  $(if $(PROGRAM),--set HXCOSIM_PROGRAM=$(abspath $(PROGRAM)))

waves: build ## open the newest waveform, or RECORD=file's [WAVES_FROM=us] [WAVES_TO=us] [WAVES_LAST=us]
ifdef RECORD
	$(PY) -m cosim.cli replay $(RECORD) --target rtl --waves $(RECORDED) $(WINDOW) \
	  $(if $(WAVES_LAST),--last=$(WAVES_LAST)) || test $$? = 1
endif
	$(PY) -m cosim.cli waves $(if $(RECORD),$(RECORDED))

lint: build ## format, style, types, RTL lint, generated files
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(PY) -m cosim.build.lint
	$(PY) -m cosim.build.generate --check
	$(VENV)/bin/mypy

format: build ## lay out Python and RTL
	$(VENV)/bin/ruff format .
	$(PY) -m cosim.build.lint --format

gen: build ## regenerate Verilog and C constants
	$(PY) -m cosim.build.generate

synth: build ## synthesise the RTL with Yosys: cells per block, in build/synth.txt
	$(PY) -m cosim.build.synth

bench: build ## benchmarks: all, or NAME=rtl (hal: all of the host); figures also in build/bench/
	@mkdir -p build/bench
	@set -e; for name in $(if $(filter hal,$(NAME)),$(HAL_BENCHES),$(NAME)); do \
	  test -f bench/$$name.py || { echo "hxcosim: there is no bench/$$name.py" >&2; exit 2; }; \
	  $(PY) bench/$$name.py; done
	@$(if $(filter hal,$(NAME)),$(PY) bench/report.py hal $(HAL_BENCHES))

cov: build ## coverage of Python (line, branch) and RTL (line, toggle)
	$(PY) -m pytest -q -m "not full" --cov=hal --cov=cosim --cov-branch --cov-report=html:build/cov \
	  --cov-report=term:skip-covered tests/sw
	$(PY) -m cosim.build.coverage

mutate: build ## mutation of the RTL: what lock-step and benches see (build/mutate/report.txt)
	$(PY) -m cosim.build.mutate

docs: build ## check links and run the code of the documentation
	$(PY) -m pytest -q tests/docs

requirements: build ## page of requirements and their tests, from the results of the last runs
	$(PY) -m cosim.build.requirements

lockstep: build ## emulator against RTL: N random instructions [SEED=n]
	$(PY) -m cosim.cli lockstep --count $(N) $(if $(SEED),--seed $(SEED))

clean: ## remove build/ and the compiled libraries (the cache stays: see 'hxcosim info')
	rm -rf build *.egg-info
	find hal cosim -name '*.so' -delete
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
