// SPDX-License-Identifier: Apache-2.0
// Status of the link as registers: time that each PHY is up, words that it carried, damaged frames,
// accesses to the chip (docs/timing.md section 12). It answers in the tick of the access; nothing can
// be written.
module fpga_link_status (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic [31:0] tick_time_i,
  // what happens in this tick
  input  logic [ 7:0] phy_up_i,
  input  logic [ 1:0] written_i,    // words handed to the link layer
  input  logic        sent_i,       // one of them was transmitted
  input  logic [ 1:0] again_i,      // words transmitted once more
  input  logic        received_i,   // an answer arrived, whether it is new or not
  input  logic        taken_i,      // it was delivered
  input  logic        damaged_i,    // a frame arrived damaged
  input  logic [ 1:0] tx_other_i,   // event and handshake items transmitted
  input  logic [ 1:0] rx_other_i,   // and received
  // bus
  input  logic        valid_i,
  input  logic [31:0] address_i,
  output logic        hit_o,
  output logic [31:0] data_o
);

  logic [7:0] up_q;
  logic [255:0] since_q, tx_q, rx_q, crc_q;  // PHY i in [32*i +: 32]
  logic [31:0] written_q, sent_q, received_q, taken_q;
  logic [2:0] carrier;  // the lowest PHY that is up carries everything
  logic [2:0] tx;
  logic [1:0] rx;

  always_comb begin
    carrier = '0;
    for (int i = 7; i >= 0; i--) if (phy_up_i[i]) carrier = 3'(i);
  end
  assign tx = 3'(tx_other_i) + 3'(sent_i) + 3'(again_i);
  assign rx = rx_other_i + 2'(received_i);

  logic [2:0] online, crc, lane;
  logic crc_hit, online_hit, lane_hit, arq_hit;
  assign online = 3'(address_i - omnibus_pkg::PhyOnlineTimeBase);
  assign crc = 3'(address_i - omnibus_pkg::PhyCrcErrorCountBase);
  assign lane = address_i[3:1];
  assign crc_hit = address_i >= omnibus_pkg::PhyCrcErrorCountBase &&
      address_i < omnibus_pkg::PhyCrcErrorCountBase + 32'(omnibus_pkg::PhyCrcErrorCountCount);
  assign online_hit = address_i >= omnibus_pkg::PhyOnlineTimeBase &&
      address_i < omnibus_pkg::PhyOnlineTimeBase + 32'(omnibus_pkg::PhyOnlineTimeCount);
  assign lane_hit = address_i[31:4] == omnibus_pkg::PhyTxCountBase[31:4];
  assign arq_hit = address_i >= omnibus_pkg::HicannArqStatusBase &&
      address_i < omnibus_pkg::HicannArqStatusBase + 32'(omnibus_pkg::HicannArqStatusWords);
  assign hit_o = valid_i && (crc_hit || online_hit || lane_hit || arq_hit);

  always_comb begin
    data_o = '0;
    if (valid_i) begin
      if (online_hit && up_q[online]) data_o = tick_time_i - since_q[32*online+:32];
      else if (crc_hit) data_o = crc_q[32*crc+:32];
      else if (lane_hit) data_o = address_i[0] ? rx_q[32*lane+:32] : tx_q[32*lane+:32];
      else if (arq_hit) begin
        case (2'(address_i - omnibus_pkg::HicannArqStatusBase))
          2'd0:    data_o = written_q;
          2'd1:    data_o = sent_q;
          2'd2:    data_o = received_q;
          default: data_o = taken_q;
        endcase
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      up_q       <= '0;
      since_q    <= '0;
      tx_q       <= '0;
      rx_q       <= '0;
      crc_q      <= '0;
      written_q  <= '0;
      sent_q     <= '0;
      received_q <= '0;
      taken_q    <= '0;
    end else if (tick_i) begin
      up_q <= phy_up_i;
      for (int i = 0; i < 8; i++) begin
        if (phy_up_i[i] && !up_q[i]) since_q[32*i+:32] <= tick_time_i;
      end
      if (tx != '0) tx_q[32*carrier+:32] <= tx_q[32*carrier+:32] + 32'(tx);
      if (rx != '0) rx_q[32*carrier+:32] <= rx_q[32*carrier+:32] + 32'(rx);
      if (damaged_i) crc_q[32*carrier+:32] <= crc_q[32*carrier+:32] + 32'd1;
      if (written_i != '0) written_q <= written_q + 32'(written_i);
      if (sent_i || again_i != '0) sent_q <= sent_q + 32'(sent_i) + 32'(again_i);
      if (received_i) received_q <= received_q + 32'd1;
      if (taken_i) taken_q <= taken_q + 32'd1;
    end
  end

endmodule
