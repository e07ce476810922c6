// SPDX-License-Identifier: Apache-2.0
// The FPGA half: playback, executor, buses, time, events and trace, all on the tick enable.
// It contains no behaviour of its own but the notification queue and the report of odd accesses.
module fpga_top #(
  parameter int PlaybackDepth = 4194304,  // words, power of two
  parameter int TraceDepth    = 4194304,  // words, power of two
  parameter int ExternalDepth = 32768,    // words of external PPU memory, power of two
  parameter int DramDepth     = 67108864  // words of external DRAM, power of two
) (
  input logic clk_i,
  input logic rst_ni,
  input logic tick_i,
  input logic [42:0] tick_time_i,
  input logic clear_i,  // connection reset
  // host words
  input logic host_valid_i,
  output logic host_ready_o,
  input logic [63:0] host_data_i,
  output logic host_valid_o,
  input logic host_ready_i,
  output logic [63:0] host_data_o,
  output logic host_halt_o,
  // chip pins
  output logic chip_reset_o,
  output logic tck_o,
  output logic tms_o,
  output logic tdi_o,
  input logic tdo_i,
  // link
  output logic [7:0] phy_enable_o,
  output logic [7:0] phy_auto_o,
  input logic [7:0] phy_up_i,
  input logic link_up_i,
  output logic down_bus_valid_o,
  input logic down_bus_ready_i,
  output logic [machine_pkg::LinkDownBusWidth-1:0] down_bus_o,
  output logic [1:0] down_event_count_o,
  output logic [47:0] down_event_o,
  output logic down_sync_valid_o,
  output logic down_sync_set_o,
  input logic up_bus_valid_i,
  input logic [machine_pkg::LinkUpBusWidth-1:0] up_bus_i,
  input logic [1:0] up_event_count_i,
  input logic [49:0] up_event_i,
  input logic up_sync_valid_i,
  input logic [85:0] up_sync_i,
  input logic [1:0] down_again_i,  // words that the link sends once more
  input logic up_arrived_i,  // a bus item arrives, whether it is new or not
  input logic up_damaged_i,  // a frame arrives damaged
  // board
  output logic [2:0] spi_cs_no,
  output logic spi_sck_o,
  output logic spi_mosi_o,
  output logic i2c_scl_o,  // open drain
  output logic i2c_sda_o,
  input logic i2c_sda_i,
  output logic spike_io_tx_o,  // serial spikes
  input logic spike_io_rx_i,
  // external DRAM: a request is one tick, its data holds from the next one on
  output logic dram_request_o,
  output logic dram_write_o,
  output logic [3:0] dram_byte_enables_o,
  output logic [31:0] dram_address_o,
  output logic [31:0] dram_data_o,
  input logic [31:0] dram_data_i,
  // diagnostics
  output logic diag_valid_o,
  output logic [7:0] diag_code_o,
  output logic [63:0] diag_data_o,
  // skipping
  output logic idle_o,
  output logic [42:0] next_o  // tick of the next action if idle
);

  logic head_valid, head_ready;
  logic [63:0] head_word;

  fpga_playback #(
    .Depth(PlaybackDepth)
  ) u_playback (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .valid_i(host_valid_i),
    .ready_o(host_ready_o),
    .data_i (host_data_i),
    .valid_o(head_valid),
    .ready_i(head_ready),
    .data_o (head_word)
  );

  // Registers
  logic filter_writes, record;
  logic [31:0] poll_address, poll_mask, poll_target, instruction_timeout, timer;
  logic [3:0] systime_tries;
  logic [42:0] round_trip, chip_time;
  logic systime_active;
  logic [175:0] phy_config;
  logic events_dropped, unmapped;

  // Executor to everything
  logic jtag_valid, jtag_ready, jtag_keep, jtag_idle;
  logic [ 1:0] jtag_kind;
  logic [ 7:0] jtag_bits;
  logic [32:0] jtag_data;
  logic bus_valid, bus_read, bus_poll, bus_read_ready, bus_write_ready, bus_idle;
  logic [3:0] bus_byte_enables;
  logic [31:0] bus_address, bus_data;
  logic poll_valid;
  logic [31:0] poll_value;
  logic systime_valid, systime_sync, systime_idle;
  logic loopback_push, loopback_push_tick, loopback_room;
  logic [ 1:0] event_count;
  logic [47:0] event_labels;
  logic chip_reset_start, timed_out, notification_room;
  logic [31:0] index;
  logic unknown;
  logic executor_idle, master_idle, jtag_engine_idle, systime_unit_idle, arbiter_idle, packer_idle;
  logic [42:0] executor_next, jtag_next, systime_next;

  fpga_executor u_executor (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .tick_time_i,
    .valid_i             (head_valid),
    .ready_o             (head_ready),
    .word_i              (head_word),
    .timeout_i           (instruction_timeout),
    .poll_address_i      (poll_address),
    .poll_mask_i         (poll_mask),
    .poll_target_i       (poll_target),
    .timer_o             (timer),
    .jtag_valid_o        (jtag_valid),
    .jtag_ready_i        (jtag_ready),
    .jtag_kind_o         (jtag_kind),
    .jtag_keep_o         (jtag_keep),
    .jtag_bits_o         (jtag_bits),
    .jtag_data_o         (jtag_data),
    .jtag_idle_i         (jtag_idle),
    .bus_valid_o         (bus_valid),
    .bus_read_o          (bus_read),
    .bus_poll_o          (bus_poll),
    .bus_byte_enables_o  (bus_byte_enables),
    .bus_address_o       (bus_address),
    .bus_data_o          (bus_data),
    .bus_read_ready_i    (bus_read_ready),
    .bus_write_ready_i   (bus_write_ready),
    .bus_idle_i          (bus_idle),
    .poll_valid_i        (poll_valid),
    .poll_value_i        (poll_value),
    .systime_valid_o     (systime_valid),
    .systime_sync_o      (systime_sync),
    .systime_idle_i      (systime_idle),
    .loopback_valid_o    (loopback_push),
    .loopback_tick_o     (loopback_push_tick),
    .loopback_ready_i    (loopback_room),
    .event_count_o       (event_count),
    .event_labels_o      (event_labels),
    .chip_reset_o,
    .chip_reset_start_o  (chip_reset_start),
    .timeout_o           (timed_out),
    .notification_ready_i(notification_room),
    .index_o             (index),
    .unknown_o           (unknown),
    .idle_o              (executor_idle),
    .next_o              (executor_next)
  );

  // Omnibus
  logic fpga_valid, fpga_read;
  logic [3:0] fpga_byte_enables;
  logic [31:0] fpga_address, fpga_write_data, fpga_read_data, register_data, memory_data;
  logic memory_read, registers_miss, memory_hit, spi_hit, spi_busy, spi_idle;
  logic i2c_hit, i2c_busy, i2c_idle;
  logic [31:0] i2c_data, switch_data, router_data, spike_io_data;
  logic dram_hit, dram_busy, dram_idle, test_hit;
  logic [31:0] dram_data, test_data;
  logic [42:0] dram_next;
  logic switch_hit, router_hit, router_idle, spike_io_hit, spike_io_idle, event_tx_idle;
  logic [42:0] spi_next, i2c_next, spike_io_next;
  logic down_word, up_taken, status_hit;
  logic [31:0] status_data;
  logic [1:0] written;
  logic down_read;
  logic [7:0] down_epoch;
  logic [3:0] down_byte_enables;
  logic [31:0] down_address, down_data;
  logic omnibus_valid, omnibus_ready;
  logic [31:0] omnibus_data;
  logic [ 5:0] reads_in_flight;

  fpga_omnibus_master u_omnibus_master (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .timeout_i          (timed_out),
    .chip_lost_i        (chip_reset_start),
    .filter_writes_i    (filter_writes),
    .valid_i            (bus_valid),
    .read_i             (bus_read),
    .poll_i             (bus_poll),
    .byte_enables_i     (bus_byte_enables),
    .address_i          (bus_address),
    .data_i             (bus_data),
    .read_ready_o       (bus_read_ready),
    .write_ready_o      (bus_write_ready),
    .poll_valid_o       (poll_valid),
    .poll_value_o       (poll_value),
    .fpga_valid_o       (fpga_valid),
    .fpga_read_o        (fpga_read),
    .fpga_byte_enables_o(fpga_byte_enables),
    .fpga_address_o     (fpga_address),
    .fpga_data_o        (fpga_write_data),
    .fpga_data_i        (fpga_read_data),
    .fpga_busy_i        (spi_busy || i2c_busy || dram_busy),
    .link_ready_i       (link_up_i && down_bus_ready_i),
    .down_valid_o       (down_bus_valid_o),
    .down_epoch_o       (down_epoch),
    .down_read_o        (down_read),
    .down_byte_enables_o(down_byte_enables),
    .down_address_o     (down_address),
    .down_data_o        (down_data),
    .up_valid_i         (up_bus_valid_i),
    .up_epoch_i         (up_bus_i[39:32]),
    .up_data_i          (up_bus_i[31:0]),
    .down_word_o        (down_word),
    .up_taken_o         (up_taken),
    .answer_valid_o     (omnibus_valid),
    .answer_data_o      (omnibus_data),
    .answer_ready_i     (omnibus_ready),
    .bus_idle_o         (bus_idle),
    .reads_in_flight_o  (reads_in_flight),
    .idle_o             (master_idle)
  );
  assign down_bus_o = {down_epoch, down_read, down_byte_enables, down_address, down_data};

  fpga_registers u_registers (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .valid_i         (fpga_valid),
    .read_i          (fpga_read),
    .byte_enables_i  (fpga_byte_enables),
    .address_i       (fpga_address),
    .data_i          (fpga_write_data),
    .data_o          (register_data),
    .unmapped_o      (registers_miss),
    .filter_writes_o (filter_writes),
    .record_o        (record),
    .poll_address_o  (poll_address),
    .poll_mask_o     (poll_mask),
    .poll_target_o   (poll_target),
    .timeout_o       (instruction_timeout),
    .timer_i         (timer),
    .systime_tries_o (systime_tries),
    .round_trip_i    (round_trip),
    .chip_time_i     (chip_time),
    .systime_active_i(systime_active),
    .phy_enable_o,
    .phy_config_o    (phy_config),
    .events_dropped_i(events_dropped)
  );

  // A connection reset loses the write that is on the bus.
  assign memory_read = fpga_read || clear_i;

  fpga_memory #(
    .Base (omnibus_pkg::ExternalPpuMemoryBase),
    .Depth(ExternalDepth)
  ) u_external_memory (
    .clk_i,
    .tick_i,
    .valid_i       (fpga_valid),
    .read_i        (memory_read),
    .byte_enables_i(fpga_byte_enables),
    .address_i     (fpga_address),
    .data_i        (fpga_write_data),
    .hit_o         (memory_hit),
    .data_o        (memory_data),
    .lookup_i      ({$clog2(ExternalDepth) {1'b0}}),
    .lookup_o      ()
  );

  // The event switch stores its settings; without an external connection they choose nothing.
  fpga_memory #(
    .Base (omnibus_pkg::EventSwitchExecutorSourceBase),
    .Depth(16),
    .Words(machine_pkg::EventSwitchWords)
  ) u_event_switch (
    .clk_i,
    .tick_i,
    .valid_i       (fpga_valid),
    .read_i        (memory_read),
    .byte_enables_i(fpga_byte_enables),
    .address_i     (fpga_address),
    .data_i        (fpga_write_data),
    .hit_o         (switch_hit),
    .data_o        (switch_data),
    .lookup_i      (4'd0),
    .lookup_o      ()
  );

  fpga_dram_port #(
    .Base (omnibus_pkg::ExternalPpuDramMemoryBase),
    .Depth(DramDepth)
  ) u_dram_port (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .tick_time_i,
    .valid_i       (fpga_valid),
    .read_i        (fpga_read),
    .byte_enables_i(fpga_byte_enables),
    .address_i     (fpga_address),
    .data_i        (fpga_write_data),
    .hit_o         (dram_hit),
    .busy_o        (dram_busy),
    .data_o        (dram_data),
    .request_o     (dram_request_o),
    .write_o       (dram_write_o),
    .byte_enables_o(dram_byte_enables_o),
    .address_o     (dram_address_o),
    .data_to_o     (dram_data_o),
    .data_from_i   (dram_data_i),
    .idle_o        (dram_idle),
    .next_o        (dram_next)
  );

  fpga_performance_test u_performance_test (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .tick_time_i,
    .link_up_i,
    .valid_i       (fpga_valid),
    .read_i        (fpga_read),
    .byte_enables_i(fpga_byte_enables),
    .address_i     (fpga_address),
    .data_i        (fpga_write_data),
    .hit_o         (test_hit),
    .data_o        (test_data)
  );

  fpga_spi_master u_spi_master (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .tick_time_i,
    .valid_i       (fpga_valid),
    .read_i        (fpga_read),
    .byte_enables_i(fpga_byte_enables),
    .address_i     (fpga_address),
    .data_i        (fpga_write_data),
    .hit_o         (spi_hit),
    .busy_o        (spi_busy),
    .cs_no         (spi_cs_no),
    .sck_o         (spi_sck_o),
    .mosi_o        (spi_mosi_o),
    .idle_o        (spi_idle),
    .next_o        (spi_next)
  );

  fpga_i2c_master u_i2c_master (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .tick_time_i,
    .valid_i       (fpga_valid),
    .read_i        (fpga_read),
    .byte_enables_i(fpga_byte_enables),
    .address_i     (fpga_address),
    .data_i        (fpga_write_data),
    .hit_o         (i2c_hit),
    .busy_o        (i2c_busy),
    .data_o        (i2c_data),
    .scl_o         (i2c_scl_o),
    .sda_o         (i2c_sda_o),
    .sda_i         (i2c_sda_i),
    .idle_o        (i2c_idle),
    .next_o        (i2c_next)
  );

  // A read is one word to the chip, a write two.
  assign written = (bus_valid && !bus_address[31] && !clear_i) ? (bus_read ? 2'd1 : 2'd2) : 2'd0;

  fpga_link_status u_link_status (
    .clk_i,
    .rst_ni,
    .tick_i,
    .tick_time_i(tick_time_i[31:0]),
    .phy_up_i,
    .written_i  (written),
    .sent_i     (down_word),
    .again_i    (down_again_i),
    .received_i (up_arrived_i),
    .taken_i    (up_taken),
    .damaged_i  (up_damaged_i),
    .tx_other_i (2'(link_up_i && down_event_count_o != '0) + 2'(down_sync_valid_o)),
    .rx_other_i (2'(up_event_count_i != '0) + 2'(up_sync_valid_i)),
    .valid_i    (fpga_valid),
    .address_i  (fpga_address),
    .hit_o      (status_hit),
    .data_o     (status_data)
  );

  assign fpga_read_data = register_data | memory_data | status_data | i2c_data | switch_data |
      router_data | spike_io_data | dram_data | test_data;
  assign unmapped = registers_miss && !memory_hit && !spi_hit && !i2c_hit && !status_hit &&
      !switch_hit && !router_hit && !spike_io_hit && !dram_hit && !test_hit;

  localparam int PhyAuto = containers_pkg::PhyConfigFPGAEnableAutoInitLsb;
  always_comb begin
    for (int i = 0; i < 8; i++) begin
      phy_auto_o[i] = phy_config[omnibus_pkg::PhyConfigFpgaWidth*i+PhyAuto];
    end
  end

  // JTAG
  logic jtag_answer_valid, jtag_answer_ready, length_error;
  logic [32:0] jtag_answer;
  logic [ 7:0] jtag_length;

  fpga_jtag_engine u_jtag_engine (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .timeout_i     (timed_out),
    .tick_time_i,
    .valid_i       (jtag_valid),
    .ready_o       (jtag_ready),
    .kind_i        (jtag_kind),
    .keep_i        (jtag_keep),
    .bits_i        (jtag_bits),
    .data_i        (jtag_data),
    .tck_o,
    .tms_o,
    .tdi_o,
    .tdo_i,
    .answer_valid_o(jtag_answer_valid),
    .answer_data_o (jtag_answer),
    .answer_ready_i(jtag_answer_ready),
    .jtag_idle_o   (jtag_idle),
    .length_error_o(length_error),
    .length_o      (jtag_length),
    .idle_o        (jtag_engine_idle),
    .next_o        (jtag_next)
  );

  // Time
  logic [42:0] fpga_time;
  logic report, report_ready, synced, sync_done;

  fpga_systime u_systime (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .timeout_i     (timed_out),
    .tick_time_i,
    .fpga_time_o   (fpga_time),
    .valid_i       (systime_valid),
    .sync_i        (systime_sync),
    .systime_idle_o(systime_idle),
    .link_up_i,
    .down_valid_o  (down_sync_valid_o),
    .down_set_o    (down_sync_set_o),
    .up_valid_i    (up_sync_valid_i),
    .up_time_i     (up_sync_i[85:43]),
    .up_base_i     (up_sync_i[42:0]),
    .report_o      (report),
    .report_ready_i(report_ready),
    .synced_o      (synced),
    .done_o        (sync_done),
    .tries_i       (systime_tries),
    .round_trip_o  (round_trip),
    .chip_time_o   (chip_time),
    .active_o      (systime_active),
    .idle_o        (systime_unit_idle),
    .next_o        (systime_next)
  );

  // Events: to the chip one tick after the instruction, from the chip into the event queue.
  logic [1:0] router_count;
  logic [31:0] router_labels;
  logic serial_valid;
  logic [15:0] serial_label;
  logic [1:0] pack_count;
  logic pack_madc, pack_ready;
  logic [71:0] pack;

  fpga_event_tx u_event_tx (
    .clk_i,
    .rst_ni,
    .tick_i,
    .program_count_i (event_count),
    .program_labels_i(event_labels),
    .router_count_i  (router_count),
    .router_labels_i (router_labels),
    .serial_valid_i  (serial_valid),
    .serial_label_i  (serial_label),
    .count_o         (down_event_count_o),
    .labels_o        (down_event_o),
    .idle_o          (event_tx_idle)
  );

  fpga_event_router u_event_router (
    .clk_i,
    .rst_ni,
    .tick_i,
    .valid_i       (fpga_valid),
    .read_i        (memory_read),
    .byte_enables_i(fpga_byte_enables),
    .address_i     (fpga_address),
    .data_i        (fpga_write_data),
    .hit_o         (router_hit),
    .data_o        (router_data),
    .count_i       (up_event_count_i),
    .madc_i        (up_event_i[49:48]),
    .labels_i      ({up_event_i[39:24], up_event_i[15:0]}),
    .count_o       (router_count),
    .labels_o      (router_labels),
    .idle_o        (router_idle)
  );

  fpga_spike_io u_spike_io (
    .clk_i,
    .rst_ni,
    .tick_i,
    .tick_time_i,
    .valid_i       (fpga_valid),
    .read_i        (memory_read),
    .byte_enables_i(fpga_byte_enables),
    .address_i     (fpga_address),
    .data_i        (fpga_write_data),
    .hit_o         (spike_io_hit),
    .data_o        (spike_io_data),
    .count_i       (up_event_count_i),
    .madc_i        (up_event_i[49:48]),
    .labels_i      ({up_event_i[39:24], up_event_i[15:0]}),
    .label_valid_o (serial_valid),
    .label_o       (serial_label),
    .tx_o          (spike_io_tx_o),
    .rx_i          (spike_io_rx_i),
    .idle_o        (spike_io_idle),
    .next_o        (spike_io_next)
  );

  fpga_event_rx u_event_rx (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .record_i    (record),
    .count_i     (up_event_count_i),
    .madc_i      (up_event_i[49:48]),
    .events_i    (up_event_i[47:0]),
    .dropped_o   (events_dropped),
    .pack_count_o(pack_count),
    .pack_madc_o (pack_madc),
    .pack_o      (pack),
    .pack_ready_i(pack_ready)
  );

  // Loopback answers and notifications
  logic loopback_valid, loopback_tick, loopback_ready;
  logic notification_valid, notification_ready, notification_timeout;
  logic [44:0] notification;
  logic [ 6:0] stalled_ticks;
  logic [7:0] phy_reported_d, phy_reported_q;
  logic phy_changed, notification_push;
  logic [2:0] phy;
  logic [44:0] timeout_payload, link_payload;

  fifo #(
    .Width(1),
    .Depth(machine_pkg::LoopbackDepth)
  ) u_loopback (
    .clk_i,
    .rst_ni,
    .en_i      (tick_i),
    .clear_i,
    .valid_i   (loopback_push),
    .ready_o   (loopback_room),
    .data_i    (loopback_push_tick),
    .valid_o   (loopback_valid),
    .ready_i   (loopback_ready),
    .data_o    (loopback_tick),
    .level_o   (),
    .overflow_o()
  );

  always_comb begin
    phy_reported_d = phy_reported_q;
    phy_changed    = 1'b0;
    phy            = '0;
    for (int i = 7; i >= 0; i--) begin
      if (phy_up_i[i] != phy_reported_q[i]) begin
        phy_changed = 1'b1;
        phy         = 3'(i);
      end
    end
    if (phy_changed && notification_room && !timed_out && !clear_i) begin
      phy_reported_d[phy] = phy_up_i[phy];
    end

    link_payload = '0;
    link_payload[ut_pkg::FromFpgaHighspeedLinkNotificationPhyLsb+:3] = phy;
    link_payload[ut_pkg::FromFpgaHighspeedLinkNotificationLinkUpLsb] = phy_up_i[phy];
    timeout_payload = '0;
    timeout_payload[ut_pkg::FromFpgaTimeoutNotificationInstructionIndexLsb+:32] = index;
    timeout_payload[ut_pkg::FromFpgaTimeoutNotificationTraceStallCountLsb+:7] = stalled_ticks;
    timeout_payload[ut_pkg::FromFpgaTimeoutNotificationOmnibusReadsInFlightLsb+:6] =
        reads_in_flight;
  end
  assign notification_push = timed_out || phy_changed;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      phy_reported_q <= '0;
    end else if (tick_i) begin
      phy_reported_q <= phy_reported_d;
    end
  end

  fifo #(
    .Width(46),
    .Depth(machine_pkg::NotificationDepth)
  ) u_notifications (
    .clk_i,
    .rst_ni,
    .en_i      (tick_i),
    .clear_i,
    .valid_i   (notification_push),
    .ready_o   (notification_room),
    .data_i    ({timed_out, timed_out ? timeout_payload : link_payload}),
    .valid_o   (notification_valid),
    .ready_i   (notification_ready),
    .data_o    ({notification_timeout, notification}),
    .level_o   (),
    .overflow_o()
  );

  // Trace
  logic message_valid, message_ready, message_long, message_halt;
  logic [ 7:0] message_header;
  logic [71:0] message_payload;
  logic word_valid, word_ready, word_halt;
  logic [63:0] word;

  fpga_arbiter u_arbiter (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i,
    .tick_time_i,
    .fpga_time_i           (fpga_time),
    .synced_i              (synced),
    .sync_done_i           (sync_done),
    .notification_valid_i  (notification_valid),
    .notification_timeout_i(notification_timeout),
    .notification_i        (notification),
    .notification_ready_o  (notification_ready),
    .systime_valid_i       (report),
    .systime_ready_o       (report_ready),
    .loopback_valid_i      (loopback_valid),
    .loopback_tick_i       (loopback_tick),
    .loopback_ready_o      (loopback_ready),
    .jtag_valid_i          (jtag_answer_valid),
    .jtag_i                (jtag_answer),
    .jtag_ready_o          (jtag_answer_ready),
    .omnibus_valid_i       (omnibus_valid),
    .omnibus_i             (omnibus_data),
    .omnibus_ready_o       (omnibus_ready),
    .pack_count_i          (pack_count),
    .pack_madc_i           (pack_madc),
    .pack_i                (pack),
    .pack_ready_o          (pack_ready),
    .valid_o               (message_valid),
    .ready_i               (message_ready),
    .header_o              (message_header),
    .long_o                (message_long),
    .payload_o             (message_payload),
    .halt_o                (message_halt),
    .count_stalled_i       (timed_out),
    .stalled_o             (stalled_ticks),
    .idle_o                (arbiter_idle)
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
    .Depth(TraceDepth)
  ) u_trace (
    .clk_i,
    .rst_ni,
    .en_i      (tick_i),
    .clear_i,
    .valid_i   (word_valid),
    .ready_o   (word_ready),
    .data_i    ({word_halt, word}),
    .valid_o   (host_valid_o),
    .ready_i   (host_ready_i),
    .data_o    ({host_halt_o, host_data_o}),
    .level_o   (),
    .overflow_o()
  );

  // Diagnostics: several in one tick are rare; the lowest code is reported,
  // all are counted upstream.
  always_comb begin
    diag_valid_o = tick_i && (unknown || unmapped || length_error);
    diag_code_o  = 8'(machine_pkg::DiagUnknownHeader);
    diag_data_o  = head_word;
    if (!unknown && unmapped) begin
      diag_code_o = 8'(machine_pkg::DiagUnmappedFpga);
      diag_data_o = {31'd0, fpga_read, fpga_address};
    end else if (!unknown) begin
      diag_code_o = 8'(machine_pkg::DiagJtagLength);
      diag_data_o = 64'(jtag_length);
    end
  end

  assign idle_o = executor_idle && master_idle && jtag_engine_idle && systime_unit_idle &&
      spi_idle && i2c_idle && arbiter_idle && packer_idle && !host_valid_o && event_tx_idle &&
      router_idle && spike_io_idle && dram_idle &&
      !phy_changed && !clear_i;

  always_comb begin
    next_o = executor_next;
    if (jtag_next < next_o) next_o = jtag_next;
    if (systime_next < next_o) next_o = systime_next;
    if (spi_next < next_o) next_o = spi_next;
    if (i2c_next < next_o) next_o = i2c_next;
    if (spike_io_next < next_o) next_o = spike_io_next;
    if (dram_next < next_o) next_o = dram_next;
  end

endmodule
