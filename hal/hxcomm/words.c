// SPDX-License-Identifier: Apache-2.0
// Packing and unpacking of UT messages over arrays of 64-bit words, with the comma, filler and flush
// rules of the FPGA interface reference, sections 1.4 and 1.5, and reconstruction of the FPGA time,
// section 2.7. The slow twin is tests/sw/bitstring_twin.py.
//
// Messages are 64 or 80 bits long, so that 16, 32 or 48 bits can be left between words, or 64 in
// front of the second word of a long message.

#include <stddef.h>
#include <stdint.h>

#include "hxcosim/ut.h"

#define EXPORT __attribute__((visibility("default")))
#define WORD HX_UT_PHYWORD_WIDTH
#define ID_SHIFT (HX_UT_PHYWORD_WIDTH - HX_UT_HEADER_WIDTH)
#define COMMA (1ull << (WORD - 1))
#define LONG 80
#define TAIL (LONG - WORD)

_Static_assert(HX_UT_TO_FPGA_MAX_WIDTH == WORD, "to the FPGA, a message is a word");
_Static_assert(HX_UT_FROM_FPGA_MAX_WIDTH == LONG, "the long messages have 80 bits");

// The bits between words: `rest` is left aligned, `fill` of them are valid. `time` is the FPGA time
// of the message before.
struct stream {
  uint64_t rest;
  uint64_t fill;
  uint64_t time;
};

struct dictionary {
  uint64_t count;
  const uint8_t *widths;
  const uint8_t *payload_widths;
};

static const struct dictionary dictionaries[2] = {
    {HX_UT_TO_FPGA_COUNT, HX_UT_TO_FPGA_WIDTHS, HX_UT_TO_FPGA_PAYLOAD_WIDTHS},
    {HX_UT_FROM_FPGA_COUNT, HX_UT_FROM_FPGA_WIDTHS, HX_UT_FROM_FPGA_PAYLOAD_WIDTHS},
};

struct message {
  uint64_t id;
  uint64_t low;
  uint64_t high;
};

enum { MESSAGE = 1, UNKNOWN = 2 };

static inline uint64_t low_mask(const struct dictionary *d, uint64_t id) {
  return d->payload_widths[id] >= WORD ? ~0ull : (1ull << d->payload_widths[id]) - 1;
}

// Take one word: completes at most one message (MESSAGE) and may bring an unknown header into
// front position (UNKNOWN), which is then in the top bits of `rest`.
static inline int take(
    struct stream *s, uint64_t word, const struct dictionary *d, struct message *m) {
  uint64_t fill = s->fill;
  if (fill == 0) {
    if (word & COMMA) {
      return 0;
    }
    uint64_t id = word >> ID_SHIFT;
    s->rest = word;
    if (id >= d->count) {
      return UNKNOWN;
    }
    if (d->widths[id] != WORD) {
      s->fill = WORD;
      return 0;
    }
    *m = (struct message){id, word & low_mask(d, id), 0};
    return MESSAGE;
  }
  uint64_t id = s->rest >> ID_SHIFT;
  uint64_t first = fill == WORD ? s->rest : s->rest | word >> fill;
  uint64_t used = d->widths[id] - fill;
  if (d->widths[id] == WORD) {
    *m = (struct message){id, first & low_mask(d, id), 0};
  } else {
    uint64_t tail = (fill == WORD ? word : word << (WORD - fill)) >> (WORD - TAIL);
    *m = (struct message){id, first << TAIL | tail, first >> (WORD - TAIL) & 0xff};
  }
  s->rest = used == WORD ? 0 : word << used;
  s->fill = s->rest & COMMA ? 0 : WORD - used;
  if (s->fill != 0 && s->rest >> ID_SHIFT >= d->count) {
    return MESSAGE | UNKNOWN;
  }
  return MESSAGE;
}

// Messages of `count` words; the columns have room for `count`. The number of messages; `used` is
// the number of words taken: `count`, or the index of the word with the unknown header.
EXPORT size_t hx_words_decode(
    struct stream *stream,
    int direction,
    const uint64_t *words,
    size_t count,
    uint8_t *ids,
    uint64_t *low,
    uint8_t *high,
    size_t *used) {
  const struct dictionary *d = &dictionaries[direction];
  struct stream s = *stream;
  struct message m;
  size_t n = 0;
  size_t i = 0;
  for (; i < count; i++) {
    int result = take(&s, words[i], d, &m);
    if (result & MESSAGE) {
      ids[n] = (uint8_t)m.id;
      low[n] = m.low;
      high[n] = (uint8_t)m.high;
      n++;
    }
    if (result & UNKNOWN) {
      break;
    }
  }
  *stream = s;
  *used = i;
  return n;
}

// Words of `count` messages; `words` has room for 5/4 of them, one more, and one for each flush.
// `flush_after` (null or one flag a message) ends the word behind a message. The number of words;
// `bad` is `count`, or the index of a message with an unknown id or a payload out of range.
EXPORT size_t hx_words_encode(
    struct stream *stream,
    int direction,
    const uint8_t *ids,
    const uint64_t *low,
    const uint8_t *high,
    size_t count,
    const uint8_t *flush_after,
    uint64_t *words,
    size_t *bad) {
  const struct dictionary *d = &dictionaries[direction];
  uint64_t rest = stream->rest;
  uint64_t fill = stream->fill;
  uint64_t *out = words;
  size_t i = 0;
  for (; i < count; i++) {
    uint64_t id = ids[i];
    if (id >= d->count || low[i] & ~low_mask(d, id) || (high[i] && d->widths[id] == WORD)) {
      break;
    }
    uint64_t header = id << ID_SHIFT;
    int is_long = d->widths[id] != WORD;
    uint64_t first = header | (is_long ? (uint64_t)high[i] << (WORD - TAIL) | low[i] >> TAIL : low[i]);
    *out++ = rest | first >> fill;
    rest = fill ? first << (WORD - fill) : 0;
    if (is_long) {
      rest |= low[i] << (WORD - TAIL) >> fill;
      fill += TAIL;
      if (fill == WORD) {
        *out++ = rest;
        rest = 0;
        fill = 0;
      }
    }
    if (flush_after && flush_after[i] && fill) {
      *out++ = rest | COMMA >> fill;
      rest = 0;
      fill = 0;
    }
  }
  stream->rest = rest;
  stream->fill = fill;
  *bad = i;
  return (size_t)(out - words);
}

// FPGA time after a message: one cycle later, or what a time annotation says.
static inline uint64_t advance(uint64_t time, uint64_t id, uint64_t payload) {
  time++;
  if (id == HX_UT_FROM_FPGA_SYSDELTA_ID) {
    time += payload;
  } else if (id == HX_UT_FROM_FPGA_SYSTIME_ID) {
    time = payload;
  }
  return time;
}

static inline int is_halt(uint64_t id, uint64_t payload) {
  return id == HX_UT_FROM_FPGA_LOOPBACK_ID &&
         !(payload >> HX_UT_FROM_FPGA_LOOPBACK_TICK_LSB & 1);
}

// FPGA time of each of `count` messages; starts anew behind each halt.
EXPORT void hx_words_times(
    struct stream *stream, const uint8_t *ids, const uint64_t *low, size_t count, uint64_t *times) {
  uint64_t time = stream->time;
  for (size_t i = 0; i < count; i++) {
    time = advance(time, ids[i], low[i]);
    times[i] = time;
    if (is_halt(ids[i], low[i])) {
      time = 0;
    }
  }
  stream->time = time;
}

enum { HALTS = HX_UT_FROM_FPGA_COUNT, COUNTS };

// How many messages of each id, and how many halts, `words` complete. The number of words taken, as
// in hx_words_decode. `stream` stays as it is.
EXPORT size_t hx_words_count(
    const struct stream *stream, const uint64_t *words, size_t count, uint64_t counts[COUNTS]) {
  const struct dictionary *d = &dictionaries[1];
  struct stream s = *stream;
  struct message m = {0, 0, 0};
  uint64_t found[COUNTS] = {0};
  size_t i = 0;
  for (; i < count; i++) {
    int result = take(&s, words[i], d, &m);
    if (result & MESSAGE) {
      found[m.id]++;
      found[HALTS] += (uint64_t)is_halt(m.id, m.low);
    }
    if (result & UNKNOWN) {
      break;
    }
  }
  for (int k = 0; k < COUNTS; k++) {
    counts[k] = found[k];
  }
  return i;
}

#define PACKED __attribute__((packed))

struct PACKED spike {
  uint16_t label;
  uint64_t fpga_time;
  uint64_t chip_time;
};

struct PACKED madc_sample {
  uint16_t value;
  uint8_t channel;
  uint64_t fpga_time;
  uint64_t chip_time;
};

struct PACKED link_notification {
  uint8_t value;
  uint64_t fpga_time;
};

struct PACKED answer {
  uint64_t data;
  uint64_t fpga_time;
};

// Counts at a halt, from the start of the call.
struct halt {
  uint64_t fpga_time;
  uint64_t messages;
  uint64_t spikes;
  uint64_t madc_samples;
  uint64_t link_notifications;
  uint64_t timeouts;
  uint64_t omnibus;
  uint64_t jtag;
  uint64_t ticks;
  uint64_t spike_packs[3];
  uint64_t madc_packs[3];
};

// Room for what hx_words_count has counted.
struct columns {
  struct spike *spikes;
  struct madc_sample *madc_samples;
  struct link_notification *link_notifications;
  struct answer *timeouts;
  struct answer *omnibus;
  struct answer *jtag;
  uint64_t *ticks;
  struct halt *halts;
};

enum {
  EVENT_WIDTH = HX_UT_FROM_FPGA_SPIKE_PACK1_PAYLOAD_WIDTH,
  STAMP_LSB = HX_UT_FROM_FPGA_SPIKE_PACK1_TIMESTAMP0_LSB,
  MADC_VALUE_WIDTH = 10,
  STAMP_PERIOD = 128,
};

_Static_assert(HX_UT_FROM_FPGA_MADC_SAMPLE_PACK1_PAYLOAD_WIDTH == EVENT_WIDTH, "one event layout");
#define TIME_MASK ((1ull << HX_UT_FROM_FPGA_SYSTIME_PAYLOAD_WIDTH) - 1)

// Chip time in FPGA cycles from the low bits in the event: at most the time of the pack.
static inline uint64_t chip_time(uint64_t time, uint64_t event) {
  uint64_t low = event >> (STAMP_LSB + 1) & (STAMP_PERIOD - 1);
  uint64_t chip = (time & ~(uint64_t)(STAMP_PERIOD - 1)) | low;
  return chip > time ? (chip - STAMP_PERIOD) & TIME_MASK : chip;
}

static inline struct spike *put_spike(struct spike *out, uint64_t time, uint64_t event) {
  *out = (struct spike){(uint16_t)event, time, chip_time(time, event)};
  return out + 1;
}

static inline struct madc_sample *put_sample(
    struct madc_sample *out, uint64_t time, uint64_t event) {
  uint16_t value = event & ((1u << MADC_VALUE_WIDTH) - 1);
  uint8_t channel = event >> MADC_VALUE_WIDTH & 1;
  *out = (struct madc_sample){value, channel, time, chip_time(time, event)};
  return out + 1;
}

// Event 0 of a pack of three, its others are as in a pack of two.
static inline uint64_t top_event(const struct message *m) {
  return m->high << (WORD - 2 * EVENT_WIDTH) | m->low >> (2 * EVENT_WIDTH);
}

// Decode into columns; stops where hx_words_count stopped.
EXPORT void hx_words_columns(
    struct stream *stream, const uint64_t *words, size_t count, const struct columns *columns) {
  const struct dictionary *d = &dictionaries[1];
  struct stream s = *stream;
  struct columns c = *columns;
  uint64_t packs[HX_UT_FROM_FPGA_COUNT] = {0};
  uint64_t messages = 0;
  for (size_t i = 0; i < count; i++) {
    struct message m = {0, 0, 0};
    int result = take(&s, words[i], d, &m);
    if (result & MESSAGE) {
      s.time = advance(s.time, m.id, m.low);
      messages++;
      packs[m.id]++;
      switch (m.id) {
        case HX_UT_FROM_FPGA_SPIKE_PACK3_ID:
          c.spikes = put_spike(c.spikes, s.time, top_event(&m));
          // fall through
        case HX_UT_FROM_FPGA_SPIKE_PACK2_ID:
          c.spikes = put_spike(c.spikes, s.time, m.low >> EVENT_WIDTH);
          // fall through
        case HX_UT_FROM_FPGA_SPIKE_PACK1_ID:
          c.spikes = put_spike(c.spikes, s.time, m.low);
          break;
        case HX_UT_FROM_FPGA_MADC_SAMPLE_PACK3_ID:
          c.madc_samples = put_sample(c.madc_samples, s.time, top_event(&m));
          // fall through
        case HX_UT_FROM_FPGA_MADC_SAMPLE_PACK2_ID:
          c.madc_samples = put_sample(c.madc_samples, s.time, m.low >> EVENT_WIDTH);
          // fall through
        case HX_UT_FROM_FPGA_MADC_SAMPLE_PACK1_ID:
          c.madc_samples = put_sample(c.madc_samples, s.time, m.low);
          break;
        case HX_UT_FROM_FPGA_HIGHSPEED_LINK_NOTIFICATION_ID:
          *c.link_notifications++ = (struct link_notification){(uint8_t)m.low, s.time};
          break;
        case HX_UT_FROM_FPGA_TIMEOUT_NOTIFICATION_ID:
          *c.timeouts++ = (struct answer){m.low, s.time};
          break;
        case HX_UT_FROM_FPGA_OMNIBUS_DATA_ID:
          *c.omnibus++ = (struct answer){m.low, s.time};
          break;
        case HX_UT_FROM_FPGA_JTAG_DATA_ID:
          *c.jtag++ = (struct answer){m.low, s.time};
          break;
        case HX_UT_FROM_FPGA_LOOPBACK_ID:
          if (!is_halt(m.id, m.low)) {
            *c.ticks++ = s.time;
            break;
          }
          *c.halts++ = (struct halt){
              s.time,
              messages,
              (uint64_t)(c.spikes - columns->spikes),
              (uint64_t)(c.madc_samples - columns->madc_samples),
              (uint64_t)(c.link_notifications - columns->link_notifications),
              (uint64_t)(c.timeouts - columns->timeouts),
              (uint64_t)(c.omnibus - columns->omnibus),
              (uint64_t)(c.jtag - columns->jtag),
              (uint64_t)(c.ticks - columns->ticks),
              {packs[HX_UT_FROM_FPGA_SPIKE_PACK1_ID],
               packs[HX_UT_FROM_FPGA_SPIKE_PACK2_ID],
               packs[HX_UT_FROM_FPGA_SPIKE_PACK3_ID]},
              {packs[HX_UT_FROM_FPGA_MADC_SAMPLE_PACK1_ID],
               packs[HX_UT_FROM_FPGA_MADC_SAMPLE_PACK2_ID],
               packs[HX_UT_FROM_FPGA_MADC_SAMPLE_PACK3_ID]},
          };
          s.time = 0;
          break;
        default:
          break;
      }
    }
    if (result & UNKNOWN) {
      break;
    }
  }
  *stream = s;
}
