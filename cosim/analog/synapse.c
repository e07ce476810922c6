// SPDX-License-Identifier: Apache-2.0
// From an event on a PADI bus to charge on the synaptic lines.

#include "state.h"

static float clipf(float x, float lo, float hi) { return x < lo ? lo : x > hi ? hi : x; }

// Stored voltage of a driver at `time`: it recovers, or droops towards ground.
static float stored(const hx_state *s, unsigned h, unsigned d, int64_t time) {
    const hx_driver_config *c = &s->driver[h][d];
    const hx_stp *stp = &s->stp[h][d];
    double dt = (double)(time - stp->last) * K_TICK;
    unsigned side = 2 * h + d % 2;
    if (!c->enable_recovery || !s->stp_clock[h]) return (float)(stp->v * hx_exp(-dt / K_STP_DROOP));
    double tau = (double)(2u << s->stp_speed[h]) * K_TICK * 512.0 / (c->recovery + 1);
    double goal = hx_shared_voltage(s, side, 2 + c->target);
    return (float)(goal + (stp->v - goal) * hx_exp(-dt / tau));
}

// Length of the pulse [s] that an event makes in a driver, with the driver's state moved on.
static float pulse(hx_state *s, unsigned h, unsigned d, int64_t time, unsigned address) {
    const hx_driver_config *c = &s->driver[h][d];
    float extension = s->pulse_ext[h][d % 4];
    if (!c->stp) return (float)K_T_PULSE + extension;
    unsigned side = 2 * h + d % 2;
    int hagen = c->hagen_modulation && c->hagen_dac && !c->address_out;
    double top = hagen ? K_T_HAGEN : K_T_PULSE, v;
    if (hagen) {
        // Low five address bits: 32 - activation; 0 stands for nothing to modulate.
        v = K_HAGEN_V0 + (address & 31) * K_HAGEN_STEP * (hx_shared_current(s, 1 + 2 * h, 22) /
            K_HAGEN_CODE) + (c->hagen_dac_offset - K_HAGEN_OFFSET) * K_HAGEN_OFFSET_STEP;
        if (v < 0) v = 0;
    } else {
        hx_stp *stp = &s->stp[h][d];
        v = stored(s, h, d, time);
        v += (K_STP_U0 + K_STP_U * c->utilization) * (hx_shared_voltage(s, side, c->target) - v);
        stp->v = (float)v;
        stp->last = time;
    }
    double ramp = hx_shared_current(s, side, 13), calib = hx_shared_current(s, side, 14);
    if (ramp < 1.0) ramp = 1.0;
    double cross = (v - K_RAMP_FOOT) * K_RAMP * (K_RAMP_CODE / ramp) * (top / K_T_PULSE) +
                   K_RAMP_OFFSET_STEP * (c->offset - 8.0) * (calib / ramp) +
                   hx_driver_delay(s, h, d);
    return clipf((float)(top - cross), 0.0f, (float)top) + extension;
}

void hx_synapse_event(hx_analog *core, int64_t time, unsigned h, unsigned bus, unsigned row_select,
                      unsigned address) {
    hx_state *s = core->s;
    float left = (float)((s->step + 1) * s->dt - time) * (float)K_TICK;
    for (uint32_t hear = s->listen[h][bus][row_select]; hear; hear &= hear - 1) {
        unsigned d = 4 * (unsigned)__builtin_ctz(hear) + bus;
        const hx_driver_config *c = &s->driver[h][d];
        float length = pulse(s, h, d, time, address);
        unsigned forwarded = c->address_out ? address : address & 32;
        hx_correlation_pre(s, time, h, 2 * d, forwarded);
        hx_correlation_pre(s, time, h, 2 * d + 1, forwarded);
        if (c->mode_bottom) core->drive(s, h, 2 * d, c->mode_bottom, forwarded, length, left);
        if (c->mode_top) core->drive(s, h, 2 * d + 1, c->mode_top, forwarded, length, left);
    }
}

void hx_settle_driver(hx_state *s, unsigned h, unsigned d, int64_t time) {
    s->stp[h][d].v = stored(s, h, d, time);
    s->stp[h][d].last = time;
}
