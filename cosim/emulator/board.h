// SPDX-License-Identifier: Apache-2.0
// The board around the FPGA with the masters that reach it: a translation of docs/timing.md section 11.
// Plain data, part of the FPGA's state.
#ifndef HXCOSIM_EMULATOR_BOARD_H
#define HXCOSIM_EMULATOR_BOARD_H

#include <cstdint>

#include "hxcosim/machine.h"

struct Dac {
  uint16_t word;  // of the last frames, the newest bits lowest
  uint16_t input[8], held[8];
  uint8_t gain, power_down;
  bool follow;

  void take(uint32_t frame, unsigned bits);
  uint16_t output(unsigned channel) const { return power_down >> channel & 1 ? 0 : held[channel]; }
};

struct Board {
  // SPI master
  uint32_t bytes;  // collected, the newest lowest
  uint8_t count;   // 0..3
  bool running, owned;
  uint8_t select, frame_bits;
  uint32_t frame;
  uint64_t done;
  // devices
  uint32_t shift_register;
  Dac dacs[2];

  void power_on();
  static bool spi_hit(uint32_t address);
  // Whether a write to the SPI master cannot complete in this tick.
  bool spi_busy(uint64_t tick, uint32_t data) const;
  // One tick; `write`: a write of `data` is on the bus.
  void spi_tick(uint64_t tick, bool write, uint32_t address, uint32_t data, bool clear);
};

#endif
