// SPDX-License-Identifier: Apache-2.0
// All of the emulator as one translation unit: a tick passes through all files.
#define HXCOSIM_ONE_UNIT
#include "board.cpp"
#include "chip.cpp"
#include "emulator.cpp"
#include "events.cpp"
#include "fpga.cpp"
#include "link.cpp"
#include "machine.cpp"
#include "neurons.cpp"
#include "ppu.cpp"
