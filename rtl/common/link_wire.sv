// SPDX-License-Identifier: Apache-2.0
// One direction of the link's wires: a frame arrives Latency ticks after it was sent, unless an
// error of this tick is given: then it is lost, arrives damaged, or is on the wire in the next tick
// once more, in place of what is sent then. It does not look into frames.
module link_wire #(
  parameter int Width   = 8,
  parameter int Latency = 20  // ticks, 1..62
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             tick_i,
  input  logic             clear_i,      // loses what is under way
  input  logic [     42:0] tick_time_i,
  input  logic [      1:0] error_i,      // machine_pkg::LinkError*
  input  logic             valid_i,
  input  logic [Width-1:0] data_i,
  output logic             valid_o,      // a frame arrives undamaged
  output logic             damaged_o,    // a frame arrives damaged
  output logic [Width-1:0] data_o,
  output logic             idle_o,
  output logic [     42:0] next_o
);

  logic again_q;  // the last frame is sent once more
  logic [Width-1:0] last_q;
  logic sent, enters, arrives, damaged, line_idle;
  logic [Width-1:0] data;

  assign sent      = again_q || valid_i;
  assign data      = again_q ? last_q : data_i;
  assign enters    = sent && error_i != 2'(machine_pkg::LinkErrorLost);
  assign valid_o   = arrives && !damaged;
  assign damaged_o = arrives && damaged;
  assign idle_o    = line_idle && !again_q;

  delay_line #(
    .Width  (Width + 1),
    .Latency(Latency)
  ) u_line (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .tick_time_i,
    .valid_i(enters),
    .data_i ({error_i == 2'(machine_pkg::LinkErrorDamaged), data}),
    .valid_o(arrives),
    .data_o ({damaged, data_o}),
    .idle_o (line_idle),
    .next_o
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      again_q <= 1'b0;
    end else if (tick_i) begin
      again_q <= sent && error_i == 2'(machine_pkg::LinkErrorRepeated) && !clear_i;
    end
  end

  always_ff @(posedge clk_i) begin  // counts with again_q only
    if (tick_i && error_i == 2'(machine_pkg::LinkErrorRepeated)) last_q <= data;
  end

endmodule
