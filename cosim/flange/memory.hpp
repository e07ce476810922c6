// SPDX-License-Identifier: Apache-2.0
// A large memory of 32-bit words in pages that exist as soon as they are written; the rest reads 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace flange {

class Memory {
 public:
  static constexpr uint32_t kPageWords = 1024;
  using Page = std::vector<uint32_t>;

  uint32_t read(uint32_t address) const {
    const auto page = pages_.find(address / kPageWords);
    return page == pages_.end() ? 0 : page->second[address % kPageWords];
  }
  void write(uint32_t address, uint32_t data, uint32_t mask) {
    Page& page = pages_[address / kPageWords];
    page.resize(kPageWords);
    uint32_t& word = page[address % kPageWords];
    word = (word & ~mask) | (data & mask);
  }
  void clear() { pages_.clear(); }
  std::map<uint32_t, Page>& pages() { return pages_; }
  const std::map<uint32_t, Page>& pages() const { return pages_; }

 private:
  std::map<uint32_t, Page> pages_;  // by number, in order: saved states are equal where contents are
};

// Bits of a word that four byte enables select.
inline uint32_t mask_of(uint8_t byte_enables) {
  if (byte_enables == 0xf) return ~uint32_t{0};  // of nearly all accesses
  uint32_t mask = 0;
  for (unsigned i = 0; i < 4; ++i) {
    if (byte_enables >> i & 1) mask |= 0xffu << 8 * i;
  }
  return mask;
}

}  // namespace flange
