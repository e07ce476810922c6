// SPDX-License-Identifier: Apache-2.0
// The simulation's end of the link: takes commands from a socket or a script, hands words and
// permission to run to the wrapper through DPI, and sends back what comes out.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "wire.hpp"

namespace flange {

struct Options {
  std::string host = "127.0.0.1";
  int port = 0;              // 0: the system chooses
  int ready_fd = -1;         // where to write the port, for the parent process
  bool once = false;         // end with the first client
  double idle_exit = 0;      // s without a client until the end; 0: never
  std::string script;        // frames of the host from a file, instead of a socket
  std::string answers;       // frames of the server into a file (with a script)
  std::string name = "hx_system";

  // Take one option of the command line; false if it is none of the link's.
  bool parse(const std::string& key, const std::string& value);
};

// What could not be done, for the user; the exit code is that of the stand-alone server.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Value of an option of the command line. Throws Failure unless it is a whole number in 0..most.
uint64_t number(const std::string& key, const std::string& value, uint64_t most);

struct Frame_ {
  uint16_t kind = 0;
  uint16_t flags = 0;
  std::vector<uint64_t> data;  // the payload, padded with zeros to whole words
  size_t size = 0;             // bytes of the payload

  std::string text(size_t from) const;
};

class Link {
 public:
  explicit Link(Options options);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Opens or closes (empty path) a waveform; returns an error text or nothing.
  std::function<std::string(const std::string& path, uint64_t from, uint64_t to)> on_waves;
  // Called whenever the clock stops.
  std::function<void()> on_freeze;

  // The host wants attention: its client has gone, or it asks to freeze.
  bool urgent() const {
    return gone_.load(std::memory_order_relaxed) || interrupt_.load(std::memory_order_relaxed);
  }

  // End as after a Shutdown, at once if a run goes on. For handlers of signals.
  void stop() { stop_ = true; }

  void start();
  int port() const { return port_; }
  uint64_t now() const { return report_[Report::Now]; }
  uint64_t report(int index) const { return report_[index]; }

  // What the wrapper calls.
  void freeze(int status, uint64_t halts, int entered, const uint64_t* entered_at,
              uint64_t* control);
  int pull(int entered, const uint64_t* entered_at, uint64_t* words, uint64_t* due);
  void push(int n, const uint64_t* words, const uint64_t* left_at);
  bool poll();
  void diagnostic(uint64_t now, int code, uint64_t data);
  void progress(uint64_t now, uint64_t cycles, uint64_t skipped);
  uint64_t setting(int key) const { return config_[key]; }
  // The analog core exists: which chip it is cannot be changed any more.
  void fix_chip() { chip_fixed_ = true; }

 private:
  struct Chunk {
    Frame_ frame;
    size_t n = 0, next = 0;
    bool timed = false;
  };

  void load_script();
  void listen();
  void serve();
  bool greet(int fd);
  static void refuse(int fd, const std::string& why);
  bool receive(int fd, Frame_& frame);
  void enqueue(Frame_ frame);
  bool next_command(Frame_& frame);
  bool obey(const Frame_& frame, uint64_t* control);
  void configure(const Frame_& frame);
  void forget_client();
  void note_entered(int entered, const uint64_t* entered_at);
  void send(int kind, const void* a, size_t na, const void* b = nullptr, size_t nb = 0);
  void send_text(int kind, const std::string& text);
  void send_report(int kind, int status);
  void send_answers();

  Options options_;
  int port_ = 0;
  int listener_ = -1, client_ = -1, wake_[2] = {-1, -1};
  FILE* answers_file_ = nullptr;
  std::thread thread_;

  // Between the two threads.
  std::mutex mutex_;
  std::condition_variable condition_;
  std::deque<Frame_> commands_;
  std::atomic<bool> gone_{false}, interrupt_{false}, stop_{false}, stopping_{false};
  bool connected_ = false;

  // Of the simulation's thread alone.
  std::deque<Chunk> words_;
  uint64_t config_[Config::Count];
  uint64_t report_[Report::Count] = {};
  uint64_t run_began_ns_ = 0, progress_ns_ = 0;
  int action_ = -1;
  bool chip_fixed_ = false;
  std::vector<uint64_t> out_words_, out_times_;
};

// The link of this process; the options are taken when it is opened for the first time.
Link& link(const Options* options = nullptr);

}  // namespace flange
