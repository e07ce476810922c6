// SPDX-License-Identifier: Apache-2.0
#include "port.h"

#include <stdlib.h>
#include <string.h>

#include "hxcosim/machine.h"
#include "hxcosim/storage.h"

#define DELAY HX_MACHINE_ANALOG_SPIKE_DELAY
// The core is asked on multiples of the delay: what it then knows is presented in the cycles that
// follow, and nothing that it does not know yet is due in them.
#define BATCH HX_MACHINE_ANALOG_SPIKE_DELAY
#define HORIZON 65536  // cycles that an active core is run ahead at most
#define QUEUE 8192     // spikes of a batch, and those of the one before
#define REFUSED 256    // writes that wait for a shape of neurons that allows them

// Plain data, saved as a whole.
typedef struct {
    uint64_t seed;
    uint64_t batch;    // cycle of the next batch, HX_PORT_NEVER: the core rests
    uint32_t head, count;
    uint32_t kind, created, touched;
    uint32_t reset;  // nothing has reached the core since the last reset
    int64_t time[QUEUE];
    uint16_t neuron[QUEUE];
    uint32_t refusals;
    uint32_t refused_address[REFUSED], refused_word[REFUSED];
} port_state;

struct hx_port {
    hx_analog *core;
    port_state *s;
};

hx_port *hx_port_create(uint64_t seed, int kind) {
    if (kind < 0 || kind >= HX_PORT_KINDS) return NULL;
    hx_port *port = calloc(1, sizeof *port);
    port_state *s = calloc(1, sizeof *s);
    if (!port || !s) {
        free(port);
        free(s);
        return NULL;
    }
    s->seed = seed;
    s->kind = (uint32_t)kind;
    s->batch = HX_PORT_NEVER;
    port->s = s;
    return port;
}

void hx_port_destroy(hx_port *port) {
    if (!port) return;
    hx_analog_destroy(port->core);
    free(port->s);
    free(port);
}

int hx_port_touched(const hx_port *port) { return port->s->touched != 0; }

// The registers of the core as a reset of the chip leaves them.
static void reset_registers(hx_port *port, int64_t now) {
    for (unsigned b = 0; b < HX_STORAGE_BLOCKS; b++)
        for (uint32_t k = 0; k < HX_STORAGE_BLOCK_SIZE[b]; k++) {
            uint32_t at = HX_STORAGE_BLOCK_OFFSET[b] + k;
            if (at >= HX_STORAGE_REGISTERS) return;
            hx_analog_write(port->core, now, HX_STORAGE_BLOCK_BASE[b] + k, HX_STORAGE_RESET_VALUE[at]);
        }
    port->s->refusals = 0;
}

// Something reaches the core, which then is asked at the end of the batch.
static hx_analog *reach(hx_port *port, uint64_t now) {
    port_state *s = port->s;
    s->touched = 1;
    s->reset = 0;
    if (!port->core && !s->kind) {
        port->core = hx_analog_create(s->seed, HX_MACHINE_ANALOG_STEP);
        s->created = port->core != NULL;
        if (port->core) reset_registers(port, 0);
    }
    uint64_t end = (now / BATCH + 1) * BATCH;
    if (port->core && end < s->batch) s->batch = end;
    return port->core;
}

static void put(port_state *s, int64_t time, uint16_t neuron) {
    if (s->count == QUEUE) return;
    uint32_t at = (s->head + s->count++) % QUEUE;
    s->time[at] = time;
    s->neuron[at] = neuron;
}

// Take the spikes of the core, which now is known up to its time, and set the next batch.
static void collect(hx_port *port) {
    port_state *s = port->s;
    int64_t times[512];
    uint16_t neurons[512];
    int64_t n;
    while (s->count <= QUEUE - 512 && (n = hx_analog_spikes(port->core, times, neurons, 512)) > 0)
        for (int64_t i = 0; i < n; i++) put(s, times[i], neurons[i]);
    int64_t next = hx_analog_next(port->core), now = hx_analog_now(port->core);
    s->batch = next == INT64_MAX ? HX_PORT_NEVER : ((uint64_t)(next > now ? next : now) / BATCH + 1) * BATCH;
}

// Refused writes, one by one: one to `written`, which may have opened the loop, does away with those
// to the same address.
static void try_again(hx_port *port, uint64_t now, uint32_t written) {
    port_state *s = port->s;
    uint32_t kept = 0;
    for (uint32_t k = 0; k < s->refusals; k++) {
        uint32_t address = s->refused_address[k], word = s->refused_word[k];
        if (address == written) continue;
        if (hx_analog_write(port->core, (int64_t)now, address, word) == HX_ANALOG_OK) continue;
        s->refused_address[kept] = address;
        s->refused_word[kept++] = word;
    }
    s->refusals = kept;
}

int hx_port_write(hx_port *port, uint64_t now, uint32_t address, uint32_t word) {
    hx_analog *core = reach(port, now);
    port_state *s = port->s;
    if (!core) return 0;
    int refused = hx_analog_write(core, (int64_t)now, address, word) != HX_ANALOG_OK;
    try_again(port, now, address);
    if (refused && s->refusals < REFUSED) {
        s->refused_address[s->refusals] = address;
        s->refused_word[s->refusals++] = word;
    }
    return refused;
}

void hx_port_event(hx_port *port, uint64_t now, unsigned bus, unsigned event) {
    hx_analog *core = reach(port, now);
    if (core)
        hx_analog_event(core, (int64_t)now, bus / 4, bus % 4, event / 64, event % 64);
    else
        put(port->s, (int64_t)now, (uint16_t)(bus / 4 * 256 + event % 256));
}

void hx_port_reset(hx_port *port, uint64_t now) {
    if (!port->core || port->s->reset) return;
    reach(port, now);
    reset_registers(port, (int64_t)now);
    port->s->reset = 1;
}

uint16_t hx_port_madc(hx_port *port, uint64_t now, unsigned input) {
    uint16_t code = 0;
    hx_analog *core = reach(port, now);
    if (!core) return (uint16_t)((2 * now + input) & 0x3ff);
    hx_analog_run(core, (int64_t)now);
    hx_analog_madc(core, (int64_t)now, input, &code);
    return code;
}

void hx_port_cadc_trigger(hx_port *port, uint64_t now, unsigned hemisphere, unsigned row) {
    hx_analog *core = reach(port, now);
    if (core) hx_analog_cadc_trigger(core, (int64_t)now, hemisphere, row);
}

uint32_t hx_port_cadc_fetch(hx_port *port, uint64_t now, unsigned hemisphere, unsigned acausal,
                            unsigned quad) {
    uint8_t code[2][HX_ANALOG_COLUMNS];
    hx_analog *core = reach(port, now);
    if (!core) return (uint32_t)now << 8 | acausal << 7 | hemisphere << 6 | quad;
    hx_analog_run(core, (int64_t)now);
    if (hx_analog_cadc_result(core, hemisphere, code[0], code[1])) return 0;
    uint32_t word = 0;
    for (unsigned k = 0; k < 4; k++)
        word = word << 8 | code[acausal][8 * (quad % 32) + 2 * k + quad / 32];
    return word;
}

uint64_t hx_port_next(const hx_port *port) {
    const port_state *s = port->s;
    uint64_t spike = s->count ? (uint64_t)s->time[s->head] + DELAY : HX_PORT_NEVER;
    return spike < s->batch ? spike : s->batch;
}

int hx_port_spikes(hx_port *port, uint64_t now, uint64_t spikes[8]) {
    port_state *s = port->s;
    int any = 0;
    memset(spikes, 0, 8 * sizeof *spikes);
    if (now >= s->batch) {
        hx_analog_run(port->core, (int64_t)now);
        collect(port);
    }
    for (; s->count && (uint64_t)s->time[s->head] + DELAY <= now; s->count--) {
        unsigned neuron = s->neuron[s->head];
        spikes[neuron / 64] |= (uint64_t)1 << neuron % 64;
        any = 1;
        s->head = (s->head + 1) % QUEUE;
    }
    return any;
}

uint64_t hx_port_look_ahead(hx_port *port, uint64_t now, uint64_t until) {
    uint64_t next = hx_port_next(port);
    if (port->core && next < until && !port->s->count) {
        collect(port);  // what the core knows already comes first
        next = hx_port_next(port);
    }
    if (port->core && next < until && !port->s->count) {
        uint64_t from = next > now + BATCH ? next : now;  // resting until then
        uint64_t end = until < from + HORIZON ? until : from + HORIZON;
        hx_analog_run_until_spike(port->core, (int64_t)end);
        collect(port);
        next = hx_port_next(port);
    }
    return next < until ? next : until;
}

size_t hx_port_state_size(const hx_port *port) {
    return sizeof *port->s + (port->core ? hx_analog_snapshot_size() : 0);
}

void hx_port_save(const hx_port *port, void *state) {
    memcpy(state, port->s, sizeof *port->s);
    if (port->core)
        hx_analog_save(port->core, (char *)state + sizeof *port->s, hx_analog_snapshot_size());
}

int hx_port_restore(hx_port *port, const void *state, size_t size) {
    port_state *s = malloc(sizeof *s);
    hx_analog *core = NULL;
    if (!s || size < sizeof *s) goto refuse;
    memcpy(s, state, sizeof *s);
    if (s->created) {
        core = hx_analog_create(s->seed, HX_MACHINE_ANALOG_STEP);
        if (hx_analog_restore(core, (const char *)state + sizeof *s, size - sizeof *s)) goto refuse;
    } else if (size != sizeof *s) {
        goto refuse;
    }
    hx_analog_destroy(port->core);
    free(port->s);
    port->core = core;
    port->s = s;
    return 0;
refuse:
    hx_analog_destroy(core);
    free(s);
    return -1;
}
