// SPDX-License-Identifier: Apache-2.0
// Memory of one embedded processor, for the chip bus and, while that leaves it alone, the processor.
// A chip reset leaves its content alone; at power-on it is 0 [M15].
module asic_ppu_sram #(
  parameter int          Depth = 4096,  // 32-bit words, a power of two
  parameter logic [31:0] Base  = '0     // address of word 0, a multiple of Depth
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,       // chip reset
  // bus: the answer belongs to the transaction of the cycle before
  input  logic                     bus_valid_i,
  input  logic                     bus_read_i,
  input  logic [              3:0] bus_be_i,
  input  logic [             31:0] bus_addr_i,
  input  logic [             31:0] bus_data_i,
  output logic                     bus_hit_o,
  output logic [             31:0] bus_data_o,
  // processor: what is read is there in the cycle behind the one in which both are high
  input  logic                     ppu_valid_i,
  output logic                     ppu_ready_o,  // low while the bus has the memory
  input  logic                     ppu_write_i,
  input  logic [              3:0] ppu_be_i,
  input  logic [$clog2(Depth)-1:0] ppu_addr_i,   // of a word
  input  logic [             31:0] ppu_data_i,
  output logic [             31:0] ppu_data_o
);

  localparam int Width = $clog2(Depth);

  logic [31:0] mem_q[0:Depth-1];
  logic hit, hit_q, read_q;
  logic [31:0] data_q;

`ifndef YOSYS  // which would unroll the loop
  initial begin
    if (Depth != 1 << Width || Base[Width-1:0] != '0) begin
      $display("%m: Depth = %0d is no power of two or Base = %h no multiple of it", Depth, Base);
      $finish;
    end
    for (int i = 0; i < Depth; i++) mem_q[i] = '0;
  end
`endif

  assign hit = bus_valid_i && bus_addr_i[31:Width] == Base[31:Width];

  assign ppu_ready_o = !hit;
  assign ppu_data_o  = data_q;

  logic [Width-1:0] at;
  logic [3:0] be;
  logic [31:0] wdata;
  assign at    = hit ? bus_addr_i[Width-1:0] : ppu_addr_i;
  assign be    = hit ? bus_be_i : ppu_be_i;
  assign wdata = hit ? bus_data_i : ppu_data_i;

  // Memory and its output register have no reset.
  always_ff @(posedge clk_i) begin
    if (hit ? !bus_read_i : ppu_valid_i && ppu_write_i) begin
      for (int b = 0; b < 4; b++) begin
        if (be[b]) mem_q[at][8*b+:8] <= wdata[8*b+:8];
      end
    end else if (hit || ppu_valid_i) begin
      data_q <= mem_q[at];
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

  assign bus_hit_o  = hit_q;
  assign bus_data_o = read_q ? data_q : '0;

endmodule
