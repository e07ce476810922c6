// SPDX-License-Identifier: Apache-2.0
// Length of a clock of the fast converter, as a fraction of chip cycles, from the registers of the
// PLLs and of its own divider [M100]. It makes no clock.
module asic_madc_clock (
  input  logic [159:0] pll_i,      // register k in [32*k +: 32]
  input  logic         scaling_i,
  input  logic [ 11:0] scale_i,
  output logic [ 22:0] cycles_o,   // a clock takes cycles_o / parts_o chip cycles
  output logic [  6:0] parts_o     // 0: the clock stands still
);

  localparam int Output = containers_pkg::PLLClockOutputBlockClockOutput3EnableOutputLsb;
  localparam int Bypass = containers_pkg::PLLClockOutputBlockClockOutput3EnableBypassLsb;
  localparam int Adpll = containers_pkg::PLLClockOutputBlockClockOutput3SelectAdpllLsb;
  localparam int Select = containers_pkg::PLLClockOutputBlockClockOutput3SelectAdpllOutputLsb;
  localparam int LoopDiv = containers_pkg::ADPLLLoopDivNLsb;
  localparam int Core0 = containers_pkg::ADPLLCoreDivM0Lsb;
  localparam int Core1 = containers_pkg::ADPLLCoreDivM1Lsb;
  localparam int Pre0 = containers_pkg::ADPLLPreDivP0Lsb;
  localparam int Pre1 = containers_pkg::ADPLLPreDivP1Lsb;
  localparam int Pre2 = containers_pkg::ADPLLPreDivP2Lsb;
  localparam int Off = containers_pkg::ADPLLEnableOutputClockLsb;  // inverted
  localparam int Enable = containers_pkg::ADPLLEnableLsb;

  logic [31:0] block, low, high;
  logic [ 4:0] core;
  logic [ 2:0] pre;
  logic [12:0] scale;

  assign block = pll_i[128+:32];
  assign low   = block[Adpll] ? pll_i[64+:32] : pll_i[0+:32];
  assign high  = block[Adpll] ? pll_i[96+:32] : pll_i[32+:32];

  always_comb begin
    core = 5'd1;
    pre  = 3'd1;
    case (block[Select+:2])
      2'd0: begin
        core = low[Core0+:5];
        pre  = 3'(low[Pre1+:2]) + 3'd1;
      end
      2'd1: begin
        core = low[Core1+:5];
        pre  = 3'(low[Pre1+:2]) + 3'd1;
      end
      default: pre = 3'(low[Pre2+:2]) + 3'd1;
    endcase
    parts_o = 7'(3'(low[Pre0+:2]) + 3'd1) * 7'(low[LoopDiv+:5]);
    if (!high[Enable] || high[Off] || core == '0 || block[Select+:2] == 2'd3) parts_o = '0;
    if (block[Bypass]) begin
      core    = 5'd1;
      pre     = 3'd1;
      parts_o = 7'd1;
    end
    if (!block[Output]) parts_o = '0;
    scale = scaling_i ? {scale_i, 1'b0} + 13'd2 : 13'd1;
    cycles_o = 23'(machine_pkg::PllReferenceCycles) * 23'(pre) * 23'(core) * 23'(scale);
  end

endmodule
