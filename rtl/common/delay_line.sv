// SPDX-License-Identifier: Apache-2.0
// Delivers each item exactly Latency ticks after it entered; at most one enters per tick.
// Items carry their due time instead of moving through stages, so an empty line costs nothing.
module delay_line #(
  parameter int Width   = 8,
  parameter int Latency = 20  // ticks, 1..62
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             tick_i,
  input  logic             clear_i,      // loses what is under way
  input  logic [     42:0] tick_time_i,
  input  logic             valid_i,
  input  logic [Width-1:0] data_i,
  output logic             valid_o,
  output logic [Width-1:0] data_o,
  output logic             idle_o,       // nothing leaves in this tick
  output logic [     42:0] next_o        // tick in which the next item leaves
);

  localparam int Depth = 64;

  logic [Width-1:0] data_q[0:Depth-1];  // content needs no reset
  logic [5:0] due_q[0:Depth-1];
  logic [5:0] head_q, tail_q;

  initial begin
    if (Latency < 1 || Latency > Depth - 2) $fatal(1, "%m: Latency %0d not in 1..62", Latency);
  end

  logic [5:0] rest;

  assign rest    = due_q[head_q] - tick_time_i[5:0];
  assign valid_o = head_q != tail_q && rest == '0 && !clear_i;
  assign data_o  = data_q[head_q];
  assign idle_o  = head_q == tail_q || rest != '0;
  assign next_o  = (head_q == tail_q) ? '1 : tick_time_i + 43'(rest);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      head_q <= '0;
      tail_q <= '0;
    end else if (tick_i) begin
      if (clear_i) begin
        head_q <= tail_q;
      end else begin
        if (valid_o) head_q <= head_q + 6'd1;
        if (valid_i) tail_q <= tail_q + 6'd1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (tick_i && valid_i) begin
      data_q[tail_q] <= data_i;
      due_q[tail_q]  <= tick_time_i[5:0] + 6'(Latency);
    end
  end

endmodule
