// SPDX-License-Identifier: Apache-2.0
// Registers and memories of the chip that only store what is written, all blocks of storage_pkg.
// A chip reset sets the registers and leaves the memories alone, which are 0 at power-on [M112].
module asic_storage (
  input  logic         clk_i,
  input  logic         rst_ni,         // chip reset
  // bus: the answer belongs to the transaction of the cycle before
  input  logic         bus_valid_i,
  input  logic         bus_read_i,
  input  logic [  3:0] bus_be_i,
  input  logic [ 31:0] bus_addr_i,
  input  logic [ 31:0] bus_data_i,
  output logic         bus_hit_o,
  output logic [ 31:0] bus_data_o,
  // a write, in the first cycle of its transaction, and the word that it leaves
  output logic         write_o,
  output logic [ 31:0] word_o,
  // registers of the converters
  output logic [319:0] madc_config_o,  // word k in [32*k +: 32]
  output logic [ 63:0] cadc_config_o   // of hemisphere h in [32*h +: 32]
);

  localparam int Width = $clog2(storage_pkg::Words);
  localparam int RegisterWidth = $clog2(storage_pkg::Registers);

  // The registers come first; their words of the memory are not used.
  logic [31:0] register_q[0:storage_pkg::Registers-1];
  logic [31:0] mem_q     [    0:storage_pkg::Words-1];
  logic hit, hit_q, read_q, is_register, is_register_q;
  logic [Width-1:0] index;
  logic [RegisterWidth-1:0] register;
  logic [31:0] data_q, register_data_q, mask, held;

`ifndef YOSYS  // which would unroll the loop
  initial begin
    for (int i = 0; i < storage_pkg::Words; i++) mem_q[i] = '0;
  end
`endif

  assign mask = {{8{bus_be_i[3]}}, {8{bus_be_i[2]}}, {8{bus_be_i[1]}}, {8{bus_be_i[0]}}};

  always_comb begin : decode
    logic [31:0] at;
    hit   = 1'b0;
    index = '0;
    at    = '0;
    if (bus_valid_i) begin
      for (int b = 0; b < storage_pkg::Blocks; b++) begin
        at = bus_addr_i - storage_pkg::BlockBase[32*b+:32];
        if (at < storage_pkg::BlockSize[32*b+:32]) begin
          hit   = 1'b1;
          index = Width'(storage_pkg::BlockOffset[32*b+:32] + at);
        end
      end
    end
  end
  assign is_register = hit && index < Width'(storage_pkg::Registers);
  assign register    = RegisterWidth'(index);

  assign write_o = hit && !bus_read_i;
  assign held    = is_register ? register_q[register] : mem_q[index];
  assign word_o  = write_o ? (held & ~mask) | (bus_data_i & mask) : '0;

  // Memory and its output register have no reset.
  always_ff @(posedge clk_i) begin
    if (hit && !is_register) begin
      if (bus_read_i) data_q <= mem_q[index];
      else mem_q[index] <= word_o;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      hit_q           <= 1'b0;
      read_q          <= 1'b0;
      is_register_q   <= 1'b0;
      register_data_q <= '0;
      for (int k = 0; k < storage_pkg::Registers; k++) begin
        register_q[k] <= storage_pkg::ResetValue[32*k+:32];
      end
    end else if (bus_valid_i) begin
      hit_q         <= hit;
      read_q        <= hit && bus_read_i;
      is_register_q <= is_register;
      if (is_register) begin
        register_data_q <= register_q[register];
        if (!bus_read_i) register_q[register] <= word_o;
      end
    end
  end

  always_comb begin
    for (int k = 0; k < omnibus_pkg::MadcConfigWords; k++) begin
      madc_config_o[32*k+:32] = register_q[storage_pkg::MadcConfigOffset+k];
    end
    for (int h = 0; h < 2; h++) begin
      cadc_config_o[32*h+:32] = register_q[storage_pkg::CadcConfigOffset+h];
    end
  end

  assign bus_hit_o  = hit_q;
  assign bus_data_o = !read_q ? '0 : is_register_q ? register_data_q : data_q;

endmodule
