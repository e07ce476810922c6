// SPDX-License-Identifier: Apache-2.0
// The analog core of one chip: plain C interface (docs/analog-interface.md).
//
// Times are chip clocks (4 ns) since chip time 0 and never decrease from call to call.
// A call that returns a negative code has changed nothing; hx_analog_error() tells why.
#ifndef HX_ANALOG_CORE_H
#define HX_ANALOG_CORE_H

#include <stddef.h>
#include <stdint.h>

#define HX_ANALOG_API __attribute__((visibility("default")))

#define HX_ANALOG_NEURONS 512
#define HX_ANALOG_COLUMNS 256
#define HX_ANALOG_ROWS 256
#define HX_ANALOG_DRIVERS 128

enum hx_analog_status {
    HX_ANALOG_OK = 0,
    HX_ANALOG_NULL = -1,      // a pointer is null
    HX_ANALOG_RANGE = -2,     // a number is out of range
    HX_ANALOG_PAST = -3,      // the time lies before an earlier call's
    HX_ANALOG_FUTURE = -4,    // a read beyond the time that was run to
    HX_ANALOG_FULL = -5,      // spikes wait to be taken; take them and repeat the call
    HX_ANALOG_NOT_FINITE = -6,
    HX_ANALOG_LOOP = -7,      // a compartment resistor would close a loop
    HX_ANALOG_SNAPSHOT = -8,  // not a snapshot of this version, or damaged
    HX_ANALOG_ISA = -9,       // this processor or build cannot run that kernel
};

enum hx_analog_isa { HX_ISA_SCALAR = 0, HX_ISA_AVX2 = 1, HX_ISA_AVX512 = 2 };

enum hx_analog_option {
    HX_OPTION_NOISE = 0,       // 0 or 1: temporal noise (default: 1, with seed 0: 0)
    HX_OPTION_CAPMEM_TAU = 1,  // s, settling of the parameter cells; 0: at once (default 3e-3)
    HX_OPTION_PAD_EXC = 2,     // V, pad of the excitatory debug line (default 1.2)
    HX_OPTION_PAD_INH = 3,     // V, pad of the inhibitory debug line (default 1.2)
    HX_OPTION_RES_MEAS = 4,    // V, v_res_meas of the correlation sensors (default 0.9)
    HX_OPTION_V_RESET = 5,     // V, v_reset of the correlation sensors (default 1.85)
    HX_OPTION_COUNT
};

enum hx_analog_readout { HX_READ_MEMBRANE = 0, HX_READ_EXC = 1, HX_READ_INH = 2, HX_READ_ADAPT = 3 };

// Switches and settings of one neuron circuit (NeuronConfig), one byte each, booleans 0 or 1.
typedef struct {
    uint8_t reset_degeneration, reset_division, reset_multiplication;
    uint8_t leak_degeneration, leak_division, leak_multiplication;
    uint8_t inh_coba, exc_coba, readout_amplifier, readout_source, readout;
    uint8_t invert_b, invert_a, adaptation, exponential;
    uint8_t inh_small_capacitance, exc_small_capacitance;
    uint8_t inh_high_resistance, exc_high_resistance;
    uint8_t offset, invert_offset, capacitor;  // capacitor: 0..63
    uint8_t fire, comparator, inh, exc, bypass_inh, bypass_exc;
    uint8_t soma_right, bottom, conductance, membrane_right, soma;
    uint8_t multiply_conductance, divide_conductance, pause;
} hx_neuron_config;

// Digital back end of one neuron (NeuronBackendConfig), as far as it times the analog circuit.
typedef struct {
    uint8_t refractory_time, reset_holdoff, fast_clock, adaptation_pulse, post_overwrite;
    uint8_t spike_out;
    uint8_t slave, master, fire_bottom, fire_from_right, fire_to_right;
} hx_backend_config;

// Clocks of one back end block (CommonNeuronBackendConfig): exponents 0..15.
typedef struct {
    uint8_t slow, fast, adaptation_pulse, post_pulse;
} hx_clock_config;

// One synapse driver (SynapseDriverConfig).
typedef struct {
    uint8_t receiver, compare_mask, address_out, utilization, offset, hagen_dac, recovery;
    uint8_t mode_bottom, mode_top;  // 0 off, 1 excitatory, 2 inhibitory, 3 both
    uint8_t hagen_dac_offset, target, hagen_modulation, stp, enable_recovery;
} hx_driver_config;

typedef struct hx_analog hx_analog;

// Life. `step` is the grid of the integration in chip clocks, 1..25 (10 recommended; more than 24
// leaves no room for feedback within the neuron-to-synapse latency). NULL if out of memory or range.
HX_ANALOG_API hx_analog *hx_analog_create(uint64_t seed, uint32_t step);
HX_ANALOG_API void hx_analog_destroy(hx_analog *core);
HX_ANALOG_API const char *hx_analog_error(const hx_analog *core);
HX_ANALOG_API int hx_analog_set_isa(hx_analog *core, int isa);
HX_ANALOG_API int hx_analog_get_isa(const hx_analog *core);
HX_ANALOG_API int hx_analog_set_option(hx_analog *core, int64_t time, int option, double value);

// Snapshots: a copy of the whole state. The hash covers the whole state, too.
HX_ANALOG_API size_t hx_analog_snapshot_size(void);
HX_ANALOG_API int hx_analog_save(const hx_analog *core, void *buffer, size_t size);
HX_ANALOG_API int hx_analog_restore(hx_analog *core, const void *buffer, size_t size);
HX_ANALOG_API uint64_t hx_analog_hash(const hx_analog *core);

// Parameters. They act from the next point of the integration grid on.
HX_ANALOG_API int hx_analog_capmem(hx_analog *core, int64_t time, unsigned block, unsigned column,
                                   unsigned row, unsigned code);
HX_ANALOG_API int hx_analog_neuron(hx_analog *core, int64_t time, unsigned neuron,
                                   const hx_neuron_config *config);
HX_ANALOG_API int hx_analog_backend(hx_analog *core, int64_t time, unsigned neuron,
                                    const hx_backend_config *config);
HX_ANALOG_API int hx_analog_clocks(hx_analog *core, int64_t time, unsigned block,
                                   const hx_clock_config *config);
HX_ANALOG_API int hx_analog_driver(hx_analog *core, int64_t time, unsigned hemisphere,
                                   unsigned driver, const hx_driver_config *config);
HX_ANALOG_API int hx_analog_stp(hx_analog *core, int64_t time, unsigned hemisphere,
                                unsigned enable_clock, unsigned speed);
HX_ANALOG_API int hx_analog_padi(hx_analog *core, int64_t time, unsigned hemisphere, unsigned bus,
                                 unsigned extension);
HX_ANALOG_API int hx_analog_synapse(hx_analog *core, int64_t time, unsigned hemisphere,
                                    unsigned row, unsigned column, unsigned weight, unsigned label,
                                    unsigned time_calib, unsigned amp_calib);
HX_ANALOG_API int hx_analog_column(hx_analog *core, int64_t time, unsigned hemisphere,
                                   unsigned column, unsigned exc, unsigned inh, unsigned debug_exc,
                                   unsigned debug_inh);

// What the CADC channels of a column see: internal line, and there the neuron instead of the sensor.
HX_ANALOG_API int hx_analog_correlation(hx_analog *core, int64_t time, unsigned hemisphere,
                                        unsigned column, unsigned causal, unsigned acausal,
                                        unsigned neuron_causal, unsigned neuron_acausal);
HX_ANALOG_API int hx_analog_cadc(hx_analog *core, int64_t time, unsigned hemisphere,
                                 unsigned reset_wait, unsigned assignment);
// Channels 0..255 causal, 256..511 acausal.
HX_ANALOG_API int hx_analog_cadc_channel(hx_analog *core, int64_t time, unsigned hemisphere,
                                         unsigned channel, int offset);
// Lines of an input: bit 0 even top, 1 odd top, 2 even bottom, 3 odd bottom.
HX_ANALOG_API int hx_analog_madc_mux(hx_analog *core, int64_t time, unsigned input, unsigned lines);

// A chip Omnibus word as the host wrote it. Addresses that do not reach the core are accepted.
HX_ANALOG_API int hx_analog_write(hx_analog *core, int64_t time, uint32_t address, uint32_t word);

// Happenings. An event drives every driver of its PADI bus whose row select matches.
HX_ANALOG_API int hx_analog_event(hx_analog *core, int64_t time, unsigned hemisphere, unsigned bus,
                                  unsigned row_select, unsigned address);
// Many events: key = hemisphere << 13 | bus << 11 | row_select << 6 | address. Returns how many were
// taken (fewer than `count` when the spike buffer is full), or a negative code for the first one.
HX_ANALOG_API int64_t hx_analog_events(hx_analog *core, int64_t count, const int64_t *times,
                                       const uint16_t *keys);
HX_ANALOG_API int hx_analog_reset(hx_analog *core, int64_t time, unsigned neuron);
// Holds the neurons of a back end block, 0 west or 1 east, in their reset [M151].
HX_ANALOG_API int hx_analog_force_reset(hx_analog *core, int64_t time, unsigned block, unsigned on);

HX_ANALOG_API int hx_analog_post_pulse(hx_analog *core, int64_t time, unsigned hemisphere,
                                       unsigned column);
HX_ANALOG_API int hx_analog_correlation_reset(hx_analog *core, int64_t time, unsigned hemisphere,
                                              unsigned row, unsigned quad);
HX_ANALOG_API int hx_analog_cadc_trigger(hx_analog *core, int64_t time, unsigned hemisphere,
                                         unsigned row);

// Time. Afterwards every spike before the last grid point <= time is known.
HX_ANALOG_API int hx_analog_run(hx_analog *core, int64_t time);
// The same, but only to the end of the grid step that holds the next spike; returns the time reached.
HX_ANALOG_API int64_t hx_analog_run_until_spike(hx_analog *core, int64_t time);
// First time at which anything moves, if nothing reaches the core: now, a later one, or INT64_MAX.
HX_ANALOG_API int64_t hx_analog_next(const hx_analog *core);
HX_ANALOG_API int64_t hx_analog_now(const hx_analog *core);
// Take up to `capacity` spikes, ordered by (time, neuron); returns their number.
HX_ANALOG_API int64_t hx_analog_spikes(hx_analog *core, int64_t *times, uint16_t *neurons,
                                       int64_t capacity);

// Reads at a time of the open grid step; they never change the state.
HX_ANALOG_API int hx_analog_voltage(const hx_analog *core, int64_t time, unsigned neuron,
                                    int readout, float *volts);
// Code of the MADC at one of its two inputs.
HX_ANALOG_API int hx_analog_madc(const hx_analog *core, int64_t time, unsigned input,
                                 uint16_t *code);
// Results of the last conversion, 256 codes each; HX_ANALOG_FUTURE until it is over.
HX_ANALOG_API int hx_analog_cadc_result(const hx_analog *core, unsigned hemisphere, uint8_t *causal,
                                        uint8_t *acausal);

#endif
