// SPDX-License-Identifier: Apache-2.0
// Items on the highspeed link and the link itself: docs/timing.md section 8.
#ifndef HXCOSIM_EMULATOR_LINK_H
#define HXCOSIM_EMULATOR_LINK_H

#include <cstdint>

#include "hxcosim/machine.h"
#include "ring.h"

constexpr uint64_t kNever = ~uint64_t{0};  // a time that does not come

struct BusRequest {
  bool valid, read;
  uint8_t epoch, byte_enables;
  uint32_t address, data;
};
struct BusResponse {
  bool valid;
  uint8_t epoch;
  uint32_t data;
};
struct EventsDown {
  uint8_t count;  // 0: none
  uint16_t labels[3];
};
struct EventsUp {
  uint8_t count;        // 0: none
  bool madc[2];
  uint32_t events[2];   // {time stamp, value}
};
struct SyncDown {
  bool valid, set;
};
struct SyncReply {
  bool valid;
  uint64_t time, base;
};

// Delivers each item exactly HX_MACHINE_LINK_LATENCY ticks after it entered.
template <class T>
struct Delay {
  struct Entry {
    uint64_t due;
    T item;
  };
  Ring<Entry, 64> entries;

  uint64_t next() const { return entries.empty() ? kNever : entries[0].due; }
  void enter(uint64_t tick, const T &item) {
    entries.push(Entry{tick + HX_MACHINE_LINK_LATENCY, item});
  }
  // Whether an item leaves at this tick, and which.
  bool leave(uint64_t tick, T &item) {
    if (entries.empty() || entries[0].due != tick) return false;
    item = entries[0].item;
    entries.pop();
    return true;
  }
};

struct Link {
  Delay<BusRequest> down_bus;
  Delay<EventsDown> down_events;
  Delay<SyncDown> down_sync;
  Delay<BusResponse> up_bus;
  Delay<EventsUp> up_events;
  Delay<SyncReply> up_sync;
  uint8_t was_usable;
  uint64_t due[8], last_due;

  // PHYs that are up at this tick, given those whose two ends are configured and enabled.
  uint8_t phy_up(uint8_t usable, uint64_t tick) const;
  // End of a tick: deadlines of newly usable PHYs; a link that is down loses what is under way.
  void end_tick(uint8_t usable, bool up, uint64_t tick);
  // First tick, from `tick` on, in which something leaves or a PHY goes up or down.
  uint64_t next(uint8_t usable, uint64_t tick) const;
};

#endif
