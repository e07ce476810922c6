// SPDX-License-Identifier: Apache-2.0
// Target of the runner's own tests: an assertion that the bench can fire and a register whose
// start-up value shows on a port. It is not part of the system.
`include "assert.svh"

module victim (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        bad_i,
  output logic [31:0] start_o
);
  logic [31:0] start_q;  // not reset on purpose
  assign start_o = start_q;
  always_ff @(posedge clk_i) begin
    if (bad_i) start_q <= '0;
  end
  `HX_ASSERT(NeverBad, !bad_i)
endmodule
