// SPDX-License-Identifier: Apache-2.0
// Events for the waveform, where they enter and leave the chip: up to three labels to it, up to two
// spikes or samples from it with their time stamps, and the neurons that fire.
module event_lanes (
  input logic [  1:0] down_count_i,
  input logic [ 47:0] down_labels_i,
  input logic [  1:0] up_count_i,
  input logic [  1:0] up_madc_i,
  input logic [ 47:0] up_events_i,    // {time stamp, label or sample}, twice
  input logic [511:0] fires_i
);
  function automatic logic [7:0] digit(input logic [3:0] value);
    digit = (value < 4'd10) ? 8'h30 + 8'(value) : 8'h57 + 8'(value);
  endfunction

  function automatic logic [31:0] digits(input logic [15:0] value);
    digits = {digit(value[15:12]), digit(value[11:8]), digit(value[7:4]), digit(value[3:0])};
  endfunction

  logic [lanes_pkg::DownWidth-1:0] to_chip;
  logic [lanes_pkg::UpWidth-1:0] from_chip;
  logic [9:0] firing;  // how many neurons
  logic [8:0] neuron;  // the lowest of them

  always_comb begin
    to_chip   = '0;
    from_chip = '0;
    for (int k = 0; k < 3; k++) begin
      if (k < 32'(down_count_i)) to_chip = {to_chip, digits(down_labels_i[16*k+:16]), " "};
    end
    for (int k = 0; k < 2; k++) begin
      if (k < 32'(up_count_i)) begin
        from_chip = {
          from_chip,
          up_madc_i[k] ? "MADC  " : "spike ",
          digits(up_events_i[24*k+:16]),
          "@",
          digit(up_events_i[24*k+20+:4]),
          digit(up_events_i[24*k+16+:4]),
          " "
        };
      end
    end
  end

  always_comb begin
    firing = '0;
    neuron = '0;
    if (fires_i != '0) begin
      for (int k = 511; k >= 0; k--) begin
        if (fires_i[k]) begin
          firing = firing + 10'd1;
          neuron = 9'(k);
        end
      end
    end
  end
endmodule

bind asic_top event_lanes u_event_lanes (
  .down_count_i (down_event_count_i),
  .down_labels_i(down_event_labels_i),
  .up_count_i   (up_event_count_o),
  .up_madc_i    (up_event_madc_o),
  .up_events_i  (up_events_o),
  .fires_i      (ana_spike_i)
);
