// SPDX-License-Identifier: Apache-2.0
// A queue that lives inside the machine's state.
#ifndef HXCOSIM_EMULATOR_RING_H
#define HXCOSIM_EMULATOR_RING_H

#include <cstdint>

// First-in first-out queue of at most Capacity items (a power of two), plain data.
template <class T, unsigned Capacity>
struct Ring {
  static_assert((Capacity & (Capacity - 1)) == 0, "capacity must be a power of two");
  T items[Capacity];
  uint32_t head;
  uint32_t count;

  bool empty() const { return count == 0; }
  bool full() const { return count == Capacity; }
  T &operator[](unsigned i) { return items[(head + i) & (Capacity - 1)]; }
  const T &operator[](unsigned i) const { return items[(head + i) & (Capacity - 1)]; }
  // Where the next item comes; it is there. What was just written in parts is slow to copy at once.
  T &room() { return items[(head + count) & (Capacity - 1)]; }
  T &entered() { return items[(head + count++) & (Capacity - 1)]; }
  void push(const T &item) { entered() = item; }
  void pop(unsigned n = 1) {
    head = (head + n) & (Capacity - 1);
    count -= n;
  }
  void clear() { head = count = 0; }
};

#endif
