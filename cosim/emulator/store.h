// SPDX-License-Identifier: Apache-2.0
// A queue without a capacity of its own: the caller checks size() against the modelled depth.
#ifndef HXCOSIM_EMULATOR_STORE_H
#define HXCOSIM_EMULATOR_STORE_H

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <new>
#include <vector>

// Pieces of memory, of which the process keeps some: a fresh one has to be mapped and cleared by the
// system, which takes as long as a run that fills it. The others go back to the system, which those of a
// heap do only if nothing lies behind them.
class Pieces {
 public:
  static constexpr size_t kBytes = 1 << 16;
  // Throws std::bad_alloc.
  static void *take() {
    Pieces &all = pieces();
    {
      const std::lock_guard<std::mutex> lock(all.mutex_);
      if (all.count_ != 0) return all.kept_[--all.count_];
    }
    void *piece = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (piece == MAP_FAILED) throw std::bad_alloc();
    return piece;
  }
  static void give(void *piece) {
    Pieces &all = pieces();
    {
      const std::lock_guard<std::mutex> lock(all.mutex_);
      if (all.count_ < kKept) {
        all.kept_[all.count_++] = piece;
        return;
      }
    }
    munmap(piece, kBytes);
  }

 private:
  static constexpr size_t kKept = 192;  // 12 MiB
  static Pieces &pieces() {
    static Pieces all;
    return all;
  }
  ~Pieces() {
    while (count_ != 0) munmap(kept_[--count_], kBytes);
  }
  std::mutex mutex_;
  size_t count_ = 0;
  void *kept_[kKept];
};

template <class T>
class Store {
 public:
  Store() = default;
  Store(const Store &) = delete;
  Store &operator=(const Store &) = delete;
  ~Store() { release(0); }

  bool empty() const { return count_ == 0; }
  size_t size() const { return count_; }
  const T &front() const { return *head_; }
  const T &operator[](size_t i) const {
    i += size_t(head_ - pieces_[0]);
    return pieces_[i / kItems][i % kItems];
  }
  void push(const T &item) {
    if (tail_ == end_) next_piece();
    *tail_++ = item;
    ++count_;
  }
  void push(const T *items, size_t n) {
    while (n != 0) {
      if (tail_ == end_) next_piece();
      const size_t part = std::min(n, size_t(end_ - tail_));
      std::memcpy(tail_, items, part * sizeof(T));
      tail_ += part;
      count_ += part;
      items += part;
      n -= part;
    }
  }
  // How many items lie in one piece from the first one on.
  size_t together() const { return std::min(count_, size_t(head_end_ - head_)); }
  void pop() {
    ++head_;
    --count_;
    if (head_ == head_end_) leave();
  }
  void clear() { take(nullptr, count_); }
  // Makes room for n further items, or throws std::bad_alloc.
  void reserve(size_t n) {
    size_t room = size_t(end_ - tail_) + kItems * (pieces_.size() - used_);
    for (; room < n; room += kItems) {
      pieces_.push_back(nullptr);
      try {
        pieces_.back() = static_cast<T *>(Pieces::take());
      } catch (...) {
        pieces_.pop_back();
        throw;
      }
    }
  }
  // Removes the first n items, which go to `to` if it is not null.
  void take(T *to, size_t n) {
    while (n != 0) {
      const size_t part = std::min(n, size_t(head_end_ - head_));
      if (to) {
        std::memcpy(to, head_, part * sizeof(T));
        to += part;
      }
      head_ += part;
      count_ -= part;
      n -= part;
      leave();
    }
  }

 private:
  static constexpr size_t kItems = Pieces::kBytes / sizeof(T);
  static_assert(kItems * sizeof(T) == Pieces::kBytes, "items fill a piece");

  __attribute__((noinline)) void next_piece() {
    reserve(1);
    tail_ = pieces_[used_++];
    end_ = tail_ + kItems;
    if (used_ == 1) {
      head_ = tail_;
      head_end_ = end_;
    }
  }
  // The queue is empty, or its first piece is perhaps.
  __attribute__((noinline)) void leave() {
    if (count_ == 0) {
      release(1);
      used_ = pieces_.size();
      head_ = tail_ = used_ ? pieces_[0] : nullptr;
      head_end_ = end_ = tail_ + (used_ ? kItems : 0);
    } else if (head_ == head_end_) {
      Pieces::give(pieces_[0]);
      pieces_.erase(pieces_.begin());
      --used_;
      head_ = pieces_[0];
      head_end_ = head_ + kItems;
    }
  }
  void release(size_t kept) {
    for (; pieces_.size() > kept; pieces_.pop_back()) Pieces::give(pieces_.back());
  }
  std::vector<T *> pieces_;
  size_t used_ = 0;  // pieces with items
  size_t count_ = 0;
  // The ends are those of the pieces of head and tail.
  T *head_ = nullptr, *head_end_ = nullptr, *tail_ = nullptr, *end_ = nullptr;
};

#endif
