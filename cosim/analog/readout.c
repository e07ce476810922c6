// SPDX-License-Identifier: Apache-2.0
// CADC and MADC.

#include <math.h>

#include "state.h"

// Voltage at the readout amplifier of a neuron from values of its state.
float hx_readout_level(const hx_state *s, unsigned n, int source, float v, float w, float de,
                       float di) {
    switch (source) {
    case HX_READ_MEMBRANE:
        return v + (float)s->lane[n].el;
    case HX_READ_ADAPT:
        return w + (float)s->lane[n].ew;
    default:
        return (float)K_LINE_GAIN * ((float)K_LINE_REST - (source == HX_READ_EXC ? de : di)) +
               (float)K_LINE_OFFSET;
    }
}

static float neuron_level(const hx_state *s, unsigned n, int64_t time) {
    const hx_neuron_config *c = &s->neuron[n];
    if (!c->readout_amplifier || hx_shared_current(s, n / 128, 18) < 0.5) return 0.0f;
    const hx_block *b = &s->block[n / LANES];
    unsigned l = n % LANES;
    float noise = s->noise && c->readout_source == HX_READ_MEMBRANE ? hx_noise(s, n, time) : 0.0f;
    return hx_readout_level(s, n, c->readout_source, b->v[l], b->w[l], b->de[l], b->di[l]) + noise;
}

// What a CADC channel sees at the open grid point.
static float channel_level(const hx_state *s, unsigned h, int kind, unsigned column, unsigned row,
                           int64_t time) {
    uint8_t switches = s->cadc_switch[h][column];
    if (!(switches >> kind & 1)) return 0.0f;
    if (switches >> (2 + kind) & 1) return neuron_level(s, 256 * h + column, time);
    if (hx_shared_current(s, 2 * h + column / 128, 11) < 0.5) return 0.0f;
    double a = hx_correlation_value(s, kind, h, row, column, time);
    return (float)(s->option[HX_OPTION_V_RESET] - K_COR_BASE - a * K_CADC_LSB);
}

void hx_cadc_start(hx_state *s, int64_t time, unsigned h, unsigned row) {
    hx_cadc *c = &s->cadc[h];
    c->start = time + c->reset_wait + 20;
    c->row = row;
    c->busy = 1;
    c->done = 0;
    for (unsigned i = 0; i < 512; i++) {
        c->latched[i] = 0;
        c->level[i] = channel_level(s, h, (int)(i / 256), i % 256, row, s->step * s->dt);
    }
}

// Follow the ramps of a conversion over the step that ends at `end`.
static void follow(hx_state *s, unsigned h, int64_t end) {
    hx_cadc *c = &s->cadc[h];
    double offset[2], slope[2];
    for (unsigned side = 0; side < 2; side++) {
        unsigned q = 2 * h + side, from = 2 * h + (c->assignment >> side & 1);
        offset[side] = K_CADC_OFFSET * hx_shared_current(s, from, 4) + K_CADC_OFFSET0;
        double code = hx_shared_current(s, q, 15);
        slope[side] = K_CADC_SLOPE * (code < 1.0 ? 1.0 : code) * hx_cadc_gain(s, q, -1);
    }
    double count1 = (double)(end - c->start), count0 = count1 - s->dt;
    // All signals have rails (the fuzzer checks them) and gains are at least 1.8e-7 V: |x| < 1e8.
    for (unsigned i = 0; i < 512; i++) {
        unsigned side = i % 256 / 128;
        double gain = slope[side] * hx_cadc_gain(s, 2 * h + side, (int)i);
        double v0 = c->level[i];
        double v1 = channel_level(s, h, (int)(i / 256), i % 256, c->row, end);
        c->level[i] = (float)v1;
        if (c->latched[i] || end <= c->start) continue;
        // Distance of ramp and signal, in counts, at both ends of the step.
        double a = (v0 - offset[side]) / gain - count0, b = (v1 - offset[side]) / gain - count1;
        if (b > 0 && count1 < 255) continue;
        double share = a <= 0 ? 0 : b >= 0 ? 1 : a / (a - b);
        double x = count0 + share * s->dt;
        if (a <= 0) x = (v0 - offset[side]) / gain;  // below the start of the ramp
        x += hx_cadc_offset(s, h, i) + (s->noise ? S_CADC * hx_gauss(s->seed ^ (uint64_t)c->start,
                                                                     900, h * 512 + i) : 0.0);
        int64_t code = (int64_t)floor(x + 0.5) + c->offset[i];
        c->code[i] = (uint8_t)(code < 0 ? 0 : code > 255 ? 255 : code);
        c->latched[i] = 1;
    }
    if (count1 >= 256) {
        c->busy = 0;
        c->done = 1;
    }
}

int hx_cadc_busy(const hx_state *s) { return s->cadc[0].busy || s->cadc[1].busy; }

void hx_cadc_step(hx_state *s) {
    for (unsigned h = 0; h < 2; h++)
        if (s->cadc[h].busy) follow(s, h, s->step * s->dt);
}

// Voltage at an input of the MADC from the levels of all neurons on its lines.
int hx_madc_line(const hx_state *s, unsigned input, uint16_t *neurons) {
    int found = 0;
    for (unsigned n = 0; n < HX_ANALOG_NEURONS; n++) {
        const hx_neuron_config *c = &s->neuron[n];
        unsigned line = 2 * (n / 256) + n % 2;  // even top, odd top, even bottom, odd bottom
        if (c->readout && c->readout_amplifier && s->madc_mux[input] >> line & 1)
            neurons[found++] = (uint16_t)n;
    }
    return found;
}

int hx_madc_code(const hx_state *s, int64_t time, unsigned input, double volts) {
    double code = (volts + K_MADC_ZERO) / K_MADC_LSB * hx_madc_gain(s) + hx_madc_offset(s);
    if (s->noise)
        code += S_MADC * hx_gauss(s->seed ^ (uint64_t)time * 0x9e3779b97f4a7c15u, 901, input);
    code = floor(code + 0.5);
    return code < 0 ? 0 : code > 1023 ? 1023 : (int)code;
}
