/* SPDX-License-Identifier: Apache-2.0 */
/* The analog core as the ports of the chip see it, cycle by cycle: what crosses, when the core is run,
 * when its spikes are presented (docs/analog-interface.md). One for RTL (DPI) and emulator.
 *
 * Cycles are global time. Calls come in the order of time; of one cycle: writes, events, converters,
 * spikes. The core is created when something first reaches it. */
#ifndef HX_ANALOG_PORT_H
#define HX_ANALOG_PORT_H

#include <stddef.h>
#include <stdint.h>

#include "core.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HX_PORT_NEVER UINT64_MAX

enum hx_port_kind {
    HX_PORT_CORE = 0,     /* the analog core */
    HX_PORT_STAND_IN = 1, /* a digital stand-in: see hx_port_event */
    HX_PORT_KINDS
};

typedef struct hx_port hx_port;

HX_ANALOG_API hx_port *hx_port_create(uint64_t seed, int kind);
HX_ANALOG_API void hx_port_destroy(hx_port *port);
/* Something has reached the core or its stand-in. */
HX_ANALOG_API int hx_port_touched(const hx_port *port);

/* The address holds this word now. 1: the core refuses it, as its resistor would close a loop of
 * compartments; it acts as soon as a later write has opened the loop. No other call is refused. */
HX_ANALOG_API int hx_port_write(hx_port *port, uint64_t now, uint32_t address, uint32_t word);
/* An event on bus 4 * hemisphere + b: {row select, address}. In the stand-in, neuron
 * {hemisphere, low eight bits of the event} fires in the same cycle. */
HX_ANALOG_API void hx_port_event(hx_port *port, uint64_t now, unsigned bus, unsigned event);
/* The chip is in reset: its registers have their reset values, memories keep what they hold. */
HX_ANALOG_API void hx_port_reset(hx_port *port, uint64_t now);
/* Codes of the converters; those of the stand-in tell the cycle and what was asked for. */
HX_ANALOG_API uint16_t hx_port_madc(hx_port *port, uint64_t now, unsigned input);
HX_ANALOG_API void hx_port_cadc_trigger(hx_port *port, uint64_t now, unsigned hemisphere,
                                        unsigned row);
/* Results of four columns of the last conversion, that of the first one in bits 31:24; 0 before. */
HX_ANALOG_API uint32_t hx_port_cadc_fetch(hx_port *port, uint64_t now, unsigned hemisphere,
                                          unsigned acausal, unsigned quad);

/* Cycle in which hx_port_spikes has to be called next; HX_PORT_NEVER: not before something comes. */
HX_ANALOG_API uint64_t hx_port_next(const hx_port *port);
/* Neurons whose spikes are presented in this cycle, one bit each; whether there are any. */
HX_ANALOG_API int hx_port_spikes(hx_port *port, uint64_t now, uint64_t spikes[8]);
/* Nothing will reach the core from cycle `now` up to cycle `until`, excluded: how far time may go. */
HX_ANALOG_API uint64_t hx_port_look_ahead(hx_port *port, uint64_t now, uint64_t until);

/* State with that of the core; the size changes when the core comes to be. 0, or -1: no such state. */
HX_ANALOG_API size_t hx_port_state_size(const hx_port *port);
HX_ANALOG_API void hx_port_save(const hx_port *port, void *state);
HX_ANALOG_API int hx_port_restore(hx_port *port, const void *state, size_t size);

#ifdef __cplusplus
}
#endif
#endif
