// SPDX-License-Identifier: Apache-2.0
// One step of the array. Included once per instruction set, which defines TARGET, NAME, WIDTH and
// the operations v_* on its vectors; the scalar twin has WIDTH 1.

#include <math.h>
#include <string.h>

#include "state.h"

// Growth of the exponential in a step, in doublings, its own doing counted twice, from which on a
// spike's upswing is resolved. Below, what is neglected adds up to 0.3 ns of a spike's time.
#define HX_RUN 1.44f

#define INLINE static inline __attribute__((always_inline))

typedef float s_type;
TARGET static inline float s_load(const float *p) { return *p; }
TARGET static inline float s_set(float x) { return x; }
TARGET static inline float s_add(float a, float b) { return a + b; }
TARGET static inline float s_sub(float a, float b) { return a - b; }
TARGET static inline float s_mul(float a, float b) { return a * b; }
TARGET static inline float s_fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
TARGET static inline float s_fnma(float a, float b, float c) { return __builtin_fmaf(-a, b, c); }
TARGET static inline float s_min(float a, float b) { return a < b ? a : b; }
TARGET static inline float s_max(float a, float b) { return a > b ? a : b; }
TARGET static inline float s_div(float a, float b) { return a / b; }
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
typedef s_type v_type;
#define v_load s_load
#define v_set s_set
#define v_add s_add
#define v_sub s_sub
#define v_mul s_mul
#define v_div s_div
#define v_fma s_fma
#define v_fnma s_fnma
#define v_min s_min
#define v_max s_max
#define v_scale s_scale
TARGET static inline void v_store(float *p, float x) { *p = x; }
TARGET static inline uint32_t v_reached(float a, float b) { return a >= b; }
TARGET static inline uint32_t v_above(float a) { return a > 0.0f; }
TARGET static inline float v_match(const uint8_t *label, unsigned address, float x) {
    return *label == address ? x : 0.0f;
}
#endif

// Two vectors side by side: while one waits for a result, the other one has something to do, and
// both share the constants in registers.
typedef struct {
    v_type a, b;
} p_type;
#define PAIR2(f) \
    TARGET INLINE p_type p_##f(p_type x, p_type y) { return (p_type){v_##f(x.a, y.a), v_##f(x.b, y.b)}; }
#define PAIR3(f)                                                       \
    TARGET INLINE p_type p_##f(p_type x, p_type y, p_type z) {         \
        return (p_type){v_##f(x.a, y.a, z.a), v_##f(x.b, y.b, z.b)};   \
    }
PAIR2(add) PAIR2(sub) PAIR2(mul) PAIR2(div) PAIR2(min) PAIR2(max) PAIR3(fma) PAIR3(fnma)
TARGET INLINE p_type p_set(float x) { return (p_type){v_set(x), v_set(x)}; }
TARGET INLINE p_type p_load(const float *p) { return (p_type){v_load(p), v_load(p + WIDTH)}; }
TARGET INLINE void p_store(float *p, p_type x) {
    v_store(p, x.a);
    v_store(p + WIDTH, x.b);
}
TARGET INLINE p_type p_scale(p_type x, p_type t, int sign) {
    return (p_type){v_scale(x.a, t.a, sign), v_scale(x.b, t.b, sign)};
}
TARGET INLINE uint32_t p_reached(p_type x, p_type y) {
    return v_reached(x.a, y.a) | v_reached(x.b, y.b) << WIDTH;
}
#define PFX p_
#include "flow.h"
#undef PFX

// What the lanes that need more than the step were before it.
typedef struct {
    float v[LANES], w[LANES], de[LANES], di[LANES];
    float rise[LANES];  // what the charge of the step has brought to the membrane
    uint32_t runs;      // lanes whose exponential runs away
} __attribute__((aligned(64))) hx_before;

// Charge q that arrived on a line, with its time to the end of the step: line drop `d` and what has
// come to the membrane until then, through the OTA with the slope that it has in the middle of the
// jump.
#define ARRIVE(d, q, m, k, k1, x1, x0)                                                        \
    do {                                                                                      \
        p_type jump_ = p_mul(q, k);                                                           \
        d = p_min(p_fnma(m, k1, p_add(d, jump_)), p_set((float)K_LINE_MAX));                  \
        p_type u_ = p_tanh(p_fma(p_fnma(jump_, p_set(0.5f), d), x1, x0));                     \
        m = p_mul(m, p_fnma(u_, u_, p_set(1.0f)));                                            \
    } while (0)

// The step of a block; `old` is written if a lane has to be looked at again, or if `keep`. Returns
// the lanes that have to be looked at: at their threshold, at the upper clip, or in an upswing.
TARGET INLINE uint32_t NAME(block)(hx_block *b, unsigned kind, int input, int keep,
                                   hx_before *old) {
    uint32_t todo = 0, runs = 0;
    for (unsigned l = 0; l < LANES; l += 2 * WIDTH) {
#define LD(field) p_load(b->field + l)
        p_type v = LD(v), w = LD(w), d0 = p_set(0), d1 = d0, xe = d0, xi = d0, de, di, v1, w1, run, he, hi;
        if (kind & HX_EXC) d0 = LD(de), xe = p_fma(d0, LD(xe1), LD(xe0));
        if (kind & HX_INH) d1 = LD(di), xi = p_fma(d1, LD(xi1), LD(xi0));
        p_flow(b, kind, l, v, w, xe, xi, d0, LD(bend), LD(qa), LD(gq), LD(gqw), &v1, &w1, &run,
               &he, &hi);
        p_type flown = v1;
        if (kind & HX_EXC) de = p_mul(d0, LD(ae));
        if (kind & HX_INH) di = p_mul(d1, LD(ai));
        if (input && kind & HX_EXC && b->input & HX_EXC) {
            p_type m = LD(me);
            ARRIVE(de, LD(qe), m, LD(ke), LD(ke1), LD(xe1), LD(xe0));
            v1 = p_fma(p_mul(m, he), LD(kve), v1);
        }
        if (input && kind & HX_INH && b->input & HX_INH) {
            p_type m = LD(mi);
            ARRIVE(di, LD(qi), m, LD(ki), LD(ki1), LD(xi1), LD(xi0));
            v1 = p_fnma(p_mul(m, hi), LD(kvi), v1);
        }
        v1 = p_max(v1, LD(lo));
        w1 = p_max(p_min(w1, LD(whi)), LD(wlo));
        uint32_t now = p_reached(v1, LD(vth)), fast = 0;
        if (kind & HX_EXP) fast = p_reached(run, p_set(HX_RUN));
        if (__builtin_expect(now | fast | (uint32_t)keep, 0)) {
            todo |= (now | fast) << l;
            runs |= fast << l;
            p_store(old->v + l, v);
            p_store(old->w + l, w);
            p_store(old->de + l, d0);
            p_store(old->di + l, d1);
            p_store(old->rise + l, p_sub(v1, flown));
        }
        p_store(b->v + l, v1);
        p_store(b->w + l, w1);
        if (kind & HX_EXC) p_store(b->de + l, de);
        if (kind & HX_INH) p_store(b->di + l, di);
#undef LD
    }
    old->runs = runs;
    return todo;
}

// One function per kind of block, with and without charge: in a common one the compiler would load
// what all of them need first, and run out of registers.
typedef uint32_t (*NAME(block_fn))(hx_block *b, int keep, hx_before *old);
#define KIND(kind)                                                                              \
    TARGET static __attribute__((noinline)) uint32_t NAME(quiet_##kind)(hx_block * b, int keep, \
                                                                        hx_before * old) {      \
        return NAME(block)(b, kind, 0, keep, old);                                              \
    }                                                                                           \
    TARGET static __attribute__((noinline)) uint32_t NAME(input_##kind)(hx_block * b, int keep, \
                                                                        hx_before * old) {      \
        return NAME(block)(b, kind, 1, keep, old);                                              \
    }
KIND(0) KIND(1) KIND(2) KIND(3) KIND(4) KIND(5) KIND(6) KIND(7) KIND(15)
#define ENTRY(kind) {NAME(quiet_##kind), NAME(input_##kind)}
static const NAME(block_fn) NAME(of_kind)[HX_ALL + 1][2] = {
    ENTRY(0),  ENTRY(1),  ENTRY(2),  ENTRY(3),  ENTRY(4),  ENTRY(5),  ENTRY(6),  ENTRY(7),
    ENTRY(15), ENTRY(15), ENTRY(15), ENTRY(15), ENTRY(15), ENTRY(15), ENTRY(15), ENTRY(15)};

// Membrane and adaptation of one lane over `h` seconds from drops `de`, `di`.
TARGET static void NAME(lane)(const hx_block *b, const hx_lane *n, unsigned l, float v, float w,
                              float de, float di, float h, float *v1, float *w1) {
    const hx_set *set = &n->set[n->phase == RESETTING];
    // Weights of the exponential integrator to fourth order: h is at most a step.
    float z = h * set->itau, k = h * set->iphi, unused;
    float part = k * s_fma(z, s_fma(z, s_fma(z, -1.0f / 24, 1.0f / 6), -0.5f), 1.0f);
    float bend = k * (float)(1.0 / K_OTA_EDGE) * s_fma(z, s_fma(z, 1.0f / 24, -1.0f / 6), 0.5f);
    float q = h * n->iw;
    q = q * s_fma(q, s_fma(q, 1.0f / 6, -0.5f), 1.0f);
    float half = 0.5f * h;
    // xe1 holds exp(-dt/2 tau)/V_s; take the decay out and put that of h/2 in (both small).
    float xe = s_fma(de * n->he * (1.0f - half * n->tau_e), b->xe1[l], b->xe0[l]);
    float xi = s_fma(di * n->hi * (1.0f - half * n->tau_i), b->xi1[l], b->xi0[l]);
    float gq = -q * set->gw * (float)K_OTA_EDGE;
    s_flow(b, b->kind | HX_FINE, l, v, w, xe, xi, part, bend, q, gq, gq * b->wg[l], v1, w1, &unused,
           &unused, &unused);
    *v1 = s_max(s_min(*v1, b->hi[l]), b->lo[l]);
    *w1 = s_max(s_min(*w1, b->whi[l]), b->wlo[l]);
}

// What happens at the deadline of a lane; true if it changes what drives the membrane.
static int NAME(transition)(const hx_state *s, hx_block *b, hx_lane *n, unsigned neuron, int64_t t,
                             hx_step_spikes *out) {
    unsigned l = neuron % LANES;
    int moved = 0;
    if (n->adapt_end <= t) {
        n->adapt_end = NEVER;
        b->w0[l] -= n->w_jump;
        moved = 1;
    }
    if (n->deadline > t) return moved;
    switch (n->phase) {
    case PENDING:
        out->item[out->count++] = (hx_spike){t, (uint16_t)neuron, (uint16_t)n->forced, {0}};
        n->forced = 0;
        hx_use(b, &n->set[1], l);
        if (n->adapt_ticks) {
            if (n->adapt_end == NEVER) b->w0[l] += n->w_jump;
            n->adapt_end = t + n->adapt_ticks;
        }
        n->phase = RESETTING;
        n->deadline = t + n->reset_ticks;
        return 1;
    case RESETTING:
        hx_use(b, &n->set[0], l);
        n->phase = HOLDOFF;
        n->deadline = t + n->holdoff_ticks;
        return 1;
    default:
        n->phase = IDLE;
        n->deadline = NEVER;
        n->armed = s->neuron[neuron].comparator && s->neuron[neuron].fire;
        return moved;
    }
}

// Ticks until the comparator trips, within an interval of `ticks` that ends at `z`, noise included.
// The membrane bends (exponential term), so that the chord is not enough; what charge brings, it
// brings from its `arrival` on.
TARGET static float NAME(crossing)(const hx_block *b, const hx_lane *n, unsigned l, float v, float w,
                                   float de, float di, float noise, float z, float ticks,
                                   float arrival) {
    float a = v + noise, goal = n->threshold, from = 0.0f, to = ticks, m, unused;
    if (a >= goal) return 0.0f;
    NAME(lane)(b, n, l, v, w, de, di, ticks * (float)K_TICK, &m, &unused);
    arrival = s_max(s_min(arrival, ticks - 1e-3f), 0.0f);
    float slope = (z - noise - m) / (ticks - arrival);
    for (int i = 0; i < 2; i++) {
        float at = s_fma((goal - a) / (z - a), to - from, from);
        NAME(lane)(b, n, l, v, w, de, di, at * (float)K_TICK, &m, &unused);
        m = s_fma(slope, s_max(at - arrival, 0.0f), m) + noise;
        if (m < goal) a = m, from = at;
        else z = m, to = at;
    }
    return s_fma((goal - a) / (z - a), to - from, from);
}

// A lane with a transition, a crossing or an upswing in this step: piece by piece.
TARGET static void NAME(pieces)(const hx_state *s, hx_block *b, hx_lane *lanes, unsigned block,
                                int64_t step, unsigned l, const hx_before *old,
                                hx_step_spikes *out) {
    unsigned neuron = block * LANES + l;
    hx_lane *n = lanes + l;
    int64_t start = step * s->dt, end = start + s->dt;
    int64_t t = start;
    float v = old->v[l], w = old->w[l], de0 = old->de[l], di0 = old->di[l], v1 = b->v[l], w1 = b->w[l];
    float de = de0, di = di0;
    // The lines decay; charge acts from its (mean) arrival on, with what it brings until the end.
    float fall_e = de0 * (b->ae[l] - 1.0f), fall_i = di0 * (b->ai[l] - 1.0f);
    float jump_e = b->de[l] - de0 - fall_e, jump_i = b->di[l] - di0 - fall_i;
    float charge = b->qe[l] + b->qi[l], whole = 1.0f / (float)s->dt;
    float arrival = charge > 0.0f ? (float)s->dt - (b->me[l] + b->mi[l]) / charge * (float)(1.0 / K_TICK) : 0.0f;
    if (old->runs >> l & 1) {
        NAME(lane)(b, n, l, v, w, de0, di0, (float)s->dt * (float)K_TICK, &v1, &w1);
        v1 += old->rise[l];
    }
    v1 = s_min(v1, b->hi[l]);
    for (int guard = 0; guard < 8; guard++) {
        if (n->armed && !n->group) {
            float a = v, z = v1;
            if (s->noise) {
                a += hx_noise(s, neuron, t);
                z += hx_noise(s, neuron, end);
            }
            if (z >= n->threshold) {
                float ticks = NAME(crossing)(b, n, l, v, w, de, di, a - v, z, (float)(end - t),
                                             arrival - (float)(t - start));
                n->deadline = t + (int64_t)ceilf(ticks) + n->delay;
                n->phase = PENDING;
                n->armed = 0;
            }
        }
        int64_t next = n->deadline < n->adapt_end ? n->deadline : n->adapt_end;
        b->next[l] = next;
        if (next >= end) break;
        if (next < t) next = t;
        float share = (float)(next - t) / (float)(end - t);
        v = s_fma(share, v1 - v, v);
        w = s_fma(share, w1 - w, w);
        t = next;
        int moved = NAME(transition)(s, b, n, neuron, t, out);
        float past = (float)(t - start), all = past * whole;
        int later = past < arrival;
        de = s_fma(all, fall_e, de0) + (later ? 0.0f : jump_e);
        di = s_fma(all, fall_i, di0) + (later ? 0.0f : jump_i);
        if (!moved) continue;
        NAME(lane)(b, n, l, v, w, de, di, (float)(end - t) * (float)K_TICK, &v1, &w1);
        if (later) v1 = s_min(v1 + old->rise[l], b->hi[l]);
    }
    if (b->next[l] < b->due) b->due = b->next[l];
    b->v[l] = v1;
    b->w[l] = w1;
    b->vth[l] = hx_level(s, n, b->hi[l]);
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
            b->next[l] = n->deadline < n->adapt_end ? n->deadline : n->adapt_end;
            if (b->next[l] < b->due) b->due = b->next[l];
            b->vth[l] = b->hi[l];
        }
    }
}

// Transitions at the very beginning of a step need no pieces.
static __attribute__((noinline)) void NAME(punctual)(const hx_state *s, hx_block *b, hx_lane *lanes,
                                                     unsigned block, int64_t start,
                                                     hx_step_spikes *out) {
    for (unsigned l = 0; l < LANES; l++) {
        hx_lane *n = lanes + l;
        while (b->next[l] <= start) {
            NAME(transition)(s, b, n, block * LANES + l, start, out);
            b->next[l] = n->deadline < n->adapt_end ? n->deadline : n->adapt_end;
            b->vth[l] = hx_level(s, n, b->hi[l]);
        }
    }
    hx_block_due(b);
}

// What a step of a block has to do besides the step: transitions, crossings, a look for rest.
TARGET static __attribute__((noinline)) int NAME(extra)(const hx_state *s, hx_block *b,
                                                        hx_lane *lanes, unsigned block,
                                                        int64_t step, uint32_t reached,
                                                        const hx_before *old,
                                                        hx_step_spikes *out) {
    int64_t end = (step + 1) * s->dt;
    if (b->bypass && b->input) NAME(relay)(s, b, lanes, block, step, old);
    uint32_t todo = reached;
    if (b->due < end)
        for (unsigned l = 0; l < LANES; l++) todo |= (uint32_t)(b->next[l] < end) << l;
    for (; todo; todo &= todo - 1)
        NAME(pieces)(s, b, lanes, block, step, (unsigned)__builtin_ctz(todo), old, out);
    if (b->due < end) hx_block_due(b);
    if ((step + 1) % REST_PERIOD) return 0;
    const float tiny = 1.0f / (1 << 22);
    int rest = !b->input && b->due == NEVER;
    uint32_t drops = 0;
    for (unsigned l = 0; l < LANES; l++) {
        if (b->de[l] < 1e-9f && b->de[l] > -1e-9f && b->ae[l] < 1.0f) b->de[l] = 0;
        if (b->di[l] < 1e-9f && b->di[l] > -1e-9f && b->ai[l] < 1.0f) b->di[l] = 0;
        drops |= (b->de[l] != 0.0f ? HX_EXC : 0u) | (b->di[l] != 0.0f ? HX_INH : 0u);
        rest &= fabsf(b->v[l] - old->v[l]) <= tiny * fabsf(old->v[l]) + 1e-11f;
        rest &= fabsf(b->w[l] - old->w[l]) <= tiny * fabsf(old->w[l]) + 1e-11f;
        rest &= fabsf(b->de[l] - old->de[l]) <= 1e-11f;
        rest &= fabsf(b->di[l] - old->di[l]) <= 1e-11f;
        rest &= b->v[l] < b->vth[l] || !lanes[l].armed;
    }
    if (b->kind & ~drops & (HX_EXC | HX_INH)) hx_block_kind(s, block, b);
    return rest;
}

// A step of one block with all that happens in it; true if it has come to rest.
TARGET INLINE int NAME(block_step)(const hx_state *s, hx_block *b, hx_lane *lanes, unsigned block,
                                   int64_t step, hx_step_spikes *out) {
    hx_before old;
    int rest = 0;
    if (b->due <= step * s->dt) NAME(punctual)(s, b, lanes, block, step * s->dt, out);
    int more = (b->bypass && b->input) || b->due < (step + 1) * s->dt || !((step + 1) % REST_PERIOD);
    uint32_t reached = NAME(of_kind)[b->kind][b->input != 0](b, more, &old);
    if (__builtin_expect(reached | (uint32_t)more, 0))
        rest = NAME(extra)(s, b, lanes, block, step, reached, &old, out);
    if (b->input) {
        memset(b->qe, 0, 4 * sizeof b->qe);
        b->input = 0;
    }
    return rest;
}

TARGET void NAME(hx_step)(hx_state *s, int64_t steps, hx_step_spikes *out) {
    // Four blocks at a time for all the steps: what they need stays in the first cache.
    for (unsigned first = 0; first < BLOCKS; first += 4) {
        uint32_t awake = s->awake & 0xfu << first;
        for (int64_t step = s->step; step < s->step + steps && awake; step++)
            for (uint32_t todo = awake; todo; todo &= todo - 1) {
                unsigned block = (unsigned)__builtin_ctz(todo);
                if (NAME(block_step)(s, &s->block[block], &s->lane[block * LANES], block, step,
                                     out))
                    awake &= ~(1u << block);
            }
        s->awake = (s->awake & ~(0xfu << first)) | awake;
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
        const v_type scale = v_set(s->dac[2 * h + k / (HALF_BLOCKS / 2)] * time), far = v_set(left);
        uint32_t hit = 0;
        for (unsigned l = 0; l < LANES; l += WIDTH) {
            v_type q = v_mul(v_match(label + l, address, v_load(unit + l)), scale);
            if (!v_above(q)) continue;
            hit = 1;
            if (mode & 1) {
                v_store(b->qe + l, v_add(v_load(b->qe + l), q));
                v_store(b->me + l, v_fma(q, far, v_load(b->me + l)));
            }
            if (mode & 2) {
                v_store(b->qi + l, v_add(v_load(b->qi + l), q));
                v_store(b->mi + l, v_fma(q, far, v_load(b->mi + l)));
            }
        }
        if (hit) {
            b->input |= mode;
            b->kind |= mode;
            s->awake |= 1u << (h * HALF_BLOCKS + k);
        }
    }
}
