// SPDX-License-Identifier: Apache-2.0
// The whole digital machine: time base, FPGA half, link and chip half.
// Host link, analog core and processors attach outside, in wrappers.
module hx_system #(
  parameter int PlaybackDepth = machine_pkg::PlaybackDepth,  // words, power of two
  parameter int TraceDepth    = machine_pkg::TraceDepth,     // words, power of two
  parameter int LinkLatency   = machine_pkg::LinkLatency,    // ticks per direction, 1..62
  parameter int LinkUpDelay   = machine_pkg::LinkUpDelay     // ticks
) (
  input logic clk_i,
  input logic rst_ni,
  // time
  input logic [43:0] skip_i,  // further cycles to add at this edge; even, 0 in synthesis
  output logic idle_o,
  output logic [43:0] next_o,  // cycles that may be skipped at the end of this tick
  output logic [43:0] now_o,
  output logic tick_o,
  // host words; the handshake counts at edges with tick_o
  input logic host_valid_i,
  output logic host_ready_o,
  input logic [63:0] host_data_i,
  output logic host_valid_o,
  input logic host_ready_i,
  output logic [63:0] host_data_o,
  output logic host_halt_o,  // the word completes the answer of a halt
  input logic host_reset_i,  // connection reset, one tick
  // what the wires of the link do to the frames of this tick (machine_pkg::LinkError*), 0 in synthesis
  input logic [1:0] link_down_error_i,
  input logic [1:0] link_up_error_i,
  // external DRAM: a request is valid at one edge with tick_o, its data holds from then on
  output logic dram_request_o,
  output logic dram_write_o,
  output logic [3:0] dram_byte_enables_o,
  output logic [31:0] dram_address_o,  // word
  output logic [31:0] dram_data_o,
  input logic [31:0] dram_data_i,
  // analog core: writes take effect, events and spikes happen in the cycle in which they are valid
  output logic ana_reset_o,  // the chip is in reset
  output logic ana_write_valid_o,
  output logic [31:0] ana_write_addr_o,
  output logic [31:0] ana_write_data_o,  // the word that the address holds now
  output logic [7:0] ana_padi_valid_o,  // bus 4 * hemisphere + b
  output logic [87:0] ana_padi_event_o,  // bus k in [11*k +: 11]: {row select, address}
  input logic [511:0] ana_spike_i,  // neuron 256 * row + column, AnalogSpikeDelay ago
  output logic ana_madc_sample_o,
  output logic ana_madc_input_o,
  input logic [9:0] ana_madc_code_i,  // of the sample of the cycle before
  output logic [1:0] ana_cadc_trigger_o,  // per hemisphere
  output logic [7:0] ana_cadc_row_o,  // whose correlation sensors are read
  output logic ana_cadc_fetch_o,
  output logic ana_cadc_hemisphere_o,
  output logic ana_cadc_acausal_o,
  output logic [5:0] ana_cadc_quad_o,
  input logic [31:0] ana_cadc_data_i,  // four results, of the fetch of the cycle before
  // embedded processors, 0 top and 1 bottom (docs/ppu-interface.md)
  input logic [1:0] ppu_sleep_i,
  output logic [1:0] ppu_run_o,  // 0: in reset
  output logic [1:0] ppu_cache_o,  // instruction cache of external memory
  input logic [1:0] ppu_bus_valid_i,
  output logic [1:0] ppu_bus_ready_o,
  input logic [1:0] ppu_bus_read_i,
  input logic [7:0] ppu_bus_be_i,  // of processor k in [4*k +: 4]
  input logic [63:0] ppu_bus_addr_i,  // in [32*k +: 32]
  input logic [63:0] ppu_bus_data_i,
  output logic [1:0] ppu_bus_rsp_valid_o,
  output logic [31:0] ppu_bus_rsp_data_o,  // to whom it concerns
  input logic [1:0] ppu_vector_valid_i,
  output logic [1:0] ppu_vector_ready_o,
  input logic [1:0] ppu_vector_read_i,
  input logic [63:0] ppu_vector_addr_i,
  input logic [255:0] ppu_vector_mask_i,  // in [128*k +: 128]
  input logic [2047:0] ppu_vector_data_i,  // in [1024*k +: 1024]
  output logic [1:0] ppu_vector_rsp_valid_o,
  output logic [2047:0] ppu_vector_rsp_data_o,
  input logic [1:0] ppu_sram_valid_i,
  output logic [1:0] ppu_sram_ready_o,
  input logic [1:0] ppu_sram_write_i,
  input logic [7:0] ppu_sram_be_i,
  input logic [23:0] ppu_sram_addr_i,  // words, in [12*k +: 12]
  input logic [63:0] ppu_sram_data_i,
  output logic [63:0] ppu_sram_data_o,
  // diagnostics, valid for one cycle
  output logic diag_valid_o,
  output logic [7:0] diag_code_o,
  output logic [63:0] diag_data_o
);

  logic tick;
  logic [43:0] now;
  logic [42:0] tick_time;

  time_base u_time_base (
    .clk_i,
    .rst_ni,
    .skip_i,
    .now_o (now),
    .tick_o(tick)
  );
  assign now_o     = now;
  assign tick_o    = tick;
  assign tick_time = now[43:1];

  logic chip_reset, tck, tms, tdi, tdo;
  logic [7:0] fpga_phy_enable, fpga_phy_auto, asic_phy_enable, asic_phy_auto, phy_up;
  logic link_up, down_bus_ready, up_bus_ready, link_arrived, link_damaged;
  logic [1:0] link_again;
  logic asic_down_bus_ready;
  logic fpga_down_bus_valid, asic_down_bus_valid, fpga_up_bus_valid, asic_up_bus_valid;
  logic [machine_pkg::LinkDownBusWidth-1:0] fpga_down_bus;
  logic [  machine_pkg::LinkUpBusWidth-1:0] fpga_up_bus;
  // of the bus items at the chip
  logic [7:0] down_epoch, up_epoch;
  logic down_read;
  logic [3:0] down_be;
  logic [31:0] down_addr, down_data, up_data;
  logic [1:0]
      fpga_down_event_count, asic_down_event_count, fpga_up_event_count, asic_up_event_count;
  logic [47:0] fpga_down_event, asic_down_event;
  logic [49:0] fpga_up_event, asic_up_event;
  logic fpga_down_sync_valid, fpga_down_sync_set, asic_down_sync_valid, asic_down_sync_set;
  logic fpga_up_sync_valid, asic_up_sync_valid;
  logic [85:0] fpga_up_sync, asic_up_sync;
  logic fpga_diag_valid, asic_diag_valid;
  logic [7:0] fpga_diag_code, asic_diag_code;
  logic [63:0] fpga_diag_data, asic_diag_data;
  logic [2:0] spi_cs_n;
  logic spi_sck, spi_mosi, i2c_scl, i2c_sda, i2c_sda_fpga, i2c_sda_board;
  logic fpga_idle, link_idle, asic_idle;
  logic [42:0] fpga_next, link_next, asic_next, other_next, next_tick;

  fpga_top #(
    .PlaybackDepth(PlaybackDepth),
    .TraceDepth   (TraceDepth)
  ) u_fpga (
    .clk_i,
    .rst_ni,
    .tick_i            (tick),
    .tick_time_i       (tick_time),
    .clear_i           (host_reset_i),
    .host_valid_i,
    .host_ready_o,
    .host_data_i,
    .host_valid_o,
    .host_ready_i,
    .host_data_o,
    .host_halt_o,
    .chip_reset_o      (chip_reset),
    .tck_o             (tck),
    .tms_o             (tms),
    .tdi_o             (tdi),
    .tdo_i             (tdo),
    .phy_enable_o      (fpga_phy_enable),
    .phy_auto_o        (fpga_phy_auto),
    .phy_up_i          (phy_up),
    .link_up_i         (link_up),
    .down_bus_valid_o  (fpga_down_bus_valid),
    .down_bus_ready_i  (down_bus_ready),
    .down_bus_o        (fpga_down_bus),
    .down_event_count_o(fpga_down_event_count),
    .down_event_o      (fpga_down_event),
    .down_sync_valid_o (fpga_down_sync_valid),
    .down_sync_set_o   (fpga_down_sync_set),
    .up_bus_valid_i    (fpga_up_bus_valid),
    .up_bus_i          (fpga_up_bus),
    .up_event_count_i  (fpga_up_event_count),
    .up_event_i        (fpga_up_event),
    .up_sync_valid_i   (fpga_up_sync_valid),
    .up_sync_i         (fpga_up_sync),
    .down_again_i      (link_again),
    .up_arrived_i      (link_arrived),
    .up_damaged_i      (link_damaged),
    .spi_cs_no         (spi_cs_n),
    .spi_sck_o         (spi_sck),
    .spi_mosi_o        (spi_mosi),
    .i2c_scl_o         (i2c_scl),
    .i2c_sda_o         (i2c_sda_fpga),
    .i2c_sda_i         (i2c_sda),
    .spike_io_tx_o     (board_spike_io_tx),
    .spike_io_rx_i     (1'b1),                   // nobody is connected
    .dram_request_o,
    .dram_write_o,
    .dram_byte_enables_o,
    .dram_address_o,
    .dram_data_o,
    .dram_data_i,
    .diag_valid_o      (fpga_diag_valid),
    .diag_code_o       (fpga_diag_code),
    .diag_data_o       (fpga_diag_data),
    .idle_o            (fpga_idle),
    .next_o            (fpga_next)
  );

  logic board_spike_io_tx;

  assign i2c_sda = i2c_sda_fpga && i2c_sda_board;

  // The state of its devices is for waveforms; the bench of the board checks it.
  logic [ 23:0] board_shift_register;
  logic [191:0] board_dac_output;
  logic [15:0] board_dac_gain, board_dac_power_down;

  board_cube u_board (
    .clk_i,
    .rst_ni,
    .tick_i          (tick),
    .cs_ni           (spi_cs_n),
    .sck_i           (spi_sck),
    .mosi_i          (spi_mosi),
    .scl_i           (i2c_scl),
    .sda_i           (i2c_sda),
    .sda_o           (i2c_sda_board),
    .shift_register_o(board_shift_register),
    .dac_output_o    (board_dac_output),
    .dac_gain_o      (board_dac_gain),
    .dac_power_down_o(board_dac_power_down)
  );

  link #(
    .Latency(LinkLatency),
    .UpDelay(LinkUpDelay)
  ) u_link (
    .clk_i,
    .rst_ni,
    .tick_i            (tick),
    .tick_time_i       (tick_time),
    .fpga_enable_i     (fpga_phy_enable),
    .fpga_auto_i       (fpga_phy_auto),
    .asic_enable_i     (asic_phy_enable),
    .asic_auto_i       (asic_phy_auto),
    .asic_reset_i      (chip_reset),
    .up_o              (link_up),
    .down_error_i      (link_down_error_i),
    .up_error_i        (link_up_error_i),
    .phy_up_o          (phy_up),
    .down_bus_valid_i  (fpga_down_bus_valid),
    .down_bus_ready_o  (down_bus_ready),
    .down_bus_i        (fpga_down_bus),
    .down_bus_valid_o  (asic_down_bus_valid),
    .down_bus_ready_i  (asic_down_bus_ready),
    .down_bus_o        ({down_epoch, down_read, down_be, down_addr, down_data}),
    .down_event_count_i(fpga_down_event_count),
    .down_event_i      (fpga_down_event),
    .down_event_count_o(asic_down_event_count),
    .down_event_o      (asic_down_event),
    .down_sync_valid_i (fpga_down_sync_valid),
    .down_sync_set_i   (fpga_down_sync_set),
    .down_sync_valid_o (asic_down_sync_valid),
    .down_sync_set_o   (asic_down_sync_set),
    .up_bus_valid_i    (asic_up_bus_valid),
    .up_bus_ready_o    (up_bus_ready),
    .up_bus_i          ({up_epoch, up_data}),
    .up_bus_valid_o    (fpga_up_bus_valid),
    .up_bus_o          (fpga_up_bus),
    .up_event_count_i  (asic_up_event_count),
    .up_event_i        (asic_up_event),
    .up_event_count_o  (fpga_up_event_count),
    .up_event_o        (fpga_up_event),
    .up_sync_valid_i   (asic_up_sync_valid),
    .up_sync_i         (asic_up_sync),
    .up_sync_valid_o   (fpga_up_sync_valid),
    .up_sync_o         (fpga_up_sync),
    .down_again_o      (link_again),
    .up_arrived_o      (link_arrived),
    .up_damaged_o      (link_damaged),
    .idle_o            (link_idle),
    .next_o            (link_next)
  );

  asic_top u_asic (
    .clk_i,
    .rst_ni,
    .tick_i                (tick),
    .now_i                 (now),
    .reset_i               (chip_reset),
    .tck_i                 (tck),
    .tms_i                 (tms),
    .tdi_i                 (tdi),
    .tdo_o                 (tdo),
    .link_up_i             (link_up),
    .down_bus_valid_i      (asic_down_bus_valid),
    .down_bus_ready_o      (asic_down_bus_ready),
    .down_bus_epoch_i      (down_epoch),
    .down_bus_read_i       (down_read),
    .down_bus_be_i         (down_be),
    .down_bus_addr_i       (down_addr),
    .down_bus_data_i       (down_data),
    .down_event_count_i    (asic_down_event_count),
    .down_event_labels_i   (asic_down_event),
    .down_sync_valid_i     (asic_down_sync_valid),
    .down_sync_set_i       (asic_down_sync_set),
    .up_bus_valid_o        (asic_up_bus_valid),
    .up_bus_ready_i        (up_bus_ready),
    .up_bus_epoch_o        (up_epoch),
    .up_bus_data_o         (up_data),
    .up_event_count_o      (asic_up_event_count),
    .up_event_madc_o       (asic_up_event[49:48]),
    .up_events_o           (asic_up_event[47:0]),
    .up_sync_valid_o       (asic_up_sync_valid),
    .up_sync_time_o        (asic_up_sync[85:43]),
    .up_sync_base_o        (asic_up_sync[42:0]),
    .phy_enable_o          (asic_phy_enable),
    .phy_auto_o            (asic_phy_auto),
    .ppu_sleep_i           (ppu_sleep_i),
    .ppu_run_o             (ppu_run_o),
    .ppu_cache_o           (ppu_cache_o),
    .ppu_bus_valid_i       (ppu_bus_valid_i),
    .ppu_bus_ready_o       (ppu_bus_ready_o),
    .ppu_bus_read_i        (ppu_bus_read_i),
    .ppu_bus_be_i          (ppu_bus_be_i),
    .ppu_bus_addr_i        (ppu_bus_addr_i),
    .ppu_bus_data_i        (ppu_bus_data_i),
    .ppu_bus_rsp_valid_o   (ppu_bus_rsp_valid_o),
    .ppu_bus_rsp_data_o    (ppu_bus_rsp_data_o),
    .ppu_vector_valid_i    (ppu_vector_valid_i),
    .ppu_vector_ready_o    (ppu_vector_ready_o),
    .ppu_vector_read_i     (ppu_vector_read_i),
    .ppu_vector_addr_i     (ppu_vector_addr_i),
    .ppu_vector_mask_i     (ppu_vector_mask_i),
    .ppu_vector_data_i     (ppu_vector_data_i),
    .ppu_vector_rsp_valid_o(ppu_vector_rsp_valid_o),
    .ppu_vector_rsp_data_o (ppu_vector_rsp_data_o),
    .ppu_sram_valid_i      (ppu_sram_valid_i),
    .ppu_sram_ready_o      (ppu_sram_ready_o),
    .ppu_sram_write_i      (ppu_sram_write_i),
    .ppu_sram_be_i         (ppu_sram_be_i),
    .ppu_sram_addr_i       (ppu_sram_addr_i),
    .ppu_sram_data_i       (ppu_sram_data_i),
    .ppu_sram_data_o       (ppu_sram_data_o),
    .ana_reset_o           (ana_reset_o),
    .ana_write_valid_o     (ana_write_valid_o),
    .ana_write_addr_o      (ana_write_addr_o),
    .ana_write_data_o      (ana_write_data_o),
    .ana_padi_valid_o      (ana_padi_valid_o),
    .ana_padi_event_o      (ana_padi_event_o),
    .ana_spike_i           (ana_spike_i),
    .ana_madc_sample_o     (ana_madc_sample_o),
    .ana_madc_input_o      (ana_madc_input_o),
    .ana_madc_code_i       (ana_madc_code_i),
    .ana_cadc_trigger_o    (ana_cadc_trigger_o),
    .ana_cadc_row_o        (ana_cadc_row_o),
    .ana_cadc_fetch_o      (ana_cadc_fetch_o),
    .ana_cadc_hemisphere_o (ana_cadc_hemisphere_o),
    .ana_cadc_acausal_o    (ana_cadc_acausal_o),
    .ana_cadc_quad_o       (ana_cadc_quad_o),
    .ana_cadc_data_i       (ana_cadc_data_i),
    .diag_valid_o          (asic_diag_valid),
    .diag_code_o           (asic_diag_code),
    .diag_data_o           (asic_diag_data),
    .idle_o                (asic_idle),
    .next_o                (asic_next)
  );

  assign diag_valid_o = fpga_diag_valid || asic_diag_valid;
  assign diag_code_o  = fpga_diag_valid ? fpga_diag_code : asic_diag_code;
  assign diag_data_o  = fpga_diag_valid ? fpga_diag_data : asic_diag_data;

  // Skipping: the tick after this one may be tick `next` instead of the following one.
  // Only at the end of a tick: deadlines that begin in it must have been stored.
  assign idle_o = tick && fpga_idle && link_idle && asic_idle && !host_valid_i;
  assign other_next = (link_next < asic_next) ? link_next : asic_next;
  assign next_tick  = (other_next < fpga_next) ? other_next : fpga_next;
  assign next_o = (next_tick == '1) ? '1 : {next_tick - tick_time - 43'd1, 1'b0};

endmodule
