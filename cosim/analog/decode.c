// SPDX-License-Identifier: Apache-2.0
// Chip Omnibus words -> parameters of the core.

#include <string.h>

#include "hxcosim/analog_registers.h"
#include "hxcosim/omnibus.h"
#include "state.h"

#define PAIR(name) {HX_OMNIBUS_##name##_TOP_BASE, HX_OMNIBUS_##name##_BOTTOM_BASE}

// Offset of `address` in one of `n` equal regions, whose number goes to `which`; -1 if in none.
static int64_t within(uint32_t address, const uint32_t *bases, unsigned n, uint32_t size,
                      unsigned *which) {
    for (unsigned i = 0; i < n; i++)
        if (address >= bases[i] && address - bases[i] < size) {
            *which = i;
            return address - bases[i];
        }
    return -1;
}

// Neuron of entry `i` of a back end block: 128 of the top row, then 128 of the bottom row.
static unsigned backend_neuron(unsigned block, unsigned i) {
    return 256 * (i / 128) + 128 * block + i % 128;
}

static int put_neuron(hx_analog *core, int64_t t, unsigned n, unsigned k, uint32_t word) {
    uint8_t w[8];
    memcpy(w, core->s->registers.neuron[n], 8);
    w[k] = (uint8_t)word;
#define F(name) (uint8_t) HXR_NEURON_CONFIG_##name(w)
    hx_neuron_config c = {
        .reset_degeneration = F(ENABLE_RESET_DEGENERATION),
        .reset_division = F(ENABLE_RESET_DIVISION),
        .reset_multiplication = F(ENABLE_RESET_MULTIPLICATION),
        .leak_degeneration = F(ENABLE_LEAK_DEGENERATION),
        .leak_division = F(ENABLE_LEAK_DIVISION),
        .leak_multiplication = F(ENABLE_LEAK_MULTIPLICATION),
        .inh_coba = F(ENABLE_SYNAPTIC_INPUT_INHIBITORY_COBA_MODE),
        .exc_coba = F(ENABLE_SYNAPTIC_INPUT_EXCITATORY_COBA_MODE),
        .readout_amplifier = F(ENABLE_READOUT_AMPLIFIER),
        .readout_source = F(READOUT_SOURCE),
        .readout = F(ENABLE_READOUT),
        .invert_b = F(INVERT_ADAPTATION_B),
        .invert_a = F(INVERT_ADAPTATION_A),
        .adaptation = F(ENABLE_ADAPTATION),
        .exponential = F(ENABLE_EXPONENTIAL),
        .inh_small_capacitance = F(ENABLE_SYNAPTIC_INPUT_INHIBITORY_SMALL_CAPACITANCE),
        .exc_small_capacitance = F(ENABLE_SYNAPTIC_INPUT_EXCITATORY_SMALL_CAPACITANCE),
        .inh_high_resistance = F(ENABLE_SYNAPTIC_INPUT_INHIBITORY_HIGH_RESISTANCE),
        .exc_high_resistance = F(ENABLE_SYNAPTIC_INPUT_EXCITATORY_HIGH_RESISTANCE),
        .offset = F(ENABLE_MEMBRANE_OFFSET),
        .invert_offset = F(INVERT_MEMBRANE_OFFSET),
        .capacitor = F(MEMBRANE_CAPACITOR_SIZE),
        .fire = F(ENABLE_FIRE),
        .comparator = F(ENABLE_THRESHOLD_COMPARATOR),
        .inh = F(ENABLE_SYNAPTIC_INPUT_INHIBITORY),
        .exc = F(ENABLE_SYNAPTIC_INPUT_EXCITATORY),
        .bypass_inh = F(ENABLE_BYPASS_INHIBITORY),
        .bypass_exc = F(ENABLE_BYPASS_EXCITATORY),
        .soma_right = F(CONNECT_SOMA_RIGHT),
        .bottom = F(CONNECT_BOTTOM),
        .conductance = F(ENABLE_MULTICOMP_CONDUCTANCE),
        .membrane_right = F(CONNECT_MEMBRANE_RIGHT),
        .soma = F(CONNECT_SOMA),
        .multiply_conductance = F(ENABLE_MULTIPLY_MULTICOMP_CONDUCTANCE_BIAS),
        .divide_conductance = F(ENABLE_DIVIDE_MULTICOMP_CONDUCTANCE_BIAS),
        .pause = F(ENABLE_PAUSE),
    };
#undef F
    int status = hx_analog_neuron(core, t, n, &c);
    if (!status) memcpy(core->s->registers.neuron[n], w, 8);
    return status;
}

static int put_backend(hx_analog *core, int64_t t, unsigned n, unsigned k, uint32_t word) {
    uint8_t w[4];
    memcpy(w, core->s->registers.backend[n], 4);
    w[k] = (uint8_t)word;
#define F(name) (uint8_t)(HXR_NEURON_BACKEND_CONFIG_##name(w))
    hx_backend_config c = {F(REFRACTORY_TIME),         F(RESET_HOLDOFF),  F(SELECT_INPUT_CLOCK),
                           F(ENABLE_ADAPTATION_PULSE), F(POST_OVERWRITE), F(ENABLE_SPIKE_OUT),
                           F(ENABLE_NEURON_SLAVE),     F(ENABLE_NEURON_MASTER), F(CONNECT_FIRE_BOTTOM),
                           F(CONNECT_FIRE_FROM_RIGHT), F(CONNECT_FIRE_TO_RIGHT)};
#undef F
    int status = hx_analog_backend(core, t, n, &c);
    if (!status) memcpy(core->s->registers.backend[n], w, 4);
    return status;
}

static int put_driver(hx_analog *core, int64_t t, unsigned h, unsigned d, unsigned k,
                      uint32_t word) {
    uint16_t w[4];
    memcpy(w, core->s->registers.driver[h][d], sizeof w);
    w[k] = (uint16_t)word;
#define F(name) (uint8_t)(HXR_SYNAPSE_DRIVER_CONFIG_##name(w))
    hx_driver_config c = {
        F(ENABLE_RECEIVER),   F(ROW_ADDRESS_COMPARE_MASK), F(ENABLE_ADDRESS_OUT),
        F(UTILIZATION),       F(OFFSET),                   F(ENABLE_HAGEN_DAC),
        F(RECOVERY),          F(ROW_MODE_BOTTOM),          F(ROW_MODE_TOP),
        F(HAGEN_DAC_OFFSET),  F(SELECT_TARGET_VOLTAGES),   F(ENABLE_HAGEN_MODULATION),
        F(ENABLE_STP),        F(ENABLE_RECOVERY)};
#undef F
    int status = hx_analog_driver(core, t, h, d, &c);
    if (!status) memcpy(core->s->registers.driver[h][d], w, sizeof w);
    return status;
}

enum { WEIGHT = 1, LABEL = 2, TIME_CALIB = 4, AMP_CALIB = 8 };

// A word of one of the views of the synapse memory: which of a synapse's settings it holds. Inline: a
// view then takes apart only what it holds; most words of a configuration come here.
static inline __attribute__((always_inline)) int put_synapses(hx_analog *core, int64_t t, unsigned h,
                                                              unsigned row, unsigned quad, uint32_t first,
                                                              uint32_t second, int what) {
    uint32_t w[2] = {first, second};
    const uint8_t weight[4] = {
        (uint8_t)HXR_SYNAPSE_QUAD_WEIGHTS_0(w), (uint8_t)HXR_SYNAPSE_QUAD_WEIGHTS_1(w),
        (uint8_t)HXR_SYNAPSE_QUAD_WEIGHTS_2(w), (uint8_t)HXR_SYNAPSE_QUAD_WEIGHTS_3(w)};
    const uint8_t label[4] = {
        (uint8_t)HXR_SYNAPSE_QUAD_LABELS_0(w), (uint8_t)HXR_SYNAPSE_QUAD_LABELS_1(w),
        (uint8_t)HXR_SYNAPSE_QUAD_LABELS_2(w), (uint8_t)HXR_SYNAPSE_QUAD_LABELS_3(w)};
    const uint8_t time[4] = {
        (uint8_t)HXR_SYNAPSE_QUAD_TIME_CALIBS_0(w), (uint8_t)HXR_SYNAPSE_QUAD_TIME_CALIBS_1(w),
        (uint8_t)HXR_SYNAPSE_QUAD_TIME_CALIBS_2(w), (uint8_t)HXR_SYNAPSE_QUAD_TIME_CALIBS_3(w)};
    const uint8_t amp[4] = {
        (uint8_t)HXR_SYNAPSE_QUAD_AMP_CALIBS_0(w), (uint8_t)HXR_SYNAPSE_QUAD_AMP_CALIBS_1(w),
        (uint8_t)HXR_SYNAPSE_QUAD_AMP_CALIBS_2(w), (uint8_t)HXR_SYNAPSE_QUAD_AMP_CALIBS_3(w)};
    int status = hx_analog_run(core, t);  // the same for all four, and all there is if nothing changes
    const hx_state *s = core->s;
    for (unsigned k = 0; k < 4 && !status; k++) {
        unsigned c = hx_quad_column(quad, k), calib = s->calib[h][row][c];
        unsigned new_weight = what & WEIGHT ? weight[k] : s->weight[h][row][c];
        unsigned new_label = what & LABEL ? label[k] : s->label[h][row][c];
        unsigned new_time = what & TIME_CALIB ? time[k] : calib & 3;
        unsigned new_amp = what & AMP_CALIB ? amp[k] : calib >> 2 & 3;
        if (new_weight != s->weight[h][row][c] || new_label != s->label[h][row][c] ||
            (new_time | new_amp << 2) != calib)
            status = hx_analog_synapse(core, t, h, row, c, new_weight, new_label, new_time, new_amp);
    }
    return status;
}

static int put_current(hx_analog *core, int64_t t, unsigned h, unsigned quad, unsigned k,
                       uint32_t word) {
    uint32_t *w = core->s->registers.current[h][quad], trial[2] = {w[0], w[1]};
    trial[k] = word;
#define F(i, name) HXR_COLUMN_CURRENT_QUAD_SWITCH_##i##_ENABLE_##name(trial)
#define COLUMN(i)                                                                              \
    {F(i, SYNAPTIC_CURRENT_EXCITATORY), F(i, SYNAPTIC_CURRENT_INHIBITORY), F(i, DEBUG_EXCITATORY), \
     F(i, DEBUG_INHIBITORY)}
    const unsigned x[4][4] = {COLUMN(0), COLUMN(1), COLUMN(2), COLUMN(3)};
#undef COLUMN
#undef F
    for (unsigned i = 0; i < 4; i++) {
        int status = hx_analog_column(core, t, h, hx_quad_column(quad, i), x[i][0], x[i][1],
                                      x[i][2], x[i][3]);
        if (status) return status;
    }
    w[k] = word;
    return HX_ANALOG_OK;
}

static int put_correlation(hx_analog *core, int64_t t, unsigned h, unsigned quad, unsigned k,
                           uint32_t word) {
    uint32_t *w = core->s->registers.correlation[h][quad], trial[4] = {w[0], w[1], w[2], w[3]};
    trial[k] = word;
#define F(i, name) HXR_COLUMN_CORRELATION_QUAD_SWITCH_##i##_ENABLE_##name(trial)
#define COLUMN(i)                                                       \
    {F(i, INTERNAL_CAUSAL), F(i, INTERNAL_ACAUSAL), F(i, CADC_NEURON_READOUT_CAUSAL), \
     F(i, CADC_NEURON_READOUT_ACAUSAL)}
    const unsigned x[4][4] = {COLUMN(0), COLUMN(1), COLUMN(2), COLUMN(3)};
#undef COLUMN
#undef F
    for (unsigned i = 0; i < 4; i++) {
        int status = hx_analog_correlation(core, t, h, hx_quad_column(quad, i), x[i][0], x[i][1],
                                           x[i][2], x[i][3]);
        if (status) return status;
    }
    w[k] = word;
    return HX_ANALOG_OK;
}

static int put_padi_event(hx_analog *core, int64_t t, unsigned h, uint32_t word) {
    const uint32_t w[1] = {word};
    const uint32_t fire[4] = {HXR_PADI_EVENT_FIRE_BUS_0(w), HXR_PADI_EVENT_FIRE_BUS_1(w),
                              HXR_PADI_EVENT_FIRE_BUS_2(w), HXR_PADI_EVENT_FIRE_BUS_3(w)};
    for (unsigned bus = 0; bus < 4; bus++) {
        if (!fire[bus]) continue;
        int status = hx_analog_event(core, t, h, bus, HXR_PADI_EVENT_ROW_SELECT_ADDRESS(w),
                                     HXR_PADI_EVENT_EVENT_ADDRESS(w));
        if (status) return status;
    }
    return HX_ANALOG_OK;
}

// The registers of the synapse array, hemisphere by hemisphere.
static int put_array(hx_analog *core, int64_t t, uint32_t address, uint32_t word, int *found) {
    static const uint32_t raw[] = PAIR(SYNAPSE_RAW), weight[] = PAIR(SYNAPSE_WEIGHT),
                          label[] = PAIR(SYNAPSE_LABEL), even[] = PAIR(SYNAPSE_EVEN2MSB),
                          odd[] = PAIR(SYNAPSE_ODD2MSB), reset[] = PAIR(CORRELATION_RESET),
                          quad_reset[] = PAIR(NEURON_RESET_QUAD);
    enum { CELLS_ = HX_OMNIBUS_SYNAPSE_ROWS * HX_OMNIBUS_SYNAPSE_QUADS_PER_ROW };
    unsigned h;
    int64_t i;
    *found = 1;
    if ((i = within(address, raw, 2, HX_OMNIBUS_SYNAPSE_RAW_COUNT, &h)) >= 0) {
        unsigned row = (unsigned)i / 128, k = (unsigned)i / 64 % 2, quad = (unsigned)i % 64;
        if (row == HX_ANALOG_ROWS + 1) return put_correlation(core, t, h, quad, k, word);
        if (row >= HX_ANALOG_ROWS) return HX_ANALOG_OK;
        if (k) return put_synapses(core, t, h, row, quad, 0, word, LABEL | AMP_CALIB);
        return put_synapses(core, t, h, row, quad, word, 0, WEIGHT | TIME_CALIB);
    }
    if ((i = within(address, weight, 2, HX_OMNIBUS_SYNAPSE_WEIGHT_COUNT, &h)) >= 0) {
        if (i >= CELLS_) return put_correlation(core, t, h, (unsigned)i % 64, 2, word);
        return put_synapses(core, t, h, (unsigned)i / 64, (unsigned)i % 64, word, 0, WEIGHT);
    }
    if ((i = within(address, label, 2, HX_OMNIBUS_SYNAPSE_LABEL_COUNT, &h)) >= 0) {
        if (i >= CELLS_) return put_correlation(core, t, h, (unsigned)i % 64, 3, word);
        return put_synapses(core, t, h, (unsigned)i / 64, (unsigned)i % 64, 0, word, LABEL);
    }
    // In these views the calibration lies in the two lower bits of each byte.
    uint32_t up = word << 6 & 0xc0c0c0c0u;
    if ((i = within(address, even, 2, HX_OMNIBUS_SYNAPSE_EVEN2MSB_COUNT, &h)) >= 0) {
        if (i >= CELLS_) return put_current(core, t, h, (unsigned)i % 64, 0, word);
        return put_synapses(core, t, h, (unsigned)i / 64, (unsigned)i % 64, up, 0, TIME_CALIB);
    }
    if ((i = within(address, odd, 2, HX_OMNIBUS_SYNAPSE_ODD2MSB_COUNT, &h)) >= 0) {
        if (i >= CELLS_) return put_current(core, t, h, (unsigned)i % 64, 1, word);
        return put_synapses(core, t, h, (unsigned)i / 64, (unsigned)i % 64, 0, up, AMP_CALIB);
    }
    if ((i = within(address, reset, 2, HX_OMNIBUS_CORRELATION_RESET_COUNT, &h)) >= 0)
        return hx_analog_correlation_reset(core, t, h, (unsigned)i / 64, (unsigned)i % 64);
    if ((i = within(address, quad_reset, 2, HX_OMNIBUS_NEURON_RESET_QUAD_COUNT, &h)) >= 0) {
        for (unsigned k = 0; k < 4; k++) {
            int status = hx_analog_reset(core, t, 256 * h + hx_quad_column((unsigned)i, k));
            if (status) return status;
        }
        return hx_analog_correlation_reset(core, t, h, 0, (unsigned)i);
    }
    *found = 0;
    return HX_ANALOG_OK;
}

int hx_analog_write(hx_analog *core, int64_t time, uint32_t address, uint32_t word) {
    if (!core) return HX_ANALOG_NULL;
    static const uint32_t capmem[] = {HX_OMNIBUS_CAPMEM_NW_BASE, HX_OMNIBUS_CAPMEM_NE_BASE,
                                      HX_OMNIBUS_CAPMEM_SW_BASE, HX_OMNIBUS_CAPMEM_SE_BASE},
                          neuron[] = {
                              HX_OMNIBUS_NEURON_CONFIG_NW_BASE, HX_OMNIBUS_NEURON_CONFIG_NE_BASE,
                              HX_OMNIBUS_NEURON_CONFIG_SW_BASE, HX_OMNIBUS_NEURON_CONFIG_SE_BASE},
                          backend[] = {HX_OMNIBUS_NEURON_BACKEND_WEST_BASE,
                                       HX_OMNIBUS_NEURON_BACKEND_EAST_BASE},
                          common[] = {HX_OMNIBUS_COMMON_NEURON_BACKEND_CONFIG_WEST_BASE,
                                      HX_OMNIBUS_COMMON_NEURON_BACKEND_CONFIG_EAST_BASE},
                          reset[] = {HX_OMNIBUS_NEURON_RESET_LEFT_BASE,
                                     HX_OMNIBUS_NEURON_RESET_RIGHT_BASE},
                          post[] = {HX_OMNIBUS_NEURON_POST_PULSE_LEFT_BASE,
                                    HX_OMNIBUS_NEURON_POST_PULSE_RIGHT_BASE},
                          driver[] = PAIR(SYNAPSE_DRIVER), stp[] = PAIR(COMMON_STP_CONFIG),
                          padi[] = PAIR(COMMON_PADI_BUS_CONFIG), event[] = PAIR(PADI_EVENT),
                          cadc[] = PAIR(CADC_CONFIG), sensors[] = PAIR(COMMON_CORRELATION_CONFIG),
                          offset[] = {HX_OMNIBUS_CADC_OFFSET_WEST_TOP_BASE,
                                      HX_OMNIBUS_CADC_OFFSET_EAST_TOP_BASE,
                                      HX_OMNIBUS_CADC_OFFSET_WEST_BOTTOM_BASE,
                                      HX_OMNIBUS_CADC_OFFSET_EAST_BOTTOM_BASE},
                          readout[] = {HX_OMNIBUS_READOUT_SOURCE_SELECTION_BASE};
    unsigned b;
    int64_t i;
    int found, status = put_array(core, time, address, word, &found);
    if (found) return status;
    hx_registers *r = &core->s->registers;
    const uint32_t w[1] = {word};
    if ((i = within(address, capmem, 4, HX_OMNIBUS_CAPMEM_COUNT * HX_OMNIBUS_CAPMEM_STRIDE, &b)) >= 0) {
        if (i % HX_OMNIBUS_CAPMEM_STRIDE >= HX_OMNIBUS_CAPMEM_WORDS) return HX_ANALOG_OK;
        return hx_analog_capmem(core, time, b, (unsigned)i / HX_OMNIBUS_CAPMEM_STRIDE,
                                (unsigned)i % HX_OMNIBUS_CAPMEM_STRIDE, HXR_CAP_MEM_CELL_VALUE(w));
    }
    if ((i = within(address, neuron, 4, 128 * HX_OMNIBUS_NEURON_CONFIG_STRIDE, &b)) >= 0) {
        unsigned k = (unsigned)i % HX_OMNIBUS_NEURON_CONFIG_STRIDE;
        if (k >= 6) return HX_ANALOG_OK;
        return put_neuron(core, time, 128 * b + (unsigned)i / HX_OMNIBUS_NEURON_CONFIG_STRIDE, k,
                          word);
    }
    if ((i = within(address, backend, 2, 256 * 4, &b)) >= 0)
        return put_backend(core, time, backend_neuron(b, (unsigned)i / 4), (unsigned)i % 4, word);
    if ((i = within(address, common, 2, 2, &b)) >= 0) {
        uint32_t trial[2] = {r->common[b][0], r->common[b][1]};
        trial[i] = word;
#define F(name) (uint8_t) HXR_COMMON_NEURON_BACKEND_CONFIG_CLOCK_SCALE_##name(trial)
        hx_clock_config c = {F(SLOW), F(FAST), F(ADAPTATION_PULSE), F(POST_PULSE)};
#undef F
        status = hx_analog_clocks(core, time, b, &c);
        if (!status)
            status = hx_analog_force_reset(core, time, b,
                                           HXR_COMMON_NEURON_BACKEND_CONFIG_FORCE_RESET(trial));
        if (!status) r->common[b][i] = word;
        return status;
    }
    if ((i = within(address, reset, 2, 4 * 256, &b)) >= 0)
        return i % 4 ? HX_ANALOG_OK
                     : hx_analog_reset(core, time, backend_neuron(b, (unsigned)i / 4));
    if (within(address, post, 2, 1, &b) >= 0) {
        for (unsigned n = 0; n < HX_ANALOG_COLUMNS; n++) {
            unsigned k = backend_neuron(b, n);
            status = hx_analog_post_pulse(core, time, k / 256, k % 256);
            if (status) return status;
        }
        return HX_ANALOG_OK;
    }
    if ((i = within(address, driver, 2, 4 * HX_ANALOG_DRIVERS, &b)) >= 0)
        return i % 4 == 3 ? HX_ANALOG_OK
                          : put_driver(core, time, b, (unsigned)i / 4, (unsigned)i % 4, word);
    if (within(address, stp, 2, 1, &b) >= 0)
        return hx_analog_stp(core, time, b, HXR_COMMON_STP_CONFIG_ENABLE_RECOVERY_CLOCK(w),
                             HXR_COMMON_STP_CONFIG_RECOVERY_CLOCK_SPEED(w));
    if (within(address, padi, 2, 1, &b) >= 0) {
        const uint32_t extension[4] = {HXR_COMMON_PADI_BUS_CONFIG_DACEN_PULSE_EXTENSION_0(w),
                                       HXR_COMMON_PADI_BUS_CONFIG_DACEN_PULSE_EXTENSION_1(w),
                                       HXR_COMMON_PADI_BUS_CONFIG_DACEN_PULSE_EXTENSION_2(w),
                                       HXR_COMMON_PADI_BUS_CONFIG_DACEN_PULSE_EXTENSION_3(w)};
        for (unsigned bus = 0; bus < 4; bus++) {
            status = hx_analog_padi(core, time, b, bus, extension[bus]);
            if (status) return status;
        }
        return HX_ANALOG_OK;
    }
    if (within(address, event, 2, 1, &b) >= 0) return put_padi_event(core, time, b, word);
    if (within(address, cadc, 2, 1, &b) >= 0)
        return hx_analog_cadc(core, time, b, HXR_CADC_CONFIG_RESET_WAIT(w),
                              core->s->cadc[b].assignment);
    if ((i = within(address, sensors, 2, 4, &b)) >= 0) {
        uint32_t trial[4];
        memcpy(trial, r->correlation_config[b], sizeof trial);
        trial[i] = word;
        unsigned first = HXR_COMMON_CORRELATION_CONFIG_CADC_V_OFFSET_ASSIGNMENT_0(trial);
        unsigned second = HXR_COMMON_CORRELATION_CONFIG_CADC_V_OFFSET_ASSIGNMENT_1(trial);
        status = hx_analog_cadc(core, time, b, core->s->cadc[b].reset_wait, first | second << 1);
        if (!status) r->correlation_config[b][i] = word;
        return status;
    }
    if ((i = within(address, offset, 4, 256, &b)) >= 0)
        return hx_analog_cadc_channel(core, time, b / 2,
                                      256 * (unsigned)(i % 2) + 128 * (b % 2) + (unsigned)i / 2,
                                      (int)HXR_CADC_CHANNEL_CONFIG_OFFSET(w) - 128);
    if ((i = within(address, readout, 1, 2, &b)) >= 0) {
        uint32_t trial[2] = {r->readout[0], r->readout[1]};
        trial[i] = word;
#define LINES(k)                                                        \
    (HXR_READOUT_SOURCE_SELECTION_BUFFER_##k##_NEURON_EVEN_0(trial) |      \
     HXR_READOUT_SOURCE_SELECTION_BUFFER_##k##_NEURON_ODD_0(trial) << 1 |  \
     HXR_READOUT_SOURCE_SELECTION_BUFFER_##k##_NEURON_EVEN_1(trial) << 2 | \
     HXR_READOUT_SOURCE_SELECTION_BUFFER_##k##_NEURON_ODD_1(trial) << 3)
        status = hx_analog_madc_mux(core, time, (unsigned)i, i ? LINES(1) : LINES(0));
#undef LINES
        if (!status) r->readout[i] = word;
        return status;
    }
    // Not for the core: only the time counts.
    return hx_analog_run(core, time);
}
