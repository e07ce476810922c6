// SPDX-License-Identifier: Apache-2.0
// The board behind its masters, for the bench.
module board_bench (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         tick_i,
  input  logic         clear_i,
  input  logic [ 42:0] tick_time_i,
  input  logic         valid_i,
  input  logic         read_i,
  input  logic [  3:0] byte_enables_i,
  input  logic [ 31:0] address_i,
  input  logic [ 31:0] data_i,
  output logic         hit_o,
  output logic         busy_o,
  output logic [ 31:0] data_o,
  output logic [ 23:0] shift_register_o,
  output logic [191:0] dac_output_o,
  output logic [ 15:0] dac_gain_o,
  output logic [ 15:0] dac_power_down_o,
  output logic         idle_o,
  output logic [ 42:0] next_o
);

  logic [2:0] cs_n;
  logic sck, mosi, scl, sda, sda_master, sda_board;
  logic spi_hit, spi_busy, spi_idle, i2c_hit, i2c_busy, i2c_idle;
  logic [42:0] spi_next, i2c_next;

  assign sda    = sda_master && sda_board;
  assign hit_o  = spi_hit || i2c_hit;
  assign busy_o = spi_busy || i2c_busy;
  assign idle_o = spi_idle && i2c_idle;
  assign next_o = (spi_next < i2c_next) ? spi_next : i2c_next;

  fpga_i2c_master u_i2c_master (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .tick_time_i,
    .valid_i,
    .read_i,
    .byte_enables_i,
    .address_i,
    .data_i,
    .data_o,
    .hit_o (i2c_hit),
    .busy_o(i2c_busy),
    .scl_o (scl),
    .sda_o (sda_master),
    .sda_i (sda),
    .idle_o(i2c_idle),
    .next_o(i2c_next)
  );

  fpga_spi_master u_master (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .tick_time_i,
    .valid_i,
    .read_i,
    .byte_enables_i,
    .address_i,
    .data_i,
    .hit_o (spi_hit),
    .busy_o(spi_busy),
    .cs_no (cs_n),
    .sck_o (sck),
    .mosi_o(mosi),
    .idle_o(spi_idle),
    .next_o(spi_next)
  );

  board_cube u_board (
    .clk_i,
    .rst_ni,
    .tick_i,
    .cs_ni (cs_n),
    .sck_i (sck),
    .mosi_i(mosi),
    .scl_i (scl),
    .sda_i (sda),
    .sda_o (sda_board),
    .shift_register_o,
    .dac_output_o,
    .dac_gain_o,
    .dac_power_down_o
  );

endmodule
