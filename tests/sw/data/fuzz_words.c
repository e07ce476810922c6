// SPDX-License-Identifier: Apache-2.0
// Random streams through the codec, with columns of exactly the counted size: whatever is written
// outside them, or is undefined, the sanitizers report. Arguments: seed, number of streams.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../hal/hxcomm/words.c"

static uint64_t state;

static uint64_t next(void) {  // xorshift64*
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * 2685821657736338717ull;
}

static void *column(size_t count, size_t size) {
  void *memory = malloc(count * size);
  if (!memory && count) {
    abort();
  }
  return memory;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    return 2;
  }
  state = strtoull(argv[1], NULL, 0) * 2 + 1;
  unsigned long long total = 0;
  for (long n = strtol(argv[2], NULL, 0); n > 0; n--) {
    size_t count = next() % 40;
    uint64_t *words = column(count, sizeof *words);
    int clean = next() % 4 != 0;  // mostly streams in which headers are known
    for (size_t i = 0; i < count; i++) {
      words[i] = next();
      if (clean) {
        words[i] = (words[i] & ~(0xffull << ID_SHIFT)) | (next() % HX_UT_FROM_FPGA_COUNT) << ID_SHIFT;
      }
    }
    struct stream at_start = {0, 0, next() % 1000};
    uint64_t counts[COUNTS];
    size_t used = hx_words_count(&at_start, words, count, counts);
    const uint64_t *c = counts;
    struct columns columns = {
        column(c[10] + 2 * c[11] + 3 * c[12], sizeof(struct spike)),
        column(c[7] + 2 * c[8] + 3 * c[9], sizeof(struct madc_sample)),
        column(c[3], sizeof(struct link_notification)),
        column(c[4], sizeof(struct answer)),
        column(c[1], sizeof(struct answer)),
        column(c[0], sizeof(struct answer)),
        column(c[2] - c[HALTS], sizeof(uint64_t)),
        column(c[HALTS], sizeof(struct halt)),
    };
    struct stream s = at_start;
    hx_words_columns(&s, words, count, &columns);
    uint8_t *ids = column(count, 1), *high = column(count, 1);
    uint64_t *low = column(count, sizeof *low), *out;
    struct stream t = at_start;
    size_t taken;
    size_t messages = hx_words_decode(&t, 1, words, count, ids, low, high, &taken);
    if (taken != used || s.fill != t.fill || s.rest != t.rest) {
      return 1;
    }
    out = column(messages + messages / 4 + 1 + messages, sizeof *out);
    struct stream e = {0, 0, 0};
    size_t bad;
    total += hx_words_encode(&e, 1, ids, low, high, messages, ids, out, &bad);
    if (bad != messages) {
      return 1;
    }
    void *all[] = {words, columns.spikes, columns.madc_samples, columns.link_notifications,
                   columns.timeouts, columns.omnibus, columns.jtag, columns.ticks, columns.halts,
                   ids, high, low, out};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
      free(all[i]);
    }
  }
  printf("%llu\n", total);
  return 0;
}
