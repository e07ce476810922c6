// SPDX-License-Identifier: Apache-2.0
// Packs messages of 64 or 80 bits into 64-bit words and flushes with a comma
// (docs/timing.md section 4.2). It does not store words: the trace FIFO follows.
module fpga_packer (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic        clear_i,
  input  logic [42:0] tick_time_i,
  // messages
  input  logic        valid_i,
  output logic        ready_o,
  input  logic [ 7:0] header_i,
  input  logic        long_i,       // 80 bits
  input  logic [71:0] payload_i,
  input  logic        halt_i,       // the message is a halt
  // words
  output logic        valid_o,
  input  logic        ready_i,
  output logic [63:0] data_o,
  output logic        halt_o,       // this word holds the last bit of a halt
  output logic        idle_o
);

  // Valid bits are at the top; fill_q is a multiple of 16.
  logic [143:0] buffer_d, buffer_q, rest;
  logic [7:0] fill_d, fill_q, rest_fill;
  logic halt_d, halt_q;
  logic [42:0] accepted_d, accepted_q;  // tick of the last accepted message
  logic full_word, flush, last_word, accept;
  logic [79:0] message;

  assign full_word = fill_q >= 8'd64;
  assign flush = !full_word && fill_q != '0 &&
      (halt_q || (!valid_i && tick_time_i - accepted_q >= 43'(machine_pkg::FlushIdle)));
  assign valid_o = (full_word || flush) && !clear_i;
  assign last_word = flush || fill_q == 8'd64;
  assign halt_o = halt_q && last_word;

  // The comma is the bit behind the last message; the buffer below it is 0.
  assign data_o = full_word ?
      buffer_q[143:80] : (buffer_q[143:80] | (64'h8000_0000_0000_0000 >> fill_q[5:0]));

  always_comb begin
    rest      = buffer_q;
    rest_fill = fill_q;
    if (full_word && ready_i) begin
      rest      = buffer_q << 64;
      rest_fill = fill_q - 8'd64;
    end else if (flush && ready_i) begin
      rest      = '0;
      rest_fill = '0;
    end
  end

  assign ready_o = rest_fill < 8'd64 && !halt_q && !flush && !clear_i;
  assign accept  = valid_i && ready_o;
  assign message = long_i ? {header_i, payload_i} : {header_i, payload_i[55:0], 16'd0};

  always_comb begin
    buffer_d   = rest;
    fill_d     = rest_fill;
    halt_d     = halt_q && !(valid_o && ready_i && last_word);
    accepted_d = accepted_q;
    if (accept) begin
      buffer_d   = rest | ({message, 64'd0} >> rest_fill[5:0]);
      fill_d     = rest_fill + (long_i ? 8'd80 : 8'd64);
      halt_d     = halt_i;
      accepted_d = tick_time_i;
    end
    if (clear_i) begin
      buffer_d = '0;
      fill_d   = '0;
      halt_d   = 1'b0;
    end
  end

  assign idle_o = fill_q == '0;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      buffer_q   <= '0;
      fill_q     <= '0;
      halt_q     <= 1'b0;
      accepted_q <= '0;
    end else if (tick_i) begin
      buffer_q   <= buffer_d;
      fill_q     <= fill_d;
      halt_q     <= halt_d;
      accepted_q <= accepted_d;
    end
  end

endmodule
