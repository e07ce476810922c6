// SPDX-License-Identifier: Apache-2.0
// The chip half, cycle by cycle: a translation of docs/timing.md sections 5 to 7 and 9.
// Names are those of rtl/asic.
#ifndef HXCOSIM_EMULATOR_CHIP_H
#define HXCOSIM_EMULATOR_CHIP_H

#include <cstdint>

#include "analog.h"
#include "background.h"
#include "cadc.h"
#include "hxcosim/crossbar.h"
#include "hxcosim/machine.h"
#include "hxcosim/omnibus.h"
#include "hxcosim/storage.h"
#include "link.h"
#include "madc.h"
#include "pll.h"
#include "ppu.h"
#include "ring.h"

// Everything that reaches the chip during one tick.
struct ChipIn {
  uint64_t tick;
  bool response_room;  // for all responses that may be under way
  bool tck, tms, tdi;
  const BusRequest *request;  // or null
  const EventsDown *events;   // or null; events->count: 1..3
  const SyncDown *sync;       // or null
  uint32_t ppu_seed;          // of the processors' stand-ins; 0: there are none
  // Nothing but the bus acts before this cycle, unless something comes in; 0: unknown. Kept by the caller, as
  // it is no part of the state.
  uint64_t &silent_until;
};

// Everything that leaves it during that tick.
struct ChipOut {
  BusResponse response;
  EventsUp events;
  SyncReply reply;
};

struct UnmappedAccess {
  bool valid, read;
  uint32_t address;
};
struct RefusedWrite {
  bool valid;
  uint32_t address;
};
struct ChipReports {
  UnmappedAccess unmapped;
  RefusedWrite refused[2];
};

class Chip {
 public:
  void power_on();
  // Outputs of this tick: registers of the chip, known before its inputs.
  const ChipOut &outputs() const { return s_.up; }
  bool tdo() const;
  // PHYs that are enabled and start by themselves, in FPGA bit order.
  uint8_t usable_phys() const { return s_.phy_enable_link & s_.phy_auto; }
  // Runs the two cycles of a tick; whether the request has found room. Tells in its first one of an unmapped
  // access that ended before, and in each of a write that the analog core refused in the cycle before:
  // `remarks` is whether there is any, otherwise `reports` is left alone.
  bool tick(const ChipIn &in, Analog &analog, bool &remarks, ChipReports &reports);
  void reset();
  // Whether this tick changes nothing before tick `next`.
  bool idle(uint64_t tick, uint64_t &next) const;

 private:
  struct Transaction {
    enum Master : uint8_t { kLink, kJtag, kPpu } master;  // kPpu + 1: the lower one
    bool active;                                          // its second cycle
    bool read, hit;
    uint8_t epoch;
    uint32_t address, data;
  };
  struct Crossbar {
    uint32_t node[HX_CROSSBAR_NODES];
    uint32_t open[HX_CROSSBAR_INPUTS];  // nodes of each input that some label passes, from its first one on
    uint16_t mux;
    uint16_t drops[HX_CROSSBAR_INPUTS];
    uint32_t events[HX_CROSSBAR_OUTPUTS];
    Ring<uint16_t, HX_MACHINE_CROSSBAR_DEPTH> in[HX_CROSSBAR_INPUTS], out[HX_CROSSBAR_OUTPUTS];
    uint16_t done[HX_CROSSBAR_INPUTS];  // outputs that have the head of this input already
    uint32_t in_valid;
    uint16_t out_valid, out_full;
  };
  // Neurons 64 k to 64 k + 63 in bits of word k; neuron 256 * row + column.
  struct Neurons {
    uint64_t waiting[8];  // for their event output
    uint8_t outputs;      // those with waiting neurons
    uint16_t count[HX_MACHINE_NEURONS];  // with overflow
  };
  // What reaches the analog core in the next cycle.
  struct ToAnalog {
    bool writes;
    uint8_t padi_valid;
    uint16_t padi_event[8];
    uint32_t address, word;
  };
  // Plain data; a chip reset sets all of it.
  struct State {
    // TAP
    uint8_t tap, ir_shift, ir, pll_index;
    uint64_t dr;
    uint32_t jtag_address, jtag_data;
    bool jtag_read, jtag_request;
    uint32_t phy_config[8];
    // bus
    Ring<BusRequest, HX_MACHINE_CHIP_REQUEST_DEPTH> requests;
    Transaction transaction;
    UnmappedAccess unmapped;  // to be told in the next first cycle
    RefusedWrite refused;  // to be told in the next cycle
    BusResponse waiting;
    // registers
    uint64_t base, offset;
    // The link sees the enable mask of the last second cycle; it and `phy_auto` in FPGA bit order.
    uint8_t phy_enable, phy_enable_seen, phy_enable_link, phy_auto;
    Pll pll;
    Madc madc;
    Cadc cadc;
    uint32_t ppu_control[2];
    // events
    Ring<EventsDown, HX_MACHINE_EVENT_RX_DEPTH> rx;
    uint8_t sent, last_winner;
    bool held;
    uint32_t held_event;
    bool held_madc;
    Crossbar crossbar;
    BackgroundSource background[HX_OMNIBUS_BACKGROUND_SPIKE_SOURCE_COUNT];
    uint64_t next_bin;  // cycle of the first one of any source
    Neurons neurons;
    ToAnalog to_analog;
    ChipOut up;
    // processors
    PpuPorts ppus[2];
    uint64_t ppus_due;  // first cycle in which they have something to do
    uint8_t last_ppu;   // that had the bus
  };

  template <bool kLast>
  [[gnu::always_inline]] void cycle(const ChipIn &in, Analog &analog);
  // The same with and without what the bus does, and what events, converters, TAP and handshake do.
  template <bool kLast, bool kBus, bool kEvents>
  void step(const ChipIn &in, uint64_t now, const uint64_t *spikes, Analog &analog);
  unsigned ppus_running() const;
  void find_ppus_due(uint64_t now);
  [[gnu::always_inline]] uint64_t silent_until() const;
  uint32_t neuron_events(uint16_t labels[HX_CROSSBAR_INPUTS]);
  void fire(const uint64_t spikes[8]);
  unsigned padi(uint32_t address, uint32_t word, bool written);
  // Addresses of the array that are no registers.
  struct Strobe {
    enum Kind : uint8_t { kNone, kPadi, kCounter, kClear, kToCore } kind;
    unsigned place;  // neuron or hemisphere
  };
  static Strobe strobe(uint32_t address);
  void step_tap(bool tms, bool tdi, uint64_t now);
  unsigned dr_last() const;
  uint64_t dr_capture() const;
  bool is_phy() const;
  static int stored(uint32_t address);  // place in the storage, -1 for other addresses
  // Where an address lies.
  struct Place {
    enum Kind : uint8_t { kSynapses, kStored, kMemory, kOther } kind = kOther;
    unsigned block;
    uint32_t index;
    // Bits that a view of the synapse memory shows, and their distance from bit 0.
    uint32_t bits;
    unsigned shift;

    bool find_synapses(uint32_t address);
    void find(uint32_t address);
  };
  uint32_t read(const Place &place, uint32_t address, uint64_t now, bool &hit) const;
  void write(const Place &place, uint32_t address, uint32_t data, uint8_t byte_enables, uint64_t now);
  void tell_core(uint32_t address, uint32_t word);
  void find_next_bin();
  void set_node(unsigned node, uint32_t word);
  // One cycle of the crossbar: events at the inputs of a mask, and those from the link that find no room.
  void step_crossbar(uint32_t arriving, const uint16_t labels[HX_CROSSBAR_INPUTS], const EventsDown *refused,
                     unsigned padi_pop, int l2_pop);

  State s_;
  // Memories survive a chip reset; the first words of the storage are registers, which do not.
  uint32_t memory_[2][HX_OMNIBUS_PPU_MEMORY_COUNT];
  uint32_t synram_[2][HX_OMNIBUS_SYNAPSE_RAW_COUNT];
  uint32_t storage_[HX_STORAGE_WORDS];
};

#endif
