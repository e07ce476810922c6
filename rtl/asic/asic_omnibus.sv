// SPDX-License-Identifier: Apache-2.0
// Arbiter of the chip bus: one transaction at a time, the link before JTAG before the processors
// (docs/timing.md section 5). The slaves decode addresses; what none of them claims answers 0.
module asic_omnibus (
  input  logic        clk_i,
  input  logic        rst_ni,
  // requests of the link
  input  logic        link_valid_i,
  output logic        link_ready_o,
  input  logic [ 7:0] link_epoch_i,
  input  logic        link_read_i,
  input  logic [ 3:0] link_be_i,
  input  logic [31:0] link_addr_i,
  input  logic [31:0] link_data_i,
  // answers to the link
  output logic        link_rsp_valid_o,
  output logic [ 7:0] link_rsp_epoch_o,
  // requests of JTAG
  input  logic        jtag_valid_i,
  output logic        jtag_ready_o,
  input  logic        jtag_read_i,
  input  logic [31:0] jtag_addr_i,
  input  logic [31:0] jtag_data_i,
  output logic        jtag_rsp_valid_o,  // end of a read
  // requests of the processors, 0 top and 1 bottom
  input  logic [ 1:0] ppu_valid_i,
  output logic [ 1:0] ppu_ready_o,
  input  logic [ 1:0] ppu_read_i,
  input  logic [ 7:0] ppu_be_i,          // of processor k in [4*k +: 4]
  input  logic [63:0] ppu_addr_i,        // in [32*k +: 32]
  input  logic [63:0] ppu_data_i,
  output logic [ 1:0] ppu_rsp_valid_o,   // end of a read or write
  // answer to whom it concerns; 0 for a write
  output logic [31:0] rsp_data_o,
  // to the slaves: first cycle of a transaction
  output logic        bus_valid_o,
  output logic        bus_read_o,
  output logic [ 3:0] bus_be_o,
  output logic [31:0] bus_addr_o,
  output logic [31:0] bus_data_o,
  // from the slaves: second cycle, and those behind it in which one asks to wait
  input  logic        bus_wait_i,
  input  logic        bus_hit_i,
  input  logic [31:0] bus_data_i,
  // diagnostics, in the cycle behind the transaction: for link and JTAG the first one of a tick
  output logic        diag_valid_o,
  output logic [ 7:0] diag_code_o,
  output logic [63:0] diag_data_o,
  output logic [31:0] unmapped_o,        // accesses to unmapped addresses
  output logic        idle_o
);

  logic second_q;  // second cycle of a transaction, or a later one
  logic ends;
  logic link_q, jtag_q, read_q;
  logic [1:0] ppu, ppu_q;  // who is served
  logic last_q;  // the processor that was served last
  logic [7:0] epoch_q;
  logic [31:0] addr_q;
  logic [31:0] unmapped_q;
  logic diag_q, diag_read_q;
  logic [31:0] diag_addr_q;

  // Of two processors the one that was not served last
  always_comb begin : processors
    ppu = ppu_valid_i;
    if (ppu_valid_i == 2'b11) ppu = last_q ? 2'b01 : 2'b10;
    if (link_valid_i || jtag_valid_i) ppu = 2'b00;
  end

  assign bus_valid_o  = !second_q && (link_valid_i || jtag_valid_i || ppu_valid_i != '0);
  assign link_ready_o = !second_q;
  assign jtag_ready_o = !second_q && !link_valid_i;
  assign ppu_ready_o  = second_q ? 2'b00 : ppu;

  always_comb begin : request
    bus_read_o = jtag_read_i;
    bus_be_o   = 4'hf;
    bus_addr_o = jtag_addr_i;
    bus_data_o = jtag_data_i;
    if (link_valid_i) begin
      bus_read_o = link_read_i;
      bus_be_o   = link_be_i;
      bus_addr_o = link_addr_i;
      bus_data_o = link_data_i;
    end
    for (int k = 0; k < 2; k++) begin
      if (ppu[k]) begin
        bus_read_o = ppu_read_i[k];
        bus_be_o   = ppu_be_i[4*k+:4];
        bus_addr_o = ppu_addr_i[32*k+:32];
        bus_data_o = ppu_data_i[32*k+:32];
      end
    end
  end

  assign ends             = second_q && !bus_wait_i;
  assign link_rsp_valid_o = ends && link_q;
  assign link_rsp_epoch_o = epoch_q;
  assign jtag_rsp_valid_o = ends && jtag_q && read_q;
  assign ppu_rsp_valid_o  = ends ? ppu_q : 2'b00;
  assign rsp_data_o       = (bus_hit_i && read_q) ? bus_data_i : '0;

  assign diag_valid_o = diag_q;
  assign diag_code_o  = 8'(machine_pkg::DiagUnmappedChip);
  assign diag_data_o  = {31'd0, diag_read_q, diag_addr_q};
  assign unmapped_o   = unmapped_q;
  assign idle_o = !second_q && !diag_q && !link_valid_i && !jtag_valid_i && ppu_valid_i == '0;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      second_q   <= 1'b0;
      link_q     <= 1'b0;
      jtag_q     <= 1'b0;
      ppu_q      <= '0;
      last_q     <= 1'b1;
      read_q     <= 1'b0;
      epoch_q    <= '0;
      addr_q     <= '0;
      unmapped_q <= '0;
      diag_q     <= 1'b0;
    end else begin
      second_q <= bus_valid_o || (second_q && bus_wait_i);
      diag_q   <= ends && !bus_hit_i;
      if (bus_valid_o) begin
        link_q  <= link_valid_i;
        jtag_q  <= !link_valid_i && jtag_valid_i;
        ppu_q   <= ppu;
        if (ppu != '0) last_q <= ppu[1];
        read_q  <= bus_read_o;
        epoch_q <= link_epoch_i;
        addr_q  <= bus_addr_o;
      end
      if (ends && !bus_hit_i) unmapped_q <= unmapped_q + 32'd1;
    end
  end

  always_ff @(posedge clk_i) begin  // counts with diag_q only
    diag_read_q <= read_q;
    diag_addr_q <= addr_q;
  end

endmodule
