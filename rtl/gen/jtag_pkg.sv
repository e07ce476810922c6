// Generated from hal/fisch/jtag.py by cosim.build.generate; do not edit.
// SPDX-License-Identifier: Apache-2.0
package jtag_pkg;
  localparam int IrWidth = 7;
  localparam logic [31:0] Idcode = 32'h348580af;
  localparam int AnswerWidth = 33;
  localparam int ShortestScan = 3;
  localparam int OmnibusAddressReadBit = 32;
  localparam int PhyCount = 8;
  localparam int PhyShift = 3;
  localparam int PllCount = 8;
  localparam int PllClockOutputBlock = 4;
  localparam int PllSelfTest = 5;
  localparam int PllSelfTestStatus = 7;
  localparam logic [6:0] ExtestIr = 7'h00;
  localparam int ExtestDrWidth = 0;
  localparam logic [6:0] IdcodeIr = 7'h01;
  localparam int IdcodeDrWidth = 32;
  localparam logic [6:0] SamplePreloadIr = 7'h02;
  localparam int SamplePreloadDrWidth = 0;
  localparam logic [6:0] PllTargetRegIr = 7'h03;
  localparam int PllTargetRegDrWidth = 4;
  localparam logic [6:0] ShiftPllIr = 7'h04;
  localparam int ShiftPllDrWidth = 32;
  localparam logic [6:0] OmnibusAddressIr = 7'h05;
  localparam int OmnibusAddressDrWidth = 33;
  localparam logic [6:0] OmnibusDataIr = 7'h06;
  localparam int OmnibusDataDrWidth = 32;
  localparam logic [6:0] OmnibusRequestIr = 7'h07;
  localparam int OmnibusRequestDrWidth = 3;
  localparam logic [6:0] PhyConfigIr = 7'h44;
  localparam int PhyConfigDrWidth = 22;
  localparam logic [6:0] BypassIr = 7'h7f;
  localparam int BypassDrWidth = 1;
endpackage
