// SPDX-License-Identifier: Apache-2.0
// Runs a program in a simulator with four states: what leaves a half of the machine after reset is
// never unknown. Prints each answer with its cycle, as the flange does; jumps over idle time.
module four_state;
  localparam int MostWords = 65536;

  logic clk, rst_n, tick, idle;
  logic [43:0] skip, next, now;
  logic in_valid, in_ready, out_valid, out_halt, diag_valid;
  logic [63:0] out_data, diag_data;
  logic [7:0] diag_code;
  logic [63:0] words[0:MostWords-1];
  string program_file;
  int count, halts, sent;

  hx_system #(
    .PlaybackDepth(MostWords),
    .TraceDepth   (1024)
  ) u_system (
    .clk_i       (clk),
    .rst_ni      (rst_n),
    .skip_i      (skip),
    .idle_o      (idle),
    .next_o      (next),
    .now_o       (now),
    .tick_o      (tick),
    .host_valid_i(in_valid),
    .host_ready_o(in_ready),
    .host_data_i (words[sent]),
    .host_valid_o(out_valid),
    .host_ready_i(1'b1),
    .host_data_o (out_data),
    .host_halt_o (out_halt),
    .host_reset_i(1'b0),
    .link_down_error_i(2'd0),
    .link_up_error_i(2'd0),
    .dram_data_i (32'd0),  // no DRAM, no analog core
    .ana_spike_i (512'd0),
    .ana_madc_code_i(10'd0),
    .ana_cadc_data_i(32'd0),
    // no processors
    .ppu_sleep_i       (2'd0),
    .ppu_bus_valid_i   (2'd0),
    .ppu_bus_read_i    (2'd0),
    .ppu_bus_be_i      (8'd0),
    .ppu_bus_addr_i    (64'd0),
    .ppu_bus_data_i    (64'd0),
    .ppu_vector_valid_i(2'd0),
    .ppu_vector_read_i (2'd0),
    .ppu_vector_addr_i (64'd0),
    .ppu_vector_mask_i (256'd0),
    .ppu_vector_data_i (2048'd0),
    .ppu_sram_valid_i  (2'd0),
    .ppu_sram_write_i  (2'd0),
    .ppu_sram_be_i     (8'd0),
    .ppu_sram_addr_i   (24'd0),
    .ppu_sram_data_i   (64'd0),
    .diag_valid_o(diag_valid),
    .diag_code_o (diag_code),
    .diag_data_o (diag_data)
  );

  assign in_valid = sent < count;
  assign skip     = (tick && idle && !in_valid && !out_valid) ? next & ~44'd1 : 44'd0;

  task automatic known(input bit fine, input string what);
    if (!fine) begin
      $display("unknown %s at cycle %0d", what, now);
      $finish;
    end
  endtask

  // Everything that leaves FPGA half, link, chip half and system; data counts where it is valid.
  always @(negedge clk) begin
    if (rst_n) begin
      known(^{idle, next, now, tick, skip} !== 1'bx, "time");
      known(^{in_ready, out_valid, diag_valid} !== 1'bx, "handshake of the host");
      if (out_valid) known(^{out_data, out_halt} !== 1'bx, "word to the host");
      if (diag_valid) known(^{diag_code, diag_data} !== 1'bx, "diagnostic");
      known(^{u_system.chip_reset, u_system.tck, u_system.tms, u_system.tdi} !== 1'bx, "JTAG");
      known(u_system.tdo !== 1'bx, "TDO");
      known(^{u_system.fpga_phy_enable, u_system.fpga_phy_auto, u_system.asic_phy_enable,
              u_system.asic_phy_auto, u_system.phy_up, u_system.link_up} !== 1'bx, "PHYs");
      known(^{u_system.fpga_down_bus_valid, u_system.fpga_down_event_count,
              u_system.fpga_down_sync_valid} !== 1'bx, "item from the FPGA");
      known(^{u_system.asic_up_bus_valid, u_system.asic_up_event_count,
              u_system.asic_up_sync_valid} !== 1'bx, "item from the chip");
      if (u_system.fpga_down_bus_valid) known(^u_system.fpga_down_bus !== 1'bx, "request");
      if (u_system.asic_up_bus_valid)
        known(^{u_system.up_epoch, u_system.up_data} !== 1'bx, "response");
      if (u_system.asic_up_sync_valid) known(^u_system.asic_up_sync !== 1'bx, "chip time");
    end
  end

  always @(posedge clk) begin
    if (rst_n && tick) begin
      if (in_valid && in_ready) sent <= sent + 1;
      if (out_valid) begin
        $display("%0d %h", now, out_data);
        if (out_halt) begin
          halts = halts - 1;
          if (halts == 0) $finish;
        end
      end
    end
  end

  initial begin
    if (!$value$plusargs("program=%s", program_file) || !$value$plusargs("count=%d", count) ||
        !$value$plusargs("halts=%d", halts)) begin
      $display("give +program=file of words in hex, +count=words and +halts=n");
      $finish;
    end
    $readmemh(program_file, words, 0, count - 1);
    sent  = 0;
    clk   = 1'b0;
    rst_n = 1'b0;
    #1 clk = 1'b1;
    #1 clk = 1'b0;
    #1 rst_n = 1'b1;
    forever begin
      #1 clk = 1'b1;
      #1 clk = 1'b0;
    end
  end
endmodule
