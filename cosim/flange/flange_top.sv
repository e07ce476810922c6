// SPDX-License-Identifier: Apache-2.0
// The system with its host: moves words between hx_system and the link, jumps over idle time, and
// freezes when the host has nothing to run. It has no behaviour of the hardware in it.

module flange_top #(
  parameter int PlaybackDepth = 4194304,  // words, as in the system
  parameter int TraceDepth    = 4194304   // words, as in the system
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        poll_i,      // look at the host on the next cycle; may be tied to 0
  output logic [43:0] now_o,       // global time, cycles of 4 ns
  output logic        terminate_o  // the host wants the simulation to end
);
  localparam int Batch = flange_pkg::Batch;
  localparam int PollEdges = 4096;  // edges between two looks at the host, if nobody asks for more without poll_i

  import "DPI-C" function chandle flange_open();
  import "DPI-C" function void flange_freeze(
    input chandle link, input int status, input longint unsigned now,
    input longint unsigned cycles, input longint unsigned skipped, input longint unsigned halts,
    input int entered, input longint unsigned entered_at[Batch],
    output longint unsigned control[flange_pkg::ControlCount]);
  import "DPI-C" function int flange_pull(
    input chandle link, input int entered, input longint unsigned entered_at[Batch],
    output longint unsigned words[Batch], output longint unsigned due[Batch]);
  import "DPI-C" function void flange_push(
    input chandle link, input int n, input longint unsigned words[Batch],
    input longint unsigned left_at[Batch]);
  import "DPI-C" function int flange_poll(
    input chandle link, input longint unsigned now, input longint unsigned cycles,
    input longint unsigned skipped);
  import "DPI-C" function void flange_diagnostic(
    input chandle link, input longint unsigned now, input int code, input longint unsigned data);
  import "DPI-C" function chandle memory_open();
  import "DPI-C" function int unsigned memory_access(
    input chandle memory, input int unsigned address, input int write,
    input int unsigned byte_enables, input int unsigned data);

  // The system.
  logic [43:0] skip, next, now;
  logic        idle, tick;
  logic        in_valid, in_ready, out_valid, out_ready, out_halt, link_reset;
  logic [63:0] out_data;
  logic        diag_valid;
  logic [ 7:0] diag_code;
  logic [63:0] diag_data;

  // External DRAM: pages of host memory.
  logic        dram_request, dram_write;
  logic [ 3:0] dram_byte_enables;
  logic [31:0] dram_address, dram_to, dram_from_q;
  // The analog core.
  logic ana_reset;
  logic ana_write_valid;
  logic [31:0] ana_write_addr;
  logic [31:0] ana_write_data;
  logic [7:0] ana_padi_valid;
  logic [87:0] ana_padi_event;
  logic [511:0] ana_spike;
  logic ana_madc_sample;
  logic ana_madc_input;
  logic [9:0] ana_madc_code;
  logic [1:0] ana_cadc_trigger;
  logic [7:0] ana_cadc_row;
  logic ana_cadc_fetch;
  logic ana_cadc_hemisphere;
  logic ana_cadc_acausal;
  logic [5:0] ana_cadc_quad;
  logic [31:0] ana_cadc_data;
  // The embedded processors.
  logic [1:0] ppu_sleep;
  logic [1:0] ppu_run;
  logic [1:0] ppu_cache;
  logic [1:0] ppu_bus_valid;
  logic [1:0] ppu_bus_ready;
  logic [1:0] ppu_bus_read;
  logic [7:0] ppu_bus_be;
  logic [63:0] ppu_bus_addr;
  logic [63:0] ppu_bus_data;
  logic [1:0] ppu_bus_rsp_valid;
  logic [31:0] ppu_bus_rsp_data;
  logic [1:0] ppu_vector_valid;
  logic [1:0] ppu_vector_ready;
  logic [1:0] ppu_vector_read;
  logic [63:0] ppu_vector_addr;
  logic [255:0] ppu_vector_mask;
  logic [2047:0] ppu_vector_data;
  logic [1:0] ppu_vector_rsp_valid;
  logic [2047:0] ppu_vector_rsp_data;
  logic [1:0] ppu_sram_valid;
  logic [1:0] ppu_sram_ready;
  logic [1:0] ppu_sram_write;
  logic [7:0] ppu_sram_be;
  logic [23:0] ppu_sram_addr;
  logic [63:0] ppu_sram_data;
  logic [63:0] ppu_sram_data_from;
  logic [43:0] ppu_next;
  logic [31:0] ppu_seed_q;
  logic        ana_wait, ana_ahead, ana_refused;
  logic [31:0] ana_refused_addr;
  int          poll;  // edges to the next look at the host
  logic        poll_q;
  logic [43:0] ana_next, room, horizon;

  // The word that waits for its time, and what the host has allowed.
  logic        head_valid_q, frozen_once_q, skip_on_q, link_reset_q, stop_on_halt_q;
  logic [63:0] head_q;
  logic [43:0] due_q;  // cycle from which the head may enter
  logic [43:0] rate_q, limit_q;
  int          stall_q;
  logic [43:0] stall_a_q, stall_b_q;
  // Errors on the link: in the lowest LinkFrames of a frame's random number, kind after kind.
  logic        link_errors_q;
  logic [31:0] link_seed_q, link_lost_q, link_damaged_q, link_repeated_q;
  logic [ 1:0] link_error[0:1];  // down, up

  hx_system #(
    .PlaybackDepth(PlaybackDepth),
    .TraceDepth   (TraceDepth)
  ) u_system (
    .clk_i,
    .rst_ni,
    .skip_i      (skip),
    .idle_o      (idle),
    .next_o      (next),
    .now_o       (now),
    .tick_o      (tick),
    .host_valid_i(in_valid),
    .host_ready_o(in_ready),
    .host_data_i (head_q),
    .host_valid_o(out_valid),
    .host_ready_i(out_ready),
    .host_data_o (out_data),
    .host_halt_o (out_halt),
    .host_reset_i(link_reset),
    .link_down_error_i(link_error[0]),
    .link_up_error_i(link_error[1]),
    .dram_request_o(dram_request),
    .dram_write_o(dram_write),
    .dram_byte_enables_o(dram_byte_enables),
    .dram_address_o(dram_address),
    .dram_data_o (dram_to),
    .dram_data_i (dram_from_q),
    .ana_reset_o (ana_reset),
    .ana_write_valid_o(ana_write_valid),
    .ana_write_addr_o(ana_write_addr),
    .ana_write_data_o(ana_write_data),
    .ana_padi_valid_o(ana_padi_valid),
    .ana_padi_event_o(ana_padi_event),
    .ana_spike_i(ana_spike),
    .ana_madc_sample_o(ana_madc_sample),
    .ana_madc_input_o(ana_madc_input),
    .ana_madc_code_i(ana_madc_code),
    .ana_cadc_trigger_o(ana_cadc_trigger),
    .ana_cadc_row_o(ana_cadc_row),
    .ana_cadc_fetch_o(ana_cadc_fetch),
    .ana_cadc_hemisphere_o(ana_cadc_hemisphere),
    .ana_cadc_acausal_o(ana_cadc_acausal),
    .ana_cadc_quad_o(ana_cadc_quad),
    .ana_cadc_data_i(ana_cadc_data),
    .ppu_sleep_i(ppu_sleep),
    .ppu_run_o(ppu_run),
    .ppu_cache_o(ppu_cache),
    .ppu_bus_valid_i(ppu_bus_valid),
    .ppu_bus_ready_o(ppu_bus_ready),
    .ppu_bus_read_i(ppu_bus_read),
    .ppu_bus_be_i(ppu_bus_be),
    .ppu_bus_addr_i(ppu_bus_addr),
    .ppu_bus_data_i(ppu_bus_data),
    .ppu_bus_rsp_valid_o(ppu_bus_rsp_valid),
    .ppu_bus_rsp_data_o(ppu_bus_rsp_data),
    .ppu_vector_valid_i(ppu_vector_valid),
    .ppu_vector_ready_o(ppu_vector_ready),
    .ppu_vector_read_i(ppu_vector_read),
    .ppu_vector_addr_i(ppu_vector_addr),
    .ppu_vector_mask_i(ppu_vector_mask),
    .ppu_vector_data_i(ppu_vector_data),
    .ppu_vector_rsp_valid_o(ppu_vector_rsp_valid),
    .ppu_vector_rsp_data_o(ppu_vector_rsp_data),
    .ppu_sram_valid_i(ppu_sram_valid),
    .ppu_sram_ready_o(ppu_sram_ready),
    .ppu_sram_write_i(ppu_sram_write),
    .ppu_sram_be_i(ppu_sram_be),
    .ppu_sram_addr_i(ppu_sram_addr),
    .ppu_sram_data_i(ppu_sram_data),
    .ppu_sram_data_o(ppu_sram_data_from),
    .diag_valid_o(diag_valid),
    .diag_code_o (diag_code),
    .diag_data_o (diag_data)
  );

  assign now_o      = now;
  assign link_reset = link_reset_q;
  assign in_valid   = head_valid_q && now >= due_q && !link_reset_q;

  // At the end of a tick, jump over time in which nothing can happen, by whole ticks.
  always_comb begin
    room = '0;
    if (skip_on_q && tick && idle && !in_valid && !out_valid && !link_reset_q && now < limit_q) begin
      room = next;
      if (head_valid_q && due_q - now - 44'd1 < room) room = due_q - now - 44'd1;
      if (limit_q - now - 44'd1 < room) room = limit_q - now - 44'd1;
      if (ppu_next <= now + room) room = (ppu_next > now) ? ppu_next - now - 44'd1 : '0;
      room[0] = 1'b0;
    end
    // The core's next spike bounds the jump. While it is not known, the core is run ahead first; not
    // where the host may interrupt, since the core cannot go back.
    horizon    = now + 44'd1 + room;
    ana_wait = room != '0 && ana_next < horizon && poll > 1 && !poll_q;
    skip     = (ana_next < horizon) ? ana_next - now - 44'd1 : room;
    skip[0]  = 1'b0;
  end

  analog_port u_analog (
    .clk_i,
    .rst_ni,
    .now_i           (now),
    .skip_i          (skip),
    .wait_i          (ana_wait),
    .horizon_i         (horizon),
    .ahead_o         (ana_ahead),
    .next_o          (ana_next),
    .refused_o       (ana_refused),
    .refused_addr_o  (ana_refused_addr),
    .reset_i(ana_reset),
    .write_valid_i(ana_write_valid),
    .write_addr_i(ana_write_addr),
    .write_data_i(ana_write_data),
    .padi_valid_i(ana_padi_valid),
    .padi_event_i(ana_padi_event),
    .spike_o(ana_spike),
    .madc_sample_i(ana_madc_sample),
    .madc_input_i(ana_madc_input),
    .madc_code_o(ana_madc_code),
    .cadc_trigger_i(ana_cadc_trigger),
    .cadc_row_i(ana_cadc_row),
    .cadc_fetch_i(ana_cadc_fetch),
    .cadc_hemisphere_i(ana_cadc_hemisphere),
    .cadc_acausal_i(ana_cadc_acausal),
    .cadc_quad_i(ana_cadc_quad),
    .cadc_data_o(ana_cadc_data)
  );

  logic [43:0] ppu_nexts[2];
  for (genvar k = 0; k < 2; k++) begin : gen_ppu
    ppu_port #(
      .Processor(k)
    ) u_ppu (
      .clk_i,
      .rst_ni,
      .now_i             (now),
      .seed_i            (ppu_seed_q),
      .next_o            (ppu_nexts[k]),
      .run_i             (ppu_run[k]),
      .sleep_o           (ppu_sleep[k]),
      .bus_valid_o       (ppu_bus_valid[k]),
      .bus_ready_i       (ppu_bus_ready[k]),
      .bus_read_o        (ppu_bus_read[k]),
      .bus_be_o          (ppu_bus_be[4*k+:4]),
      .bus_addr_o        (ppu_bus_addr[32*k+:32]),
      .bus_data_o        (ppu_bus_data[32*k+:32]),
      .bus_rsp_valid_i   (ppu_bus_rsp_valid[k]),
      .bus_rsp_data_i    (ppu_bus_rsp_data),
      .vector_valid_o    (ppu_vector_valid[k]),
      .vector_ready_i    (ppu_vector_ready[k]),
      .vector_read_o     (ppu_vector_read[k]),
      .vector_addr_o     (ppu_vector_addr[32*k+:32]),
      .vector_mask_o     (ppu_vector_mask[128*k+:128]),
      .vector_data_o     (ppu_vector_data[1024*k+:1024]),
      .vector_rsp_valid_i(ppu_vector_rsp_valid[k]),
      .vector_rsp_data_i (ppu_vector_rsp_data[1024*k+:1024]),
      .sram_valid_o      (ppu_sram_valid[k]),
      .sram_ready_i      (ppu_sram_ready[k]),
      .sram_write_o      (ppu_sram_write[k]),
      .sram_be_o         (ppu_sram_be[4*k+:4]),
      .sram_addr_o       (ppu_sram_addr[12*k+:12]),
      .sram_data_o       (ppu_sram_data[32*k+:32]),
      .sram_data_i       (ppu_sram_data_from[32*k+:32])
    );
  end
  assign ppu_next = (ppu_nexts[0] < ppu_nexts[1]) ? ppu_nexts[0] : ppu_nexts[1];

  // Back-pressure is a function of the time alone: neither skipping nor freezing changes it.
  function automatic logic [31:0] mix(input logic [31:0] x);
    mix = (x ^ (x >> 16)) * 32'h7feb352d;
    mix = (mix ^ (mix >> 15)) * 32'h846ca68b;
    mix = mix ^ (mix >> 16);
  endfunction

  always_comb begin
    out_ready = 1'b1;
    if (stall_q == flange_pkg::StallPeriodic) begin
      out_ready = (44'(now[43:1]) % stall_a_q) < stall_b_q;
    end else if (stall_q == flange_pkg::StallRandom) begin
      out_ready = 44'(mix(now[32:1] ^ mix(stall_a_q[31:0])) & 32'hff) < stall_b_q;
    end
  end

  // So are errors on the link, and each direction has its own.
  always_comb begin
    for (int k = 0; k < 2; k++) begin
      link_error[k] = 2'(machine_pkg::LinkErrorNone);
      if (link_errors_q && tick) begin
        automatic logic [31:0] drawn;
        drawn = mix({now[31:1], 1'(k)} ^ link_seed_q) % 32'(flange_pkg::LinkFrames);
        if (drawn < link_lost_q) link_error[k] = 2'(machine_pkg::LinkErrorLost);
        else if (drawn < link_damaged_q) link_error[k] = 2'(machine_pkg::LinkErrorDamaged);
        else if (drawn < link_repeated_q) link_error[k] = 2'(machine_pkg::LinkErrorRepeated);
      end
    end
  end

  // Only the process below touches these variables; they change at once, the registers at the edge.
  /* verilator lint_off BLKSEQ */
  chandle          link, memory;
  longint unsigned cycles, skipped, halts;
  longint unsigned in_words[Batch], in_due[Batch], entered_at[Batch];
  longint unsigned out_words[Batch], left_at[Batch];
  longint unsigned control[flange_pkg::ControlCount];
  int              in_n, in_next, entered, out_n, status;
  logic            more, taken, stop;
  logic            armed = 1'b0;  // reset has been seen: start-up values may be random
  logic [43:0]     not_before;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      armed = 1'b1;
      poll_q         <= 1'b0;
      head_valid_q   <= 1'b0;
      frozen_once_q  <= 1'b0;
      skip_on_q      <= 1'b0;
      link_reset_q   <= 1'b0;
      stop_on_halt_q <= 1'b0;
      terminate_o    <= 1'b0;
      limit_q        <= '1;
      dram_from_q    <= '0;
      due_q          <= '0;
      rate_q         <= '0;
      stall_q        <= flange_pkg::StallNone;
      link_errors_q  <= 1'b0;
      ppu_seed_q     <= '0;
      cycles = 0;
      skipped = 0;
      halts = 0;
      in_n = 0;
      in_next = 0;
      entered = 0;
      out_n = 0;
      poll = PollEdges;
      more = 1'b0;
      not_before = '0;
    end else if (armed && !terminate_o) begin
      if (!frozen_once_q) begin
        link = flange_open();
        memory = memory_open();
      end
      if (tick && dram_request) begin
        dram_from_q <= memory_access(memory, dram_address, int'(dram_write), 32'(dram_byte_enables),
                                     dram_to);
      end
      poll_q <= poll_i;
      cycles = cycles + 1;
      skipped = skipped + 64'(skip);
      stop = !frozen_once_q;
      status = flange_pkg::StatusStarted;
      taken = 1'b0;
      frozen_once_q <= 1'b1;

      if (tick && in_valid && in_ready) begin
        entered_at[entered] = 64'(now);
        entered = entered + 1;
        not_before = now + rate_q;
        taken = 1'b1;
      end
      if (tick && out_valid && out_ready && !link_reset_q) begin
        out_words[out_n] = out_data;
        left_at[out_n] = 64'(now);
        out_n = out_n + 1;
        if (out_n == Batch) begin
          flange_push(link, out_n, out_words, left_at);
          out_n = 0;
        end
        if (out_halt && halts != 0) begin
          halts = halts - 1;
          if (halts == 0 && stop_on_halt_q) begin
            stop = 1'b1;
            status = flange_pkg::StatusHalted;
          end
        end
      end
      if (diag_valid) flange_diagnostic(link, 64'(now), int'(diag_code), diag_data);
      if (ana_refused) begin
        flange_diagnostic(link, 64'(now), machine_pkg::DiagAnalogRefused, 64'(ana_refused_addr));
      end
      if (now >= limit_q && !stop) begin
        stop = 1'b1;
        status = link_reset_q ? flange_pkg::StatusReset : flange_pkg::StatusLimit;
      end
      poll = poll - 1;
      if ((poll <= 0 || poll_q) && !ana_ahead) begin
        poll = PollEdges;
        if (flange_poll(link, 64'(now), cycles, skipped) != 0 && !stop) begin
          stop = 1'b1;
          status = flange_pkg::StatusInterrupted;
        end
      end

      if (stop) begin
        if (out_n != 0) flange_push(link, out_n, out_words, left_at);
        out_n = 0;
        flange_freeze(link, status, 64'(now), cycles, skipped, halts, entered, entered_at, control);
        entered = 0;
        more = 1'b1;
        halts = control[flange_pkg::ControlHalts];
        stop_on_halt_q <= control[flange_pkg::ControlAction] == 64'(flange_pkg::ActionRun);
        link_reset_q   <= control[flange_pkg::ControlAction] == 64'(flange_pkg::ActionReset);
        terminate_o    <= control[flange_pkg::ControlAction] == 64'(flange_pkg::ActionTerminate);
        limit_q        <= control[flange_pkg::ControlLimit][43:0];
        skip_on_q      <= control[flange_pkg::ControlSkip][0];
        rate_q         <= control[flange_pkg::ControlRate][43:0] << 1;
        stall_q        <= int'(control[flange_pkg::ControlStall]);
        stall_a_q      <= control[flange_pkg::ControlStallA][43:0];
        stall_b_q      <= control[flange_pkg::ControlStallB][43:0];
        // Each kind ends where the next one begins.
        link_seed_q     <= mix(control[flange_pkg::ControlLinkSeed][31:0]);
        link_lost_q     <= 32'(control[flange_pkg::ControlLinkLost]);
        link_damaged_q  <= 32'(control[flange_pkg::ControlLinkLost] +
                               control[flange_pkg::ControlLinkDamaged]);
        link_repeated_q <= 32'(control[flange_pkg::ControlLinkLost] +
                               control[flange_pkg::ControlLinkDamaged] +
                               control[flange_pkg::ControlLinkRepeated]);
        ppu_seed_q      <= control[flange_pkg::ControlPpu][31:0];
        link_errors_q   <= (control[flange_pkg::ControlLinkLost] | control[flange_pkg::ControlLinkDamaged] |
                            control[flange_pkg::ControlLinkRepeated]) != 0;
        if (control[flange_pkg::ControlReset][0]) begin  // the host has dropped all words
          head_valid_q <= 1'b0;
          taken = 1'b1;
          in_n = 0;
          in_next = 0;
          not_before = now;
        end
      end

      if (taken || (!head_valid_q && (in_next != in_n || more))) begin
        if (in_next == in_n && more) begin
          in_n = flange_pull(link, entered, entered_at, in_words, in_due);
          in_next = 0;
          entered = 0;
          more = in_n == Batch;
        end
        if (in_next != in_n) begin
          head_valid_q <= 1'b1;
          head_q       <= in_words[in_next];
          due_q        <= in_due[in_next][43:0] > not_before ? in_due[in_next][43:0] : not_before;
          in_next = in_next + 1;
        end else begin
          head_valid_q <= 1'b0;
        end
      end
    end
  end
endmodule
