// SPDX-License-Identifier: Apache-2.0
// Synapse memory of one hemisphere: 256 rows and two rows of column switches, each a pair of SRAM
// rows, behind five views. A chip reset leaves its content alone; at power-on it is 0 [M35].
module asic_synram #(
  parameter int Block = 0  // hemisphere: index into the bases of the synapse regions
) (
  input  logic        clk_i,
  input  logic        rst_ni,       // chip reset
  // bus: the answer belongs to the transaction of the cycle before
  input  logic        bus_valid_i,
  input  logic        bus_read_i,
  input  logic [ 3:0] bus_be_i,
  input  logic [31:0] bus_addr_i,
  input  logic [31:0] bus_data_i,
  output logic        bus_hit_o,
  output logic [31:0] bus_data_o,
  // a write, in the first cycle of its transaction, and what its view then shows
  output logic        write_o,
  output logic [31:0] word_o
);

  // Low six and high two bits of each of a word's four synapses.
  localparam logic [31:0] Low = 32'h3f3f_3f3f;
  localparam logic [31:0] High = 32'hc0c0_c0c0;
  localparam int Depth = omnibus_pkg::SynapseRawCount;
  localparam int Width = $clog2(Depth);
  localparam logic [31:0] RawBase = omnibus_pkg::SynapseRawBases[32*Block+:32];
  localparam logic [31:0] WeightBase = omnibus_pkg::SynapseWeightBases[32*Block+:32];
  localparam logic [31:0] LabelBase = omnibus_pkg::SynapseLabelBases[32*Block+:32];
  localparam logic [31:0] EvenBase = omnibus_pkg::SynapseEven2msbBases[32*Block+:32];
  localparam logic [31:0] OddBase = omnibus_pkg::SynapseOdd2msbBases[32*Block+:32];
  localparam logic [31:0] ViewSize = omnibus_pkg::SynapseWeightCount;

  logic [31:0] mem_q[0:Depth-1];
  logic hit, hit_q, read_q, low, high, odd, low_q, high_q;
  logic [31:0] data_q, mask, enables, wdata;
  logic [Width-1:0] at, index;

`ifndef YOSYS  // which would unroll the loop
  initial begin
    for (int i = 0; i < Depth; i++) mem_q[i] = '0;
  end
`endif

  always_comb begin
    hit  = 1'b0;
    low  = 1'b0;
    high = 1'b0;
    odd  = 1'b0;
    at   = '0;
    if (bus_valid_i) begin
      if (bus_addr_i - RawBase < 32'(Depth)) begin
        hit = 1'b1;
        at  = Width'(bus_addr_i - RawBase);
      end else if (bus_addr_i - WeightBase < ViewSize) begin
        hit = 1'b1;
        low = 1'b1;
        at  = Width'(bus_addr_i - WeightBase);
      end else if (bus_addr_i - LabelBase < ViewSize) begin
        hit = 1'b1;
        low = 1'b1;
        odd = 1'b1;
        at  = Width'(bus_addr_i - LabelBase);
      end else if (bus_addr_i - EvenBase < ViewSize) begin
        hit  = 1'b1;
        high = 1'b1;
        at   = Width'(bus_addr_i - EvenBase);
      end else if (bus_addr_i - OddBase < ViewSize) begin
        hit  = 1'b1;
        high = 1'b1;
        odd  = 1'b1;
        at   = Width'(bus_addr_i - OddBase);
      end
    end
    // A view counts 64 quads a row, the raw memory 64 for the even and 64 for the odd SRAM row.
    index = (low || high) ? {at[Width-2:6], odd, at[5:0]} : at[Width-1:0];
    enables = {{8{bus_be_i[3]}}, {8{bus_be_i[2]}}, {8{bus_be_i[1]}}, {8{bus_be_i[0]}}};
    mask = enables & (low ? Low : high ? High : '1);
    wdata = high ? bus_data_i << 6 : bus_data_i;
  end

  logic [31:0] word;
  assign write_o = hit && !bus_read_i;
  assign word    = write_o ? (mem_q[index] & ~mask) | (wdata & mask) : '0;
  assign word_o  = low ? word & Low : high ? (word & High) >> 6 : word;

  // Memory and its output register have no reset.
  always_ff @(posedge clk_i) begin
    if (hit) begin
      low_q  <= low;
      high_q <= high;
      if (bus_read_i) data_q <= mem_q[index];
      else mem_q[index] <= word;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      hit_q  <= 1'b0;
      read_q <= 1'b0;
    end else if (bus_valid_i) begin
      hit_q  <= hit;
      read_q <= hit && bus_read_i;
    end
  end

  always_comb begin
    bus_data_o = '0;
    if (read_q) begin
      if (low_q) bus_data_o = data_q & Low;
      else if (high_q) bus_data_o = (data_q & High) >> 6;
      else bus_data_o = data_q;
    end
  end
  assign bus_hit_o = hit_q;

endmodule
