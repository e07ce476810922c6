// SPDX-License-Identifier: Apache-2.0
// Conversions of the column converters as accesses of the chip bus: rtl/asic/asic_cadc.sv,
// docs/timing.md section 14.
#ifndef HXCOSIM_EMULATOR_CADC_H
#define HXCOSIM_EMULATOR_CADC_H

#include <algorithm>
#include <cstdint>

#include "analog.h"
#include "hxcosim/containers.h"
#include "hxcosim/machine.h"
#include "hxcosim/omnibus.h"

// Four results of a conversion.
struct CadcPlace {
  bool valid, buffered, acausal;
  uint8_t hemisphere, row, quad;

  static CadcPlace of(uint32_t address) {
    constexpr uint32_t kBases[2][2] = {
        {HX_OMNIBUS_CADC_CAUSAL_SAMPLE_TOP_BASE, HX_OMNIBUS_CADC_ACAUSAL_SAMPLE_TOP_BASE},
        {HX_OMNIBUS_CADC_CAUSAL_SAMPLE_BOTTOM_BASE, HX_OMNIBUS_CADC_ACAUSAL_SAMPLE_BOTTOM_BASE},
    };
    constexpr uint32_t kBuffered = 1u << HX_OMNIBUS_CADC_BUFFERED_BIT;
    for (unsigned k = 0; k < 4; ++k) {
      const uint32_t at = (address & ~kBuffered) - kBases[k / 2][k % 2];
      if (at < HX_OMNIBUS_CADC_CAUSAL_SAMPLE_COUNT) {
        return CadcPlace{true,          (address & kBuffered) != 0, k % 2 != 0, uint8_t(k / 2),
                         uint8_t(at >> 6), uint8_t(at & 63)};
      }
    }
    return CadcPlace{};
  }

  uint32_t fetch(uint64_t now, Analog &analog) const {
    return analog.cadc_fetch(now, hemisphere, acausal, quad);
  }
};

// Plain data; all 0 is the state after reset.
struct Cadc {
  bool converting, triggered;
  CadcPlace place;
  uint64_t deadline;  // of the trigger, then of the result
  uint64_t ready[2];  // first cycle of a trigger

  void start(uint64_t now, CadcPlace what) {
    converting = true;
    triggered = false;
    place = what;
    deadline = std::max(now + 1, ready[what.hemisphere]);
  }
  // The trigger, in its cycle.
  void trigger(uint64_t now, uint32_t config) {
    triggered = true;
    deadline = now + (config >> HX_CONTAINERS_CADC_CONFIG_RESET_WAIT_LSB & 0xff) + HX_MACHINE_CADC_CONVERSION;
    deadline += deadline & 1;
    ready[place.hemisphere] = deadline + (config >> HX_CONTAINERS_CADC_CONFIG_DEAD_TIME_LSB & 0xff);
  }
};

#endif
