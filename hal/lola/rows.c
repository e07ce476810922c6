// SPDX-License-Identifier: Apache-2.0
// Numbers of many containers to their places in a larger object, row by row: what NumPy does column by
// column, which passes through all of the object once per column.

#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

// numbers[places[row][column]] = columns[column][row], for numbers of 32 and of 64 bits.
EXPORT void hx_rows_put_32(
    int64_t *numbers, const int32_t *places, const uint32_t *columns, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < width; c++) numbers[*places++] = columns[c * rows + r];
}

EXPORT void hx_rows_put_64(
    int64_t *numbers, const int32_t *places, const int64_t *columns, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < width; c++) numbers[*places++] = columns[c * rows + r];
}
