// SPDX-License-Identifier: Apache-2.0
// Timed spikes to instructions: waits and spike packs, in the order and with the rule of a program
// with absolute times. The slow twin is in tests/sw/test_timed_spikes.py.

#include <stddef.h>
#include <stdint.h>

#include "hxcosim/ut.h"

#define EXPORT __attribute__((visibility("default")))
#define HEADER(id) ((uint64_t)(id) << (HX_UT_PHYWORD_WIDTH - HX_UT_HEADER_WIDTH))

static const uint64_t pack_header[3] = {
    HEADER(HX_UT_TO_FPGA_SPIKE_PACK1_ID),
    HEADER(HX_UT_TO_FPGA_SPIKE_PACK2_ID),
    HEADER(HX_UT_TO_FPGA_SPIKE_PACK3_ID),
};

enum { LABEL_WIDTH = HX_UT_TO_FPGA_SPIKE_PACK1_PAYLOAD_WIDTH };

// Words for `count` spikes; `words` has room for two per spike. The number of words, or -1 - i if
// spike i is earlier than its predecessor. `late` receives the longest delay of a spike in ticks.
EXPORT int64_t hx_timed_spikes(
    const uint32_t *times, const uint16_t *labels, size_t count, uint64_t *words, uint64_t *late) {
  uint64_t *out = words;
  uint64_t running = 0;
  uint64_t worst = 0;
  for (size_t i = 0; i < count;) {
    uint64_t time = times[i];
    if (i > 0 && time < times[i - 1]) {
      return -1 - (int64_t)i;
    }
    if (time > running) {
      *out++ = HEADER(HX_UT_TO_FPGA_WAIT_UNTIL_ID) | (time - 1);
      running = time;
    } else if (running - time > worst) {
      worst = running - time;
    }
    uint64_t payload = labels[i];
    size_t packed = 1;
    while (packed < 3 && i + packed < count && times[i + packed] == time) {
      payload = payload << LABEL_WIDTH | labels[i + packed];
      packed++;
    }
    *out++ = pack_header[packed - 1] | payload;
    running++;
    i += packed;
  }
  *late = worst;
  return out - words;
}
