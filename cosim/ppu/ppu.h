/* SPDX-License-Identifier: Apache-2.0 */
/* An embedded processor as its ports of the chip see it, cycle by cycle (docs/ppu-interface.md). One
 * for RTL (DPI) and emulator. There is a stand-in so far: test traffic on all ports, which depends on
 * every answer and its cycle, so that a difference anywhere soon is one in the memories. */
#ifndef HX_PPU_H
#define HX_PPU_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HX_PPU_NEVER UINT64_MAX

/* Both structures cross DPI in words, whose order cosim/flange/ppu_port.sv knows, too. Lane j of a half
 * row is in bits 8 (j % 4) of word j / 4. */

/* What the chip answers in a cycle. */
typedef struct {
    uint32_t vector_data[32]; /* of a read, with vector_answered */
    uint32_t vector_answered, vector_taken;
    uint32_t sram_data; /* of a read that was taken in the cycle before */
    uint32_t sram_taken;
    uint32_t bus_data; /* with bus_answered */
    uint32_t bus_answered, bus_taken;
    uint32_t run; /* 0: reset */
} hx_ppu_in;

/* What the processor asks for from the next cycle on, until it is taken. */
typedef struct {
    uint32_t vector_data[32], vector_mask[4];
    uint32_t vector_address, vector_read, vector_valid;
    uint32_t sram_data, sram_address, sram_enables, sram_write, sram_valid;
    uint32_t bus_data, bus_address, bus_enables, bus_read, bus_valid;
    uint32_t sleep;
} hx_ppu_out;

/* Plain data. Nothing but `out` and `next` concerns the ports. */
typedef struct {
    hx_ppu_out out;
    uint64_t next; /* cycle at whose end it acts without an answer */
    uint64_t random, wakes;
    uint32_t left; /* accesses */
    uint32_t bus_waits, vector_waits, sram_reads;
} hx_ppu;

/* In reset, as after power-on. */
void hx_ppu_reset(hx_ppu *self);
/* At the end of cycle `now`, if it is `next`, something was taken or answered, or `run` has changed.
 * Processor 0 is at the top. The seed counts when its reset ends; 0: there is none. */
void hx_ppu_step(hx_ppu *self, unsigned processor, uint32_t seed, uint64_t now, const hx_ppu_in *in);

#ifdef __cplusplus
}
#endif
#endif
