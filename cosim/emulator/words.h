// SPDX-License-Identifier: Apache-2.0
// What both halves and the host's side know about words.
#ifndef HXCOSIM_EMULATOR_WORDS_H
#define HXCOSIM_EMULATOR_WORDS_H

#include <cstdint>

#include "../flange/memory.hpp"

#include "hxcosim/ut.h"

inline bool is_halt(uint64_t word) {
  return word >> (HX_UT_PHYWORD_WIDTH - HX_UT_HEADER_WIDTH) == HX_UT_TO_FPGA_LOOPBACK_ID &&
         !(word >> HX_UT_TO_FPGA_LOOPBACK_TICK_LSB & 1);
}

using flange::mask_of;

// Of functions that each tick of the machine calls in one place: where all files are one unit (unity.cpp) they
// become part of their caller, as calls and arguments would be a good part of what they do.
#ifdef HXCOSIM_ONE_UNIT
#define HX_PART inline __attribute__((always_inline))
#else
#define HX_PART
#endif

#endif
