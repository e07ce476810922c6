// SPDX-License-Identifier: Apache-2.0
// An embedded processor behind the chip's ports, through DPI (cosim/ppu/ppu.h): holds what it asks for
// and tells it what it gets. No call while nothing changes for it.
module ppu_port #(
  parameter int Processor = 0  // 0 top, 1 bottom
) (
  input  logic          clk_i,
  input  logic          rst_ni,
  input  logic [  43:0] now_i,
  input  logic [  31:0] seed_i,              // of a stand-in, 0: there is no processor
  output logic [  43:0] next_o,              // at the end of this cycle it acts by itself
  // the system's ports
  input  logic          run_i,
  output logic          sleep_o,
  output logic          bus_valid_o,
  input  logic          bus_ready_i,
  output logic          bus_read_o,
  output logic [   3:0] bus_be_o,
  output logic [  31:0] bus_addr_o,
  output logic [  31:0] bus_data_o,
  input  logic          bus_rsp_valid_i,
  input  logic [  31:0] bus_rsp_data_i,
  output logic          vector_valid_o,
  input  logic          vector_ready_i,
  output logic          vector_read_o,
  output logic [  31:0] vector_addr_o,
  output logic [ 127:0] vector_mask_o,
  output logic [1023:0] vector_data_o,
  input  logic          vector_rsp_valid_i,
  input  logic [1023:0] vector_rsp_data_i,
  output logic          sram_valid_o,
  input  logic          sram_ready_i,
  output logic          sram_write_o,
  output logic [   3:0] sram_be_o,
  output logic [  11:0] sram_addr_o,
  output logic [  31:0] sram_data_o,
  input  logic [  31:0] sram_data_i
);

  // Words of the answers in ppu.h, the last one first.
  typedef struct packed {
    bit [31:0] run, bus_taken, bus_answered, bus_data, sram_taken, sram_data;
    bit [31:0] vector_taken, vector_answered;
    bit [1023:0] vector_data;
  } answers_t;
  // Words of the requests, in the order of ppu.h: 32 of a half row, 4 of its mask, and the rest.
  typedef enum int {
    VectorMask = 32,
    VectorAddress = 36,
    VectorRead, VectorValid,
    SramData, SramAddress, SramEnables, SramWrite, SramValid,
    BusData, BusAddress, BusEnables, BusRead, BusValid,
    Sleep, Words
  } request_e;

  import "DPI-C" function chandle ppu_open();
  import "DPI-C" function void ppu_reset(input chandle ppu);
  import "DPI-C" function longint unsigned ppu_step(
    input chandle ppu, input int processor, input int unsigned seed, input longint unsigned now,
    input bit [$bits(answers_t)-1:0] answers);
  import "DPI-C" function int unsigned ppu_request(input chandle ppu, input int word);

  // A memory, since that costs nothing while it stays. A processor in reset asks for nothing.
  logic [31:0] request_q[Words];
  assign sleep_o        = run_i && request_q[Sleep][0];
  assign bus_valid_o    = run_i && request_q[BusValid][0];
  assign bus_read_o     = request_q[BusRead][0];
  assign bus_be_o       = request_q[BusEnables][3:0];
  assign bus_addr_o     = request_q[BusAddress];
  assign bus_data_o     = request_q[BusData];
  assign vector_valid_o = run_i && request_q[VectorValid][0];
  assign vector_read_o  = request_q[VectorRead][0];
  assign vector_addr_o  = request_q[VectorAddress];
  assign sram_valid_o   = run_i && request_q[SramValid][0];
  assign sram_write_o   = request_q[SramWrite][0];
  assign sram_be_o      = request_q[SramEnables][3:0];
  assign sram_addr_o    = request_q[SramAddress][11:0];
  assign sram_data_o    = request_q[SramData];
  for (genvar w = 0; w < 32; w++) begin : gen_lanes
    assign vector_data_o[32*w+:32] = request_q[w];
  end
  for (genvar w = 0; w < 4; w++) begin : gen_mask
    assign vector_mask_o[32*w+:32] = request_q[VectorMask+w];
  end

  logic bus_taken, vector_taken, sram_taken, acts, run_q;
  assign bus_taken    = bus_valid_o && bus_ready_i;
  assign vector_taken = vector_valid_o && vector_ready_i;
  assign sram_taken   = sram_valid_o && sram_ready_i;
  assign acts         = run_i != run_q || bus_taken || bus_rsp_valid_i || vector_taken ||
                        vector_rsp_valid_i || sram_taken || now_i >= next_o;

  // Only the process below touches these variables; they change at once, the registers at the edge.
  /* verilator lint_off BLKSEQ */
  chandle   ppu;
  answers_t answers;
  int       first;
  logic     armed = 1'b0;  // reset has been seen: start-up values may be random

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      if (!armed) ppu = ppu_open();
      ppu_reset(ppu);
      armed = 1'b1;
      for (int w = 0; w < Words; w++) request_q[w] <= '0;
      next_o <= '1;
      run_q  <= 1'b0;
    end else if (armed && acts) begin
      answers.run             = 32'(run_i);
      answers.bus_taken       = 32'(bus_taken);
      answers.bus_answered    = 32'(bus_rsp_valid_i);
      answers.bus_data        = bus_rsp_data_i;
      answers.sram_taken      = 32'(sram_taken);
      answers.sram_data       = sram_data_i;
      answers.vector_taken    = 32'(vector_taken);
      answers.vector_answered = 32'(vector_rsp_valid_i);
      answers.vector_data     = vector_rsp_data_i;
      next_o <= 44'(ppu_step(ppu, Processor, seed_i, 64'(now_i), answers));
      run_q  <= run_i;
      // A half row stays until it is taken.
      first = VectorAddress;
      if ((!vector_valid_o || vector_taken) && ppu_request(ppu, VectorValid) != 0) first = 0;
      for (int w = first; w < Words; w++) request_q[w] <= ppu_request(ppu, w);
    end
  end

endmodule
