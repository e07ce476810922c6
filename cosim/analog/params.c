// SPDX-License-Identifier: Apache-2.0
// From CapMem codes, switches and the chip's mismatch to the constants of the step.
// Double precision, own exp and log: the same bits with every C library.

#include <math.h>
#include <string.h>

#include "state.h"

// What the exponential brings in a step, in its slopes, from which on a spike's upswing is resolved.
#define K_UPSWING 1.0

double hx_exp(double x) {
    if (x < -700.0) return 0.0;
    if (x > 700.0) x = 700.0;
    double n = floor(x * K_LOG2_E + 0.5);
    double f = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
    double p = 1.0;
    for (int i = 14; i > 0; i--) p = 1.0 + p * f / i;
    return ldexp(p, (int)n);
}

double hx_log(double x) {
    int e;
    double m = frexp(x, &e);
    double y = (m - 0.75) / (m + 0.75), q = y * y, sum = 0.0;
    for (int i = 25; i > 0; i -= 2) sum = sum * q + 1.0 / i;
    // ln(3/4) and ln 2
    return 2.0 * y * sum - 0.28768207245178092744 + e * K_LN2;
}

static uint64_t mix(uint64_t x) {
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

// Sum of four 16-bit uniform numbers: mean 0, variance 1, at most 3.46 sigma.
static double four(uint64_t h) {
    int64_t sum = (int64_t)((h & 0xffff) + (h >> 16 & 0xffff) + (h >> 32 & 0xffff) + (h >> 48));
    return (double)(sum - 131070) * (1.7320508075688772 / 65536.0);
}

double hx_gauss(uint64_t seed, uint32_t quantity, uint32_t index) {
    uint64_t key = mix(seed + 0x9e3779b97f4a7c15u * (((uint64_t)quantity << 32 | index) + 1));
    double sum = four(key) + four(mix(key + 0x9e3779b97f4a7c15u));
    return (sum + four(mix(key + 0x3c6ef372fe94f82au))) * 0.57735026918962576;
}

// A normal deviate of the chip; 0 on the ideal chip.
static double draw(const hx_state *s, uint32_t quantity, uint32_t index, double sigma) {
    return s->seed ? sigma * hx_gauss(s->seed, quantity, index) : 0.0;
}

static double factor(const hx_state *s, uint32_t quantity, uint32_t index, double sigma) {
    double x = 1.0 + draw(s, quantity, index, sigma);
    return x < 0.1 ? 0.1 : x;
}

enum {
    Q_CELL = 1, Q_LEAK_V = 100, Q_RESET_V, Q_THRESHOLD_V, Q_C, Q_G_LEAK, Q_G_RESET, Q_I_OFFSET,
    Q_EXP_V, Q_EXP_SLOPE, Q_DAC, Q_SYNAPSE, Q_C_LINE, Q_TAU_SYN, Q_SYN_OFFSET, Q_G_SYN, Q_ADAPT_TAU,
    Q_ADAPT_A, Q_ADAPT_B, Q_ADAPT_V, Q_ADAPT_LEAK_V, Q_G_IC, Q_NOISE, Q_DRIVER,
    Q_COR_A, Q_COR_A_CAUSAL, Q_COR_A_ACAUSAL, Q_COR_TAU, Q_COR_TAU_CAUSAL, Q_COR_TAU_ACAUSAL,
    Q_CADC_QUADRANT, Q_CADC_GAIN, Q_CADC_OFFSET, Q_MADC,
};

// Membrane noise: a sum of three interpolated lattices of independent deviates, a function of time
// alone; so it is the same whether a neuron was stepped or slept, and reading it changes nothing.
float hx_noise(const hx_state *s, unsigned neuron, int64_t tick) {
    static const struct {
        int shift;
        float weight;
    } octave[3] = {{11, 0.80f}, {8, 0.55f}, {5, 0.24f}};
    float sum = 0.0f;
    for (int i = 0; i < 3; i++) {
        int64_t cell = tick >> octave[i].shift;
        float f = (float)(tick & ((1 << octave[i].shift) - 1)) / (float)(1 << octave[i].shift);
        uint64_t key = mix(s->seed ^ ((uint64_t)Q_NOISE << 56 | (uint64_t)neuron << 8 | (uint64_t)i));
        float a = (float)four(mix(key + (uint64_t)cell * 0x9e3779b97f4a7c15u));
        float b = (float)four(mix(key + (uint64_t)(cell + 1) * 0x9e3779b97f4a7c15u));
        float g = 1.0f - f;
        sum += octave[i].weight * (a * g + b * f) / sqrtf(f * f + g * g);
    }
    return s->lane[neuron].sigma * sum;
}

static double code(const hx_state *s, unsigned quadrant, unsigned column, unsigned row) {
    unsigned cell = row * 130 + column;
    return s->cell[quadrant][cell].value *
           factor(s, Q_CELL, quadrant * CELLS + cell, row >= 8 ? S_CELL : 0.0);
}

static double clip(double x, double lo, double hi) { return x < lo ? lo : x > hi ? hi : x; }

static double potential(double x) { return clip(x, K_POTENTIAL_MIN, K_POTENTIAL_MAX); }

// An OTA: conductance and range for a bias code and its three switches.
static double ota(double bias, int multiply, int divide, int degenerate) {
    double g = K_G_LEAK * bias;
    if (multiply && !divide) g *= 8.0;
    if (divide && !multiply) g *= 0.125;
    return degenerate ? 0.5 * g : g;
}

typedef struct {
    double tau, e, limit;
} hx_pull;

static void make_set(hx_set *set, const hx_pull *pull, double el, double h, double gain[2],
                     const double tau_s[2], double kx, const double kv[2]) {
    double tau = pull->tau, decay = hx_exp(-h / tau), phi = tau * (1.0 - decay);
    set->itau = (float)(1.0 / tau);
    set->iphi = (float)(1.0 / phi);
    set->kd = (float)(phi / tau);
    set->bend = (float)(5.0 / 12.0 * K_OTA * K_OTA * phi / tau);
    set->leak = (float)(K_OTA * phi * pull->limit / tau);
    set->il = (float)(-1.0 / pull->limit);
    set->ul = (float)((pull->e - el) / pull->limit);
    float *g[2] = {&set->ge, &set->gi};
    for (int i = 0; i < 2; i++) {
        // Exact response of the linear membrane to a line that decays during the step, in units of
        // the response to the value at mid step.
        double ts = tau_s[i];
        if (fabs(ts / tau - 1.0) < 1e-6) ts *= 1.0 + 2e-6;
        double exact = tau * ts / (tau - ts) * (decay - hx_exp(-h / ts));
        *g[i] = (float)(K_OTA * gain[i] * exact / hx_exp(-0.5 * h / ts));
    }
    // The exponential term: 2^(xa v + xb) volts in a step, at most 2^xtop.
    double log = kx > 0.0 ? hx_log(phi * kx) * K_LOG2_E : -1e6;
    set->xb = (float)log;
    set->xtop = kx > 0.0 ? (float)(log + K_EXP_LIMIT_LOG * K_LOG2_E) : -100.0f;
    set->kve = (float)kv[0];
    set->kvi = (float)-kv[1];
}

void hx_use(hx_block *b, hx_lane *lane, unsigned use, unsigned l) {
    const hx_set *set = &lane->set[use];
    lane->use = use;
    b->leak[l] = set->leak, b->il[l] = set->il, b->ul[l] = set->ul;
    b->ge[l] = set->ge, b->gi[l] = set->gi, b->kve[l] = set->kve, b->kvi[l] = set->kvi;
    b->c0[l] = set->c0, b->gw[l] = set->gw, b->kd[l] = set->kd, b->ahead[l] = set->ahead;
    b->bend[l] = set->bend, b->xb[l] = set->xb, b->top[l] = set->top;
    b->itau[l] = set->itau, b->iphi[l] = set->iphi;
}

// Put a neuron into reset until `release`, whatever it was about.
void hx_hold(hx_state *s, unsigned n, int64_t release) {
    hx_block *b = &s->block[n / LANES];
    hx_lane *lane = &s->lane[n];
    unsigned l = n % LANES;
    lane->phase = RESETTING;
    lane->forced = lane->armed = 0;
    lane->deadline = release;
    hx_use(b, lane, RESET, l);
    b->vth[l] = hx_level(s, lane, b->hi[l]);
    b->next[l] = hx_next(lane);
    hx_block_due(b);
    s->awake |= 1u << n / LANES;
}

// Own capacitance of a circuit [F].
double hx_capacitance(const hx_state *s, unsigned n, const hx_neuron_config *config) {
    return (K_C_PARASITIC + K_C_UNIT * config->capacitor) * factor(s, Q_C, n, S_C);
}

void hx_compile_backend(hx_state *s, unsigned n) {
    // Back end blocks: west (columns 0..127 of both hemispheres) and east.
    const hx_backend_config *b = &s->backend[n];
    const hx_clock_config *c = &s->clocks[n / 128 % 2];
    hx_lane *lane = &s->lane[n];
    uint32_t period = 2u << (b->fast_clock ? c->fast : c->slow);
    uint32_t hold = 31u - 2u * b->reset_holdoff, total = b->refractory_time;
    if (total == 0) total = 1;
    if (hold > total) hold = 0;  // the release point is never met: reset to the end
    lane->reset_ticks = (total - hold) * period;
    lane->holdoff_ticks = hold * period;
    lane->adapt_ticks = b->adaptation_pulse ? 2u << c->adaptation_pulse : 0;
}

void hx_block_due(hx_block *b) {
    int64_t due[4] = {NEVER, NEVER, NEVER, NEVER};  // side by side: four short chains
    for (unsigned l = 0; l < LANES; l += 4)
        for (unsigned k = 0; k < 4; k++) due[k] = b->next[l + k] < due[k] ? b->next[l + k] : due[k];
    for (unsigned k = 1; k < 4; k++) due[0] = due[k] < due[0] ? due[k] : due[0];
    b->due = due[0];
}

// What a block has to do in a step; an input that its line or its bias keeps at 0 is left out.
void hx_block_kind(const hx_state *s, unsigned block, hx_block *b) {
    const hx_lane *lane = &s->lane[block * LANES];
    const hx_neuron_config *c = &s->neuron[block * LANES];
    b->kind = b->bypass = 0;
    for (unsigned l = 0; l < LANES; l++) {
        int exc = lane[l].set[NORMAL].ge != 0.0f || lane[l].set[RESET].ge != 0.0f;
        int inh = lane[l].set[NORMAL].gi != 0.0f || lane[l].set[RESET].gi != 0.0f;
        if (b->de[l] != 0.0f || (exc && b->xe0[l] != 0.0f)) b->kind |= HX_EXC;
        if (b->di[l] != 0.0f || (inh && b->xi0[l] != 0.0f)) b->kind |= HX_INH;
        if (c[l].exponential) b->kind |= HX_EXP;
        if (c[l].exc_coba || c[l].inh_coba) b->kind |= HX_COBA;
        b->bypass |= (uint32_t)(c[l].bypass_exc | c[l].bypass_inh) << l;
    }
    if (b->input) b->kind |= b->input;
}

void hx_compile_neuron(hx_state *s, unsigned n) {
    const hx_neuron_config *c = &s->neuron[n];
    hx_lane *lane = &s->lane[n];
    hx_block *b = &s->block[n / LANES];
    unsigned l = n % LANES, hemisphere = n / 256, q = n / 128, column = n % 128;
    double h = s->dt * K_TICK;
    double sf = code(s, q, 128, 19);
    double shift = -K_SF_BIAS_SHIFT * hx_log((sf < 1.0 ? 1.0 : sf) / K_SF_BIAS);
#define SF(row, quantity, sigma) \
    potential(K_SF_SLOPE * code(s, q, column, row) + K_SF_OFFSET + shift + draw(s, quantity, n, sigma))
    double el = SF(0, Q_LEAK_V, S_LEAK_V);
    double er = potential(K_RESET_SLOPE * code(s, q, column, 1) + K_RESET_OFFSET + shift +
                          draw(s, Q_RESET_V, n, S_RESET_V));
    double threshold = potential(K_THRESHOLD_SLOPE * code(s, q, column, 2) + K_THRESHOLD_OFFSET +
                                 draw(s, Q_THRESHOLD_V, n, S_THRESHOLD_V));
    double reversal[2] = {SF(3, Q_LEAK_V, 0), SF(4, Q_LEAK_V, 0)};
    double ea = SF(5, Q_ADAPT_LEAK_V, S_ADAPT_V), ew = SF(7, Q_ADAPT_V, S_ADAPT_V);
    double vt = SF(6, Q_EXP_V, S_EXP_V);
#undef SF
    double cap = lane->capacitance > 0.0 ? lane->capacitance : hx_capacitance(s, n, c);

    // Leak and reset.
    hx_pull leak, reset;
    double gl = ota(code(s, q, column, 8), c->leak_multiplication, c->leak_division,
                    c->leak_degeneration) *
                hx_exp(draw(s, Q_G_LEAK, n, S_G_LEAK));
    double gr = ota(code(s, q, column, 9), c->reset_multiplication, c->reset_division,
                    c->reset_degeneration) *
                hx_exp(draw(s, Q_G_RESET, n, S_G_LEAK));
    leak.e = el;
    leak.limit = c->leak_degeneration ? K_L_LEAK_DEGENERATED : K_L_LEAK;
    if (gl < 1.0 / K_FLOATING_R) {
        gl = 1.0 / K_FLOATING_R;
        leak.e = K_FLOATING_V;
        leak.limit = 100.0;
    }
    leak.tau = cap / gl;
    reset.e = er;
    reset.limit = K_L_RESET;
    reset.tau = cap / (gr < 1e-12 ? 1e-12 : gr);

    // Synaptic lines and inputs.
    double tau_s[2], gain[2], kv[2], zero[2] = {0, 0}, stiff = 0.0;
    unsigned position = n % 256, switches = s->column[hemisphere][position];
    for (int i = 0; i < 2; i++) {
        unsigned row = i ? 14 : 10;
        int enabled = i ? c->inh : c->exc, coba = i ? c->inh_coba : c->exc_coba;
        double line = (i ? c->inh_small_capacitance : c->exc_small_capacitance) ? K_C_LINE_SMALL
                                                                               : K_C_LINE;
        line *= factor(s, Q_C_LINE, 2 * n + i, S_C_LINE);
        double ctau = code(s, q, column, row);
        double tau = ctau < 0.5 ? K_TAU_SYN_FLOATING : K_TAU_SYN * K_TAU_SYN_CODE / ctau;
        if (ctau >= 0.5 && (i ? c->inh_high_resistance : c->exc_high_resistance))
            tau *= K_TAU_SYN_HIGH;
        tau *= factor(s, Q_TAU_SYN, 2 * n + i, S_TAU_SYN);
        if (tau > K_TAU_SYN_FLOATING) tau = K_TAU_SYN_FLOATING;
        double ccoba = code(s, q, column, row + 1), cshift = code(s, q, column, row + 2);
        double cgm = code(s, q, column, row + 3);
        double gm = enabled ? K_G_SYN * cgm * factor(s, Q_G_SYN, 2 * n + i, S_G_SYN) : 0.0;
        double offset = -K_SHIFT * (cshift - K_SHIFT_CODE) +
                        draw(s, Q_SYN_OFFSET, 2 * n + i, S_SYN_OFFSET);
        int forced = switches >> (2 + i) & 1, closed = switches >> i & 1;
        double half = forced ? 1.0 : hx_exp(-0.5 * h / tau);
        tau_s[i] = tau;
        gain[i] = gm * K_V_SYN / cap;
        float *a = i ? b->ai : b->ae, *x1 = i ? b->xi1 : b->xe1, *x0 = i ? b->xi0 : b->xe0;
        float *k = i ? b->ki : b->ke, *d = i ? b->di : b->de;
        a[l] = forced ? 0.0f : (float)(hx_exp(-h / tau) - 1.0);
        x1[l] = (float)(half / K_V_SYN);
        x0[l] = (float)(offset / K_V_SYN);
        k[l] = closed && !forced ? (float)(1.0 / line) : 0.0f;
        double fade = 0.5 / tau + 0.5 / leak.tau;
        *(i ? &b->ti[l] : &b->te[l]) = forced ? 0.0f : (float)(1.0 / tau);
        *(i ? &b->fi[l] : &b->fe[l]) = (float)(fade < 1.0 / h ? fade : 1.0 / h);
        kv[i] = closed && !forced ? gm / (cap * line) : 0.0;
        *(i ? &b->bi[l] : &b->be[l]) = (float)(1.0 / half);
        if (forced)
            d[l] = (float)clip(K_LINE_REST - s->option[i ? HX_OPTION_PAD_INH : HX_OPTION_PAD_EXC],
                               -K_LINE_MAX, K_LINE_MAX);
        // Conductance based: the input's bias follows a second OTA between reference and membrane.
        double share = coba && cgm > 0.5 ? ccoba / cgm * K_COBA_L / K_COBA_V : 0.0;
        double sign = i ? -1.0 : 1.0;
        stiff += h * gain[i] * (1.0 / K_OTA_EDGE + share / K_COBA_L);
        *(i ? &b->ci[l] : &b->ce[l]) = (float)(K_OTA * share);
        *(i ? &b->ci1[l] : &b->ce1[l]) = (float)(-sign / K_COBA_L);
        *(i ? &b->ci0[l] : &b->ce0[l]) = (float)(sign * (reversal[i] - el) / K_COBA_L);
    }

    // Exponential term, offset current.
    double slope = clip(K_EXP_SLOPE * K_EXP_CODE / clip(code(s, q, column, 21), 1.0, 1e4),
                        K_EXP_SLOPE_MIN, K_EXP_SLOPE_MAX) *
                   factor(s, Q_EXP_SLOPE, n, S_EXP_SLOPE);
    double kx = c->exponential ? K_EXP_I0 / cap : 0.0;
    b->xa[l] = (float)(K_LOG2_E / slope);
    // Share of what the middle gains: exact to third order, the next one fitted so that half an e-fold
    // of growth in a step is met within 1.5e-3 of the slope, a whole one within 1.3e-2.
    b->xl[l] = (float)(11.0 / 24.0 / slope);
    b->xm[l] = (float)(0.3 / (slope * slope));
    double onset = (el - vt) * K_LOG2_E / slope;
    double ioff = K_I_OFFSET * code(s, q, column, 22) * factor(s, Q_I_OFFSET, n, S_I_OFFSET);
    double offset = c->offset ? (c->invert_offset ? -ioff : ioff) / cap : 0.0;
    b->ee[l] = (float)((el - K_EXC_CEILING) * K_EDGE);
    b->ei[l] = (float)((K_INH_FLOOR - el) * K_EDGE);
    b->span = (float)h;

    // Adaptation: w relative to its resting value.
    double ctw = code(s, q, column, 18);
    double tau_w = K_TAU_W * K_TAU_W_CODE / (ctw < 0.1 ? 0.1 : ctw) * factor(s, Q_ADAPT_TAU, n, S_ADAPT);
    double ga = K_G_A * code(s, q, column, 19) * factor(s, Q_ADAPT_A, n, S_ADAPT);
    double jump = K_I_B * code(s, q, column, 20) * factor(s, Q_ADAPT_B, n, S_ADAPT) * tau_w / K_C_W;
    if (c->invert_a) ga = -ga;
    if (c->invert_b) jump = -jump;
    double gw = c->adaptation ? K_G_W / cap : 0.0;
    b->qa[l] = (float)(1.0 - hx_exp(-h / tau_w));
    b->wg[l] = (float)(ga * tau_w / K_C_W);
    lane->w_jump = (float)jump;
    b->w0[l] = (float)(ga * tau_w / K_C_W * (el - ea)) +
               (lane->adapt_end != NEVER ? lane->w_jump : 0.0f);

    make_set(&lane->set[NORMAL], &leak, el, h, gain, tau_s, kx, kv);
    make_set(&lane->set[RESET], &reset, el, h, c->pause ? zero : gain, tau_s, c->pause ? 0.0 : kx,
             c->pause ? zero : kv);
    for (int i = 0; i < 2; i++) {
        hx_set *set = &lane->set[i];
        set->xb = (float)(set->xb + onset);
        // Middle of the step, as the leak weighs it, in shares of the step before. Looking ahead would
        // swing where the membrane runs into an edge or a reversal within a step.
        set->ahead = stiff < 0.8 ? 0.5f + set->kd / 12.0f : 0.0f;
        set->c0 = (float)(offset / set->iphi);
        set->gw = (float)(gw / set->iphi);
        // Where the exponential brings K_UPSWING of its slope in a step, or has its limit.
        double from = (hx_log(K_UPSWING * slope) * K_LOG2_E - set->xb) * slope / K_LOG2_E;
        double limit = (set->xtop - set->xb) * slope / K_LOG2_E;
        set->run = set->xb > -1e5f ? (float)(from < limit ? from : limit) : INFINITY;
        set->top = set->run < (float)(K_MEMBRANE_MAX - el) ? set->run : (float)(K_MEMBRANE_MAX - el);
        if (i == NORMAL) lane->limit = set->xb > -1e5f ? (float)limit : INFINITY;
    }
    // At its limit, the exponential is a constant current.
    hx_set *constant = &lane->set[LIMIT];
    make_set(constant, &leak, el, h, gain, tau_s, 0.0, kv);
    constant->ahead = lane->set[NORMAL].ahead;
    constant->c0 = (float)((offset + kx * hx_exp(K_EXP_LIMIT_LOG)) / constant->iphi);
    constant->gw = lane->set[NORMAL].gw;
    constant->run = INFINITY;
    constant->top = (float)(K_MEMBRANE_MAX - el);

    // The references move, the voltages do not.
    if (lane->el != 0.0) {
        b->v[l] = (float)(b->v[l] + lane->el - el);
        b->w[l] = (float)(b->w[l] + lane->ew - ew);
    } else {
        b->v[l] = b->w[l] = 0.0f;
    }
    lane->el = el;
    lane->ew = ew;
    b->lo[l] = (float)(0.0 - el);
    b->hi[l] = (float)(K_MEMBRANE_MAX - el);
    b->wlo[l] = (float)(0.0 - ew);
    b->whi[l] = (float)(K_ADAPT_MAX - ew);
    lane->threshold = (float)(threshold - el);
    lane->sigma = (float)S_MEMBRANE;
    double comparator = code(s, q, 128, 20);
    lane->delay = (uint32_t)ceil(K_COMPARATOR_DELAY / K_TICK * K_COMPARATOR_CODE /
                                     clip(comparator, 10.0, 1e4) - 1e-9);
    hx_compile_backend(s, n);
    if (lane->phase == IDLE) lane->armed = hx_arms(s, n);
    else if (!c->fire) lane->armed = 0;
    hx_use(b, lane, lane->phase == RESETTING ? RESET : NORMAL, l);
    double ic = K_G_IC * code(s, q, column, 23) * factor(s, Q_G_IC, n, S_G_IC);
    if (c->multiply_conductance && !c->divide_conductance) ic *= 4.0;
    if (c->divide_conductance && !c->multiply_conductance) ic *= 0.25;
    lane->g_ic = ic;
    b->vth[l] = hx_level(s, lane, b->hi[l]);

    b->next[l] = hx_next(lane);
    hx_block_due(b);
    hx_block_kind(s, n / LANES, b);
    s->awake |= 1u << n / LANES;
}

// Shared cells of column 128: volts, and codes of current cells.
double hx_shared_voltage(const hx_state *s, unsigned quadrant, unsigned row) {
    return K_VCELL0 + K_VCELL * code(s, quadrant, 128, row);
}

double hx_shared_current(const hx_state *s, unsigned quadrant, unsigned row) {
    return code(s, quadrant, 128, row);
}

double hx_driver_delay(const hx_state *s, unsigned h, unsigned d) {
    return draw(s, Q_DRIVER, h * HX_ANALOG_DRIVERS + d, S_DRIVER);
}

void hx_compile_quadrant(hx_state *s, unsigned quadrant) {
    s->dac[quadrant] = (float)(K_I_DAC * code(s, quadrant, 128, 8) *
                               factor(s, Q_DAC, quadrant, S_QUADRANT_DAC));
    int on = code(s, quadrant, 128, 9) >= 0.5 && code(s, quadrant, 128, 10) >= 0.5;
    s->cor_on = (s->cor_on & ~((uint64_t)1 << quadrant)) | (uint64_t)on << quadrant;
}

// Amplitude [CADC LSB] and time constant [s] of a correlation sensor.
void hx_sensor(const hx_state *s, unsigned quadrant, uint32_t index, int kind, unsigned calib,
               double *amplitude, double *tau) {
    double store = code(s, quadrant, 128, 10), ramp = code(s, quadrant, 128, 9);
    double own = sqrt(1.0 - S_COR_SHARED * S_COR_SHARED);
    double da = S_COR_SHARED * draw(s, Q_COR_A, index, 1) + own * draw(s, Q_COR_A + 1 + kind, index, 1);
    double dt = S_COR_SHARED * draw(s, Q_COR_TAU, index, 1) +
                own * draw(s, Q_COR_TAU + 1 + kind, index, 1);
    *amplitude = K_COR_A * (K_COR_STORE / (store < 1.0 ? 1.0 : store)) *
                 clip(1.0 + K_COR_V_GAIN * (s->option[HX_OPTION_RES_MEAS] - K_COR_V), 0.0, 10.0) *
                 (1.0 + K_COR_CALIB * (calib >> 2 & 3)) * hx_exp(S_COR_A * da);
    *tau = K_COR_TAU * (K_COR_RAMP / (ramp < 1.0 ? 1.0 : ramp)) * (1.0 + K_COR_CALIB * (calib & 3)) *
           clip(1.0 + S_COR_TAU * dt, 0.2, 5.0);
}

double hx_cadc_gain(const hx_state *s, unsigned quadrant, int channel) {
    if (channel < 0) return factor(s, Q_CADC_QUADRANT, quadrant, S_CADC_QUADRANT);
    return factor(s, Q_CADC_GAIN, quadrant / 2 * 512 + (unsigned)channel, S_CADC_GAIN);
}

double hx_cadc_offset(const hx_state *s, unsigned h, unsigned channel) {
    return clip(draw(s, Q_CADC_OFFSET, h * 512 + channel, S_CADC_CHANNEL), -25.0, 25.0);
}

double hx_madc_gain(const hx_state *s) { return factor(s, Q_MADC, 0, S_MADC_GAIN); }

double hx_madc_offset(const hx_state *s) {
    return clip(draw(s, Q_MADC, 1, S_MADC_OFFSET), -60.0, 60.0);
}

void hx_compile_synapse(hx_state *s, unsigned h, unsigned row, unsigned column) {
    uint32_t index = (h * HX_ANALOG_ROWS + row) * HX_ANALOG_COLUMNS + column;
    double gradient = s->seed ? K_ROW_GRADIENT * (1.0 - 2.0 * (column % 128) / 127.0) : 0.0;
    s->unit[h][row][column] = (float)(s->weight[h][row][column] / K_WEIGHTS * (1.0 + gradient) *
                                      factor(s, Q_SYNAPSE, index, S_SYNAPSE));
}
