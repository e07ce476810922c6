// SPDX-License-Identifier: Apache-2.0
// Stand-in for the system in the unit test of the link: answers halts, ticks, times and reads of a
// small memory, obeys Setup and WaitUntil, reports unknown words, and crashes on demand. Nothing else of the hardware.

module hx_system #(
  parameter int PlaybackDepth = 4194304,  // not used: 16 words are enough here
  parameter int TraceDepth    = 4194304   // not used
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // time
  input  logic [43:0] skip_i,
  output logic        idle_o,
  output logic [43:0] next_o,
  output logic [43:0] now_o,
  output logic        tick_o,
  // host
  input  logic        host_valid_i,
  output logic        host_ready_o,
  input  logic [63:0] host_data_i,
  output logic        host_valid_o,
  input  logic        host_ready_i,
  output logic [63:0] host_data_o,
  output logic        host_halt_o,
  input  logic        host_reset_i,
  // link: not here
  input  logic [ 1:0] link_down_error_i,
  input  logic [ 1:0] link_up_error_i,
  // external DRAM: not here
  output logic        dram_request_o,
  output logic        dram_write_o,
  output logic [ 3:0] dram_byte_enables_o,
  output logic [31:0] dram_address_o,  // word
  output logic [31:0] dram_data_o,
  input  logic [31:0] dram_data_i,
  // analog core: not here
  output logic ana_reset_o,
  output logic ana_write_valid_o,
  output logic [31:0] ana_write_addr_o,
  output logic [31:0] ana_write_data_o,
  output logic [7:0] ana_padi_valid_o,
  output logic [87:0] ana_padi_event_o,
  input logic [511:0] ana_spike_i,
  output logic ana_madc_sample_o,
  output logic ana_madc_input_o,
  input logic [9:0] ana_madc_code_i,
  output logic [1:0] ana_cadc_trigger_o,
  output logic [7:0] ana_cadc_row_o,
  output logic ana_cadc_fetch_o,
  output logic ana_cadc_hemisphere_o,
  output logic ana_cadc_acausal_o,
  output logic [5:0] ana_cadc_quad_o,
  input logic [31:0] ana_cadc_data_i,
  // embedded processors: not here
  input logic [1:0] ppu_sleep_i,
  output logic [1:0] ppu_run_o,
  output logic [1:0] ppu_cache_o,
  input logic [1:0] ppu_bus_valid_i,
  output logic [1:0] ppu_bus_ready_o,
  input logic [1:0] ppu_bus_read_i,
  input logic [7:0] ppu_bus_be_i,
  input logic [63:0] ppu_bus_addr_i,
  input logic [63:0] ppu_bus_data_i,
  output logic [1:0] ppu_bus_rsp_valid_o,
  output logic [31:0] ppu_bus_rsp_data_o,
  input logic [1:0] ppu_vector_valid_i,
  output logic [1:0] ppu_vector_ready_o,
  input logic [1:0] ppu_vector_read_i,
  input logic [63:0] ppu_vector_addr_i,
  input logic [255:0] ppu_vector_mask_i,
  input logic [2047:0] ppu_vector_data_i,
  output logic [1:0] ppu_vector_rsp_valid_o,
  output logic [2047:0] ppu_vector_rsp_data_o,
  input logic [1:0] ppu_sram_valid_i,
  output logic [1:0] ppu_sram_ready_o,
  input logic [1:0] ppu_sram_write_i,
  input logic [7:0] ppu_sram_be_i,
  input logic [23:0] ppu_sram_addr_i,
  input logic [63:0] ppu_sram_data_i,
  output logic [63:0] ppu_sram_data_o,
  // diagnostics
  output logic        diag_valid_o,
  output logic [ 7:0] diag_code_o,
  output logic [63:0] diag_data_o
);
  localparam int Depth = 16;
  localparam logic [7:0] CrashId = 8'hfe;

  logic [43:0] now_q, base_q;
  logic [63:0] in_q [Depth];
  logic [64:0] out_q [Depth];
  logic [ 4:0] in_w_q, in_r_q, out_w_q, out_r_q;
  logic [31:0] memory_q [256];
  logic [ 7:0] address_q;

  assign dram_request_o = 1'b0;
  assign {dram_write_o, dram_byte_enables_o, dram_address_o, dram_data_o} = '0;

  assign {ana_reset_o, ana_write_valid_o, ana_write_addr_o, ana_write_data_o} = '0;
  assign {ana_padi_valid_o, ana_padi_event_o, ana_madc_sample_o, ana_madc_input_o} = '0;
  assign {ana_cadc_trigger_o, ana_cadc_row_o, ana_cadc_fetch_o, ana_cadc_hemisphere_o} = '0;
  assign {ana_cadc_acausal_o, ana_cadc_quad_o} = '0;
  assign {ppu_run_o, ppu_cache_o, ppu_bus_ready_o, ppu_bus_rsp_valid_o, ppu_bus_rsp_data_o} = '0;
  assign {ppu_vector_ready_o, ppu_vector_rsp_valid_o, ppu_vector_rsp_data_o} = '0;
  assign {ppu_sram_ready_o, ppu_sram_data_o} = '0;

  assign now_o        = now_q;
  assign tick_o       = now_q[0];
  assign host_ready_o = (in_w_q - in_r_q) != 5'(Depth);
  assign host_valid_o = out_w_q != out_r_q;
  assign {host_halt_o, host_data_o} = out_q[out_r_q[3:0]];

  // The word to be executed.
  logic [63:0] word;
  logic [ 7:0] id;
  logic        have, waits, room, go, answers;
  logic [43:0] release_at;
  logic [64:0] answer;

  assign word       = in_q[in_r_q[3:0]];
  assign id         = word[63:56];
  assign have       = in_w_q != in_r_q;
  assign release_at = base_q + {11'b0, word[31:0], 1'b0};
  assign waits      = id == ut_pkg::ToFpgaWaitUntilId && now_q < release_at;
  assign room       = (out_w_q - out_r_q) != 5'(Depth);
  assign go         = tick_o && have && !waits && (!answers || room) && !host_reset_i;
  assign idle_o     = (!have || waits) && !host_valid_o;
  assign next_o     = have && waits ? release_at - now_q - 44'd1 : '1;

  always_comb begin
    answers = 1'b1;
    answer  = '0;
    case (id)
      ut_pkg::ToFpgaLoopbackId: begin
        answer = {!word[0], ut_pkg::FromFpgaLoopbackId, 55'b0, word[0]};
      end
      ut_pkg::ToFpgaSystimeInitId: answer = {1'b0, ut_pkg::FromFpgaSystimeId, 13'b0, now_q[43:1]};
      ut_pkg::ToFpgaOmnibusAddressId: begin
        answers = word[36];
        answer  = {1'b0, ut_pkg::FromFpgaOmnibusDataId, 24'b0, memory_q[word[7:0]]};
      end
      default: answers = 1'b0;
    endcase
  end

  assign diag_valid_o = go && id > ut_pkg::ToFpgaSpikePack3Id;
  assign diag_code_o  = 8'd1;
  assign diag_data_o  = word;

  always_ff @(posedge clk_i) if (go && id == CrashId) $fatal(1, "this word is a crash");

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      now_q     <= '0;
      base_q    <= '0;
      in_w_q    <= '0;
      in_r_q    <= '0;
      out_w_q   <= '0;
      out_r_q   <= '0;
      address_q <= '0;
    end else begin
      now_q <= now_q + 44'd1 + skip_i;
      if (tick_o) begin
        if (host_valid_i && host_ready_o) begin
          in_q[in_w_q[3:0]] <= host_data_i;
          in_w_q            <= in_w_q + 5'd1;
        end
        if (host_valid_o && host_ready_i) out_r_q <= out_r_q + 5'd1;
        if (go) begin
          in_r_q <= in_r_q + 5'd1;
          if (id == ut_pkg::ToFpgaSetupId) base_q <= now_q;
          if (id == ut_pkg::ToFpgaOmnibusAddressId) address_q <= word[7:0];
          if (id == ut_pkg::ToFpgaOmnibusDataId) memory_q[address_q] <= word[31:0];
          if (answers) begin
            out_q[out_w_q[3:0]] <= answer;
            out_w_q             <= out_w_q + 5'd1;
          end
        end
        if (host_reset_i) begin
          in_w_q  <= '0;
          in_r_q  <= '0;
          out_w_q <= '0;
          out_r_q <= '0;
        end
      end
    end
  end
endmodule
