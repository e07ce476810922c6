// SPDX-License-Identifier: Apache-2.0
// Random calls of the analog core's interface: analog_fuzz CALLS SEED. A refused call must leave the
// state as it was, and every voltage and constant must stay finite; faults are found by the sanitizers.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"

static uint64_t state;

static uint64_t random64(void) {
    state += 0x9e3779b97f4a7c15u;
    uint64_t x = state;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

// Drawn before each call, since C leaves open in which order arguments are evaluated.
static uint64_t drawn[8];

// Mostly in range, now and then just outside or anything.
static unsigned below(unsigned which, unsigned limit) {
    uint64_t x = drawn[which];
    unsigned kind = (unsigned)(x >> 58);
    if (kind == 0) return (unsigned)(x >> 8);
    if (kind == 1) return limit;
    return (unsigned)((x >> 8) % limit);
}

static void fill(void *target, size_t size) {
    uint8_t *byte = target;
    uint64_t mode = random64() % 8;
    for (size_t i = 0; i < size; i++)
        byte[i] = (uint8_t)(mode ? random64() % 2 : random64() % 16);
}

static int fault(const char *format, unsigned i, unsigned k) {
    fprintf(stderr, format, i, k);
    fputc('\n', stderr);
    return 0;
}

// The first float of `count` that is not finite, or `count`.
static size_t finite(const float *x, size_t count) {
    float sum = 0.0f;
    for (size_t i = 0; i < count; i++) sum += x[i] * 0.0f;  // not 0 as soon as one is not finite
    if (sum == 0.0f) return count;
    for (size_t i = 0; i < count; i++)
        if (!isfinite(x[i])) return i;
    return count;
}

// Every voltage and charge is finite and within its rails; with `all` every constant and synapse, too.
static int sound(const hx_state *s, int all) {
    const size_t fields = (all ? offsetof(hx_block, next) : offsetof(hx_block, ae)) / sizeof(float);
    for (unsigned i = 0; i < BLOCKS; i++) {
        const hx_block *b = &s->block[i];
        size_t at = finite((const float *)b, fields);
        if (at != fields) return fault("block %u: float %u is not finite", i, (unsigned)at);
        for (unsigned l = 0; l < LANES; l++) {
            const float tiny = 1e-6f, line = (float)K_LINE_MAX + tiny;
            if (b->v[l] < b->lo[l] - tiny || b->v[l] > b->hi[l] + tiny)
                return fault("block %u, lane %u: the membrane is beyond its rails", i, l);
            if (b->w[l] < b->wlo[l] - tiny || b->w[l] > b->whi[l] + tiny)
                return fault("block %u, lane %u: the adaptation is beyond its rails", i, l);
            if (fabsf(b->de[l]) > line || fabsf(b->di[l]) > line)
                return fault("block %u, lane %u: a line is beyond its range", i, l);
        }
    }
    for (unsigned k = 0; k < s->tree.nodes; k++)
        if (!(fabs(s->tree.voltage[k] - 0.5 * K_MEMBRANE_MAX) < 0.5 * K_MEMBRANE_MAX + 1e-6))
            return fault("node %u of %u is beyond its rails", k, s->tree.nodes);
    for (unsigned h = 0; h < 2; h++)
        for (unsigned d = 0; d < HX_ANALOG_DRIVERS; d++)
            if (!(fabsf(s->stp[h][d].v) < 2.0f)) return fault("driver %u/%u: stored voltage", h, d);
    if (!all) return 1;
    const float *sensor = &s->cor[0][0][0][0];
    const float most = (float)(K_COR_MAX * hx_exp((double)(s->now - s->cor_reference) * K_TICK / K_COR_DECAY)) * 1.001f;
    for (unsigned i = 0; i < sizeof s->cor / sizeof(float); i++)
        if (!(sensor[i] >= 0.0f && sensor[i] <= most)) return fault("sensor %u is beyond its range", i, 0);
    const size_t synapses = sizeof s->unit / sizeof(float), at = finite(&s->unit[0][0][0], synapses);
    return at == synapses || fault("synapse %u is not finite", (unsigned)at, 0);
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    long calls = atol(argv[1]);
    state = (uint64_t)atol(argv[2]);
    hx_analog *core = hx_analog_create(random64(), 10);
    size_t size = hx_analog_snapshot_size();
    char *snapshot = malloc(size);
    if (!core || !snapshot || hx_analog_save(core, snapshot, size)) return 3;
    long refused = 0;
    int64_t t = 0, times[64];
    uint16_t neurons[64];
    uint8_t codes[2][256];
    for (long i = 0; i < calls; i++) {
        if (random64() % 4096 == 0) t += (int64_t)(random64() % 20000);
        else if (random64() % 8 == 0) t += (int64_t)(random64() % 40);
        int64_t at = t;
        if (random64() % 256 == 0)
            at = random64() % 2 ? t - (int64_t)(random64() % 1000) : (int64_t)(random64() | 1ull << 62);
        int check = random64() % 2048 == 0;
        uint64_t before = check ? hx_analog_hash(core) : 0;
        hx_neuron_config neuron;
        hx_backend_config backend;
        hx_clock_config clocks;
        hx_driver_config driver;
        int status = 0;
        float volts;
        for (unsigned k = 0; k < 8; k++) drawn[k] = random64();
        switch (random64() % 32) {
        case 0:
            fill(&neuron, sizeof neuron);
            status = hx_analog_neuron(core, at, below(0, 512), &neuron);
            break;
        case 1:
            fill(&backend, sizeof backend);
            status = hx_analog_backend(core, at, below(0, 512), &backend);
            break;
        case 2:
            fill(&clocks, sizeof clocks);
            status = hx_analog_clocks(core, at, below(0, 2), &clocks);
            break;
        case 3:
            fill(&driver, sizeof driver);
            status = hx_analog_driver(core, at, below(0, 2), below(1, 128), &driver);
            break;
        case 4: status = hx_analog_stp(core, at, below(0, 2), below(1, 2), below(2, 16)); break;
        case 5: status = hx_analog_padi(core, at, below(0, 2), below(1, 4), below(2, 16)); break;
        case 6:
        case 7:
            status = hx_analog_synapse(core, at, below(0, 2), below(1, 256), below(2, 256), below(3, 64),
                                       below(4, 64), below(5, 4), below(6, 4));
            break;
        case 8:
            status = hx_analog_column(core, at, below(0, 2), below(1, 256), below(2, 2), below(3, 2), below(4, 2),
                                      below(5, 2));
            break;
        case 9:
        case 10:
        case 11:
            status = hx_analog_event(core, at, below(0, 2), below(1, 4), below(2, 32), below(3, 64));
            break;
        case 12: status = hx_analog_reset(core, at, below(0, 512)); break;
        case 13: {
            int64_t reached = random64() % 2 ? hx_analog_run(core, at)
                                             : hx_analog_run_until_spike(core, at);
            status = reached < 0 ? (int)reached : 0;
            break;
        }
        case 14: hx_analog_spikes(core, times, neurons, 64); break;
        case 15: status = hx_analog_capmem(core, at, below(0, 4), below(1, 130), below(2, 24), below(3, 1024)); break;
        case 16:
            status = hx_analog_correlation(core, at, below(0, 2), below(1, 256), below(2, 2), below(3, 2),
                                           below(4, 2), below(5, 2));
            break;
        case 17: status = hx_analog_correlation_reset(core, at, below(0, 2), below(1, 256), below(2, 64)); break;
        case 18: status = hx_analog_post_pulse(core, at, below(0, 2), below(1, 256)); break;
        case 19: status = hx_analog_cadc_trigger(core, at, below(0, 2), below(1, 256)); break;
        case 20: hx_analog_cadc_result(core, below(0, 2), codes[0], codes[1]); break;
        case 21: hx_analog_voltage(core, at, below(0, 512), (int)below(1, 4), &volts); break;
        case 22: hx_analog_madc(core, at, below(0, 2), neurons); break;
        case 23: {
            uint64_t address = drawn[0] >> 63 ? 0x00100000 + drawn[0] % 0xb0000
                                              : 0x02000000 + drawn[0] % 0x2000000;
            status = hx_analog_write(core, at, (uint32_t)address, (uint32_t)drawn[1]);
            break;
        }
        case 24: {
            if (drawn[7] % 8) break;
            double value = random64() % 4 ? (double)(random64() % 3) : random64() % 2 ? NAN : INFINITY;
            status = hx_analog_set_option(core, at, (int)below(0, HX_OPTION_COUNT), value);
            break;
        }
        case 25: status = hx_analog_cadc(core, at, below(0, 2), below(1, 256), below(2, 4)); break;
        case 26:
            status = hx_analog_cadc_channel(core, at, below(0, 2), below(1, 512), (int)below(2, 256) - 128);
            break;
        case 27: status = hx_analog_madc_mux(core, at, below(0, 2), below(1, 16)); break;
        case 28: hx_analog_set_isa(core, (int)below(0, 3)); break;
        case 29: {
            uint16_t keys[64];
            for (int k = 0; k < 64; k++) {
                times[k] = at + (int64_t)(random64() % 4) * k;
                keys[k] = (uint16_t)(random64() % 64 ? random64() % 16384 : random64());
            }
            int64_t taken = hx_analog_events(core, 64, times, keys);
            status = taken < 0 ? (int)taken : 0;
            if (taken > 0 && taken < 64 && hx_analog_spikes(core, times, neurons, 64) < 0) return 6;
            break;
        }
        case 30: status = hx_analog_force_reset(core, at, below(0, 2), below(1, 2)); break;
        default:
            if (random64() % 512) break;
            if (random64() % 2) snapshot[random64() % size] ^= 1;
            if (!hx_analog_restore(core, snapshot, size)) t = hx_analog_now(core);
            hx_analog_save(core, snapshot, size);
        }
        if (status == HX_ANALOG_FULL) hx_analog_spikes(core, times, neurons, 64);
        else if (status < 0) {
            refused++;
            if (check && hx_analog_hash(core) != before) {
                fprintf(stderr, "call %ld: refused with %d, but the state changed\n", i, status);
                return 4;
            }
        } else if (status == 0 && hx_analog_now(core) > t) t = hx_analog_now(core);
        if (!(hx_analog_now(core) < (int64_t)1 << 60)) return 5;
        if (!sound(core->s, check)) return fprintf(stderr, "after call %ld\n", i), 7;
    }
    printf("%ld calls, %ld refused, hash %016llx\n", calls, refused,
           (unsigned long long)hx_analog_hash(core));
    free(snapshot);
    hx_analog_destroy(core);
    return 0;
}
