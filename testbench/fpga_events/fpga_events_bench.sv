// SPDX-License-Identifier: Apache-2.0
// What the FPGA makes of events: router, serial spikes and the way to the chip, for the bench. The
// serial pins may be connected to each other.
module fpga_events_bench (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic [42:0] tick_time_i,
  input  logic        valid_i,
  input  logic        read_i,
  input  logic [ 3:0] byte_enables_i,
  input  logic [31:0] address_i,
  input  logic [31:0] data_i,
  output logic        hit_o,
  output logic [31:0] data_o,
  input  logic [ 1:0] count_i,
  input  logic [ 1:0] madc_i,
  input  logic [31:0] labels_i,
  input  logic [ 1:0] program_count_i,
  input  logic [47:0] program_labels_i,
  output logic [ 1:0] count_o,
  output logic [47:0] labels_o,
  output logic        tx_o,
  input  logic        connected_i,
  input  logic        rx_i,
  output logic        idle_o,
  output logic [42:0] next_o
);

  logic router_hit, io_hit, router_idle, io_idle, tx_idle, serial_valid;
  logic [31:0] router_data, io_data, router_labels;
  logic [ 1:0] router_count;
  logic [15:0] serial_label;

  assign hit_o  = router_hit || io_hit;
  assign data_o = router_data | io_data;
  assign idle_o = router_idle && io_idle && tx_idle && count_i == '0 && program_count_i == '0;

  fpga_event_router u_router (
    .clk_i,
    .rst_ni,
    .tick_i,
    .valid_i,
    .read_i,
    .byte_enables_i,
    .address_i,
    .data_i,
    .hit_o   (router_hit),
    .data_o  (router_data),
    .count_i,
    .madc_i,
    .labels_i,
    .count_o (router_count),
    .labels_o(router_labels),
    .idle_o  (router_idle)
  );

  fpga_spike_io u_spike_io (
    .clk_i,
    .rst_ni,
    .tick_i,
    .tick_time_i,
    .valid_i,
    .read_i,
    .byte_enables_i,
    .address_i,
    .data_i,
    .hit_o        (io_hit),
    .data_o       (io_data),
    .count_i,
    .madc_i,
    .labels_i,
    .label_valid_o(serial_valid),
    .label_o      (serial_label),
    .tx_o,
    .rx_i         (connected_i ? tx_o : rx_i),
    .idle_o       (io_idle),
    .next_o
  );

  fpga_event_tx u_event_tx (
    .clk_i,
    .rst_ni,
    .tick_i,
    .program_count_i,
    .program_labels_i,
    .router_count_i (router_count),
    .router_labels_i(router_labels),
    .serial_valid_i (serial_valid),
    .serial_label_i (serial_label),
    .count_o,
    .labels_o,
    .idle_o         (tx_idle)
  );

endmodule
