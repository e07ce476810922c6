// SPDX-License-Identifier: Apache-2.0
#include "link.h"

#include <algorithm>
#include <cstring>

void Link::power_on() {
  std::memset(static_cast<void *>(this), 0, sizeof *this);
  lose();
}

void Link::lose() {
  to_chip.clear();
  to_fpga.clear();
  down_sync.clear();
  up_sync.clear();
  fpga.clear();
  chip.clear();
}

uint8_t Link::phy_up(uint8_t usable, uint64_t tick) const {
  if (tick >= last_due) return usable & was_usable;
  uint8_t up = 0;
  for (unsigned i = 0; i < 8; ++i) {
    if ((usable & was_usable) >> i & 1 && tick >= due[i]) up |= uint8_t(1u << i);
  }
  return up;
}

void Link::change(uint8_t usable, bool up, uint64_t tick) {
  for (unsigned i = 0; usable != was_usable && i < 8; ++i) {
    if ((usable & ~was_usable) >> i & 1) last_due = due[i] = tick + HX_MACHINE_LINK_UP_DELAY;
  }
  was_usable = usable;
  if (!up) lose();
}

uint64_t Link::next(uint8_t usable, uint64_t tick) const {
  if (usable != was_usable || fpga.sends() || chip.sends() || to_chip.repeats || to_fpga.repeats) return tick;
  uint64_t next = std::min({fpga.next_action(), chip.next_action(), to_chip.line.next(tick),
                            to_fpga.line.next(tick), down_sync.next(tick), up_sync.next(tick)});
  for (unsigned i = 0; tick < last_due && i < 8; ++i) {
    if (usable >> i & 1 && tick < due[i]) next = std::min(next, due[i]);
  }
  return next;
}
