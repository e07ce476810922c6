// SPDX-License-Identifier: Apache-2.0
// What lies behind the chip's analog ports: the port of the analog core, as the RTL has it, too.
#ifndef HXCOSIM_EMULATOR_ANALOG_H
#define HXCOSIM_EMULATOR_ANALOG_H

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include "../analog/port.h"

class Analog {
 public:
  // Nothing has reached the core yet. Throws std::bad_alloc.
  void power_on(uint64_t seed, int kind) {
    port_.reset(hx_port_create(seed, kind));
    if (!port_) throw std::bad_alloc();
    look();
  }

  // Another chip; false if something has reached this one, or for an unknown kind.
  bool choose(uint64_t seed, int kind) {
    if (hx_port_touched(port_.get()) || kind < 0 || kind >= HX_PORT_KINDS) return false;
    power_on(seed, kind);
    return true;
  }

  // False: refused for now.
  bool write(uint64_t now, uint32_t address, uint32_t word) {
    const Watch watch(*this);
    const bool done = hx_port_write(port_.get(), now, address, word) == 0;
    look();
    return done;
  }
  void event(uint64_t now, unsigned bus, unsigned event) {
    const Watch watch(*this);
    hx_port_event(port_.get(), now, bus, event);
    look();
  }
  void reset(uint64_t now) {
    const Watch watch(*this);
    hx_port_reset(port_.get(), now);
    look();
  }
  uint16_t madc(uint64_t now, unsigned input) {
    const Watch watch(*this);
    const uint16_t code = hx_port_madc(port_.get(), now, input);
    look();
    return code;
  }
  void cadc_trigger(uint64_t now, unsigned hemisphere, unsigned row) {
    const Watch watch(*this);
    hx_port_cadc_trigger(port_.get(), now, hemisphere, row);
    look();
  }
  uint32_t cadc_fetch(uint64_t now, unsigned hemisphere, bool acausal, unsigned quad) {
    const Watch watch(*this);
    const uint32_t codes = hx_port_cadc_fetch(port_.get(), now, hemisphere, acausal, quad);
    look();
    return codes;
  }
  // Cycle in which `spikes` has to be called next.
  uint64_t next() const { return next_; }
  bool spikes(uint64_t now, uint64_t neurons[8]) {
    const Watch watch(*this);
    const bool any = hx_port_spikes(port_.get(), now, neurons) != 0;
    look();
    return any;
  }
  // Nothing reaches the core before cycle `until`: up to where time may go.
  uint64_t look_ahead(uint64_t now, uint64_t until) {
    const Watch watch(*this);
    const uint64_t reached = hx_port_look_ahead(port_.get(), now, until);
    look();
    return reached;
  }

  // Wall time within the core, measured from now on if `on`: reading the clock costs more than a call.
  void measure(bool on) { measures_ = on; }
  uint64_t spent_ns() const { return uint64_t(spent_.count()); }

  size_t state_size() const { return hx_port_state_size(port_.get()); }
  void save(uint8_t *to) const { hx_port_save(port_.get(), to); }
  bool restore(const uint8_t *from, size_t size) {
    const bool done = hx_port_restore(port_.get(), from, size) == 0;
    look();
    return done;
  }

 private:
  using Clock = std::chrono::steady_clock;
  class Watch {
   public:
    explicit Watch(Analog &of) : of_(of) {
      if (of_.measures_) began_ = Clock::now();
    }
    ~Watch() {
      if (of_.measures_) of_.spent_ += Clock::now() - began_;
    }

   private:
    Analog &of_;
    Clock::time_point began_;
  };
  void look() { next_ = hx_port_next(port_.get()); }
  struct Destroy {
    void operator()(hx_port *port) const { hx_port_destroy(port); }
  };
  std::unique_ptr<hx_port, Destroy> port_;
  uint64_t next_ = HX_PORT_NEVER;
  bool measures_ = false;
  std::chrono::nanoseconds spent_{0};
};

#endif
