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

  // Words of the structures in ppu.h, the last one first.
  typedef struct packed {
    bit [31:0] run, bus_taken, bus_answered, bus_data, sram_taken, sram_data;
    bit [31:0] vector_taken, vector_answered;
    bit [1023:0] vector_data;
  } answers_t;
  typedef struct packed {
    bit [31:0] sleep, bus_valid, bus_read, bus_enables, bus_address, bus_data;
    bit [31:0] sram_valid, sram_write, sram_enables, sram_address, sram_data;
    bit [31:0] vector_valid, vector_read, vector_address;
  } requests_t;

  import "DPI-C" function chandle ppu_open();
  import "DPI-C" function longint unsigned ppu_step(
    input chandle ppu, input int processor, input int unsigned seed, input longint unsigned now,
    input bit [$bits(answers_t)-1:0] answers, output bit [$bits(requests_t)-1:0] requests);
  import "DPI-C" function int unsigned ppu_half_row(input chandle ppu, input int index);

  // A processor in reset asks for nothing. Half rows are words of a memory, which cost nothing while
  // they stay: 32 of lanes, 4 of their mask.
  requests_t requests_q;
  logic [31:0] half_row_q[36];
  for (genvar w = 0; w < 32; w++) begin : gen_lanes
    assign vector_data_o[32*w+:32] = half_row_q[w];
  end
  for (genvar w = 0; w < 4; w++) begin : gen_mask
    assign vector_mask_o[32*w+:32] = half_row_q[32+w];
  end
  assign sleep_o        = run_i && requests_q.sleep[0];
  assign bus_valid_o    = run_i && requests_q.bus_valid[0];
  assign bus_read_o     = requests_q.bus_read[0];
  assign bus_be_o       = requests_q.bus_enables[3:0];
  assign bus_addr_o     = requests_q.bus_address;
  assign bus_data_o     = requests_q.bus_data;
  assign vector_valid_o = run_i && requests_q.vector_valid[0];
  assign vector_read_o  = requests_q.vector_read[0];
  assign vector_addr_o  = requests_q.vector_address;
  assign sram_valid_o   = run_i && requests_q.sram_valid[0];
  assign sram_write_o   = requests_q.sram_write[0];
  assign sram_be_o      = requests_q.sram_enables[3:0];
  assign sram_addr_o    = requests_q.sram_address[11:0];
  assign sram_data_o    = requests_q.sram_data;

  logic bus_taken, vector_taken, sram_taken, acts, run_q;
  assign bus_taken    = bus_valid_o && bus_ready_i;
  assign vector_taken = vector_valid_o && vector_ready_i;
  assign sram_taken   = sram_valid_o && sram_ready_i;
  assign acts         = run_i != run_q || bus_taken || bus_rsp_valid_i || vector_taken ||
                        vector_rsp_valid_i || sram_taken || now_i >= next_o;

  // Only the process below touches these variables; they change at once, the registers at the edge.
  /* verilator lint_off BLKSEQ */
  chandle    ppu;
  answers_t  answers;
  requests_t requests;
  logic      armed = 1'b0;  // reset has been seen: start-up values may be random

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      if (!armed) ppu = ppu_open();
      armed = 1'b1;
      requests_q <= '0;
      next_o     <= '1;
      run_q      <= 1'b0;
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
      next_o     <= 44'(ppu_step(ppu, Processor, seed_i, 64'(now_i), answers, requests));
      requests_q <= requests;
      run_q      <= run_i;
      if (requests.vector_valid[0] && (!requests_q.vector_valid[0] || vector_taken)) begin
        for (int w = 0; w < 36; w++) half_row_q[w] <= ppu_half_row(ppu, w);
      end
    end
  end

endmodule
