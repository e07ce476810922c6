// SPDX-License-Identifier: Apache-2.0
// Generators of background events: rtl/asic/asic_background.sv, docs/timing.md section 9, [M110].
#ifndef HXCOSIM_EMULATOR_BACKGROUND_H
#define HXCOSIM_EMULATOR_BACKGROUND_H

#include <algorithm>
#include <cstdint>

#include "hxcosim/containers.h"
#include "hxcosim/machine.h"
#include "hxcosim/omnibus.h"
#include "words.h"

// Plain data; all 0 is the state after reset.
struct BackgroundSource {
  uint32_t words[HX_OMNIBUS_BACKGROUND_SPIKE_SOURCE_STRIDE];  // registers: control, seed, label
  uint32_t state;                                             // random generator
  uint64_t bin;                                               // cycle of the next one

#define HX_BACKGROUND(field) HX_CONTAINERS_BACKGROUND_SPIKE_SOURCE_##field##_LSB
  bool enabled() const { return words[0] >> HX_BACKGROUND(ENABLE) & 1; }
  uint64_t period() const { return std::max(1u, words[0] >> HX_BACKGROUND(PERIOD)); }

  // The bin that has come: whether it has an event, and its label.
  bool draw(uint64_t now, uint16_t &event) {
    state ^= state << HX_MACHINE_BACKGROUND_SHIFT_LEFT;
    state ^= state >> HX_MACHINE_BACKGROUND_SHIFT_RIGHT;
    state ^= state << HX_MACHINE_BACKGROUND_SHIFT_LEFT_AGAIN;
    bin = now + period();
    const uint32_t label = words[2];
    const uint32_t mask = label >> HX_BACKGROUND(MASK) & 0xff;
    event = uint16_t((label >> HX_BACKGROUND(NEURON_LABEL) & ~mask & 0x3fff) | (state >> 8 & mask));
    const bool random = words[0] >> HX_BACKGROUND(ENABLE_RANDOM) & 1;
    return !random || (state & 0xff) < (label >> HX_BACKGROUND(RATE) & 0xff);
  }

  void write(uint32_t at, uint32_t data, uint64_t now) {
    const bool was = enabled();
    words[at] = data & kBits[at];
    if (enabled() && !was) {
      state = words[1] ? words[1] : HX_MACHINE_BACKGROUND_SEED_FOR_ZERO;
      bin = now + period();
    }
  }
#undef HX_BACKGROUND

 private:
  static constexpr uint32_t kBits[HX_OMNIBUS_BACKGROUND_SPIKE_SOURCE_STRIDE] = {
      HX_CONTAINERS_BACKGROUND_SPIKE_SOURCE_WORD2_BITS, HX_CONTAINERS_BACKGROUND_SPIKE_SOURCE_WORD0_BITS,
      HX_CONTAINERS_BACKGROUND_SPIKE_SOURCE_WORD1_BITS};
};

#endif
