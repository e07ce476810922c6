// SPDX-License-Identifier: Apache-2.0
// Synchronous first-in first-out queue with valid/ready on both sides; a word written to an empty
// queue is offered one enabled cycle later. It does not cross clocks and does not forward
// combinationally from input to output.
`include "assert.svh"

module fifo #(
  parameter int Width = 64,  // bits, >= 1
  parameter int Depth = 16   // words, >= 2
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic                       en_i,       // clock enable: nothing moves while it is 0
  input  logic                       clear_i,    // empties the queue; wins over a write
  // write side
  input  logic                       valid_i,
  output logic                       ready_o,
  input  logic [          Width-1:0] data_i,
  // read side
  output logic                       valid_o,
  input  logic                       ready_i,
  output logic [          Width-1:0] data_o,
  // status
  output logic [$clog2(Depth+1)-1:0] level_o,    // words stored
  output logic                       overflow_o  // since reset, a word was offered to a full queue
);
  localparam int PtrWidth = (Depth > 2) ? $clog2(Depth) : 1;
  localparam int LevelWidth = $clog2(Depth + 1);
  localparam logic [PtrWidth-1:0] Last = PtrWidth'(Depth - 1);
  localparam logic [LevelWidth-1:0] Full = LevelWidth'(Depth);

  `HX_PARAMETER(width, Width >= 1)
  `HX_PARAMETER(depth, Depth >= 2)

  logic [Width-1:0] mem_q[0:Depth-1];  // not reset: read only where level_q says it is written
  logic [PtrWidth-1:0] wptr_q, rptr_q;
  logic [LevelWidth-1:0] level_q;
  logic overflow_q;
  logic push, pop;

  assign ready_o    = level_q != Full;
  assign valid_o    = level_q != '0;
  assign data_o     = mem_q[rptr_q];
  assign level_o    = level_q;
  assign overflow_o = overflow_q;
  assign push       = valid_i && ready_o;
  assign pop        = valid_o && ready_i;

  // A queue that rests is not looked at: there are many, and simulation pays for each.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      wptr_q     <= '0;
      rptr_q     <= '0;
      level_q    <= '0;
      overflow_q <= 1'b0;
    end else if (en_i && (valid_i || pop || clear_i)) begin
      if (push) wptr_q <= (wptr_q == Last) ? '0 : wptr_q + 1'b1;
      if (pop) rptr_q <= (rptr_q == Last) ? '0 : rptr_q + 1'b1;
      if (push && !pop) level_q <= level_q + 1'b1;
      if (pop && !push) level_q <= level_q - 1'b1;
      if (valid_i && !ready_o) overflow_q <= 1'b1;
      if (clear_i) begin
        wptr_q  <= '0;
        rptr_q  <= '0;
        level_q <= '0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (en_i && push) mem_q[wptr_q] <= data_i;
  end

  `HX_ASSERT_HOLD(OutputHolds, valid_o, (ready_i || clear_i) && en_i, data_o)
endmodule
