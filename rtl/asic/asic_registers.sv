// SPDX-License-Identifier: Apache-2.0
// Registers of the chip's top level: systime base, PHY enable mask, PLL registers.
// The PLLs themselves are not modelled: their registers hold what is written [M14].
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
  // PLL registers through JTAG
  input  logic [ 3:0] pll_index_i,
  input  logic        pll_write_i,
  input  logic [31:0] pll_data_i,
  output logic [31:0] pll_data_o,
  // values
  output logic [42:0] systime_base_o,
  output logic [ 7:0] phy_enable_o     // chip bit order
);

  logic [31:0] mask;
  logic is_base_low, is_base_high, is_phy, is_pll, is_pll_status;
  logic [2:0] pll_bus_index;
  logic [42:0] base_q;
  logic [7:0] phy_q;
  logic [31:0] pll_q[0:5];
  logic hit_q;
  logic [31:0] data_d, data_q;

  assign mask          = {{8{bus_be_i[3]}}, {8{bus_be_i[2]}}, {8{bus_be_i[1]}}, {8{bus_be_i[0]}}};
  assign is_base_low   = bus_addr_i == omnibus_pkg::SystimeSyncBaseBase;
  assign is_base_high  = bus_addr_i == omnibus_pkg::SystimeSyncBaseBase + 32'd1;
  assign is_phy        = bus_addr_i == omnibus_pkg::CommonPhyConfigChipBase;
  assign pll_bus_index = bus_addr_i[2:0];
  assign is_pll        = bus_addr_i[31:3] == omnibus_pkg::AdpllBase[31:3] &&
                         pll_bus_index < 3'd6;
  assign is_pll_status = bus_addr_i == omnibus_pkg::PllSelfTestStatusBase;

  always_comb begin
    data_d = '0;
    if (bus_valid_i) begin
      if (is_base_low) data_d = base_q[31:0];
      if (is_base_high) data_d = 32'(base_q[42:32]);
      if (is_phy) data_d = 32'(phy_q);
      if (is_pll) data_d = pll_q[pll_bus_index];
    end
  end

  assign bus_hit_o      = hit_q;
  assign bus_data_o     = data_q;
  assign systime_base_o = base_q;
  assign phy_enable_o   = phy_q;
  assign pll_data_o     = (pll_index_i < 4'd6) ? pll_q[pll_index_i[2:0]] : '0;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      base_q   <= '0;
      phy_q    <= machine_pkg::PhyEnableReset;
      pll_q[0] <= machine_pkg::AdpllReset0;
      pll_q[1] <= machine_pkg::AdpllReset1;
      pll_q[2] <= machine_pkg::AdpllReset0;
      pll_q[3] <= machine_pkg::AdpllReset1;
      pll_q[4] <= machine_pkg::PllClockOutputReset;
      pll_q[5] <= '0;
      hit_q    <= 1'b0;
      data_q   <= '0;
    end else begin
      if (bus_valid_i) begin
        hit_q  <= is_base_low || is_base_high || is_phy || is_pll || is_pll_status;
        data_q <= data_d;
        if (!bus_read_i) begin
          if (is_base_low) base_q[31:0] <= (base_q[31:0] & ~mask) | (bus_data_i & mask);
          if (is_base_high) begin
            base_q[42:32] <= (base_q[42:32] & ~mask[10:0]) | (bus_data_i[10:0] & mask[10:0]);
          end
          if (is_phy) phy_q <= (phy_q & ~mask[7:0]) | (bus_data_i[7:0] & mask[7:0]);
          if (is_pll) begin
            pll_q[pll_bus_index] <= (pll_q[pll_bus_index] & ~mask) | (bus_data_i & mask);
          end
        end
      end
      if (pll_write_i && pll_index_i < 4'd6) pll_q[pll_index_i[2:0]] <= pll_data_i;
    end
  end

endmodule
