// SPDX-License-Identifier: Apache-2.0
#include "link.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <sstream>

#include "hxcosim/ut.h"

namespace flange {
namespace {

constexpr size_t kHeaderBytes = 16;
constexpr size_t kMaxFrame = size_t{1} << 36;
constexpr size_t kAnswerChunk = size_t{1} << 16;  // words per frame of answers
constexpr uint64_t kTickCycles = 2;
constexpr size_t kMagicBytes = sizeof kMagic - 1;

struct Header {
  uint16_t kind, flags;
  uint32_t reserved;
  uint64_t size;
};
static_assert(sizeof(Header) == kHeaderBytes, "the header of a frame is 16 bytes");

uint64_t clock_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

bool is_halt(uint64_t word) {
  return word >> (HX_UT_PHYWORD_WIDTH - HX_UT_HEADER_WIDTH) == HX_UT_TO_FPGA_LOOPBACK_ID &&
         !(word >> HX_UT_TO_FPGA_LOOPBACK_TICK_LSB & 1);
}

bool read_all(int fd, void* to, size_t n) {
  auto* at = static_cast<char*>(to);
  while (n) {
    const ssize_t got = ::read(fd, at, n);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    n -= static_cast<size_t>(got);
  }
  return true;
}

bool write_all(int fd, const void* from, size_t n) {
  const auto* at = static_cast<const char*>(from);
  while (n) {
    const ssize_t put = ::send(fd, at, n, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    at += put;
    n -= static_cast<size_t>(put);
  }
  return true;
}

std::string hello_payload(const std::string& text) {
  std::string payload(kMagic, kMagicBytes);
  payload.append(reinterpret_cast<const char*>(&kVersion), sizeof kVersion);
  return payload + text;
}

void send_plain(int fd, int kind, const std::string& payload) {
  const Header header = {static_cast<uint16_t>(kind), 0, 0, payload.size()};
  std::string frame(reinterpret_cast<const char*>(&header), sizeof header);
  frame += payload;
  write_all(fd, frame.data(), frame.size());
}

}  // namespace

uint64_t number(const std::string& key, const std::string& value, uint64_t most) {
  const bool digits = value.find_first_not_of("0123456789") == std::string::npos;
  errno = 0;
  const uint64_t found = digits && !value.empty() ? std::strtoull(value.c_str(), nullptr, 10) : most + 1;
  if (found > most || errno)
    throw Failure(key + " " + value + ": must be a number in 0.." + std::to_string(most));
  return found;
}

static double seconds(const std::string& key, const std::string& value) {
  char* end = nullptr;
  const bool digits = value.find_first_not_of("0123456789.eE+-") == std::string::npos;
  const double found = std::strtod(value.c_str(), &end);
  if (!digits || value.empty() || *end || !std::isfinite(found) || found < 0)
    throw Failure(key + " " + value + ": must be a number of seconds, 0 or more");
  return found;
}

bool Options::parse(const std::string& key, const std::string& value) {
  if (key == "--host") host = value;
  else if (key == "--port") port = static_cast<int>(number(key, value, 65535));
  else if (key == "--ready-fd") ready_fd = static_cast<int>(number(key, value, INT_MAX));
  else if (key == "--once") once = value != "0";
  else if (key == "--idle-exit") idle_exit = seconds(key, value);
  else if (key == "--replay") script = value;
  else if (key == "--answers") answers = value;
  else if (key == "--name") name = value;
  else return false;
  return true;
}

std::string Frame_::text(size_t from) const {
  if (from >= size) return {};
  return {reinterpret_cast<const char*>(data.data()) + from, size - from};
}

Link::Link(Options options) : options_(std::move(options)) { configure(Frame_{}); }

Link::~Link() {
  stopping_ = true;
  if (thread_.joinable()) {
    const char byte = 0;
    (void)!::write(wake_[1], &byte, 1);
    thread_.join();
  }
  for (const int fd : {listener_, client_, wake_[0], wake_[1]})
    if (fd >= 0) ::close(fd);
  if (answers_file_) std::fclose(answers_file_);
}

void Link::start() {
  if (!options_.answers.empty()) {
    answers_file_ = std::fopen(options_.answers.c_str(), "wb");
    if (!answers_file_)
      throw Failure("cannot write answers to " + options_.answers + ": " + std::strerror(errno));
  }
  if (!options_.script.empty()) {
    load_script();
    return;
  }
  listen();
  if (::pipe(wake_) != 0) throw Failure(std::string("cannot make a pipe: ") + std::strerror(errno));
  if (options_.ready_fd >= 0) {
    ::dprintf(options_.ready_fd, "%d\n", port_);
    ::close(options_.ready_fd);
  }
  thread_ = std::thread([this] { serve(); });
}

void Link::load_script() {
  FILE* file = std::fopen(options_.script.c_str(), "rb");
  if (!file)
    throw Failure("cannot read script " + options_.script + ": " + std::strerror(errno));
  const std::unique_ptr<FILE, int (*)(FILE*)> closer(file, std::fclose);
  Header header;
  size_t got = 0;
  while ((got = std::fread(&header, 1, sizeof header, file)) == sizeof header) {
    Frame_ frame;
    frame.kind = header.kind;
    frame.flags = header.flags;
    frame.size = header.size;
    bool whole = header.size <= kMaxFrame;
    if (whole) {
      frame.data.resize((header.size + 7) / 8);
      whole = std::fread(frame.data.data(), 1, header.size, file) == header.size;
    }
    if (!whole) throw Failure("script " + options_.script + " ends in the middle of a frame");
    enqueue(std::move(frame));
  }
  if (got) throw Failure("script " + options_.script + " ends in the middle of a frame");
  Frame_ end;
  end.kind = Frame::Shutdown;
  enqueue(std::move(end));
  connected_ = true;
}

void Link::listen() {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(options_.port));
  if (::inet_pton(AF_INET, options_.host.c_str(), &address.sin_addr) != 1)
    throw Failure("host " + options_.host + " is not an IPv4 address");
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 8) != 0) {
    const std::string where = options_.host + ":" + std::to_string(options_.port);
    throw Failure(errno == EADDRINUSE ? "port in use: " + where
                                      : "cannot listen on " + where + ": " + std::strerror(errno));
  }
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
}

// The second thread: accepts, refuses, reads. It never writes to the client that is connected.
void Link::serve() {
  uint64_t idle_since = clock_ns();
  bool ending = false;
  const auto end = [&] {
    Frame_ last;
    last.kind = Frame::Shutdown;
    enqueue(std::move(last));
  };
  while (!stopping_) {
    if (stop_) {
      interrupt_ = true;  // again and again: a run that is asked for clears it
      if (!ending) end();
      ending = true;
    }
    pollfd fds[3] = {{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}, {-1, POLLIN, 0}};
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (connected_ && !gone_) fds[2].fd = client_;
      if (connected_) idle_since = clock_ns();
    }
    if (::poll(fds, 3, 200) < 0 && errno != EINTR) break;
    if (fds[1].revents & POLLIN) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd >= 0 && !greet(fd)) ::close(fd);
    }
    if (fds[2].fd >= 0 && fds[2].revents) {
      Frame_ frame;
      if (!receive(fds[2].fd, frame)) {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (client_ == fds[2].fd) gone_ = true;
        condition_.notify_all();
      } else if (frame.kind == Frame::Interrupt) {
        interrupt_ = true;
      } else {
        // An interrupt is of the run asked for before it, begun or not.
        if (frame.kind == Frame::Run || frame.kind == Frame::Advance) interrupt_ = false;
        enqueue(std::move(frame));
      }
    }
    if (options_.idle_exit > 0 && clock_ns() - idle_since > options_.idle_exit * 1e9) {
      end();
      return;
    }
  }
}

// Say why there is no connection, and read what is on its way: closing with unread bytes would
// take the message back.
void Link::refuse(int fd, const std::string& why) {
  send_plain(fd, Frame::Refused, why);
  ::shutdown(fd, SHUT_WR);
  char rest[256];
  while (::read(fd, rest, sizeof rest) > 0) {
  }
}

bool Link::greet(int fd) {
  const timeval patience = {0, 300000};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  bool busy = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    busy = connected_;
  }
  if (busy) {
    refuse(fd, "another client is connected to this simulation; close it or start a second one");
    return false;
  }
  Header header = {};
  if (!read_all(fd, &header, sizeof header) || header.kind != Frame::Hello ||
      header.size < kMagicBytes + sizeof kVersion || header.size > 4096) {
    refuse(fd, "this is a flange server; the client did not say hello");
    return false;
  }
  std::string payload(header.size, '\0');
  if (!read_all(fd, payload.data(), payload.size())) return false;
  uint32_t version = 0;
  std::memcpy(&version, payload.data() + kMagicBytes, sizeof version);
  if (payload.compare(0, kMagicBytes, kMagic) != 0 || version != kVersion) {
    refuse(fd, "the server speaks version " + std::to_string(kVersion) +
                   " of the link, the client " + std::to_string(version) +
                   "; rebuild the simulation");
    return false;
  }
  const timeval for_ever = {0, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &for_ever, sizeof for_ever);
  const int yes = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  send_plain(fd, Frame::Welcome, hello_payload(options_.name));
  const std::lock_guard<std::mutex> lock(mutex_);
  client_ = fd;
  gone_ = false;
  connected_ = true;
  condition_.notify_all();
  return true;
}

bool Link::receive(int fd, Frame_& frame) {
  Header header;
  if (!read_all(fd, &header, sizeof header) || header.size > kMaxFrame) return false;
  frame.kind = header.kind;
  frame.flags = header.flags;
  frame.size = header.size;
  frame.data.resize((header.size + 7) / 8);
  return read_all(fd, frame.data.data(), header.size);
}

void Link::enqueue(Frame_ frame) {
  const std::lock_guard<std::mutex> lock(mutex_);
  commands_.push_back(std::move(frame));
  condition_.notify_all();
}

// Wait for a command; false if the client has gone.
bool Link::next_command(Frame_& frame) {
  std::unique_lock<std::mutex> lock(mutex_);
  condition_.wait(lock, [this] { return !commands_.empty() || gone_; });
  if (commands_.empty()) return false;
  frame = std::move(commands_.front());
  commands_.pop_front();
  return true;
}

// Everything of the old client goes, so that the next one starts from a known state; the state of
// the simulated system stays until that one resets the connection.
void Link::forget_client() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (client_ >= 0) {
    ::shutdown(client_, SHUT_RDWR);
    ::close(client_);
  }
  client_ = -1;
  connected_ = false;
  gone_ = false;
  interrupt_ = false;
  commands_.clear();
  words_.clear();
  out_words_.clear();
  out_times_.clear();
  report_[Report::Halts] = report_[Report::Queued] = 0;
  configure(Frame_{});
}

void Link::configure(const Frame_& frame) {
  if (frame.kind != Frame::Config) {
    for (int key = 0; key < Config::Count; ++key) {
      if (!chip_fixed_ || (key != Config::Seed && key != Config::Analog)) config_[key] = kSettings[key].value;
    }
    return;
  }
  for (size_t i = 0; i + 1 < frame.data.size(); i += 2) {
    const uint64_t key = frame.data[i], value = frame.data[i + 1];
    const bool legal = key < Config::Count && value >= kSettings[key].least && value <= kSettings[key].most;
    const bool late = chip_fixed_ && (key == Config::Seed || key == Config::Analog);
    if (!legal || (late && value != config_[key])) {
      send_text(Frame::Error, "setting " + std::to_string(key) + " cannot be " +
                                  std::to_string(value));
    } else {
      config_[key] = value;
    }
  }
}

void Link::freeze(int status, uint64_t halts, int entered, const uint64_t* entered_at,
                  uint64_t* control) {
  if (run_began_ns_) report_[Report::RunNs] += clock_ns() - run_began_ns_;
  ++report_[Report::Calls];
  note_entered(entered, entered_at);
  report_[Report::Halts] = halts;
  report_[Report::Status] = static_cast<uint64_t>(status);
  send_answers();
  if (on_freeze) on_freeze();
  if (action_ >= 0) send_report(Frame::Frozen, status);
  action_ = -1;
  std::fill(control, control + Control::Count, 0);
  control[Control::Action] = Action::Terminate;
  bool gone_before = false;
  for (Frame_ frame; action_ < 0;) {
    if (!next_command(frame)) {
      gone_before = true;
      forget_client();
      if (options_.once) break;
      continue;
    }
    if (!obey(frame, control)) break;
  }
  if (gone_before) control[Control::Reset] = 1;  // words of the old client are not executed
  control[Control::Halts] = report_[Report::Halts];
  control[Control::Skip] = config_[Config::Skip];
  control[Control::Rate] = config_[Config::Rate];
  control[Control::Stall] = config_[Config::Stall];
  control[Control::StallA] = config_[Config::StallA];
  control[Control::StallB] = config_[Config::StallB];
  control[Control::LinkSeed] = config_[Config::LinkSeed];
  control[Control::LinkLost] = config_[Config::LinkLost];
  control[Control::LinkDamaged] = config_[Config::LinkDamaged];
  control[Control::LinkRepeated] = config_[Config::LinkRepeated];
  control[Control::Ppu] = config_[Config::Ppu];
  run_began_ns_ = progress_ns_ = clock_ns();
}

// Returns false if the simulation is to end; sets action_ if time is to pass.
bool Link::obey(const Frame_& frame, uint64_t* control) {
  const uint64_t first = frame.data.empty() ? 0 : frame.data[0];
  const uint64_t now = report_[Report::Now];
  switch (frame.kind) {
    case Frame::Hello:
      return true;
    case Frame::Words: {
      Chunk chunk;
      chunk.timed = frame.flags & kWithTimes;
      chunk.n = frame.size / 8 / (chunk.timed ? 2 : 1);
      if (frame.size != chunk.n * 8 * (chunk.timed ? 2 : 1)) {
        send_text(Frame::Error, "a frame of words has a broken length");
        return true;
      }
      report_[Report::Queued] += chunk.n;
      report_[Report::Halts] += static_cast<uint64_t>(
          std::count_if(frame.data.begin(), frame.data.begin() + chunk.n, is_halt));
      chunk.frame = std::move(const_cast<Frame_&>(frame));
      words_.push_back(std::move(chunk));
      return true;
    }
    case Frame::Run:
      if (report_[Report::Halts] == 0) {
        send_report(Frame::Frozen, Status::NoHalt);
        return true;
      }
      action_ = Action::Run;
      control[Control::Limit] = first ? std::min(now + first, kLongest) : kLongest;
      break;
    case Frame::Advance:
      if (first == 0) {
        send_report(Frame::Frozen, Status::Limit);
        return true;
      }
      action_ = Action::Advance;
      control[Control::Limit] = std::min(now + first, kLongest);
      break;
    case Frame::Reset:
      action_ = Action::Reset;
      words_.clear();
      report_[Report::Queued] = 0;
      report_[Report::Halts] = 0;
      control[Control::Reset] = 1;
      control[Control::Limit] = std::min(now + kTickCycles * std::max<uint64_t>(first, 1), kLongest);
      break;
    case Frame::Config:
      configure(frame);
      return true;
    case Frame::Waves: {
      const uint64_t last = frame.data.size() > 1 ? frame.data[1] : 0;
      const std::string error =
          on_waves ? on_waves(frame.text(16), first, last)
                   : "this simulation records its waveform by itself (start it with WAVES=1)";
      if (!error.empty()) send_text(Frame::Error, error);
      send_report(Frame::StatsReport, Status::Poll);
      return true;
    }
    case Frame::Stats:
      send_report(Frame::StatsReport, Status::Poll);
      return true;
    case Frame::Bye:
      send_text(Frame::Goodbye, "goodbye");
      gone_ = true;
      return true;
    case Frame::Shutdown:
      send_text(Frame::Goodbye, "the simulation was shut down");
      return false;
    default:
      send_text(Frame::Error, "unknown frame " + std::to_string(frame.kind));
      return true;
  }
  control[Control::Action] = static_cast<uint64_t>(action_);
  return true;
}

int Link::pull(int entered, const uint64_t* entered_at, uint64_t* words, uint64_t* due) {
  ++report_[Report::Calls];
  note_entered(entered, entered_at);
  int n = 0;
  while (n < kBatch && !words_.empty()) {
    Chunk& chunk = words_.front();
    const size_t m = std::min<size_t>(static_cast<size_t>(kBatch - n), chunk.n - chunk.next);
    const uint64_t* from = chunk.frame.data.data() + chunk.next;
    std::copy_n(from, m, words + n);
    if (chunk.timed) std::copy_n(from + chunk.n, m, due + n);
    else std::fill_n(due + n, m, 0);
    chunk.next += m;
    n += static_cast<int>(m);
    if (chunk.next == chunk.n) words_.pop_front();
  }
  return n;
}

void Link::note_entered(int entered, const uint64_t* entered_at) {
  report_[Report::WordsIn] += static_cast<uint64_t>(entered);
  report_[Report::Queued] -= static_cast<uint64_t>(entered);
  if (entered && config_[Config::Record])
    send(Frame::Entered, entered_at, static_cast<size_t>(entered) * 8);
}

void Link::push(int n, const uint64_t* words, const uint64_t* left_at) {
  ++report_[Report::Calls];
  report_[Report::WordsOut] += static_cast<uint64_t>(n);
  out_words_.insert(out_words_.end(), words, words + n);
  out_times_.insert(out_times_.end(), left_at, left_at + n);
  if (out_words_.size() >= kAnswerChunk) send_answers();
}

void Link::send_answers() {
  const size_t bytes = out_words_.size() * 8;
  if (bytes) send(Frame::Answers, out_words_.data(), bytes, out_times_.data(), bytes);
  out_words_.clear();
  out_times_.clear();
}

void Link::progress(uint64_t now, uint64_t cycles, uint64_t skipped) {
  report_[Report::Now] = now;
  report_[Report::Cycles] = cycles;
  report_[Report::Skipped] = skipped;
}

bool Link::poll() {
  ++report_[Report::Calls];
  const uint64_t ns = clock_ns();
  if (options_.script.empty() && ns - progress_ns_ > 500000000) {
    progress_ns_ = ns;
    send_answers();
    send_report(Frame::Progress, Status::Poll);
  }
  return gone_ || (interrupt_ && action_ != Action::Reset);
}

void Link::diagnostic(uint64_t now, int code, uint64_t data) {
  ++report_[Report::Calls];
  const uint64_t payload[3] = {now, static_cast<uint64_t>(code), data};
  send(Frame::Diagnostic, payload, sizeof payload);
}

void Link::send(int kind, const void* a, size_t na, const void* b, size_t nb) {
  const Header header = {static_cast<uint16_t>(kind), 0, 0, na + nb};
  if (answers_file_) {
    std::fwrite(&header, sizeof header, 1, answers_file_);
    std::fwrite(a, 1, na, answers_file_);
    if (nb) std::fwrite(b, 1, nb, answers_file_);
    if (kind == Frame::Frozen || kind == Frame::Goodbye) std::fflush(answers_file_);
  }
  if (client_ < 0 || gone_) return;
  if (!write_all(client_, &header, sizeof header) || !write_all(client_, a, na) ||
      (nb && !write_all(client_, b, nb)))
    gone_ = true;
}

void Link::send_text(int kind, const std::string& text) { send(kind, text.data(), text.size()); }

void Link::send_report(int kind, int status) {
  report_[Report::Status] = static_cast<uint64_t>(status);
  send(kind, report_, sizeof report_);
}

Link& link(const Options* options) {
  static std::unique_ptr<Link> instance;
  if (!instance) {
    Options taken = options ? *options : Options{};
    if (const char* text = options ? nullptr : std::getenv("HXCOSIM_FLANGE")) {
      std::istringstream words(text);
      for (std::string key, value; words >> key >> value;)
        if (!taken.parse(key, value)) throw Failure("HXCOSIM_FLANGE: unknown option " + key);
    }
    instance = std::make_unique<Link>(taken);
    instance->start();
  }
  return *instance;
}

}  // namespace flange

// The DPI imports of flange_top.sv. An error of the host's side must not pass into the simulator.
extern "C" {

void* flange_open() {
  try {
    flange::Link& link = flange::link();
    if (link.port()) std::printf("flange: listening on port %d\n", link.port());
    std::fflush(stdout);
    return &link;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "flange: %s\n", error.what());
    std::exit(2);
  }
}

void flange_freeze(void* link, int status, unsigned long long now, unsigned long long cycles,
                   unsigned long long skipped, unsigned long long halts, int entered,
                   const uint64_t* entered_at, uint64_t* control) {
  auto& self = *static_cast<flange::Link*>(link);
  self.progress(now, cycles, skipped);
  self.freeze(status, halts, entered, entered_at, control);
}

int flange_pull(void* link, int entered, const uint64_t* entered_at, uint64_t* words,
                uint64_t* due) {
  return static_cast<flange::Link*>(link)->pull(entered, entered_at, words, due);
}

void flange_push(void* link, int n, const uint64_t* words, const uint64_t* left_at) {
  static_cast<flange::Link*>(link)->push(n, words, left_at);
}

int flange_poll(void* link, unsigned long long now, unsigned long long cycles,
                unsigned long long skipped) {
  auto& self = *static_cast<flange::Link*>(link);
  self.progress(now, cycles, skipped);
  return self.poll();
}

void flange_diagnostic(void* link, unsigned long long now, int code, unsigned long long data) {
  static_cast<flange::Link*>(link)->diagnostic(now, code, data);
}
}
