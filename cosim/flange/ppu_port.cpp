// SPDX-License-Identifier: Apache-2.0
// The DPI imports of ppu_port.sv.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ppu.h"

// What ppu_port.sv knows of the order of the words.
static_assert(sizeof(hx_ppu_in) == 40 * sizeof(uint32_t) && offsetof(hx_ppu_in, run) == 39 * sizeof(uint32_t));
static_assert(sizeof(hx_ppu_out) == 50 * sizeof(uint32_t) && offsetof(hx_ppu_out, vector_address) == 36 * sizeof(uint32_t) &&
              offsetof(hx_ppu_out, sleep) == 49 * sizeof(uint32_t));

extern "C" {

void* ppu_open() { return new hx_ppu; }

void ppu_reset(void* ppu) { hx_ppu_reset(static_cast<hx_ppu*>(ppu)); }

unsigned long long ppu_step(void* context, int processor, unsigned seed, unsigned long long now,
                            const uint32_t* answers) {
  auto* ppu = static_cast<hx_ppu*>(context);
  hx_ppu_in in;
  std::memcpy(&in, answers, sizeof in);
  hx_ppu_step(ppu, static_cast<unsigned>(processor), seed, now, &in);
  return ppu->next;
}

unsigned ppu_request(void* context, int word) {
  uint32_t asked;
  std::memcpy(&asked, reinterpret_cast<const uint32_t*>(&static_cast<hx_ppu*>(context)->out) + word, sizeof asked);
  return asked;
}
}
