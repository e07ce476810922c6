// SPDX-License-Identifier: Apache-2.0
// One step of the array. Included once per instruction set, which defines TARGET, NAME, WIDTH and
// the vector operations p_*; the scalar twin has WIDTH 1.

#include <math.h>
#include <string.h>

#include "state.h"

#define INLINE static inline __attribute__((always_inline))

typedef float s_type;
TARGET static inline float s_load(const float *p) { return *p; }
TARGET static inline float s_set(float x) { return x; }
TARGET static inline float s_add(float a, float b) { return a + b; }
TARGET static inline float s_sub(float a, float b) { return a - b; }
TARGET static inline float s_mul(float a, float b) { return a * b; }
TARGET static inline float s_div(float a, float b) { return a / b; }
TARGET static inline float s_fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
TARGET static inline float s_fnma(float a, float b, float c) { return __builtin_fmaf(-a, b, c); }
TARGET static inline float s_min(float a, float b) { return a < b ? a : b; }
TARGET static inline float s_max(float a, float b) { return a > b ? a : b; }
TARGET static inline float s_scale(float x, float t, int sign) {
    uint32_t bits, shift;
    memcpy(&bits, &x, 4);
    memcpy(&shift, &t, 4);
    bits = sign > 0 ? bits + (shift << 23) : bits - (shift << 23);
    memcpy(&x, &bits, 4);
    return x;
}

#define PFX s_
#include "flow.h"
#undef PFX

#if WIDTH == 1
#define p_type s_type
#define p_load s_load
#define p_set s_set
#define p_add s_add
#define p_sub s_sub
#define p_mul s_mul
#define p_div s_div
#define p_fma s_fma
#define p_fnma s_fnma
#define p_min s_min
#define p_max s_max
#define p_flow s_flow
#define p_tanh s_tanh
TARGET static inline void p_store(float *p, float x) { *p = x; }
TARGET static inline uint32_t p_reached(float a, float b) { return a >= b; }
TARGET static inline uint32_t p_above(float a) { return a > 0.0f; }
TARGET static inline float p_match(const uint8_t *label, unsigned address, float x) {
    return *label == address ? x : 0.0f;
}
#else
#define PFX p_
#include "flow.h"
#undef PFX
#endif

// What the block was before the step.
typedef struct {
    float v[LANES], w[LANES], de[LANES], di[LANES];
} __attribute__((aligned(64))) hx_before;

// The step of a block; returns the lanes whose comparator has to be looked at.
TARGET INLINE uint32_t NAME(block)(hx_block *b, hx_before *old) {
    uint32_t reached = 0;
    for (unsigned l = 0; l < LANES; l += WIDTH) {
        p_type v = p_load(b->v + l), w = p_load(b->w + l);
        p_type d0 = p_load(b->de + l), d1 = p_load(b->di + l), de, di;
        p_type xe = p_fma(d0, p_load(b->xe1 + l), p_load(b->xe0 + l));
        p_type xi = p_fma(d1, p_load(b->xi1 + l), p_load(b->xi0 + l));
        p_type v1, w1;
        p_flow(b, l, v, w, xe, xi, p_load(b->phi + l), p_load(b->phi2 + l), p_load(b->qa + l), &v1,
               &w1);
        de = p_mul(d0, p_load(b->ae + l));
        di = p_mul(d1, p_load(b->ai + l));
        if (b->input) {
            p_type me = p_load(b->me + l), mi = p_load(b->mi + l);
            de = p_fma(p_load(b->qe + l), p_load(b->ke + l), de);
            di = p_fma(p_load(b->qi + l), p_load(b->ki + l), di);
            de = p_min(p_fnma(me, p_load(b->ke1 + l), de), p_set((float)K_LINE_MAX));
            di = p_min(p_fnma(mi, p_load(b->ki1 + l), di), p_set((float)K_LINE_MAX));
            // The OTAs pass the new charge with the slope they have in the middle of its jump.
            p_type je = p_mul(p_load(b->qe + l), p_load(b->ke + l));
            p_type ji = p_mul(p_load(b->qi + l), p_load(b->ki + l));
            p_type ue = p_tanh(p_fma(p_fnma(je, p_set(0.5f), de), p_load(b->xe1 + l),
                                     p_load(b->xe0 + l)));
            p_type ui = p_tanh(p_fma(p_fnma(ji, p_set(0.5f), di), p_load(b->xi1 + l),
                                     p_load(b->xi0 + l)));
            ue = p_fnma(ue, ue, p_set(1.0f));
            ui = p_fnma(ui, ui, p_set(1.0f));
            v1 = p_fma(p_mul(me, ue), p_load(b->kve + l), v1);
            v1 = p_fnma(p_mul(mi, ui), p_load(b->kvi + l), v1);
        }
        v1 = p_max(p_min(v1, p_load(b->hi + l)), p_load(b->lo + l));
        w1 = p_max(p_min(w1, p_load(b->whi + l)), p_load(b->wlo + l));
        p_store(old->v + l, v);
        p_store(old->w + l, w);
        p_store(old->de + l, d0);
        p_store(old->di + l, d1);
        p_store(b->v + l, v1);
        p_store(b->w + l, w1);
        p_store(b->de + l, de);
        p_store(b->di + l, di);
        reached |= p_reached(v1, p_load(b->vth + l)) << l;
    }
    return reached;
}

// Membrane and adaptation of one lane over `h` seconds from drops `de`, `di`.
TARGET static void NAME(lane)(const hx_state *s, const hx_block *b, const hx_lane *n, unsigned l,
                              float v, float w, float de, float di, float h, float *v1, float *w1) {
    // Weights of the exponential integrator to fourth order: h is at most a step.
    float z = h * b->itau[l];
    float phi = h * s_fma(z, s_fma(z, s_fma(z, -1.0f / 24, 1.0f / 6), -0.5f), 1.0f);
    float phi2 = h * s_fma(z, s_fma(z, 1.0f / 24, -1.0f / 6), 0.5f);
    float q = h * n->iw;
    q = q * s_fma(q, s_fma(q, 1.0f / 6, -0.5f), 1.0f);
    float half = 0.5f * h;
    // xe1 holds exp(-dt/2 tau)/V_s; take the decay out and put that of h/2 in (both small).
    float xe = s_fma(de * n->he * (1.0f - half * n->tau_e), b->xe1[l], b->xe0[l]);
    float xi = s_fma(di * n->hi * (1.0f - half * n->tau_i), b->xi1[l], b->xi0[l]);
    s_flow(b, l, v, w, xe, xi, phi, phi2, q, v1, w1);
    *v1 = s_max(s_min(*v1, b->hi[l]), b->lo[l]);
    *w1 = s_max(s_min(*w1, b->whi[l]), b->wlo[l]);
    (void)s;
}

static void NAME(use)(hx_block *b, const hx_set *set, unsigned l) {
    b->phi[l] = set->phi, b->phi2[l] = set->phi2, b->leak[l] = set->leak;
    b->il[l] = set->il, b->ul[l] = set->ul, b->itau[l] = set->itau;
    b->ge[l] = set->ge, b->gi[l] = set->gi, b->kx[l] = set->kx;
    b->kve[l] = set->kve, b->kvi[l] = set->kvi;
}

static int64_t NAME(next)(const hx_lane *n) {
    return n->deadline < n->adapt_end ? n->deadline : n->adapt_end;
}

// Comparator threshold as the step sees it: lowered where noise may reach it.
static float NAME(level)(const hx_state *s, const hx_lane *n) {
    return n->armed && !n->group ? n->threshold - (s->noise ? 6.0f * n->sigma : 0.0f) : INFINITY;
}

// What happens at the deadline of a lane.
static void NAME(transition)(const hx_state *s, hx_block *b, hx_lane *n, unsigned neuron, int64_t t,
                             hx_step_spikes *out) {
    unsigned l = neuron % LANES;
    if (n->adapt_end <= t) {
        n->adapt_end = NEVER;
        b->w0[l] -= n->w_jump;
    }
    if (n->deadline > t) return;
    switch (n->phase) {
    case PENDING:
        out->item[out->count++] = (hx_spike){t, (uint16_t)neuron, (uint16_t)n->forced, {0}};
        n->forced = 0;
        NAME(use)(b, &n->set[1], l);
        if (n->adapt_ticks) {
            if (n->adapt_end == NEVER) b->w0[l] += n->w_jump;
            n->adapt_end = t + n->adapt_ticks;
        }
        n->phase = RESETTING;
        n->deadline = t + n->reset_ticks;
        break;
    case RESETTING:
        NAME(use)(b, &n->set[0], l);
        n->phase = HOLDOFF;
        n->deadline = t + n->holdoff_ticks;
        break;
    default:
        n->phase = IDLE;
        n->deadline = NEVER;
        n->armed = s->neuron[neuron].comparator && s->neuron[neuron].fire;
        break;
    }
}

// Ticks until the comparator trips, within an interval of `ticks` that ends at `z`, noise included.
// The membrane bends (exponential term), so that the chord is not enough; what the events of the
// interval have brought until its end is taken as a straight line.
TARGET static float NAME(crossing)(const hx_state *s, const hx_block *b, const hx_lane *n,
                                   unsigned l, float v, float w, float de, float di, float noise,
                                   float z, float ticks) {
    float a = v + noise, goal = n->threshold, from = 0.0f, to = ticks, m, unused;
    if (a >= goal) return 0.0f;
    NAME(lane)(s, b, n, l, v, w, de, di, ticks * (float)K_TICK, &m, &unused);
    float slope = (z - noise - m) / ticks;
    for (int i = 0; i < 2; i++) {
        float at = s_fma((goal - a) / (z - a), to - from, from);
        NAME(lane)(s, b, n, l, v, w, de, di, at * (float)K_TICK, &m, &unused);
        m = s_fma(slope, at, m) + noise;
        if (m < goal) a = m, from = at;
        else z = m, to = at;
    }
    return s_fma((goal - a) / (z - a), to - from, from);
}

// A lane with a transition or a crossing in this step: piece by piece.
TARGET static void NAME(pieces)(const hx_state *s, hx_block *b, hx_lane *lanes, unsigned block,
                                int64_t step, unsigned l, const hx_before *old,
                                hx_step_spikes *out) {
    unsigned neuron = block * LANES + l;
    hx_lane *n = lanes + l;
    int64_t start = step * s->dt, end = start + s->dt;
    int64_t t = start;
    float v = old->v[l], w = old->w[l], de0 = old->de[l], di0 = old->di[l], v1 = b->v[l], w1 = b->w[l];
    float de1 = b->de[l], di1 = b->di[l], whole = 1.0f / (float)s->dt;
    for (int guard = 0; guard < 8; guard++) {
        if (n->armed && !n->group) {
            float a = v, z = v1;
            if (s->noise) {
                a += hx_noise(s, neuron, t);
                z += hx_noise(s, neuron, end);
            }
            if (z >= n->threshold) {
                float ticks = NAME(crossing)(s, b, n, l, v, w, de0, di0, a - v, z, (float)(end - t));
                n->deadline = t + (int64_t)ceilf(ticks) + n->delay;
                n->phase = PENDING;
                n->armed = 0;
            }
        }
        int64_t next = NAME(next)(n);
        if (next >= end) break;
        if (next < t) next = t;
        float share = (float)(next - t) / (float)(end - t);
        float all = (float)(next - start) * whole;
        v = s_fma(share, v1 - v, v);
        w = s_fma(share, w1 - w, w);
        t = next;
        NAME(transition)(s, b, n, neuron, t, out);
        NAME(lane)(s, b, n, l, v, w, s_fma(all, de1 - de0, de0), s_fma(all, di1 - di0, di0),
                   (float)(end - t) * (float)K_TICK, &v1, &w1);
    }
    b->v[l] = v1;
    b->w[l] = w1;
    b->vth[l] = NAME(level)(s, n);
}

// Bypass: a line beyond the level fires without the membrane.
static void NAME(relay)(const hx_state *s, hx_block *b, hx_lane *lanes, unsigned block,
                        int64_t step, const hx_before *old) {
    for (unsigned l = 0; l < LANES; l++) {
        const hx_neuron_config *c = &s->neuron[block * LANES + l];
        hx_lane *n = lanes + l;
        int exc = c->bypass_exc && b->de[l] > (float)K_BYPASS && !(old->de[l] > (float)K_BYPASS);
        int inh = c->bypass_inh && b->di[l] > (float)K_BYPASS && !(old->di[l] > (float)K_BYPASS);
        if ((exc || inh) && c->fire && n->phase == IDLE) {
            n->phase = PENDING;
            n->armed = 0;
            n->deadline = (step + 1) * s->dt;
            b->vth[l] = INFINITY;
        }
    }
}

// What a step of a block has to do besides the step: transitions, crossings, a look for rest.
TARGET static __attribute__((noinline)) int NAME(extra)(const hx_state *s, hx_block *b,
                                                        hx_lane *lanes, unsigned block,
                                                        int64_t step, uint32_t reached,
                                                        const hx_before *old,
                                                        hx_step_spikes *out) {
    int64_t end = (step + 1) * s->dt;
    if (b->bypass) NAME(relay)(s, b, lanes, block, step, old);
    uint32_t todo = reached;
    if (b->due < end)
        for (unsigned l = 0; l < LANES; l++)
            if (NAME(next)(lanes + l) < end) todo |= 1u << l;
    for (; todo; todo &= todo - 1)
        NAME(pieces)(s, b, lanes, block, step, (unsigned)__builtin_ctz(todo), old, out);
    b->due = NEVER;
    for (unsigned l = 0; l < LANES; l++)
        if (NAME(next)(lanes + l) < b->due) b->due = NAME(next)(lanes + l);
    if ((step + 1) % REST_PERIOD || b->input || b->due != NEVER) return 0;
    const float tiny = 1.0f / (1 << 22);
    int rest = 1;
    for (unsigned l = 0; l < LANES; l++) {
        if (b->de[l] < 1e-9f && b->de[l] > -1e-9f && b->ae[l] < 1.0f) b->de[l] = 0;
        if (b->di[l] < 1e-9f && b->di[l] > -1e-9f && b->ai[l] < 1.0f) b->di[l] = 0;
        rest &= fabsf(b->v[l] - old->v[l]) <= tiny * fabsf(old->v[l]) + 1e-11f;
        rest &= fabsf(b->w[l] - old->w[l]) <= tiny * fabsf(old->w[l]) + 1e-11f;
        rest &= fabsf(b->de[l] - old->de[l]) <= 1e-11f;
        rest &= fabsf(b->di[l] - old->di[l]) <= 1e-11f;
        rest &= b->v[l] < b->vth[l];
    }
    return rest;
}

// A step of one block with all that happens in it; true if it has come to rest.
TARGET INLINE int NAME(block_step)(const hx_state *s, hx_block *b, hx_lane *lanes, unsigned block,
                                   int64_t step, hx_step_spikes *out) {
    hx_before old;
    int rest = 0;
    uint32_t reached = NAME(block)(b, &old);
    if (reached || b->bypass || b->due < (step + 1) * s->dt || !((step + 1) % REST_PERIOD))
        rest = NAME(extra)(s, b, lanes, block, step, reached, &old, out);
    if (b->input) {
        memset(b->qe, 0, 4 * sizeof b->qe);
        b->input = 0;
    }
    return rest;
}

TARGET void NAME(hx_step)(hx_state *s, int64_t steps, hx_step_spikes *out) {
    // Eight blocks at a time for all the steps: their 16 kB stay in the first cache.
    for (unsigned first = 0; first < BLOCKS; first += 8) {
        uint32_t awake = s->awake & 0xffu << first;
        for (int64_t step = s->step; step < s->step + steps && awake; step++)
            for (uint32_t todo = awake; todo; todo &= todo - 1) {
                unsigned block = (unsigned)__builtin_ctz(todo);
                if (NAME(block_step)(s, &s->block[block], &s->lane[block * LANES], block, step,
                                     out))
                    awake &= ~(1u << block);
            }
        s->awake = (s->awake & ~(0xffu << first)) | awake;
    }
}

TARGET void NAME(hx_probe)(const hx_state *s, hx_block *copy, hx_lane *lanes, unsigned block) {
    hx_step_spikes none;
    none.count = 0;
    NAME(block_step)(s, copy, lanes, block, s->step, &none);
}

TARGET void NAME(hx_drive)(hx_state *s, unsigned h, unsigned row, unsigned mode, unsigned address,
                           float time, float left) {
    for (unsigned k = 0; k < HALF_BLOCKS; k++) {
        hx_block *b = &s->block[h * HALF_BLOCKS + k];
        const uint8_t *label = s->label[h][row] + k * LANES;
        const float *unit = s->unit[h][row] + k * LANES;
        const p_type scale = p_set(s->dac[2 * h + k / 8] * time), far = p_set(left);
        uint32_t hit = 0;
        for (unsigned l = 0; l < LANES; l += WIDTH) {
            p_type q = p_mul(p_match(label + l, address, p_load(unit + l)), scale);
            if (!p_above(q)) continue;
            hit = 1;
            if (mode & 1) {
                p_store(b->qe + l, p_add(p_load(b->qe + l), q));
                p_store(b->me + l, p_fma(q, far, p_load(b->me + l)));
            }
            if (mode & 2) {
                p_store(b->qi + l, p_add(p_load(b->qi + l), q));
                p_store(b->mi + l, p_fma(q, far, p_load(b->mi + l)));
            }
        }
        if (hit) {
            b->input = 1;
            s->awake |= 1u << (h * HALF_BLOCKS + k);
        }
    }
}
