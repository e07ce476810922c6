// SPDX-License-Identifier: Apache-2.0
// Registers of the chip's top level: systime base and PHY enable mask.
// What they act on is elsewhere: link endpoint and link.
module asic_registers (
  input  logic        clk_i,
  input  logic        rst_ni,
  // bus: the answer belongs to the transaction of the cycle before
  input  logic        bus_valid_i,
  input  logic        bus_read_i,
  input  logic [ 3:0] bus_be_i,
  input  logic [31:0] bus_addr_i,
  input  logic [31:0] bus_data_i,
  output logic        bus_hit_o,
  output logic [31:0] bus_data_o,
  // values
  output logic [42:0] systime_base_o,
  output logic [ 7:0] phy_enable_o     // chip bit order
);

  logic [31:0] mask;
  logic is_base_low, is_base_high, is_phy;
  logic [42:0] base_q;
  logic [7:0] phy_q;
  logic hit_q;
  logic [31:0] data_d, data_q;

  assign mask          = {{8{bus_be_i[3]}}, {8{bus_be_i[2]}}, {8{bus_be_i[1]}}, {8{bus_be_i[0]}}};
  assign is_base_low   = bus_addr_i == omnibus_pkg::SystimeSyncBaseBase;
  assign is_base_high  = bus_addr_i == omnibus_pkg::SystimeSyncBaseBase + 32'd1;
  assign is_phy        = bus_addr_i == omnibus_pkg::CommonPhyConfigChipBase;

  always_comb begin
    data_d = '0;
    if (bus_valid_i) begin
      if (is_base_low) data_d = base_q[31:0];
      if (is_base_high) data_d = 32'(base_q[42:32]);
      if (is_phy) data_d = 32'(phy_q);
    end
  end

  assign bus_hit_o      = hit_q;
  assign bus_data_o     = data_q;
  assign systime_base_o = base_q;
  assign phy_enable_o   = phy_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      base_q   <= '0;
      phy_q    <= 8'(containers_pkg::CommonPhyConfigChipWord0Default);
      hit_q    <= 1'b0;
      data_q   <= '0;
    end else begin
      if (bus_valid_i) begin
        hit_q  <= is_base_low || is_base_high || is_phy;
        data_q <= data_d;
        if (!bus_read_i) begin
          if (is_base_low) base_q[31:0] <= (base_q[31:0] & ~mask) | (bus_data_i & mask);
          if (is_base_high) begin
            base_q[42:32] <= (base_q[42:32] & ~mask[10:0]) | (bus_data_i[10:0] & mask[10:0]);
          end
          if (is_phy) phy_q <= (phy_q & ~mask[7:0]) | (bus_data_i[7:0] & mask[7:0]);
        end
      end
    end
  end

endmodule
