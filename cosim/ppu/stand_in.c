// SPDX-License-Identifier: Apache-2.0
// Random accesses to memories, synapses, converters, registers and nothing at all, through all three
// ports at once, with pauses; it sleeps for good when it has made all of them.
#include "ppu.h"

#include <string.h>

#include "hxcosim/machine.h"
#include "hxcosim/omnibus.h"

#define ACCESSES 600
#define PAUSE 3000  // cycles at most

// Regions that the bus master visits: base of either hemisphere, words; the memories twice as often.
static const struct {
    uint32_t bases[2], count;
} REGIONS[] = {
    {{HX_OMNIBUS_PPU_MEMORY_TOP_BASE, HX_OMNIBUS_PPU_MEMORY_BOTTOM_BASE}, HX_OMNIBUS_PPU_MEMORY_COUNT},
    {{HX_OMNIBUS_PPU_MEMORY_TOP_BASE, HX_OMNIBUS_PPU_MEMORY_BOTTOM_BASE}, HX_OMNIBUS_PPU_MEMORY_COUNT},
    {{HX_OMNIBUS_PPU_STATUS_TOP_BASE, HX_OMNIBUS_PPU_STATUS_BOTTOM_BASE}, 1},
    {{HX_OMNIBUS_SYNAPSE_RAW_TOP_BASE, HX_OMNIBUS_SYNAPSE_RAW_BOTTOM_BASE}, HX_OMNIBUS_SYNAPSE_RAW_COUNT},
    {{HX_OMNIBUS_SYNAPSE_LABEL_TOP_BASE, HX_OMNIBUS_SYNAPSE_LABEL_BOTTOM_BASE},
     HX_OMNIBUS_SYNAPSE_LABEL_COUNT},
    {{HX_OMNIBUS_CADC_CAUSAL_SAMPLE_TOP_BASE, HX_OMNIBUS_CADC_CAUSAL_SAMPLE_BOTTOM_BASE},
     HX_OMNIBUS_CADC_CAUSAL_SAMPLE_COUNT},
    {{HX_OMNIBUS_PADI_EVENT_TOP_BASE, HX_OMNIBUS_PADI_EVENT_BOTTOM_BASE}, 1},
    {{HX_OMNIBUS_CADC_CONFIG_TOP_BASE, HX_OMNIBUS_CADC_CONFIG_BOTTOM_BASE}, 1},
    {{HX_OMNIBUS_COMMON_NEURON_BACKEND_CONFIG_WEST_BASE, HX_OMNIBUS_COMMON_NEURON_BACKEND_CONFIG_EAST_BASE},
     HX_OMNIBUS_COMMON_NEURON_BACKEND_CONFIG_WORDS},
    // Resets, post pulses, spike counters.
    {{HX_OMNIBUS_NEURON_RESET_LEFT_BASE, HX_OMNIBUS_NEURON_RESET_RIGHT_BASE},
     4 * HX_OMNIBUS_NEURON_RESET_COUNT * HX_OMNIBUS_NEURON_RESET_STRIDE},
    // Background sources, nodes, counters.
    {{HX_OMNIBUS_CROSSBAR_OUT_MUX_BASE, HX_OMNIBUS_BACKGROUND_SPIKE_SOURCE_BASE},
     HX_OMNIBUS_CROSSBAR_OUTPUT_EVENT_COUNTER_BASE - HX_OMNIBUS_CROSSBAR_OUT_MUX_BASE},
    {{HX_OMNIBUS_ADPLL_BASE, HX_OMNIBUS_MADC_CONTROL_BASE}, 8},
    // Chip time's two words, then nothing; the FPGA's side is not reached.
    {{HX_OMNIBUS_SYSTIME_SYNC_BASE_BASE, HX_OMNIBUS_EXTERNAL_PPU_MEMORY_BASE}, 4},
    // A processor may end itself and the other one; last, since it seldom does.
    {{HX_OMNIBUS_PPU_CONTROL_TOP_BASE, HX_OMNIBUS_PPU_CONTROL_BOTTOM_BASE}, 1},
};
#define REGION_COUNT (sizeof REGIONS / sizeof *REGIONS)
static const uint32_t SPACES[] = {
    HX_MACHINE_VECTOR_WEIGHTS,
    HX_MACHINE_VECTOR_LABELS,
    HX_MACHINE_VECTOR_EVEN2MSB,
    HX_MACHINE_VECTOR_ODD2MSB,
    HX_MACHINE_VECTOR_CAUSAL,
    HX_MACHINE_VECTOR_ACAUSAL | 1u << HX_OMNIBUS_CADC_BUFFERED_BIT,
    HX_MACHINE_VECTOR_RESET,
};
#define ROWS (2 * HX_OMNIBUS_SYNAPSE_ROWS)

static uint64_t mix(uint64_t x) {
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static void fold(hx_ppu *p, uint64_t word) { p->random = mix(p->random ^ word); }

static uint32_t draw(hx_ppu *p, uint32_t below) {
    p->random += 0x9e3779b97f4a7c15u;
    return (uint32_t)((mix(p->random) >> 32) * below >> 32);
}

static uint32_t word(hx_ppu *p) { return draw(p, UINT32_MAX); }

static uint32_t enables(hx_ppu *p) { return draw(p, 2) ? 15 : draw(p, 16); }

// Often one of few words, so that accesses of all masters meet.
static uint32_t place(hx_ppu *p, uint32_t count) {
    return draw(p, count > 16 && draw(p, 2) ? 16 : count);
}

static void ask_bus(hx_ppu *p) {
    const uint32_t region = draw(p, REGION_COUNT);
    p->out.bus_valid = 1;
    p->out.bus_read = draw(p, 2);
    p->out.bus_enables = enables(p);
    const uint32_t base = REGIONS[region].bases[draw(p, 2)];
    p->out.bus_address = base + place(p, REGIONS[region].count);
    p->out.bus_data = word(p);
    if (region == REGION_COUNT - 1 && draw(p, 8)) p->out.bus_data |= 1;
}

static void ask_sram(hx_ppu *p) {
    p->out.sram_valid = 1;
    p->out.sram_write = draw(p, 2);
    p->out.sram_enables = enables(p);
    p->out.sram_address = place(p, HX_OMNIBUS_PPU_MEMORY_COUNT);
    p->out.sram_data = word(p);
}

static void ask_vector(hx_ppu *p) {
    const uint32_t row = draw(p, 2) ? draw(p, ROWS) : ROWS - 2 + draw(p, 5);
    p->out.vector_valid = 1;
    p->out.vector_read = draw(p, 2);
    p->out.vector_address = SPACES[draw(p, sizeof SPACES / sizeof *SPACES)] + row;
    for (int w = 0; w < 4; w++) p->out.vector_mask[w] = draw(p, 2) ? word(p) : draw(p, 2) ? UINT32_MAX : 0;
    for (int w = 0; w < 32; w++) p->out.vector_data[w] = word(p);
}

void hx_ppu_reset(hx_ppu *p) {
    memset(p, 0, sizeof *p);
    p->next = p->wakes = HX_PPU_NEVER;
}

void hx_ppu_step(hx_ppu *p, unsigned processor, uint32_t seed, uint64_t now, const hx_ppu_in *in) {
    hx_ppu_out *out = &p->out;
    if (!in->run) {
        hx_ppu_reset(p);
        return;
    }
    if (p->random == 0) {
        if (seed == 0) return;
        p->random = mix((uint64_t)seed << 1 | processor);
        p->left = ACCESSES;
        p->wakes = now;
    }

    // What came of the accesses, and when.
    if (p->sram_reads) fold(p, in->sram_data);
    p->sram_reads = 0;
    if (in->bus_answered && p->bus_waits) {
        fold(p, now);
        fold(p, in->bus_data);
        p->bus_waits = 0;
    }
    if (in->vector_answered && p->vector_waits) {
        fold(p, now);
        for (int w = 0; out->vector_read && w < 32; w++) fold(p, in->vector_data[w]);
        p->vector_waits = 0;
    }
    if (in->bus_taken | in->sram_taken | in->vector_taken) fold(p, now);
    if (in->bus_taken) {
        out->bus_valid = 0;
        p->bus_waits = 1;
    }
    if (in->sram_taken) {
        out->sram_valid = 0;
        p->sram_reads = !out->sram_write;
    }
    if (in->vector_taken) {
        out->vector_valid = 0;
        p->vector_waits = 1;
    }

    if (now >= p->wakes) {
        if (!out->bus_valid && !p->bus_waits && draw(p, 2)) ask_bus(p), p->left--;
        if (!out->sram_valid && draw(p, 2)) ask_sram(p), p->left--;
        if (!out->vector_valid && !p->vector_waits && !draw(p, 8)) ask_vector(p), p->left--;
        p->wakes = now + 1 + draw(p, draw(p, 16) ? 4 : PAUSE);
        if (p->left > ACCESSES || p->left == 0) p->wakes = HX_PPU_NEVER;
    }
    out->sleep = p->wakes > now + 16;
    p->next = p->sram_reads ? now + 1 : p->wakes;
}
