// SPDX-License-Identifier: Apache-2.0
// The FPGA's JTAG engine on the chip's TAP, as on the board.
// Chip bus and PLL registers are ports of the bench.
module fpga_jtag_chain (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic        clear_i,
  input  logic        timeout_i,
  input  logic [42:0] tick_time_i,
  // commands and answers
  input  logic        valid_i,
  output logic        ready_o,
  input  logic [ 1:0] kind_i,
  input  logic        keep_i,
  input  logic [ 7:0] bits_i,
  input  logic [32:0] data_i,
  output logic        answer_valid_o,
  output logic [32:0] answer_data_o,
  input  logic        answer_ready_i,
  // status
  output logic        jtag_idle_o,
  output logic        length_error_o,
  output logic [ 7:0] length_o,
  output logic        idle_o,
  output logic [42:0] next_o,
  // pins
  output logic        tck_o,
  output logic        tms_o,
  output logic        tdi_o,
  output logic        tdo_o,
  // the TAP's side of the chip
  output logic        bus_valid_o,
  input  logic        bus_ready_i,
  output logic        bus_read_o,
  output logic [31:0] bus_addr_o,
  output logic [31:0] bus_data_o,
  input  logic        bus_rsp_valid_i,
  input  logic [31:0] bus_rsp_data_i,
  output logic [ 3:0] pll_index_o,
  output logic        pll_write_o,
  output logic [31:0] pll_data_o,
  input  logic [31:0] pll_data_i,
  output logic [ 7:0] phy_auto_o
);

  logic tck, tms, tdi, tdo;
  assign tck_o = tck;
  assign tms_o = tms;
  assign tdi_o = tdi;
  assign tdo_o = tdo;

  fpga_jtag_engine u_engine (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .timeout_i,
    .tick_time_i,
    .valid_i,
    .ready_o,
    .kind_i,
    .keep_i,
    .bits_i,
    .data_i,
    .tck_o(tck),
    .tms_o(tms),
    .tdi_o(tdi),
    .tdo_i(tdo),
    .answer_valid_o,
    .answer_data_o,
    .answer_ready_i,
    .jtag_idle_o,
    .length_error_o,
    .length_o,
    .idle_o,
    .next_o
  );

  asic_jtag_tap u_tap (
    .clk_i,
    .rst_ni,
    .tick_i,
    .tck_i(tck),
    .tms_i(tms),
    .tdi_i(tdi),
    .tdo_o(tdo),
    .bus_valid_o,
    .bus_ready_i,
    .bus_read_o,
    .bus_addr_o,
    .bus_data_o,
    .bus_rsp_valid_i,
    .bus_rsp_data_i,
    .pll_index_o,
    .pll_write_o,
    .pll_data_o,
    .pll_data_i,
    .phy_auto_o
  );

endmodule
