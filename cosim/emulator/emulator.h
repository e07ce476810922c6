/* SPDX-License-Identifier: Apache-2.0 */
/* The emulator's C ABI: one system per context, words in, words and their times out.
 *
 * Times are cycles of 4 ns since power-on. Keys, statuses and the report are those of the flange
 * link (cosim/flange/wire.py), and so is the meaning of every call. No call prints, none exits. */
#ifndef HXCOSIM_EMULATOR_H
#define HXCOSIM_EMULATOR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HX_API __attribute__((visibility("default")))

typedef struct hx_emulator hx_emulator;

typedef struct {
  uint64_t at, code, data;
} hx_diagnostic;

/* A powered-on system, or NULL without memory. */
HX_API hx_emulator *hx_emulator_create(void);
HX_API void hx_emulator_destroy(hx_emulator *self);
/* 0, or -1 for an unknown key or an illegal value. */
HX_API int hx_emulator_configure(hx_emulator *self, uint64_t key, uint64_t value);
/* Queue n words; not_before may be NULL. 0, or -1 without memory (nothing is queued then). */
HX_API int hx_emulator_send(hx_emulator *self, const uint64_t *words, const uint64_t *not_before, size_t n);
/* Let time pass; the result is a status of the link. limit 0: none. The status is
 * that of the limit, too, where time stops before it: once `most` answers wait to be taken, and so often
 * that the caller can see an interrupt. */
HX_API int hx_emulator_run(hx_emulator *self, uint64_t limit, size_t most);
HX_API int hx_emulator_advance(hx_emulator *self, uint64_t cycles);
HX_API int hx_emulator_reset(hx_emulator *self, uint64_t ticks);
/* Whether the cycles at which answers leave are kept: from the start they are. To be called before the
 * first word is sent; while off, take writes nothing to left_at. */
HX_API void hx_emulator_times(hx_emulator *self, int on);
/* How many answers there are; take removes the first n of them. left_at may be NULL. */
HX_API size_t hx_emulator_answers(const hx_emulator *self);
HX_API void hx_emulator_take(hx_emulator *self, uint64_t *words, uint64_t *left_at, size_t n);
/* Cycles at which words entered since the last call (recorded only if configured). */
HX_API size_t hx_emulator_entered(const hx_emulator *self);
HX_API void hx_emulator_take_entered(hx_emulator *self, uint64_t *at, size_t n);
/* Executed instructions and their cycles since the last call (recorded only while tracing). */
HX_API void hx_emulator_trace(hx_emulator *self, int on);
HX_API size_t hx_emulator_executed(const hx_emulator *self);
HX_API void hx_emulator_take_executed(hx_emulator *self, uint64_t *words, uint64_t *at, size_t n);
HX_API size_t hx_emulator_diagnostics(const hx_emulator *self);
HX_API void hx_emulator_take_diagnostics(hx_emulator *self, hx_diagnostic *diagnostics, size_t n);
/* Wall time spent in the analog core since `measure` was first switched on [ns]. */
HX_API void hx_emulator_measure(hx_emulator *self, int on);
HX_API uint64_t hx_emulator_analog_ns(hx_emulator *self);
/* Fills the values of the link's report. */
HX_API void hx_emulator_report(const hx_emulator *self, uint64_t *report);
/* What the cube board's devices hold: shift register, codes at the outputs (0 while powered down) and
 * settings of the two DACs. */
typedef struct {
  uint32_t shift_register;
  uint16_t dac_output[2][8];
  uint8_t dac_gain[2], dac_power_down[2];
} hx_board;
HX_API void hx_emulator_board(const hx_emulator *self, hx_board *board);
/* State of the machine without the link's queues: size, copy out, copy back (-1: wrong size), hash. */
HX_API size_t hx_emulator_state_size(const hx_emulator *self);
HX_API void hx_emulator_save(const hx_emulator *self, void *state);
HX_API int hx_emulator_restore(hx_emulator *self, const void *state, size_t size);
HX_API uint64_t hx_emulator_hash(const hx_emulator *self);

#ifdef __cplusplus
}
#endif
#endif
