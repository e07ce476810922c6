// SPDX-License-Identifier: Apache-2.0
// Numbers of many containers from and to their places in a larger object, some rows at a time: what NumPy
// does column by column, which passes through all of the object once per column.

#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

enum { ROWS = 64 };  // whose places and numbers stay near

// `statement` for each row r and column i, with places[r][i] in `place` and r of column i in `at`.
#define EACH(statement)                                                            \
  for (size_t first = 0; first < rows; first += ROWS) {                            \
    size_t end = rows - first < ROWS ? rows : first + ROWS;                        \
    for (size_t i = 0; i < width; i++) {                                           \
      for (size_t r = first; r < end; r++) {                                       \
        size_t at = i * rows + r;                                                  \
        int32_t place = places[r * width + i];                                     \
        statement;                                                                 \
      }                                                                            \
    }                                                                              \
  }

// columns[i][r] = numbers[places[r][i]], for columns of 32 and of 64 bits, and the inverse.
EXPORT void hx_rows_get_32(
    const int64_t *numbers, const int32_t *places, uint32_t *columns, size_t rows, size_t width) {
  EACH(columns[at] = (uint32_t)numbers[place])
}

EXPORT void hx_rows_get_64(
    const int64_t *numbers, const int32_t *places, int64_t *columns, size_t rows, size_t width) {
  EACH(columns[at] = numbers[place])
}

EXPORT void hx_rows_put_32(
    int64_t *numbers, const int32_t *places, const uint32_t *columns, size_t rows, size_t width) {
  EACH(numbers[place] = columns[at])
}

EXPORT void hx_rows_put_64(
    int64_t *numbers, const int32_t *places, const int64_t *columns, size_t rows, size_t width) {
  EACH(numbers[place] = columns[at])
}
