// SPDX-License-Identifier: Apache-2.0
#include "fpga.h"

#include <algorithm>
#include <cstring>

#include "hxcosim/containers.h"
#include "hxcosim/jtag.h"
#include "hxcosim/ut.h"
#include "words.h"

// Cuts the field `name` (of the generated headers) out of a word, or places a value there.
#define FIELD(word, name) \
  (((word) >> name##_LSB) & (~uint64_t{0} >> (63 - (name##_MSB - name##_LSB))))
#define PLACE(value, name) (uint64_t(value) << name##_LSB)

namespace {

uint32_t merge(uint32_t old_word, uint32_t new_word, uint8_t byte_enables) {
  const uint32_t mask = mask_of(byte_enables);
  return (old_word & ~mask) | (new_word & mask);
}

// The lowest PHY that is up carries everything; without one it is the first.
void count_carried(uint32_t *counters, uint8_t phy_up, unsigned n = 1) {
  counters[__builtin_ctz(phy_up | 0x100u) & 7] += n;
}

bool in_dram(uint32_t address) {
  return address - HX_OMNIBUS_EXTERNAL_PPU_DRAM_MEMORY_BASE < HX_OMNIBUS_EXTERNAL_PPU_DRAM_MEMORY_COUNT;
}

// Whether a unit that takes its time is behind an address.
bool of_a_unit(uint32_t address) {
  return in_dram(address) || Board::i2c_hit(address) || Board::spi_hit(address) ||
         address == HX_OMNIBUS_PERF_TEST_BASE;
}

constexpr uint64_t kRoundTrip = 2 * HX_MACHINE_LINK_LATENCY + 1;  // of a test word
constexpr unsigned kScanEnd = 3;  // pulses still to come at the last shift pulse

}  // namespace

void Fpga::power_on() {
  std::memset(static_cast<void *>(&s_), 0, sizeof s_);
  quiet_until_ = 0;
  calm_ = false;
  playback_.clear();
  trace_.clear();
  reset_executor_registers();
  s_.systime_tries = HX_MACHINE_SYSTIME_TRIES_RESET;
  s_.period = HX_MACHINE_JTAG_SCALER_RESET + 2;
  s_.last_event = true;
  s_.board.power_on();
  s_.event_units.power_on();
  tables_.power_on();
  dram_.clear();
}

void Fpga::reset_executor_registers() {
  s_.filter_writes = s_.record = true;
  s_.correction = false;
  s_.poll_address = s_.poll_mask = s_.poll_target = 0;
  s_.timeout = HX_MACHINE_INSTRUCTION_TIMEOUT_RESET;
}

// docs/timing.md section 10.
void Fpga::clear_connection() {
  playback_.clear();
  trace_.clear();
  s_.halts = 0;
  s_.stream = false;
  s_.timer_base = s_.index = s_.address = 0;
  s_.byte_enables = 0;
  s_.polling = s_.dropping = s_.stalled = false;
  reset_executor_registers();
  s_.pending.clear();
  s_.fpga_responses.clear();
  s_.chip_responses.clear();
  s_.requests.clear();
  s_.answers.clear();
  s_.reads_in_flight = 0;
  ++s_.epoch;
  s_.second_word = s_.poll_valid = false;
  s_.accesses.clear();
  s_.jtag_queue.clear();
  s_.jtag_answers.clear();
  s_.jtag_running = s_.jtag_init = false;
  s_.period = HX_MACHINE_JTAG_SCALER_RESET + 2;
  s_.systime = kIdle;
  s_.report = s_.synced = false;
  s_.events.clear();
  s_.loopback.clear();
  s_.notifications.clear();
  s_.last_event = true;
  s_.known = s_.armed = false;
  s_.history = 0;
  s_.buffer = 0;
  s_.fill = 0;
  s_.halt_waits = false;
}

// ---- decisions: constant functions of the state during a tick ----

inline bool Fpga::pending_leaves() const {
  if (s_.pending.empty()) return false;
  const Pending &head = s_.pending[0];
  const bool there = head.lost || (head.chip ? !s_.chip_responses.empty() : !s_.fpga_responses.empty());
  return there && (!head.keep || head.lost || !s_.answers.full());
}

bool Fpga::jtag_pops() const {
  return !s_.jtag_queue.empty() && !s_.jtag_running &&
         (!s_.jtag_queue[0].keep || !s_.jtag_answers.full());
}

bool Fpga::can_execute(const Decision &d, uint64_t tick) const {
  switch (d.kind) {
    case HX_UT_TO_FPGA_JTAG_INIT_ID:
    case HX_UT_TO_FPGA_JTAG_SCALER_ID:
    case HX_UT_TO_FPGA_JTAG_INS_ID:
    case HX_UT_TO_FPGA_JTAG_DATA_ID:
      return !s_.jtag_queue.full();
    case HX_UT_TO_FPGA_WAIT_UNTIL_ID:
      return timer(tick) >= FIELD(d.word, HX_UT_TO_FPGA_WAIT_UNTIL_TIME);
    case HX_UT_TO_FPGA_SYSTIME_INIT_ID:
      return systime_idle();
    case HX_UT_TO_FPGA_BARRIER_ID:
      return (!FIELD(d.word, HX_UT_TO_FPGA_BARRIER_OMNIBUS) || bus_idle()) &&
             (!FIELD(d.word, HX_UT_TO_FPGA_BARRIER_JTAG) || jtag_idle()) &&
             (!FIELD(d.word, HX_UT_TO_FPGA_BARRIER_SYSTIME) || systime_idle());
    case HX_UT_TO_FPGA_POLLING_OMNIBUS_BLOCK_ID:
      return d.poll_fits;
    case HX_UT_TO_FPGA_LOOPBACK_ID:
      return !s_.loopback.full() && (FIELD(d.word, HX_UT_TO_FPGA_LOOPBACK_TICK) ||
                                     (bus_idle() && jtag_idle() && systime_idle()));
    case HX_UT_TO_FPGA_OMNIBUS_ADDRESS_ID:
      return !FIELD(d.word, HX_UT_TO_FPGA_OMNIBUS_ADDRESS_IS_READ) || read_ready();
    case HX_UT_TO_FPGA_OMNIBUS_DATA_ID:
      return !s_.pending.full();
    default:
      return true;
  }
}

Fpga::Decision Fpga::decide(uint64_t tick) const {
  Decision d{};
  d.notification_room = !s_.notifications.full();
  if (!head_valid()) return d;
  d.word = playback_.front();
  d.filler = d.word >> 63;
  d.unknown = !d.filler && (d.word >> 56) >= HX_UT_TO_FPGA_COUNT;
  d.instruction = !d.filler && !d.unknown;
  d.kind = (d.word >> 56) & 0xf;
  if (!d.instruction) {
    d.leaves = true;
    return d;
  }
  if (s_.dropping) {
    d.leaves = !is_halt(d.word) || !s_.loopback.full();
    return d;
  }
  d.poll_arrived = s_.poll_valid;
  if (d.poll_arrived) {
    const bool equal = (s_.poll_value & s_.poll_mask) == s_.poll_target;
    d.poll_fits = equal == bool(FIELD(d.word, HX_UT_TO_FPGA_POLLING_OMNIBUS_BLOCK_EQUALITY));
  }
  d.executes = d.leaves = can_execute(d, tick);
  d.fires = !d.executes && d.kind != HX_UT_TO_FPGA_WAIT_UNTIL_ID && s_.timeout != 0 &&
            tick - stall_start(tick) >= s_.timeout && d.notification_room;
  d.poll_issue = d.kind == HX_UT_TO_FPGA_POLLING_OMNIBUS_BLOCK_ID && !d.poll_fits &&
                 (!s_.polling || s_.poll_valid) && read_ready() && !d.fires;
  return d;
}

unsigned Fpga::pack_count() const {
  unsigned n = std::min<unsigned>(s_.events.count, 3);
  for (unsigned i = 1; i < n; ++i) {
    if (s_.events[i].madc != s_.events[0].madc) n = i;
  }
  return n;
}

template <bool kCalm>
inline void Fpga::choose(uint64_t tick, Message &m) const {
  const bool answers = !s_.answers.empty() ||
                       (!kCalm && (!s_.notifications.empty() || s_.report || !s_.loopback.empty() || !s_.jtag_answers.empty()));
  const bool events = !s_.events.empty();
  if (!answers && !events) return;
  m.valid = true;
  if (events && (!answers || !s_.last_event)) {
    const unsigned n = pack_count();
    const bool madc = s_.events[0].madc;
    m.source = kEvents;
    m.header = (madc ? HX_UT_FROM_FPGA_MADC_SAMPLE_PACK1_ID : HX_UT_FROM_FPGA_SPIKE_PACK1_ID) + n - 1;
    unsigned __int128 payload = 0;
    for (unsigned i = 0; i < n; ++i) payload = payload << 24 | s_.events[i].value;
    m.low = uint64_t(payload);
    m.high = uint64_t(payload >> 64);
    m.long_message = n == 3;
  } else if (!kCalm && !s_.notifications.empty()) {
    m.source = kNotification;
    m.header = s_.notifications[0].timeout ? HX_UT_FROM_FPGA_TIMEOUT_NOTIFICATION_ID
                                           : HX_UT_FROM_FPGA_HIGHSPEED_LINK_NOTIFICATION_ID;
    m.low = s_.notifications[0].payload;
  } else if (!kCalm && s_.report) {
    m.source = kReport;
    m.header = HX_UT_FROM_FPGA_SYSTIME_ID;
    m.low = fpga_time(tick);
  } else if (!kCalm && !s_.loopback.empty()) {
    m.source = kLoopback;
    m.header = HX_UT_FROM_FPGA_LOOPBACK_ID;
    m.low = s_.loopback[0];
    m.halt = m.low == 0;
  } else if (!kCalm && !s_.jtag_answers.empty()) {
    m.source = kJtag;
    m.header = HX_UT_FROM_FPGA_JTAG_DATA_ID;
    m.low = s_.jtag_answers[0];
  } else {
    m.source = kOmnibus;
    m.header = HX_UT_FROM_FPGA_OMNIBUS_DATA_ID;
    m.low = s_.answers[0].data;
  }
  // Annotation, section 4.1.
  const uint64_t now = fpga_time(tick);
  const uint64_t gap = (now - s_.previous) & kTimeMask;
  if (s_.synced && !s_.armed && m.source != kReport && !(s_.known && gap == 1)) {
    m.annotation = true;
    m.halt = m.long_message = false;
    m.high = 0;
    if (s_.known && gap >= 1 && gap <= 256) {
      m.header = HX_UT_FROM_FPGA_SYSDELTA_ID;
      m.low = gap - 1;
    } else {
      m.header = HX_UT_FROM_FPGA_SYSTIME_ID;
      m.low = now;
    }
  }
}

bool Fpga::tms() const {
  if (!s_.jtag_running) return false;
  if (s_.jtag_init) return s_.pulses != 1;
  if (shifting()) return s_.pulses == kScanEnd;
  if (s_.pulses < kScanEnd) return s_.pulses == 2;
  return s_.pulses > s_.shift_from + 2;
}

unsigned Fpga::stalled_ticks(uint64_t tick) const {
  const uint64_t age = tick - s_.history_tick - 1;
  if (age >= HX_MACHINE_TRACE_STALL_WINDOW) return 0;
  const unsigned __int128 window = (static_cast<unsigned __int128>(1) << HX_MACHINE_TRACE_STALL_WINDOW) - 1;
  const unsigned __int128 aligned = (s_.history << age) & window;
  return unsigned(__builtin_popcountll(uint64_t(aligned)) +
                  __builtin_popcountll(uint64_t(aligned >> 64)));
}

// ---- one tick ----

HX_PART void Fpga::tick_calm(const FpgaIn &in, Calm is, FpgaOut &out) {
  out.clear();
  Decision d{};
  d.link_up = true;
  if (is == kExecutes) {
    d.word = playback_.front();
    d.kind = (d.word >> 56) & 0xf;
    d.instruction = d.leaves = d.executes = true;
  }
  quiet_until_ = 0;
  act<true>(in, d, out);
  if (is == kWaits) find_rest(in.tick + 1);
}

void Fpga::tick(const FpgaIn &in, FpgaOut &out) {
  out.clear();
  const bool input = in.special || in.host.valid || in.arrived || in.events->count;
  Decision d = decide(in.tick);
  if (!input && idle(d, in.tick, in.phy_up, quiet_until_)) {
    quiet_up_ = in.phy_up;
    out.rests = true;
    return;
  }
  quiet_until_ = 0;
  d.clear = in.host.clear;
  d.link_up = in.phy_up != 0;
  if (d.clear) d.executes = d.fires = d.poll_issue = false;
  act<false>(in, d, out);
  calm_ = !d.clear && comes_to_rest(in.tick);
}

HX_PART Fpga::Calm Fpga::calm(uint64_t tick, uint8_t phy_up, bool arrives) const {
  if (!calm_ || phy_up != s_.phy_was_up) return kNo;
  if (head_valid()) {
    const uint64_t word = playback_.front();
    if (word >> 56 == HX_UT_TO_FPGA_OMNIBUS_DATA_ID) return s_.pending.full() ? kNo : kExecutes;
    if (word >> 56 == HX_UT_TO_FPGA_OMNIBUS_ADDRESS_ID) {
      return !FIELD(word, HX_UT_TO_FPGA_OMNIBUS_ADDRESS_IS_READ) || read_ready() ? kExecutes : kNo;
    }
    if (word >> 56 == HX_UT_TO_FPGA_WAIT_UNTIL_ID) {
      if (timer(tick) >= FIELD(word, HX_UT_TO_FPGA_WAIT_UNTIL_TIME)) return kExecutes;
    } else {
      return word >> 56 >= HX_UT_TO_FPGA_SPIKE_PACK1_ID && word >> 56 <= HX_UT_TO_FPGA_SPIKE_PACK3_ID ? kExecutes : kNo;
    }
  }
  return arrives || s_.events_down.count || !s_.events.empty() || !trace_.empty() ? kWaits : kNo;
}

bool Fpga::comes_to_rest(uint64_t tick) const {
  return s_.phy_was_up != 0 && s_.phy_was_up == s_.phy_reported && !s_.dropping && !s_.polling && !s_.poll_valid &&
         !s_.stalled &&
         systime_idle() && jtag_idle() && s_.accesses.empty() && !s_.board.running && !s_.board.i2c_running &&
         !s_.dram_running && !s_.test.active(tick) && s_.notifications.empty() && s_.loopback.empty() &&
         !s_.event_units.active();
}

// What `idle` finds while the units that do not act in a calm tick have nothing to do.
inline void Fpga::find_rest(uint64_t tick) {
  if (!calm_ || !s_.events.empty() || !trace_.empty() || s_.events_down.count != 0 || !s_.answers.empty() ||
      !s_.accesses.empty() || !s_.requests.empty() || s_.halt_waits || s_.fill >= 64 || pending_leaves()) {
    return;
  }
  uint64_t next = s_.fill != 0 ? s_.accepted + HX_MACHINE_FLUSH_IDLE : kNever;
  if (head_valid()) {
    const uint64_t word = playback_.front(), time = FIELD(word, HX_UT_TO_FPGA_WAIT_UNTIL_TIME);
    if (word >> 56 != HX_UT_TO_FPGA_WAIT_UNTIL_ID || timer(tick) >= time) return;
    next = std::min(next, tick + (time - timer(tick)));
  }
  quiet_until_ = next;
  quiet_up_ = s_.phy_was_up;
}

template <bool kCalm>
inline void Fpga::act(const FpgaIn &in, const Decision &d, FpgaOut &out) {
  const bool traced = traces<kCalm>();
  Message message{};
  if (traced && !d.clear) choose<kCalm>(in.tick, message);

  // Registers as they are now: the access on the bus, and what the executor does.
  const bool bus_valid = !s_.accesses.empty();
  FpgaAccess access{};
  if (bus_valid) access = s_.accesses[0];
  const bool done = bus_valid && (kCalm || !access_busy(in.tick));
  const bool jtag_room = !s_.jtag_answers.full();
  const bool playback_room = playback_.size() < HX_MACHINE_PLAYBACK_DEPTH;
  const uint32_t level = s_.events.count;
  uint32_t register_data = 0;
  if (done) {
    bool mapped = true;
    register_data = read_register(access.address, in.tick, mapped);
    if (!mapped) {
      out.diagnostic = {true, HX_MACHINE_DIAG_UNMAPPED_FPGA,
                        uint64_t(access.read) << 32 | access.address};
    }
  }
  if (!kCalm && d.unknown && !d.clear) out.diagnostic = {true, HX_MACHINE_DIAG_UNKNOWN_HEADER, d.word};

  out.executed = d.executes;
  out.instruction = d.word;
  if (s_.events_down.count) out.events = s_.events_down;
  out.host_taken = in.host.valid && playback_room;
  uint64_t timeout_payload = 0;
  if (!kCalm && d.fires) {
    timeout_payload = PLACE(s_.index, HX_UT_FROM_FPGA_TIMEOUT_NOTIFICATION_INSTRUCTION_INDEX) |
                      PLACE(stalled_ticks(in.tick), HX_UT_FROM_FPGA_TIMEOUT_NOTIFICATION_TRACE_STALL_COUNT) |
                      PLACE(s_.reads_in_flight, HX_UT_FROM_FPGA_TIMEOUT_NOTIFICATION_OMNIBUS_READS_IN_FLIGHT);
  }

  if (traced || (!kCalm && in.host.clear)) tick_trace<kCalm>(in.tick, in.host, message, out);
  const bool taken = message.valid && !message.annotation;
  const bool reported = taken && message.source == kReport;
  if (!kCalm && (s_.jtag_running || !s_.jtag_queue.empty())) tick_jtag(in, d, jtag_room, out);
  if (!kCalm && (!systime_idle() || d.kind == HX_UT_TO_FPGA_SYSTIME_INIT_ID)) {
    tick_systime(in, d, reported, out);
  }
  tick_master<kCalm>(in, d, taken && message.source == kOmnibus, out);
  if (done) {
    s_.fpga_responses.push(access.read ? register_data : 0);
    s_.accesses.pop();
  }
  if (!kCalm) tick_units(in, d, bus_valid ? &access : nullptr, done);
  if (in.arrived) {
    ++s_.arq_received;
    count_carried(s_.phy_rx, in.phy_up);
  }
  if (in.events->count) count_carried(s_.phy_rx, in.phy_up);
  if (out.events.count && d.link_up) count_carried(s_.phy_tx, in.phy_up);
  if (!kCalm) tick_status(in, out);

  // Event queue: what left for the packer is gone, room counts as it was.
  if (taken && message.source == kEvents) {
    s_.events.pop(message.header >= HX_UT_FROM_FPGA_SPIKE_PACK1_ID
                      ? message.header - HX_UT_FROM_FPGA_SPIKE_PACK1_ID + 1
                      : message.header - HX_UT_FROM_FPGA_MADC_SAMPLE_PACK1_ID + 1);
  }
  if (in.events->count != 0 && s_.record) {
    if (level + in.events->count <= HX_MACHINE_EVENT_QUEUE_DEPTH) {
      for (unsigned i = 0; i < in.events->count; ++i) {
        s_.events.push(Event{in.events->madc[i], in.events->events[i]});
      }
    } else {
      ++s_.events_dropped;
    }
  }

  // Notifications: a timeout before a change of the link.
  if (!kCalm && !d.clear) {
    if (d.fires) {
      s_.notifications.push(Notification{true, timeout_payload});
    } else if (d.notification_room && in.phy_up != s_.phy_reported) {
      const unsigned phy = unsigned(__builtin_ctz(unsigned(in.phy_up ^ s_.phy_reported)));
      const uint64_t up = in.phy_up >> phy & 1;
      s_.notifications.push(
          Notification{false, PLACE(phy, HX_UT_FROM_FPGA_HIGHSPEED_LINK_NOTIFICATION_PHY) |
                                  PLACE(up, HX_UT_FROM_FPGA_HIGHSPEED_LINK_NOTIFICATION_LINK_UP)});
      s_.phy_reported ^= uint8_t(1u << phy);
    }
  }

  s_.events_down.count = 0;
  if (!kCalm) {
    tick_executor(in, d);
  } else if (d.executes) {
    ++s_.index;
    execute_calm(d);
  }
  if (in.events->count || (!kCalm && s_.event_units.active())) {
    s_.event_units.tick(in.tick, tables_, *in.events, s_.events_down);
    if (kCalm) calm_ = calm_ && !s_.event_units.active();
  }
  if (!kCalm && d.clear) {
    clear_connection();
    s_.history_tick = in.tick;
    return;
  }
  if (done && !access.read) write_register(access);

  // Playback: the stream flag looks at the FIFO before this tick's word.
  if (!playback_room && s_.halts == 0 && !(d.leaves && is_halt(d.word))) s_.stream = true;
  if (d.leaves) {
    if (is_halt(d.word)) {
      --s_.halts;
      s_.stream = false;
    }
    playback_.pop();
  }
  if (out.host_taken) {
    playback_.push(in.host.word);
    if (is_halt(in.host.word)) ++s_.halts;
  }
}

// Arbiter, packer and trace FIFO, section 4. Marks `message` invalid if it did not go out.
template <bool kCalm>
inline void Fpga::tick_trace(uint64_t tick, const HostIn &host, Message &message, FpgaOut &out) {
  const bool room = trace_.size() < HX_MACHINE_TRACE_DEPTH;
  const bool full_word = s_.fill >= 64;
  const bool flush = !full_word && s_.fill != 0 &&
                     (s_.halt_waits || (!message.valid && tick - s_.accepted >= HX_MACHINE_FLUSH_IDLE));
  out.word_valid = !trace_.empty();
  if (out.word_valid) {
    out.word = trace_.front().word;
    out.word_halt = trace_.front().halt;
    if (host.ready) trace_.pop();
  }
  const uint8_t fill = s_.fill;
  if ((full_word || flush) && room && !host.clear) {
    TraceWord word{uint64_t(s_.buffer >> 64), s_.halt_waits && (flush || fill == 64)};
    if (flush) word.word |= uint64_t{1} << (63 - fill);
    trace_.push(word);
    s_.buffer = flush ? 0 : s_.buffer << 64;
    s_.fill = flush ? 0 : fill - 64;
  }
  const bool waited = s_.halt_waits;
  const bool ready = s_.fill < 64 && !waited && !flush && !host.clear;
  if (waited && (flush || fill == 64) && room) s_.halt_waits = false;

  const bool stalled = message.valid && !ready;
  if (s_.history != 0 || stalled) {
    const uint64_t age = tick - s_.history_tick;
    s_.history = (age < 128 ? s_.history << age : 0) | stalled;
    const unsigned __int128 one = 1;
    s_.history &= (one << HX_MACHINE_TRACE_STALL_WINDOW) - 1;
  }
  s_.history_tick = tick;
  if (!message.valid || !ready) {
    message.valid = false;
    return;
  }

  // Header and payload from the top on.
  const unsigned __int128 low = message.low;
  const unsigned __int128 bits =
      message.long_message ? (static_cast<unsigned __int128>(uint64_t(message.header) << 8 | message.high) << 64 | low) << 48
                           : (low | uint64_t(message.header) << 56) << 64;
  s_.buffer |= bits >> s_.fill;
  s_.fill = uint8_t(s_.fill + (message.long_message ? 80 : 64));
  s_.halt_waits = message.halt;
  s_.accepted = tick;

  const uint64_t now = fpga_time(tick);
  s_.known = true;
  if (message.annotation) {
    s_.previous = now;
    s_.armed = true;
    return;
  }
  s_.previous = s_.armed && message.source != kReport ? (s_.previous + 1) & kTimeMask : now;
  s_.armed = false;
  s_.last_event = message.source == kEvents;
  if (message.halt) s_.known = false;
  if (kCalm) return;
  switch (message.source) {
    case kNotification:
      s_.notifications.pop();
      break;
    case kLoopback:
      s_.loopback.pop();
      break;
    case kJtag:
      s_.jtag_answers.pop();
      break;
    default:  // systime, Omnibus and events are taken by their own units
      break;
  }
}

// Omnibus master, section 5.
template <bool kCalm>
inline void Fpga::tick_master(const FpgaIn &in, const Decision &d, bool answer_taken, FpgaOut &out) {
  const bool abandon_chip =
      !kCalm && (d.fires || (d.executes && d.kind == HX_UT_TO_FPGA_RESET_ID && FIELD(d.word, HX_UT_TO_FPGA_RESET_RESET)));
  const bool leaves = pending_leaves();
  if (!kCalm) s_.poll_valid = false;

  // The link takes a read in one tick, a write in two.
  if (!s_.requests.empty() && in.link_ready) {
    count_carried(s_.phy_tx, in.phy_up);
    ++s_.arq_sent;
    const BusRequest &request = s_.requests[0];
    if (request.read || s_.second_word) {
      out.request = &request;
      s_.requests.pop();
      s_.second_word = false;
    } else {
      s_.second_word = true;
    }
  } else {
    s_.second_word = false;
  }

  if (answer_taken) {
    if (s_.answers[0].read) --s_.reads_in_flight;
    s_.answers.pop();
  }
  if (leaves) {
    const Pending head = s_.pending[0];
    s_.pending.pop();
    uint32_t data = 0;
    if (!head.lost) {
      auto &responses = head.chip ? s_.chip_responses : s_.fpga_responses;
      data = responses[0];
      responses.pop();
    }
    if (head.keep && !head.lost) {
      s_.answers.push(Answer{head.read, data});
    } else if (head.read) {
      --s_.reads_in_flight;
    }
    if (!kCalm && head.poll && !head.lost && !d.fires) {
      s_.poll_valid = true;
      s_.poll_value = data;
    }
  }
  if (in.response && in.response->epoch == s_.epoch) {
    ++s_.arq_taken;
    s_.chip_responses.push(in.response->data);
  }

  if (abandon_chip && !d.clear) {
    for (unsigned i = 0; i < s_.pending.count; ++i) {
      Pending &entry = s_.pending[i];
      entry.lost = entry.lost || entry.chip;
      if (d.fires) entry.keep = entry.poll = entry.read = false;
    }
    s_.requests.clear();
    s_.chip_responses.clear();
    s_.second_word = false;
    ++s_.epoch;
    if (d.fires) {
      s_.answers.clear();
      s_.reads_in_flight = 0;
    }
  }
}

inline void Fpga::push_access(bool read, bool poll, uint8_t byte_enables, uint32_t address, uint32_t data) {
  const bool chip = !(address >> HX_OMNIBUS_FPGA_BIT);
  s_.pending.push(Pending{chip, !poll && (read || !s_.filter_writes), poll, read, false});
  if (read) ++s_.reads_in_flight;
  if (chip) {
    s_.arq_written += read ? 1 : 2;
    s_.requests.push(BusRequest{read, s_.epoch, byte_enables, address, data});
  } else {
    s_.accesses.push(FpgaAccess{read, byte_enables, address, data});
    calm_ = calm_ && !of_a_unit(address);
  }
}

// JTAG engine, section 6.
void Fpga::tick_jtag(const FpgaIn &in, const Decision &d, bool room, FpgaOut &out) {
  const bool pulse = s_.jtag_running && in.tick == s_.pulse_at;
  const bool shift = shifting();
  out.tck = pulse;
  out.tms = tms();
  out.tdi = shift && (s_.tdi & 1);
  const bool pops = !s_.jtag_queue.empty() && !s_.jtag_running && (!s_.jtag_queue[0].keep || room) &&
                    !d.fires && !d.clear;
  if (pops) {
    const JtagCommand command = s_.jtag_queue[0];
    s_.jtag_queue.pop();
    if (command.kind == kScaler) {
      s_.period = uint32_t(command.data & 0xff) + 2;
    } else {
      unsigned length = command.bits;
      if (command.kind == kData && (length < HX_JTAG_SHORTEST_SCAN || length > HX_JTAG_ANSWER_WIDTH)) {
        if (!out.diagnostic.valid) out.diagnostic = {true, HX_MACHINE_DIAG_JTAG_LENGTH, length};
        length = length < HX_JTAG_SHORTEST_SCAN ? HX_JTAG_SHORTEST_SCAN : HX_JTAG_ANSWER_WIDTH;
      }
      s_.jtag_running = true;
      s_.jtag_keep = command.keep;
      s_.jtag_init = command.kind == kInit;
      s_.tdi = command.data;
      s_.tdo = 0;
      s_.captured = 0;
      s_.pulse_at = in.tick + s_.period;
      s_.pulses = command.kind == kInit ? 6 : uint8_t((command.kind == kIns ? 8 : length) + 5);
      s_.shift_from = uint8_t(command.kind == kIns ? HX_JTAG_IR_WIDTH + 2 : length + 2);
    }
  }
  if (pulse) {
    s_.pulse_at += s_.period;
    if (shift) {
      s_.tdi >>= 1;
      s_.tdo |= uint64_t(in.tdo) << s_.captured++;
    }
    if (--s_.pulses == 0) {
      s_.jtag_running = s_.jtag_init = false;
      if (s_.jtag_keep && !d.fires) s_.jtag_answers.push(s_.tdo);
    }
  }
  if (d.fires) {
    s_.jtag_queue.clear();
    s_.jtag_running = s_.jtag_init = false;
  }
}

// Systime unit, section 7.
void Fpga::tick_systime(const FpgaIn &in, const Decision &d, bool reported, FpgaOut &out) {
  const bool starts = d.executes && d.kind == HX_UT_TO_FPGA_SYSTIME_INIT_ID && !d.clear;
  const uint8_t tries = s_.systime_tries ? s_.systime_tries : 1;
  const SystimeState before = s_.systime;
  out.sync.valid = d.link_up && (before == kPing || (before == kSet && !s_.set_sent));
  out.sync.set = before == kSet;
  if (reported) s_.report = false;
  const bool abort = d.fires || d.clear;
  switch (before) {
    case kIdle:
      if (starts) {
        s_.tries = tries;
        if (FIELD(d.word, HX_UT_TO_FPGA_SYSTIME_INIT_DO_SYNC)) {
          s_.systime = kPing;
        } else {
          s_.report = true;
        }
      }
      break;
    case kPing:
      if (d.link_up) {
        s_.systime = kWait;
        s_.sent = in.tick;
      }
      break;
    case kWait:
      if (in.reply) {
        s_.round_trip = in.tick - s_.sent;
        s_.chip_time = in.reply->time;
        s_.base = in.reply->base;
        s_.set_sent = false;
        s_.systime = --s_.tries == 0 ? kSet : kPing;
      }
      break;
    case kSet: {
      const bool done = s_.set_sent && in.tick == s_.sent + ((s_.round_trip - 1) >> 1) && d.link_up;
      if (!s_.set_sent) {
        s_.set_sent = true;
        s_.sent = in.tick;
      }
      if (done) {
        s_.known = s_.armed = false;
        s_.systime = kIdle;
        if (!abort) {
          s_.offset = (s_.base - (in.tick + 1)) & kTimeMask;
          s_.synced = s_.report = true;
        }
      }
      break;
    }
  }
  if (!d.link_up && (before == kWait || before == kSet)) {
    s_.systime = kPing;
    s_.tries = tries;
  }
  if (abort) s_.systime = kIdle;
}

// Link status, section 12; the words of accesses are counted by their own unit.
void Fpga::tick_status(const FpgaIn &in, const FpgaOut &out) {
  if (out.sync.valid) count_carried(s_.phy_tx, in.phy_up);
  if (in.again) {
    s_.arq_sent += in.again;
    count_carried(s_.phy_tx, in.phy_up, in.again);
  }
  if (in.damaged) count_carried(s_.phy_crc, in.phy_up);
  if (in.reply) count_carried(s_.phy_rx, in.phy_up);
  for (unsigned i = 0; in.phy_up != s_.phy_was_up && i < 8; ++i) {
    if ((in.phy_up & ~s_.phy_was_up) >> i & 1) s_.phy_since[i] = uint32_t(in.tick);
  }
  s_.phy_was_up = in.phy_up;
}

// Units on the register bus besides the registers: I2C, SPI, DRAM, performance test.
void Fpga::tick_units(const FpgaIn &in, const Decision &d, const FpgaAccess *access, bool done) {
  const bool to_i2c = access && Board::i2c_master_hit(access->address);
  const bool to_spi = access && !access->read && Board::spi_hit(access->address);
  if (to_i2c || to_spi || s_.board.running || s_.board.i2c_running || d.clear) {
    const FpgaAccess none{}, &a = access ? *access : none;
    const uint32_t data = merge(0, a.data, a.byte_enables);
    s_.board.i2c_tick(in.tick, to_i2c, a.read, a.address, data, d.clear);
    s_.board.spi_tick(in.tick, to_spi, a.address, data, d.clear);
  }
  if (s_.dram_running || (access && in_dram(access->address))) tick_dram(in.tick, access, d.clear);
  const bool test_write = done && !d.clear && !access->read && access->address == HX_OMNIBUS_PERF_TEST_BASE &&
                          (access->byte_enables & 1);
  if (test_write || s_.test.active(in.tick)) {
    s_.test.tick(in.tick, d.link_up, test_write, test_write && (access->data & 1));
  }
}

// What a calm tick can execute: accesses, spikes, and the end of a wait.
inline void Fpga::execute_calm(const Decision &d) {
  if (d.kind == HX_UT_TO_FPGA_OMNIBUS_DATA_ID) {
    return push_access(false, false, s_.byte_enables, s_.address,
                       uint32_t(FIELD(d.word, HX_UT_TO_FPGA_OMNIBUS_DATA_DATA)));
  }
  if (d.kind == HX_UT_TO_FPGA_OMNIBUS_ADDRESS_ID) {
    s_.address = uint32_t(FIELD(d.word, HX_UT_TO_FPGA_OMNIBUS_ADDRESS_ADDRESS));
    s_.byte_enables = uint8_t(FIELD(d.word, HX_UT_TO_FPGA_OMNIBUS_ADDRESS_BYTE_ENABLES));
    if (FIELD(d.word, HX_UT_TO_FPGA_OMNIBUS_ADDRESS_IS_READ)) {
      push_access(true, false, s_.byte_enables, s_.address, 0);
    }
  } else if (d.kind != HX_UT_TO_FPGA_WAIT_UNTIL_ID) {
    const unsigned n = d.kind - HX_UT_TO_FPGA_SPIKE_PACK1_ID + 1;
    s_.events_down.count = uint8_t(n);
    for (unsigned i = 0; i < n; ++i) {  // the first label is the most significant one
      s_.events_down.labels[i] = uint16_t(d.word >> HX_UT_TO_FPGA_SPIKE_PACK2_LABEL0_LSB * (n - 1 - i));
    }
  }
}

// Executor, section 3: effects of the head, and the timeout.
void Fpga::tick_executor(const FpgaIn &in, const Decision &d) {
  if (d.clear) return;
  if (d.poll_arrived || d.fires) s_.polling = false;
  if (d.poll_issue) {
    s_.polling = true;
    push_access(true, true, 0xf, s_.poll_address, 0);
  }

  const uint64_t start = stall_start(in.tick);
  s_.stalled = d.instruction && !s_.dropping && !d.executes && !d.fires &&
               d.kind != HX_UT_TO_FPGA_WAIT_UNTIL_ID;
  if (s_.stalled) s_.stall_start = start;

  const bool halt = d.instruction && is_halt(d.word);
  if (d.executes) {
    ++s_.index;
    switch (d.kind) {
      case HX_UT_TO_FPGA_JTAG_INIT_ID:
        s_.jtag_queue.push(JtagCommand{kInit, 0, false, 0});
        break;
      case HX_UT_TO_FPGA_JTAG_SCALER_ID:
        s_.jtag_queue.push(JtagCommand{kScaler, 0, false, FIELD(d.word, HX_UT_TO_FPGA_JTAG_SCALER_SCALER)});
        break;
      case HX_UT_TO_FPGA_JTAG_INS_ID:
        s_.jtag_queue.push(JtagCommand{kIns, 0, false, FIELD(d.word, HX_UT_TO_FPGA_JTAG_INS_INSTRUCTION)});
        break;
      case HX_UT_TO_FPGA_JTAG_DATA_ID:
        s_.jtag_queue.push(JtagCommand{kData, uint8_t(FIELD(d.word, HX_UT_TO_FPGA_JTAG_DATA_NUM_BITS)),
                                       bool(FIELD(d.word, HX_UT_TO_FPGA_JTAG_DATA_KEEP_RESPONSE)),
                                       FIELD(d.word, HX_UT_TO_FPGA_JTAG_DATA_DATA)});
        break;
      case HX_UT_TO_FPGA_SETUP_ID:
        s_.timer_base = uint32_t(in.tick) + 1;
        break;
      case HX_UT_TO_FPGA_RESET_ID:
        s_.chip_reset = FIELD(d.word, HX_UT_TO_FPGA_RESET_RESET);
        break;
      case HX_UT_TO_FPGA_LOOPBACK_ID:
        s_.loopback.push(uint8_t(FIELD(d.word, HX_UT_TO_FPGA_LOOPBACK_TICK)));
        break;
      case HX_UT_TO_FPGA_OMNIBUS_ADDRESS_ID:
      case HX_UT_TO_FPGA_OMNIBUS_DATA_ID:
      case HX_UT_TO_FPGA_SPIKE_PACK1_ID:
      case HX_UT_TO_FPGA_SPIKE_PACK2_ID:
      case HX_UT_TO_FPGA_SPIKE_PACK3_ID:
        execute_calm(d);
        break;
      default:
        break;
    }
  } else if (s_.dropping && halt && d.leaves) {
    s_.loopback.push(0);
  }
  if (halt && d.leaves) {
    s_.index = 0;
    s_.dropping = false;
  }
  if (d.fires) s_.dropping = true;
}

// ---- registers ----

uint32_t Fpga::read_register(uint32_t address, uint64_t tick, bool &mapped) const {
  mapped = true;
  switch (address) {
    case HX_OMNIBUS_WRITE_RESPONSE_FILTER_BASE:
      return s_.filter_writes;
    case HX_OMNIBUS_DEVICE_DNA_BASE:
      return HX_MACHINE_DEVICE_DNA_HIGH;
    case HX_OMNIBUS_DEVICE_DNA_BASE + 1:
      return HX_MACHINE_DEVICE_DNA_LOW;
    case HX_OMNIBUS_EVENT_RECORDING_BASE:
      return s_.record;
    case HX_OMNIBUS_POLLING_BLOCK_BASE:
      return s_.poll_address;
    case HX_OMNIBUS_POLLING_BLOCK_BASE + 1:
      return s_.poll_target;
    case HX_OMNIBUS_POLLING_BLOCK_BASE + 2:
      return s_.poll_mask;
    case HX_OMNIBUS_INSTRUCTION_TIMEOUT_BASE:
      return s_.timeout;
    case HX_OMNIBUS_SYSTIME_CORRECTION_BARRIER_BASE:
      return s_.correction;
    case HX_OMNIBUS_EXECUTOR_TIMER_BASE:
      return timer(tick);
    case HX_OMNIBUS_SYSTIME_NUM_TRIES_BASE:
      return s_.systime_tries;
    case HX_OMNIBUS_SYSTIME_LAST_RTT_BASE:
      return uint32_t(s_.round_trip >> 32);
    case HX_OMNIBUS_SYSTIME_LAST_RTT_BASE + 1:
      return uint32_t(s_.round_trip);
    case HX_OMNIBUS_SYSTIME_LAST_ASIC_SYSTIME_BASE:
      return uint32_t(s_.chip_time >> 32);
    case HX_OMNIBUS_SYSTIME_LAST_ASIC_SYSTIME_BASE + 1:
      return uint32_t(s_.chip_time);
    case HX_OMNIBUS_SYSTIME_ACTIVE_BASE:
      return s_.systime != kIdle;
    case HX_OMNIBUS_COMMON_PHY_CONFIG_FPGA_BASE:
      return s_.phy_enable;
    case HX_OMNIBUS_SPIKE_IO_CONFIG_BASE:
      return s_.event_units.config;
    default:
      break;
  }
  if (address - HX_OMNIBUS_PHY_CONFIG_FPGA_BASE < HX_OMNIBUS_PHY_CONFIG_FPGA_COUNT) {
    return s_.phy_config[address - HX_OMNIBUS_PHY_CONFIG_FPGA_BASE];
  }
  if (address - HX_OMNIBUS_PHY_RX_DROPPED_COUNT_BASE < HX_OMNIBUS_PHY_RX_DROPPED_COUNT_COUNT) {
    return address == HX_OMNIBUS_PHY_RX_DROPPED_COUNT_BASE ? s_.events_dropped : 0;
  }
  const uint32_t crc = address - HX_OMNIBUS_PHY_CRC_ERROR_COUNT_BASE;
  if (crc < HX_OMNIBUS_PHY_CRC_ERROR_COUNT_COUNT) return s_.phy_crc[crc];
  const uint32_t online = address - HX_OMNIBUS_PHY_ONLINE_TIME_BASE;
  if (online < HX_OMNIBUS_PHY_ONLINE_TIME_COUNT) {
    return s_.phy_was_up >> online & 1 ? uint32_t(tick) - s_.phy_since[online] : 0;
  }
  const uint32_t lane = address - HX_OMNIBUS_PHY_TX_COUNT_BASE;
  if (lane < HX_OMNIBUS_PHY_TX_COUNT_STRIDE * HX_OMNIBUS_PHY_TX_COUNT_COUNT) {
    return (lane & 1 ? s_.phy_rx : s_.phy_tx)[lane / 2];
  }
  switch (address) {
    case HX_OMNIBUS_HICANN_ARQ_STATUS_BASE:
      return s_.arq_written;
    case HX_OMNIBUS_HICANN_ARQ_STATUS_BASE + 1:
      return s_.arq_sent;
    case HX_OMNIBUS_HICANN_ARQ_STATUS_BASE + 2:
      return s_.arq_received;
    case HX_OMNIBUS_HICANN_ARQ_STATUS_BASE + 3:
      return s_.arq_taken;
    default:
      break;
  }
  uint32_t data = 0;
  if (tables_.read(address, data)) return data;
  if (address - HX_OMNIBUS_PERF_TEST_BASE <= HX_OMNIBUS_PERF_TEST_STATUS_WORDS) {
    return s_.test.read(tick, address - HX_OMNIBUS_PERF_TEST_BASE);
  }
  if (in_dram(address)) return s_.dram_data;
  if (Board::i2c_hit(address)) return s_.board.i2c_value(address);
  mapped = Board::spi_hit(address);
  return 0;
}

bool Fpga::access_busy(uint64_t tick) const {
  const FpgaAccess &a = s_.accesses[0];
  if (in_dram(a.address)) return !(s_.dram_running && tick == s_.dram_done);
  if (Board::i2c_hit(a.address)) return s_.board.i2c_waits(tick, a.address);
  return !a.read && Board::spi_hit(a.address) &&
         s_.board.spi_busy(tick, merge(0, a.data, a.byte_enables));
}

void Fpga::tick_dram(uint64_t tick, const FpgaAccess *access, bool clear) {
  if (s_.dram_running) {
    s_.dram_running = tick != s_.dram_done && !clear;
  } else if (!clear) {
    const FpgaAccess &a = *access;
    const uint32_t word = a.address - HX_OMNIBUS_EXTERNAL_PPU_DRAM_MEMORY_BASE;
    if (!a.read) dram_.write(word, a.data, mask_of(a.byte_enables));
    s_.dram_data = dram_.read(word);
    s_.dram_running = true;
    s_.dram_done = tick + HX_MACHINE_DRAM_LATENCY;
  }
}

uint64_t PerformanceTest::got(uint64_t tick) const {
  const uint64_t age = tick - since;
  return age > kRoundTrip ? std::min(age - kRoundTrip, length(tick)) : 0;
}

void PerformanceTest::tick(uint64_t tick, bool link_up, bool write, bool value) {
  const bool starts = write && value && !enable;
  const bool opens = link_up && (starts || (enable && !sending && !(write && !value)));
  const uint64_t sent_now = length(tick), got_now = got(tick);
  if (write && !value) {
    enable = false;
    if (sending) ended = tick + 1;
    sending = false;
  }
  if (!link_up) {  // what is under way is lost
    if (gap && got_now) {
      if (wrong == 0) first_wrong = sent;
      ++wrong;
    }
    sent += uint32_t(sent_now);
    received += uint32_t(got_now);
    if (sent_now) gap = got_now != sent_now;
    sending = false;
    since = ended = tick;
  }
  if (starts) {
    enable = true;
    gap = false;
    sent = received = wrong = first_wrong = 0;
    since = ended = tick;
  }
  if (opens) {
    sending = true;
    since = tick + 1;
  }
}

uint32_t PerformanceTest::read(uint64_t tick, uint32_t word) const {
  const uint32_t back = uint32_t(got(tick));
  const bool late = gap && back;
  switch (word) {
    case 0:
      return enable;
    case 1:
      return sent + uint32_t(length(tick));
    case 2:
      return received + back;
    case 3:
      return received + back - wrong - late;
    default:
      return wrong == 0 && late ? sent : first_wrong;
  }
}

void Fpga::write_register(const FpgaAccess &a) {
  const bool low = a.byte_enables & 1;
  switch (a.address) {
    case HX_OMNIBUS_WRITE_RESPONSE_FILTER_BASE:
      if (low) s_.filter_writes = a.data & 1;
      return;
    case HX_OMNIBUS_EVENT_RECORDING_BASE:
      if (low) s_.record = a.data & 1;
      return;
    case HX_OMNIBUS_POLLING_BLOCK_BASE:
      s_.poll_address = merge(s_.poll_address, a.data, a.byte_enables);
      return;
    case HX_OMNIBUS_POLLING_BLOCK_BASE + 1:
      s_.poll_target = merge(s_.poll_target, a.data, a.byte_enables);
      return;
    case HX_OMNIBUS_POLLING_BLOCK_BASE + 2:
      s_.poll_mask = merge(s_.poll_mask, a.data, a.byte_enables);
      return;
    case HX_OMNIBUS_INSTRUCTION_TIMEOUT_BASE:
      s_.timeout = merge(s_.timeout, a.data, a.byte_enables);
      return;
    case HX_OMNIBUS_SYSTIME_CORRECTION_BARRIER_BASE:
      if (low) s_.correction = a.data & 1;
      return;
    case HX_OMNIBUS_SYSTIME_NUM_TRIES_BASE:
      if (low) s_.systime_tries = a.data & ((1u << HX_OMNIBUS_SYSTIME_NUM_TRIES_WIDTH) - 1);
      return;
    case HX_OMNIBUS_COMMON_PHY_CONFIG_FPGA_BASE:
      if (low) s_.phy_enable = uint8_t(a.data);
      return;
    case HX_OMNIBUS_SPIKE_IO_CONFIG_BASE:
      s_.event_units.write_config(a.data, mask_of(a.byte_enables));
      return;
    case HX_OMNIBUS_I2C_PRESCALER_BASE:
      s_.board.write_prescaler(a.data, a.byte_enables);
      return;
    default:
      break;
  }
  if (tables_.write(a.address, a.data, mask_of(a.byte_enables))) return;
  const uint32_t phy = a.address - HX_OMNIBUS_PHY_CONFIG_FPGA_BASE;
  if (phy < HX_OMNIBUS_PHY_CONFIG_FPGA_COUNT) {
    uint32_t &config = s_.phy_config[phy];
    config = merge(config, a.data, a.byte_enables) & ((1u << HX_OMNIBUS_PHY_CONFIG_FPGA_WIDTH) - 1);
    s_.phy_auto = uint8_t((s_.phy_auto & ~(1u << phy)) | (config >> HX_CONTAINERS_PHY_CONFIG_FPGA_ENABLE_AUTO_INIT_LSB & 1) << phy);
  }
}

// ---- skipping ----

uint64_t Fpga::next(uint64_t tick, uint8_t phy_up) {
  if (!rests(tick, phy_up)) {
    quiet_up_ = phy_up;
    if (!idle(decide(tick), tick, phy_up, quiet_until_)) quiet_until_ = 0;
  }
  return std::max(tick, quiet_until_);
}

bool Fpga::idle(const Decision &d, uint64_t tick, uint8_t phy_up, uint64_t &next) const {
  if (d.leaves || d.fires || d.poll_issue) return false;
  if (!trace_.empty() || s_.report || phy_up != s_.phy_reported || phy_up != s_.phy_was_up) return false;
  const bool stalls = d.instruction && !s_.dropping && d.kind != HX_UT_TO_FPGA_WAIT_UNTIL_ID;
  if (stalls != s_.stalled) return false;
  next = kNever;
  if (s_.fill != 0) {
    if (s_.fill >= 64 || s_.halt_waits || tick - s_.accepted >= HX_MACHINE_FLUSH_IDLE) return false;
    next = s_.accepted + HX_MACHINE_FLUSH_IDLE;
  }
  if (!s_.notifications.empty() || !s_.loopback.empty() || !s_.jtag_answers.empty() ||
      !s_.answers.empty() || !s_.events.empty() || s_.events_down.count != 0) {
    return false;
  }
  const bool link_up = phy_up != 0;
  const bool on_bus = !s_.accesses.empty();
  if (on_bus && !access_busy(tick)) return false;
  if (!s_.board.idle(tick, next) || !s_.event_units.idle(tick, next)) return false;
  if (s_.dram_running) {
    if (s_.dram_done == tick) return false;
    next = std::min(next, s_.dram_done);
  } else if (on_bus && in_dram(s_.accesses[0].address)) {
    return false;  // an access to the DRAM starts
  } else if (on_bus && !(Board::i2c_hit(s_.accesses[0].address) ? s_.board.i2c_running : s_.board.running)) {
    return false;  // a byte or a frame starts
  }
  if (s_.poll_valid || pending_leaves() || (!s_.requests.empty() && link_up)) {
    return false;
  }
  if (jtag_pops() || (s_.jtag_running && s_.pulse_at == tick)) return false;
  if (s_.jtag_running) next = std::min(next, s_.pulse_at);
  if (s_.systime == kPing && link_up) return false;
  if (s_.systime == kSet) {
    const uint64_t done = s_.sent + ((s_.round_trip - 1) >> 1);
    if (!s_.set_sent || done == tick) return false;
    next = std::min(next, done);
  }
  if (d.instruction && !s_.dropping) {
    if (d.kind == HX_UT_TO_FPGA_WAIT_UNTIL_ID) {
      next = std::min(next, tick + (FIELD(d.word, HX_UT_TO_FPGA_WAIT_UNTIL_TIME) - timer(tick)));
    } else if (s_.timeout != 0) {
      next = std::min(next, stall_start(tick) + s_.timeout);
    }
  }
  return true;
}

// ---- state: the plain data, then the lengths and contents of the two large queues and the DRAM ----

// A page in a saved state: its number and its words.
constexpr size_t kPageBytes = (1 + flange::Memory::kPageWords) * sizeof(uint32_t);
constexpr uint64_t kPages = HX_OMNIBUS_EXTERNAL_PPU_DRAM_MEMORY_COUNT / flange::Memory::kPageWords;

size_t Fpga::state_size() const {
  return sizeof s_ + sizeof tables_ + dram_.pages().size() * kPageBytes + 3 * sizeof(uint64_t) + playback_.size() * sizeof(uint64_t) +
         trace_.size() * sizeof(TraceWord);
}

void Fpga::save(uint8_t *to) const {
  const uint64_t sizes[3] = {playback_.size(), trace_.size(), dram_.pages().size()};
  std::memcpy(to, &s_, sizeof s_);
  to += sizeof s_;
  std::memcpy(to, &tables_, sizeof tables_);
  to += sizeof tables_;
  std::memcpy(to, sizes, sizeof sizes);
  to += sizeof sizes;
  for (size_t i = 0; i < playback_.size(); ++i, to += sizeof(uint64_t)) {
    std::memcpy(to, &playback_[i], sizeof(uint64_t));
  }
  for (size_t i = 0; i < trace_.size(); ++i, to += sizeof(TraceWord)) {
    std::memcpy(to, &trace_[i], sizeof(TraceWord));
  }
  for (const auto &[number, page] : dram_.pages()) {
    std::memcpy(to, &number, sizeof number);
    std::memcpy(to + sizeof number, page.data(), kPageBytes - sizeof number);
    to += kPageBytes;
  }
}

bool Fpga::restore(const uint8_t *from, size_t size) {
  uint64_t sizes[3];
  const size_t fixed = sizeof s_ + sizeof tables_ + sizeof sizes;
  if (size < fixed) return false;
  std::memcpy(sizes, from + sizeof s_ + sizeof tables_, sizeof sizes);
  if (sizes[0] > HX_MACHINE_PLAYBACK_DEPTH || sizes[1] > HX_MACHINE_TRACE_DEPTH ||
      sizes[2] > kPages ||
      size != fixed + sizes[0] * sizeof(uint64_t) + sizes[1] * sizeof(TraceWord) + sizes[2] * kPageBytes) {
    return false;
  }
  std::memcpy(static_cast<void *>(&s_), from, sizeof s_);
  quiet_until_ = 0;
  calm_ = false;
  std::memcpy(static_cast<void *>(&tables_), from + sizeof s_, sizeof tables_);
  from += fixed;
  playback_.clear();
  trace_.clear();
  for (size_t i = 0; i < sizes[0]; ++i, from += sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, from, sizeof word);
    playback_.push(word);
  }
  for (size_t i = 0; i < sizes[1]; ++i, from += sizeof(TraceWord)) {
    TraceWord word;
    std::memcpy(&word, from, sizeof word);
    trace_.push(word);
  }
  dram_.clear();
  for (size_t i = 0; i < sizes[2]; ++i, from += kPageBytes) {
    uint32_t number;
    std::memcpy(&number, from, sizeof number);
    flange::Memory::Page &page = dram_.pages()[number];
    page.resize(flange::Memory::kPageWords);
    std::memcpy(page.data(), from + sizeof number, kPageBytes - sizeof number);
  }
  return true;
}
