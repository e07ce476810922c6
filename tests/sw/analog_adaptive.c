// SPDX-License-Identifier: Apache-2.0
// One neuron of the ideal chip in double precision: Dormand and Prince's pair 5(4) with error control,
// crossings located on the solution itself. The laws are those of analog_reference.py, which SciPy
// solves; this one is fast enough for 512 neurons and 10 ms.

#include <math.h>
#include <stdint.h>

#define TICK 4e-9

typedef struct {
    double el, er, ea, ew, vt, vth, cap, gl, gr, tau_e, tau_i, ge, gi, slope, ioff, tau_w, ga, ib;
    int64_t exponential, adaptation, pause, fire;
    int64_t reset_ticks, hold_ticks, adapt_ticks, delay;
    double rtol, atol;
} neuron;

typedef struct {
    const neuron *n;
    double d[2], t0;  // line drops at time t0
    int reset, pulse;
} phase;

static void flow(const phase *p, double t, const double y[2], double out[2]) {
    const neuron *n = p->n;
    double v = y[0], w = y[1], current = n->ioff;
    if (p->reset) current += n->gr * 0.15 * tanh((n->er - v) / 0.15);
    else current += n->gl * 0.25 * tanh((n->el - v) / 0.25);
    if (!(p->reset && n->pause)) {
        double e = p->d[0] * exp(-(t - p->t0) / n->tau_e), i = p->d[1] * exp(-(t - p->t0) / n->tau_i);
        current += n->ge * 0.1 * tanh(e / 0.1) * (1 - exp(-(1.25 - v) / 0.08));
        current -= n->gi * 0.1 * tanh(i / 0.1) * fmax(0.0, 1 - exp(-(v - 0.09) / 0.08));
        if (n->exponential) current += fmin(4e-9 * exp(fmin((v - n->vt) / n->slope, 50)), 2e-6);
    }
    if (n->adaptation) current -= 80e-9 * (w - n->ew);
    out[0] = current / n->cap;
    out[1] = -(w - n->ew) / n->tau_w + n->ga / 2.3e-12 * (v - n->ea) + (p->pulse ? n->ib / 2.3e-12 : 0);
}

// One step of length h; returns the error in units of the tolerance.
static double step(const phase *p, double t, double h, const double y[2], double out[2]) {
    static const double c[7] = {0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1};
    static const double a[7][6] = {
        {0},
        {1. / 5},
        {3. / 40, 9. / 40},
        {44. / 45, -56. / 15, 32. / 9},
        {19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
        {9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
        {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84},
    };
    static const double e[7] = {71. / 57600,      0,          -71. / 16695, 71. / 1920,
                                -17253. / 339200, 22. / 525, -1. / 40};
    double k[7][2], error = 0;
    for (int i = 0; i < 7; i++) {
        double x[2] = {y[0], y[1]};
        for (int j = 0; j < i; j++)
            for (int m = 0; m < 2; m++) x[m] += h * a[i][j] * k[j][m];
        flow(p, t + c[i] * h, x, k[i]);
        out[0] = x[0], out[1] = x[1];  // the last one is the solution
    }
    for (int m = 0; m < 2; m++) {
        double sum = 0;
        for (int i = 0; i < 7; i++) sum += h * e[i] * k[i][m];
        error = fmax(error, fabs(sum) / (p->n->atol + p->n->rtol * fmax(fabs(y[m]), fabs(out[m]))));
    }
    return error;
}

// Length up to which the membrane (or its slope) keeps below its level in a step of length `hi`, at
// whose end it does not.
static double root(const phase *p, double t, double hi, const double y[2], int slope) {
    double lo = 0, x[2], d[2];
    for (int i = 0; i < 60 && hi - lo > 1e-16; i++) {
        double middle = 0.5 * (lo + hi);
        step(p, t, middle, y, x);
        flow(p, t + middle, x, d);
        *((slope ? d[0] > 0 : x[0] < p->n->vth) ? &lo : &hi) = middle;
    }
    return hi;
}

// From `t` to `stop` [s]; with `watch` only to an upward crossing of the threshold. Returns where it
// ended.
static double solve(const phase *p, double t, double stop, double y[2], double *h, int watch) {
    const double vth = p->n->vth;
    while (t < stop) {
        int last = *h >= stop - t;
        double length = last ? stop - t : *h, next[2];
        double error = step(p, t, length, y, next);
        if (error > 1) {
            *h = length * fmax(0.2, 0.9 * pow(error, -0.2));
            continue;
        }
        if (watch && y[0] < vth) {
            // Between two ends below the threshold, the top may lie above it.
            double to = length, up[2], down[2], top[2] = {next[0], next[1]};
            flow(p, t, y, up);
            flow(p, t + length, next, down);
            if (up[0] > 0 && down[0] < 0) step(p, t, to = root(p, t, length, y, 1), y, top);
            if (top[0] >= vth) {
                to = root(p, t, to, y, 0);
                step(p, t, to, y, next);
                y[0] = next[0], y[1] = next[1];
                return t + to;
            }
        }
        y[0] = next[0], y[1] = next[1];
        t = last ? stop : t + length;
        if (!last || error > 0.1) *h = length * fmin(5, 0.9 * pow(fmax(error, 1e-6), -0.2));
    }
    return stop;
}

static int64_t least(int64_t a, int64_t b, int64_t from) { return b >= from && b < a ? b : a; }

// Events (tick, line, drop), samples of the membrane at increasing ticks; returns the number of
// spikes, whose ticks go to `spikes`.
int64_t analog_adaptive(const neuron *n, const double start[2], int64_t end, int64_t events,
                        const int64_t *tick, const int64_t *line, const double *drop,
                        int64_t samples, const int64_t *sample, double *membrane, int64_t *spikes,
                        int64_t capacity) {
    const int64_t never = INT64_MAX;
    int64_t t = 0, fire_at = never, release = never, armed_at = 0, pulse_end = never, found = 0;
    int64_t i = 0, k = 0;
    phase p = {n, {0, 0}, 0, 0, 0};
    double y[2] = {start[0], start[1]}, h = 1e-9;
    while (t < end) {
        for (; i < events && tick[i] == t; i++) p.d[line[i]] += drop[i];
        if (k < samples && sample[k] == t) membrane[k++] = y[0];
        int watch = n->fire && !p.reset && fire_at == never && t >= armed_at;
        if (watch && y[0] >= n->vth) {
            fire_at = t + n->delay;
            continue;
        }
        int64_t stop = least(least(least(end, fire_at, t), release, t), pulse_end, t);
        if (armed_at > t) stop = least(stop, armed_at, t);
        if (i < events) stop = least(stop, tick[i], t);
        if (k < samples) stop = least(stop, sample[k], t);
        p.t0 = t * TICK;
        double reached = solve(&p, p.t0, stop * TICK, y, &h, watch);
        if (watch && y[0] >= n->vth) {  // on without the comparator
            fire_at = (int64_t)ceil(reached / TICK - 1e-9) + n->delay;
            if (fire_at < stop) stop = fire_at;
            solve(&p, reached, stop * TICK, y, &h, 0);
        }
        p.d[0] *= exp(-(stop - t) * TICK / n->tau_e);
        p.d[1] *= exp(-(stop - t) * TICK / n->tau_i);
        t = stop;
        if (pulse_end == t) pulse_end = never, p.pulse = 0;
        if (fire_at == t) {
            if (found < capacity) spikes[found] = t;
            found++;
            p.reset = p.pulse = 1;
            fire_at = never;
            release = t + n->reset_ticks;
            pulse_end = t + n->adapt_ticks;
        }
        if (release == t) p.reset = 0, release = never, armed_at = t + n->hold_ticks;
    }
    return found;
}
