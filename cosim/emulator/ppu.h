// SPDX-License-Identifier: Apache-2.0
// The ports of an embedded processor (docs/ppu-interface.md): its place on the chip bus, shared by its
// scalar part and by the bursts of its vector unit (rtl/asic/asic_ppu_vector.sv), and its memory port.
#ifndef HXCOSIM_EMULATOR_PPU_H
#define HXCOSIM_EMULATOR_PPU_H

#include <cstdint>
#include <cstring>

#include "../ppu/ppu.h"
#include "hxcosim/machine.h"
#include "hxcosim/omnibus.h"
#include "words.h"

class PpuPorts {  // plain data
 public:
  struct Access {
    bool read;
    uint8_t byte_enables;
    uint32_t address, data;
  };
  // What happens in a cycle.
  struct Cycle {
    uint64_t now;
    unsigned processor;
    uint32_t seed;
    bool run;           // not held in reset
    bool served;        // it has the bus from this cycle on
    bool ended;         // its access ends
    uint32_t response;  // then
    bool memory_taken;  // the bus has the processor's memory
  };

  void reset() {
    std::memset(static_cast<void *>(this), 0, sizeof *this);
    hx_ppu_reset(&processor_);
  }
  bool sleeps(bool run) const { return run && processor_.out.sleep; }
  bool wants_bus(bool run) const { return asks_bus(run) || (busy_ && !waits_ && !skips()); }
  // The scalar part comes first.
  Access access(bool run) const {
    const hx_ppu_out &asks = processor_.out;
    if (asks_bus(run)) return {asks.bus_read != 0, uint8_t(asks.bus_enables), asks.bus_address, asks.bus_data};
    const uint32_t buffered = converts_ && word_ != 0 ? kBuffered : 0;
    return {read_, enables(), address_ | buffered, __builtin_bswap32(lanes_[word_])};
  }
  // First cycle behind `now` in which there is something to do.
  uint64_t due(uint64_t now, bool run) const {
    const hx_ppu_out &asks = processor_.out;
    const bool wants = run && (asks.bus_valid | asks.sram_valid | asks.vector_valid);
    return wants || on_bus_ || busy_ || answers_ || run != ran_ ? now + 1 : processor_.next;
  }
  // End of a cycle.
  void clock(const Cycle &in, uint32_t *memory);

 private:
  static constexpr unsigned kWords = HX_OMNIBUS_SYNAPSE_QUADS_PER_ROW / 2;  // of a half row
  static constexpr uint32_t kBuffered = 1u << HX_OMNIBUS_CADC_BUFFERED_BIT;
  static constexpr uint32_t kUnmapped = 0x80000000;  // the FPGA's side is not reached from the chip

  bool asks_bus(bool run) const { return run && processor_.out.bus_valid; }
  // Lane 4 w is the highest byte of word w.
  uint8_t enables() const {
    const unsigned lanes = mask_[word_ / 8] >> 4 * (word_ % 8);
    return uint8_t((lanes & 1) << 3 | (lanes & 2) << 1 | (lanes & 4) >> 1 | (lanes & 8) >> 3);
  }
  bool skips() const { return busy_ && !waits_ && !read_ && enables() == 0; }
  void start(unsigned hemisphere);
  static uint32_t base_of(unsigned hemisphere, uint32_t space, uint32_t row, bool read);

  hx_ppu processor_;
  bool ran_;            // as the processor has seen it
  uint32_t sram_data_;  // what the memory port has read
  bool on_bus_;         // an access of it is under way
  // A burst; `waits_` for an access, and whose the one on the bus is.
  bool busy_, waits_, owns_, answers_;
  bool read_, single_, converts_;
  uint8_t word_;
  uint32_t address_, mask_[4], lanes_[kWords];
};

#endif
