// SPDX-License-Identifier: Apache-2.0
#include "link.h"

#include <algorithm>

uint8_t Link::phy_up(uint8_t usable, uint64_t tick) const {
  if (tick >= last_due) return usable & was_usable;
  uint8_t up = 0;
  for (unsigned i = 0; i < 8; ++i) {
    if ((usable & was_usable) >> i & 1 && tick >= due[i]) up |= uint8_t(1u << i);
  }
  return up;
}

void Link::end_tick(uint8_t usable, bool up, uint64_t tick) {
  for (unsigned i = 0; usable != was_usable && i < 8; ++i) {
    if ((usable & ~was_usable) >> i & 1) last_due = due[i] = tick + HX_MACHINE_LINK_UP_DELAY;
  }
  was_usable = usable;
  if (!up) {
    down_bus.entries.clear();
    down_events.entries.clear();
    down_sync.entries.clear();
    up_bus.entries.clear();
    up_events.entries.clear();
    up_sync.entries.clear();
  }
}

uint64_t Link::next(uint8_t usable, uint64_t tick) const {
  if (usable != was_usable) return tick;
  uint64_t next = std::min({down_bus.next(), down_events.next(), down_sync.next(), up_bus.next(),
                            up_events.next(), up_sync.next()});
  for (unsigned i = 0; tick < last_due && i < 8; ++i) {
    if (usable >> i & 1 && tick < due[i]) next = std::min(next, due[i]);
  }
  return next;
}
