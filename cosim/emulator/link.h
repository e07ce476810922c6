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
  uint64_t next;  // due of the first one, or kNever

  void clear() {
    entries.clear();
    next = kNever;
  }
  // Where the next item is written, and that it enters.
  T &room() { return entries.room().item; }
  void enter(uint64_t tick) {
    const uint64_t due = tick + HX_MACHINE_LINK_LATENCY;
    if (entries.empty()) next = due;
    entries.entered().due = due;
  }
  // The item that leaves at this tick, or null; it holds for the rest of the tick.
  const T *leave(uint64_t tick) {
    if (next != tick) return nullptr;
    const T &item = entries[0].item;
    entries.pop();
    next = entries.empty() ? kNever : entries[0].due;
    return &item;
  }
};

// What is on the wires of one direction in a tick.
template <class Item, class Events>
struct Frame {
  bool valid, damaged;
  uint8_t number, ack;
  Item item;
  Events events;
};
using FrameDown = Frame<BusRequest, EventsDown>;
using FrameUp = Frame<BusResponse, EventsUp>;

// The wires of one direction, with their errors.
template <class F>
struct Wire {
  Delay<F> line;
  F last;  // sent once more if valid

  // Whether a frame is sent, which has been written to the room of the line.
  void enter(uint64_t tick, bool sent, uint8_t error) {
    F &frame = line.room();
    if (last.valid) frame = last;
    sent = sent || last.valid;
    last.valid = false;
    if (!sent || error == HX_MACHINE_LINK_ERROR_LOST) return;
    if (error == HX_MACHINE_LINK_ERROR_REPEATED) last = frame;
    frame.damaged = error == HX_MACHINE_LINK_ERROR_DAMAGED;
    line.enter(tick);
  }
  void clear() {
    line.clear();
    last.valid = false;
  }
};

// One end of the repeats of bus items; numbers count modulo 256, so that a byte is one.
template <class Item>
struct Arq {
  static_assert(HX_MACHINE_ARQ_DEPTH == 128, "a number is a byte: twice the depth");
  Item items[HX_MACHINE_ARQ_DEPTH];
  uint64_t deadline;
  uint8_t oldest, next, fresh, end;  // oldest not acknowledged <= next to send <= never sent <= next to come
  uint8_t expected;  // number of the next item from the other end
  bool owed;         // an acknowledgement

  bool room(unsigned reserve) const { return uint8_t(end - oldest) <= HX_MACHINE_ARQ_DEPTH - reserve; }
  // The item that goes out is one that went before.
  bool again() const { return next != fresh; }
  const Item &head() const { return items[next % HX_MACHINE_ARQ_DEPTH]; }
  // Something goes out whatever comes in.
  bool sends() const { return next != end || owed; }
  uint64_t next_action() const { return oldest != fresh ? deadline : kNever; }

  // What is sent in this tick besides the events, given what comes in; false: nothing.
  template <class Events>
  bool send(Frame<Item, Events> &frame, const Item *item, const Events &events) {
    if (item) items[end++ % HX_MACHINE_ARQ_DEPTH] = *item;
    if (!sends() && events.count == 0) return false;
    frame.valid = true;
    frame.damaged = false;
    frame.number = next;
    frame.ack = expected;
    frame.item.valid = false;
    if (next != end) frame.item = head();
    frame.events.count = 0;
    if (events.count != 0) frame.events = events;
    return true;
  }
  // End of the tick: `got` arrived intact or is null, and its item was taken or not.
  template <class Got>
  void end_tick(uint64_t tick, const Got *got, bool taken) {
    if (!got && !sends() && next_action() != tick) return;
    const uint8_t waiting = uint8_t(fresh - oldest);  // for an acknowledgement
    bool starts = waiting == 0 && next != end;
    if (next != end) {
      fresh = uint8_t(fresh + !again());
      ++next;
    }
    const uint8_t acked = got ? uint8_t(got->ack - oldest) : 0;
    if (acked != 0 && acked <= waiting) {
      if (uint8_t(next - oldest) < acked) next = got->ack;
      oldest = got->ack;
      starts = true;
    } else if (waiting != 0 && tick == deadline) {
      next = oldest;
      starts = true;
    }
    if (starts) deadline = tick + 2 * HX_MACHINE_LINK_LATENCY + HX_MACHINE_ARQ_SLACK;
    owed = got && got->item.valid;
    expected = uint8_t(expected + taken);
  }
  void clear() {
    oldest = next = fresh = end = expected = 0;
    owed = false;
  }
};

struct Link {
  Arq<BusRequest> fpga;
  Arq<BusResponse> chip;
  Wire<FrameDown> to_chip;
  Wire<FrameUp> to_fpga;
  Delay<SyncDown> down_sync;
  Delay<SyncReply> up_sync;
  uint8_t was_usable;
  uint64_t due[8], last_due;

  void power_on();
  // PHYs that are up at this tick, given those whose two ends are configured and enabled.
  uint8_t phy_up(uint8_t usable, uint64_t tick) const;
  // End of a tick: deadlines of newly usable PHYs; a link that is down loses what is under way.
  void end_tick(uint8_t usable, bool up, uint64_t tick) {
    if (usable != was_usable || !up) change(usable, up, tick);
  }
  // First tick, from `tick` on, in which something leaves or a PHY goes up or down.
  uint64_t next(uint8_t usable, uint64_t tick) const;

 private:
  void change(uint8_t usable, bool up, uint64_t tick);
  void lose();  // what is under way
};

#endif
