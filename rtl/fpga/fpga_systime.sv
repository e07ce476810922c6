// SPDX-License-Identifier: Apache-2.0
// FPGA time and the time handshake with the chip (docs/timing.md section 7).
// It reports the time only on request; the annotation of the trace is the arbiter's.
module fpga_systime (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic        clear_i,         // connection reset; the offset stays
  input  logic        timeout_i,       // ends a handshake
  input  logic [42:0] tick_time_i,
  output logic [42:0] fpga_time_o,
  // SystimeInit
  input  logic        valid_i,
  input  logic        sync_i,
  output logic        systime_idle_o,  // idle and report delivered
  // link
  input  logic        link_up_i,
  output logic        down_valid_o,
  output logic        down_set_o,
  input  logic        up_valid_i,
  input  logic [42:0] up_time_i,
  input  logic [42:0] up_base_i,
  // report to the arbiter
  output logic        report_o,
  input  logic        report_ready_i,
  output logic        synced_o,        // a handshake has succeeded since the connection reset
  output logic        done_o,          // a handshake ends at this tick
  // diagnostics registers
  input  logic [ 3:0] tries_i,
  output logic [42:0] round_trip_o,
  output logic [42:0] chip_time_o,
  output logic        active_o,
  output logic        idle_o,
  output logic [42:0] next_o
);

  localparam logic [1:0] StIdle = 2'd0;
  localparam logic [1:0] StPing = 2'd1;
  localparam logic [1:0] StWait = 2'd2;
  localparam logic [1:0] StSet = 2'd3;

  logic [1:0] state_d, state_q;
  logic [3:0] tries_d, tries_q;  // answers still wanted
  logic [42:0] sent_d, sent_q;  // tick of the last ping, or of the set
  logic set_sent_d, set_sent_q;
  logic [42:0] base_d, base_q;
  logic [42:0] offset_d, offset_q;
  logic [42:0] round_trip_d, round_trip_q;
  logic [42:0] chip_time_d, chip_time_q;
  logic report_d, report_q, synced_d, synced_q;
  logic [42:0] half;

  assign fpga_time_o    = tick_time_i + offset_q;
  assign systime_idle_o = state_q == StIdle && !report_q;
  assign down_valid_o   = link_up_i && (state_q == StPing || (state_q == StSet && !set_sent_q));
  assign down_set_o     = state_q == StSet;
  assign report_o       = report_q;
  assign synced_o       = synced_q;
  assign round_trip_o   = round_trip_q;
  assign chip_time_o    = chip_time_q;
  assign active_o       = state_q != StIdle;
  // One way is half of what is left of the round trip without the chip's own tick.
  assign half           = (round_trip_q - 43'd1) >> 1;
  assign done_o         =
      state_q == StSet && set_sent_q && tick_time_i == sent_q + half && link_up_i;

  always_comb begin
    state_d      = state_q;
    tries_d      = tries_q;
    sent_d       = sent_q;
    set_sent_d   = set_sent_q;
    base_d       = base_q;
    offset_d     = offset_q;
    round_trip_d = round_trip_q;
    chip_time_d  = chip_time_q;
    report_d     = report_q && !report_ready_i;
    synced_d     = synced_q;

    case (state_q)
      StIdle:
      if (valid_i) begin
        if (sync_i) state_d = StPing;
        else report_d = 1'b1;
        tries_d = (tries_i == '0) ? 4'd1 : tries_i;
      end
      StPing:
      if (link_up_i) begin
        state_d = StWait;
        sent_d  = tick_time_i;
      end
      StWait:
      if (up_valid_i) begin
        round_trip_d = tick_time_i - sent_q;
        chip_time_d  = up_time_i;
        base_d       = up_base_i;
        tries_d      = tries_q - 4'd1;
        set_sent_d   = 1'b0;
        state_d      = (tries_q == 4'd1) ? StSet : StPing;
      end
      default: begin
        if (!set_sent_q) begin
          set_sent_d = 1'b1;
          sent_d     = tick_time_i;
        end
        if (done_o) begin
          offset_d = base_q - (tick_time_i + 43'd1);
          synced_d = 1'b1;
          report_d = 1'b1;
          state_d  = StIdle;
        end
      end
    endcase
    // A lost link starts the handshake again.
    if (!link_up_i && (state_q == StWait || state_q == StSet)) begin
      state_d = StPing;
      tries_d = (tries_i == '0) ? 4'd1 : tries_i;
    end
    if (timeout_i || clear_i) begin
      state_d  = StIdle;
      offset_d = offset_q;
      synced_d = synced_q;
      report_d = report_q && !report_ready_i && !clear_i;
    end
    if (clear_i) synced_d = 1'b0;
  end

  assign idle_o = !report_q && (state_q == StIdle || state_q == StWait ||
      (state_q == StPing && !link_up_i) || (state_q == StSet && set_sent_q && !done_o));
  assign next_o = (state_q == StSet) ? sent_q + half : '1;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q      <= StIdle;
      tries_q      <= '0;
      sent_q       <= '0;
      set_sent_q   <= 1'b0;
      base_q       <= '0;
      offset_q     <= '0;
      round_trip_q <= '0;
      chip_time_q  <= '0;
      report_q     <= 1'b0;
      synced_q     <= 1'b0;
    end else if (tick_i) begin
      state_q      <= state_d;
      tries_q      <= tries_d;
      sent_q       <= sent_d;
      set_sent_q   <= set_sent_d;
      base_q       <= base_d;
      offset_q     <= offset_d;
      round_trip_q <= round_trip_d;
      chip_time_q  <= chip_time_d;
      report_q     <= report_d;
      synced_q     <= synced_d;
    end
  end

endmodule
