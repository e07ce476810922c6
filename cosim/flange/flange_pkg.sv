// Generated from cosim/flange/wire.py by cosim.build.generate; do not edit.
// SPDX-License-Identifier: Apache-2.0
package flange_pkg;
  localparam int Batch = 256;
  localparam int LinkFrames = 1000;
  localparam int StallNone = 0;
  localparam int StallPeriodic = 1;
  localparam int StallRandom = 2;
  localparam int StallCount = 3;
  localparam int StatusHalted = 0;
  localparam int StatusNoHalt = 1;
  localparam int StatusLimit = 2;
  localparam int StatusInterrupted = 3;
  localparam int StatusReset = 4;
  localparam int StatusStarted = 5;
  localparam int StatusPoll = 6;
  localparam int StatusCount = 7;
  localparam int ActionRun = 0;
  localparam int ActionAdvance = 1;
  localparam int ActionReset = 2;
  localparam int ActionTerminate = 3;
  localparam int ActionCount = 4;
  localparam int ControlAction = 0;
  localparam int ControlLimit = 1;
  localparam int ControlHalts = 2;
  localparam int ControlSkip = 3;
  localparam int ControlRate = 4;
  localparam int ControlStall = 5;
  localparam int ControlStallA = 6;
  localparam int ControlStallB = 7;
  localparam int ControlReset = 8;
  localparam int ControlLinkSeed = 9;
  localparam int ControlLinkLost = 10;
  localparam int ControlLinkDamaged = 11;
  localparam int ControlLinkRepeated = 12;
  localparam int ControlPpu = 13;
  localparam int ControlCount = 14;
endpackage
