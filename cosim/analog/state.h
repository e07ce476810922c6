// SPDX-License-Identifier: Apache-2.0
// The whole state of the core in one struct without pointers: copied, it is saved.
#ifndef HX_ANALOG_STATE_H
#define HX_ANALOG_STATE_H

#include "constants.h"
#include "core.h"

#define LANES 32
#define BLOCKS 16
#define HALF_BLOCKS 8
#define CELLS (130 * 24)
#define SPIKES 65536
#define STEPS 8                // steps that are done in one go
#define FRESH (STEPS * 512 * 4)  // at most 4 spikes of a neuron in a step
#define REST_PERIOD 64        // steps between two looks whether a block has come to rest
#define NEVER INT64_MAX

// Constants that differ between the normal phase, the reset phase and an exponential at its limit.
typedef struct {
    float leak, il, ul, ge, gi, c0, gw, kd, ahead, bend, xb, top, kve, kvi;
    // For parts of a step: 1/tau, 1/weight of a step, limit of the exponential; membrane from which
    // on a step is taken that way.
    float itau, iphi, xtop, run;
} hx_set;

// What a block has to do in a step: lines with a drop (their numbers are those of the row modes),
// exponential term, conductance based inputs.
enum { HX_EXC = 1, HX_INH = 2, HX_EXP = 4, HX_COBA = 8, HX_ALL = 15 };

// 32 neurons side by side. First what every step touches: close together, it fills the sets of a first
// cache evenly.
typedef struct {
    // State: membrane relative to the leak potential, its change in the step before, adaptation
    // relative to its reference (in the middle of the open step).
    float v[LANES], dv[LANES], w[LANES];
    // Of the hx_set of the phase, what each current does to the membrane in a step [V].
    float leak[LANES], il[LANES], ul[LANES], c0[LANES], gw[LANES], kd[LANES], ahead[LANES];
    float bend[LANES], top[LANES];
    // Adaptation; clip, and where a lane has to be looked at: comparator (while it is armed) or upper
    // clip.
    float qa[LANES], wg[LANES], w0[LANES], lo[LANES], wlo[LANES], whi[LANES], vth[LANES];
    // Exponential term (the first one is of the hx_set).
    float xb[LANES], xa[LANES], xl[LANES], xm[LANES];
    // Lines: drop [V], change in a step, argument of the OTA at mid step, its current (of the hx_set),
    // its edge.
    float de[LANES], ae[LANES], xe1[LANES], xe0[LANES], ge[LANES], ee[LANES];
    float di[LANES], ai[LANES], xi1[LANES], xi0[LANES], gi[LANES], ei[LANES];
    // Of charge that arrived in the open step, what is left at its end [C], and charge times the time
    // for which it acts on the membrane until then [C s]; volts per charge on the line, and at the
    // membrane (of the hx_set).
    float qe[LANES], me[LANES], qi[LANES], mi[LANES], ke[LANES], kve[LANES], ki[LANES], kvi[LANES];
    // Decay of the lines and fading at the membrane [1/s]; inverse of the lines' decay in half a step.
    float te[LANES], ti[LANES], fe[LANES], fi[LANES], be[LANES], bi[LANES];
    // Conductance based mode.
    float ce1[LANES], ce0[LANES], ce[LANES], ci1[LANES], ci0[LANES], ci[LANES];
    // For parts of a step, of the hx_set; upper clip.
    float itau[LANES], iphi[LANES], hi[LANES];
    int64_t next[LANES];  // earliest deadline of each lane
    int64_t due;          // earliest of all
    uint32_t kind;        // HX_EXC, ...
    uint32_t input;       // lines on which charge has arrived in the open step
    uint32_t bypass;      // lanes with bypass
    uint32_t hot;         // lanes in an upswing
    float span;           // length of a step [s]
} __attribute__((aligned(64))) hx_block;

enum { IDLE = 0, PENDING = 1, RESETTING = 2, HOLDOFF = 3 };
enum { NORMAL = 0, RESET = 1, LIMIT = 2 };

// What a neuron needs besides the step.
typedef struct {
    hx_set set[3];  // of NORMAL, RESET, LIMIT
    int64_t deadline, adapt_end;
    int64_t from;  // end of the hold-off: what trips the comparator before waits until then
    double el, ew;  // references of v and w [V]
    double capacitance, g_ic;
    float threshold, sigma, w_jump;
    float limit;   // membrane at which the exponential has its limit
    uint32_t use;  // set in use
    uint32_t phase, delay, reset_ticks, holdoff_ticks, adapt_ticks, group;
    uint32_t armed, forced;  // forced: the pending fire is an artificial reset
} hx_lane;

typedef struct {
    int64_t time;
    uint16_t neuron;
    uint16_t silent;  // artificial reset: post pulse, no spike
    uint16_t spare[2];
} hx_spike;

typedef struct {
    float target, value;
} hx_cell;

typedef struct {
    int64_t last;
    float v;  // stored voltage
    uint32_t spare;
} hx_stp;

// The words of those containers that spread over several, as they were written.
typedef struct {
    uint8_t neuron[HX_ANALOG_NEURONS][8], backend[HX_ANALOG_NEURONS][4];
    uint32_t common[2][2];
    uint16_t driver[2][HX_ANALOG_DRIVERS][4];
    uint32_t current[2][64][2], correlation[2][64][4], correlation_config[2][4];
    uint32_t readout[2], spare[2];
} hx_registers;

// Compartments: which node a membrane belongs to, and the resistors from the leaves to the roots.
#define NO_NODE 0xffff
typedef struct {
    double capacitance[2 * HX_ANALOG_NEURONS], voltage[2 * HX_ANALOG_NEURONS];
    uint16_t node[HX_ANALOG_NEURONS];
    uint16_t child[HX_ANALOG_NEURONS], parent[HX_ANALOG_NEURONS], resistor[HX_ANALOG_NEURONS];
    uint32_t nodes, edges, blocks, spare;
} hx_tree;

// One conversion of 2 x 256 channels, causal first.
typedef struct {
    int64_t start;  // tick at which the ramp begins
    uint32_t row, reset_wait, busy, done;
    uint32_t assignment, spare;
    float level[512];
    uint8_t latched[512], code[512];
    int16_t offset[512];
} hx_cadc;

typedef struct {
    uint64_t magic, seed;
    int64_t now, step;      // step: index of the open step of the grid
    int64_t settle;         // tick of the next settling update
    uint32_t dt, noise;     // dt: ticks per step
    double option[HX_OPTION_COUNT];
    uint32_t awake;  // blocks in which something moves, one bit each
    uint32_t spike_head, spike_count, groups;
    uint32_t masters;  // back ends whose fire others follow
    hx_block block[BLOCKS];
    hx_lane lane[HX_ANALOG_NEURONS];
    hx_neuron_config neuron[HX_ANALOG_NEURONS];
    hx_backend_config backend[HX_ANALOG_NEURONS];
    hx_clock_config clocks[2];
    hx_cell cell[4][CELLS];
    hx_driver_config driver[2][HX_ANALOG_DRIVERS];
    uint32_t listen[2][4][32];  // drivers of a bus (4 k + bus) that an event of a row select reaches
    hx_stp stp[2][HX_ANALOG_DRIVERS];
    float pulse_ext[2][4];
    uint8_t stp_clock[2], stp_speed[2];
    uint8_t column[2][HX_ANALOG_COLUMNS];  // bit 0 exc, 1 inh, 2 debug exc, 3 debug inh
    uint8_t weight[2][HX_ANALOG_ROWS][HX_ANALOG_COLUMNS];
    uint8_t label[2][HX_ANALOG_ROWS][HX_ANALOG_COLUMNS] __attribute__((aligned(64)));
    uint8_t calib[2][HX_ANALOG_ROWS][HX_ANALOG_COLUMNS];  // bits 1:0 time, 3:2 amplitude
    // Charge of an event per DAC current and pulse length.
    float unit[2][HX_ANALOG_ROWS][HX_ANALOG_COLUMNS] __attribute__((aligned(64)));
    float dac[4];                                          // A, per quadrant
    hx_tree tree;
    hx_cadc cadc[2];
    uint8_t cadc_switch[2][HX_ANALOG_COLUMNS];  // bits: internal causal, acausal; neuron causal, acausal
    uint8_t madc_mux[2];                        // bits: even top, odd top, even bottom, odd bottom
    uint8_t force_reset[2];                     // west, east
    uint8_t spare[4];
    uint64_t cor_on;  // bit per quadrant: the sensors have their biases
    int64_t cor_reference;
    int64_t last_pre[2][HX_ANALOG_ROWS][64], last_post[2][HX_ANALOG_COLUMNS];
    float cor[2][2][HX_ANALOG_ROWS][HX_ANALOG_COLUMNS];
    hx_registers registers;
    hx_spike spike[SPIKES];
} hx_state;

// Whether a neuron may fire by itself: a slave takes its refractory period from its master.
static inline int hx_fires(const hx_state *s, unsigned neuron) {
    return s->neuron[neuron].fire && !s->backend[neuron].slave;
}

// Whether its comparator may make it fire.
static inline int hx_arms(const hx_state *s, unsigned neuron) {
    return s->neuron[neuron].comparator && hx_fires(s, neuron);
}

// The earliest deadline of a lane.
static inline int64_t hx_next(const hx_lane *n) {
    return n->deadline < n->adapt_end ? n->deadline : n->adapt_end;
}

// Where the step has to look at a lane: the comparator's threshold, lowered by what noise or the top of
// the membrane between the ends of a step may reach, the upper end of the membrane's range, or where the exponential runs away.
static inline float hx_level(const hx_state *s, const hx_lane *n, float hi) {
    float run = n->set[n->use].run, most = run < hi ? run : hi;
    if (!n->armed || n->group) return most;
    float level = n->threshold - (s->noise ? 6.0f * n->sigma : K_TOP);
    return level < most ? level : most;
}

typedef struct {
    hx_spike item[FRESH];
    uint32_t count;
} hx_step_spikes;

// So many steps, or with `first` up to the end of the one that has a spike; returns how many.
typedef int64_t (*hx_step_fn)(hx_state *s, int64_t steps, int first, hx_step_spikes *out);
typedef void (*hx_probe_fn)(const hx_state *s, hx_block *copy, hx_lane *lanes, unsigned block);

// Charge of one event on the 256 columns of a row; `left`: time to the end of the open step [s].
typedef void (*hx_drive_fn)(hx_state *s, unsigned h, unsigned row, unsigned mode, unsigned address,
                            float time, float left);

struct hx_analog {
    hx_state *s;
    hx_step_fn step;
    hx_probe_fn probe;
    hx_drive_fn drive;
    int isa;
    char error[160];
    hx_step_spikes fresh;
    hx_tree tree;  // scratch of a change of switches
};

// Column of entry `k` of a quad: quads 0..31 hold the even columns, 32..63 the odd ones.
static inline unsigned hx_quad_column(unsigned quad, unsigned k) {
    return 8 * (quad % 32) + 2 * k + quad / 32;
}

int hx_fail(hx_analog *core, int status, const char *format, ...) __attribute__((format(printf, 3, 4)));
void hx_compile_neuron(hx_state *s, unsigned neuron);
void hx_compile_backend(hx_state *s, unsigned neuron);
void hx_use(hx_block *b, hx_lane *lane, unsigned use, unsigned l);
void hx_block_due(hx_block *b);
void hx_hold(hx_state *s, unsigned neuron, int64_t release);
void hx_block_kind(const hx_state *s, unsigned block, hx_block *b);
void hx_compile_quadrant(hx_state *s, unsigned quadrant);
void hx_compile_synapse(hx_state *s, unsigned h, unsigned row, unsigned column);
double hx_shared_voltage(const hx_state *s, unsigned quadrant, unsigned row);
double hx_shared_current(const hx_state *s, unsigned quadrant, unsigned row);
double hx_driver_delay(const hx_state *s, unsigned h, unsigned d);
void hx_synapse_event(hx_analog *core, int64_t time, unsigned h, unsigned bus, unsigned row_select,
                      unsigned address);
void hx_settle_driver(hx_state *s, unsigned h, unsigned d, int64_t time);
float hx_noise(const hx_state *s, unsigned neuron, int64_t tick);
void hx_correlation_pre(hx_state *s, int64_t time, unsigned h, unsigned row, unsigned address);
void hx_correlation_post(hx_state *s, int64_t time, unsigned h, unsigned column);
void hx_correlation_clear(hx_state *s, unsigned h, unsigned row, unsigned column);
double hx_correlation_value(const hx_state *s, int kind, unsigned h, unsigned row, unsigned column,
                            int64_t time);
void hx_sensor(const hx_state *s, unsigned quadrant, uint32_t index, int kind, unsigned calib,
               double *amplitude, double *tau);
float hx_readout_level(const hx_state *s, unsigned n, int source, float v, float w, float de,
                       float di);
void hx_cadc_start(hx_state *s, int64_t time, unsigned h, unsigned row);
int hx_cadc_busy(const hx_state *s);
void hx_cadc_step(hx_state *s);
double hx_cadc_gain(const hx_state *s, unsigned quadrant, int channel);
double hx_cadc_offset(const hx_state *s, unsigned h, unsigned channel);
int hx_madc_line(const hx_state *s, unsigned input, uint16_t *neurons);
int hx_madc_code(const hx_state *s, int64_t time, unsigned input, double volts);
double hx_madc_gain(const hx_state *s);
double hx_madc_offset(const hx_state *s);
double hx_capacitance(const hx_state *s, unsigned n, const hx_neuron_config *config);
int hx_morphology(const hx_state *s, const hx_neuron_config *neuron, hx_tree *tree);
void hx_regroup(hx_state *s, const hx_tree *next);
void hx_exchange(hx_state *s, hx_step_spikes *out);
void hx_follow(hx_state *s, const hx_step_spikes *fires);
double hx_gauss(uint64_t seed, uint32_t quantity, uint32_t index);
double hx_exp(double x);
double hx_log(double x);

int64_t hx_step_scalar(hx_state *s, int64_t steps, int first, hx_step_spikes *out);
void hx_drive_scalar(hx_state *s, unsigned h, unsigned row, unsigned mode, unsigned address,
                     float time, float left);
void hx_probe_scalar(const hx_state *s, hx_block *copy, hx_lane *lanes, unsigned block);
#if defined(__x86_64__)
int64_t hx_step_avx2(hx_state *s, int64_t steps, int first, hx_step_spikes *out);
void hx_drive_avx2(hx_state *s, unsigned h, unsigned row, unsigned mode, unsigned address,
                     float time, float left);
void hx_probe_avx2(const hx_state *s, hx_block *copy, hx_lane *lanes, unsigned block);
int64_t hx_step_avx512(hx_state *s, int64_t steps, int first, hx_step_spikes *out);
void hx_drive_avx512(hx_state *s, unsigned h, unsigned row, unsigned mode, unsigned address,
                     float time, float left);
void hx_probe_avx512(const hx_state *s, hx_block *copy, hx_lane *lanes, unsigned block);
#endif

#endif
