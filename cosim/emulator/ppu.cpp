// SPDX-License-Identifier: Apache-2.0
#include "ppu.h"

// Where a half row lies on the chip bus.
uint32_t PpuPorts::base_of(unsigned h, uint32_t space, uint32_t row, bool read) {
  constexpr uint32_t kRows = 2 * HX_OMNIBUS_SYNAPSE_ROWS;
  constexpr uint32_t kSwitches = HX_OMNIBUS_SYNAPSE_WEIGHT_COUNT / kWords;
  const bool synapses = row < kRows, all = row < kSwitches;
  switch (space) {
    case HX_MACHINE_VECTOR_WEIGHTS:
      return all ? HX_OMNIBUS_SYNAPSE_WEIGHT_BASES[h] : kUnmapped;
    case HX_MACHINE_VECTOR_LABELS:
      return all ? HX_OMNIBUS_SYNAPSE_LABEL_BASES[h] : kUnmapped;
    case HX_MACHINE_VECTOR_EVEN2MSB:
      return all ? HX_OMNIBUS_SYNAPSE_EVEN2MSB_BASES[h] : kUnmapped;
    case HX_MACHINE_VECTOR_ODD2MSB:
      return all ? HX_OMNIBUS_SYNAPSE_ODD2MSB_BASES[h] : kUnmapped;
    case HX_MACHINE_VECTOR_CAUSAL:
    case HX_MACHINE_VECTOR_ACAUSAL:
      if (!synapses) return kUnmapped;
      if (!read) return HX_OMNIBUS_CORRELATION_RESET_BASES[h];
      return space == HX_MACHINE_VECTOR_CAUSAL ? HX_OMNIBUS_CADC_CAUSAL_SAMPLE_BASES[h]
                                               : HX_OMNIBUS_CADC_ACAUSAL_SAMPLE_BASES[h];
    case HX_MACHINE_VECTOR_CAUSAL | kBuffered:
      return synapses && read ? HX_OMNIBUS_CADC_CAUSAL_SAMPLE_BASES[h] | kBuffered : kUnmapped;
    case HX_MACHINE_VECTOR_ACAUSAL | kBuffered:
      return synapses && read ? HX_OMNIBUS_CADC_ACAUSAL_SAMPLE_BASES[h] | kBuffered : kUnmapped;
    case HX_MACHINE_VECTOR_RESET:  // behind the rows of synapses lies that of the neurons
      return all && !read ? HX_OMNIBUS_CORRELATION_RESET_BASES[h] : kUnmapped;
    default:
      return kUnmapped;
  }
}

void PpuPorts::start(unsigned hemisphere) {
  const hx_ppu_out &asks = processor_.out;
  const uint32_t row = asks.vector_address & 0x3ff, space = asks.vector_address - row;
  busy_ = true;
  word_ = 0;
  read_ = asks.vector_read != 0;
  const uint32_t base = base_of(hemisphere, space, row, read_);
  single_ = base == kUnmapped;  // only its first word
  converts_ = !single_ && read_ && (space == HX_MACHINE_VECTOR_CAUSAL || space == HX_MACHINE_VECTOR_ACAUSAL);
  address_ = single_ ? base | asks.vector_address : base + row * kWords;
  std::memcpy(mask_, asks.vector_mask, sizeof mask_);
  if (read_) std::memset(lanes_, 0, sizeof lanes_);
  else std::memcpy(lanes_, asks.vector_data, sizeof lanes_);
}

void PpuPorts::clock(const Cycle &c, uint32_t *memory) {
  const hx_ppu_out &asks = processor_.out;
  hx_ppu_in in;
  in.run = c.run;
  in.bus_taken = c.served && asks_bus(c.run);
  in.bus_answered = c.ended && !owns_;
  in.bus_data = c.response;
  in.sram_taken = c.run && asks.sram_valid && !c.memory_taken;
  in.sram_data = sram_data_;
  in.vector_taken = c.run && asks.vector_valid && !busy_;
  in.vector_answered = answers_;
  if (answers_) std::memcpy(in.vector_data, lanes_, sizeof lanes_);

  if (in.sram_taken) {
    uint32_t &word = memory[asks.sram_address % HX_OMNIBUS_PPU_MEMORY_COUNT];
    const uint32_t mask = mask_of(uint8_t(asks.sram_enables));
    if (asks.sram_write) word = (word & ~mask) | (asks.sram_data & mask);
    else sram_data_ = word;
  }

  const bool ends = skips() || (c.ended && owns_);
  const bool last = single_ || word_ == kWords - 1;
  answers_ = ends && last;
  if (in.vector_taken) {
    start(c.processor);
  } else if (ends) {
    if (read_) lanes_[word_] = __builtin_bswap32(c.response);
    ++address_;
    word_ = uint8_t((word_ + 1) % kWords);
    waits_ = false;
    busy_ = !last;
  }
  if (c.served) owns_ = waits_ = !in.bus_taken;
  on_bus_ = c.served || (on_bus_ && !c.ended);

  const bool acts = c.now >= processor_.next || c.run != ran_ || in.bus_taken || in.bus_answered || in.sram_taken ||
                    in.vector_taken || in.vector_answered;
  if (acts) hx_ppu_step(&processor_, c.processor, c.seed, c.now, &in);
  ran_ = c.run;
}
