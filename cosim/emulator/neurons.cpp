// SPDX-License-Identifier: Apache-2.0
// The chip's side of the neuron array: rtl/asic/asic_neurons.sv and asic_padi.sv, docs/timing.md
// section 15.
#include "chip.h"
#include "hxcosim/analog_registers.h"

namespace {

constexpr unsigned kColumns = 32;  // of an event output, with two neurons each
constexpr unsigned kHalf = HX_MACHINE_NEURONS / 2;

}  // namespace

// Entry of a region of 256 neurons of either side, or -1.
static int neuron_at(uint32_t address, uint32_t left, uint32_t right) {
  constexpr uint32_t kSize = HX_OMNIBUS_NEURON_RESET_COUNT * HX_OMNIBUS_NEURON_RESET_STRIDE;
  const bool is_right = address - right < kSize;
  const uint32_t at = address - (is_right ? right : left);
  if (at >= kSize || at % HX_OMNIBUS_NEURON_RESET_STRIDE) return -1;
  const unsigned index = at / HX_OMNIBUS_NEURON_RESET_STRIDE;
  return int(kHalf * (index / 128) + 128 * is_right + index % 128);
}

Chip::Strobe Chip::strobe(uint32_t address) {
  for (unsigned h = 0; h < 2; ++h) {
    constexpr uint32_t kPadi[2] = {HX_OMNIBUS_PADI_EVENT_TOP_BASE, HX_OMNIBUS_PADI_EVENT_BOTTOM_BASE};
    constexpr uint32_t kPost[2] = {HX_OMNIBUS_NEURON_POST_PULSE_LEFT_BASE,
                                   HX_OMNIBUS_NEURON_POST_PULSE_RIGHT_BASE};
    // The quads of the neurons lie behind those of the synapses.
    constexpr uint32_t kQuads[2] = {HX_OMNIBUS_CORRELATION_RESET_TOP_BASE,
                                    HX_OMNIBUS_CORRELATION_RESET_BOTTOM_BASE};
    if (address == kPadi[h]) return {Strobe::kPadi, h};
    if (address == kPost[h]) return {Strobe::kToCore, 0};
    if (address - kQuads[h] < HX_OMNIBUS_CORRELATION_RESET_COUNT + HX_OMNIBUS_NEURON_RESET_QUAD_COUNT) {
      return {Strobe::kToCore, 0};
    }
  }
  int neuron = neuron_at(address, HX_OMNIBUS_SPIKE_COUNTER_READ_LEFT_BASE,
                         HX_OMNIBUS_SPIKE_COUNTER_READ_RIGHT_BASE);
  if (neuron >= 0) return {Strobe::kCounter, unsigned(neuron)};
  neuron = neuron_at(address, HX_OMNIBUS_SPIKE_COUNTER_RESET_LEFT_BASE,
                     HX_OMNIBUS_SPIKE_COUNTER_RESET_RIGHT_BASE);
  if (neuron >= 0) return {Strobe::kClear, unsigned(neuron)};
  neuron = neuron_at(address, HX_OMNIBUS_NEURON_RESET_LEFT_BASE, HX_OMNIBUS_NEURON_RESET_RIGHT_BASE);
  return {neuron >= 0 ? Strobe::kToCore : Strobe::kNone, 0};
}

// Each event output takes its first waiting neuron; the top row goes before the bottom row.
uint32_t Chip::neuron_events(uint16_t labels[HX_CROSSBAR_INPUTS]) {
  static const int base[2] = {stored(HX_OMNIBUS_NEURON_BACKEND_WEST_BASE),
                              stored(HX_OMNIBUS_NEURON_BACKEND_EAST_BASE)};
  Neurons &n = s_.neurons;
  uint32_t arriving = 0;
  for (unsigned rest = n.outputs; rest != 0; rest &= rest - 1) {
    const unsigned output = unsigned(__builtin_ctz(rest));
    const unsigned word = output / 2, shift = kColumns * (output % 2);
    const uint32_t top = uint32_t(n.waiting[word] >> shift), bottom = uint32_t(n.waiting[word + 4] >> shift);
    const unsigned row = top == 0;
    const unsigned column = kColumns * output + unsigned(__builtin_ctz(top ? top : bottom));
    n.waiting[word + 4 * row] &= ~(uint64_t{1} << column % 64);
    if (((top ? top & (top - 1) : 0) | (top ? bottom : bottom & (bottom - 1))) == 0) {
      n.outputs &= uint8_t(~(1u << output));
    }
    const unsigned index = 128 * row + column % 128;
    const uint32_t *words = storage_ + base[column / 128] + HX_OMNIBUS_NEURON_BACKEND_STRIDE * index;
    labels[output] = uint16_t(output << 8 | HXR_NEURON_BACKEND_CONFIG_ADDRESS_OUT(words));
    arriving |= 1u << output;
  }
  return arriving;
}

void Chip::fire(const uint64_t spikes[8]) {
  static const int base[2] = {stored(HX_OMNIBUS_NEURON_BACKEND_WEST_BASE),
                              stored(HX_OMNIBUS_NEURON_BACKEND_EAST_BASE)};
  static const int common[2] = {stored(HX_OMNIBUS_COMMON_NEURON_BACKEND_CONFIG_WEST_BASE),
                                stored(HX_OMNIBUS_COMMON_NEURON_BACKEND_CONFIG_EAST_BASE)};
  Neurons &n = s_.neurons;
  for (unsigned word = 0; word < 8; ++word) {
    for (uint64_t rest = spikes[word]; rest != 0; rest &= rest - 1) {
      const unsigned bit = unsigned(__builtin_ctzll(rest)), column = 64 * (word % 4) + bit;
      const uint32_t *shared = storage_ + common[column / 128];
      if (!HXR_COMMON_NEURON_BACKEND_CONFIG_ENABLE_CLOCKS(shared)) continue;
      uint16_t &count = n.count[64 * word + bit];
      count = uint16_t(((count & 0xff) + 1) | (count & 0x100));
      const unsigned index = 128 * (word / 4) + column % 128;
      const uint32_t *words = storage_ + base[column / 128] + HX_OMNIBUS_NEURON_BACKEND_STRIDE * index;
      if (!HXR_NEURON_BACKEND_CONFIG_ENABLE_SPIKE_OUT(words) ||
          !HXR_COMMON_NEURON_BACKEND_CONFIG_ENABLE_EVENT_REGISTERS(shared)) {
        continue;
      }
      n.waiting[word] |= uint64_t{1} << bit;
      n.outputs |= uint8_t(1u << column / kColumns);
    }
  }
}

// Events of the crossbar's outputs and of the PADI event registers; the register goes first, and what
// the crossbar has for a bus that is switched off is lost. Returns the outputs that give up their head.
unsigned Chip::padi(uint32_t address, uint32_t word, bool written) {
  static const int config[2] = {stored(HX_OMNIBUS_COMMON_PADI_BUS_CONFIG_TOP_BASE),
                                stored(HX_OMNIBUS_COMMON_PADI_BUS_CONFIG_BOTTOM_BASE)};
  ToAnalog &to = s_.to_analog;
  const uint32_t *w = &word;
  unsigned fire = 0;
  if (written) {
    const Strobe target = strobe(address);
    if (target.kind == Strobe::kPadi) {
      fire = (HXR_PADI_EVENT_FIRE_BUS_0(w) | HXR_PADI_EVENT_FIRE_BUS_1(w) << 1 |
              HXR_PADI_EVENT_FIRE_BUS_2(w) << 2 | HXR_PADI_EVENT_FIRE_BUS_3(w) << 3)
             << 4 * target.place;
    }
  }
  const unsigned heads = s_.crossbar.out_valid & 0xff & ~fire;
  for (unsigned rest = fire | heads; rest != 0; rest &= rest - 1) {
    const unsigned bus = unsigned(__builtin_ctz(rest));
    const uint32_t *c = storage_ + config[bus / 4];
    const unsigned enable = HXR_COMMON_PADI_BUS_CONFIG_ENABLE_SPL1_0(c) |
                            HXR_COMMON_PADI_BUS_CONFIG_ENABLE_SPL1_1(c) << 1 |
                            HXR_COMMON_PADI_BUS_CONFIG_ENABLE_SPL1_2(c) << 2 |
                            HXR_COMMON_PADI_BUS_CONFIG_ENABLE_SPL1_3(c) << 3;
    if (fire >> bus & 1) {
      to.padi_event[bus] =
          uint16_t(HXR_PADI_EVENT_ROW_SELECT_ADDRESS(w) << 6 | HXR_PADI_EVENT_EVENT_ADDRESS(w));
    } else if (enable >> bus % 4 & 1) {
      to.padi_event[bus] = s_.crossbar.out[bus][0] & 0x7ff;
    } else {
      continue;
    }
    to.padi_valid |= uint8_t(1u << bus);
  }
  return heads;
}
