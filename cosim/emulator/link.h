// SPDX-License-Identifier: Apache-2.0
// Items on the highspeed link and the link itself: docs/timing.md section 8.
#ifndef HXCOSIM_EMULATOR_LINK_H
#define HXCOSIM_EMULATOR_LINK_H

#include <cstdint>

#include "hxcosim/machine.h"
#include "ring.h"

constexpr uint64_t kNever = ~uint64_t{0};  // a time that does not come

struct BusRequest {
  bool read;
  uint8_t epoch;
  uint16_t byte_enables;  // 4; so wide that saved states have no padding here
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

// Delivers each item exactly HX_MACHINE_LINK_LATENCY ticks after it entered; at most one enters in a tick.
template <class T>
struct Delay {
  static constexpr uint64_t kSlots = 32;
  static_assert(HX_MACHINE_LINK_LATENCY < kSlots, "a tick that brings an item is known by its number modulo the slots");
  T items[kSlots];
  uint32_t filled;

  void clear() { filled = 0; }
  // Where the item of this tick is written, and that it enters.
  T &room(uint64_t tick) { return items[due(tick)]; }
  void enter(uint64_t tick) { filled |= uint32_t{1} << due(tick); }
  // The item that leaves at this tick, or null; it holds for the rest of the tick.
  const T *leave(uint64_t tick) {
    if (!(filled >> tick % kSlots & 1)) return nullptr;
    filled &= ~(uint32_t{1} << tick % kSlots);
    return &items[tick % kSlots];
  }
  // First tick, from `tick` on, in which one leaves.
  uint64_t next(uint64_t tick) const {
    if (filled == 0) return kNever;
    const uint64_t twice = uint64_t{filled} << kSlots | filled;
    return tick + uint64_t(__builtin_ctzll(twice >> tick % kSlots));
  }

 private:
  static uint64_t due(uint64_t tick) { return (tick + HX_MACHINE_LINK_LATENCY) % kSlots; }
};

// What is on the wires of one direction in a tick; an item is known by its number.
template <class Events>
struct Frame {
  bool damaged, item;
  uint8_t number, ack;
  Events events;
};
using FrameDown = Frame<EventsDown>;
using FrameUp = Frame<EventsUp>;

// The wires of one direction, with their errors.
template <class F>
struct Wire {
  Delay<F> line;
  bool repeats;  // `last`, in the next tick
  F last;

  // Whether a frame is sent, which has been written to the room of the line.
  void enter(uint64_t tick, bool sent, uint8_t error) {
    if (!sent && !repeats) return;
    F &frame = line.room(tick);
    frame.damaged = false;
    if (repeats || error != HX_MACHINE_LINK_ERROR_NONE) {
      if (repeats) frame = last;
      repeats = error == HX_MACHINE_LINK_ERROR_REPEATED;
      if (repeats) last = frame;
      frame.damaged = error == HX_MACHINE_LINK_ERROR_DAMAGED;
      if (error == HX_MACHINE_LINK_ERROR_LOST) return;
    }
    line.enter(tick);
  }
  void clear() {
    line.clear();
    repeats = false;
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
  const Item &head() const { return item(next); }
  // What was sent with this number: it stays until it has come, and is not looked at when it comes again.
  const Item &item(uint8_t number) const { return items[number % HX_MACHINE_ARQ_DEPTH]; }
  // Something goes out whatever comes in.
  bool sends() const { return next != end || owed; }
  // Nothing is under way: nothing goes out and nothing is waited for.
  bool rests() const { return oldest == end && !owed; }
  uint64_t next_action() const { return oldest != fresh ? deadline : kNever; }

  // What is sent in this tick besides the events, given what comes in; false: nothing.
  template <class Events>
  bool send(Frame<Events> &frame, const Item *item, const Events &events) {
    if (item) items[end++ % HX_MACHINE_ARQ_DEPTH] = *item;
    if (!sends() && events.count == 0) return false;
    frame.item = next != end;
    frame.number = next;
    frame.ack = expected;
    frame.events.count = 0;
    if (events.count != 0) frame.events = events;
    return true;
  }
  // End of the tick: `got` arrived intact or is null, and its item was taken or not.
  template <class Got>
  void end_tick(uint64_t tick, const Got *got, bool taken) {
    if (rests()) {
      owed = got && got->item;
      expected = uint8_t(expected + taken);
      return;
    }
    if (!got && !sends() && next_action() != tick) return;
    const uint8_t waiting = uint8_t(fresh - oldest);  // for an acknowledgement
    bool starts = false;
    if (next != end) {
      starts = waiting == 0;
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
    owed = got && got->item;
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
