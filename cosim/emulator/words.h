// SPDX-License-Identifier: Apache-2.0
// What both halves and the host's side know about words.
#ifndef HXCOSIM_EMULATOR_WORDS_H
#define HXCOSIM_EMULATOR_WORDS_H

#include <cstdint>

#include "hxcosim/ut.h"

inline bool is_halt(uint64_t word) {
  return word >> (HX_UT_PHYWORD_WIDTH - HX_UT_HEADER_WIDTH) == HX_UT_TO_FPGA_LOOPBACK_ID &&
         !(word >> HX_UT_TO_FPGA_LOOPBACK_TICK_LSB & 1);
}

// Bits of a bus word that four byte enables select.
inline uint32_t mask_of(uint8_t byte_enables) {
  uint32_t mask = 0;
  for (unsigned i = 0; i < 4; ++i) {
    if (byte_enables >> i & 1) mask |= 0xffu << 8 * i;
  }
  return mask;
}

#endif
