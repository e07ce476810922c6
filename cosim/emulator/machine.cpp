// SPDX-License-Identifier: Apache-2.0
#include "machine.h"

#include <algorithm>
#include <cstring>

namespace {

constexpr EventsUp kNoEventsUp{};

}  // namespace

void Machine::power_on(uint64_t seed, int analog) {
  fpga_.power_on();
  link_.power_on();
  chip_.power_on();
  analog_.power_on(seed, analog);
  chip_quiet_until_ = chip_silent_until_ = 0;
  rests_ = remarks_ = false;
  out_.clear();
}

uint8_t Machine::usable() const {
  if (fpga_.chip_reset()) return 0;
  return fpga_.phy_enable() & fpga_.phy_auto() & chip_.usable_phys();
}

HX_PART const HostOut &Machine::tick(uint64_t tick, const HostIn &host, bool clock_all) {
  const bool reset = fpga_.chip_reset();
  if (reset) {
    chip_.reset();
    chip_quiet_until_ = chip_silent_until_ = 0;
    analog_.reset(2 * tick);
    uint64_t unseen[8];
    if (analog_.next() <= 2 * tick + 1) analog_.spikes(2 * tick + 1, unseen);
  }
  const uint8_t usable_now = usable();
  const uint8_t up = link_.phy_up(usable_now, tick);
  // The FPGA's half sees registers of the chip only as they are before the chip's tick, and the chip's half
  // those of the FPGA not at all.
  tick_fpga(tick, host, up, clock_all);
  tick_chip(tick, host, up, reset, clock_all);
  link_.end_tick(usable_now, up != 0, tick);
  return out_;
}

inline void Machine::tick_fpga(uint64_t tick, const HostIn &host, uint8_t up, bool clock_all) {
  // Nothing leaves a link that is down.
  const FrameUp *frame = up ? link_.to_fpga.line.leave(tick) : nullptr;
  const SyncReply *reply = up && link_.up_sync.filled ? link_.up_sync.leave(tick) : nullptr;
  const bool damaged = frame && frame->damaged;
  if (damaged) frame = nullptr;
  const bool answered = frame && frame->item && frame->number == link_.fpga.expected;
  FpgaOut &out = out_;
  const bool special = clock_all | host.clear | damaged | (reply != nullptr) | link_.fpga.again();
  if (special || host.valid || frame || !fpga_.rests(tick, up)) {
    const auto in = [&] {
      return FpgaIn{tick,
                    host,
                    special,
                    clock_all,
                    chip_.tdo(),
                    up,
                    up && link_.fpga.room(1),
                    uint8_t(!up || !link_.fpga.again() ? 0 : link_.fpga.head().read ? 1 : 2),
                    frame && frame->item,
                    damaged,
                    answered ? &link_.chip.item(frame->number) : nullptr,
                    frame ? &frame->events : &kNoEventsUp,
                    reply};
    };
    const bool arrives = frame && (frame->item || frame->events.count);
    const Fpga::Calm calm = special ? Fpga::kNo : fpga_.calm(tick, up, arrives);
    if (calm != Fpga::kNo) fpga_.tick_calm(in(), calm, out);
    else fpga_.tick(in(), out);
  } else if (!out.rests) {
    out.clear();
    out.rests = true;
  }
  rests_ = out.rests || fpga_.rests(tick + 1, up);
  remarks_ = out.diagnostic.valid;
  if (!up) return;
  if (frame || out.request || out.events.count || !link_.fpga.rests() || link_.to_chip.repeats) {
    const bool sent = link_.fpga.send(link_.to_chip.line.room(tick), out.request, out.events);
    link_.to_chip.enter(tick, sent, host.down_error);
    link_.fpga.end_tick(tick, frame, answered);
  }
  if (out.sync.valid) {
    link_.down_sync.room(tick) = out.sync;
    link_.down_sync.enter(tick);
  }
}

inline void Machine::tick_chip(uint64_t tick, const HostIn &host, uint8_t up, bool reset, bool clock_all) {
  const FrameDown *frame = up ? link_.to_chip.line.leave(tick) : nullptr;
  const SyncDown *sync = up && link_.down_sync.filled ? link_.down_sync.leave(tick) : nullptr;
  if (frame && frame->damaged) frame = nullptr;
  const BusRequest *request = nullptr;
  if (frame && frame->item && frame->number == link_.chip.expected) request = &link_.fpga.item(frame->number);
  const EventsDown *events = frame && frame->events.count ? &frame->events : nullptr;
  const bool response_room = link_.chip.room(HX_MACHINE_ARQ_RESERVE);
  const ChipOut &out = chip_.outputs();
  const bool linked = up && (frame || out.response.valid || out.events.count || !link_.chip.rests() ||
                             link_.to_fpga.repeats);
  if (linked) {
    const bool sent = link_.chip.send(link_.to_fpga.line.room(tick), out.response.valid ? &out.response : nullptr,
                                      out.events);
    link_.to_fpga.enter(tick, sent, host.up_error);
  }
  if (up && out.reply.valid) {
    link_.up_sync.room(tick) = out.reply;
    link_.up_sync.enter(tick);
  }
  bool taken = false, remarks = false;
  if (!reset && (chip_quiet_until_ <= tick || clock_all || out_.tck || request || events || sync ||
                 analog_.next() <= 2 * tick + 1)) {
    const ChipIn in{tick,    response_room, out_.tck, out_.tms,  out_.tdi,
                    request, events,        sync,     ppu_seed_, chip_silent_until_};
    taken = chip_.tick(in, analog_, remarks, reports_);
    if (!chip_.idle(tick + 1, chip_quiet_until_)) {
      rests_ = false;
      chip_quiet_until_ = 0;
    }
  }
  if (remarks || remarks_) tell(remarks);
  if (linked) link_.chip.end_tick(tick, frame, taken);
}

void Machine::tell(bool of_chip) {
  remarks_ = true;
  if (!of_chip) reports_ = {};
  const UnmappedAccess &unmapped = reports_.unmapped;
  diagnostics_[0] = {unmapped.valid, HX_MACHINE_DIAG_UNMAPPED_CHIP,
                     uint64_t(unmapped.read) << 32 | unmapped.address};
  diagnostics_[2] = out_.diagnostic;
  for (unsigned k = 0; k < 2; ++k) {
    const RefusedWrite &refused = reports_.refused[k];
    diagnostics_[2 * k + 1] = {refused.valid, HX_MACHINE_DIAG_ANALOG_REFUSED, refused.address};
  }
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
  chip_quiet_until_ = chip_silent_until_ = 0;
  return true;
}
