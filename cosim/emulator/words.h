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

#endif
