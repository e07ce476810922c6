// SPDX-License-Identifier: Apache-2.0
// Events to the chip: those of the program at once, those of the router and the serial input from a
// queue in ticks in which the program sends none. It does not look at labels.
module fpga_event_tx (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  // label k in [16*k +: 16]
  input  logic [ 1:0] program_count_i,   // 0..3
  input  logic [47:0] program_labels_i,
  input  logic [ 1:0] router_count_i,    // 0..2
  input  logic [31:0] router_labels_i,
  input  logic        serial_valid_i,
  input  logic [15:0] serial_label_i,
  // to the link
  output logic [ 1:0] count_o,
  output logic [47:0] labels_o,
  output logic        idle_o
);

  logic [1:0] count_q, new_count, queued_count;
  logic [47:0] labels_q, new_labels, queued_labels;
  logic queued, pop;

  assign new_count = router_count_i + 2'(serial_valid_i);
  always_comb begin
    new_labels = {16'd0, router_labels_i};
    if (serial_valid_i) new_labels[16*router_count_i+:16] = serial_label_i;
  end
  assign pop = queued && program_count_i == '0;

  fifo #(
    .Width(50),
    .Depth(machine_pkg::EventTxDepth)
  ) u_queue (
    .clk_i,
    .rst_ni,
    .en_i      (tick_i),
    .clear_i   (1'b0),
    .valid_i   (new_count != '0),
    .ready_o   (),
    .data_i    ({new_count, new_labels}),
    .valid_o   (queued),
    .ready_i   (pop),
    .data_o    ({queued_count, queued_labels}),
    .level_o   (),
    .overflow_o()
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      count_q  <= '0;
      labels_q <= '0;
    end else if (tick_i) begin
      count_q <= pop ? queued_count : program_count_i;
      if (pop) labels_q <= queued_labels;
      else if (program_count_i != '0) labels_q <= program_labels_i;
    end
  end

  assign count_o  = count_q;
  assign labels_o = labels_q;
  assign idle_o   = count_q == '0 && !queued;

endmodule
