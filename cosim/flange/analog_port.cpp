// SPDX-License-Identifier: Apache-2.0
// The DPI imports of analog_port.sv. The port comes to be when something reaches it, so that the host
// can choose the chip before.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "link.hpp"
#include "port.h"

namespace {

struct Context {
  hx_port* port = nullptr;

  hx_port* get() {
    if (port) return port;
    flange::Link& link = flange::link();
    link.fix_chip();
    port = hx_port_create(link.setting(flange::Config::Seed),
                          static_cast<int>(link.setting(flange::Config::Analog)));
    if (!port) {
      std::fprintf(stderr, "flange: no memory for the analog core\n");
      std::exit(2);
    }
    return port;
  }
};

hx_port* port_of(void* context) { return static_cast<Context*>(context)->get(); }

}  // namespace

extern "C" {

void* analog_open() { return new Context; }

void analog_reset(void* context, unsigned long long now) {
  if (hx_port* port = static_cast<Context*>(context)->port) hx_port_reset(port, now);
}

int analog_write(void* context, unsigned long long now, unsigned address, unsigned word) {
  return hx_port_write(port_of(context), now, address, word);
}

void analog_event(void* context, unsigned long long now, int bus, int event) {
  hx_port_event(port_of(context), now, static_cast<unsigned>(bus), static_cast<unsigned>(event));
}

int analog_madc(void* context, unsigned long long now, int channel) {
  return hx_port_madc(port_of(context), now, static_cast<unsigned>(channel));
}

void analog_cadc_trigger(void* context, unsigned long long now, int hemisphere, int row) {
  hx_port_cadc_trigger(port_of(context), now, static_cast<unsigned>(hemisphere),
                       static_cast<unsigned>(row));
}

unsigned analog_cadc_fetch(void* context, unsigned long long now, int hemisphere, int acausal,
                           int quad) {
  return hx_port_cadc_fetch(port_of(context), now, static_cast<unsigned>(hemisphere),
                            static_cast<unsigned>(acausal), static_cast<unsigned>(quad));
}

void analog_look_ahead(void* context, unsigned long long now, unsigned long long until) {
  hx_port_look_ahead(port_of(context), now, until);
}

int analog_spikes(void* context, unsigned long long now, uint32_t* spikes) {
  uint64_t neurons[8];
  const int any = hx_port_spikes(port_of(context), now, neurons);
  if (any) std::memcpy(spikes, neurons, sizeof neurons);
  return any;
}

unsigned long long analog_next(void* context) {
  hx_port* port = static_cast<Context*>(context)->port;
  return port ? hx_port_next(port) : HX_PORT_NEVER;
}
}
