// SPDX-License-Identifier: Apache-2.0
// Correlation sensors: two accumulators per synapse, reduced nearest-neighbour pairing.

#include "state.h"

enum { CAUSAL = 0, ACAUSAL = 1 };

// Accumulators decay with a common time constant: they are stored as grown back to `reference`.
static double grown(const hx_state *s, int64_t time) {
    return hx_exp((double)(time - s->cor_reference) * (K_TICK / K_COR_DECAY));
}

static void rebase(hx_state *s, int64_t time) {
    if ((double)(time - s->cor_reference) * K_TICK < 20 * K_COR_DECAY) return;
    float shrink = (float)(1.0 / grown(s, time));
    float *a = &s->cor[0][0][0][0];
    for (size_t i = 0; i < sizeof s->cor / sizeof *a; i++) a[i] *= shrink;
    s->cor_reference = time;
}

static void pair(hx_state *s, int kind, unsigned h, unsigned row, unsigned column, int64_t time,
                 int64_t distance) {
    unsigned q = 2 * h + column / 128;
    uint32_t index = (h * HX_ANALOG_ROWS + row) * HX_ANALOG_COLUMNS + column;
    double amplitude, tau;
    hx_sensor(s, q, index, kind, s->calib[h][row][column], &amplitude, &tau);
    double scale = grown(s, time);
    float *a = &s->cor[kind][h][row][column];
    double now = *a / scale;
    // An increment beyond what is left of the range ends at its limit [M150].
    now += amplitude * hx_exp(-(double)distance * K_TICK / tau) * (1.0 - now / K_COR_MAX);
    *a = (float)((now < K_COR_MAX ? now : K_COR_MAX) * scale);
}

static int active(const hx_state *s, unsigned q) { return s->cor_on >> q & 1; }

void hx_correlation_pre(hx_state *s, int64_t time, unsigned h, unsigned row, unsigned address) {
    if (!active(s, 2 * h) && !active(s, 2 * h + 1)) return;
    rebase(s, time);
    int64_t *last = &s->last_pre[h][row][address];
    const uint8_t *label = s->label[h][row];
    for (unsigned c = 0; c < HX_ANALOG_COLUMNS; c++)
        if (label[c] == address && s->last_post[h][c] > *last && active(s, 2 * h + c / 128))
            pair(s, ACAUSAL, h, row, c, time, time - s->last_post[h][c]);
    *last = time;
}

void hx_correlation_post(hx_state *s, int64_t time, unsigned h, unsigned column) {
    if (!active(s, 2 * h + column / 128)) return;
    rebase(s, time);
    int64_t *last = &s->last_post[h][column];
    for (unsigned row = 0; row < HX_ANALOG_ROWS; row++) {
        int64_t pre = s->last_pre[h][row][s->label[h][row][column]];
        if (pre <= *last) continue;
        // Within one grid step a pre event may have been heard before this earlier post pulse.
        if (pre <= time) pair(s, CAUSAL, h, row, column, time, time - pre);
        else pair(s, ACAUSAL, h, row, column, time, pre - time);
    }
    *last = time;
}

void hx_correlation_clear(hx_state *s, unsigned h, unsigned row, unsigned column) {
    s->cor[CAUSAL][h][row][column] = s->cor[ACAUSAL][h][row][column] = 0.0f;
}

double hx_correlation_value(const hx_state *s, int kind, unsigned h, unsigned row, unsigned column,
                            int64_t time) {
    return s->cor[kind][h][row][column] / grown(s, time);
}
