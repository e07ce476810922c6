// SPDX-License-Identifier: Apache-2.0
// The cube board's devices around the FPGA: shift register and two DACs on the SPI bus, and those on
// the I2C bus. The state of the former leaves as plain ports; voltages are not modelled.
module board_cube (
  input  logic         clk_i,
  input  logic         rst_ni,            // power-on
  input  logic         tick_i,
  // SPI: slave 0 is the shift register, 1 and 2 are the DACs
  input  logic [  2:0] cs_ni,
  input  logic         sck_i,
  input  logic         mosi_i,
  // I2C, open drain
  input  logic         scl_i,
  input  logic         sda_i,
  output logic         sda_o,
  // state
  output logic [ 23:0] shift_register_o,
  output logic [191:0] dac_output_o,      // channel c of DAC d in [96*d + 12*c +: 12]
  output logic [ 15:0] dac_gain_o,        // DAC d in [8*d +: 8]
  output logic [ 15:0] dac_power_down_o   // DAC d in [8*d +: 8]
);

  logic [23:0] shift, shift_register_q;
  logic frame_end;

  board_shift_register #(
    .Width(24),
    .Reset(machine_pkg::BoardShiftRegisterReset)
  ) u_shift (
    .clk_i,
    .rst_ni,
    .tick_i,
    .cs_ni  (cs_ni[0]),
    .sck_i,
    .mosi_i,
    .shift_o(shift),
    .end_o  (frame_end)
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      shift_register_q <= machine_pkg::BoardShiftRegisterReset;
    end else if (tick_i && frame_end) begin
      shift_register_q <= shift;
    end
  end
  assign shift_register_o = shift_register_q;

  for (genvar d = 0; d < 2; d++) begin : gen_dac
    board_dac u_dac (
      .clk_i,
      .rst_ni,
      .tick_i,
      .cs_ni       (cs_ni[d+1]),
      .sck_i,
      .mosi_i,
      .output_o    (dac_output_o[96*d+:96]),
      .gain_o      (dac_gain_o[8*d+:8]),
      .power_down_o(dac_power_down_o[8*d+:8])
    );
  end

  board_i2c u_i2c (
    .clk_i,
    .rst_ni,
    .tick_i,
    .scl_i,
    .sda_i,
    .sda_o,
    .control_i(shift_register_q)
  );

endmodule
