// SPDX-License-Identifier: Apache-2.0
// One step of the array. Included once per instruction set, which defines TARGET, NAME, WIDTH and
// the operations v_* on its vectors; the scalar twin has WIDTH 1.

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
TARGET static inline float s_fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
TARGET static inline float s_fnma(float a, float b, float c) { return __builtin_fmaf(-a, b, c); }
TARGET static inline float s_min(float a, float b) { return a < b ? a : b; }
TARGET static inline float s_max(float a, float b) { return a > b ? a : b; }
TARGET static inline float s_div(float a, float b) { return a / b; }
// x times 2^n, with n as `split` makes it.
TARGET static inline float s_scale(float x, float n) {
    uint32_t bits, shift;
    memcpy(&bits, &x, 4);
    memcpy(&shift, &n, 4);
    bits += shift << 23;
    memcpy(&x, &bits, 4);
    return x;
}
// The greater of two wholes of `split`.
TARGET static inline float s_most(float a, float b) {
    int32_t x, y;
    memcpy(&x, &a, 4);
    memcpy(&y, &b, 4);
    return x > y ? a : b;
}

// Natural logarithm of x > 0 within 1e-7.
TARGET static inline float s_log(float x) {
    uint32_t bits;
    memcpy(&bits, &x, 4);
    int32_t e = (int32_t)(bits - 0x3f3504f3u) >> 23;  // from sqrt(1/2) on
    bits -= (uint32_t)e << 23;
    memcpy(&x, &bits, 4);
    float t = s_div(x - 1.0f, x + 1.0f), y = t * t;
    float p = s_fma(s_fma(s_fma(y, 0.142857143f, 0.2f), y, 0.333333333f), y, 1.0f);
    return s_fma((float)e, (float)K_LN2, (t + t) * p);
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
#define v_most s_most
TARGET static inline void v_store(float *p, float x) { *p = x; }
TARGET static inline uint32_t v_reached(float a, float b) { return a >= b; }
TARGET static inline uint32_t v_above(float a) { return a > 0.0f; }
// Lanes of a block with a label, and x in the lanes of a mask, 0 in the others.
TARGET static inline uint32_t v_match(const uint8_t *label, unsigned address) {
    uint32_t same = 0;
    for (unsigned l = 0; l < LANES; l++) same |= (uint32_t)(label[l] == address) << l;
    return same;
}
TARGET static inline float v_pick(float x, uint32_t mask) { return mask & 1 ? x : 0.0f; }
// Lanes whose deadline is not after `t`, and the earliest deadline of all.
TARGET static uint32_t v_late(const int64_t *next, int64_t t) {
    uint32_t late = 0;
    for (unsigned l = 0; l < LANES; l++) late |= (uint32_t)(next[l] <= t) << l;
    return late;
}
TARGET static int64_t v_soonest(const int64_t *next) {
    int64_t first = next[0];
    for (unsigned l = 1; l < LANES; l++) first = next[l] < first ? next[l] : first;
    return first;
}
#endif

// Vectors side by side: while one waits for a result, the others have something to do, and all share
// the constants in registers.
#define PAIR2(p, v, f)                                                  \
    TARGET INLINE p##_type p##_##f(p##_type x, p##_type y) {            \
        return (p##_type){v##_##f(x.a, y.a), v##_##f(x.b, y.b)};        \
    }
#define PAIR3(p, v, f)                                                         \
    TARGET INLINE p##_type p##_##f(p##_type x, p##_type y, p##_type z) {       \
        return (p##_type){v##_##f(x.a, y.a, z.a), v##_##f(x.b, y.b, z.b)};     \
    }
#define PAIR(p, v, width)                                                                       \
    typedef struct {                                                                            \
        v##_type a, b;                                                                          \
    } p##_type;                                                                                 \
    PAIR2(p, v, add) PAIR2(p, v, sub) PAIR2(p, v, mul) PAIR2(p, v, div) PAIR2(p, v, min)        \
    PAIR2(p, v, max) PAIR2(p, v, scale) PAIR2(p, v, most) PAIR3(p, v, fma) PAIR3(p, v, fnma)    \
    TARGET INLINE p##_type p##_set(float x) { return (p##_type){v##_set(x), v##_set(x)}; }      \
    TARGET INLINE p##_type p##_load(const float *from) {                                        \
        return (p##_type){v##_load(from), v##_load(from + width)};                              \
    }                                                                                           \
    TARGET INLINE void p##_store(float *to, p##_type x) {                                       \
        v##_store(to, x.a);                                                                     \
        v##_store(to + width, x.b);                                                             \
    }                                                                                           \
    TARGET INLINE uint32_t p##_reached(p##_type x, p##_type y) {                                \
        return v##_reached(x.a, y.a) | v##_reached(x.b, y.b) << width;                          \
    }
#if WIDTH == 8
PAIR(q, v, 8)
PAIR(p, q, 16)
#define ABREAST 32
#else
PAIR(p, v, WIDTH)
#define ABREAST (2 * WIDTH)
#endif
#define PFX p_
#include "flow.h"
#undef PFX

// What the lanes that need more than the step were before it.
typedef struct {
    float v[LANES], dv[LANES], w[LANES], de[LANES], di[LANES];
    float rise[LANES];  // what the charge of the step has brought to the membrane
} __attribute__((aligned(64))) hx_before;

#define LD(field) p_load(b->field + l)

// Charge q on a line, and its product with the time for which it has acted, m: line drop `d`, what
// has come to the membrane until the end of the step, and what it brings in a whole step; through
// the OTA with the slope that it has in the middle of the jump.
#define ARRIVE(d, q, m, k, x1, x0, left, kv)                                                  \
    do {                                                                                      \
        p_type q_ = q, m_ = m, jump_ = p_mul(q_, k);                                          \
        d = p_min(p_add(d, jump_), p_set((float)K_LINE_MAX));                                 \
        p_type r_ = p_ota(p_fma(p_fnma(jump_, p_set(0.5f), d), x1, x0));                      \
        r_ = p_fnma(p_mul(r_, r_), p_set((float)(K_OTA * K_OTA)), one);                       \
        r_ = p_mul(p_mul(r_, left), kv);                                                      \
        rise = p_fma(m_, r_, rise);                                                           \
        next = p_fma(p_mul(q_, p_set(b->span)), r_, next);                                    \
    } while (0)

// The step of a block; `old` is written if a lane has to be looked at again, or if `keep`. Returns
// the lanes that have to be looked at: at their threshold, at the upper clip, or in an upswing.
// `kind`: what the lanes have (HX_EXC, ...), the rest is known to contribute nothing.
TARGET INLINE uint32_t NAME(block)(hx_block *b, unsigned kind, int input, int keep,
                                   hx_before *old) {
    uint32_t todo = 0;
    for (unsigned l = 0; l < LANES; l += ABREAST) {
        const p_type zero = p_set(0.0f), one = p_set(1.0f);
        p_type v = LD(v), w = LD(w), dv = LD(dv), d0 = zero, d1 = zero;
        // All currents at the membrane in the middle of the step, as the step before lets expect.
        p_type vm = p_min(p_fma(LD(ahead), dv, v), LD(top)), ahead = p_sub(vm, v);
        p_type f = p_fma(LD(kd), ahead, p_fnma(LD(gw), w, LD(c0)));
        if (kind & HX_EXC) d0 = LD(de);
        if (kind & HX_INH) d1 = LD(di);
        p_currents_type c = p_currents(b, l, kind, vm, d0, d1, f);
        p_type bend = p_mul(p_mul(c.leak, c.leak), LD(bend));
        f = c.all;
        if (kind & HX_EXP) {
            p_type ex = p_exp2(p_fma(vm, LD(xa), LD(xb)));
            f = p_add(f, ex);
            bend = p_fma(ex, p_fma(ex, LD(xm), LD(xl)), bend);
        }
        // What leak and exponential gain where the middle comes out elsewhere.
        f = p_fma(bend, p_sub(f, dv), f);
        p_type rise = zero, next = f, v1 = p_add(v, f);
        if (kind & HX_EXC) {
            p_type de = p_fma(d0, LD(ae), d0);
            if (input && b->input & HX_EXC)
                ARRIVE(de, LD(qe), LD(me), LD(ke), LD(xe1), LD(xe0), c.exc_left, LD(kve));
            p_store(b->de + l, de);
        }
        if (kind & HX_INH) {
            p_type di = p_fma(d1, LD(ai), d1);
            if (input && b->input & HX_INH)
                ARRIVE(di, LD(qi), LD(mi), LD(ki), LD(xi1), LD(xi0), c.inh_left, LD(kvi));
            p_store(b->di + l, di);
        }
        // Inhibition may arrive behind a crossing and hide it: look at the membrane without it, too.
        p_type peak = v1;
        if (input) v1 = p_add(v1, rise);
        v1 = p_max(v1, LD(lo));
        peak = input && kind & HX_INH ? p_max(peak, v1) : v1;
        p_type w1 = p_fma(LD(qa), p_sub(p_fma(LD(wg), v1, LD(w0)), w), w);
        w1 = p_max(p_min(w1, LD(whi)), LD(wlo));
        uint32_t now = p_reached(peak, LD(vth));
        if (__builtin_expect(now | (uint32_t)keep, 0)) {
            todo |= now << l;
            p_store(old->v + l, v);
            p_store(old->dv + l, dv);
            p_store(old->w + l, w);
            p_store(old->de + l, d0);
            p_store(old->di + l, d1);
            p_store(old->rise + l, rise);
        }
        p_store(b->v + l, v1);
        p_store(b->w + l, w1);
        p_store(b->dv + l, next);
    }
    return todo;
}
#undef LD

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

// Growth in e-folds of u' = rest + own e^u, from u = 0 on for an interval of 1, and its mean on the
// way: e^-u = e^-rest - own (1 - e^-rest) / rest, which falls about linearly. From u = `limit` on,
// where the exponential has its limit, u' stays.
TARGET static float NAME(upswing)(float rest, float own, float limit, float *mean) {
    float a = s_max(s_min(rest, 60.0f), -1.0f), u = 0.0f, on = 1.0f, after = a + own;
    *mean = 0.0f;
    if (limit > 0.0f) {
        float left, share;  // e^-a, (1 - e^-a) / a
        if (a > 1.0f) {
            left = s_exp2(a * -(float)K_LOG2_E);
            share = s_div(1.0f - left, a);
        } else {
            share = s_fma(s_fma(s_fma(s_fma(8.33333333e-3f, a, -4.16666667e-2f), a, 0.166666667f), a, -0.5f), a, 1.0f);
            left = s_fnma(a, share, 1.0f);
        }
        float end = s_fnma(own, share, left), top = s_exp2(s_max(limit * -(float)K_LOG2_E, -100.0f));
        if (end > top) {
            u = -s_log(end);
            on = 0.0f;
        } else {
            u = limit;
            on = 1.0f - s_div(1.0f - top, s_max(1.0f - end, 1e-20f));
            after = a + s_div(own, top);
            end = top;
        }
        // Half way where `rest` leads, or too little falls to tell more.
        int half = a > 1.0f || fabsf(1.0f - end) < 0.02f;
        *mean = half ? 0.5f * u : 1.0f - s_div(end, 1.0f - end) * u;
    }
    float grown = on * after;
    *mean = s_fma(on, s_fma(0.5f, grown, u - *mean), *mean);
    return u + grown + (rest - a);
}

// Membrane of one lane after `h` seconds from drops `de`, `di`: a prediction, then the change of the
// currents along the way. `rest`: what all but the exponential brings, as predicted.
TARGET static float NAME(lane)(const hx_block *b, const hx_lane *n, unsigned l, float v, float w,
                               float de, float di, float h, float *rest) {
    const hx_set *set = &n->set[n->use];
    unsigned idle = (set->ge == 0.0f ? HX_EXC : 0) | (set->gi == 0.0f ? HX_INH : 0);
    s_part_type p = s_part(b, l, b->kind & ~idle, v, w, de, di, h);
    float grown = p.go, mean = 0.0f;
    *rest = p.go;
    if (set->run != INFINITY) {
        float top = set->xtop, arg = s_min(s_fma(v, b->xa[l], set->xb), top);
        float own = h * set->iphi * s_exp2(arg);
        float fold = b->xa[l] * (float)K_LN2;  // e-folds of the exponential per volt
        grown = NAME(upswing)(p.go * fold, own * fold, (top - arg) * (float)K_LN2, &mean) / fold;
        // Twice the mean, on the way, of what the exponential adds.
        mean = s_fnma(p.go, fold, mean + mean) / fold;
    }
    // The other currents change along the way; the leak has not seen yet what the exponential adds.
    v = s_fma(p.bend, s_fma(p.slope, p.go + mean, -set->kd * mean), v + grown);
    return s_max(s_min(v, b->hi[l]), b->lo[l]);
}

// What happens at the deadline of a lane; true if it changes what drives the membrane.
static int NAME(transition)(const hx_state *s, hx_block *b, hx_lane *n, unsigned neuron, int64_t t,
                             int64_t start, hx_step_spikes *out) {
    unsigned l = neuron % LANES;
    // The adaptation stands half a step ahead: what a pulse brings from `t` until there.
    float pulse = n->w_jump * b->qa[l] * (0.5f - (float)(t - start) / (float)s->dt);
    if (n->adapt_end <= t) {
        n->adapt_end = NEVER;
        b->w0[l] -= n->w_jump;
        b->w[l] -= pulse;
    }
    if (n->deadline > t) return 0;
    switch (n->phase) {
    case PENDING:
        out->item[out->count++] = (hx_spike){t, (uint16_t)neuron, (uint16_t)n->forced, {0}};
        n->forced = 0;
        hx_use(b, n, RESET, l);
        if (n->adapt_ticks) {
            if (n->adapt_end == NEVER) {
                b->w0[l] += n->w_jump;
                b->w[l] += pulse;
            }
            n->adapt_end = t + n->adapt_ticks;
        }
        n->phase = RESETTING;
        n->deadline = t + n->reset_ticks;
        return 1;
    case RESETTING:
        hx_use(b, n, NORMAL, l);
        n->phase = IDLE;
        n->deadline = NEVER;
        n->from = t + n->holdoff_ticks;
        n->armed = hx_arms(s, neuron);
        return 1;
    default:
        n->phase = IDLE;
        n->deadline = NEVER;
        n->armed = hx_arms(s, neuron);
        return 0;
    }
}

// Where the membrane relaxes or grows by z in a step, a parabola with the bow z / 2 leaves out z^2 / 15 of
// the change: up to 1/10 that is 0.006 clocks of a step of 40 ns. A bow of 10 uV leaves out less than
// 0.2 uV then, which a float of 1 V does not resolve.
#define K_RELAXED 0.1f
#define K_BOW (0.5f * K_RELAXED)
#define K_STRAIGHT 1e-5f
TARGET static int NAME(curved)(const hx_block *b, unsigned l, float go, float bow) {
    return b->span * b->itau[l] > K_RELAXED || fabsf(bow) > s_max(K_BOW * fabsf(go), K_STRAIGHT);
}

// From an event in a step to the next one, or to the end of the step.
typedef struct {
    float v, de, di;       // membrane and drops at its beginning
    float go, bow, ticks;  // how far the membrane goes in its ticks, charge apart, and how it bends
    int curved;            // more than a parabola can follow
    int runs;              // an upswing, in which
    float rest;            // so much of `go` is not of the exponential
} hx_piece;

// Membrane `at` ticks after the beginning of a piece, without the charge that arrives in it.
TARGET static float NAME(way)(const hx_block *b, const hx_lane *n, unsigned l, const hx_piece *p,
                              float at) {
    float rest, x = s_div(at, p->ticks);
    if (p->curved) return NAME(lane)(b, n, l, p->v, b->w[l], p->de, p->di, at * (float)K_TICK, &rest);
    return s_fma(x, s_fma(x - 1.0f, p->bow, p->go), p->v);
}

// Ticks until the comparator trips, within a piece at whose end the membrane is at `z`, noise
// included; INFINITY if it does not. The membrane bends (exponential term), so that the chord is not
// enough, and has a kink at the `arrival` of charge, which brings `rise` from there on.
TARGET static float NAME(crossing)(const hx_block *b, const hx_lane *n, unsigned l,
                                   const hx_piece *p, float noise, float z, float rise,
                                   float arrival) {
    float a = p->v + noise, goal = n->threshold, from = 0.0f, to = p->ticks, slope = 0.0f;
    if (a >= goal) return 0.0f;
    if (rise != 0.0f) {
        arrival = s_max(s_min(arrival, to - 1e-3f), 0.0f);
        slope = rise / (to - arrival);
        float m = NAME(way)(b, n, l, p, arrival) + noise;
        if (m < goal) a = m, from = arrival;
        else z = m, to = arrival;
    }
    if (z < goal) {
        // Both ends below the threshold, the top of the parabola above it?
        float top = p->ticks * (0.5f - s_div(s_fma(slope, p->ticks, p->go), p->bow + p->bow));
        if (p->runs || !(p->bow < 0.0f && top > from && top < to)) return INFINITY;
        z = s_fma(slope, s_max(top - arrival, 0.0f), NAME(way)(b, n, l, p, top)) + noise;
        to = top;
        if (z < goal) return INFINITY;
    }
    float fold = -b->xa[l], bend = (float)(-0.5 * K_LN2) * p->rest * fold;
    if (p->runs && slope == 0.0f && fabsf(bend) < 0.25f) {
        // Backwards from the end: linear down to the limit of the exponential, then as in `upswing`.
        const hx_set *set = &n->set[n->use];
        float limit = n->limit + noise;
        if (z > limit) {
            float rate = s_fma(set->iphi * (float)K_TICK, s_exp2(set->xtop), s_div(p->rest, to));
            if (goal > limit) return s_max(to - s_div(z - goal, rate), 0.0f);
            to = s_max(to - s_div(z - limit, rate), 0.0f);
            z = limit;
        }
        float fall = s_div(1.0f - s_exp2(fold * (goal - a)), s_max(1.0f - s_exp2(fold * (z - a)), 1e-6f));
        return to * s_min(s_fnma(bend * fall, 1.0f - fall, fall), 1.0f);
    }
    for (int i = 0; i < 2; i++) {
        float at = s_fma((goal - a) / (z - a), to - from, from);
        float m = s_fma(slope, s_max(at - arrival, 0.0f), NAME(way)(b, n, l, p, at)) + noise;
        // A hundredth of a clock off, and the last secant does the rest.
        int near = fabsf(m - goal) * (to - from) <= 0.01f * (z - a);
        if (m < goal) a = m, from = at;
        else z = m, to = at;
        if (near) break;
    }
    return s_fma((goal - a) / (z - a), to - from, from);
}

// Charge times the time since its arrival: back from what `put` has made of both (`decay`: that of
// the line beyond the fading).
TARGET static float NAME(since)(float charge, float moment, float decay) {
    if (charge <= 0.0f) return 0.0f;
    float t = moment / charge, x = s_fnma(t * t, decay, t);
    return charge * s_fnma(t * x, decay, t);
}

// Adaptation of a lane behind the step, from `w` on.
TARGET static void NAME(adapt)(hx_block *b, unsigned l, float w) {
    w = s_fma(b->qa[l], s_fma(b->wg[l], b->v[l], b->w0[l]) - w, w);
    b->w[l] = s_max(s_min(w, b->whi[l]), b->wlo[l]);
}

// A lane with a transition, a crossing or an upswing in this step: piece by piece.
TARGET static void NAME(pieces)(const hx_state *s, hx_block *b, hx_lane *lanes, unsigned block,
                                int64_t step, unsigned l, const hx_before *old,
                                hx_step_spikes *out) {
    unsigned neuron = block * LANES + l;
    hx_lane *n = lanes + l;
    int64_t start = step * s->dt, end = start + s->dt, t = start;
    float v1 = b->v[l], dv = b->dv[l], rise = old->rise[l], arrival = 0.0f;
    hx_piece p = {old->v[l], old->de[l], old->di[l], v1 - rise - old->v[l], .ticks = (float)s->dt};
    if (n->use == LIMIT && v1 < n->limit) hx_use(b, n, NORMAL, l);
    float run = n->set[n->use].run;
    b->w[l] = old->w[l];
    // Charge acts from its (mean) arrival on, with what it brings until the end.
    if (b->input && b->qe[l] + b->qi[l] > 0.0f) {
        float since = NAME(since)(b->qe[l], b->me[l], b->te[l] - b->fe[l]) +
                      NAME(since)(b->qi[l], b->mi[l], b->ti[l] - b->fi[l]);
        arrival = (float)s->dt - since / (b->qe[l] + b->qi[l]) * (float)(1.0 / K_TICK);
    }
    p.bow = 0.5f * (p.go - old->dv[l]);
    p.curved = NAME(curved)(b, l, p.go, p.bow);
    if (p.v >= run || v1 >= run) {
        p.curved = p.runs = 1;
        v1 = NAME(lane)(b, n, l, p.v, b->w[l], p.de, p.di, b->span, &p.rest);
        dv = v1 - p.v;
        v1 += rise;
    }
    v1 = s_min(v1, b->hi[l]);
    for (int guard = 0; guard < 8; guard++) {
        if (n->armed && !n->group) {
            float noise = 0.0f, z = v1;
            if (s->noise) {
                noise = hx_noise(s, neuron, t);
                z += hx_noise(s, neuron, end);
            }
            float ticks = INFINITY;
            if (p.v + noise >= n->threshold || z >= n->threshold - K_TOP || rise < 0.0f)
                ticks = NAME(crossing)(b, n, l, &p, noise, z, rise, arrival - (float)(t - start));
            if (ticks < INFINITY) {
                int64_t trip = t + (int64_t)ceilf(ticks);
                n->phase = trip < n->from ? HOLDOFF : PENDING;
                n->deadline = trip < n->from ? n->from : trip + n->delay;
                n->armed = 0;
            }
        }
        int64_t next = hx_next(n);
        b->next[l] = next;
        if (next >= end) break;
        if (next < t) next = t;
        if (next > t) {
            float past = (float)(t - start), to = (float)(next - start);
            float v = NAME(way)(b, n, l, &p, to - past);
            float since = s_max(past, arrival);
            if (to > since) {
                float part = rise * ((to - since) / ((float)s->dt - since));
                v += part;
                rise -= part;
            }
            p.v = s_min(v, b->hi[l]);
        }
        t = next;
        float left = (float)(end - t);
        if (NAME(transition)(s, b, n, neuron, t, start, out)) {
            // The lines decay, and what arrived in the meantime is there.
            float past = (float)(t - start), all = past * (float)K_TICK / b->span;
            float fall_e = old->de[l] * b->ae[l], fall_i = old->di[l] * b->ai[l];
            p.de = s_fma(all, fall_e, old->de[l]);
            p.di = s_fma(all, fall_i, old->di[l]);
            if (past >= arrival) {
                p.de += b->de[l] - old->de[l] - fall_e;
                p.di += b->di[l] - old->di[l] - fall_i;
                rise = 0.0f;
            }
            v1 = NAME(lane)(b, n, l, p.v, b->w[l], p.de, p.di, left * (float)K_TICK, &p.rest);
            dv = (v1 - p.v) * (float)s->dt / left;
            p.curved = 1;
            p.runs = 0;
            p.bow = 0.0f;
            v1 = s_min(v1 + rise, b->hi[l]);
        }
        p.go = v1 - rise - p.v;
        p.bow *= left / p.ticks * (left / p.ticks);
        p.rest *= left / p.ticks;
        p.ticks = left;
    }
    b->v[l] = v1;
    NAME(adapt)(b, l, b->w[l]);
    b->dv[l] = dv;
    if (n->use == NORMAL && v1 >= n->limit) hx_use(b, n, LIMIT, l);
    b->vth[l] = hx_level(s, n, b->hi[l]);
    // From here on, the next step has to be looked at even if it ends elsewhere.
    b->hot = (b->hot & ~(1u << l)) | (uint32_t)(n->use == LIMIT || v1 >= n->set[n->use].run) << l;
}

// Bypass: a line beyond the level fires without the membrane.
static void NAME(relay)(const hx_state *s, hx_block *b, hx_lane *lanes, unsigned block,
                        int64_t step, const hx_before *old) {
    for (uint32_t todo = b->bypass; todo; todo &= todo - 1) {
        unsigned l = (unsigned)__builtin_ctz(todo);
        const hx_neuron_config *c = &s->neuron[block * LANES + l];
        hx_lane *n = lanes + l;
        int exc = c->bypass_exc && b->de[l] > (float)K_BYPASS && !(old->de[l] > (float)K_BYPASS);
        int inh = c->bypass_inh && b->di[l] > (float)K_BYPASS && !(old->di[l] > (float)K_BYPASS);
        if ((exc || inh) && hx_fires(s, block * LANES + l) && n->phase == IDLE &&
            n->from <= step * s->dt) {
            n->phase = PENDING;
            n->armed = 0;
            n->deadline = (step + 1) * s->dt;
            b->next[l] = hx_next(n);
            b->vth[l] = b->hi[l];
            if (b->next[l] < b->due) b->due = b->next[l];
        }
    }
}

// Transitions at the very beginning of a step need no pieces.
TARGET static __attribute__((noinline)) void NAME(punctual)(const hx_state *s, hx_block *b, hx_lane *lanes,
                                                            unsigned block, int64_t start,
                                                            hx_step_spikes *out) {
    for (uint32_t todo = v_late(b->next, start); todo; todo &= todo - 1) {
        unsigned l = (unsigned)__builtin_ctz(todo);
        hx_lane *n = lanes + l;
        while (b->next[l] <= start) {
            NAME(transition)(s, b, n, block * LANES + l, start, start, out);
            b->next[l] = hx_next(n);
            b->vth[l] = hx_level(s, n, b->hi[l]);
            b->hot |= (uint32_t)(b->v[l] >= b->vth[l]) << l;  // it may have fallen when the step ends
        }
    }
    b->due = v_soonest(b->next);
}

// Lines with a drop; one of 1 nV that decays is none.
TARGET static uint32_t NAME(drops)(float *d, const float *decay) {
    const v_type least = v_set(1e-9f), zero = v_set(0.0f);
    uint32_t some = 0;
    for (unsigned l = 0; l < LANES; l += WIDTH) {
        v_type x = v_load(d + l);
        uint32_t keep = v_reached(v_max(x, v_sub(zero, x)), least) | v_reached(v_load(decay + l), zero);
        x = v_pick(x, keep);
        v_store(d + l, x);
        some |= v_above(v_max(x, v_sub(zero, x)));
    }
    return some;
}

// The end of the adaptation pulse in the step that ends at `end`: the membrane goes on as it was.
TARGET static void NAME(glide)(const hx_state *s, hx_block *b, hx_lane *n, unsigned l, int64_t end) {
    // The adaptation has moved on to the middle of the next step.
    float late = 1.5f - (float)(n->adapt_end - end + s->dt) / (float)s->dt;
    b->w[l] = s_max(s_min(s_fnma(n->w_jump * b->qa[l], late, b->w[l]), b->whi[l]), b->wlo[l]);
    b->w0[l] -= n->w_jump;
    n->adapt_end = NEVER;
    b->next[l] = n->deadline;
}

// The end of the reset in a step of several neurons without exponential and comparator, while no charge
// arrives: side by side. Returns the lanes that had it, of `todo`.
TARGET static uint32_t NAME(release)(const hx_state *s, hx_block *b, hx_lane *lanes, unsigned block,
                                     int64_t start, uint32_t todo, const hx_before *old) {
    uint32_t done = 0;
    float at[LANES] __attribute__((aligned(64))), v1[LANES] __attribute__((aligned(64)));
    float dv[LANES] __attribute__((aligned(64)));
    if (b->input || !(todo & (todo - 1))) return 0;
    for (; todo; todo &= todo - 1) {
        unsigned l = (unsigned)__builtin_ctz(todo);
        const hx_lane *n = lanes + l;
        float go = b->v[l] - old->v[l], bow = 0.5f * (go - old->dv[l]);
        if (n->phase == RESETTING && n->adapt_end >= start + s->dt && n->deadline == b->next[l] &&
            n->set[NORMAL].run == INFINITY && !n->group && !s->neuron[block * LANES + l].comparator &&
            !NAME(curved)(b, l, go, bow))
            done |= 1u << l;
    }
    for (unsigned l = 0; l < LANES; l += ABREAST) p_store(at + l, p_set(0.0f));
    for (uint32_t some = done; some; some &= some - 1) {
        unsigned l = (unsigned)__builtin_ctz(some);
        hx_lane *n = lanes + l;
        at[l] = (float)(n->deadline - start) / (float)s->dt;
        hx_use(b, n, NORMAL, l);
        n->phase = IDLE;
        n->from = n->deadline + n->holdoff_ticks;
        n->deadline = NEVER;
        b->next[l] = hx_next(n);
        b->vth[l] = hx_level(s, n, b->hi[l]);
    }
    for (unsigned l = 0; l < LANES; l += ABREAST) {
        if (!(done >> l & (uint32_t)((1ull << ABREAST) - 1))) continue;
        p_type x = p_load(at + l), left = p_sub(p_set(1.0f), x);
        p_type v = p_load(old->v + l), go = p_sub(p_load(b->v + l), v);
        p_type bow = p_mul(p_set(0.5f), p_sub(go, p_load(old->dv + l)));
        v = p_min(p_fma(x, p_fnma(left, bow, go), v), p_load(b->hi + l));
        p_type de = p_load(old->de + l), di = p_load(old->di + l);
        de = p_fma(x, p_mul(de, p_load(b->ae + l)), de);
        di = p_fma(x, p_mul(di, p_load(b->ai + l)), di);
        p_part_type part = p_part(b, l, b->kind, v, p_load(old->w + l), de, di, p_mul(left, p_set(b->span)));
        p_type to = p_fma(part.bend, p_mul(part.slope, part.go), p_add(v, part.go));
        to = p_max(p_min(to, p_load(b->hi + l)), p_load(b->lo + l));
        p_store(v1 + l, to);
        p_store(dv + l, p_div(p_sub(to, v), left));
    }
    for (uint32_t some = done; some; some &= some - 1) {
        unsigned l = (unsigned)__builtin_ctz(some);
        b->v[l] = v1[l];
        b->dv[l] = dv[l];
        NAME(adapt)(b, l, old->w[l]);
    }
    return done;
}

// What a step of a block has to do besides the step: transitions, crossings, a look for rest.
TARGET static __attribute__((noinline)) int NAME(extra)(const hx_state *s, hx_block *b,
                                                        hx_lane *lanes, unsigned block,
                                                        int64_t step, uint32_t reached,
                                                        const hx_before *old,
                                                        hx_step_spikes *out) {
    int64_t end = (step + 1) * s->dt;
    if (b->bypass && b->input) NAME(relay)(s, b, lanes, block, step, old);
    uint32_t todo = reached | b->hot;
    if (b->due < end) {
        uint32_t late = v_late(b->next, end - 1) & ~todo;
        todo |= late & ~NAME(release)(s, b, lanes, block, end - s->dt, late, old);
    }
    for (; todo; todo &= todo - 1) {
        unsigned l = (unsigned)__builtin_ctz(todo);
        hx_lane *n = lanes + l;
        if (!(reached >> l & 1)) {
            int plain = n->use == LIMIT ? b->v[l] >= n->limit : !(b->hot >> l & 1);
            if (plain && n->deadline >= end) {
                if (n->adapt_end < end) NAME(glide)(s, b, n, l, end);
                continue;
            }
        }
        NAME(pieces)(s, b, lanes, block, step, l, old, out);
        if (b->next[l] < b->due) b->due = b->next[l];
    }
    if (b->due < end) b->due = v_soonest(b->next);
    if ((step + 1) % REST_PERIOD) return 0;
    // Lines without a drop are left out from now on.
    uint32_t drops = NAME(drops)(b->de, b->ae) ? HX_EXC : 0;
    drops |= NAME(drops)(b->di, b->ai) ? HX_INH : 0;
    if (b->kind & ~drops & (HX_EXC | HX_INH)) hx_block_kind(s, block, b);
    if (b->input || b->due != NEVER) return 0;
    const float tiny = 1.0f / (1 << 22);
    int rest = 1;
    for (unsigned l = 0; l < LANES; l++) {
        rest &= fabsf(b->v[l] - old->v[l]) <= tiny * fabsf(old->v[l]) + 1e-11f;
        rest &= fabsf(b->w[l] - old->w[l]) <= tiny * fabsf(old->w[l]) + 1e-11f;
        rest &= fabsf(b->de[l] - old->de[l]) <= 1e-11f;
        rest &= fabsf(b->di[l] - old->di[l]) <= 1e-11f;
        // Held off above its threshold, a lane of a group has no level that calls for it.
        int held = lanes[l].group && lanes[l].from >= end;
        rest &= !lanes[l].armed || (b->v[l] < b->vth[l] && !held);
    }
    return rest;
}

// A step of one block with all that happens in it; true if it has come to rest.
TARGET INLINE int NAME(block_step)(const hx_state *s, hx_block *b, hx_lane *lanes, unsigned block,
                                   int64_t step, hx_step_spikes *out) {
    hx_before old;
    int rest = 0;
    int64_t start = step * s->dt;
    if (b->due <= start) NAME(punctual)(s, b, lanes, block, start, out);
    int more = b->hot || (b->bypass && b->input) || b->due < start + s->dt || (step + 1) % REST_PERIOD == 0;
    uint32_t reached = NAME(of_kind)[b->kind][b->input != 0](b, more, &old);
    if (__builtin_expect(reached | (uint32_t)more, 0))
        rest = NAME(extra)(s, b, lanes, block, step, reached, &old, out);
    if (b->input) {
        // Not memset: for so few bytes, its string instruction takes longer than the stores.
        for (unsigned l = 0; l < LANES; l += ABREAST) {
            const p_type zero = p_set(0.0f);
            if (b->input & HX_EXC) p_store(b->qe + l, zero), p_store(b->me + l, zero);
            if (b->input & HX_INH) p_store(b->qi + l, zero), p_store(b->mi + l, zero);
        }
        b->input = 0;
    }
    return rest;
}

TARGET int64_t NAME(hx_step)(hx_state *s, int64_t steps, int first, hx_step_spikes *out) {
    // Four blocks at a time for all the steps: what they need stays in the first cache. All of them
    // where the first spike ends it.
    unsigned width = first ? BLOCKS : 4;
    for (unsigned from = 0; from < BLOCKS; from += width) {
        uint32_t mine = ((1u << width) - 1) << from;
        for (int64_t k = 0; k < steps && s->awake & mine; k++) {
            for (unsigned i = from; i < from + width; i++)
                if (s->awake >> i & 1 &&
                    NAME(block_step)(s, &s->block[i], &s->lane[i * LANES], i, s->step + k, out))
                    s->awake &= ~(1u << i);
            if (first && out->count) steps = k + 1;
        }
    }
    return steps;
}

TARGET void NAME(hx_probe)(const hx_state *s, hx_block *copy, hx_lane *lanes, unsigned block) {
    hx_step_spikes none;
    none.count = 0;
    NAME(block_step)(s, copy, lanes, block, s->step, &none);
}

// Charge `q` arrives `left` before the end of the step: what the line's decay leaves of it, and for
// how long it acts on a membrane that leaks.
TARGET INLINE void NAME(put)(float *charge, float *moment, v_type q, v_type left, v_type decay,
                             v_type fade) {
    const v_type one = v_set(1.0f), half = v_set(0.5f), third = v_set(1.0f / 3.0f);
    v_type x = v_mul(left, decay), y = v_mul(left, fade), m = v_mul(q, left);
    v_type rest = v_fnma(v_mul(x, half), v_fnma(x, third, one), one);
    v_store(charge, v_add(v_load(charge), v_fnma(v_mul(q, x), rest, q)));
    v_store(moment, v_add(v_load(moment), v_fnma(v_mul(m, y), v_fnma(y, half, one), m)));
}

TARGET void NAME(hx_drive)(hx_state *s, unsigned h, unsigned row, unsigned mode, unsigned address,
                           float time, float left) {
    for (unsigned k = 0; k < HALF_BLOCKS; k++) {
        hx_block *b = &s->block[h * HALF_BLOCKS + k];
        const uint8_t *label = s->label[h][row] + k * LANES;
        const float *unit = s->unit[h][row] + k * LANES;
        uint32_t hit = v_match(label, address), any = 0;
        if (!hit) continue;
        const v_type scale = v_set(s->dac[2 * h + k / (HALF_BLOCKS / 2)] * time), far = v_set(left);
        for (unsigned l = 0; l < LANES; l += WIDTH) {
            v_type q = v_pick(v_mul(v_load(unit + l), scale), hit >> l);
            any |= v_above(q);
            if (mode & 1) NAME(put)(b->qe + l, b->me + l, q, far, v_load(b->te + l), v_load(b->fe + l));
            if (mode & 2) NAME(put)(b->qi + l, b->mi + l, q, far, v_load(b->ti + l), v_load(b->fi + l));
        }
        if (any) {
            b->input |= mode;
            b->kind |= mode;
            s->awake |= 1u << (h * HALF_BLOCKS + k);
        }
    }
}
