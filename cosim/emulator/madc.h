// SPDX-License-Identifier: Apache-2.0
// Control of the fast converter: rtl/asic/asic_madc.sv, docs/timing.md section 13.
#ifndef HXCOSIM_EMULATOR_MADC_H
#define HXCOSIM_EMULATOR_MADC_H

#include <algorithm>
#include <cstdint>

#include "hxcosim/containers.h"
#include "hxcosim/machine.h"
#include "words.h"

// Plain data; all 0 is the state after reset.
struct Madc {
  enum State : uint8_t { kOff, kWaking, kReady, kRecording };
  struct Command {
    bool valid;
    uint32_t word;
  };

  State state;
  bool pending, continuous, power_down;
  uint8_t input, input_left;
  uint16_t left;  // samples
  uint16_t ramp;
  // Distance of two samples: whole + rest / parts cycles.
  uint64_t whole, rest, parts, fraction;
  uint64_t deadline;
  // A sample of the cycle before, whose code is there now.
  bool sampled, pattern;
  uint16_t channel, code;

#define HX_MADC(field) HX_CONTAINERS_MADC_##field##_LSB
#define HX_FIELD(field, width) \
  (config[HX_CONTAINERS_MADC_CONFIG_##field##_WORD] >> HX_MADC(CONFIG_##field) & ((1u << (width)) - 1))

  uint64_t next() const { return state == kWaking || state == kRecording ? deadline : kNever; }

  // One cycle, behind which `sampled` tells of a sample; unless it is of the test pattern, its code is
  // that of the analog side now.
  void step(uint64_t now, const uint32_t *config, const uint32_t *pll, Command command) {
    auto bit = [&](unsigned lsb) { return command.valid && (command.word >> lsb & 1); };
    const bool wake = bit(HX_MADC(CONTROL_WAKE_UP)), start = bit(HX_MADC(CONTROL_START_RECORDING));
    const bool stop = bit(HX_MADC(CONTROL_STOP_RECORDING));
    const State before = state;
    const bool due = next() == now;
    const bool last = !continuous && left <= 1;
    if (command.valid) {
      continuous = bit(HX_MADC(CONTROL_ENABLE_CONTINUOUS_SAMPLING));
      power_down = bit(HX_MADC(CONTROL_ENABLE_POWER_DOWN_AFTER_SAMPLING));
    }
    sampled = due && before == kRecording;
    if (sampled) sample(now, config);

    if (before == kOff) {
      pending = wake && start && !stop;
      if (wake) {
        state = kWaking;
        const bool calibrate = HX_FIELD(ENABLE_CALIBRATION, 1);
        const Length wait = length(config, pll, HX_FIELD(POWERUP_WAIT_VALUE, 10) +
                                                    (calibrate ? HX_FIELD(CALIBRATION_WAIT_VALUE, 10) : 0));
        deadline = wait.parts ? now + 1 + wait.whole + (wait.rest != 0) : kNever;
      }
      return;
    }
    bool over = stop;
    if (before == kRecording) {
      over = stop || (due && last);
      if (over) state = kReady;
    } else {
      pending = (pending || start) && !stop;
      if (due) state = kReady;
      if (pending && state == kReady) {
        pending = false;
        const uint16_t number = uint16_t(HX_FIELD(NUMBER_OF_SAMPLES, 16));
        over = !continuous && number == 0;
        if (!over) record(now, config, pll, number);
      }
    }
    if (over && power_down) {
      state = kOff;
      pending = false;
    }
  }

 private:
  struct Length {
    uint64_t whole, rest, parts;
  };
  // Chip cycles of so many clocks of the converter; no parts: its clock stands still [M100].
  static Length length(const uint32_t *config, const uint32_t *pll, uint64_t clocks) {
    constexpr unsigned kOutput = HX_CONTAINERS_PLL_CLOCK_OUTPUT_BLOCK_CLOCK_OUTPUT3_ENABLE_OUTPUT_LSB;
    constexpr unsigned kBypass = HX_CONTAINERS_PLL_CLOCK_OUTPUT_BLOCK_CLOCK_OUTPUT3_ENABLE_BYPASS_LSB;
    constexpr unsigned kAdpll = HX_CONTAINERS_PLL_CLOCK_OUTPUT_BLOCK_CLOCK_OUTPUT3_SELECT_ADPLL_LSB;
    constexpr unsigned kSelect =
        HX_CONTAINERS_PLL_CLOCK_OUTPUT_BLOCK_CLOCK_OUTPUT3_SELECT_ADPLL_OUTPUT_LSB;
    const uint32_t block = pll[4];
    const uint32_t *words = pll + 2 * (block >> kAdpll & 1);
    auto field = [&](unsigned lsb, uint32_t bits) { return words[0] >> lsb & bits; };
    const unsigned select = block >> kSelect & 3;
    uint64_t core = 1, pre = 1, parts = 1;
    if (!(block >> kBypass & 1)) {
      if (select == 0) core = field(HX_CONTAINERS_ADPLL_CORE_DIV_M0_LSB, 31);
      if (select == 1) core = field(HX_CONTAINERS_ADPLL_CORE_DIV_M1_LSB, 31);
      pre = 1 + field(select < 2 ? HX_CONTAINERS_ADPLL_PRE_DIV_P1_LSB : HX_CONTAINERS_ADPLL_PRE_DIV_P2_LSB, 3);
      parts = (1 + field(HX_CONTAINERS_ADPLL_PRE_DIV_P0_LSB, 3)) *
              field(HX_CONTAINERS_ADPLL_LOOP_DIV_N_LSB, 31);
      const bool enabled = words[1] >> HX_CONTAINERS_ADPLL_ENABLE_LSB & 1;
      const bool off = words[1] >> HX_CONTAINERS_ADPLL_ENABLE_OUTPUT_CLOCK_LSB & 1;
      if (!enabled || off || core == 0 || select == 3) parts = 0;
    }
    if (!(block >> kOutput & 1) || parts == 0) return Length{0, 0, 0};
    const uint64_t scale =
        HX_FIELD(ENABLE_MADC_CLOCK_SCALING, 1) ? 2 * (HX_FIELD(MADC_CLOCK_SCALE_VALUE, 12) + 1) : 1;
    const uint64_t cycles = clocks * HX_MACHINE_PLL_REFERENCE_CYCLES * pre * core * scale;
    return Length{cycles / parts, cycles % parts, parts};
  }

  void record(uint64_t now, const uint32_t *config, const uint32_t *pll, uint16_t number) {
    Length period =
        length(config, pll, HX_MACHINE_MADC_CLOCKS_PER_SAMPLE + HX_FIELD(SAMPLE_DURATION_ADJUST, 3));
    if (period.whole == 0) period = Length{1, 0, period.parts};  // not more than one a cycle
    state = kRecording;
    deadline = period.parts ? now + period.whole : kNever;
    whole = period.whole;
    rest = fraction = period.rest;
    parts = period.parts;
    left = number;
    input = uint8_t(HX_FIELD(ACTIVE_MUX_INITIALLY_SELECTED_INPUT, 1));
    input_left = uint8_t(HX_FIELD(ACTIVE_MUX_INPUT_SELECT_LENGTH, 4));
    ramp = 0;
  }

  void sample(uint64_t now, const uint32_t *config) {
    fraction += rest;
    deadline = now + whole + (fraction >= parts);
    if (fraction >= parts) fraction -= parts;
    left = uint16_t(left - (left != 0));
    channel = input;
    pattern = HX_FIELD(ENABLE_DUMMY_DATA, 1);
    if (pattern) code = ramp;
    ramp = (ramp + 1) & 0x3ff;
    if (input_left == 0) {
      input ^= 1;
      input_left = uint8_t(HX_FIELD(ACTIVE_MUX_INPUT_SELECT_LENGTH, 4));
    } else {
      --input_left;
    }
  }
#undef HX_FIELD
#undef HX_MADC
};

#endif
