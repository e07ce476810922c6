// SPDX-License-Identifier: Apache-2.0
// The stand-alone simulation: its own clock loop around the Verilated flange_top, no cocotb.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "Vtop.h"
#include "link.hpp"
#include "verilated.h"
#if VM_COVERAGE
#include "verilated_cov.h"
#endif

#if defined(VM_TRACE_FST) && VM_TRACE_FST
#include "verilated_fst_c.h"
using Waves = VerilatedFstC;
constexpr const char* kWaves = "FST";
#elif defined(VM_TRACE) && VM_TRACE
#include "verilated_vcd_c.h"
using Waves = VerilatedVcdC;
constexpr const char* kWaves = "VCD";
#else
constexpr const char* kWaves = "none";
#endif

namespace {

constexpr int kResetCycles = 8;

class Simulation {
 public:
  Simulation(int argc, char** argv) {
    context_.commandArgs(argc, argv);
    top_ = std::make_unique<Vtop>(&context_);
#if VM_TRACE
    context_.traceEverOn(true);
    top_->trace(&waves_, 99);
#endif
    top_->clk_i = 0;
    top_->rst_ni = 0;
    top_->eval();
    for (int i = 0; i < kResetCycles; ++i) {
      top_->clk_i = 1;
      top_->eval();
      top_->clk_i = 0;
      top_->eval();
    }
    top_->rst_ni = 1;
    top_->eval();
  }

  ~Simulation() {
    waves("", 0, 0);
    top_->final();
#if VM_COVERAGE
    context_.coveragep()->write(context_.coverageFilename().c_str());
#endif
  }

  void run(const flange::Link& link) {
    while (!top_->terminate_o && !context_.gotFinish()) {
      const uint64_t now = top_->now_o;
      context_.time(now * flange::kCyclePs);
      top_->poll_i = link.urgent();
      top_->clk_i = 1;
      top_->eval();
      dump(now, now * flange::kCyclePs);
      top_->clk_i = 0;
      top_->eval();
      dump(now, now * flange::kCyclePs + flange::kCyclePs / 2);
    }
  }

  std::string waves(const std::string& path, uint64_t from, uint64_t to) {
#if VM_TRACE
    if (waves_.isOpen()) waves_.close();
    if (path.empty()) return {};
    if (to && to < from)
      return "the waveform's last cycle " + std::to_string(to) + " lies before its first, " +
             std::to_string(from);
    FILE* probe = std::fopen(path.c_str(), "wb");
    if (!probe) return "cannot write waveform " + path + ": " + std::strerror(errno);
    std::fclose(probe);
    waves_.set_time_unit("1ps");
    waves_.set_time_resolution("1ps");
    waves_.open(path.c_str());
    from_ = from;
    to_ = to ? to : ~uint64_t{0};
    return {};
#else
    (void)from;
    (void)to;
    return path.empty() ? "" : "this simulation was built without waveforms; build it with them";
#endif
  }

  void flush() {
#if VM_TRACE
    if (waves_.isOpen()) waves_.flush();
#endif
  }

 private:
  void dump([[maybe_unused]] uint64_t now, [[maybe_unused]] uint64_t time) {
#if VM_TRACE
    if (waves_.isOpen() && now >= from_ && now <= to_) waves_.dump(time);
#endif
  }

  VerilatedContext context_;
#if VM_TRACE
  Waves waves_;
#endif
  std::unique_ptr<Vtop> top_;
  uint64_t from_ = 0, to_ = 0;
};

volatile std::sig_atomic_t stopped_by = 0;

// The first signal ends in order, so that the waveform is whole; a second one at once.
void stop_in_order(int signal) {
  stopped_by = signal;
  std::signal(signal, SIG_DFL);
  flange::link().stop();
}

void print_speed(const flange::Link& link, double seconds) {
  using namespace flange;
  const double run = static_cast<double>(link.report(Report::RunNs)) * 1e-9;
  const auto value = [&](int i) { return static_cast<unsigned long long>(link.report(i)); };
  std::printf(
      "{\"cycles\": %llu, \"skipped\": %llu, \"words_in\": %llu, \"words_out\": %llu, "
      "\"calls\": %llu, \"run_s\": %.6f, \"total_s\": %.6f, \"cycles_per_s\": %.0f}\n",
      value(Report::Cycles), value(Report::Skipped), value(Report::WordsIn),
      value(Report::WordsOut), value(Report::Calls), run, seconds,
      run > 0 ? static_cast<double>(value(Report::Cycles)) / run : 0.0);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    flange::Options options;
    std::string waves;
    unsigned long long from = 0, to = 0;
    for (int i = 1; i < argc; ++i) {
      const std::string key = argv[i];
      if (key[0] == '+') continue;  // for the Verilated model
      if (key == "--once") {
        options.once = true;
        continue;
      }
      if (i + 1 == argc) throw flange::Failure("option " + key + " is unknown or lacks a value");
      const std::string value = argv[++i];
      if (key == "--waves") waves = value;
      else if (key == "--waves-from") from = flange::number(key, value, flange::kLongest);
      else if (key == "--waves-to") to = flange::number(key, value, flange::kLongest);
      else if (!options.parse(key, value)) throw flange::Failure("unknown option " + key);
    }
    flange::Link& link = flange::link(&options);
    Simulation simulation(argc, argv);
    const auto open = [&](const std::string& path, uint64_t a, uint64_t b) {
      return simulation.waves(path, a, b);
    };
    if (!waves.empty()) {
      const std::string error = open(waves, from, to);
      if (!error.empty()) throw flange::Failure(error);
    }
    link.on_waves = open;
    link.on_freeze = [&] { simulation.flush(); };
    if (options.script.empty()) {
      for (const int signal : {SIGINT, SIGTERM}) {
        if (std::signal(signal, stop_in_order) == SIG_IGN) std::signal(signal, SIG_IGN);
      }
    }
    const auto began = std::chrono::steady_clock::now();
    simulation.run(link);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    link.on_waves = nullptr;
    link.on_freeze = nullptr;
    if (!options.script.empty()) print_speed(link, took.count());
    if (stopped_by && !waves.empty()) {
      std::fprintf(stderr, "flange: interrupted; %s is whole\n", waves.c_str());
    }
    return stopped_by ? 128 + stopped_by : 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "flange: %s (waveforms: %s)\n", error.what(), kWaves);
    return 2;
  }
}
