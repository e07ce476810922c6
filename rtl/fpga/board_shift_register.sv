// SPDX-License-Identifier: Apache-2.0
// What a slave of the board's SPI bus sees: its bits shift in while it is selected, and the end of
// a frame is told. It does not look at the bits.
module board_shift_register #(
  parameter int               Width = 24,  // bits, >= 2
  parameter logic [Width-1:0] Reset = '0   // content at power-on
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             tick_i,
  // pins
  input  logic             cs_ni,
  input  logic             sck_i,
  input  logic             mosi_i,
  // state
  output logic [Width-1:0] shift_o,
  output logic             end_o     // a frame has ended: shift_o is complete
);

  logic [Width-1:0] shift_q;
  logic selected_q;

  assign shift_o = shift_q;
  assign end_o   = selected_q && cs_ni;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      shift_q    <= Reset;
      selected_q <= 1'b0;
    end else if (tick_i) begin
      selected_q <= !cs_ni;
      if (!cs_ni && sck_i) shift_q <= {shift_q[Width-2:0], mosi_i};
    end
  end

endmodule
