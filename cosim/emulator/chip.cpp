// SPDX-License-Identifier: Apache-2.0
#include "chip.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "hxcosim/jtag.h"
#include "words.h"

namespace {

constexpr uint64_t kChipTimeMask = (uint64_t{1} << 43) - 1;
constexpr uint32_t kNodeBits = HX_CONTAINERS_CROSSBAR_NODE_WORD0_BITS;
constexpr uint32_t kBackgroundStride = HX_OMNIBUS_BACKGROUND_SPIKE_SOURCE_STRIDE;
constexpr uint32_t kBackgroundWords = kBackgroundStride * HX_OMNIBUS_BACKGROUND_SPIKE_SOURCE_COUNT;

uint8_t reversed(uint8_t x) {
  uint8_t y = 0;
  for (unsigned i = 0; i < 8; ++i) y = uint8_t(y | (x >> i & 1) << (7 - i));
  return y;
}

// Nodes are numbered by ascending input: those of input i are first[i] to first[i + 1] - 1.
struct Nodes {
  uint8_t first[HX_CROSSBAR_INPUTS + 1];
};
Nodes nodes_by_input() {
  Nodes nodes{};
  for (unsigned n = 0; n < HX_CROSSBAR_NODES; ++n) {
    nodes.first[HX_CROSSBAR_NODE_INPUT[n] + 1] = uint8_t(n + 1);
  }
  return nodes;
}
const Nodes kNodes = nodes_by_input();

// Blocks of the storage by ascending address.
struct Block {
  uint32_t base, size, offset;
};
std::array<Block, HX_STORAGE_BLOCKS> blocks_by_address() {
  std::array<Block, HX_STORAGE_BLOCKS> blocks;
  for (unsigned b = 0; b < HX_STORAGE_BLOCKS; ++b) {
    blocks[b] = {HX_STORAGE_BLOCK_BASE[b], HX_STORAGE_BLOCK_SIZE[b], HX_STORAGE_BLOCK_OFFSET[b]};
  }
  std::sort(blocks.begin(), blocks.end(), [](const Block &x, const Block &y) { return x.base < y.base; });
  return blocks;
}
const std::array<Block, HX_STORAGE_BLOCKS> kBlocks = blocks_by_address();

enum Tap : uint8_t {
  kReset, kIdle, kSelectDr, kCaptureDr, kShiftDr, kExit1Dr, kPauseDr, kExit2Dr, kUpdateDr,
  kSelectIr, kCaptureIr, kShiftIr, kExit1Ir, kPauseIr, kExit2Ir, kUpdateIr,
};
constexpr Tap kNext[16][2] = {  // by state and TMS
    {kIdle, kReset},        {kIdle, kSelectDr},     {kCaptureDr, kSelectIr}, {kShiftDr, kExit1Dr},
    {kShiftDr, kExit1Dr},   {kPauseDr, kUpdateDr},  {kPauseDr, kExit2Dr},    {kShiftDr, kUpdateDr},
    {kIdle, kSelectDr},     {kCaptureIr, kReset},   {kShiftIr, kExit1Ir},    {kShiftIr, kExit1Ir},
    {kPauseIr, kUpdateIr},  {kPauseIr, kExit2Ir},   {kShiftIr, kUpdateIr},   {kIdle, kSelectDr},
};

}  // namespace

void Chip::power_on() {
  std::memset(static_cast<void *>(this), 0, sizeof *this);  // with the padding at its end: it is saved, too
  reset();
}

void Chip::reset() {
  std::memset(static_cast<void *>(&s_), 0, sizeof s_);
  s_.ir = HX_JTAG_IDCODE_IR;
  s_.phy_enable = s_.phy_enable_seen = HX_CONTAINERS_COMMON_PHY_CONFIG_CHIP_WORD0_DEFAULT;
  s_.phy_enable_link = reversed(s_.phy_enable);
  s_.pll.reset();
  s_.ppu_control[0] = s_.ppu_control[1] = HX_CONTAINERS_PPU_CONTROL_REGISTER_WORD0_DEFAULT;
  std::memcpy(storage_, HX_STORAGE_RESET_VALUE, sizeof HX_STORAGE_RESET_VALUE);
  s_.last_winner = 3;
  s_.next_bin = s_.ppus_due = kNever;
  for (PpuPorts &ppu : s_.ppus) ppu.reset();
  s_.last_ppu = 1;
  for (unsigned n = 0; n < HX_CROSSBAR_NODES; ++n) set_node(n, 0);
}

void Chip::set_node(unsigned node, uint32_t word) {
  Crossbar &x = s_.crossbar;
  x.node[node] = word;
  const unsigned input = HX_CROSSBAR_NODE_INPUT[node];
  const uint32_t bit = 1u << (node - kNodes.first[input]);
  const bool passes = ((word >> 16) & ~word & 0x3fff) == 0;  // no bit of the target is masked
  x.open[input] = passes ? x.open[input] | bit : x.open[input] & ~bit;
}

bool Chip::idle(uint64_t tick, uint64_t &next) const {
  const State &s = s_;
  if ((s.crossbar.in_valid | s.crossbar.out_valid) != 0 || s.transaction.active || !s.requests.empty()) return false;
  const uint64_t first = std::min({s.next_bin, s.madc.next(), s.ppus_due});
  next = first == kNever ? kNever : first / 2;
  return next > tick && !s.madc.sampled && !s.unmapped.valid && !s.jtag_request && !s.waiting.valid &&
         !s.up.response.valid && s.rx.empty() && !s.held && s.up.events.count == 0 && !s.up.reply.valid &&
         s.neurons.outputs == 0 && !s.to_analog.writes && s.to_analog.padi_valid == 0 && !s.refused.valid &&
         s.phy_enable == s.phy_enable_seen;
}

HX_PART bool Chip::tick(const ChipIn &in, Analog &analog, bool &remarks, ChipReports &reports) {
  remarks = s_.unmapped.valid || s_.refused.valid;
  if (remarks) reports = {s_.unmapped, {s_.refused, {}}};
  s_.unmapped.valid = false;
  cycle<false>(in, analog);
  if (s_.refused.valid) {
    if (!remarks) reports = {};
    reports.refused[1] = s_.refused;
    remarks = true;
  }
  const bool taken = in.request && !s_.requests.full();
  cycle<true>(in, analog);
  if (taken) s_.requests.push(*in.request);
  return taken;
}

template <bool kLast>
inline void Chip::cycle(const ChipIn &in, Analog &analog) {
  const uint64_t now = 2 * in.tick + kLast;
  // The analog core gets what the last cycle has for it, and gives its spikes.
  ToAnalog &to = s_.to_analog;
  s_.refused.valid = to.writes && !analog.write(now, to.address, to.word);
  if (s_.refused.valid) s_.refused.address = to.address;
  for (unsigned rest = to.padi_valid; rest != 0; rest &= rest - 1) {
    const unsigned bus = unsigned(__builtin_ctz(rest));
    analog.event(now, bus, to.padi_event[bus]);
  }
  to.writes = false;
  to.padi_valid = 0;
  uint64_t spikes[8];
  const bool fires = now >= analog.next() && analog.spikes(now, spikes);

  const bool bus = (s_.requests.count | s_.transaction.active | s_.jtag_request | s_.waiting.valid) != 0 ||
                   now >= s_.ppus_due;
  const bool inputs = fires || (kLast && (in.tck || in.sync || in.events));
  if (!inputs && (now < in.silent_until || now < (in.silent_until = silent_until()))) {
    if (bus) step<kLast, true, false>(in, now, nullptr, analog);
    else step<kLast, false, false>(in, now, nullptr, analog);
    return;
  }
  in.silent_until = 0;
  if (bus) step<kLast, true, true>(in, now, fires ? spikes : nullptr, analog);
  else step<kLast, false, true>(in, now, fires ? spikes : nullptr, analog);
}

inline uint64_t Chip::silent_until() const {
  const bool acts = s_.madc.sampled | s_.held | (s_.phy_enable_seen != s_.phy_enable) | (s_.neurons.outputs != 0) |
                    !s_.rx.empty() | ((s_.crossbar.in_valid | s_.crossbar.out_valid) != 0);
  return acts ? 0 : std::min(s_.next_bin, s_.madc.next());
}

template <bool kLast, bool kBus, bool kEvents>
void Chip::step(const ChipIn &in, uint64_t now, const uint64_t *spikes, Analog &analog) {
  constexpr bool last = kLast;
  if (kEvents && last && s_.phy_enable_seen != s_.phy_enable) {
    s_.phy_enable_seen = s_.phy_enable;
    s_.phy_enable_link = reversed(s_.phy_enable);
  }
  const uint64_t chip_time = (now + s_.offset) & kChipTimeMask;

  // Event merger: round robin behind the last winner, from the output queues as they are.
  int winner = -1;
  const unsigned l2_valid = kEvents ? s_.crossbar.out_valid >> HX_CROSSBAR_L2_OUTPUT : 0;
  uint32_t merged = 0;
  // A sample of the fast converter comes first.
  const bool sampled = kEvents && s_.madc.sampled;
  if (sampled) {
    merged = uint32_t(chip_time & 0xff) << 16 | uint32_t(s_.madc.channel) << 10 |
             s_.madc.code;
  } else if (l2_valid != 0) {
    const unsigned first = (s_.last_winner + 1u) & 3;
    winner = int((first + unsigned(__builtin_ctz((l2_valid << 4 | l2_valid) >> first))) & 3);
    merged = uint32_t(chip_time & 0xff) << 16 | uint32_t(winner) << 14 |
             s_.crossbar.out[HX_CROSSBAR_L2_OUTPUT + winner][0];
  }

  // Serialiser: one label per cycle to the crossbar.
  uint16_t labels[HX_CROSSBAR_INPUTS];
  uint32_t arriving = kEvents && s_.neurons.outputs ? neuron_events(labels) : 0;  // inputs that get an event
  bool item_done = false;
  const bool serving = kEvents && !s_.rx.empty();
  if (serving) {
    const EventsDown &item = s_.rx[0];
    const uint16_t label = item.labels[s_.sent];
    const unsigned input = HX_CROSSBAR_L2_INPUT + (label >> 14);
    arriving |= 1u << input;
    labels[input] = label & 0x3fff;
    item_done = s_.sent + 1 == item.count;
  }
  if (kEvents && s_.next_bin == now) {
    for (unsigned k = 0; k < HX_OMNIBUS_BACKGROUND_SPIKE_SOURCE_COUNT; ++k) {
      const unsigned input = HX_CROSSBAR_BACKGROUND_INPUT + k;
      BackgroundSource &source = s_.background[k];
      if (source.enabled() && source.bin == now && source.draw(now, labels[input])) arriving |= 1u << input;
    }
    find_next_bin();
  }
  const bool item = kEvents && last && in.events;
  const bool room = !s_.rx.full();

  // Bus: second cycle of a transaction answers, otherwise the next one starts.
  Transaction &t = s_.transaction;
  const bool answers = kBus && t.active;  // unless a conversion holds the bus
  // A conversion holds the bus until its end.
  bool waits = false;
  if (kBus && s_.cadc.converting) {
    waits = true;
    if (!s_.cadc.triggered) {
      if (s_.cadc.deadline == now) {
        s_.cadc.trigger(now, storage_[HX_STORAGE_CADC_CONFIG_OFFSET + s_.cadc.place.hemisphere]);
        analog.cadc_trigger(now, s_.cadc.place.hemisphere, s_.cadc.place.row);
      }
    } else if (s_.cadc.deadline == now) {
      s_.cadc.converting = false;
      t.data = s_.cadc.place.fetch(now, analog);
    }
  }
  if (kBus) t.active = waits;
  const bool ppus = kBus && now >= s_.ppus_due;
  const unsigned running = ppus ? ppus_running() : 0;
  unsigned served = 2;  // processor that gets the bus
  bool jtag_taken = false;
  bool writes = false;
  uint8_t byte_enables = 0xf;
  uint32_t data = 0;
  Place at;
  if (kBus && !answers) {
    if (!s_.requests.empty() && in.response_room) {
      const BusRequest &request = s_.requests[0];
      t.active = true;
      t.master = Transaction::kLink;
      t.read = request.read;
      t.epoch = request.epoch;
      t.address = request.address;
      data = request.data;
      byte_enables = request.byte_enables;
      s_.requests.pop();
    } else if (s_.jtag_request) {
      t.active = jtag_taken = true;
      t.master = Transaction::kJtag;
      t.read = s_.jtag_read;
      t.epoch = 0;
      t.address = s_.jtag_address;
      data = s_.jtag_data;
    } else if (ppus) {
      const bool wants[2] = {s_.ppus[0].wants_bus(running & 1), s_.ppus[1].wants_bus(running >> 1)};
      if (wants[0] || wants[1]) {  // of two the one that was not served last
        served = s_.last_ppu = wants[0] && wants[1] ? !s_.last_ppu : wants[1];
        const PpuPorts::Access access = s_.ppus[served].access(running >> served & 1);
        t.active = true;
        t.master = Transaction::Master(Transaction::kPpu + served);
        t.read = access.read;
        t.address = access.address;
        data = access.data;
        byte_enables = access.byte_enables;
      }
    }
    if (t.active) {
      writes = !t.read;
      at.find(t.address);
      if (at.kind == Place::kOther) in.silent_until = 0;  // it may start anything
      if (t.read || at.kind == Place::kOther) t.data = read(at, t.address, now, t.hit);
      else t.hit = true;
      const bool converter = t.read && at.kind == Place::kOther;
      if (const CadcPlace place = converter ? CadcPlace::of(t.address) : CadcPlace{}; place.valid) {
        const uint32_t config = storage_[HX_STORAGE_CADC_CONFIG_OFFSET + place.hemisphere];
        if (!place.buffered && config >> HX_CONTAINERS_CADC_CONFIG_ENABLE_LSB & 1) {
          s_.cadc.start(now, place);
        } else {
          t.data = place.fetch(now, analog);
        }
      }
    }
  } else if (kBus && !waits && !t.hit) {
    s_.unmapped.valid = true;
    s_.unmapped.read = t.read;
    s_.unmapped.address = t.address;
  }

  // Time handshake.
  const bool set = kEvents && last && in.sync && in.sync->set;
  const uint64_t base = s_.base;

  const bool strobes = writes && at.kind == Place::kOther;  // perhaps
  unsigned padi_pop = 0;
  if (strobes) {
    padi_pop = padi(t.address, data & mask_of(byte_enables), true);
  } else if (kEvents && (s_.crossbar.out_valid & ((1u << HX_CROSSBAR_L2_OUTPUT) - 1))) {
    padi_pop = padi(0, 0, false);
  }
  const bool routes = kEvents && (s_.crossbar.in_valid != 0 || s_.crossbar.out_valid != 0);
  if (routes || arriving != 0 || (item && !room)) {
    step_crossbar(arriving, labels, item && !room ? in.events : nullptr, padi_pop, winner);
  }
  if (kEvents && spikes) fire(spikes);
  const bool commands = strobes && t.address == HX_OMNIBUS_MADC_CONTROL_BASE && (byte_enables & 1);
  if (commands || (kEvents && (s_.madc.sampled || s_.madc.next() == now))) {
    s_.madc.step(now, storage_ + HX_STORAGE_MADC_CONFIG_OFFSET, s_.pll.words,
                 Madc::Command{commands, data});
    if (s_.madc.sampled && !s_.madc.pattern) s_.madc.code = analog.madc(now, s_.madc.channel);
  }
  if (writes) write(at, t.address, data, byte_enables, now);

  if (jtag_taken) s_.jtag_request = false;
  const bool done = answers && !waits;
  const uint32_t response = done && t.hit && t.read ? t.data : 0;
  if (done && t.master == Transaction::kJtag && t.read) s_.jtag_data = response;
  if (kEvents && last && in.tck) step_tap(in.tms, in.tdi, now);

  if (ppus) {
    for (unsigned k = 0; k < 2; ++k) {
      const bool ended = done && t.master == Transaction::kPpu + k;
      const bool hit = kBus && t.active && !waits && at.kind == Place::kMemory && at.block == k;
      s_.ppus[k].clock({now, k, in.ppu_seed, (running >> k & 1) != 0, served == k, ended, response, hit}, memory_[k]);
    }
    find_ppus_due(now);
  }

  // Serialiser and its queue.
  if (serving) {
    s_.sent = item_done ? 0 : uint8_t(s_.sent + 1);
    if (item_done) s_.rx.pop();
  }
  if (item && room) s_.rx.push(*in.events);

  // Registers towards the link change at the end of a tick.
  const bool responds = done && t.master == Transaction::kLink;
  const bool sends = sampled || winner >= 0;
  if (winner >= 0) s_.last_winner = uint8_t(winner);
  auto respond = [&](BusResponse &to_link) {
    to_link.valid = responds;
    to_link.epoch = t.epoch;
    to_link.data = response;
  };
  if (!last) {
    if (responds) respond(s_.waiting);
    if (!kEvents) return;
    s_.held = sends;
    s_.held_madc = sampled;
    s_.held_event = merged;
    return;
  }
  if (kBus && s_.waiting.valid) {
    s_.up.response = s_.waiting;
    respond(s_.waiting);
  } else if (kBus) {
    respond(s_.up.response);
  } else {
    s_.up.response.valid = false;
  }
  if (!kEvents) {
    s_.up.events.count = 0;
    s_.up.reply.valid = false;
    return;
  }
  s_.up.events.count = uint8_t(s_.held + sends);
  unsigned k = 0;
  if (s_.held) {
    s_.up.events.madc[k] = s_.held_madc;
    s_.up.events.events[k++] = s_.held_event;
  }
  if (sends) {
    s_.up.events.madc[k] = sampled;
    s_.up.events.events[k] = merged;
  }
  s_.held = false;
  s_.up.reply.valid = in.sync && !in.sync->set;
  if (s_.up.reply.valid) {
    s_.up.reply.time = (chip_time + 1) & kChipTimeMask;
    s_.up.reply.base = base;
  }
  if (set) s_.offset = ((base << 1) - (now + 1)) & kChipTimeMask;
}

// The processors that are not held in reset, as bits.
unsigned Chip::ppus_running() const {
  auto runs = [](uint32_t control) { return control >> HX_CONTAINERS_PPU_CONTROL_REGISTER_INHIBIT_RESET_LSB & 1; };
  return runs(s_.ppu_control[0]) | runs(s_.ppu_control[1]) << 1;
}

void Chip::find_ppus_due(uint64_t now) {
  const unsigned running = ppus_running();
  s_.ppus_due = std::min(s_.ppus[0].due(now, running & 1), s_.ppus[1].due(now, running >> 1));
}

void Chip::find_next_bin() {
  s_.next_bin = kNever;
  for (const BackgroundSource &source : s_.background) {
    if (source.enabled()) s_.next_bin = std::min(s_.next_bin, source.bin);
  }
}

void Chip::step_crossbar(uint32_t arriving, const uint16_t labels[HX_CROSSBAR_INPUTS],
                         const EventsDown *refused, unsigned padi_pop, int l2_pop) {
  Crossbar &x = s_.crossbar;
  const uint32_t valid = x.in_valid;
  uint16_t granted = 0;
  const uint16_t full = x.out_full;
  uint32_t dropped = 0;  // inputs that lose their event
  for (uint32_t rest = arriving; rest != 0; rest &= rest - 1) {
    const unsigned i = unsigned(__builtin_ctz(rest));
    dropped |= uint32_t(x.in[i].full()) << i;
  }

  // Outputs give up their heads to the PADI buses and to the merger.
  const unsigned popped = padi_pop | (l2_pop >= 0 ? 1u << (HX_CROSSBAR_L2_OUTPUT + l2_pop) : 0);
  for (unsigned rest = popped; rest != 0; rest &= rest - 1) {
    const unsigned o = unsigned(__builtin_ctz(rest));
    x.out[o].pop();
    x.out_full &= uint16_t(~(1u << o));
    if (x.out[o].empty()) x.out_valid &= uint16_t(~(1u << o));
  }

  for (uint32_t rest = valid; rest != 0; rest &= rest - 1) {
    const unsigned i = unsigned(__builtin_ctz(rest));
    const uint16_t head = x.in[i][0];
    uint16_t done = x.done[i];
    bool leaves = true;
    for (uint32_t open = x.open[i]; open != 0; open &= open - 1) {
      const unsigned n = kNodes.first[i] + unsigned(__builtin_ctz(open)), o = HX_CROSSBAR_NODE_OUTPUT[n];
      const uint32_t node = x.node[n];
      if (done >> o & 1 || (head & node & 0x3fff) != (node >> 16 & 0x3fff)) continue;
      if ((granted | full) >> o & 1) {
        leaves = false;
      } else {
        granted |= uint16_t(1u << o);
        x.out[o].push(head);
        x.out_valid |= uint16_t(1u << o);
        if (x.out[o].full()) x.out_full |= uint16_t(1u << o);
        done |= uint16_t(1u << o);
        if (x.mux >> (4 + o) & 1) x.events[o] = (x.events[o] + 1) & 0xffffff;
      }
    }
    x.done[i] = leaves ? 0 : done;
    if (!leaves) continue;
    x.in[i].pop();
    if (x.in[i].empty()) x.in_valid &= ~(1u << i);
  }

  if (refused || dropped != 0) {
    uint8_t drops[4] = {};
    for (unsigned k = 0; refused && k < refused->count; ++k) ++drops[refused->labels[k] >> 14];
    uint32_t counts = 0;  // inputs of which a node enables the drop counter
    for (unsigned n = 0; n < HX_CROSSBAR_NODES; ++n) {
      if (x.node[n] >> 31) counts |= 1u << HX_CROSSBAR_NODE_INPUT[n];
    }
    for (unsigned i = 0; i < HX_CROSSBAR_INPUTS; ++i) {
      const unsigned channel = i - HX_CROSSBAR_L2_INPUT;
      const unsigned n = (dropped >> i & 1) + (channel < 4 ? drops[channel] : 0u);
      if (counts >> i & 1) x.drops[i] = uint16_t(x.drops[i] + n);
    }
  }
  for (uint32_t rest = arriving & ~dropped; rest != 0; rest &= rest - 1) {
    const unsigned i = unsigned(__builtin_ctz(rest));
    x.in[i].push(labels[i]);
    x.in_valid |= 1u << i;
  }
}

// ---- registers and memories ----

bool Chip::Place::find_synapses(uint32_t address) {
  constexpr uint32_t kLow = 0x3f3f3f3f, kHigh = 0xc0c0c0c0;
  constexpr uint32_t kViewWords = HX_OMNIBUS_SYNAPSE_WEIGHT_COUNT;
  if (address < HX_OMNIBUS_SYNAPSE_WEIGHT_TOP_BASE) return false;  // the lowest of them
  static constexpr struct {
    uint32_t raw, weight, label, even, odd;
  } bases[2] = {
      {HX_OMNIBUS_SYNAPSE_RAW_TOP_BASE, HX_OMNIBUS_SYNAPSE_WEIGHT_TOP_BASE,
       HX_OMNIBUS_SYNAPSE_LABEL_TOP_BASE, HX_OMNIBUS_SYNAPSE_EVEN2MSB_TOP_BASE,
       HX_OMNIBUS_SYNAPSE_ODD2MSB_TOP_BASE},
      {HX_OMNIBUS_SYNAPSE_RAW_BOTTOM_BASE, HX_OMNIBUS_SYNAPSE_WEIGHT_BOTTOM_BASE,
       HX_OMNIBUS_SYNAPSE_LABEL_BOTTOM_BASE, HX_OMNIBUS_SYNAPSE_EVEN2MSB_BOTTOM_BASE,
       HX_OMNIBUS_SYNAPSE_ODD2MSB_BOTTOM_BASE},
  };
  auto found = [&](uint32_t at, uint32_t shown, unsigned distance) {
    index = at;
    bits = shown;
    shift = distance;
    return true;
  };
  // A view counts 64 quads a row, the raw memory 64 for the even and 64 for the odd SRAM row.
  auto quad = [&](uint32_t at, bool odd, uint32_t shown, unsigned distance) {
    return found(at >> 6 << 7 | uint32_t(odd) << 6 | (at & 63), shown, distance);
  };
  for (block = 0; block < 2; ++block) {
    const auto &base = bases[block];
    if (address - base.raw < HX_OMNIBUS_SYNAPSE_RAW_COUNT) return found(address - base.raw, 0xffffffff, 0);
    if (address - base.weight < kViewWords) return quad(address - base.weight, false, kLow, 0);
    if (address - base.label < kViewWords) return quad(address - base.label, true, kLow, 0);
    if (address - base.even < kViewWords) return quad(address - base.even, false, kHigh, 6);
    if (address - base.odd < kViewWords) return quad(address - base.odd, true, kHigh, 6);
  }
  return false;
}

int Chip::stored(uint32_t address) {
  const auto *above = std::upper_bound(kBlocks.begin(), kBlocks.end(), address,
                                       [](uint32_t a, const Block &block) { return a < block.base; });
  if (above == kBlocks.begin()) return -1;
  const Block &block = above[-1];
  return address - block.base < block.size ? int(block.offset + address - block.base) : -1;
}

void Chip::Place::find(uint32_t address) {
  if (find_synapses(address)) {
    kind = kSynapses;
    return;
  }
  if (const int at = stored(address); at >= 0) {
    kind = kStored;
    index = uint32_t(at);
    return;
  }
  constexpr uint32_t kMemories[2] = {HX_OMNIBUS_PPU_MEMORY_TOP_BASE, HX_OMNIBUS_PPU_MEMORY_BOTTOM_BASE};
  for (block = 0; block < 2; ++block) {
    index = address - kMemories[block];
    if (index < HX_OMNIBUS_PPU_MEMORY_COUNT) {
      kind = kMemory;
      return;
    }
  }
}

uint32_t Chip::read(const Place &place, uint32_t address, uint64_t now, bool &hit) const {
  hit = true;
  if (place.kind == Place::kSynapses) return (synram_[place.block][place.index] & place.bits) >> place.shift;
  if (place.kind == Place::kStored) return storage_[place.index];
  if (place.kind == Place::kMemory) return memory_[place.block][place.index];
  if (address == HX_OMNIBUS_MADC_CONTROL_BASE || CadcPlace::of(address).valid) return 0;
  if (const uint32_t at = address - HX_OMNIBUS_BACKGROUND_SPIKE_SOURCE_BASE; at < kBackgroundWords) {
    return s_.background[at / kBackgroundStride].words[at % kBackgroundStride];
  }
  const Crossbar &x = s_.crossbar;
  if (address - HX_OMNIBUS_CROSSBAR_NODE_BASE < HX_CROSSBAR_NODES) {
    return x.node[address - HX_OMNIBUS_CROSSBAR_NODE_BASE];
  }
  if (address - HX_OMNIBUS_CROSSBAR_INPUT_DROP_COUNTER_BASE < HX_CROSSBAR_INPUTS) {
    return x.drops[address - HX_OMNIBUS_CROSSBAR_INPUT_DROP_COUNTER_BASE];
  }
  if (address - HX_OMNIBUS_CROSSBAR_OUTPUT_EVENT_COUNTER_BASE < HX_CROSSBAR_OUTPUTS) {
    return x.events[address - HX_OMNIBUS_CROSSBAR_OUTPUT_EVENT_COUNTER_BASE];
  }
  if (const uint32_t at = address - HX_OMNIBUS_ADPLL_BASE; at < Pll::kRegisters) return s_.pll.words[at];
  switch (address) {
    case HX_OMNIBUS_SYSTIME_SYNC_BASE_BASE:
      return uint32_t(s_.base);
    case HX_OMNIBUS_SYSTIME_SYNC_BASE_BASE + 1:
      return uint32_t(s_.base >> 32);
    case HX_OMNIBUS_COMMON_PHY_CONFIG_CHIP_BASE:
      return s_.phy_enable;
    case HX_OMNIBUS_CROSSBAR_OUT_MUX_BASE:
      return x.mux;
    case HX_OMNIBUS_PLL_SELF_TEST_STATUS_BASE:
      return s_.pll.status(now);
    case HX_OMNIBUS_PPU_CONTROL_TOP_BASE:
      return s_.ppu_control[0];
    case HX_OMNIBUS_PPU_CONTROL_BOTTOM_BASE:
      return s_.ppu_control[1];
    case HX_OMNIBUS_PPU_STATUS_TOP_BASE:
      return s_.ppus[0].sleeps(ppus_running() & 1);
    case HX_OMNIBUS_PPU_STATUS_BOTTOM_BASE:
      return s_.ppus[1].sleeps(ppus_running() >> 1);
    default:
      const Strobe target = strobe(address);
      hit = target.kind != Strobe::kNone;
      return target.kind == Strobe::kCounter ? s_.neurons.count[target.place] : 0;
  }
}

void Chip::tell_core(uint32_t address, uint32_t word) {
  s_.to_analog.writes = true;
  s_.to_analog.address = address;
  s_.to_analog.word = word;
}

void Chip::write(const Place &place, uint32_t address, uint32_t data, uint8_t byte_enables, uint64_t now) {
  const uint32_t mask = mask_of(byte_enables);
  auto merge = [&](uint32_t old_word) { return (old_word & ~mask) | (data & mask); };
  if (place.kind == Place::kSynapses) {
    const uint32_t bits = mask & place.bits;
    uint32_t &word = synram_[place.block][place.index];
    word = (word & ~bits) | (data << place.shift & bits);
    tell_core(address, (word & place.bits) >> place.shift);
    return;
  }
  if (place.kind == Place::kStored) {
    storage_[place.index] = merge(storage_[place.index]);
    tell_core(address, storage_[place.index]);
    return;
  }
  if (place.kind == Place::kMemory) {
    uint32_t &word = memory_[place.block][place.index];
    word = merge(word);
    return;
  }
  if (const uint32_t at = address - HX_OMNIBUS_BACKGROUND_SPIKE_SOURCE_BASE; at < kBackgroundWords) {
    BackgroundSource &source = s_.background[at / kBackgroundStride];
    const uint32_t word = at % kBackgroundStride;
    source.write(word, merge(source.words[word]), now);
    find_next_bin();
    return;
  }
  Crossbar &x = s_.crossbar;
  if (address - HX_OMNIBUS_CROSSBAR_NODE_BASE < HX_CROSSBAR_NODES) {
    const unsigned node = address - HX_OMNIBUS_CROSSBAR_NODE_BASE;
    set_node(node, merge(x.node[node]) & kNodeBits);
  } else if (address - HX_OMNIBUS_CROSSBAR_INPUT_DROP_COUNTER_BASE < HX_CROSSBAR_INPUTS) {
    x.drops[address - HX_OMNIBUS_CROSSBAR_INPUT_DROP_COUNTER_BASE] = 0;
  } else if (address - HX_OMNIBUS_CROSSBAR_OUTPUT_EVENT_COUNTER_BASE < HX_CROSSBAR_OUTPUTS) {
    x.events[address - HX_OMNIBUS_CROSSBAR_OUTPUT_EVENT_COUNTER_BASE] = 0;
  } else if (const uint32_t at = address - HX_OMNIBUS_ADPLL_BASE; at < Pll::kRegisters) {
    s_.pll.write(at, merge(s_.pll.words[at]), now);
  } else if (address == HX_OMNIBUS_PPU_CONTROL_TOP_BASE || address == HX_OMNIBUS_PPU_CONTROL_BOTTOM_BASE) {
    uint32_t &control = s_.ppu_control[address == HX_OMNIBUS_PPU_CONTROL_BOTTOM_BASE];
    control = merge(control) & HX_CONTAINERS_PPU_CONTROL_REGISTER_WORD0_BITS;
    find_ppus_due(now);
  } else if (address == HX_OMNIBUS_SYSTIME_SYNC_BASE_BASE) {
    s_.base = (s_.base & ~uint64_t{0xffffffff}) | merge(uint32_t(s_.base));
  } else if (address == HX_OMNIBUS_SYSTIME_SYNC_BASE_BASE + 1) {
    s_.base = uint64_t(merge(uint32_t(s_.base >> 32)) & 0x7ff) << 32 | uint32_t(s_.base);
  } else if (address == HX_OMNIBUS_COMMON_PHY_CONFIG_CHIP_BASE) {
    s_.phy_enable = uint8_t(merge(s_.phy_enable));
  } else if (address == HX_OMNIBUS_CROSSBAR_OUT_MUX_BASE) {
    x.mux = uint16_t(merge(x.mux));
  } else if (const Strobe target = strobe(address); target.kind == Strobe::kClear) {
    s_.neurons.count[target.place] = 0;
  } else if (target.kind == Strobe::kToCore) {
    tell_core(address, data);
  }
}

// ---- TAP ----

bool Chip::is_phy() const {
  return s_.ir >= HX_JTAG_PHY_CONFIG_IR && (s_.ir & 7) == (HX_JTAG_PHY_CONFIG_IR & 7);
}

bool Chip::tdo() const {
  if (s_.tap == kShiftIr) return s_.ir_shift & 1;
  return s_.tap == kShiftDr && (s_.dr & 1);
}

unsigned Chip::dr_last() const {
  if (is_phy()) return HX_JTAG_PHY_CONFIG_DR_WIDTH - 1;
  switch (s_.ir) {
    case HX_JTAG_IDCODE_IR:
      return HX_JTAG_IDCODE_DR_WIDTH - 1;
    case HX_JTAG_PLL_TARGET_REG_IR:
      return HX_JTAG_PLL_TARGET_REG_DR_WIDTH - 1;
    case HX_JTAG_SHIFT_PLL_IR:
      return HX_JTAG_SHIFT_PLL_DR_WIDTH - 1;
    case HX_JTAG_OMNIBUS_ADDRESS_IR:
      return HX_JTAG_OMNIBUS_ADDRESS_DR_WIDTH - 1;
    case HX_JTAG_OMNIBUS_DATA_IR:
      return HX_JTAG_OMNIBUS_DATA_DR_WIDTH - 1;
    case HX_JTAG_OMNIBUS_REQUEST_IR:
      return HX_JTAG_OMNIBUS_REQUEST_DR_WIDTH - 1;
    default:
      return 0;
  }
}

uint64_t Chip::dr_capture() const {
  if (is_phy()) return s_.phy_config[s_.ir >> 3 & 7];
  switch (s_.ir) {
    case HX_JTAG_IDCODE_IR:
      return HX_JTAG_IDCODE;
    case HX_JTAG_PLL_TARGET_REG_IR:
      return s_.pll_index;
    case HX_JTAG_SHIFT_PLL_IR:
      return s_.pll_index < Pll::kRegisters ? s_.pll.words[s_.pll_index] : 0;
    case HX_JTAG_OMNIBUS_ADDRESS_IR:
      return uint64_t(s_.jtag_read) << 32 | s_.jtag_address;
    case HX_JTAG_OMNIBUS_DATA_IR:
      return s_.jtag_data;
    default:
      return 0;
  }
}

void Chip::step_tap(bool tms, bool tdi, uint64_t now) {
  const Tap next = kNext[s_.tap][tms];
  switch (s_.tap) {
    case kCaptureIr:
      s_.ir_shift = 1;
      break;
    case kShiftIr:
      s_.ir_shift = uint8_t(s_.ir_shift >> 1 | tdi << (HX_JTAG_IR_WIDTH - 1));
      break;
    case kCaptureDr:
      s_.dr = dr_capture();
      break;
    case kShiftDr: {
      const uint64_t top = uint64_t{1} << dr_last();
      s_.dr >>= 1;
      s_.dr = tdi ? s_.dr | top : s_.dr & ~top;
      break;
    }
    default:
      break;
  }
  if (next == kUpdateIr) s_.ir = s_.ir_shift;
  if (next == kReset) s_.ir = HX_JTAG_IDCODE_IR;
  if (next == kUpdateDr) {
    if (is_phy()) {
      const unsigned phy = s_.ir >> 3 & 7;
      s_.phy_config[phy] = uint32_t(s_.dr) & ((1u << HX_JTAG_PHY_CONFIG_DR_WIDTH) - 1);
      const uint32_t bit = 1u << (7 - phy);
      const bool automatic = s_.phy_config[phy] >> HX_CONTAINERS_PHY_CONFIG_FPGA_ENABLE_AUTO_INIT_LSB & 1;
      s_.phy_auto = uint8_t(automatic ? s_.phy_auto | bit : s_.phy_auto & ~bit);
    } else if (s_.ir == HX_JTAG_PLL_TARGET_REG_IR) {
      s_.pll_index = s_.dr & 0xf;
    } else if (s_.ir == HX_JTAG_SHIFT_PLL_IR) {
      if (s_.pll_index < Pll::kRegisters) s_.pll.write(s_.pll_index, uint32_t(s_.dr), now);
    } else if (s_.ir == HX_JTAG_OMNIBUS_ADDRESS_IR) {
      s_.jtag_read = s_.dr >> 32 & 1;
      s_.jtag_address = uint32_t(s_.dr);
    } else if (s_.ir == HX_JTAG_OMNIBUS_DATA_IR) {
      s_.jtag_data = uint32_t(s_.dr);
    } else if (s_.ir == HX_JTAG_OMNIBUS_REQUEST_IR) {
      s_.jtag_request = true;
    }
  }
  s_.tap = next;
}
