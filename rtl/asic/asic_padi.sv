// SPDX-License-Identifier: Apache-2.0
// The PADI buses of both hemispheres: events of the crossbar and of the PADI event registers on their
// way to the synapse drivers, one per bus and cycle (docs/timing.md section 15).
module asic_padi (
  input  logic         clk_i,
  input  logic         rst_ni,         // chip reset
  // bus: the answer belongs to the transaction of the cycle before
  input  logic         bus_valid_i,
  input  logic         bus_read_i,
  input  logic [  3:0] bus_be_i,
  input  logic [ 31:0] bus_addr_i,
  input  logic [ 31:0] bus_data_i,
  output logic         bus_hit_o,
  // words that the stored registers take
  input  logic         write_valid_i,
  input  logic [ 31:0] write_word_i,
  // from the crossbar, label of bus k in [14*k +: 14]
  input  logic [  7:0] event_valid_i,
  input  logic [111:0] event_label_i,
  output logic [  7:0] event_ready_o,
  // to the drivers, bus k in [11*k +: 11]: {row select, address}
  output logic [  7:0] padi_valid_o,
  output logic [ 87:0] padi_event_o,
  output logic         idle_o
);

  localparam int Fire = containers_pkg::PADIEventFireBus0Lsb;
  localparam int Enable = containers_pkg::CommonPADIBusConfigEnableSpl10Lsb;
  localparam int Address = containers_pkg::PADIEventEventAddressLsb;
  localparam int RowSelect = containers_pkg::PADIEventRowSelectAddressLsb;

  logic [7:0] enable_q;
  logic [1:0] is_event;
  logic [31:0] mask, word;
  logic [7:0] fire, valid_d;
  logic [87:0] event_d;
  logic hit_q;

  assign is_event[0] = bus_valid_i && bus_addr_i == omnibus_pkg::PadiEventTopBase;
  assign is_event[1] = bus_valid_i && bus_addr_i == omnibus_pkg::PadiEventBottomBase;
  assign mask        = {{8{bus_be_i[3]}}, {8{bus_be_i[2]}}, {8{bus_be_i[1]}}, {8{bus_be_i[0]}}};
  assign word        = bus_data_i & mask;

  // The register goes first, an event of the crossbar then waits. A bus that is switched off loses it.
  always_comb begin
    for (int h = 0; h < 2; h++) fire[4*h+:4] = (is_event[h] && !bus_read_i) ? word[Fire+:4] : '0;
    event_ready_o = ~fire;
    valid_d       = fire | (event_valid_i & enable_q);
    event_d       = '0;
    if (valid_d != '0) begin
      for (int k = 0; k < 8; k++) begin
        if (fire[k]) event_d[11*k+:11] = {word[RowSelect+:5], word[Address+:6]};
        else if (valid_d[k]) event_d[11*k+:11] = event_label_i[14*k+:11];
      end
    end
  end

  assign idle_o    = padi_valid_o == '0;
  assign bus_hit_o = hit_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      padi_valid_o <= '0;
      padi_event_o <= '0;
      hit_q        <= 1'b0;
      enable_q     <= {2{containers_pkg::CommonPADIBusConfigWord0Default[Enable+:4]}};
    end else begin
      padi_valid_o <= valid_d;
      padi_event_o <= event_d;
      if (write_valid_i && bus_addr_i == omnibus_pkg::CommonPadiBusConfigTopBase) begin
        enable_q[3:0] <= write_word_i[Enable+:4];
      end
      if (write_valid_i && bus_addr_i == omnibus_pkg::CommonPadiBusConfigBottomBase) begin
        enable_q[7:4] <= write_word_i[Enable+:4];
      end
      if (bus_valid_i) hit_q <= is_event != '0;
    end
  end

endmodule
