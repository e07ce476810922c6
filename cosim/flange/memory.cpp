// SPDX-License-Identifier: Apache-2.0
// The external DRAM of the simulated FPGA, through DPI.
#include "memory.hpp"

extern "C" {

void* memory_open() { return new flange::Memory; }

uint32_t memory_access(void* memory, uint32_t address, int write, uint32_t byte_enables, uint32_t data) {
  auto& words = *static_cast<flange::Memory*>(memory);
  if (write) words.write(address, data, flange::mask_of(uint8_t(byte_enables)));
  return words.read(address);
}

}  // extern "C"
