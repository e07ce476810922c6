// SPDX-License-Identifier: Apache-2.0
// What the FPGA makes of events besides recording them: serial spikes and routes to other FPGAs
// (docs/timing.md section 9). Plain data, part of the FPGA's state.
#ifndef HXCOSIM_EMULATOR_EVENTS_H
#define HXCOSIM_EMULATOR_EVENTS_H

#include <cstdint>

#include "hxcosim/machine.h"
#include "hxcosim/omnibus.h"
#include "link.h"
#include "ring.h"

// Memories on the register bus; no reset touches them.
struct Tables {
  uint32_t external[HX_OMNIBUS_EXTERNAL_PPU_MEMORY_COUNT];  // PPU memory
  uint32_t event_switch[HX_MACHINE_EVENT_SWITCH_WORDS];
  uint32_t input[HX_OMNIBUS_INPUT_ROUTING_TABLE_COUNT];
  uint16_t output[HX_OMNIBUS_OUTPUT_ROUTING_TABLE_COUNT];
  uint16_t serial_input[HX_OMNIBUS_SPIKE_IO_INPUT_ROUTING_COUNT];
  uint8_t serial_output[HX_OMNIBUS_SPIKE_IO_OUTPUT_ROUTING_COUNT];

  void power_on();
  // Content of the memory that holds an address, false if none does.
  bool read(uint32_t address, uint32_t &data) const;
  bool write(uint32_t address, uint32_t data, uint32_t mask);
};

struct EventUnits {
  // router: link labels on their way
  uint8_t sent;
  uint16_t link[2];
  // serial spikes
  uint32_t config;
  struct Addresses {
    uint8_t count, address[2];
  };
  Ring<Addresses, HX_MACHINE_SPIKE_IO_DEPTH> waiting;
  bool second;
  uint8_t tx_bits, rx_bits;  // still to come; 0: none
  uint16_t tx_shift, rx_shift;
  uint64_t tx_next, rx_next;
  // to the chip
  Ring<EventsDown, HX_MACHINE_EVENT_TX_DEPTH> queue;

  void power_on() { config = 1; }
  // Whether anything is under way; nothing changes otherwise without an event from the chip.
  bool active() const { return sent || tx_bits || rx_bits || !waiting.empty() || !queue.empty(); }
  void write_config(uint32_t data, uint32_t mask);
  // One tick: events from the chip, and labels to it where the program sends none.
  void tick(uint64_t tick, const Tables &tables, const EventsUp &up, EventsDown &down);
  bool idle(uint64_t tick, uint64_t &next) const;

 private:
  bool tx_enable() const { return config >> 16 & 1; }
  bool rx_enable() const { return config >> 17 & 1; }
  bool line() const { return config >> 18 & 1 ? tx_bits == 0 || (tx_shift & 1) : true; }
  uint32_t divider() const { return config & 0xffff ? config & 0xffff : 1; }
  bool tx_starts() const { return tx_bits == 0 && !waiting.empty(); }
  bool rx_starts() const { return rx_bits == 0 && rx_enable() && !line(); }
  void serial_tick(uint64_t tick, const Tables &tables, EventsDown &item);
};

#endif
