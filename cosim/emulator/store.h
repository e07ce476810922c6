// SPDX-License-Identifier: Apache-2.0
// A queue without a capacity of its own: the caller checks size() against the modelled depth.
#ifndef HXCOSIM_EMULATOR_STORE_H
#define HXCOSIM_EMULATOR_STORE_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <new>
#include <vector>

// Pieces of memory, of which the process keeps some: a fresh one has to be mapped and cleared by the
// system, which takes as long as a run that fills it.
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
    return ::operator new(kBytes);
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
    ::operator delete(piece);
  }

 private:
  static constexpr size_t kKept = 192;  // 12 MiB
  static Pieces &pieces() {
    static Pieces all;
    return all;
  }
  ~Pieces() {
    while (count_ != 0) ::operator delete(kept_[--count_]);
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
  const T &front() const { return pieces_[0][head_]; }
  const T &operator[](size_t i) const { return pieces_[(head_ + i) / kItems][(head_ + i) % kItems]; }
  void push(const T &item) {
    const size_t at = head_ + count_;
    if (at == kItems * pieces_.size()) reserve(1);
    pieces_[at / kItems][at % kItems] = item;
    ++count_;
  }
  void pop() { pop(1); }
  void clear() { pop(count_); }
  // Makes room for n further items, or throws std::bad_alloc.
  void reserve(size_t n) {
    while (head_ + count_ + n > kItems * pieces_.size()) {
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
      const size_t part = std::min(n, kItems - head_);
      if (to) {
        std::memcpy(to, &front(), part * sizeof(T));
        to += part;
      }
      pop(part);
      n -= part;
    }
  }

 private:
  static constexpr size_t kItems = Pieces::kBytes / sizeof(T);
  static_assert(kItems * sizeof(T) == Pieces::kBytes, "items fill a piece");

  void pop(size_t n) {
    head_ += n;
    count_ -= n;
    if (count_ == 0) {
      release(1);
      head_ = 0;
    } else if (head_ >= kItems) {
      const size_t gone = head_ / kItems;
      for (size_t k = 0; k < gone; ++k) Pieces::give(pieces_[k]);
      pieces_.erase(pieces_.begin(), pieces_.begin() + std::ptrdiff_t(gone));
      head_ %= kItems;
    }
  }
  void release(size_t kept) {
    for (; pieces_.size() > kept; pieces_.pop_back()) Pieces::give(pieces_.back());
  }
  std::vector<T *> pieces_;
  size_t head_ = 0;
  size_t count_ = 0;
};

#endif
