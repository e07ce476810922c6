// SPDX-License-Identifier: Apache-2.0
// Exercises every construct that rtl/ may use, so that each of the three tools proves in CI that
// it reads them. It is part of no design and computes nothing useful.
`include "assert.svh"

module subset #(
  parameter int         Width   = 8,     // bits, 2..32
  parameter logic [7:0] Pattern = 8'h5a  // any
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  // stream
  input  logic             valid_i,
  output logic             ready_o,
  input  logic [Width-1:0] data_i,
  // result
  output logic [Width-1:0] data_o,
  output logic [      1:0] state_o,
  output logic             odd_o
);
  localparam int Half = Width / 2;
  localparam int CountWidth = $clog2(Width + 1);

  `HX_PARAMETER(width, Width >= 2 && Width <= 32)

  // Enums and packed structs live inside the module; plain ports carry them.
  typedef enum logic [1:0] {
    StIdle,
    StLoad,
    StShift
  } state_e;

  typedef struct packed {
    logic             odd;
    logic [Width-1:0] value;
  } item_t;

  // A function assigns to its own name; "return" is not allowed.
  function automatic logic parity(input logic [Width-1:0] value);
    parity = ^value;
  endfunction

  state_e state_d, state_q;
  item_t item_d, item_q;
  logic [CountWidth-1:0] count_d, count_q;
  logic [Width-1:0] table_q  [0:3];  // memory, not reset
  logic [Width-1:0] reversed;

  // Generate loop, variable part select, replication and sized casts by width.
  for (genvar i = 0; i < Width; i++) begin : gen_reverse
    assign reversed[i] = item_q.value[Width-1-i];
  end

  assign ready_o = state_q == StIdle;
  assign data_o  = reversed ^ {{(Width - 1) {1'b0}}, Pattern[0]} ^ table_q[count_q[1:0]];
  assign state_o = state_q;
  assign odd_o   = item_q.odd;

  always_comb begin
    state_d = state_q;
    item_d  = item_q;
    count_d = count_q;
    unique case (state_q)
      StIdle: begin
        if (valid_i) begin
          state_d      = StLoad;
          item_d.value = data_i;
          item_d.odd   = parity(data_i);
        end
      end
      StLoad: begin
        count_d = CountWidth'(Half);
        state_d = StShift;
      end
      StShift: begin
        item_d.value = {1'b0, item_q.value[Width-1:1]};
        count_d = count_q - 1'b1;
        if (count_q == CountWidth'(1)) state_d = StIdle;
      end
      default: state_d = StIdle;
    endcase
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      item_q  <= '0;
      count_q <= '0;
    end else begin
      state_q <= state_d;
      item_q  <= item_d;
      count_q <= count_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_i && ready_o) table_q[data_i[1:0]] <= data_i;
  end

  `HX_ASSERT(CountInRange, count_q <= CountWidth'(Half))
endmodule
