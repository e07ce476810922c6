// SPDX-License-Identifier: Apache-2.0
// The FPGA half, tick by tick: a translation of docs/timing.md sections 2 to 7, 9 and 11.
// Names and units are those of rtl/fpga.
#ifndef HXCOSIM_EMULATOR_FPGA_H
#define HXCOSIM_EMULATOR_FPGA_H

#include <cstddef>
#include <cstdint>

#include "../flange/memory.hpp"
#include "board.h"
#include "events.h"
#include "hxcosim/machine.h"
#include "hxcosim/omnibus.h"
#include "link.h"
#include "ring.h"
#include "store.h"

constexpr uint64_t kTimeMask = (uint64_t{1} << 43) - 1;

struct Diagnostic {
  bool valid;
  uint8_t code;
  uint64_t data;
};

// What the host does in a tick.
struct HostIn {
  bool clear, valid, ready;  // clear: connection reset
  uint8_t down_error, up_error;  // of the link: HX_MACHINE_LINK_ERROR_*
  uint64_t word;
};

// Everything that reaches the FPGA during one tick.
struct FpgaIn {
  uint64_t tick;
  const HostIn &host;
  bool special;    // any of: clock_all, clear, again, damaged, reply
  bool clock_all;  // no unit may be left out
  bool tdo;
  uint8_t phy_up;
  bool link_ready;  // it is up and takes requests
  uint8_t again;    // words that it sends once more
  bool arrived;     // a response, whether it is new or not
  bool damaged;     // a frame arrived damaged
  const BusResponse *response;  // a new one that arrived, or null
  const EventsUp *events;       // events->count: 0..2
  const SyncReply *reply;       // or null
};

// What the host gets during that tick.
struct HostOut {
  bool host_taken;  // its word has entered
  bool word_valid;  // a word is offered; taken when host_ready
  bool word_halt;
  bool executed;  // the head of the program, `instruction`
  uint64_t word;
  uint64_t instruction;
};

// Everything that leaves the FPGA.
struct FpgaOut : HostOut {
  bool tck, tms, tdi;
  // Or null; for this tick only. A push in this tick leaves it alone: it would need a queue of requests
  // that was full, and each has its entry in `pending`, which must not have been full for a push.
  const BusRequest *request;
  EventsDown events;
  SyncDown sync;
  Diagnostic diagnostic;
  bool rests;  // nothing has changed

  void clear() {
    host_taken = word_valid = executed = tck = sync.valid = diagnostic.valid = rests = false;
    request = nullptr;
    events.count = 0;
  }
};

// Performance test of the link (docs/timing.md section 12): counts by time.
struct PerformanceTest {
  bool enable, sending, gap;
  uint64_t since, ended;
  uint32_t sent, received, wrong, first_wrong;

  // Whether words are sent or counted; nothing changes otherwise until it is switched on.
  bool active(uint64_t tick) const { return enable || length(tick) != 0; }
  // One tick; `write`: the enable register is written.
  void tick(uint64_t tick, bool link_up, bool write, bool value);
  uint32_t read(uint64_t tick, uint32_t word) const;

 private:
  uint64_t length(uint64_t tick) const { return (sending ? tick : ended) - since; }
  uint64_t got(uint64_t tick) const;
};

class Fpga {
 public:
  void power_on();
  // All units act; or, in a tick that is calm, those that then have something to do.
  void tick(const FpgaIn &in, FpgaOut &out);
  enum Calm : uint8_t { kNo, kWaits, kExecutes };
  void tick_calm(const FpgaIn &in, Calm calm, FpgaOut &out);
  // Whether all units but the master, the event queue and the trace have nothing to do, and the program
  // waits for a time or can execute an access to the bus, spikes, or the end of a wait.
  Calm calm(uint64_t tick, uint8_t phy_up, bool arrives) const;

  bool chip_reset() const { return s_.chip_reset; }
  // Whether it is known that nothing happens in this tick without input.
  bool rests(uint64_t tick, uint8_t phy_up) const { return tick < quiet_until_ && phy_up == quiet_up_; }
  const Board &board() const { return s_.board; }
  uint8_t phy_enable() const { return s_.phy_enable; }
  uint8_t phy_auto() const { return s_.phy_auto; }
  // First tick, from `tick` on, in which it acts without input, as docs/timing.md section 1 defines it.
  uint64_t next(uint64_t tick, uint8_t phy_up);

  // Words that may enter the playback FIFO before the executor can see any; none of them a halt.
  size_t room_behind_gate() const {
    return s_.halts != 0 || s_.stream ? 0 : HX_MACHINE_PLAYBACK_DEPTH - playback_.size();
  }
  void enter_behind_gate(const uint64_t *words, size_t n) { playback_.push(words, n); }

  size_t state_size() const;
  void save(uint8_t *to) const;
  bool restore(const uint8_t *from, size_t size);

 private:
  struct Pending {
    bool chip, keep, poll, read, lost;
  };
  struct Answer {
    bool read;
    uint32_t data;
  };
  struct FpgaAccess {
    bool read;
    uint8_t byte_enables;
    uint32_t address, data;
  };
  struct JtagCommand {
    uint8_t kind, bits;
    bool keep;
    uint64_t data;
  };
  struct Notification {
    bool timeout;
    uint64_t payload;
  };
  struct Event {
    bool madc;
    uint32_t value;
  };
  struct TraceWord {
    uint64_t word;
    uint64_t halt;  // 0 or 1; as wide as the word, so that saved states have no padding here
  };
  struct Message {
    bool valid, halt, event_class, systime, annotation;
    uint8_t source;
    uint8_t header;
    bool long_message;
    uint64_t high;  // payload bits 71:64
    uint64_t low;
  };
  enum JtagKind : uint8_t { kInit, kScaler, kIns, kData };
  enum SystimeState : uint8_t { kIdle, kPing, kWait, kSet };
  enum Source : uint8_t { kNotification, kReport, kLoopback, kJtag, kOmnibus, kEvents };

  // Plain data: all that a connection reset or a tick can change, but the two large queues.
  struct State {
    // playback
    uint32_t halts;
    bool stream;
    // executor
    uint32_t timer_base, index, address;
    uint8_t byte_enables;
    bool chip_reset, polling, dropping, stalled;
    uint64_t stall_start;
    // registers
    bool filter_writes, record, correction;
    uint32_t poll_address, poll_mask, poll_target, timeout;
    uint8_t systime_tries, phy_enable, phy_auto;
    uint32_t phy_config[8];
    uint32_t events_dropped;
    // Omnibus master
    Ring<Pending, HX_MACHINE_PENDING_DEPTH> pending;
    Ring<uint32_t, HX_MACHINE_PENDING_DEPTH> fpga_responses, chip_responses;
    Ring<BusRequest, HX_MACHINE_PENDING_DEPTH> requests;
    Ring<Answer, HX_MACHINE_PENDING_DEPTH> answers;
    uint8_t reads_in_flight, epoch;
    bool second_word, poll_valid;
    uint32_t poll_value;
    Ring<FpgaAccess, HX_MACHINE_PENDING_DEPTH> accesses;
    Board board;
    bool dram_running;
    uint32_t dram_data;
    uint64_t dram_done;
    PerformanceTest test;
    // link status
    uint8_t phy_was_up;
    uint32_t phy_since[8], phy_tx[8], phy_rx[8], phy_crc[8];
    uint32_t arq_written, arq_sent, arq_received, arq_taken;
    // JTAG engine
    Ring<JtagCommand, HX_MACHINE_JTAG_QUEUE_DEPTH> jtag_queue;
    Ring<uint64_t, HX_MACHINE_JTAG_ANSWER_DEPTH> jtag_answers;
    bool jtag_running, jtag_keep, jtag_init;
    uint8_t pulses, shift_from, captured;
    uint32_t period;
    uint64_t tdi, tdo, pulse_at;
    // systime unit
    SystimeState systime;
    uint8_t tries;
    bool set_sent, report, synced;
    uint64_t sent, base, offset, round_trip, chip_time;
    // events
    EventsDown events_down;
    Ring<Event, HX_MACHINE_EVENT_QUEUE_DEPTH> events;
    EventUnits event_units;
    // loopback and notifications
    Ring<uint8_t, HX_MACHINE_LOOPBACK_DEPTH> loopback;
    Ring<Notification, HX_MACHINE_NOTIFICATION_DEPTH> notifications;
    uint8_t phy_reported;
    // arbiter
    bool last_event, known, armed;
    uint64_t previous;
    unsigned __int128 history;  // stalled ticks: bit k is tick history_tick - k
    uint64_t history_tick;
    // packer
    unsigned __int128 buffer;  // the 128 bits from the top; a message behind 48 bits just fits
    uint8_t fill;
    bool halt_waits;
    uint64_t accepted;
  };

  // What a tick decides from the state before anything of it changes.
  struct Decision {
    uint64_t word;  // head of the program
    bool instruction, filler, unknown;
    uint8_t kind;
    bool leaves, executes, fires, poll_arrived, poll_issue, poll_fits;
    bool notification_room, link_up, clear;
  };

  bool head_valid() const { return !playback_.empty() && (s_.halts != 0 || s_.stream); }
  bool bus_idle() const { return s_.pending.empty() && s_.answers.empty(); }
  bool jtag_idle() const {
    return s_.jtag_queue.empty() && !s_.jtag_running && s_.jtag_answers.empty();
  }
  bool systime_idle() const { return s_.systime == kIdle && !s_.report; }
  bool read_ready() const {
    return !s_.pending.full() && s_.reads_in_flight < HX_MACHINE_MAX_READS_IN_FLIGHT;
  }
  uint32_t timer(uint64_t tick) const { return uint32_t(tick) - s_.timer_base; }
  uint64_t fpga_time(uint64_t tick) const { return (tick + s_.offset) & kTimeMask; }
  uint64_t stall_start(uint64_t tick) const { return s_.stalled ? s_.stall_start : tick; }
  bool idle(const Decision &d, uint64_t tick, uint8_t phy_up, uint64_t &next) const;
  [[gnu::always_inline]] bool pending_leaves() const;
  bool jtag_pops() const;
  bool can_execute(const Decision &d, uint64_t tick) const;
  Decision decide(uint64_t tick) const;
  // Whether there is something for the arbiter, the packer or the host.
  template <bool kCalm>
  bool traces() const {
    return s_.fill != 0 || !trace_.empty() || !s_.answers.empty() || !s_.events.empty() ||
           (!kCalm && (!s_.notifications.empty() || s_.report || !s_.loopback.empty() || !s_.jtag_answers.empty()));
  }
  // What goes out next; in a calm tick that is an access's answer or events.
  template <bool kCalm>
  void choose(uint64_t tick, Message &message) const;
  unsigned pack_count() const;
  bool shifting() const {
    return s_.jtag_running && !s_.jtag_init && s_.pulses <= s_.shift_from && s_.pulses >= 3;
  }
  bool tms() const;
  unsigned stalled_ticks(uint64_t tick) const;
  bool access_busy(uint64_t tick) const;
  uint32_t read_register(uint32_t address, uint64_t tick, bool &mapped) const;
  void write_register(const FpgaAccess &access);
  void tick_units(const FpgaIn &in, const Decision &d, const FpgaAccess *access, bool done);
  void tick_dram(uint64_t tick, const FpgaAccess *access, bool clear);
  void reset_executor_registers();
  void clear_connection();

  bool comes_to_rest(uint64_t tick) const;
  [[gnu::always_inline]] void find_rest(uint64_t tick);
  // A tick, with or without those units.
  template <bool kCalm>
  [[gnu::always_inline]] void act(const FpgaIn &in, const Decision &d, FpgaOut &out);
  template <bool kCalm>
  [[gnu::always_inline]] void tick_trace(uint64_t tick, const HostIn &host, Message &message, FpgaOut &out);
  template <bool kCalm>
  [[gnu::always_inline]] void tick_master(const FpgaIn &in, const Decision &d, bool answer_taken, FpgaOut &out);
  void tick_jtag(const FpgaIn &in, const Decision &d, bool room, FpgaOut &out);
  void tick_systime(const FpgaIn &in, const Decision &d, bool reported, FpgaOut &out);
  void tick_status(const FpgaIn &in, const FpgaOut &out);
  void tick_executor(const FpgaIn &in, const Decision &d);
  [[gnu::always_inline]] void execute_calm(const Decision &d);
  [[gnu::always_inline]] void push_access(bool read, bool poll, uint8_t byte_enables, uint32_t address, uint32_t data);

  State s_;
  // Nothing happens before this tick without input while these PHYs are up; no part of the state.
  uint64_t quiet_until_;
  uint8_t quiet_up_;
  bool calm_;  // those units had nothing to do at the end of the tick before; no part of the state
  Tables tables_;
  flange::Memory dram_;
  Store<uint64_t> playback_;
  Store<TraceWord> trace_;
};

#endif
