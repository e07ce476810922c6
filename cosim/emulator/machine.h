// SPDX-License-Identifier: Apache-2.0
// The whole digital machine, tick by tick: FPGA half, link and chip half in their order.
#ifndef HXCOSIM_EMULATOR_MACHINE_H
#define HXCOSIM_EMULATOR_MACHINE_H

#include <cstdint>

#include "chip.h"
#include "fpga.h"
#include "link.h"

class Machine {
 public:
  void power_on(uint64_t seed, int analog);
  // Another chip, or a stand-in for its core, before anything has reached it.
  bool choose_chip(uint64_t seed, int analog) { return analog_.choose(seed, analog); }
  // Stand-ins for the processors, from the next end of their reset on; 0: none.
  void choose_processors(uint32_t seed) { ppu_seed_ = seed; }
  // `clock_all`: units without work act, too; no answer depends on it.
  const HostOut &tick(uint64_t tick, const HostIn &host, bool clock_all);
  // Whether both halves rest behind the last tick, and whether it has diagnostics: of its first cycle
  // (chip, analog core) and of the second (FPGA, analog core).
  bool rests() const { return rests_; }
  bool remarks() const { return remarks_; }
  const Diagnostic *diagnostics() const { return diagnostics_; }
  // First tick, from `tick` on, in which it acts without a word from the host; but the analog core,
  // see `look_ahead`.
  uint64_t next(uint64_t tick);

  // While the machine is idle: how many words only wait for their halt, and one of them.
  size_t room_behind_gate() const { return fpga_.room_behind_gate(); }
  void enter_behind_gate(const uint64_t *words, size_t n) { fpga_.enter_behind_gate(words, n); }
  // Nothing of the machine acts before cycle `until`; the cycle up to which that holds for the analog
  // core, too.
  uint64_t look_ahead(uint64_t now, uint64_t until) { return analog_.look_ahead(now, until); }

  Analog &analog() { return analog_; }
  const Board &board() const { return fpga_.board(); }
  size_t state_size() const;
  void save(uint8_t *to) const;
  bool restore(const uint8_t *from, size_t size);

 private:
  // The half of the FPGA with its end of the link, and that of the chip.
  [[gnu::always_inline]] void tick_fpga(uint64_t tick, const HostIn &host, uint8_t up, bool clock_all);
  [[gnu::always_inline]] void tick_chip(uint64_t tick, const HostIn &host, uint8_t up, bool reset, bool clock_all);
  void tell(bool of_chip);
  uint8_t usable() const;
  uint64_t chip_next(uint64_t tick);

  Fpga fpga_;
  Link link_;
  Chip chip_;
  Analog analog_;
  // No part of the state: the chip does nothing before this tick without input; only its bus acts before this
  // cycle; a setting.
  uint64_t chip_quiet_until_, chip_silent_until_;
  uint32_t ppu_seed_ = 0;
  FpgaOut out_;
  bool rests_, remarks_;
  ChipReports reports_;
  Diagnostic diagnostics_[4];
};

#endif
