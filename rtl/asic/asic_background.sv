// SPDX-License-Identifier: Apache-2.0
// The eight generators of regular or random events (docs/timing.md section 9, [M110]).
// They do not wait: where an event goes and whether there is room is the crossbar's business.
module asic_background (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic [ 43:0] now_i,          // global time in cycles
  // bus: the answer belongs to the transaction of the cycle before
  input  logic         bus_valid_i,
  input  logic         bus_read_i,
  input  logic [  3:0] bus_be_i,
  input  logic [ 31:0] bus_addr_i,
  input  logic [ 31:0] bus_data_i,
  output logic         bus_hit_o,
  output logic [ 31:0] bus_data_o,
  // events, label of source k in [14*k +: 14]
  output logic [  7:0] event_valid_o,
  output logic [111:0] event_label_o,
  output logic         idle_o,         // no bin in this cycle
  output logic [ 42:0] next_o          // tick of the next bin of any source, all ones without one
);

  localparam int Sources = omnibus_pkg::BackgroundSpikeSourceCount;
  localparam int Stride = omnibus_pkg::BackgroundSpikeSourceStride;
  // Registers of a source by address; the container writes them in another order.
  localparam logic [31:0] ControlAt = containers_pkg::BackgroundSpikeSourceWord2Base;
  localparam logic [31:0] SeedAt = containers_pkg::BackgroundSpikeSourceWord0Base;
  localparam logic [31:0] LabelAt = containers_pkg::BackgroundSpikeSourceWord1Base;
  localparam logic [31:0] ControlBits = containers_pkg::BackgroundSpikeSourceWord2Bits;
  localparam logic [31:0] LabelBits = containers_pkg::BackgroundSpikeSourceWord1Bits;
  localparam int Enable = containers_pkg::BackgroundSpikeSourceEnableLsb;
  localparam int Random = containers_pkg::BackgroundSpikeSourceEnableRandomLsb;
  localparam int Period = containers_pkg::BackgroundSpikeSourcePeriodLsb;
  localparam int Rate = containers_pkg::BackgroundSpikeSourceRateLsb;
  localparam int Mask = containers_pkg::BackgroundSpikeSourceMaskLsb;
  localparam int Label = containers_pkg::BackgroundSpikeSourceNeuronLabelLsb;

  logic [31:0] control_q[0:Sources-1];
  logic [31:0] seed_q[0:Sources-1];
  logic [31:0] label_q[0:Sources-1];
  logic [31:0] state_q[0:Sources-1];  // random generator
  logic [43:0] bin_q[0:Sources-1];  // cycle of the next bin
  logic [Sources-1:0] enable_q, bin;

  function automatic logic [31:0] drawn(input logic [31:0] state);
    logic [31:0] x;
    x = state ^ (state << machine_pkg::BackgroundShiftLeft);
    x = x ^ (x >> machine_pkg::BackgroundShiftRight);
    drawn = x ^ (x << machine_pkg::BackgroundShiftLeftAgain);
  endfunction

  function automatic logic [43:0] distance(input logic [15:0] period);
    distance = (period == '0) ? 44'd1 : 44'(period);
  endfunction

  always_comb begin : events
    logic [15:0] draw;  // the lower half decides about the event, the upper one about its label
    logic [43:0] first;
    bin           = '0;
    event_valid_o = '0;
    event_label_o = '0;
    draw          = '0;
    first         = '1;
    if (enable_q != '0) begin
      for (int k = 0; k < Sources; k++) begin
        if (enable_q[k] && bin_q[k] < first) first = bin_q[k];
        bin[k] = enable_q[k] && bin_q[k] == now_i;
        if (bin[k]) begin
          draw = 16'(drawn(state_q[k]));
          event_valid_o[k] = !control_q[k][Random] || draw[7:0] < label_q[k][Rate+:8];
          event_label_o[14*k+:14] = label_q[k][Label+:14];
          event_label_o[14*k+:8] = (label_q[k][Label+:8] & ~label_q[k][Mask+:8]) |
                                   (draw[15:8] & label_q[k][Mask+:8]);
        end
      end
    end
    next_o = first[43:1];
  end

  // Bus
  logic [31:0] mask, at, new_control;
  logic [2:0] index;
  logic hit, hit_q, is_control, is_seed, is_label;
  logic [31:0] data_d, data_q;

  assign mask        = {{8{bus_be_i[3]}}, {8{bus_be_i[2]}}, {8{bus_be_i[1]}}, {8{bus_be_i[0]}}};
  assign at          = bus_addr_i - omnibus_pkg::BackgroundSpikeSourceBase;
  assign hit         = at < 32'(Sources * Stride);
  assign new_control = ((control_q[index] & ~mask) | (bus_data_i & mask)) & ControlBits;

  always_comb begin : decode
    index      = '0;
    is_control = 1'b0;
    is_seed    = 1'b0;
    is_label   = 1'b0;
    data_d     = '0;
    if (bus_valid_i && hit) begin
      for (int k = 0; k < Sources; k++) begin
        if (at >= 32'(Stride * k)) index = 3'(k);
      end
      is_control = bus_addr_i == ControlAt + 32'(Stride) * 32'(index);
      is_seed    = bus_addr_i == SeedAt + 32'(Stride) * 32'(index);
      is_label   = bus_addr_i == LabelAt + 32'(Stride) * 32'(index);
      if (is_control) data_d = control_q[index];
      if (is_seed) data_d = seed_q[index];
      if (is_label) data_d = label_q[index];
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      enable_q <= '0;
      hit_q    <= 1'b0;
      data_q   <= '0;
      for (int k = 0; k < Sources; k++) begin
        control_q[k] <= '0;
        seed_q[k]    <= '0;
        label_q[k]   <= '0;
        state_q[k]   <= '0;
        bin_q[k]     <= '0;
      end
    end else begin
      if (bin != '0) begin
        for (int k = 0; k < Sources; k++) begin
          if (bin[k]) begin
            state_q[k] <= drawn(state_q[k]);
            bin_q[k]   <= now_i + distance(control_q[k][Period+:16]);
          end
        end
      end
      if (bus_valid_i) begin
        hit_q  <= hit;
        data_q <= data_d;
        if (!bus_read_i) begin
          if (is_control) begin
            control_q[index] <= new_control;
            enable_q[index]  <= new_control[Enable];
            if (new_control[Enable] && !enable_q[index]) begin
              state_q[index] <= (seed_q[index] == '0) ? 32'(machine_pkg::BackgroundSeedForZero)
                                                      : seed_q[index];
              bin_q[index] <= now_i + distance(new_control[Period+:16]);
            end
          end
          if (is_seed) seed_q[index] <= (seed_q[index] & ~mask) | (bus_data_i & mask);
          if (is_label) begin
            label_q[index] <= ((label_q[index] & ~mask) | (bus_data_i & mask)) & LabelBits;
          end
        end
      end
    end
  end

  assign bus_hit_o  = hit_q;
  assign bus_data_o = data_q;
  assign idle_o     = bin == '0;

endmodule
