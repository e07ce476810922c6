// SPDX-License-Identifier: Apache-2.0
// Playback FIFO with the start gate (docs/timing.md section 2).
// It looks at words only to count halts; it does not decode them.
module fpga_playback #(
  parameter int Depth = 16  // words, power of two
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic        clear_i,
  // words from the host
  input  logic        valid_i,
  output logic        ready_o,
  input  logic [63:0] data_i,
  // head of the program, once it may run
  output logic        valid_o,
  input  logic        ready_i,
  output logic [63:0] data_o
);

  localparam int CountWidth = $clog2(Depth) + 1;

  logic fifo_valid;
  logic push_halt, pop_halt;
  logic [CountWidth-1:0] halts_d, halts_q;
  logic stream_d, stream_q;

  function automatic logic is_halt(input logic [63:0] word);
    is_halt = word[63:56] == ut_pkg::ToFpgaLoopbackId && !word[ut_pkg::ToFpgaLoopbackTickLsb];
  endfunction

  fifo #(
    .Width(64),
    .Depth(Depth)
  ) u_fifo (
    .clk_i,
    .rst_ni,
    .en_i      (tick_i),
    .clear_i,
    .valid_i,
    .ready_o,
    .data_i,
    .valid_o   (fifo_valid),
    .ready_i   (ready_i && valid_o),
    .data_o,
    .level_o   (),
    .overflow_o()
  );

  assign valid_o   = fifo_valid && (halts_q != '0 || stream_q);
  assign push_halt = valid_i && ready_o && is_halt(data_i);
  assign pop_halt  = valid_o && ready_i && is_halt(data_o);

  always_comb begin
    halts_d  = halts_q;
    stream_d = stream_q;
    if (push_halt && !pop_halt) halts_d = halts_q + 1'b1;
    if (pop_halt && !push_halt) halts_d = halts_q - 1'b1;
    if (!ready_o && halts_q == '0) stream_d = 1'b1;
    if (pop_halt) stream_d = 1'b0;
    if (clear_i) begin
      halts_d  = '0;
      stream_d = 1'b0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      halts_q  <= '0;
      stream_q <= 1'b0;
    end else if (tick_i) begin
      halts_q  <= halts_d;
      stream_q <= stream_d;
    end
  end

endmodule
