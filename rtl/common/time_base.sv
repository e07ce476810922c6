// SPDX-License-Identifier: Apache-2.0
// The one time base: counts 250 MHz cycles and lets time jump by skip_i further cycles.
// It does not decide when to skip; blocks compare their deadlines with its output.
module time_base (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic [43:0] skip_i,  // extra cycles; even, only in the 2nd cycle of a tick
  output logic [43:0] now_o,   // cycles since reset
  output logic        tick_o   // second cycle of an FPGA tick
);

  logic [43:0] now_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      now_q <= '0;
    end else begin
      now_q <= now_q + 44'd1 + skip_i;
    end
  end

  assign now_o  = now_q;
  assign tick_o = now_q[0];

endmodule
