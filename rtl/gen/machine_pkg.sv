// Generated from cosim/machine.py by cosim.build.generate; do not edit.
// SPDX-License-Identifier: Apache-2.0
package machine_pkg;
  localparam int TimeWidth = 44;
  localparam int PlaybackDepth = 4194304;
  localparam int TraceDepth = 4194304;
  localparam int MaxReadsInFlight = 52;
  localparam int PendingDepth = 64;
  localparam int LoopbackDepth = 16;
  localparam int NotificationDepth = 16;
  localparam int JtagQueueDepth = 16;
  localparam int JtagAnswerDepth = 16;
  localparam int JtagScalerReset = 3;
  localparam int InstructionTimeoutReset = 1250000;
  localparam int SystimeTriesReset = 1;
  localparam int TraceStallWindow = 96;
  localparam int FlushIdle = 8;
  localparam int LinkLatency = 20;
  localparam int LinkUpDelay = 5000;
  localparam int EventRxDepth = 32;
  localparam int EventQueueDepth = 64;
  localparam int CrossbarDepth = 8;
  localparam int DeviceDnaHigh = 22020096;
  localparam int DeviceDnaLow = 93;
  localparam int PhyAutoInitBit = 21;
  localparam int NeuronSynapseLatency = 24;
  localparam int DiagUnknownHeader = 1;
  localparam int DiagUnmappedFpga = 2;
  localparam int DiagUnmappedChip = 3;
  localparam int DiagJtagLength = 4;
  localparam logic [31:0] AdpllReset0 = 32'h2a20a902;
  localparam logic [31:0] AdpllReset1 = 32'hc0cbf200;
  localparam logic [31:0] PllClockOutputReset = 32'h110d0101;
  localparam logic [7:0] PhyEnableReset = 8'hff;
endpackage
