// Generated from cosim/board.py by cosim.build.generate; do not edit.
// SPDX-License-Identifier: Apache-2.0
package board_pkg;
  localparam int Devices = 14;
  // Entry i is bits [7*i +: 7].
  localparam logic [97:0] Slave = {
    7'h50, 7'h70, 7'h4c, 7'h2e, 7'h2d, 7'h2c, 7'h38, 7'h48,
    7'h45, 7'h44, 7'h43, 7'h42, 7'h41, 7'h40
  };
  localparam logic [13:0] WideDevices = 14'h087f;
  localparam int Ina219Count = 6;
  localparam int Tca9554 = 7;
  localparam int Tca9546 = 12;
  localparam int Eeprom = 13;
  localparam int Registers = 36;
  // Entry i is bits [4*i +: 4].
  localparam logic [143:0] RegisterDevice = {
    4'hc, 4'hb, 4'hb, 4'hb, 4'hb, 4'ha, 4'ha, 4'ha,
    4'ha, 4'h9, 4'h9, 4'h9, 4'h9, 4'h8, 4'h8, 4'h8,
    4'h8, 4'h7, 4'h7, 4'h7, 4'h6, 4'h6, 4'h6, 4'h6,
    4'h5, 4'h5, 4'h4, 4'h4, 4'h3, 4'h3, 4'h2, 4'h2,
    4'h1, 4'h1, 4'h0, 4'h0
  };
  // Entry i is bits [8*i +: 8].
  localparam logic [287:0] RegisterNumber = {
    8'h00, 8'h16, 8'h14, 8'h12, 8'h10, 8'h23, 8'h21, 8'h03,
    8'h01, 8'h23, 8'h21, 8'h03, 8'h01, 8'h23, 8'h21, 8'h03,
    8'h01, 8'h03, 8'h02, 8'h01, 8'h03, 8'h02, 8'h01, 8'h00,
    8'h05, 8'h00, 8'h05, 8'h00, 8'h05, 8'h00, 8'h05, 8'h00,
    8'h05, 8'h00, 8'h05, 8'h00
  };
  // Entry i is bits [16*i +: 16].
  localparam logic [575:0] RegisterReset = {
    16'h0000, 16'h0000, 16'h0000, 16'h0000, 16'h0000, 16'h0090, 16'h0090, 16'h0090,
    16'h0090, 16'h0090, 16'h0090, 16'h0090, 16'h0090, 16'h0090, 16'h0090, 16'h0090,
    16'h0090, 16'h00ff, 16'h0000, 16'h00ff, 16'h5000, 16'h4b00, 16'h60a0, 16'h2480,
    16'h0000, 16'h399f, 16'h0000, 16'h399f, 16'h0000, 16'h399f, 16'h0000, 16'h399f,
    16'h0000, 16'h399f, 16'h0000, 16'h399f
  };
  // Entry i is bits [16*i +: 16].
  localparam logic [575:0] RegisterMask = {
    16'h000f, 16'hffc0, 16'hffc0, 16'hffc0, 16'hffc0, 16'h00ff, 16'h00ff, 16'h00ff,
    16'h00ff, 16'h00ff, 16'h00ff, 16'h00ff, 16'h00ff, 16'h00ff, 16'h00ff, 16'h00ff,
    16'h00ff, 16'h00ff, 16'h00ff, 16'h00ff, 16'hfff0, 16'hfff0, 16'h1fd0, 16'h0000,
    16'hfffe, 16'h3fff, 16'hfffe, 16'h3fff, 16'hfffe, 16'h3fff, 16'hfffe, 16'h3fff,
    16'hfffe, 16'h3fff, 16'hfffe, 16'h3fff
  };
  // Entry i is bits [8*i +: 8].
  localparam logic [47:0] SupplyBit = {
    8'h15, 8'h14, 8'h12, 8'h13, 8'h10, 8'h11
  };
  localparam logic [15:0] ConversionReady = 16'h0002;
  // Entry i is bits [16*i +: 16].
  localparam logic [95:0] BusVoltage = {
    16'h0962, 16'h0962, 16'h138a, 16'h0962, 16'h138a, 16'h0962
  };
  // Entry i is bits [16*i +: 16].
  localparam logic [95:0] ShuntVoltage = {
    16'h001b, 16'h0036, 16'h00a2, 16'h0144, 16'h006c, 16'h010e
  };
  localparam int EepromWriteable = 128;
  localparam logic [7:0] EepromFill = 8'hff;
  // Entry i is bits [8*i +: 8].
  localparam logic [127:0] EepromIdentity = {
    8'hee, 8'hff, 8'hc0, 8'h00, 8'h41, 8'h29, 8'hff, 8'hff,
    8'hff, 8'hff, 8'hff, 8'hff, 8'hff, 8'hff, 8'hff, 8'hff
  };
endpackage
