// SPDX-License-Identifier: Apache-2.0
// The fast converter's control: power-up, sampling clock, multiplexer of the two inputs, test
// pattern (docs/timing.md section 13). What a sample is worth comes from the analog side.
module asic_madc (
  input  logic         clk_i,
  input  logic         rst_ni,         // chip reset
  input  logic [ 43:0] now_i,          // global time in cycles
  // bus: the answer belongs to the transaction of the cycle before
  input  logic         bus_valid_i,
  input  logic         bus_read_i,
  input  logic         bus_be_i,       // of the lowest byte
  input  logic [ 31:0] bus_addr_i,
  input  logic [ 31:0] bus_data_i,
  output logic         bus_hit_o,
  // registers elsewhere, word k in [32*k +: 32]
  input  logic [319:0] config_i,
  input  logic [159:0] pll_i,
  // analog side
  output logic         sample_o,
  output logic         input_o,
  input  logic [  9:0] code_i,         // of the sample of the cycle before
  // samples to the FPGA
  output logic         event_valid_o,
  output logic [ 15:0] event_value_o,
  output logic         idle_o,
  output logic [ 42:0] next_o          // tick of the next sample or end of power-up, or all ones
);

  // Fields of the configuration
  logic first_input, calibrate, dummy, scaling;
  logic [2:0] adjust;
  logic [3:0] select_length;
  logic [9:0] powerup, calibration;
  logic [11:0] scale;
  logic [15:0] number;
  logic [31:0] mux_word, powerup_word, calibration_word, number_word, pattern_word, scale_word;

  assign mux_word = config_i[32*containers_pkg::MADCConfigSampleDurationAdjustWord+:32];
  assign powerup_word = config_i[32*containers_pkg::MADCConfigPowerupWaitValueWord+:32];
  assign calibration_word = config_i[32*containers_pkg::MADCConfigCalibrationWaitValueWord+:32];
  assign number_word = config_i[32*containers_pkg::MADCConfigNumberOfSamplesWord+:32];
  assign pattern_word = config_i[32*containers_pkg::MADCConfigEnableDummyDataWord+:32];
  assign scale_word = config_i[32*containers_pkg::MADCConfigMadcClockScaleValueWord+:32];
  assign first_input = mux_word[containers_pkg::MADCConfigActiveMuxInitiallySelectedInputLsb];
  assign select_length = mux_word[containers_pkg::MADCConfigActiveMuxInputSelectLengthLsb+:4];
  assign adjust = mux_word[containers_pkg::MADCConfigSampleDurationAdjustLsb+:3];
  assign powerup = powerup_word[containers_pkg::MADCConfigPowerupWaitValueLsb+:10];
  assign calibration = calibration_word[containers_pkg::MADCConfigCalibrationWaitValueLsb+:10];
  assign calibrate = calibration_word[containers_pkg::MADCConfigEnableCalibrationLsb];
  assign number = number_word[containers_pkg::MADCConfigNumberOfSamplesLsb+:16];
  assign dummy = pattern_word[containers_pkg::MADCConfigEnableDummyDataLsb];
  assign scaling = scale_word[containers_pkg::MADCConfigEnableMadcClockScalingLsb];
  assign scale = scale_word[containers_pkg::MADCConfigMadcClockScaleValueLsb+:12];

  // Commands
  logic hit, hit_q, command, wake, start, stop;
  logic continuous_d, continuous_q, power_down_d, power_down_q;

  assign hit = bus_addr_i == omnibus_pkg::MadcControlBase;
  assign command = bus_valid_i && hit && !bus_read_i && bus_be_i;
  assign wake = command && bus_data_i[containers_pkg::MADCControlWakeUpLsb];
  assign start = command && bus_data_i[containers_pkg::MADCControlStartRecordingLsb];
  assign stop = command && bus_data_i[containers_pkg::MADCControlStopRecordingLsb];
  assign continuous_d =
      command ? bus_data_i[containers_pkg::MADCControlEnableContinuousSamplingLsb] : continuous_q;
  assign power_down_d =
      command ? bus_data_i[containers_pkg::MADCControlEnablePowerDownAfterSamplingLsb] :
      power_down_q;

  // Time: a wait, or the distance of two samples, is whole_q + rest_q / parts_q chip cycles.
  typedef enum logic [1:0] {
    StOff,
    StWaking,
    StReady,
    StRecording
  } state_e;
  state_e state_d, state_q;
  logic pending_d, pending_q;  // record as soon as awake
  logic wants, begins_waking, begins_recording, due, last, over;
  logic [22:0] clock_cycles;
  logic [6:0] clock_parts, parts_q, rest, rest_q, fraction_q;
  logic [ 7:0] fraction;
  logic [10:0] clocks;
  logic [33:0] wait_parts, whole, whole_q;
  logic [43:0] deadline_q;
  logic [15:0] left_q;

  asic_madc_clock u_clock (
    .pll_i    (pll_i),
    .scaling_i(scaling),
    .scale_i  (scale),
    .cycles_o (clock_cycles),
    .parts_o  (clock_parts)
  );

  assign due = (state_q == StWaking || state_q == StRecording) && deadline_q == now_i;
  assign last = !continuous_q && left_q <= 16'd1;

  always_comb begin
    state_d          = state_q;
    pending_d        = (pending_q || start) && !stop;
    begins_waking    = 1'b0;
    begins_recording = 1'b0;
    case (state_q)
      StOff: begin
        pending_d = start && !stop;
        if (wake) begin
          begins_waking = 1'b1;
          state_d       = StWaking;
        end
      end
      StWaking: if (due) state_d = StReady;
      StRecording: if (stop || (due && last)) state_d = StReady;
      default: ;
    endcase
    wants = pending_d && (state_q == StReady || (state_q == StWaking && due));
    if (wants) begin
      begins_recording = continuous_d || number != '0;
      if (begins_recording) state_d = StRecording;
      else state_d = StReady;
    end
    if (wants || state_q == StRecording) pending_d = 1'b0;
    over = stop || (wants && !begins_recording) || (state_q == StRecording && state_d == StReady);
    if (over && power_down_d && state_q != StOff) state_d = StOff;
  end

  always_comb begin
    clocks = '0;
    if (begins_waking) begin
      clocks = 11'(powerup) + (calibrate ? 11'(calibration) : '0);
    end
    if (begins_recording) clocks = 11'(machine_pkg::MadcClocksPerSample) + 11'(adjust);
    wait_parts = 34'(clocks) * 34'(clock_cycles);
    whole      = '0;
    rest       = '0;
    if (clocks != '0 && clock_parts != '0) begin
      whole = wait_parts / 34'(clock_parts);
      rest  = 7'(wait_parts % 34'(clock_parts));
    end
    if (begins_recording && whole == '0) begin  // not more than one sample a cycle
      whole = 34'd1;
      rest  = '0;
    end
    fraction = 8'(fraction_q) + 8'(rest_q);
  end

  // Inputs and test pattern
  logic mux_q, sampled_q, channel_q, pattern_q;
  logic [3:0] mux_left_q;
  logic [9:0] pattern_value_q, ramp_q;

  assign sample_o      = due && state_q == StRecording && !dummy;
  assign input_o       = mux_q;
  assign event_valid_o = sampled_q;
  assign event_value_o = {5'd0, channel_q, pattern_q ? pattern_value_q : code_i};
  assign bus_hit_o     = hit_q;
  assign idle_o        = !due && !sampled_q;
  assign next_o = (state_q == StWaking || state_q == StRecording) ? deadline_q[43:1] : '1;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      hit_q           <= 1'b0;
      continuous_q    <= 1'b0;
      power_down_q    <= 1'b0;
      state_q         <= StOff;
      pending_q       <= 1'b0;
      deadline_q      <= '0;
      whole_q         <= '0;
      rest_q          <= '0;
      parts_q         <= '0;
      fraction_q      <= '0;
      left_q          <= '0;
      mux_q           <= 1'b0;
      mux_left_q      <= '0;
      ramp_q          <= '0;
      sampled_q       <= 1'b0;
      channel_q       <= 1'b0;
      pattern_q       <= 1'b0;
      pattern_value_q <= '0;
    end else begin
      if (bus_valid_i) hit_q <= hit;
      continuous_q <= continuous_d;
      power_down_q <= power_down_d;
      state_q      <= state_d;
      pending_q    <= pending_d;
      if (begins_waking) begin
        deadline_q <= (clock_parts == '0) ? '1 : now_i + 44'd1 + 44'(whole) + 44'(rest != '0);
      end
      if (begins_recording) begin
        deadline_q <= (clock_parts == '0) ? '1 : now_i + 44'(whole);
        whole_q    <= whole;
        rest_q     <= rest;
        parts_q    <= clock_parts;
        fraction_q <= rest;
        left_q     <= number;
        mux_q      <= first_input;
        mux_left_q <= select_length;
        ramp_q     <= '0;
      end
      sampled_q <= due && state_q == StRecording;
      if (due && state_q == StRecording) begin
        if (fraction >= 8'(parts_q)) begin
          deadline_q <= now_i + 44'(whole_q) + 44'd1;
          fraction_q <= 7'(fraction - 8'(parts_q));
        end else begin
          deadline_q <= now_i + 44'(whole_q);
          fraction_q <= 7'(fraction);
        end
        if (left_q != '0) left_q <= left_q - 16'd1;
        mux_left_q <= (mux_left_q == '0) ? select_length : mux_left_q - 4'd1;
        if (mux_left_q == '0) mux_q <= !mux_q;
        ramp_q          <= ramp_q + 10'd1;
        channel_q       <= mux_q;
        pattern_q       <= dummy;
        pattern_value_q <= ramp_q;
      end
    end
  end

endmodule
