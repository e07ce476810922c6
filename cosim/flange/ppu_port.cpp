// SPDX-License-Identifier: Apache-2.0
// The DPI imports of ppu_port.sv.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ppu.h"

extern "C" {

void* ppu_open() {
  auto* ppu = new hx_ppu;
  hx_ppu_reset(ppu);
  return ppu;
}

unsigned long long ppu_step(void* context, int processor, unsigned seed, unsigned long long now,
                            const uint32_t* answers, uint32_t* requests) {
  auto* ppu = static_cast<hx_ppu*>(context);
  hx_ppu_in in;
  std::memcpy(&in, answers, sizeof in);
  hx_ppu_step(ppu, static_cast<unsigned>(processor), seed, now, &in);
  std::memcpy(requests, &ppu->out.vector_address, sizeof ppu->out - offsetof(hx_ppu_out, vector_address));
  return ppu->next;
}

unsigned ppu_half_row(void* context, int index) {
  const hx_ppu_out& asks = static_cast<hx_ppu*>(context)->out;
  return index < 32 ? asks.vector_data[index] : asks.vector_mask[index - 32];
}
}
