// SPDX-License-Identifier: Apache-2.0
// The way of a message to the host: arbiter, packer and trace FIFO, connected as in fpga_top.
// The sources are ports of the bench.
module fpga_trace #(
  parameter int Depth = 16  // words
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic        clear_i,
  input  logic [42:0] tick_time_i,
  input  logic [42:0] fpga_time_i,
  input  logic        synced_i,
  input  logic        sync_done_i,
  // sources
  input  logic        notification_valid_i,
  input  logic        notification_timeout_i,
  input  logic [44:0] notification_i,
  output logic        notification_ready_o,
  input  logic        systime_valid_i,
  output logic        systime_ready_o,
  input  logic        loopback_valid_i,
  input  logic        loopback_tick_i,
  output logic        loopback_ready_o,
  input  logic        jtag_valid_i,
  input  logic [32:0] jtag_i,
  output logic        jtag_ready_o,
  input  logic        omnibus_valid_i,
  input  logic [31:0] omnibus_i,
  output logic        omnibus_ready_o,
  input  logic [ 1:0] pack_count_i,
  input  logic        pack_madc_i,
  input  logic [71:0] pack_i,
  output logic        pack_ready_o,
  // stalled ticks
  input  logic        count_stalled_i,
  output logic [ 6:0] stalled_o,
  // host
  output logic        host_valid_o,
  input  logic        host_ready_i,
  output logic [63:0] host_data_o,
  output logic        host_halt_o,
  output logic        idle_o
);

  logic message_valid, message_ready, message_long, message_halt;
  logic [ 7:0] message_header;
  logic [71:0] message_payload;
  logic word_valid, word_ready, word_halt, arbiter_idle, packer_idle, host_valid;
  logic [63:0] word;

  fpga_arbiter u_arbiter (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .tick_time_i,
    .fpga_time_i,
    .synced_i,
    .sync_done_i,
    .notification_valid_i,
    .notification_timeout_i,
    .notification_i,
    .notification_ready_o,
    .systime_valid_i,
    .systime_ready_o,
    .loopback_valid_i,
    .loopback_tick_i,
    .loopback_ready_o,
    .jtag_valid_i,
    .jtag_i,
    .jtag_ready_o,
    .omnibus_valid_i,
    .omnibus_i,
    .omnibus_ready_o,
    .pack_count_i,
    .pack_madc_i,
    .pack_i,
    .pack_ready_o,
    .valid_o  (message_valid),
    .ready_i  (message_ready),
    .header_o (message_header),
    .long_o   (message_long),
    .payload_o(message_payload),
    .halt_o   (message_halt),
    .count_stalled_i,
    .stalled_o,
    .idle_o   (arbiter_idle)
  );

  fpga_packer u_packer (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .tick_time_i,
    .valid_i  (message_valid),
    .ready_o  (message_ready),
    .header_i (message_header),
    .long_i   (message_long),
    .payload_i(message_payload),
    .halt_i   (message_halt),
    .valid_o  (word_valid),
    .ready_i  (word_ready),
    .data_o   (word),
    .halt_o   (word_halt),
    .idle_o   (packer_idle)
  );

  fifo #(
    .Width(65),
    .Depth(Depth)
  ) u_trace (
    .clk_i,
    .rst_ni,
    .en_i      (tick_i),
    .clear_i,
    .valid_i   (word_valid),
    .ready_o   (word_ready),
    .data_i    ({word_halt, word}),
    .valid_o   (host_valid),
    .ready_i   (host_ready_i),
    .data_o    ({host_halt_o, host_data_o}),
    .level_o   (),
    .overflow_o()
  );

  assign host_valid_o = host_valid;
  assign idle_o       = arbiter_idle && packer_idle && !host_valid;

endmodule
