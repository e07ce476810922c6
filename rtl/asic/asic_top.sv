// SPDX-License-Identifier: Apache-2.0
// The chip: JTAG and link access to the chip bus, PPU memories, event crossbar, chip time.
// The memories keep their content over a chip reset, everything else starts anew.
module asic_top (
  input logic clk_i,  // 250 MHz
  input logic rst_ni,  // power-on reset
  input logic tick_i,  // second cycle of each tick
  input logic [43:0] now_i,  // global time in cycles
  input logic reset_i,  // chip reset, changes with ticks
  // JTAG
  input logic tck_i,  // enable, high during the tick of a pulse
  input logic tms_i,
  input logic tdi_i,
  output logic tdo_o,
  // link, items are valid during one tick
  input logic link_up_i,
  input logic down_bus_valid_i,
  output logic down_bus_ready_o,
  input logic [7:0] down_bus_epoch_i,
  input logic down_bus_read_i,
  input logic [3:0] down_bus_be_i,
  input logic [31:0] down_bus_addr_i,
  input logic [31:0] down_bus_data_i,
  input logic [1:0] down_event_count_i,
  input logic [47:0] down_event_labels_i,  // label k in [16*k +: 16]
  input logic down_sync_valid_i,
  input logic down_sync_set_i,
  output logic up_bus_valid_o,
  input logic up_bus_ready_i,
  output logic [7:0] up_bus_epoch_o,
  output logic [31:0] up_bus_data_o,
  output logic [1:0] up_event_count_o,
  output logic [1:0] up_event_madc_o,  // kind of event k: 0 spike
  output logic [47:0] up_events_o,  // event k in [24*k +: 24]: {time stamp, value}
  output logic up_sync_valid_o,
  output logic [42:0] up_sync_time_o,  // cycles
  output logic [42:0] up_sync_base_o,  // FPGA cycles
  // PHY state in FPGA bit order
  output logic [7:0] phy_enable_o,
  output logic [7:0] phy_auto_o,
  // processors, 0 top and 1 bottom
  input logic [1:0] ppu_sleep_i,
  output logic [1:0] ppu_run_o,  // 0: in reset
  output logic [1:0] ppu_cache_o,  // instruction cache of external memory
  // their accesses to the chip bus
  input logic [1:0] ppu_bus_valid_i,
  output logic [1:0] ppu_bus_ready_o,
  input logic [1:0] ppu_bus_read_i,
  input logic [7:0] ppu_bus_be_i,  // of processor k in [4*k +: 4]
  input logic [63:0] ppu_bus_addr_i,  // in [32*k +: 32]
  input logic [63:0] ppu_bus_data_i,
  output logic [1:0] ppu_bus_rsp_valid_o,
  output logic [31:0] ppu_bus_rsp_data_o,  // to whom it concerns
  // their accesses to their own memory
  input logic [1:0] ppu_vector_valid_i,
  output logic [1:0] ppu_vector_ready_o,
  input logic [1:0] ppu_vector_read_i,
  input logic [63:0] ppu_vector_addr_i,  // in [32*k +: 32]
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
  // diagnostics, one cycle
  output logic diag_valid_o,
  output logic [7:0] diag_code_o,
  output logic [63:0] diag_data_o,
  output logic idle_o,
  output logic [42:0] next_o  // tick of the next event that a block makes by itself
);

  // Slaves of the chip bus
  localparam int Registers = 0;
  localparam int Ppu = 1;  // top and bottom
  localparam int Crossbar = 3;
  localparam int Background = 4;
  localparam int Storage = 5;
  localparam int Synram = 6;  // top and bottom
  localparam int Pll = 8;
  localparam int PpuControl = 9;
  localparam int Padi = 10;
  localparam int Neurons = 11;
  localparam int Madc = 12;
  localparam int Cadc = 13;
  localparam int Slaves = 14;

  logic chip_rst_n;
  assign chip_rst_n = rst_ni && !reset_i;

  // Chip bus: first cycle to the slaves, second cycle back
  logic bus_valid, bus_read;
  logic [3:0] bus_be;
  logic [31:0] bus_addr, bus_data;
  logic [Slaves-1:0] slave_hit;
  logic [32*Slaves-1:0] slave_data;  // of slave k in [32*k +: 32], 0 unless it answers
  logic [31:0] bus_rdata, rsp_data;

  // Requests
  logic link_valid, link_ready, link_read, link_rsp_valid;
  logic [7:0] link_epoch, link_rsp_epoch;
  logic [3:0] link_be;
  logic [31:0] link_addr, link_data;
  logic jtag_valid, jtag_ready, jtag_read, jtag_rsp_valid;
  logic [31:0] jtag_addr, jtag_data;

  logic [3:0] pll_index;
  logic pll_write;
  logic [31:0] pll_wdata, pll_rdata;
  logic [7:0] phy_enable, phy_auto;  // chip bit order

  logic [42:0] chip_time, base;
  logic time_set;

  logic event_valid;
  logic [15:0] event_label;
  logic [7:0] dropped;
  logic [19:0] in_valid;
  logic [279:0] in_label;
  logic [7:0] background_valid;
  logic [111:0] background_label;
  logic [7:0] neuron_valid;
  logic [111:0] neuron_label;
  logic [3:0] l2_valid, l2_ready;
  logic [55:0] l2_label;
  logic [ 7:0] idle;
  logic [7:0] padi_valid, padi_ready;
  logic [111:0] padi_label;
  // Writes that other blocks look at, in the first cycle of the transaction: the word that the address
  // then holds. Blocks that do not write give 0.
  logic [3:0] stores;
  logic [127:0] stored;  // of block k in [32*k +: 32]
  logic write_valid;
  logic [31:0] write_word;
  logic [31:0] unused_unmapped;  // consumed by a later block
  logic [42:0] background_next, madc_next;
  logic [319:0] madc_config;
  logic [159:0] plls;
  logic [63:0] cadc_config;
  logic bus_wait;
  logic madc_valid;
  logic [15:0] madc_value;

  asic_jtag_tap u_tap (
    .clk_i          (clk_i),
    .rst_ni         (chip_rst_n),
    .tick_i         (tick_i),
    .tck_i          (tck_i),
    .tms_i          (tms_i),
    .tdi_i          (tdi_i),
    .tdo_o          (tdo_o),
    .bus_valid_o    (jtag_valid),
    .bus_ready_i    (jtag_ready),
    .bus_read_o     (jtag_read),
    .bus_addr_o     (jtag_addr),
    .bus_data_o     (jtag_data),
    .bus_rsp_valid_i(jtag_rsp_valid),
    .bus_rsp_data_i (rsp_data),
    .pll_index_o    (pll_index),
    .pll_write_o    (pll_write),
    .pll_data_o     (pll_wdata),
    .pll_data_i     (pll_rdata),
    .phy_auto_o     (phy_auto)
  );

  asic_link_endpoint u_endpoint (
    .clk_i              (clk_i),
    .rst_ni             (chip_rst_n),
    .tick_i             (tick_i),
    .link_up_i          (link_up_i),
    .down_bus_valid_i   (down_bus_valid_i),
    .down_bus_ready_o   (down_bus_ready_o),
    .down_bus_epoch_i   (down_bus_epoch_i),
    .down_bus_read_i    (down_bus_read_i),
    .down_bus_be_i      (down_bus_be_i),
    .down_bus_addr_i    (down_bus_addr_i),
    .down_bus_data_i    (down_bus_data_i),
    .down_event_count_i (down_event_count_i),
    .down_event_labels_i(down_event_labels_i),
    .down_sync_valid_i  (down_sync_valid_i),
    .down_sync_set_i    (down_sync_set_i),
    .up_bus_valid_o     (up_bus_valid_o),
    .up_bus_ready_i     (up_bus_ready_i),
    .up_bus_epoch_o     (up_bus_epoch_o),
    .up_bus_data_o      (up_bus_data_o),
    .up_event_count_o   (up_event_count_o),
    .up_event_madc_o    (up_event_madc_o),
    .up_events_o        (up_events_o),
    .up_sync_valid_o    (up_sync_valid_o),
    .up_sync_time_o     (up_sync_time_o),
    .up_sync_base_o     (up_sync_base_o),
    .req_valid_o        (link_valid),
    .req_ready_i        (link_ready),
    .req_epoch_o        (link_epoch),
    .req_read_o         (link_read),
    .req_be_o           (link_be),
    .req_addr_o         (link_addr),
    .req_data_o         (link_data),
    .rsp_valid_i        (link_rsp_valid),
    .rsp_epoch_i        (link_rsp_epoch),
    .rsp_data_i         (rsp_data),
    .event_valid_o      (event_valid),
    .event_label_o      (event_label),
    .dropped_o          (dropped),
    .l2_valid_i         (l2_valid),
    .l2_label_i         (l2_label),
    .l2_ready_o         (l2_ready),
    .madc_valid_i       (madc_valid),
    .madc_value_i       (madc_value),
    .chip_time_i        (chip_time),
    .base_i             (base),
    .time_set_o         (time_set),
    .idle_o             (idle[0])
  );

  // Reports: of the bus, and one that waits.
  logic diag_valid, diag_held_q;
  logic [63:0] diag_data, diag_data_q;
  asic_omnibus u_omnibus (
    .clk_i(clk_i),
    .rst_ni(chip_rst_n),
    .link_valid_i(link_valid),
    .link_ready_o(link_ready),
    .link_epoch_i(link_epoch),
    .link_read_i(link_read),
    .link_be_i(link_be),
    .link_addr_i(link_addr),
    .link_data_i(link_data),
    .link_rsp_valid_o(link_rsp_valid),
    .link_rsp_epoch_o(link_rsp_epoch),
    .jtag_valid_i(jtag_valid),
    .jtag_ready_o(jtag_ready),
    .jtag_read_i(jtag_read),
    .jtag_addr_i(jtag_addr),
    .jtag_data_i(jtag_data),
    .jtag_rsp_valid_o(jtag_rsp_valid),
    .ppu_valid_i(master_valid),
    .ppu_ready_o(master_ready),
    .ppu_read_i(master_read),
    .ppu_be_i(master_be),
    .ppu_addr_i(master_addr),
    .ppu_data_i(master_data),
    .ppu_rsp_valid_o(master_rsp_valid),
    .rsp_data_o(rsp_data),
    .bus_valid_o(bus_valid),
    .bus_read_o(bus_read),
    .bus_be_o(bus_be),
    .bus_addr_o(bus_addr),
    .bus_data_o(bus_data),
    .bus_wait_i(bus_wait),
    .bus_hit_i(slave_hit != '0),
    .bus_data_i(bus_rdata),
    .diag_valid_o(diag_valid),
    .diag_code_o(diag_code_o),
    .diag_data_o(diag_data),
    .unmapped_o(unused_unmapped),
    .idle_o(idle[1])
  );

  // The second cycle of a tick is the FPGA's to report in; what ends a cycle early waits for the next.
  assign diag_valid_o = !tick_i && (diag_valid || diag_held_q);
  assign diag_data_o  = diag_held_q ? diag_data_q : diag_data;

  always_ff @(posedge clk_i or negedge chip_rst_n) begin
    if (!chip_rst_n) begin
      diag_held_q <= 1'b0;
      diag_data_q <= '0;
    end else begin
      diag_held_q <= tick_i && diag_valid;
      diag_data_q <= diag_data;
    end
  end

  // Scalar and vector part of each processor share its place on the bus.
  logic [1:0] master_valid, master_ready, master_read, master_rsp_valid, vector_idle;
  logic [7:0] master_be;
  logic [63:0] master_addr, master_data;

  for (genvar k = 0; k < 2; k++) begin : gen_vector
    asic_ppu_vector #(
      .Block(k)
    ) u_vector (
      .clk_i             (clk_i),
      .rst_ni            (chip_rst_n),
      .vector_valid_i    (ppu_vector_valid_i[k]),
      .vector_ready_o    (ppu_vector_ready_o[k]),
      .vector_read_i     (ppu_vector_read_i[k]),
      .vector_addr_i     (ppu_vector_addr_i[32*k+:32]),
      .vector_mask_i     (ppu_vector_mask_i[128*k+:128]),
      .vector_data_i     (ppu_vector_data_i[1024*k+:1024]),
      .vector_rsp_valid_o(ppu_vector_rsp_valid_o[k]),
      .vector_rsp_data_o (ppu_vector_rsp_data_o[1024*k+:1024]),
      .scalar_valid_i    (ppu_bus_valid_i[k]),
      .scalar_ready_o    (ppu_bus_ready_o[k]),
      .scalar_read_i     (ppu_bus_read_i[k]),
      .scalar_be_i       (ppu_bus_be_i[4*k+:4]),
      .scalar_addr_i     (ppu_bus_addr_i[32*k+:32]),
      .scalar_data_i     (ppu_bus_data_i[32*k+:32]),
      .scalar_rsp_valid_o(ppu_bus_rsp_valid_o[k]),
      .bus_valid_o       (master_valid[k]),
      .bus_ready_i       (master_ready[k]),
      .bus_read_o        (master_read[k]),
      .bus_be_o          (master_be[4*k+:4]),
      .bus_addr_o        (master_addr[32*k+:32]),
      .bus_data_o        (master_data[32*k+:32]),
      .bus_rsp_valid_i   (master_rsp_valid[k]),
      .bus_rsp_data_i    (rsp_data),
      .idle_o            (vector_idle[k])
    );
  end

  always_comb begin
    bus_rdata = '0;
    for (int k = 0; k < Slaves; k++) bus_rdata |= slave_data[32*k+:32];
  end

  asic_registers u_registers (
    .clk_i         (clk_i),
    .rst_ni        (chip_rst_n),
    .bus_valid_i   (bus_valid),
    .bus_read_i    (bus_read),
    .bus_be_i      (bus_be),
    .bus_addr_i    (bus_addr),
    .bus_data_i    (bus_data),
    .bus_hit_o     (slave_hit[Registers]),
    .bus_data_o    (slave_data[32*Registers+:32]),
    .systime_base_o(base),
    .phy_enable_o  (phy_enable)
  );

  asic_pll u_pll (
    .clk_i      (clk_i),
    .rst_ni     (chip_rst_n),
    .now_i      (now_i),
    .bus_valid_i(bus_valid),
    .bus_read_i (bus_read),
    .bus_be_i   (bus_be),
    .bus_addr_i (bus_addr),
    .bus_data_i (bus_data),
    .bus_hit_o  (slave_hit[Pll]),
    .bus_data_o (slave_data[32*Pll+:32]),
    .pll_index_i(pll_index),
    .pll_write_i(pll_write),
    .pll_data_i (pll_wdata),
    .pll_data_o (pll_rdata),
    .pll_o      (plls)
  );

  asic_ppu_control u_ppu_control (
    .clk_i      (clk_i),
    .rst_ni     (chip_rst_n),
    .bus_valid_i(bus_valid),
    .bus_read_i (bus_read),
    .bus_be_i   (bus_be),
    .bus_addr_i (bus_addr),
    .bus_data_i (bus_data),
    .bus_hit_o  (slave_hit[PpuControl]),
    .bus_data_o (slave_data[32*PpuControl+:32]),
    .sleep_i    (ppu_sleep_i),
    .run_o      (ppu_run_o),
    .cache_o    (ppu_cache_o)
  );

  // The link looks at the enable mask as it was at the end of the last tick.
  logic [7:0] phy_enable_q;

  always_ff @(posedge clk_i or negedge chip_rst_n) begin
    if (!chip_rst_n) begin
      phy_enable_q <= 8'(containers_pkg::CommonPhyConfigChipWord0Default);
    end else if (tick_i) begin
      phy_enable_q <= phy_enable;
    end
  end

  // The chip counts PHYs from the other end.
  always_comb begin
    for (int i = 0; i < 8; i++) begin
      phy_enable_o[i] = phy_enable_q[7-i];
      phy_auto_o[i]   = phy_auto[7-i];
    end
  end

  asic_systime u_systime (
    .clk_i      (clk_i),
    .rst_ni     (chip_rst_n),
    .now_i      (now_i[42:0]),
    .set_i      (time_set),
    .base_i     (base),
    .chip_time_o(chip_time)
  );

  for (genvar k = 0; k < 2; k++) begin : gen_ppu_sram
    asic_ppu_sram #(
      .Depth(omnibus_pkg::PpuMemoryCount),
      .Base (omnibus_pkg::PpuMemoryBases[32*k+:32])
    ) u_ppu_sram (
      .clk_i      (clk_i),
      .rst_ni     (chip_rst_n),
      .bus_valid_i(bus_valid),
      .bus_read_i (bus_read),
      .bus_be_i   (bus_be),
      .bus_addr_i (bus_addr),
      .bus_data_i (bus_data),
      .bus_hit_o  (slave_hit[Ppu+k]),
      .bus_data_o (slave_data[32*(Ppu+k)+:32]),
      .ppu_valid_i(ppu_sram_valid_i[k]),
      .ppu_ready_o(ppu_sram_ready_o[k]),
      .ppu_write_i(ppu_sram_write_i[k]),
      .ppu_be_i   (ppu_sram_be_i[4*k+:4]),
      .ppu_addr_i (ppu_sram_addr_i[12*k+:12]),
      .ppu_data_i (ppu_sram_data_i[32*k+:32]),
      .ppu_data_o (ppu_sram_data_o[32*k+:32])
    );
  end

  asic_storage u_storage (
    .clk_i        (clk_i),
    .rst_ni       (chip_rst_n),
    .bus_valid_i  (bus_valid),
    .bus_read_i   (bus_read),
    .bus_be_i     (bus_be),
    .bus_addr_i   (bus_addr),
    .bus_data_i   (bus_data),
    .bus_hit_o    (slave_hit[Storage]),
    .bus_data_o   (slave_data[32*Storage+:32]),
    .write_o      (stores[0]),
    .word_o       (stored[0+:32]),
    .madc_config_o(madc_config),
    .cadc_config_o(cadc_config)
  );

  for (genvar k = 0; k < 2; k++) begin : gen_synram
    asic_synram #(
      .Block(k)
    ) u_synram (
      .clk_i      (clk_i),
      .rst_ni     (chip_rst_n),
      .bus_valid_i(bus_valid),
      .bus_read_i (bus_read),
      .bus_be_i   (bus_be),
      .bus_addr_i (bus_addr),
      .bus_data_i (bus_data),
      .bus_hit_o  (slave_hit[Synram+k]),
      .bus_data_o (slave_data[32*(Synram+k)+:32]),
      .write_o    (stores[1+k]),
      .word_o     (stored[32*(1+k)+:32])
    );
  end

  asic_background u_background (
    .clk_i        (clk_i),
    .rst_ni       (chip_rst_n),
    .now_i        (now_i),
    .bus_valid_i  (bus_valid),
    .bus_read_i   (bus_read),
    .bus_be_i     (bus_be),
    .bus_addr_i   (bus_addr),
    .bus_data_i   (bus_data),
    .bus_hit_o    (slave_hit[Background]),
    .bus_data_o   (slave_data[32*Background+:32]),
    .event_valid_o(background_valid),
    .event_label_o(background_label),
    .idle_o       (idle[3]),
    .next_o       (background_next)
  );

  // Inputs 8..11 take the events of the link by channel.
  always_comb begin
    in_valid = '0;
    in_label = '0;
    in_valid[7:0] = neuron_valid;
    in_label[0+:112] = neuron_label;
    in_valid[crossbar_pkg::BackgroundInput+:8] = background_valid;
    in_label[14*crossbar_pkg::BackgroundInput+:112] = background_label;
    in_valid[crossbar_pkg::L2Input+32'(event_label[15:14])] = event_valid;
    for (int k = 0; k < 4; k++) in_label[14*(crossbar_pkg::L2Input+k)+:14] = event_label[13:0];
  end

  asic_crossbar u_crossbar (
    .clk_i        (clk_i),
    .rst_ni       (chip_rst_n),
    .bus_valid_i  (bus_valid),
    .bus_read_i   (bus_read),
    .bus_be_i     (bus_be),
    .bus_addr_i   (bus_addr),
    .bus_data_i   (bus_data),
    .bus_hit_o    (slave_hit[Crossbar]),
    .bus_data_o   (slave_data[32*Crossbar+:32]),
    .event_valid_i(in_valid),
    .event_label_i(in_label),
    .dropped_i    (dropped),
    .padi_valid_o (padi_valid),
    .padi_label_o (padi_label),
    .padi_ready_i (padi_ready),
    .l2_valid_o   (l2_valid),
    .l2_label_o   (l2_label),
    .l2_ready_i   (l2_ready),
    .idle_o       (idle[2])
  );

  assign ppu_bus_rsp_data_o = rsp_data;

  asic_padi u_padi (
    .clk_i        (clk_i),
    .rst_ni       (chip_rst_n),
    .bus_valid_i  (bus_valid),
    .bus_read_i   (bus_read),
    .bus_be_i     (bus_be),
    .bus_addr_i   (bus_addr),
    .bus_data_i   (bus_data),
    .bus_hit_o    (slave_hit[Padi]),
    .write_valid_i(write_valid),
    .write_word_i (write_word),
    .event_valid_i(padi_valid),
    .event_label_i(padi_label),
    .event_ready_o(padi_ready),
    .padi_valid_o (ana_padi_valid_o),
    .padi_event_o (ana_padi_event_o),
    .idle_o       (idle[4])
  );

  asic_neurons u_neurons (
    .clk_i        (clk_i),
    .rst_ni       (chip_rst_n),
    .power_ni     (rst_ni),
    .bus_valid_i  (bus_valid),
    .bus_read_i   (bus_read),
    .bus_addr_i   (bus_addr),
    .bus_data_i   (bus_data),
    .bus_hit_o    (slave_hit[Neurons]),
    .bus_data_o   (slave_data[32*Neurons+:32]),
    .write_o      (stores[3]),
    .word_o       (stored[96+:32]),
    .write_valid_i(write_valid),
    .write_word_i (write_word),
    .spike_i      (ana_spike_i),
    .event_valid_o(neuron_valid),
    .event_label_o(neuron_label),
    .idle_o       (idle[5])
  );

  assign slave_data[32*Padi+:32] = '0;
  assign write_valid             = stores != '0;
  assign write_word              = stored[0+:32] | stored[32+:32] | stored[64+:32] | stored[96+:32];

  // The analog core learns of a write when it takes effect.
  always_ff @(posedge clk_i or negedge chip_rst_n) begin
    if (!chip_rst_n) begin
      ana_write_valid_o <= 1'b0;
      ana_write_addr_o  <= '0;
      ana_write_data_o  <= '0;
    end else begin
      ana_write_valid_o <= write_valid;
      if (write_valid) begin
        ana_write_addr_o <= bus_addr;
        ana_write_data_o <= write_word;
      end
    end
  end
  assign ana_reset_o = !chip_rst_n;

  asic_madc u_madc (
    .clk_i        (clk_i),
    .rst_ni       (chip_rst_n),
    .now_i        (now_i),
    .bus_valid_i  (bus_valid),
    .bus_read_i   (bus_read),
    .bus_be_i     (bus_be[0]),
    .bus_addr_i   (bus_addr),
    .bus_data_i   (bus_data),
    .bus_hit_o    (slave_hit[Madc]),
    .config_i     (madc_config),
    .pll_i        (plls),
    .sample_o     (ana_madc_sample_o),
    .input_o      (ana_madc_input_o),
    .code_i       (ana_madc_code_i),
    .event_valid_o(madc_valid),
    .event_value_o(madc_value),
    .idle_o       (idle[6]),
    .next_o       (madc_next)
  );
  assign slave_data[32*Madc+:32] = '0;

  asic_cadc u_cadc (
    .clk_i       (clk_i),
    .rst_ni      (chip_rst_n),
    .now_i       (now_i),
    .bus_valid_i (bus_valid),
    .bus_read_i  (bus_read),
    .bus_addr_i  (bus_addr),
    .bus_hit_o   (slave_hit[Cadc]),
    .bus_wait_o  (bus_wait),
    .bus_data_o  (slave_data[32*Cadc+:32]),
    .config_i    (cadc_config),
    .trigger_o   (ana_cadc_trigger_o),
    .row_o       (ana_cadc_row_o),
    .fetch_o     (ana_cadc_fetch_o),
    .hemisphere_o(ana_cadc_hemisphere_o),
    .acausal_o   (ana_cadc_acausal_o),
    .quad_o      (ana_cadc_quad_o),
    .data_i      (ana_cadc_data_i),
    .idle_o      (idle[7])
  );

  assign next_o = (madc_next < background_next) ? madc_next : background_next;
  assign idle_o = !ana_write_valid_o && idle == '1 && vector_idle == '1 &&
                  ppu_sram_valid_i == '0 && phy_enable == phy_enable_q;

endmodule
