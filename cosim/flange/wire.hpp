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
enum : int { Hello = 1, Words = 2, Run = 3, Advance = 4, Reset = 5, Config = 6, Waves = 7, Stats = 8, Bye = 9, Shutdown = 10, Interrupt = 11, Welcome = 129, Refused = 130, Answers = 131, Entered = 132, Frozen = 133, StatsReport = 134, Diagnostic = 135, Error = 136, Goodbye = 137, Progress = 138 };
constexpr int Count = 21;
}
namespace Config {
enum : int { Skip = 0, Rate = 1, Stall = 2, StallA = 3, StallB = 4, Record = 5, Seed = 6, Analog = 7, LinkSeed = 8, LinkLost = 9, LinkDamaged = 10, LinkRepeated = 11, Ppu = 12 };
constexpr int Count = 13;
}
namespace Stall {
enum : int { None = 0, Periodic = 1, Random = 2 };
constexpr int Count = 3;
}
namespace Status {
enum : int { Halted = 0, NoHalt = 1, Limit = 2, Interrupted = 3, Reset = 4, Started = 5, Poll = 6 };
constexpr int Count = 7;
}
namespace Action {
enum : int { Run = 0, Advance = 1, Reset = 2, Terminate = 3 };
constexpr int Count = 4;
}
namespace Control {
enum : int { Action = 0, Limit = 1, Halts = 2, Skip = 3, Rate = 4, Stall = 5, StallA = 6, StallB = 7, Reset = 8, LinkSeed = 9, LinkLost = 10, LinkDamaged = 11, LinkRepeated = 12, Ppu = 13 };
constexpr int Count = 14;
}
namespace Report {
enum : int { Status = 0, Now = 1, Cycles = 2, Skipped = 3, WordsIn = 4, WordsOut = 5, Queued = 6, Halts = 7, RunNs = 8, Calls = 9 };
constexpr int Count = 10;
}
constexpr uint64_t kLinkFrames = 1000;
constexpr uint64_t kLongest = 17592186044415;
constexpr uint64_t kCyclePs = 4000;
struct Setting {
uint64_t value, least, most;  // value: the default
};
constexpr Setting kSettings[Config::Count] = {
{1, 0, 1},
{1, 1, 17592186044415},
{0, 0, 2},
{1, 1, 17592186044415},
{0, 0, 17592186044415},
{0, 0, 1},
{0, 0, 17592186044415},
{0, 0, 1},
{0, 0, 4294967295},
{0, 0, 1000},
{0, 0, 1000},
{0, 0, 1000},
{0, 0, 4294967295},
};
}  // namespace flange
