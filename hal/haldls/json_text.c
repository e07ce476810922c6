// SPDX-License-Identifier: Apache-2.0
// JSON text from numbers and back, by a layout in which "%s" stands for a number or truth value.
// The slow twin is the general path of hal/haldls/serialization.py.

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

static size_t put(char *out, const char *word) {
  size_t length = strlen(word);
  memcpy(out, word, length);
  return length;
}

static size_t put_number(char *out, int64_t number) {
  char digits[20];
  size_t count = 0;
  uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
  do {
    digits[count++] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest);
  size_t used = 0;
  if (number < 0) {
    out[used++] = '-';
  }
  while (count) {
    out[used++] = digits[--count];
  }
  return used;
}

// Fill in `numbers`; those with `truths` set as false and true. `out` has room for the layout and
// 20 characters for each number. Returns the length of the text.
EXPORT size_t hx_json_write(const char *layout, size_t length, const int64_t *numbers,
    const uint8_t *truths, char *out) {
  size_t used = 0;
  const char *end = layout + length;
  while (layout < end) {
    const char *hole = memchr(layout, '%', (size_t)(end - layout));
    size_t fixed = (size_t)((hole ? hole : end) - layout);
    memcpy(out + used, layout, fixed);
    used += fixed;
    if (!hole) {
      break;
    }
    used += *truths++ ? put(out + used, *numbers ? "true" : "false")
                      : put_number(out + used, *numbers);
    numbers++;
    layout = hole + 2;
  }
  return used;
}

// The numbers of a text, which must be exactly of this layout. Returns 1, or 0 if it is not or has
// a number of more than 18 digits.
EXPORT int hx_json_read(const char *layout, size_t length, const char *text, size_t size,
    const uint8_t *truths, int64_t *numbers) {
  const char *end = layout + length;
  const char *stop = text + size;
  while (layout < end) {
    const char *hole = memchr(layout, '%', (size_t)(end - layout));
    size_t fixed = (size_t)((hole ? hole : end) - layout);
    if ((size_t)(stop - text) < fixed || memcmp(layout, text, fixed) != 0) {
      return 0;
    }
    text += fixed;
    if (!hole) {
      break;
    }
    layout = hole + 2;
    if (*truths++) {
      int value = stop - text >= 4 && memcmp(text, "true", 4) == 0;
      if (!value && (stop - text < 5 || memcmp(text, "false", 5) != 0)) {
        return 0;
      }
      *numbers++ = value;
      text += value ? 4 : 5;
      continue;
    }
    int negative = text < stop && *text == '-';
    text += negative;
    const char *first = text;
    int64_t value = 0;
    while (text < stop && *text >= '0' && *text <= '9') {
      if (text - first == 18) {
        return 0;
      }
      value = 10 * value + (*text++ - '0');
    }
    if (text == first || (*first == '0' && text - first > 1)) {
      return 0;
    }
    *numbers++ = negative ? -value : value;
  }
  return text == stop;
}
