// SPDX-License-Identifier: Apache-2.0
// PLL registers and self test of the clock outputs: rtl/asic/asic_pll.sv, docs/timing.md section 5.
#ifndef HXCOSIM_EMULATOR_PLL_H
#define HXCOSIM_EMULATOR_PLL_H

#include <cstdint>
#include <cstdlib>

#include "hxcosim/containers.h"
#include "hxcosim/machine.h"
#include "hxcosim/omnibus.h"

// Plain data.
struct Pll {
  static constexpr unsigned kRegisters = 6;  // those that can be written
  static constexpr unsigned kOutputBlock = HX_OMNIBUS_PLL_CLOCK_OUTPUT_BLOCK_BASE - HX_OMNIBUS_ADPLL_BASE;
  static constexpr unsigned kSelfTest = HX_OMNIBUS_PLL_SELF_TEST_BASE - HX_OMNIBUS_ADPLL_BASE;

  uint32_t words[kRegisters];
  uint64_t end;  // cycle from which the result of the self test can be read
  uint32_t result;
  bool started;

  void reset() {
    *this = Pll{{HX_CONTAINERS_ADPLL_WORD0_DEFAULT, HX_CONTAINERS_ADPLL_WORD1_DEFAULT,
                 HX_CONTAINERS_ADPLL_WORD0_DEFAULT, HX_CONTAINERS_ADPLL_WORD1_DEFAULT,
                 HX_CONTAINERS_PLL_CLOCK_OUTPUT_BLOCK_WORD0_DEFAULT,
                 HX_CONTAINERS_PLL_SELF_TEST_WORD0_DEFAULT},
                0, 0, false};
  }
  uint32_t status(uint64_t now) const { return started && now >= end ? result : 0; }
  void write(unsigned index, uint32_t data, uint64_t now) {
    words[index] = data;
    if (index == kSelfTest && data >> HX_CONTAINERS_PLL_SELF_TEST_CLOCK_ENABLE_LSB & 1) start(data, now);
  }

 private:
  void start(uint32_t test, uint64_t now) {
    const unsigned scaler = test >> HX_CONTAINERS_PLL_SELF_TEST_PRE_SCALER_P_LSB & 0xf;
    const unsigned output = test >> HX_CONTAINERS_PLL_SELF_TEST_SELECT_SOURCE_LSB & 3;
    const uint32_t expected = test >> HX_CONTAINERS_PLL_SELF_TEST_CHECK_VALUE_LSB;
    const uint32_t range = test >> HX_CONTAINERS_PLL_SELF_TEST_CHECK_RANGE_LSB & 0xf;
    const uint32_t count = counted(uint8_t(words[kOutputBlock] >> 8 * output), 4u << scaler) & 0xfffff;
    const bool good = uint32_t(std::abs(int32_t(count) - int32_t(expected))) <= range;
    result = 1u << HX_CONTAINERS_PLL_SELF_TEST_STATUS_FINISHED_LSB |
             uint32_t(good) << HX_CONTAINERS_PLL_SELF_TEST_STATUS_SUCCESS_LSB |
             count << HX_CONTAINERS_PLL_SELF_TEST_STATUS_COUNTER_VALUE_LSB;
    end = now + (uint64_t{HX_MACHINE_PLL_REFERENCE_CYCLES * 4} << scaler);
    started = true;
  }

  // Edges of a clock output, given its byte of the output block, in a window of the reference clock.
  uint32_t counted(uint8_t source, uint32_t window) const {
#define HX_SOURCE(field) HX_CONTAINERS_PLL_CLOCK_OUTPUT_BLOCK_CLOCK_OUTPUT0_##field##_LSB
#define HX_LOOP(field, bits) (loop >> HX_CONTAINERS_ADPLL_##field##_LSB & ((1u << (bits)) - 1))
    if (!(source >> HX_SOURCE(ENABLE_OUTPUT) & 1)) return 0;
    if (source >> HX_SOURCE(ENABLE_BYPASS) & 1) return window;
    const unsigned pll = source >> HX_SOURCE(SELECT_ADPLL) & 1;
    const unsigned output = source >> HX_SOURCE(SELECT_ADPLL_OUTPUT) & 3;
    const uint32_t loop = words[2 * pll];
    uint32_t divider = HX_LOOP(PRE_DIV_P2, 2) + 1;
    if (output < 2) {
      divider = (HX_LOOP(PRE_DIV_P1, 2) + 1) * (output ? HX_LOOP(CORE_DIV_M1, 5) : HX_LOOP(CORE_DIV_M0, 5));
    }
    if (!(words[2 * pll + 1] >> HX_CONTAINERS_ADPLL_ENABLE_LSB & 1) || divider == 0) return 0;
    return window * (HX_LOOP(LOOP_DIV_N, 5) * (HX_LOOP(PRE_DIV_P0, 2) + 1)) / divider;
#undef HX_SOURCE
#undef HX_LOOP
  }
};

#endif
