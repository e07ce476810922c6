// SPDX-License-Identifier: Apache-2.0
// External DRAM on the FPGA's register bus: hands one access at a time to the memory behind a port,
// which has a fixed time to answer (docs/timing.md section 11). The memory itself is outside.
`include "assert.svh"

module fpga_dram_port #(
  parameter logic [31:0] Base  = '0,       // address of word 0, a multiple of Depth
  parameter int          Depth = 67108864  // words, a power of two
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic        clear_i,         // connection reset: the access is gone
  input  logic [42:0] tick_time_i,
  // bus: answer in the first tick that is not busy
  input  logic        valid_i,
  input  logic        read_i,
  input  logic [ 3:0] byte_enables_i,
  input  logic [31:0] address_i,
  input  logic [31:0] data_i,
  output logic        hit_o,
  output logic        busy_o,
  output logic [31:0] data_o,
  // memory: a request is one tick, its data holds from the next one on
  output logic        request_o,
  output logic        write_o,
  output logic [ 3:0] byte_enables_o,
  output logic [31:0] address_o,       // of the word in the memory
  output logic [31:0] data_to_o,
  input  logic [31:0] data_from_i,
  // skipping
  output logic        idle_o,
  output logic [42:0] next_o
);

  localparam int AddressWidth = $clog2(Depth);

  `HX_PARAMETER(depth, Depth == 1 << AddressWidth)
  `HX_PARAMETER(base, Base[AddressWidth-1:0] == '0)

  logic running_q;
  logic [42:0] done_q;
  logic hit, begins, done;

  assign hit            = valid_i && address_i[31:AddressWidth] == Base[31:AddressWidth];
  assign begins         = hit && !running_q;
  assign done           = running_q && tick_time_i == done_q;
  assign hit_o          = hit;
  assign busy_o         = hit && !done;
  assign data_o         = hit ? data_from_i : '0;
  assign request_o      = begins && !clear_i;
  assign write_o        = !read_i;
  assign byte_enables_o = byte_enables_i;
  assign address_o      = 32'(address_i[AddressWidth-1:0]);
  assign data_to_o      = data_i;
  assign idle_o         = !begins && !done;
  assign next_o         = running_q ? done_q : '1;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      running_q <= 1'b0;
      done_q    <= '0;
    end else if (tick_i) begin
      running_q <= (begins || (running_q && !done)) && !clear_i;
      if (begins) done_q <= tick_time_i + 43'(machine_pkg::DramLatency);
    end
  end

endmodule
