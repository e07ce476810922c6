// SPDX-License-Identifier: Apache-2.0
#include "events.h"

#include <algorithm>
#include <cstring>

namespace {

constexpr unsigned kFrameBits = 10;
constexpr uint32_t kInputEnable = 1u << (HX_OMNIBUS_INPUT_ROUTING_TABLE_WIDTH - 1);
constexpr uint32_t kOutputEnable = 1u << (HX_OMNIBUS_OUTPUT_ROUTING_TABLE_WIDTH - 1);

void push(EventsDown &item, uint32_t label) { item.labels[item.count++] = uint16_t(label); }

// Whether `address` lies in `memory` at `base`; if so calls f(word, bits of a word).
template <class T, unsigned N, class F>
bool at(T (&memory)[N], uint32_t base, unsigned width, uint32_t address, F f) {
  if (address - base >= N) return false;
  f(memory[address - base], width);
  return true;
}

// The same for the one of the tables that holds it.
template <class Of, class F>
bool find(Of &tables, uint32_t address, F f) {
  return at(tables.external, HX_OMNIBUS_EXTERNAL_PPU_MEMORY_BASE, 32, address, f) ||
         at(tables.event_switch, HX_OMNIBUS_EVENT_SWITCH_EXECUTOR_SOURCE_BASE, 32, address, f) ||
         at(tables.input, HX_OMNIBUS_INPUT_ROUTING_TABLE_BASE, HX_OMNIBUS_INPUT_ROUTING_TABLE_WIDTH,
            address, f) ||
         at(tables.output, HX_OMNIBUS_OUTPUT_ROUTING_TABLE_BASE, 16, address, f) ||
         at(tables.serial_input, HX_OMNIBUS_SPIKE_IO_INPUT_ROUTING_BASE, 16, address, f) ||
         at(tables.serial_output, HX_OMNIBUS_SPIKE_IO_OUTPUT_ROUTING_BASE, 8, address, f);
}

}  // namespace

void Tables::power_on() {
  std::memset(static_cast<void *>(this), 0, sizeof *this);
  std::memset(serial_input, 0xff, sizeof serial_input);
  std::memset(serial_output, 0xff, sizeof serial_output);
}

bool Tables::read(uint32_t address, uint32_t &data) const {
  return find(*this, address, [&](auto &word, unsigned) { data = word; });
}

bool Tables::write(uint32_t address, uint32_t data, uint32_t mask) {
  return find(*this, address, [&](auto &word, unsigned width) {
    const uint32_t merged = (word & ~mask) | (data & mask);
    word = static_cast<std::remove_reference_t<decltype(word)>>(merged & (~0u >> (32 - width)));
  });
}

void EventUnits::write_config(uint32_t data, uint32_t mask) {
  config = ((config & ~mask) | (data & mask)) & ((1u << HX_OMNIBUS_SPIKE_IO_CONFIG_WIDTH) - 1);
}

void EventUnits::tick(uint64_t tick, const Tables &tables, const EventsUp &up, EventsDown &down) {
  // What has been sent to all FPGAs comes back, and the serial input behind it.
  EventsDown item{};
  for (unsigned i = 0; i < sent; ++i) {
    const uint32_t entry = tables.input[link[i]];
    if (entry & kInputEnable) push(item, entry);
  }
  sent = 0;
  const bool room = !waiting.full();
  if (tx_bits || rx_bits || !waiting.empty()) serial_tick(tick, tables, item);

  Addresses serial{};
  for (unsigned i = 0; i < up.count; ++i) {
    if (up.madc[i]) continue;
    const uint16_t label = uint16_t(up.events[i]);
    const uint16_t route = tables.output[label];
    if (route & kOutputEnable) link[sent++] = route & (kOutputEnable - 1);
    const uint8_t address = tables.serial_output[label];
    if (tx_enable() && address != HX_MACHINE_SPIKE_IO_SILENT_ADDRESS) {
      serial.address[serial.count++] = address;
    }
  }
  if (serial.count && room) waiting.push(serial);

  const bool queue_room = !queue.full();
  if (!down.count && !queue.empty()) {
    down = queue[0];
    queue.pop();
  }
  if (item.count && queue_room) queue.push(item);
}

void EventUnits::serial_tick(uint64_t tick, const Tables &tables, EventsDown &item) {
  const bool low = !line(), starts = rx_starts();
  if (tx_starts()) {
    const Addresses &head = waiting[0];
    const bool last = head.count == 1 || second;
    tx_bits = kFrameBits;
    tx_shift = uint16_t(1u << (kFrameBits - 1) | head.address[second] << 1);
    tx_next = tick + divider();
    second = !last;
    if (last) waiting.pop();
  } else if (tx_bits && tick == tx_next) {
    --tx_bits;
    tx_shift >>= 1;
    tx_next = tick + divider();
  }
  if (starts) {
    rx_bits = kFrameBits - 1;
    rx_next = tick + divider() + divider() / 2;
  } else if (rx_bits && tick == rx_next) {
    if (rx_bits == 1 && rx_enable() && !low) {
      const uint16_t label = tables.serial_input[rx_shift & 0xff];
      if (label != HX_MACHINE_SPIKE_IO_SILENT_LABEL) push(item, label);
    }
    rx_bits = rx_enable() ? uint8_t(rx_bits - 1) : 0;
    rx_shift = uint16_t((rx_shift >> 1 & 0x7f) | (low ? 0 : 0x80));
    rx_next = tick + divider();
  }
}

bool EventUnits::idle(uint64_t tick, uint64_t &next) const {
  if (sent || !queue.empty() || tx_starts() || rx_starts()) return false;
  if ((tx_bits && tx_next == tick) || (rx_bits && rx_next == tick)) return false;
  if (tx_bits) next = std::min(next, tx_next);
  if (rx_bits) next = std::min(next, rx_next);
  return true;
}
