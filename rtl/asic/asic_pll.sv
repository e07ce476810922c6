// SPDX-License-Identifier: Apache-2.0
// PLL and clock output registers with the self test of the clock outputs (docs/timing.md section 5).
// No clock depends on them [M14]: the self test computes what it would count [M111].
module asic_pll (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic [ 43:0] now_i,        // global time in cycles
  // bus: the answer belongs to the transaction of the cycle before
  input  logic         bus_valid_i,
  input  logic         bus_read_i,
  input  logic [  3:0] bus_be_i,
  input  logic [ 31:0] bus_addr_i,
  input  logic [ 31:0] bus_data_i,
  output logic         bus_hit_o,
  output logic [ 31:0] bus_data_o,
  // registers through JTAG
  input  logic [  3:0] pll_index_i,
  input  logic         pll_write_i,
  input  logic [ 31:0] pll_data_i,
  output logic [ 31:0] pll_data_o,
  // PLLs and clock outputs: register k in [32*k +: 32]
  output logic [159:0] pll_o
);

  localparam int Registers = 6;  // those that can be written
  localparam logic [2:0] OutputBlock =
      3'(omnibus_pkg::PllClockOutputBlockBase - omnibus_pkg::AdpllBase);
  localparam logic [2:0] SelfTest = 3'(omnibus_pkg::PllSelfTestBase - omnibus_pkg::AdpllBase);
  localparam int Output = containers_pkg::PLLClockOutputBlockClockOutput0SelectAdpllOutputLsb;
  localparam logic [1:0] Core0 = 2'd0;
  localparam logic [1:0] Core1 = 2'd1;

  logic [31:0] pll_q [0:Registers-1];
  logic [31:0] mask;
  logic [ 2:0] index;
  logic is_pll, is_status, bus_write, jtag_write;

  always_comb begin
    for (int k = 0; k < 5; k++) pll_o[32*k+:32] = pll_q[k];
  end

  assign mask       = {{8{bus_be_i[3]}}, {8{bus_be_i[2]}}, {8{bus_be_i[1]}}, {8{bus_be_i[0]}}};
  assign index      = bus_addr_i[2:0];
  assign is_pll     = bus_addr_i[31:3] == omnibus_pkg::AdpllBase[31:3] && index < 3'(Registers);
  assign is_status  = bus_addr_i == omnibus_pkg::PllSelfTestStatusBase;
  assign bus_write  = bus_valid_i && !bus_read_i && is_pll;
  assign jtag_write = pll_write_i && pll_index_i < 4'(Registers);

  // Self test: a write that leaves its clock on starts it, with the settings of that cycle.
  logic start, done, good_d, good_q, started_q;
  logic [31:0] test;
  logic [19:0] count_d, count_q;
  logic [43:0] end_q;

  always_comb begin : self_test
    logic [ 7:0] source;  // of the four bytes of the clock output block
    logic [ 2:0] loop;  // first register of its PLL
    logic [ 6:0] numerator;
    logic [ 7:0] divider;
    logic [23:0] window;
    logic [19:0] difference;
    start = 1'b0;
    test = pll_q[SelfTest];
    if (bus_write && index == SelfTest) begin
      test  = (pll_q[SelfTest] & ~mask) | (bus_data_i & mask);
      start = 1'b1;
    end
    if (jtag_write && pll_index_i[2:0] == SelfTest) begin
      test  = pll_data_i;
      start = 1'b1;
    end
    start = start && test[containers_pkg::PLLSelfTestClockEnableLsb];
    source = pll_q[OutputBlock][8*32'(test[containers_pkg::PLLSelfTestSelectSourceLsb+:2])+:8];
    loop = source[containers_pkg::PLLClockOutputBlockClockOutput0SelectAdpllLsb] ? 3'd2 : 3'd0;
    window = 24'd4 << test[containers_pkg::PLLSelfTestPreScalerPLsb+:4];
    numerator = 7'(pll_q[loop][containers_pkg::ADPLLLoopDivNLsb+:5]) *
                (7'(pll_q[loop][containers_pkg::ADPLLPreDivP0Lsb+:2]) + 7'd1);
    divider = 8'(pll_q[loop][containers_pkg::ADPLLPreDivP1Lsb+:2]) + 8'd1;
    if (source[Output+:2] == Core0) begin
      divider = divider * 8'(pll_q[loop][containers_pkg::ADPLLCoreDivM0Lsb+:5]);
    end else if (source[Output+:2] == Core1) begin
      divider = divider * 8'(pll_q[loop][containers_pkg::ADPLLCoreDivM1Lsb+:5]);
    end else begin
      divider = 8'(pll_q[loop][containers_pkg::ADPLLPreDivP2Lsb+:2]) + 8'd1;
    end
    count_d = '0;
    if (start && source[containers_pkg::PLLClockOutputBlockClockOutput0EnableOutputLsb]) begin
      if (source[containers_pkg::PLLClockOutputBlockClockOutput0EnableBypassLsb]) begin
        count_d = 20'(window);
      end else if (pll_q[loop+1][containers_pkg::ADPLLEnableLsb] && divider != '0) begin
        count_d = 20'(32'(window) * 32'(numerator) / 32'(divider));
      end
    end
    difference = test[containers_pkg::PLLSelfTestCheckValueLsb+:20];
    difference = (count_d > difference) ? count_d - difference : difference - count_d;
    good_d     = difference <= 20'(test[containers_pkg::PLLSelfTestCheckRangeLsb+:4]);
  end
  assign done = started_q && now_i >= end_q;

  logic hit_q;
  logic [31:0] data_d, data_q;

  always_comb begin
    data_d = '0;
    if (bus_valid_i) begin
      if (is_pll) data_d = pll_q[index];
      if (is_status && done) begin
        data_d[containers_pkg::PLLSelfTestStatusFinishedLsb]        = 1'b1;
        data_d[containers_pkg::PLLSelfTestStatusSuccessLsb]         = good_q;
        data_d[containers_pkg::PLLSelfTestStatusCounterValueLsb+:20] = count_q;
      end
    end
  end

  assign bus_hit_o  = hit_q;
  assign bus_data_o = data_q;
  assign pll_data_o = (pll_index_i < 4'(Registers)) ? pll_q[pll_index_i[2:0]] : '0;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      for (int k = 0; k < 2; k++) begin
        pll_q[2*k]   <= containers_pkg::ADPLLWord0Default;
        pll_q[2*k+1] <= containers_pkg::ADPLLWord1Default;
      end
      pll_q[OutputBlock] <= containers_pkg::PLLClockOutputBlockWord0Default;
      pll_q[SelfTest]    <= containers_pkg::PLLSelfTestWord0Default;
      started_q          <= 1'b0;
      good_q             <= 1'b0;
      count_q            <= '0;
      end_q              <= '0;
      hit_q              <= 1'b0;
      data_q             <= '0;
    end else begin
      if (bus_valid_i) begin
        hit_q  <= is_pll || is_status;
        data_q <= data_d;
      end
      if (bus_write) pll_q[index] <= (pll_q[index] & ~mask) | (bus_data_i & mask);
      if (jtag_write) pll_q[pll_index_i[2:0]] <= pll_data_i;
      if (start) begin
        started_q <= 1'b1;
        good_q    <= good_d;
        count_q   <= count_d;
        end_q <= now_i + (44'(machine_pkg::PllReferenceCycles * 4) <<
                          test[containers_pkg::PLLSelfTestPreScalerPLsb+:4]);
      end
    end
  end

endmodule
