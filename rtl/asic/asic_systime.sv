// SPDX-License-Identifier: Apache-2.0
// Chip time: global time plus an offset that the handshake sets (docs/timing.md section 7).
// It does not count, and it does not talk to the link; the endpoint does.
module asic_systime (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic [42:0] now_i,       // cycles
  input  logic        set_i,       // chip time becomes 2 * base in the next cycle
  input  logic [42:0] base_i,      // FPGA cycles
  output logic [42:0] chip_time_o  // cycles
);

  logic [42:0] offset_q;

  assign chip_time_o = now_i + offset_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      offset_q <= '0;
    end else if (set_i) begin
      offset_q <= (base_i << 1) - (now_i + 43'd1);
    end
  end

endmodule
