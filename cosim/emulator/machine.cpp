// SPDX-License-Identifier: Apache-2.0
#include "machine.h"

#include <algorithm>
#include <cstring>

namespace {

constexpr EventsUp kNoEventsUp{};
constexpr EventsDown kNoEventsDown{};

}  // namespace

void Machine::power_on(uint64_t seed, int analog) {
  fpga_.power_on();
  link_.power_on();
  chip_.power_on();
  analog_.power_on(seed, analog);
  chip_quiet_until_ = 0;
  rests_ = remarks_ = false;
  out_.clear();
}

uint8_t Machine::usable() const {
  if (fpga_.chip_reset()) return 0;
  return fpga_.phy_enable() & fpga_.phy_auto() & chip_.usable_phys();
}

const HostOut &Machine::tick(uint64_t tick, const HostIn &host, bool clock_all) {
  const bool reset = fpga_.chip_reset();
  if (reset) {
    chip_.reset();
    chip_quiet_until_ = 0;
    analog_.reset(2 * tick);
    uint64_t unseen[8];
    if (analog_.next() <= 2 * tick + 1) analog_.spikes(2 * tick + 1, unseen);
  }
  const uint8_t usable_now = usable();
  const uint8_t up = link_.phy_up(usable_now, tick);

  // What leaves the link in this tick; nothing leaves a link that is down.
  const FrameUp *at_fpga = up ? link_.to_fpga.line.leave(tick) : nullptr;
  const FrameDown *at_chip = up ? link_.to_chip.line.leave(tick) : nullptr;
  const SyncReply *reply = up ? link_.up_sync.leave(tick) : nullptr;
  const SyncDown *sync = up ? link_.down_sync.leave(tick) : nullptr;
  const bool fpga_acts = clock_all || host.clear || host.valid || at_fpga || reply || link_.fpga.again() ||
                         !fpga_.rests(tick, up);
  const bool damaged = at_fpga && at_fpga->damaged;
  if (damaged) at_fpga = nullptr;
  if (at_chip && at_chip->damaged) at_chip = nullptr;
  const bool arrived = at_fpga && at_fpga->item.valid;
  const bool answered = arrived && at_fpga->number == link_.fpga.expected;
  const BusRequest *request = nullptr;
  if (at_chip && at_chip->item.valid && at_chip->number == link_.chip.expected) request = &at_chip->item;
  const bool response_room = link_.chip.room(HX_MACHINE_ARQ_RESERVE);
  const EventsDown *events_down = at_chip ? &at_chip->events : &kNoEventsDown;

  // What enters it: of the chip, its registers as they are before its tick.
  const ChipOut &from_chip = chip_.outputs();
  bool back = false;
  if (up) {
    const BusResponse *response = from_chip.response.valid ? &from_chip.response : nullptr;
    back = link_.chip.send(link_.to_fpga.line.room(), response, from_chip.events);
    if (from_chip.reply.valid) {
      link_.up_sync.room() = from_chip.reply;
      link_.up_sync.enter(tick);
    }
  }
  FpgaOut &from_fpga = out_;
  if (fpga_acts) {
    const FpgaIn in{tick,
                    clock_all,
                    host.clear,
                    host.valid,
                    host.word,
                    host.ready,
                    chip_.tdo(),
                    up,
                    up && link_.fpga.room(1),
                    uint8_t(!up || !link_.fpga.again() ? 0 : link_.fpga.head().read ? 1 : 2),
                    arrived,
                    damaged,
                    answered ? &at_fpga->item : nullptr,
                    at_fpga ? &at_fpga->events : &kNoEventsUp,
                    reply};
    fpga_.tick(in, from_fpga);
  } else if (!from_fpga.rests) {
    from_fpga.clear();
    from_fpga.rests = true;
  }
  const bool chip_acts = !reset && (clock_all || from_fpga.tck || request || events_down->count || sync ||
                                    analog_.next() <= 2 * tick + 1 || chip_next(tick) <= tick);
  rests_ = !chip_acts && from_fpga.rests;
  remarks_ = from_fpga.diagnostic.valid;
  ChipReports reports;
  reports.request_taken = false;
  if (chip_acts) {
    chip_quiet_until_ = 0;
    const ChipIn in{tick,          up != 0,       response_room, from_fpga.tck, from_fpga.tms,
                    from_fpga.tdi, request,       events_down,   sync,          ppu_seed_};
    chip_.tick(in, analog_, reports);
    remarks_ = remarks_ || reports.unmapped.valid || reports.refused[0].valid || reports.refused[1].valid;
  }

  if (up) {
    const bool down = link_.fpga.send(link_.to_chip.line.room(), from_fpga.request, from_fpga.events);
    link_.to_chip.enter(tick, down, host.down_error);
    link_.to_fpga.enter(tick, back, host.up_error);
    link_.fpga.end_tick(tick, at_fpga, answered);
    link_.chip.end_tick(tick, at_chip, reports.request_taken);
    if (from_fpga.sync.valid) {
      link_.down_sync.room() = from_fpga.sync;
      link_.down_sync.enter(tick);
    }
  }
  link_.end_tick(usable_now, up != 0, tick);

  if (remarks_) {
    if (!chip_acts) reports.unmapped.valid = reports.refused[0].valid = reports.refused[1].valid = false;
    const UnmappedAccess &unmapped = reports.unmapped;
    diagnostics_[0] = {unmapped.valid, HX_MACHINE_DIAG_UNMAPPED_CHIP,
                       uint64_t(unmapped.read) << 32 | unmapped.address};
    diagnostics_[2] = from_fpga.diagnostic;
    for (unsigned k = 0; k < 2; ++k) {
      const RefusedWrite &refused = reports.refused[k];
      diagnostics_[2 * k + 1] = {refused.valid, HX_MACHINE_DIAG_ANALOG_REFUSED, refused.address};
    }
  }
  return out_;
}

uint64_t Machine::chip_next(uint64_t tick) {
  if (tick >= chip_quiet_until_ && !chip_.idle(tick, chip_quiet_until_)) chip_quiet_until_ = 0;
  return std::max(tick, chip_quiet_until_);
}

uint64_t Machine::next(uint64_t tick) {
  const uint8_t usable_now = usable();
  const uint64_t link_next = link_.next(usable_now, tick);
  if (link_next <= tick) return tick;
  return std::min({link_next, chip_next(tick), fpga_.next(tick, link_.phy_up(usable_now, tick))});
}

size_t Machine::state_size() const {
  return sizeof(uint64_t) + fpga_.state_size() + sizeof link_ + sizeof chip_ + analog_.state_size();
}

void Machine::save(uint8_t *to) const {
  std::memcpy(to, &link_, sizeof link_);
  std::memcpy(to + sizeof link_, &chip_, sizeof chip_);
  to += sizeof link_ + sizeof chip_;
  const uint64_t size = fpga_.state_size();
  std::memcpy(to, &size, sizeof size);
  fpga_.save(to + sizeof size);
  analog_.save(to + sizeof size + size);
}

bool Machine::restore(const uint8_t *from, size_t size) {
  const size_t fixed = sizeof link_ + sizeof chip_;
  uint64_t part;
  if (size < fixed + sizeof part) return false;
  std::memcpy(&part, from + fixed, sizeof part);
  const uint8_t *behind = from + fixed + sizeof part;
  size -= fixed + sizeof part;
  if (part > size || !analog_.restore(behind + part, size - part) || !fpga_.restore(behind, part)) return false;
  std::memcpy(static_cast<void *>(&link_), from, sizeof link_);
  std::memcpy(static_cast<void *>(&chip_), from + sizeof link_, sizeof chip_);
  chip_quiet_until_ = 0;
  return true;
}
