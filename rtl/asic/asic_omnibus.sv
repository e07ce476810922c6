// SPDX-License-Identifier: Apache-2.0
// Arbiter of the chip bus: one transaction at a time, the link before JTAG (docs/timing.md
// section 5). The slaves decode addresses themselves; what none of them claims answers 0.
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
  // answer to whom it concerns; 0 for a write
  output logic [31:0] rsp_data_o,
  // to the slaves: first cycle of a transaction
  output logic        bus_valid_o,
  output logic        bus_read_o,
  output logic [ 3:0] bus_be_o,
  output logic [31:0] bus_addr_o,
  output logic [31:0] bus_data_o,
  // from the slaves: second cycle
  input  logic        bus_hit_i,
  input  logic [31:0] bus_data_i,
  // diagnostics, in the cycle behind the transaction: never in a second cycle of a tick
  output logic        diag_valid_o,
  output logic [ 7:0] diag_code_o,
  output logic [63:0] diag_data_o,
  output logic [31:0] unmapped_o,        // accesses to unmapped addresses
  output logic        idle_o
);

  logic second_q;  // second cycle of a transaction
  logic jtag_q, read_q;
  logic [ 7:0] epoch_q;
  logic [31:0] addr_q;
  logic [31:0] unmapped_q;
  logic diag_q, diag_read_q;
  logic [31:0] diag_addr_q;

  assign bus_valid_o  = !second_q && (link_valid_i || jtag_valid_i);
  assign link_ready_o = !second_q;
  assign jtag_ready_o = !second_q && !link_valid_i;
  assign bus_read_o   = link_valid_i ? link_read_i : jtag_read_i;
  assign bus_be_o     = link_valid_i ? link_be_i : 4'hf;
  assign bus_addr_o   = link_valid_i ? link_addr_i : jtag_addr_i;
  assign bus_data_o   = link_valid_i ? link_data_i : jtag_data_i;

  assign link_rsp_valid_o = second_q && !jtag_q;
  assign link_rsp_epoch_o = epoch_q;
  assign jtag_rsp_valid_o = second_q && jtag_q && read_q;
  assign rsp_data_o       = (bus_hit_i && read_q) ? bus_data_i : '0;

  assign diag_valid_o = diag_q;
  assign diag_code_o  = 8'(machine_pkg::DiagUnmappedChip);
  assign diag_data_o  = {31'd0, diag_read_q, diag_addr_q};
  assign unmapped_o   = unmapped_q;
  assign idle_o       = !second_q && !diag_q && !link_valid_i && !jtag_valid_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      second_q   <= 1'b0;
      jtag_q     <= 1'b0;
      read_q     <= 1'b0;
      epoch_q    <= '0;
      addr_q     <= '0;
      unmapped_q <= '0;
      diag_q     <= 1'b0;
    end else begin
      second_q <= bus_valid_o;
      diag_q   <= second_q && !bus_hit_i;
      if (bus_valid_o) begin
        jtag_q  <= !link_valid_i;
        read_q  <= bus_read_o;
        epoch_q <= link_epoch_i;
        addr_q  <= bus_addr_o;
      end
      if (second_q && !bus_hit_i) unmapped_q <= unmapped_q + 32'd1;
    end
  end

  always_ff @(posedge clk_i) begin  // counts with diag_q only
    diag_read_q <= read_q;
    diag_addr_q <= addr_q;
  end

endmodule
