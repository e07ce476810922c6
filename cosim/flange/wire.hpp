// Generated from cosim/flange/wire.py by cosim.build.generate; do not edit.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
namespace flange {
constexpr char kMagic[] = "HXFLANGE";
constexpr uint32_t kVersion = 1;
constexpr int kBatch = 256;
constexpr uint16_t kWithTimes = 1;
namespace Frame {
enum : int { HELLO = 1, WORDS = 2, RUN = 3, ADVANCE = 4, RESET = 5, CONFIG = 6, WAVES = 7, STATS = 8, BYE = 9, SHUTDOWN = 10, INTERRUPT = 11, WELCOME = 129, REFUSED = 130, ANSWERS = 131, ENTERED = 132, FROZEN = 133, STATS_REPORT = 134, DIAGNOSTIC = 135, ERROR = 136, GOODBYE = 137, PROGRESS = 138 };
constexpr int Count = 21;
}
namespace Config {
enum : int { SKIP = 0, RATE = 1, STALL = 2, STALL_A = 3, STALL_B = 4, RECORD = 5 };
constexpr int Count = 6;
}
namespace Stall {
enum : int { NONE = 0, PERIODIC = 1, RANDOM = 2 };
constexpr int Count = 3;
}
namespace Status {
enum : int { HALTED = 0, NO_HALT = 1, LIMIT = 2, INTERRUPTED = 3, RESET = 4, STARTED = 5, POLL = 6 };
constexpr int Count = 7;
}
namespace Action {
enum : int { RUN = 0, ADVANCE = 1, RESET = 2, TERMINATE = 3 };
constexpr int Count = 4;
}
namespace Control {
enum : int { ACTION = 0, LIMIT = 1, HALTS = 2, SKIP = 3, RATE = 4, STALL = 5, STALL_A = 6, STALL_B = 7, RESET = 8 };
constexpr int Count = 9;
}
namespace Report {
enum : int { STATUS = 0, NOW = 1, CYCLES = 2, SKIPPED = 3, WORDS_IN = 4, WORDS_OUT = 5, QUEUED = 6, HALTS = 7, RUN_NS = 8, CALLS = 9 };
constexpr int Count = 10;
}
}  // namespace flange
