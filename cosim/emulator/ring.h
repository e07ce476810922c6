// SPDX-License-Identifier: Apache-2.0
// Queues: a fixed one that lives inside the machine's state and a growing one for the large memories.
#ifndef HXCOSIM_EMULATOR_RING_H
#define HXCOSIM_EMULATOR_RING_H

#include <cstddef>
#include <cstdint>
#include <vector>

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

// The same without a capacity of its own: the caller checks size() against the modelled depth.
template <class T>
class Store {
 public:
  bool empty() const { return count_ == 0; }
  size_t size() const { return count_; }
  const T &front() const { return items_[head_]; }
  const T &operator[](size_t i) const { return items_[(head_ + i) & (items_.size() - 1)]; }
  void push(const T &item) {
    if (count_ == items_.size()) reserve(1);
    items_[(head_ + count_++) & (items_.size() - 1)] = item;
  }
  void pop() {
    head_ = (head_ + 1) & (items_.size() - 1);
    if (--count_ == 0 && items_.size() > kKept) {
      std::vector<T>().swap(items_);
      head_ = 0;
    }
  }
  void clear() { head_ = count_ = 0; }
  // Makes room for n further items.
  void reserve(size_t n) {
    size_t capacity = items_.empty() ? 64 : items_.size();
    while (capacity < count_ + n) capacity *= 2;
    if (capacity == items_.size()) return;
    std::vector<T> larger(capacity);
    for (size_t i = 0; i < count_; ++i) larger[i] = (*this)[i];
    items_.swap(larger);
    head_ = 0;
  }

 private:
  static constexpr size_t kKept = 1 << 16;  // room that an empty queue keeps
  std::vector<T> items_;
  size_t head_ = 0;
  size_t count_ = 0;
};

#endif
