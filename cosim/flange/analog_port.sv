// SPDX-License-Identifier: Apache-2.0
// The analog core behind the chip's ports, through DPI: passes on what reaches it, presents its spikes,
// and lets it run ahead of an idle system so that time may be skipped. No call on a quiet cycle.
module analog_port (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic [ 43:0] now_i,
  input  logic [ 43:0] skip_i,           // cycles that this edge jumps over
  // Nothing reaches the core before cycle horizon_i. Then the core may be ahead of the system, which from
  // then on has to wait up to next_o or horizon_i, whichever comes first.
  input  logic         wait_i,
  input  logic [ 43:0] horizon_i,
  output logic         ahead_o,          // since less than a tick
  output logic [ 43:0] next_o,           // up to this cycle no spike is presented
  output logic         refused_o,        // the write of the cycle before
  output logic [ 31:0] refused_addr_o,
  // the system's ports
  input  logic         reset_i,
  input  logic         write_valid_i,
  input  logic [ 31:0] write_addr_i,
  input  logic [ 31:0] write_data_i,
  input  logic [  7:0] padi_valid_i,
  input  logic [ 87:0] padi_event_i,
  output logic [511:0] spike_o,
  input  logic         madc_sample_i,
  input  logic         madc_input_i,
  output logic [  9:0] madc_code_o,
  input  logic [  1:0] cadc_trigger_i,
  input  logic [  7:0] cadc_row_i,
  input  logic         cadc_fetch_i,
  input  logic         cadc_hemisphere_i,
  input  logic         cadc_acausal_i,
  input  logic [  5:0] cadc_quad_i,
  output logic [ 31:0] cadc_data_o
);

  import "DPI-C" function chandle analog_open();
  import "DPI-C" function void analog_reset(input chandle port, input longint unsigned now);
  import "DPI-C" function int analog_write(
    input chandle port, input longint unsigned now, input int unsigned address,
    input int unsigned word);
  import "DPI-C" function void analog_event(
    input chandle port, input longint unsigned now, input int bus, input int event_);
  import "DPI-C" function int analog_madc(
    input chandle port, input longint unsigned now, input int channel);
  import "DPI-C" function void analog_cadc_trigger(
    input chandle port, input longint unsigned now, input int hemisphere, input int row);
  import "DPI-C" function int unsigned analog_cadc_fetch(
    input chandle port, input longint unsigned now, input int hemisphere, input int acausal,
    input int quad);
  import "DPI-C" function void analog_look_ahead(
    input chandle port, input longint unsigned now, input longint unsigned horizon);
  import "DPI-C" function int analog_spikes(
    input chandle port, input longint unsigned now, output bit [511:0] spikes);
  import "DPI-C" function longint unsigned analog_next(input chandle port);

  logic inputs, reset, reset_q;
  assign reset = reset_i && !reset_q;
  assign inputs = write_valid_i || padi_valid_i != '0 || madc_sample_i || cadc_trigger_i != '0 ||
                  cadc_fetch_i || reset;

  // Only the process below touches these variables; they change at once, the registers at the edge.
  /* verilator lint_off BLKSEQ */
  chandle     port;
  bit [511:0] spikes;
  logic [43:0] following, next;
  logic        armed = 1'b0;  // reset has been seen: start-up values may be random

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      if (!armed) port = analog_open();
      armed = 1'b1;
      next = '1;
      next_o      <= '1;
      ahead_o     <= 1'b0;
      refused_o   <= 1'b0;
      refused_addr_o <= '0;
      spike_o     <= '0;
      reset_q     <= 1'b1;
      madc_code_o <= '0;
      cadc_data_o <= '0;
    end else if (armed) begin
      following = now_i + 44'd1 + skip_i;
      ahead_o <= wait_i;
      refused_o <= 1'b0;
      refused_addr_o <= write_addr_i;
      reset_q <= reset_i;
      if (inputs) begin
        if (reset) analog_reset(port, 64'(now_i));
        if (write_valid_i) begin
          refused_o <= analog_write(port, 64'(now_i), write_addr_i, write_data_i) != 0;
        end
        for (int k = 0; k < 8; k++) begin
          if (padi_valid_i[k]) begin
            analog_event(port, 64'(now_i), k, {21'd0, padi_event_i[11*k+:11]});
          end
        end
        if (madc_sample_i) begin
          madc_code_o <= 10'(analog_madc(port, 64'(now_i), {31'd0, madc_input_i}));
        end
        for (int h = 0; h < 2; h++) begin
          if (cadc_trigger_i[h]) analog_cadc_trigger(port, 64'(now_i), h, {24'd0, cadc_row_i});
        end
        if (cadc_fetch_i) begin
          cadc_data_o <= analog_cadc_fetch(port, 64'(now_i), {31'd0, cadc_hemisphere_i},
                                           {31'd0, cadc_acausal_i}, {26'd0, cadc_quad_i});
        end
      end
      if (wait_i) analog_look_ahead(port, 64'(following), 64'(horizon_i));
      if (spike_o != '0) spike_o <= '0;
      if (inputs || wait_i || following >= next) begin
        if (analog_next(port) <= 64'(following)) begin
          if (analog_spikes(port, 64'(following), spikes) != 0) spike_o <= spikes;
        end
        next = 44'(analog_next(port));
        next_o <= next;
      end
    end
  end

endmodule
