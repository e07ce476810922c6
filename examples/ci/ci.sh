#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests of a hardware project against hxcosim, on any machine with Debian's python3, g++, make, perl.
#   HXCOSIM="path/to/hxcosim[sim]" TARGETS="emu rtl" SUITE=tests/hw ci/ci.sh
# Leaves in artefacts/: JUnit XML, coverage, and for each failure the record and the waveform.
set -euo pipefail
TARGETS="${TARGETS:-emu rtl}"
SUITE="${SUITE:-tests/hw}"
: "${HXCOSIM:?name what pip shall install: a wheel or a checkout of hxcosim, with [sim] behind it}"

# Builds are kept under a key over all that goes into them, so one folder serves all branches.
export HXCOSIM_CACHE="${HXCOSIM_CACHE:-$PWD/.cache/hxcosim}"
export CCACHE_DIR="${CCACHE_DIR:-$PWD/.cache/ccache}"
mkdir -p artefacts

python3 -m venv .venv-ci
.venv-ci/bin/pip install -q "$HXCOSIM" pytest pytest-cov
.venv-ci/bin/hxcosim doctor --rtl | tee artefacts/doctor.txt

status=0
for target in $TARGETS; do
  HXCOSIM_TARGET="$target" .venv-ci/bin/python -m pytest "$SUITE" \
    -p cosim.failures --failures "artefacts/failures-$target" \
    --junitxml="artefacts/junit-$target.xml" --cov --cov-report="xml:artefacts/coverage-$target.xml" \
    || status=1
done
# What failing benches and lock-step runs have left.
for folder in build/sim build/lockstep; do
  if [ -d "$folder" ]; then cp -r "$folder" artefacts/; fi
done
exit "$status"
