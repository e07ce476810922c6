// SPDX-License-Identifier: Apache-2.0
// Turns JTAG commands into TCK pulses, TMS and TDI and collects TDO (docs/timing.md section 6).
// It has no notion of what the scanned registers mean.
module fpga_jtag_engine (
  input logic clk_i,
  input logic rst_ni,
  input logic tick_i,
  input logic clear_i,  // connection reset: also the scaler
  input logic timeout_i,  // empties the queue, ends a running command without an answer
  input logic [42:0] tick_time_i,
  // commands
  input logic valid_i,
  output logic ready_o,
  input logic [1:0] kind_i,  // low bits of ut_pkg::ToFpgaJtag*Id
  input logic keep_i,
  input logic [7:0] bits_i,
  input logic [32:0] data_i,
  // pins; tck_o is high in the tick of a pulse
  output logic tck_o,
  output logic tms_o,
  output logic tdi_o,
  input logic tdo_i,
  // answers
  output logic answer_valid_o,
  output logic [32:0] answer_data_o,
  input logic answer_ready_i,
  // status
  output logic jtag_idle_o,  // nothing queued or running, all answers delivered
  output logic length_error_o,  // a Data command with a length outside 3..33 starts
  output logic [7:0] length_o,
  output logic idle_o,
  output logic [42:0] next_o
);

  localparam logic [1:0] KindInit = ut_pkg::ToFpgaJtagInitId[1:0];
  localparam logic [1:0] KindScaler = ut_pkg::ToFpgaJtagScalerId[1:0];
  localparam logic [1:0] KindIns = ut_pkg::ToFpgaJtagInsId[1:0];

  logic queue_valid, queue_pop;
  logic [1:0] kind;
  logic keep;
  logic [7:0] bits;
  logic [32:0] data;

  fifo #(
    .Width(44),
    .Depth(machine_pkg::JtagQueueDepth)
  ) u_queue (
    .clk_i,
    .rst_ni,
    .en_i      (tick_i),
    .clear_i   (clear_i || timeout_i),
    .valid_i,
    .ready_o,
    .data_i    ({kind_i, keep_i, bits_i, data_i}),
    .valid_o   (queue_valid),
    .ready_i   (queue_pop),
    .data_o    ({kind, keep, bits, data}),
    .level_o   (),
    .overflow_o()
  );

  // A running command: TMS pattern and data are shifted out pulse by pulse.
  logic running_d, running_q;
  logic keep_d, keep_q;
  logic [5:0] pulses_d, pulses_q;  // pulses still to come
  logic [5:0] shift_from_d, shift_from_q;  // pulses_q of the first shift pulse
  logic [5:0] shift_to_d, shift_to_q;  // pulses_q of the last shift pulse
  logic [32:0] tdi_d, tdi_q, tdo_d, tdo_q;
  logic [5:0] captured_d, captured_q;
  logic init_d, init_q;
  logic [8:0] period_d, period_q;
  logic [42:0] pulse_at_d, pulse_at_q;

  logic answer_room, answer_push, pulse, shifting;
  logic [5:0] length;

  assign pulse    = running_q && tick_time_i == pulse_at_q;
  assign shifting = running_q && !init_q && pulses_q <= shift_from_q && pulses_q >= shift_to_q;
  assign length   = (bits < 8'd3) ? 6'd3 : (bits > 8'd33) ? 6'd33 : bits[5:0];
  assign queue_pop = queue_valid && !running_q && (!keep || answer_room) && !timeout_i && !clear_i;
  assign length_error_o = queue_pop && kind != KindInit && kind != KindScaler && kind != KindIns &&
      (bits < 8'd3 || bits > 8'd33);
  assign length_o = bits;

  // TMS by the number of pulses still to come: see the table of section 6.
  always_comb begin
    tms_o = 1'b0;
    if (init_q) begin
      tms_o = pulses_q != 6'd1;
    end else if (running_q) begin
      if (shifting) tms_o = pulses_q == shift_to_q;
      else if (pulses_q < shift_to_q) tms_o = pulses_q == 6'd2;
      else tms_o = pulses_q > shift_from_q + 6'd2;
    end
  end
  assign tck_o = pulse;
  assign tdi_o = shifting && tdi_q[0];

  always_comb begin
    running_d     = running_q;
    keep_d        = keep_q;
    pulses_d      = pulses_q;
    shift_from_d  = shift_from_q;
    shift_to_d    = shift_to_q;
    tdi_d         = tdi_q;
    tdo_d         = tdo_q;
    captured_d    = captured_q;
    init_d        = init_q;
    period_d      = period_q;
    pulse_at_d    = pulse_at_q;
    answer_push   = 1'b0;

    if (queue_pop) begin
      if (kind == KindScaler) begin
        period_d = 9'(data[7:0]) + 9'd2;
      end else begin
        running_d     = 1'b1;
        keep_d        = keep;
        init_d        = kind == KindInit;
        tdi_d         = data;
        tdo_d         = '0;
        captured_d    = '0;
        pulse_at_d    = tick_time_i + 43'(period_q);
        shift_to_d    = 6'd3;
        if (kind == KindInit) pulses_d = 6'd6;
        else if (kind == KindIns) pulses_d = 6'd13;
        else pulses_d = length + 6'd5;
        shift_from_d = (kind == KindIns) ? 6'd9 : length + 6'd2;
      end
    end
    if (pulse) begin
      pulses_d   = pulses_q - 6'd1;
      pulse_at_d = pulse_at_q + 43'(period_q);
      if (shifting) begin
        tdi_d             = tdi_q >> 1;
        tdo_d[captured_q] = tdo_i;
        captured_d        = captured_q + 6'd1;
      end
      if (pulses_q == 6'd1) begin
        running_d   = 1'b0;
        init_d      = 1'b0;
        answer_push = keep_q;
      end
    end
    if (clear_i || timeout_i) begin
      running_d   = 1'b0;
      init_d      = 1'b0;
      answer_push = 1'b0;
    end
    if (clear_i) period_d = 9'(machine_pkg::JtagScalerReset) + 9'd2;
  end

  fifo #(
    .Width(33),
    .Depth(machine_pkg::JtagAnswerDepth)
  ) u_answers (
    .clk_i,
    .rst_ni,
    .en_i      (tick_i),
    .clear_i,
    .valid_i   (answer_push),
    .ready_o   (answer_room),
    .data_i    (tdo_q),
    .valid_o   (answer_valid_o),
    .ready_i   (answer_ready_i),
    .data_o    (answer_data_o),
    .level_o   (),
    .overflow_o()
  );

  assign jtag_idle_o = !queue_valid && !running_q && !answer_valid_o;
  assign idle_o      = !queue_pop && !pulse;
  assign next_o      = running_q ? pulse_at_q : '1;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      running_q     <= 1'b0;
      keep_q        <= 1'b0;
      pulses_q      <= '0;
      shift_from_q  <= '0;
      shift_to_q    <= '0;
      tdi_q         <= '0;
      tdo_q         <= '0;
      captured_q    <= '0;
      init_q        <= 1'b0;
      period_q      <= 9'(machine_pkg::JtagScalerReset) + 9'd2;
      pulse_at_q    <= '0;
    end else if (tick_i) begin
      running_q     <= running_d;
      keep_q        <= keep_d;
      pulses_q      <= pulses_d;
      shift_from_q  <= shift_from_d;
      shift_to_q    <= shift_to_d;
      tdi_q         <= tdi_d;
      tdo_q         <= tdo_d;
      captured_q    <= captured_d;
      init_q        <= init_d;
      period_q      <= period_d;
      pulse_at_q    <= pulse_at_d;
    end
  end

endmodule
