// SPDX-License-Identifier: Apache-2.0
// Life, time, events and reads of the core.

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "state.h"

#define MAGIC 0x3330474e414c5848u  // changes with the layout of the state

#if defined(__x86_64__)
#include <immintrin.h>
static uint64_t enter(void) {
    unsigned mode = _mm_getcsr() & ~(unsigned)_MM_EXCEPT_MASK;  // without what has happened
    if (mode != _MM_MASK_MASK) _mm_setcsr(_MM_MASK_MASK);
    return mode;
}
static void leave(uint64_t mode) {
    if (mode != _MM_MASK_MASK) _mm_setcsr((unsigned)mode);
}
#elif defined(__aarch64__)
static uint64_t enter(void) {
    uint64_t mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)0));
    return mode;
}
static void leave(uint64_t mode) { __asm__ volatile("msr fpcr, %0" : : "r"(mode)); }
#else
static uint64_t enter(void) { return 0; }
static void leave(uint64_t mode) { (void)mode; }
#endif

int hx_fail(hx_analog *core, int status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(core->error, sizeof core->error, format, arguments);
    va_end(arguments);
    return status;
}

const char *hx_analog_error(const hx_analog *core) { return core ? core->error : "core is null"; }

static int has_isa(int isa) {
    if (isa == HX_ISA_SCALAR) return 1;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (isa == HX_ISA_AVX2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (isa == HX_ISA_AVX512)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma");
#endif
    return 0;
}

int hx_analog_set_isa(hx_analog *core, int isa) {
    if (!core) return HX_ANALOG_NULL;
    if (!has_isa(isa)) return hx_fail(core, HX_ANALOG_ISA, "kernel %d cannot run here", isa);
    core->isa = isa;
    core->step = hx_step_scalar;
    core->probe = hx_probe_scalar;
    core->drive = hx_drive_scalar;
#if defined(__x86_64__)
    if (isa == HX_ISA_AVX2) core->step = hx_step_avx2, core->probe = hx_probe_avx2, core->drive = hx_drive_avx2;
    if (isa == HX_ISA_AVX512) core->step = hx_step_avx512, core->probe = hx_probe_avx512, core->drive = hx_drive_avx512;
#endif
    return HX_ANALOG_OK;
}

int hx_analog_get_isa(const hx_analog *core) { return core ? core->isa : HX_ANALOG_NULL; }

static void compile_all(hx_state *s) {
    for (unsigned q = 0; q < 4; q++) hx_compile_quadrant(s, q);
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++) hx_compile_neuron(s, n);
}

hx_analog *hx_analog_create(uint64_t seed, uint32_t step) {
    if (step < 1 || step > 25) return NULL;
    hx_analog *core = calloc(1, sizeof *core);
    if (!core) return NULL;
    size_t size = (sizeof(hx_state) + 63) / 64 * 64;
    void *memory = aligned_alloc(64, size);
    if (!memory) {
        free(core);
        return NULL;
    }
    memset(memory, 0, size);
    hx_state *s = core->s = memory;
    uint64_t mode = enter();
    s->magic = MAGIC;
    s->seed = seed;
    s->dt = step;
    s->noise = seed != 0;
    s->settle = NEVER;
    s->option[HX_OPTION_NOISE] = s->noise;
    s->option[HX_OPTION_CAPMEM_TAU] = K_CAPMEM_TAU;
    s->option[HX_OPTION_PAD_EXC] = s->option[HX_OPTION_PAD_INH] = K_LINE_REST;
    s->option[HX_OPTION_RES_MEAS] = 0.9;
    s->option[HX_OPTION_V_RESET] = 1.85;
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++) {
        s->lane[n].deadline = s->lane[n].adapt_end = NEVER;
        s->backend[n].reset_holdoff = 15;
    }
    memset(s->tree.node, 0xff, sizeof s->tree.node);
    for (unsigned h = 0; h < 2; h++) {
        s->cadc[h].reset_wait = 100;
        s->cadc[h].assignment = 2;
    }
    memset(s->last_pre, 0xff, sizeof s->last_pre);
    memset(s->last_post, 0xff, sizeof s->last_post);
    compile_all(s);
    leave(mode);
    for (int isa = HX_ISA_AVX512; isa >= HX_ISA_SCALAR; isa--)
        if (hx_analog_set_isa(core, isa) == HX_ANALOG_OK) break;
    core->error[0] = 0;
    return core;
}

void hx_analog_destroy(hx_analog *core) {
    if (!core) return;
    free(core->s);
    free(core);
}

size_t hx_analog_snapshot_size(void) { return sizeof(hx_state) + 8; }

static uint64_t hash(const hx_state *s) {
    const unsigned char *p = (const unsigned char *)s;
    uint64_t h[4] = {1, 2, 3, 4}, word;
    for (size_t i = 0; i + 8 <= sizeof *s; i += 8) {
        memcpy(&word, p + i, 8);
        uint64_t *x = &h[i / 8 & 3];
        *x = (*x ^ word) * 0x9e3779b97f4a7c15u;
        *x ^= *x >> 32;
    }
    return ((h[0] * 31 ^ h[1]) * 31 ^ h[2]) * 31 ^ h[3];
}

uint64_t hx_analog_hash(const hx_analog *core) { return core ? hash(core->s) : 0; }

int hx_analog_save(const hx_analog *core, void *buffer, size_t size) {
    if (!core || !buffer) return HX_ANALOG_NULL;
    if (size < hx_analog_snapshot_size()) return HX_ANALOG_RANGE;
    uint64_t sum = hash(core->s);
    memcpy(buffer, core->s, sizeof *core->s);
    memcpy((char *)buffer + sizeof *core->s, &sum, 8);
    return HX_ANALOG_OK;
}

int hx_analog_restore(hx_analog *core, const void *buffer, size_t size) {
    if (!core || !buffer) return HX_ANALOG_NULL;
    uint64_t magic, sum;
    if (size != hx_analog_snapshot_size())
        return hx_fail(core, HX_ANALOG_SNAPSHOT, "snapshot has %zu bytes, not %zu", size,
                       hx_analog_snapshot_size());
    memcpy(&magic, buffer, 8);
    memcpy(&sum, (const char *)buffer + sizeof(hx_state), 8);
    // The sum is checked in place: a buffer of the caller need not be aligned.
    const unsigned char *p = buffer;
    uint64_t h[4] = {1, 2, 3, 4}, word;
    for (size_t i = 0; i + 8 <= sizeof(hx_state); i += 8) {
        memcpy(&word, p + i, 8);
        uint64_t *x = &h[i / 8 & 3];
        *x = (*x ^ word) * 0x9e3779b97f4a7c15u;
        *x ^= *x >> 32;
    }
    if (magic != MAGIC || sum != (((h[0] * 31 ^ h[1]) * 31 ^ h[2]) * 31 ^ h[3]))
        return hx_fail(core, HX_ANALOG_SNAPSHOT, "snapshot is damaged or of another version");
    memcpy(core->s, buffer, sizeof *core->s);
    return HX_ANALOG_OK;
}

// Move the cells towards their targets; true when all have arrived.
static int settle(hx_state *s, double share) {
    int done = 1;
    uint8_t touched[HX_ANALOG_NEURONS] = {0};
    for (unsigned q = 0; q < 4; q++) {
        int shared = 0;
        for (unsigned i = 0; i < CELLS; i++) {
            hx_cell *c = &s->cell[q][i];
            float gap = c->target - c->value;
            if (gap == 0.0f) continue;
            c->value = fabsf(gap) * (float)(1.0 - share) < (float)K_CAPMEM_DONE
                           ? c->target
                           : c->value + (float)share * gap;
            done &= c->value == c->target;
            if (i % 130 < 128) touched[q * 128 + i % 130] = 1;
            else shared = 1;
        }
        if (shared) {
            hx_compile_quadrant(s, q);
            memset(touched + q * 128, 1, 128);
        }
    }
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++)
        if (touched[n]) hx_compile_neuron(s, n);
    return done;
}

static int before(const hx_spike *a, const hx_spike *b) {
    return a->time != b->time ? a->time < b->time : a->neuron < b->neuron;
}

// Append the new spikes in the order of (time, neuron). Shell sort: in place, no recursion.
static void put_spikes(hx_analog *core) {
    hx_state *s = core->s;
    hx_step_spikes *f = &core->fresh;
    static const uint32_t gaps[] = {3548, 1577, 701, 301, 132, 57, 23, 10, 4, 1};
    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++)
        for (uint32_t i = gaps[g]; i < f->count; i++) {
            hx_spike x = f->item[i];
            uint32_t j = i;
            for (; j >= gaps[g] && before(&x, &f->item[j - gaps[g]]); j -= gaps[g])
                f->item[j] = f->item[j - gaps[g]];
            f->item[j] = x;
        }
    for (uint32_t i = 0; i < f->count; i++) {
        unsigned n = f->item[i].neuron;
        if (!s->backend[n].post_overwrite) hx_correlation_post(s, f->item[i].time, n / 256, n % 256);
        if (f->item[i].silent) continue;
        s->spike[(s->spike_head + s->spike_count++) % SPIKES] = f->item[i];
    }
    f->count = 0;
}

// Go to `time`; with `first` only to the end of the step in which a spike appears.
static int advance(hx_analog *core, int64_t time, int first) {
    hx_state *s = core->s;
    int64_t target = time / s->dt;
    uint32_t known = s->spike_count;
    while (s->step < target && !(first && s->spike_count > known)) {
        if (s->step * s->dt >= s->settle) {
            double tau = s->option[HX_OPTION_CAPMEM_TAU];
            double share = tau > 0 ? 1.0 - hx_exp(-K_CAPMEM_PERIOD * K_TICK / tau) : 1.0;
            s->settle = settle(s, share) ? NEVER : s->settle + K_CAPMEM_PERIOD;
        }
        // The next settling happens at the first grid point not before its tick.
        int64_t until = target;
        if (s->settle != NEVER && (s->settle + s->dt - 1) / s->dt < until)
            until = (s->settle + s->dt - 1) / s->dt;
        int busy = hx_cadc_busy(s);
        if (!s->awake && !busy) {
            s->step = until;
            continue;
        }
        if (s->groups || s->masters || busy) until = s->step + 1;
        // Steps in one go end on multiples, whatever the cuts of the calls, or with the first spike.
        if (!first && until > s->step + STEPS - s->step % STEPS)
            until = s->step + STEPS - s->step % STEPS;
        if (s->spike_count > SPIKES - FRESH)
            return hx_fail(core, HX_ANALOG_FULL, "%u spikes wait to be taken", s->spike_count);
        until = s->step + core->step(s, until - s->step, first, &core->fresh);
        if (s->groups) {
            if (s->awake & s->tree.blocks) s->awake |= s->tree.blocks;
            hx_exchange(s, &core->fresh);
        }
        s->step = until;
        if (s->masters) hx_follow(s, &core->fresh);
        if (busy) hx_cadc_step(s);
        if (core->fresh.count) put_spikes(core);
    }
    return HX_ANALOG_OK;
}

// Check the arguments of a call at `time` and bring the core there.
static int arrive(hx_analog *core, int64_t time, int first) {
    hx_state *s = core->s;
    if (time < s->now)
        return hx_fail(core, HX_ANALOG_PAST, "time %lld lies before %lld", (long long)time,
                       (long long)s->now);
    if (time > INT64_MAX / 8)
        return hx_fail(core, HX_ANALOG_RANGE, "time %lld is out of range", (long long)time);
    int status = HX_ANALOG_OK;
    if (time - s->step * s->dt >= s->dt) {  // else the grid step stays open
        uint64_t mode = enter();
        status = advance(core, time, first);
        leave(mode);
    }
    if (status == HX_ANALOG_OK && (s->step + 1) * s->dt > time) s->now = time;
    else if (s->now < s->step * s->dt) s->now = s->step * s->dt;  // as far as it came
    return status;
}

#define CHECK(condition, ...) \
    if (!(condition)) return hx_fail(core, HX_ANALOG_RANGE, __VA_ARGS__)
#define BEGIN(time)                            \
    do {                                       \
        int status_ = arrive(core, time, 0);   \
        if (status_) return status_;           \
    } while (0)

int hx_analog_run(hx_analog *core, int64_t time) {
    if (!core) return HX_ANALOG_NULL;
    return arrive(core, time, 0);
}

int64_t hx_analog_run_until_spike(hx_analog *core, int64_t time) {
    if (!core) return HX_ANALOG_NULL;
    int status = arrive(core, time, 1);
    return status ? status : core->s->now;
}

int64_t hx_analog_next(const hx_analog *core) {
    if (!core) return HX_ANALOG_NULL;
    const hx_state *s = core->s;
    return s->awake || s->spike_count || hx_cadc_busy(s) ? s->now : s->settle;
}

int64_t hx_analog_now(const hx_analog *core) { return core ? core->s->now : HX_ANALOG_NULL; }

int64_t hx_analog_spikes(hx_analog *core, int64_t *times, uint16_t *neurons, int64_t capacity) {
    if (!core || ((!times || !neurons) && capacity)) return HX_ANALOG_NULL;
    hx_state *s = core->s;
    int64_t n = s->spike_count < capacity ? s->spike_count : capacity;
    for (int64_t i = 0; i < n; i++) {
        hx_spike *spike = &s->spike[s->spike_head];
        times[i] = spike->time;
        neurons[i] = spike->neuron;
        memset(spike, 0, sizeof *spike);
        s->spike_head = (s->spike_head + 1) % SPIKES;
    }
    s->spike_count -= (uint32_t)n;
    if (!s->spike_count) s->spike_head = 0;
    return n;
}

int hx_analog_set_option(hx_analog *core, int64_t time, int option, double value) {
    if (!core) return HX_ANALOG_NULL;
    static const double limit[HX_OPTION_COUNT][2] = {{0, 1},   {0, 1},   {0, 1.8},
                                                     {0, 1.8}, {0, 1.8}, {0, 2.5}};
    CHECK(option >= 0 && option < HX_OPTION_COUNT, "option %d does not exist", option);
    if (!isfinite(value))
        return hx_fail(core, HX_ANALOG_NOT_FINITE, "option %d must be finite", option);
    CHECK(value >= limit[option][0] && value <= limit[option][1],
          "option %d is out of range [%g, %g]", option, limit[option][0], limit[option][1]);
    CHECK(option != HX_OPTION_NOISE || value == 0 || value == 1, "noise is 0 or 1");
    BEGIN(time);
    uint64_t mode = enter();
    core->s->option[option] = value;
    core->s->noise = core->s->option[HX_OPTION_NOISE] != 0;
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++) hx_compile_neuron(core->s, n);
    leave(mode);
    return HX_ANALOG_OK;
}

static void recompile(hx_analog *core, unsigned neuron) {
    uint64_t mode = enter();
    hx_compile_neuron(core->s, neuron);
    leave(mode);
}

int hx_analog_capmem(hx_analog *core, int64_t time, unsigned block, unsigned column, unsigned row,
                     unsigned code) {
    if (!core) return HX_ANALOG_NULL;
    CHECK(block < 4 && column < 130 && row < 24, "CapMem cell %u/%u/%u does not exist", block,
          column, row);
    CHECK(code <= 1023, "CapMem code %u is out of range [0, 1023]", code);
    BEGIN(time);
    if (code == 1023) return HX_ANALOG_OK;  // no refresh: the cell keeps its value
    hx_state *s = core->s;
    hx_cell *cell = &s->cell[block][row * 130 + column];
    if (cell->target == (float)code) return HX_ANALOG_OK;
    cell->target = (float)code;
    if (s->option[HX_OPTION_CAPMEM_TAU] > 0) {
        if (cell->value != cell->target && s->settle == NEVER)
            s->settle = (time / K_CAPMEM_PERIOD + 1) * K_CAPMEM_PERIOD;
        return HX_ANALOG_OK;
    }
    cell->value = cell->target;
    uint64_t mode = enter();
    if (column < 128) {
        hx_compile_neuron(s, block * 128 + column);
    } else {
        hx_compile_quadrant(s, block);
        for (unsigned n = 0; n < 128; n++) hx_compile_neuron(s, block * 128 + n);
    }
    leave(mode);
    return HX_ANALOG_OK;
}

int hx_analog_neuron(hx_analog *core, int64_t time, unsigned neuron,
                     const hx_neuron_config *config) {
    if (!core || !config) return HX_ANALOG_NULL;
    CHECK(neuron < HX_ANALOG_NEURONS, "neuron %u is out of range [0, 511]", neuron);
    const uint8_t *byte = (const uint8_t *)config;
    for (size_t i = 0; i < sizeof *config; i++) {
        unsigned top = i == offsetof(hx_neuron_config, capacitor)        ? 63
                       : i == offsetof(hx_neuron_config, readout_source) ? 3
                                                                         : 1;
        CHECK(byte[i] <= top, "neuron[%u]: setting %zu = %u is out of range [0, %u]", neuron, i,
              byte[i], top);
    }
    hx_state *s = core->s;
    const hx_neuron_config *old = &s->neuron[neuron];
    if (!memcmp(old, config, sizeof *old)) return arrive(core, time, 0);
    int shape = config->soma_right != old->soma_right || config->bottom != old->bottom ||
                config->conductance != old->conductance || config->soma != old->soma ||
                config->membrane_right != old->membrane_right ||
                (s->tree.node[neuron] != NO_NODE && config->capacitor != old->capacitor);
    if (shape) {
        // Try the new shape on a copy of the switches: a refused one leaves no trace.
        hx_neuron_config saved = *old;
        s->neuron[neuron] = *config;
        uint64_t mode = enter();
        int loop = hx_morphology(s, s->neuron, &core->tree);
        leave(mode);
        s->neuron[neuron] = saved;
        if (loop)
            return hx_fail(core, HX_ANALOG_LOOP,
                           "neuron[%u]: the resistor would close a loop of compartments", neuron);
    }
    BEGIN(time);
    s->neuron[neuron] = *config;
    if (shape) {
        uint64_t mode = enter();
        hx_regroup(s, &core->tree);
        leave(mode);
    }
    recompile(core, neuron);
    return HX_ANALOG_OK;
}

int hx_analog_backend(hx_analog *core, int64_t time, unsigned neuron,
                      const hx_backend_config *config) {
    if (!core || !config) return HX_ANALOG_NULL;
    CHECK(neuron < HX_ANALOG_NEURONS, "neuron %u is out of range [0, 511]", neuron);
    CHECK(config->reset_holdoff <= 15 && config->fast_clock <= 1 && config->adaptation_pulse <= 1 &&
              config->post_overwrite <= 1 && config->spike_out <= 1 && config->slave <= 1 &&
              config->master <= 1 && config->fire_bottom <= 1 && config->fire_from_right <= 1 &&
              config->fire_to_right <= 1,
          "backend[%u]: a setting is out of range", neuron);
    BEGIN(time);
    hx_state *s = core->s;
    hx_backend_config *old = &s->backend[neuron];
    if (!memcmp(old, config, sizeof *config)) return HX_ANALOG_OK;
    int other = old->slave != config->slave;
    s->masters += config->master - old->master;
    *old = *config;
    if (other) recompile(core, neuron);
    else hx_compile_backend(s, neuron);
    return HX_ANALOG_OK;
}

int hx_analog_clocks(hx_analog *core, int64_t time, unsigned block, const hx_clock_config *config) {
    if (!core || !config) return HX_ANALOG_NULL;
    CHECK(block < 2, "back end block %u is out of range [0, 1]", block);
    CHECK(config->slow <= 15 && config->fast <= 15 && config->adaptation_pulse <= 15 &&
              config->post_pulse <= 15,
          "clocks[%u]: a scale is out of range [0, 15]", block);
    BEGIN(time);
    if (!memcmp(&core->s->clocks[block], config, sizeof *config)) return HX_ANALOG_OK;
    core->s->clocks[block] = *config;
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++) hx_compile_backend(core->s, n);
    return HX_ANALOG_OK;
}

int hx_analog_reset(hx_analog *core, int64_t time, unsigned neuron) {
    if (!core) return HX_ANALOG_NULL;
    CHECK(neuron < HX_ANALOG_NEURONS, "neuron %u is out of range [0, 511]", neuron);
    BEGIN(time);
    hx_state *s = core->s;
    hx_block *b = &s->block[neuron / LANES];
    hx_lane *lane = &s->lane[neuron];
    if (!s->neuron[neuron].fire || s->force_reset[neuron / 128 % 2]) return HX_ANALOG_OK;
    lane->phase = PENDING;
    lane->forced = 1;
    lane->deadline = time;
    lane->armed = 0;
    b->vth[neuron % LANES] = b->hi[neuron % LANES];
    b->next[neuron % LANES] = hx_next(lane);
    hx_block_due(b);
    s->awake |= 1u << neuron / LANES;
    return HX_ANALOG_OK;
}

int hx_analog_force_reset(hx_analog *core, int64_t time, unsigned block, unsigned on) {
    if (!core) return HX_ANALOG_NULL;
    CHECK(block < 2 && on <= 1, "forced reset %u/%u is out of range [0, 1]/[0, 1]", block, on);
    BEGIN(time);
    hx_state *s = core->s;
    if (s->force_reset[block] == on) return HX_ANALOG_OK;
    s->force_reset[block] = (uint8_t)on;
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++) {
        // Without an end, then with one, at which it goes on as behind any other reset.
        if (n / 128 % 2 == block) hx_hold(s, n, on ? NEVER : time);
    }
    return HX_ANALOG_OK;
}

int hx_analog_event(hx_analog *core, int64_t time, unsigned hemisphere, unsigned bus,
                    unsigned row_select, unsigned address) {
    if (!core) return HX_ANALOG_NULL;
    CHECK(hemisphere < 2 && bus < 4, "PADI bus %u/%u does not exist", hemisphere, bus);
    CHECK(row_select < 32 && address < 64, "event %u/%u is out of range [0, 31]/[0, 63]",
          row_select, address);
    BEGIN(time);
    uint64_t mode = enter();
    hx_synapse_event(core, time, hemisphere, bus, row_select, address);
    leave(mode);
    return HX_ANALOG_OK;
}

int64_t hx_analog_events(hx_analog *core, int64_t count, const int64_t *times,
                         const uint16_t *keys) {
    if (!core || !times || !keys) return HX_ANALOG_NULL;
    for (int64_t i = 0; i < count; i++) {
        unsigned key = keys[i];
        int status = hx_analog_event(core, times[i], key >> 13, key >> 11 & 3, key >> 6 & 31,
                                     key & 63);
        if (status == HX_ANALOG_FULL) return i;
        if (status) return i ? i : status;
    }
    return count;
}

int hx_analog_driver(hx_analog *core, int64_t time, unsigned hemisphere, unsigned driver,
                     const hx_driver_config *c) {
    if (!core || !c) return HX_ANALOG_NULL;
    CHECK(hemisphere < 2 && driver < HX_ANALOG_DRIVERS, "driver %u/%u does not exist", hemisphere,
          driver);
    CHECK(c->receiver <= 1 && c->compare_mask <= 31 && c->address_out <= 1 &&
              c->utilization <= 15 && c->offset <= 15 && c->hagen_dac <= 1 && c->recovery <= 15 &&
              c->mode_bottom <= 3 && c->mode_top <= 3 && c->hagen_dac_offset <= 63 &&
              c->target <= 1 && c->hagen_modulation <= 1 && c->stp <= 1 && c->enable_recovery <= 1,
          "driver[%u][%u]: a setting is out of range", hemisphere, driver);
    BEGIN(time);
    uint64_t mode = enter();
    hx_settle_driver(core->s, hemisphere, driver, time);
    core->s->driver[hemisphere][driver] = *c;
    leave(mode);
    uint32_t bit = 1u << driver / 4;
    for (unsigned row_select = 0; row_select < 32; row_select++) {
        uint32_t *listen = &core->s->listen[hemisphere][driver % 4][row_select];
        int hears = c->receiver && !((row_select ^ driver / 4) & c->compare_mask);
        *listen = hears ? *listen | bit : *listen & ~bit;
    }
    return HX_ANALOG_OK;
}

int hx_analog_stp(hx_analog *core, int64_t time, unsigned hemisphere, unsigned enable_clock,
                  unsigned speed) {
    if (!core) return HX_ANALOG_NULL;
    CHECK(hemisphere < 2 && enable_clock < 2 && speed < 16, "STP clock %u/%u/%u is out of range",
          hemisphere, enable_clock, speed);
    BEGIN(time);
    uint64_t mode = enter();
    for (unsigned d = 0; d < HX_ANALOG_DRIVERS; d++)
        hx_settle_driver(core->s, hemisphere, d, time);
    core->s->stp_clock[hemisphere] = (uint8_t)enable_clock;
    core->s->stp_speed[hemisphere] = (uint8_t)speed;
    leave(mode);
    return HX_ANALOG_OK;
}

int hx_analog_padi(hx_analog *core, int64_t time, unsigned hemisphere, unsigned bus,
                   unsigned extension) {
    if (!core) return HX_ANALOG_NULL;
    CHECK(hemisphere < 2 && bus < 4, "PADI bus %u/%u does not exist", hemisphere, bus);
    CHECK(extension < 16, "pulse extension %u is out of range [0, 15]", extension);
    BEGIN(time);
    core->s->pulse_ext[hemisphere][bus] = (float)(extension * K_TICK);
    return HX_ANALOG_OK;
}

int hx_analog_synapse(hx_analog *core, int64_t time, unsigned hemisphere, unsigned row,
                      unsigned column, unsigned weight, unsigned label, unsigned time_calib,
                      unsigned amp_calib) {
    if (!core) return HX_ANALOG_NULL;
    CHECK(hemisphere < 2 && row < HX_ANALOG_ROWS && column < HX_ANALOG_COLUMNS,
          "synapse %u/%u/%u does not exist", hemisphere, row, column);
    CHECK(weight < 64 && label < 64 && time_calib < 4 && amp_calib < 4,
          "synapse[%u][%u][%u]: a setting is out of range", hemisphere, row, column);
    BEGIN(time);
    core->s->label[hemisphere][row][column] = (uint8_t)label;
    core->s->calib[hemisphere][row][column] = (uint8_t)(time_calib | amp_calib << 2);
    if (core->s->weight[hemisphere][row][column] == weight) return HX_ANALOG_OK;
    core->s->weight[hemisphere][row][column] = (uint8_t)weight;
    uint64_t mode = enter();
    hx_compile_synapse(core->s, hemisphere, row, column);
    leave(mode);
    return HX_ANALOG_OK;
}

int hx_analog_column(hx_analog *core, int64_t time, unsigned hemisphere, unsigned column,
                     unsigned exc, unsigned inh, unsigned debug_exc, unsigned debug_inh) {
    if (!core) return HX_ANALOG_NULL;
    CHECK(hemisphere < 2 && column < HX_ANALOG_COLUMNS, "column %u/%u does not exist", hemisphere,
          column);
    CHECK(exc < 2 && inh < 2 && debug_exc < 2 && debug_inh < 2, "column switches are 0 or 1");
    BEGIN(time);
    uint8_t switches = (uint8_t)(exc | inh << 1 | debug_exc << 2 | debug_inh << 3);
    if (core->s->column[hemisphere][column] == switches) return HX_ANALOG_OK;
    core->s->column[hemisphere][column] = switches;
    recompile(core, hemisphere * 256 + column);
    return HX_ANALOG_OK;
}

int hx_analog_correlation(hx_analog *core, int64_t time, unsigned hemisphere, unsigned column,
                          unsigned causal, unsigned acausal, unsigned neuron_causal,
                          unsigned neuron_acausal) {
    if (!core) return HX_ANALOG_NULL;
    CHECK(hemisphere < 2 && column < HX_ANALOG_COLUMNS, "column %u/%u does not exist", hemisphere,
          column);
    CHECK(causal < 2 && acausal < 2 && neuron_causal < 2 && neuron_acausal < 2,
          "column switches are 0 or 1");
    BEGIN(time);
    core->s->cadc_switch[hemisphere][column] =
        (uint8_t)(causal | acausal << 1 | neuron_causal << 2 | neuron_acausal << 3);
    return HX_ANALOG_OK;
}

int hx_analog_correlation_reset(hx_analog *core, int64_t time, unsigned hemisphere, unsigned row,
                                unsigned quad) {
    if (!core) return HX_ANALOG_NULL;
    CHECK(hemisphere < 2 && row < HX_ANALOG_ROWS && quad < 64, "quad %u/%u/%u does not exist",
          hemisphere, row, quad);
    BEGIN(time);
    for (unsigned k = 0; k < 4; k++)
        hx_correlation_clear(core->s, hemisphere, row, hx_quad_column(quad, k));
    return HX_ANALOG_OK;
}

int hx_analog_post_pulse(hx_analog *core, int64_t time, unsigned hemisphere, unsigned column) {
    if (!core) return HX_ANALOG_NULL;
    CHECK(hemisphere < 2 && column < HX_ANALOG_COLUMNS, "column %u/%u does not exist", hemisphere,
          column);
    BEGIN(time);
    uint64_t mode = enter();
    hx_correlation_post(core->s, time, hemisphere, column);
    leave(mode);
    return HX_ANALOG_OK;
}

int hx_analog_cadc(hx_analog *core, int64_t time, unsigned hemisphere, unsigned reset_wait,
                   unsigned assignment) {
    if (!core) return HX_ANALOG_NULL;
    CHECK(hemisphere < 2 && reset_wait < 256 && assignment < 4, "CADC %u/%u/%u is out of range",
          hemisphere, reset_wait, assignment);
    BEGIN(time);
    core->s->cadc[hemisphere].reset_wait = reset_wait;
    core->s->cadc[hemisphere].assignment = assignment;
    return HX_ANALOG_OK;
}

int hx_analog_cadc_channel(hx_analog *core, int64_t time, unsigned hemisphere, unsigned channel,
                           int offset) {
    if (!core) return HX_ANALOG_NULL;
    CHECK(hemisphere < 2 && channel < 512, "CADC channel %u/%u does not exist", hemisphere, channel);
    CHECK(offset >= -128 && offset <= 127, "CADC offset %d is out of range [-128, 127]", offset);
    BEGIN(time);
    core->s->cadc[hemisphere].offset[channel] = (int16_t)offset;
    return HX_ANALOG_OK;
}

int hx_analog_cadc_trigger(hx_analog *core, int64_t time, unsigned hemisphere, unsigned row) {
    if (!core) return HX_ANALOG_NULL;
    CHECK(hemisphere < 2 && row < HX_ANALOG_ROWS, "row %u/%u does not exist", hemisphere, row);
    BEGIN(time);
    uint64_t mode = enter();
    hx_cadc_start(core->s, time, hemisphere, row);
    leave(mode);
    return HX_ANALOG_OK;
}

int hx_analog_cadc_result(const hx_analog *core, unsigned hemisphere, uint8_t *causal,
                          uint8_t *acausal) {
    if (!core || !causal || !acausal) return HX_ANALOG_NULL;
    if (hemisphere >= 2) return HX_ANALOG_RANGE;
    const hx_cadc *c = &core->s->cadc[hemisphere];
    if (!c->done) return HX_ANALOG_FUTURE;
    memcpy(causal, c->code, 256);
    memcpy(acausal, c->code + 256, 256);
    return HX_ANALOG_OK;
}

int hx_analog_madc_mux(hx_analog *core, int64_t time, unsigned input, unsigned lines) {
    if (!core) return HX_ANALOG_NULL;
    CHECK(input < 2 && lines < 16, "MADC multiplexer %u/%u is out of range", input, lines);
    BEGIN(time);
    core->s->madc_mux[input] = (uint8_t)lines;
    return HX_ANALOG_OK;
}

// A neuron's signal at `time` and its slope per second; the caller has checked the time.
static float probe(const hx_analog *core, int64_t time, unsigned neuron, int source, float *slope) {
    const hx_state *s = core->s;
    unsigned block = neuron / LANES, l = neuron % LANES;
    const hx_block *b = &s->block[block];
    float a = (float)(time - s->step * s->dt) / (float)s->dt;
    float v0 = hx_readout_level(s, neuron, source, b->v[l], b->w[l], b->de[l], b->di[l]), v1 = v0;
    if (s->awake >> block & 1 && !s->lane[neuron].group) {
        hx_block copy = *b;
        hx_lane lanes[LANES];
        memcpy(lanes, &s->lane[block * LANES], sizeof lanes);
        core->probe(s, &copy, lanes, block);
        v1 = hx_readout_level(s, neuron, source, copy.v[l], copy.w[l], copy.de[l], copy.di[l]);
    }
    if (source == HX_READ_ADAPT) a -= 0.5f;  // it stands in the middle of the step
    *slope = (v1 - v0) / (float)(s->dt * K_TICK);
    return fmaf(a, v1 - v0, v0);
}

static int open_time(const hx_analog *core, int64_t time) {
    if (time < core->s->step * core->s->dt) return HX_ANALOG_PAST;
    return time > core->s->now ? HX_ANALOG_FUTURE : HX_ANALOG_OK;
}

int hx_analog_voltage(const hx_analog *core, int64_t time, unsigned neuron, int readout,
                      float *volts) {
    if (!core || !volts) return HX_ANALOG_NULL;
    if (neuron >= HX_ANALOG_NEURONS || readout < 0 || readout > 3) return HX_ANALOG_RANGE;
    int status = open_time(core, time);
    if (status) return status;
    float slope;
    uint64_t mode = enter();
    *volts = probe(core, time, neuron, readout, &slope);
    leave(mode);
    return HX_ANALOG_OK;
}

int hx_analog_madc(const hx_analog *core, int64_t time, unsigned input, uint16_t *code) {
    if (!core || !code) return HX_ANALOG_NULL;
    if (input >= 2) return HX_ANALOG_RANGE;
    int status = open_time(core, time);
    if (status) return status;
    const hx_state *s = core->s;
    uint16_t neurons[HX_ANALOG_NEURONS];
    uint64_t mode = enter();
    int n = hx_madc_line(s, input, neurons);
    double sum = 0;
    for (int i = 0; i < n; i++) {
        int source = s->neuron[neurons[i]].readout_source;
        float slope, level = probe(core, time, neurons[i], source, &slope);
        // The amplifier follows with a first-order lag.
        double bias = hx_shared_current(s, neurons[i] / 128, 18);
        if (bias < 0.5) continue;
        double lag = K_READOUT_TAU * K_READOUT_CODE / (bias < 10 ? 10 : bias);
        sum += level - slope * lag;
        if (s->noise && source == HX_READ_MEMBRANE) sum += hx_noise(s, neurons[i], time);
    }
    *code = (uint16_t)hx_madc_code(s, time, input, n ? sum / n : 0.0);
    leave(mode);
    return HX_ANALOG_OK;
}
