// SPDX-License-Identifier: Apache-2.0
// A memory on the FPGA's register bus, with byte enables, and with ports for those who look entries
// up. No reset touches its content.
`include "assert.svh"

module fpga_memory #(
  parameter logic [31:0] Base    = '0,     // address of word 0, a multiple of Depth
  parameter int          Depth   = 32768,  // words, a power of two
  parameter int          Words   = Depth,  // of these are on the bus
  parameter int          Width   = 32,     // bits of a word, 1..32
  parameter logic [31:0] Fill    = '0,     // content of every word at power-on
  parameter int          Lookups = 1       // ports, >= 1
) (
  input  logic                             clk_i,
  input  logic                             tick_i,
  // bus: answer in the same tick
  input  logic                             valid_i,
  input  logic                             read_i,
  input  logic [                      3:0] byte_enables_i,
  input  logic [                     31:0] address_i,
  input  logic [                     31:0] data_i,
  output logic                             hit_o,
  output logic [                     31:0] data_o,
  // lookup k in the same tick
  input  logic [Lookups*$clog2(Depth)-1:0] lookup_i,
  output logic [        Lookups*Width-1:0] lookup_o
);

  localparam int AddressWidth = $clog2(Depth);

  `HX_PARAMETER(depth, Depth == 1 << AddressWidth)
  `HX_PARAMETER(base, Base[AddressWidth-1:0] == '0)
  `HX_PARAMETER(words, Words >= 1 && Words <= Depth)
  `HX_PARAMETER(lookups, Lookups >= 1)
  `HX_PARAMETER(width, Width >= 1 && Width <= 32)

  logic [Width-1:0] mem_q[0:Depth-1];
  logic [31:0] mask, old_word;
  logic [Width-1:0] new_word;

`ifndef YOSYS  // it would unroll the loop
  initial begin
    for (int i = 0; i < Depth; i++) mem_q[i] = Fill[Width-1:0];
  end
`endif

  assign mask = {
    {8{byte_enables_i[3]}}, {8{byte_enables_i[2]}}, {8{byte_enables_i[1]}}, {8{byte_enables_i[0]}}
  };
  assign hit_o = valid_i && address_i[31:AddressWidth] == Base[31:AddressWidth] &&
      32'(address_i[AddressWidth-1:0]) < 32'(Words);
  assign old_word = hit_o ? 32'(mem_q[address_i[AddressWidth-1:0]]) : '0;
  assign new_word = Width'((old_word & ~mask) | (data_i & mask));
  assign data_o = old_word;

  for (genvar k = 0; k < Lookups; k++) begin : gen_lookup
    assign lookup_o[Width*k+:Width] = mem_q[lookup_i[AddressWidth*k+:AddressWidth]];
  end

  always_ff @(posedge clk_i) begin
    if (tick_i && hit_o && !read_i) mem_q[address_i[AddressWidth-1:0]] <= new_word;
  end

endmodule
