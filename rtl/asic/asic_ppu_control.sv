// SPDX-License-Identifier: Apache-2.0
// Control and status registers of both processors (0 top, 1 bottom).
// What the processors make of them is theirs; nothing here keeps them from running.
module asic_ppu_control (
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
  // processors
  input  logic [ 1:0] sleep_i,      // executes a wait
  output logic [ 1:0] run_o,        // 0: reset
  output logic [ 1:0] cache_o       // instruction cache of external memory
);

  localparam logic [31:0] Bits = containers_pkg::PPUControlRegisterWord0Bits;

  logic [31:0] control_q[0:1];
  logic [31:0] mask;
  logic [1:0] is_control, is_status;
  logic hit_q;
  logic [31:0] data_d, data_q;

  assign mask = {{8{bus_be_i[3]}}, {8{bus_be_i[2]}}, {8{bus_be_i[1]}}, {8{bus_be_i[0]}}};
  assign is_control = {
    bus_addr_i == omnibus_pkg::PpuControlBottomBase, bus_addr_i == omnibus_pkg::PpuControlTopBase
  };
  assign is_status = {
    bus_addr_i == omnibus_pkg::PpuStatusBottomBase, bus_addr_i == omnibus_pkg::PpuStatusTopBase
  };

  always_comb begin
    data_d = '0;
    for (int k = 0; k < 2; k++) begin
      if (bus_valid_i && is_control[k]) data_d = control_q[k];
      if (bus_valid_i && is_status[k]) data_d = 32'(sleep_i[k]);
      run_o[k]   = control_q[k][containers_pkg::PPUControlRegisterInhibitResetLsb];
      cache_o[k] = control_q[k][containers_pkg::PPUControlRegisterCacheControllerEnableLsb];
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      for (int k = 0; k < 2; k++) control_q[k] <= containers_pkg::PPUControlRegisterWord0Default;
      hit_q  <= 1'b0;
      data_q <= '0;
    end else if (bus_valid_i) begin
      hit_q  <= is_control != '0 || is_status != '0;
      data_q <= data_d;
      for (int k = 0; k < 2; k++) begin
        if (is_control[k] && !bus_read_i) begin
          control_q[k] <= ((control_q[k] & ~mask) | (bus_data_i & mask)) & Bits;
        end
      end
    end
  end

  assign bus_hit_o  = hit_q;
  assign bus_data_o = data_q;

endmodule
