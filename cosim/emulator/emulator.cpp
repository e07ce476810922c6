// SPDX-License-Identifier: Apache-2.0
// The host's side of the machine, as flange_top has it around the RTL: queues of words with their
// not-before cycles, rate and back-pressure, skipping, permission to run.
#include "emulator.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "../flange/wire.hpp"
#include "machine.h"
#include "words.h"

namespace Config = flange::Config;
namespace Report = flange::Report;
namespace Stall = flange::Stall;
namespace Status = flange::Status;

namespace {

constexpr size_t kTimes = 2 * sizeof(uint64_t);  // of the saved state: now, not_before
constexpr uint64_t kEver = (uint64_t{1} << 62) - 1;  // 584 years
constexpr unsigned kTicksOfCall = 1 << 16;  // a tenth of a second of a busy machine

uint32_t mix(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  return x ^ (x >> 16);
}

}  // namespace

struct hx_emulator {
  struct Held {
    uint64_t number, until;  // a word, the cycle before which it does not enter
  };
  Machine machine;
  Store<uint64_t> queue;
  uint64_t number;  // of the first word of the queue
  Store<uint64_t> halts;  // numbers of those in the queue
  Store<Held> held;
  Store<uint64_t> words, left_at, entered, executed, executed_at;
  bool tracing, timing;
  std::vector<hx_diagnostic> diagnostics;
  uint64_t config[Config::Count];
  uint64_t report[Report::Count];
  uint64_t now;         // cycle of the last clock edge
  uint64_t not_before;  // of the next word, by the rate of the host link

  void clear_queue() {
    number += queue.size();
    queue.clear();
    halts.clear();
    held.clear();
  }
  int clock(uint64_t limit, size_t most, bool clear);

 private:
  bool ready(uint64_t tick) const {
    if (config[Config::Stall] == Stall::Periodic) {
      return tick % config[Config::StallA] < config[Config::StallB];
    }
    if (config[Config::Stall] == Stall::Random) {
      return (mix(uint32_t(tick) ^ mix(uint32_t(config[Config::StallA]))) & 0xff) <
             config[Config::StallB];
    }
    return true;
  }
  bool link_errors() const {
    return (config[Config::LinkLost] | config[Config::LinkDamaged] | config[Config::LinkRepeated]) != 0;
  }
  // What the wires do to the frame of this tick, downwards (0) or upwards (1).
  uint8_t link_error(uint64_t tick, unsigned direction) const {
    const uint32_t drawn =
        mix((uint32_t(tick) << 1 | direction) ^ mix(uint32_t(config[Config::LinkSeed]))) % flange::kLinkFrames;
    uint64_t end = config[Config::LinkLost];
    if (drawn < end) return HX_MACHINE_LINK_ERROR_LOST;
    if (drawn < (end += config[Config::LinkDamaged])) return HX_MACHINE_LINK_ERROR_DAMAGED;
    if (drawn < end + config[Config::LinkRepeated]) return HX_MACHINE_LINK_ERROR_REPEATED;
    return HX_MACHINE_LINK_ERROR_NONE;
  }
  // Cycle from which on the first word of the queue enters.
  uint64_t entry() const {
    const bool waits = !held.empty() && held.front().number == number;
    return waits ? std::max(not_before, held.front().until) : not_before;
  }
  void taken(uint64_t at) {
    queue.pop();
    taken(at, 1);
  }
  void taken(uint64_t at, size_t n);
  void jump(uint64_t limit);
  void tell();
};

// Up to cycle `limit`, the last halt, or until `most` answers are there (0: whatever is answered), and for
// so many ticks that the caller can see an interrupt.
int hx_emulator::clock(uint64_t limit, size_t most, bool clear) {
  const auto began = std::chrono::steady_clock::now();
  int status = Status::Limit;
  bool stopped = false;
  unsigned left = kTicksOfCall;
  // Settings do not change meanwhile.
  const bool clocks_all = !config[Config::Skip], skips = !clocks_all && !clear, errors = link_errors();
  const bool stalls = config[Config::Stall] == Stall::Periodic || config[Config::Stall] == Stall::Random;
  const uint64_t start = now, skipped = report[Report::Skipped];
  if (skips && now % 2) jump(limit);
  HostIn in{clear, false, !clear, HX_MACHINE_LINK_ERROR_NONE, HX_MACHINE_LINK_ERROR_NONE, 0};
  const uint64_t end = (limit + 1) / 2;  // the first tick that would end behind it
  for (uint64_t tick = (now + 1) / 2; tick < end; tick = (now + 1) / 2) {
    now = 2 * tick + 1;
    if (stalls) in.ready = !clear && ready(tick);
    if (errors) {
      in.down_error = link_error(tick, 0);
      in.up_error = link_error(tick, 1);
    }
    in.valid = false;
    if (!queue.empty() && !clear && now >= entry()) {
      in.word = queue.front();
      in.valid = !skips || is_halt(in.word) || machine.room_behind_gate() == 0;
      if (!in.valid) {
        machine.enter_behind_gate(&in.word, 1);
        taken(now);
      }
    }
    const HostOut &out = machine.tick(tick, in, clocks_all);
    if (out.host_taken) taken(now);
    if (tracing && out.executed) {
      executed.push(out.instruction);
      executed_at.push(now);
    }
    if (machine.remarks()) tell();
    if (out.word_valid && in.ready) {
      words.push(out.word);
      if (timing) left_at.push(now);
      ++report[Report::WordsOut];
      if (out.word_halt && report[Report::Halts] != 0 && --report[Report::Halts] == 0 && most != 0) {
        status = Status::Halted;
      }
      stopped = status == Status::Halted || (most != 0 && words.size() >= most);
    }
    stopped = stopped || --left == 0;
    if (stopped) break;
    if (skips && machine.rests()) jump(limit);
  }
  if (!stopped) now = std::max(now, limit);
  report[Report::Cycles] += now - start - (report[Report::Skipped] - skipped);
  report[Report::RunNs] += uint64_t(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - began)
          .count());
  return status;
}

void hx_emulator::tell() {
  for (unsigned k = 0; k < 4; ++k) {
    const Diagnostic &d = machine.diagnostics()[k];
    if (d.valid) diagnostics.push_back(hx_diagnostic{now - 1 + k / 2, d.code, d.data});
  }
}

// So many words have entered, one a tick up to cycle `at`.
void hx_emulator::taken(uint64_t at, size_t n) {
  report[Report::WordsIn] += n;
  report[Report::Queued] -= n;
  number += n;
  while (!halts.empty() && halts.front() < number) halts.pop();
  while (!held.empty() && held.front().number < number) held.pop();
  not_before = at + 2 * config[Config::Rate];
  for (size_t k = n; config[Config::Record] && k-- != 0;) entered.push(at - 2 * k);
}

// Time, up to `limit`, in which nothing happens but that words of a program come to wait for its halt,
// one a tick.
void hx_emulator::jump(uint64_t limit) {
  constexpr size_t kMost = 4096;  // words at once
  const uint64_t tick = (now + 1) / 2;
  const uint64_t next = machine.next(tick);
  uint64_t cycles = std::min(next == kNever ? kEver : 2 * (next - tick), limit > now ? limit - now - 1 : 0);
  size_t entering = 0;
  if (!queue.empty()) {
    size_t room = config[Config::Rate] == 1 ? std::min(kMost, machine.room_behind_gate()) : 0;
    room = std::min({room, queue.size(), size_t(cycles / 2)});
    if (entry() > 2 * tick + 1) room = 0;
    if (!held.empty()) room = std::min(room, std::max<size_t>(held.front().number - number, 1));
    entering = halts.empty() ? room : std::min(room, size_t(halts.front() - number));
    cycles = std::min(cycles, entering ? 2 * entering : entry() > now ? entry() - now - 1 : 0);
  }
  cycles &= ~uint64_t{1};
  if (cycles == 0) return;
  cycles = (machine.look_ahead(now + 1, now + 1 + cycles) - now - 1) & ~uint64_t{1};
  entering = std::min(entering, size_t(cycles / 2));
  for (size_t left = entering; left != 0;) {
    const size_t part = std::min(left, queue.together());
    machine.enter_behind_gate(&queue.front(), part);
    queue.take(nullptr, part);
    left -= part;
  }
  if (entering) taken(2 * (tick + entering) - 1, entering);
  report[Report::Skipped] += cycles;
  now += cycles;
}

extern "C" {

hx_emulator *hx_emulator_create(void) {
  hx_emulator *self = new (std::nothrow) hx_emulator;
  if (!self) return nullptr;
  self->machine.power_on(0, 0);
  std::memset(self->report, 0, sizeof self->report);
  for (int key = 0; key < Config::Count; ++key) self->config[key] = flange::kSettings[key].value;
  self->report[Report::Status] = Status::Started;
  self->now = self->not_before = self->number = 0;
  self->tracing = false;
  self->timing = true;
  return self;
}

void hx_emulator_destroy(hx_emulator *self) { delete self; }

int hx_emulator_configure(hx_emulator *self, uint64_t key, uint64_t value) {
  if (key >= Config::Count || value < flange::kSettings[key].least || value > flange::kSettings[key].most) return -1;
  if (key == Config::Seed || key == Config::Analog) {
    if (value == self->config[key]) return 0;
    const uint64_t seed = key == Config::Seed ? value : self->config[Config::Seed];
    if (!self->machine.choose_chip(seed, int(key == Config::Analog ? value : self->config[Config::Analog]))) return -1;
  }
  if (key == Config::Ppu) self->machine.choose_processors(uint32_t(value));
  self->config[key] = value;
  return 0;
}

int hx_emulator_send(hx_emulator *self, const uint64_t *words, const uint64_t *not_before, size_t n) {
  size_t halts = size_t(std::count_if(words, words + n, is_halt));
  try {
    self->queue.reserve(n);
    self->halts.reserve(halts);
    if (not_before) self->held.reserve(n);
  } catch (const std::bad_alloc &) {
    return -1;
  }
  for (size_t i = 0; not_before && i < n; ++i) {
    if (not_before[i]) self->held.push({self->number + self->queue.size() + i, not_before[i]});
  }
  self->report[Report::Halts] += halts;
  for (size_t i = 0; halts != 0; ++i) {
    if (!is_halt(words[i])) continue;
    self->halts.push(self->number + self->queue.size() + i);
    --halts;
  }
  self->queue.push(words, n);
  self->report[Report::Queued] += n;
  return 0;
}

int hx_emulator_run(hx_emulator *self, uint64_t limit, size_t most) {
  if (self->report[Report::Halts] == 0) return int(self->report[Report::Status] = Status::NoHalt);
  const uint64_t end = limit ? std::min(self->now + limit, kEver) : kEver;
  return int(self->report[Report::Status] = uint64_t(self->clock(end, most, false)));
}

int hx_emulator_advance(hx_emulator *self, uint64_t cycles) {
  return int(self->report[Report::Status] =
                 uint64_t(self->clock(std::min(self->now + cycles, kEver), 0, false)));
}

int hx_emulator_reset(hx_emulator *self, uint64_t ticks) {
  self->clear_queue();
  self->report[Report::Queued] = self->report[Report::Halts] = 0;
  self->not_before = self->now;
  const uint64_t end = std::min(self->now + 2 * std::max<uint64_t>(ticks, 1), kEver);
  while (self->now < end) self->clock(end, 0, true);
  self->words.clear();
  self->left_at.clear();
  return int(self->report[Report::Status] = Status::Reset);
}

size_t hx_emulator_answers(const hx_emulator *self) { return self->words.size(); }

void hx_emulator_take(hx_emulator *self, uint64_t *words, uint64_t *left_at, size_t n) {
  self->words.take(words, n);
  self->left_at.take(left_at, std::min(n, self->left_at.size()));
}

size_t hx_emulator_entered(const hx_emulator *self) { return self->entered.size(); }

void hx_emulator_take_entered(hx_emulator *self, uint64_t *at, size_t n) { self->entered.take(at, n); }

void hx_emulator_times(hx_emulator *self, int on) { self->timing = on != 0; }

void hx_emulator_trace(hx_emulator *self, int on) { self->tracing = on != 0; }

size_t hx_emulator_executed(const hx_emulator *self) { return self->executed.size(); }

void hx_emulator_take_executed(hx_emulator *self, uint64_t *words, uint64_t *at, size_t n) {
  self->executed.take(words, n);
  self->executed_at.take(at, n);
}

size_t hx_emulator_diagnostics(const hx_emulator *self) { return self->diagnostics.size(); }

void hx_emulator_take_diagnostics(hx_emulator *self, hx_diagnostic *diagnostics, size_t n) {
  std::copy_n(self->diagnostics.begin(), n, diagnostics);
  self->diagnostics.erase(self->diagnostics.begin(), self->diagnostics.begin() + std::ptrdiff_t(n));
}

void hx_emulator_measure(hx_emulator *self, int on) { self->machine.analog().measure(on != 0); }

uint64_t hx_emulator_analog_ns(hx_emulator *self) { return self->machine.analog().spent_ns(); }

void hx_emulator_report(const hx_emulator *self, uint64_t *report) {
  std::memcpy(report, self->report, sizeof self->report);
  report[Report::Now] = self->now;
}

void hx_emulator_board(const hx_emulator *self, hx_board *to) {
  const Board &board = self->machine.board();
  to->shift_register = board.shift_register;
  for (unsigned d = 0; d < 2; ++d) {
    for (unsigned c = 0; c < 8; ++c) to->dac_output[d][c] = board.dacs[d].output(c);
    to->dac_gain[d] = board.dacs[d].gain;
    to->dac_power_down[d] = board.dacs[d].power_down;
  }
}

size_t hx_emulator_state_size(const hx_emulator *self) {
  return self->machine.state_size() + kTimes;
}

void hx_emulator_save(const hx_emulator *self, void *state) {
  const uint64_t times[2] = {self->now, self->not_before};
  std::memcpy(state, times, kTimes);
  self->machine.save(static_cast<uint8_t *>(state) + kTimes);
}

int hx_emulator_restore(hx_emulator *self, const void *state, size_t size) {
  const uint8_t *from = static_cast<const uint8_t *>(state);
  if (size < kTimes || !self->machine.restore(from + kTimes, size - kTimes)) return -1;
  uint64_t times[2];
  std::memcpy(times, state, kTimes);
  self->now = times[0];
  self->not_before = times[1];
  return 0;
}

uint64_t hx_emulator_hash(const hx_emulator *self) {
  std::vector<uint8_t> state(hx_emulator_state_size(self));
  hx_emulator_save(self, state.data());
  uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  for (const uint8_t byte : state) hash = (hash ^ byte) * 0x100000001b3u;
  return hash;
}

}  // extern "C"
