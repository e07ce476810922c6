// SPDX-License-Identifier: Apache-2.0
// Vector port of one embedded processor: half rows of the synapse array in one request, as bursts of
// the processor's bus master, which its scalar part goes on to use in between (docs/ppu-interface.md).
`include "assert.svh"

module asic_ppu_vector #(
  parameter int Block = 0  // hemisphere of the processor: index into the bases of the regions
) (
  input  logic          clk_i,
  input  logic          rst_ni,              // chip reset
  // half row: taken in a cycle in which valid and ready are high, then one answer
  input  logic          vector_valid_i,
  output logic          vector_ready_o,
  input  logic          vector_read_i,
  input  logic [  31:0] vector_addr_i,       // of the parallel bus: space + 2 * row + half
  input  logic [ 127:0] vector_mask_i,       // lanes that are written
  input  logic [1023:0] vector_data_i,       // lane j in [8*j +: 8]
  output logic          vector_rsp_valid_o,
  output logic [1023:0] vector_rsp_data_o,   // of a read
  // scalar part
  input  logic          scalar_valid_i,
  output logic          scalar_ready_o,
  input  logic          scalar_read_i,
  input  logic [   3:0] scalar_be_i,
  input  logic [  31:0] scalar_addr_i,
  input  logic [  31:0] scalar_data_i,
  output logic          scalar_rsp_valid_o,
  // chip bus
  output logic          bus_valid_o,
  input  logic          bus_ready_i,
  output logic          bus_read_o,
  output logic [   3:0] bus_be_o,
  output logic [  31:0] bus_addr_o,
  output logic [  31:0] bus_data_o,
  input  logic          bus_rsp_valid_i,
  input  logic [  31:0] bus_rsp_data_i,
  output logic          idle_o
);

  localparam logic [31:0] Weights = omnibus_pkg::SynapseWeightBases[32*Block+:32];
  localparam logic [31:0] Labels = omnibus_pkg::SynapseLabelBases[32*Block+:32];
  localparam logic [31:0] Even = omnibus_pkg::SynapseEven2msbBases[32*Block+:32];
  localparam logic [31:0] Odd = omnibus_pkg::SynapseOdd2msbBases[32*Block+:32];
  localparam logic [31:0] Causal = omnibus_pkg::CadcCausalSampleBases[32*Block+:32];
  localparam logic [31:0] Acausal = omnibus_pkg::CadcAcausalSampleBases[32*Block+:32];
  localparam logic [31:0] Reset = omnibus_pkg::CorrelationResetBases[32*Block+:32];
  localparam logic [31:0] NeuronReset = omnibus_pkg::NeuronResetQuadBases[32*Block+:32];
  localparam logic [31:0] Buffered = 32'd1 << omnibus_pkg::CadcBufferedBit;
  localparam logic [31:0] Unmapped = 32'h8000_0000;  // the FPGA's side is not reached from the chip
  localparam int Words = omnibus_pkg::SynapseQuadsPerRow / 2;  // of a half row
  localparam int Rows = 2 * omnibus_pkg::SynapseRows;  // half rows of synapses
  localparam int Switches = omnibus_pkg::SynapseWeightCount / Words;  // and of column switches

  // Where a half row lies on the chip bus
  logic [31:0] space, row, base;
  logic [31:0] limit;
  logic converts;  // a conversion fills the buffer with the whole row

  always_comb begin
    row      = 32'(vector_addr_i[9:0]);
    space    = vector_addr_i - row;
    base     = Unmapped;
    limit    = Switches;
    converts = 1'b0;
    case (space)
      machine_pkg::VectorWeights:  base = Weights;
      machine_pkg::VectorLabels:   base = Labels;
      machine_pkg::VectorEven2msb: base = Even;
      machine_pkg::VectorOdd2msb:  base = Odd;
      machine_pkg::VectorCausal, machine_pkg::VectorAcausal: begin
        limit    = Rows;
        converts = vector_read_i;
        base     = !vector_read_i ? Reset : (space == machine_pkg::VectorCausal) ? Causal : Acausal;
      end
      machine_pkg::VectorCausal | Buffered: begin
        limit = Rows;
        if (vector_read_i) base = Causal | Buffered;
      end
      machine_pkg::VectorAcausal | Buffered: begin
        limit = Rows;
        if (vector_read_i) base = Acausal | Buffered;
      end
      machine_pkg::VectorReset: begin
        // Behind the rows of synapses lies that of the neurons.
        if (!vector_read_i) base = Reset;
      end
      default:                     ;
    endcase
    if (row >= limit) base = Unmapped;
  end
  `HX_PARAMETER(NeuronResetIsBehind, NeuronReset == Reset + 32'(Rows * Words))

  // A burst: of what is not mapped, only its first word.
  logic busy_q, waits_q, read_q, single_q, converts_q, last, skips, wants;
  logic owner_q;  // the answer to come is the vector's
  logic [4:0] word_q;
  logic [31:0] addr_q;
  logic [127:0] mask_q;
  logic [1023:0] data_q;
  logic rsp_valid_q;
  logic [3:0] be;

  assign vector_ready_o     = !busy_q;
  assign idle_o             = !busy_q && !rsp_valid_q && !vector_valid_i;
  assign vector_rsp_valid_o = rsp_valid_q;
  assign vector_rsp_data_o  = data_q;

  // Lane 4 w is the highest byte of word w.
  always_comb begin
    be         = '0;
    bus_data_o = scalar_data_i;
    if (busy_q) begin
      for (int b = 0; b < 4; b++) begin
        be[3-b] = mask_q[7'(4*word_q)+7'(b)];
        if (!scalar_valid_i) bus_data_o[8*(3-b)+:8] = data_q[10'(32*word_q)+10'(8*b)+:8];
      end
    end
  end

  assign last  = word_q == '1 || single_q;
  assign skips = busy_q && !waits_q && !read_q && be == '0;
  assign wants = busy_q && !waits_q && !skips;

  // The scalar part comes first, so that a burst holds it up by one access at most.
  assign bus_valid_o        = scalar_valid_i || wants;
  assign bus_read_o         = scalar_valid_i ? scalar_read_i : read_q;
  assign bus_be_o           = scalar_valid_i ? scalar_be_i : be;
  assign scalar_ready_o     = bus_ready_i && scalar_valid_i;
  assign scalar_rsp_valid_o = bus_rsp_valid_i && !owner_q;

  logic [31:0] at;
  assign at         = (converts_q && word_q != '0) ? addr_q | Buffered : addr_q;
  assign bus_addr_o = scalar_valid_i ? scalar_addr_i : at;

  logic ends;
  assign ends = skips || (bus_rsp_valid_i && owner_q);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      busy_q      <= 1'b0;
      waits_q     <= 1'b0;
      owner_q     <= 1'b0;
      rsp_valid_q <= 1'b0;
      word_q      <= '0;
    end else begin
      rsp_valid_q <= ends && last;
      if (vector_valid_i && vector_ready_o) begin
        busy_q <= 1'b1;
        word_q <= '0;
      end
      if (bus_valid_o && bus_ready_i) begin
        owner_q <= !scalar_valid_i;
        waits_q <= !scalar_valid_i;
      end
      if (ends) begin
        waits_q <= 1'b0;
        word_q  <= word_q + 5'd1;
        if (last) busy_q <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin  // count with busy_q only
    if (vector_valid_i && vector_ready_o) begin
      read_q     <= vector_read_i;
      single_q   <= base == Unmapped;
      converts_q <= converts;
      addr_q     <= (base == Unmapped) ? base | vector_addr_i : base + row * Words;
      mask_q     <= vector_mask_i;
      data_q     <= vector_read_i ? '0 : vector_data_i;
    end else if (ends) begin
      addr_q <= addr_q + 32'd1;
      if (read_q) begin
        for (int b = 0; b < 4; b++) begin
          data_q[10'(32*word_q)+10'(8*b)+:8] <= bus_rsp_data_i[8*(3-b)+:8];
        end
      end
    end
  end

endmodule
