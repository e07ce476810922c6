// SPDX-License-Identifier: Apache-2.0
// Digital back ends of the neurons: events with their addresses from fire pulses, spike counters, and
// the strobes that the bus sends to the array (docs/timing.md section 15). The refractory counters
// belong to the analog core.
module asic_neurons (
  input  logic         clk_i,
  input  logic         rst_ni,         // chip reset
  input  logic         power_ni,       // power-on reset, of the copies of the back ends
  // bus: the answer belongs to the transaction of the cycle before
  input  logic         bus_valid_i,
  input  logic         bus_read_i,
  input  logic [ 31:0] bus_addr_i,
  input  logic [ 31:0] bus_data_i,
  output logic         bus_hit_o,
  output logic [ 31:0] bus_data_o,
  output logic         write_o,        // a strobe, in the first cycle of its transaction
  output logic [ 31:0] word_o,
  // words that the stored registers take
  input  logic         write_valid_i,
  input  logic [ 31:0] write_word_i,
  // fire pulses, neuron 256 * row + column
  input  logic [511:0] spike_i,
  // to the crossbar, label of output k in [14*k +: 14]
  output logic [  7:0] event_valid_o,
  output logic [111:0] event_label_o,
  output logic         idle_o
);

  localparam int Neurons = 512;
  localparam int Outputs = 8;
  localparam int Columns = 32;  // of an output, with two neurons each

  localparam int Register = containers_pkg::CommonNeuronBackendConfigEnableEventRegistersLsb;
  localparam int Clocks = containers_pkg::CommonNeuronBackendConfigEnableClocksLsb;
  localparam logic [31:0] BackendSize =
      32'(omnibus_pkg::NeuronBackendCount * omnibus_pkg::NeuronBackendStride);

  // Copies of the stored registers. A neuron's back end is word 4 * index of its block, west or east.
  logic [7:0] address_q[0:Neurons-1];  // as stored
  logic [Neurons-1:0] out_q;
  logic [1:0] registers_q, clocks_q;  // of each block
  logic [31:0] west_at, east_at;
  logic west, east;
  logic [8:0] place;  // of the neuron whose back end is written
  logic [1:0] word_at;

  assign west_at = bus_addr_i - omnibus_pkg::NeuronBackendWestBase;
  assign east_at = bus_addr_i - omnibus_pkg::NeuronBackendEastBase;
  assign west    = west_at < BackendSize;
  assign east    = east_at < BackendSize;
  assign place   = east ? {east_at[9], 1'b1, east_at[8:2]} : {west_at[9], 1'b0, west_at[8:2]};
  assign word_at = east ? east_at[1:0] : west_at[1:0];

  always_ff @(posedge clk_i or negedge power_ni) begin
    if (!power_ni) begin
      out_q <= '0;
      for (int k = 0; k < Neurons; k++) address_q[k] <= '0;
    end else if (write_valid_i && (west || east)) begin
      if (word_at == 2'(containers_pkg::NeuronBackendConfigAddressOutPart0Word)) begin
        address_q[place][7:2] <=
              write_word_i[containers_pkg::NeuronBackendConfigAddressOutPart0Lsb+:6];
      end
      if (word_at == 2'(containers_pkg::NeuronBackendConfigAddressOutPart1Word)) begin
        address_q[place][1:0] <=
              write_word_i[containers_pkg::NeuronBackendConfigAddressOutPart1Lsb+:2];
      end
      if (word_at == 2'(containers_pkg::NeuronBackendConfigEnableSpikeOutWord)) begin
        out_q[place] <= write_word_i[containers_pkg::NeuronBackendConfigEnableSpikeOutLsb];
      end
    end
  end

  // Pulses that wait for their output. A second one of the same neuron is lost.
  logic [Neurons-1:0] enabled, pending_d, pending_q, granted;
  logic any_spike;

  assign any_spike = spike_i != '0;
  assign idle_o    = pending_q == '0 && !any_spike;

  always_comb begin
    for (int k = 0; k < 4; k++) begin
      enabled[128*k+:128] = out_q[128*k+:128] & {128{registers_q[k%2] && clocks_q[k%2]}};
    end
  end

  always_comb begin : arbitrate
    logic [8:0] neuron;
    event_valid_o = '0;
    event_label_o = '0;
    granted       = '0;
    neuron        = '0;
    if (pending_q != '0) begin
      for (int k = 0; k < Outputs; k++) begin
        // From the last to the first, so that the first stays: the top row goes before the bottom row.
        for (int n = 2 * Columns - 1; n >= 0; n--) begin
          if (pending_q[Neurons/2*(n/Columns)+Columns*k+n%Columns]) begin
            event_valid_o[k] = 1'b1;
            neuron           = 9'(Neurons / 2 * (n / Columns) + Columns * k + n % Columns);
          end
        end
        if (event_valid_o[k]) begin
          granted[neuron]          = 1'b1;
          event_label_o[14*k+:14] = {3'd0, 3'(k), ~address_q[neuron]};
        end
      end
    end
    pending_d = pending_q & ~granted;
    if (any_spike) pending_d = pending_d | (spike_i & enabled);
  end

  // Bus
  logic [31:0] reset_left_at, reset_right_at, read_left_at, read_right_at, clear_left_at;
  logic [31:0] clear_right_at, correlation_top_at, correlation_bottom_at;
  logic is_post, is_reset, is_correlation, is_read, is_clear, right;
  logic [7:0] index;
  logic [8:0] neuron_at;
  logic hit_q;
  logic [8:0] data_q;
  // count and overflow
  logic [8:0] count_q[0:Neurons-1];

  // Entry of a region with a stride of four words: below 1024 and a multiple of four.
  assign reset_left_at         = bus_addr_i - omnibus_pkg::NeuronResetLeftBase;
  assign reset_right_at        = bus_addr_i - omnibus_pkg::NeuronResetRightBase;
  assign read_left_at          = bus_addr_i - omnibus_pkg::SpikeCounterReadLeftBase;
  assign read_right_at         = bus_addr_i - omnibus_pkg::SpikeCounterReadRightBase;
  assign clear_left_at         = bus_addr_i - omnibus_pkg::SpikeCounterResetLeftBase;
  assign clear_right_at        = bus_addr_i - omnibus_pkg::SpikeCounterResetRightBase;
  assign correlation_top_at    = bus_addr_i - omnibus_pkg::CorrelationResetTopBase;
  assign correlation_bottom_at = bus_addr_i - omnibus_pkg::CorrelationResetBottomBase;

  always_comb begin : decode
    logic aligned;
    localparam logic [31:0] Block =
        32'(omnibus_pkg::NeuronResetCount * omnibus_pkg::NeuronResetStride);
    // The quads of the neurons lie behind those of the synapses.
    localparam logic [31:0] Quads =
        32'(omnibus_pkg::CorrelationResetCount + omnibus_pkg::NeuronResetQuadCount);
    aligned        = bus_addr_i[1:0] == '0;
    is_post        = bus_addr_i == omnibus_pkg::NeuronPostPulseLeftBase ||
                     bus_addr_i == omnibus_pkg::NeuronPostPulseRightBase;
    is_reset       = aligned && (reset_left_at < Block || reset_right_at < Block);
    is_correlation = correlation_top_at < Quads || correlation_bottom_at < Quads;
    is_read        = aligned && (read_left_at < Block || read_right_at < Block);
    is_clear       = aligned && (clear_left_at < Block || clear_right_at < Block);
    right          = read_right_at < Block || clear_right_at < Block;
    index          = bus_addr_i[9:2];
    neuron_at      = {index[7], right, index[6:0]};
  end

  assign write_o    = bus_valid_i && !bus_read_i && (is_post || is_reset || is_correlation);
  assign word_o     = write_o ? bus_data_i : '0;
  assign bus_hit_o  = hit_q;
  assign bus_data_o = 32'(data_q);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      pending_q   <= '0;
      registers_q <= {2{containers_pkg::CommonNeuronBackendConfigWord0Default[Register]}};
      clocks_q    <= {2{containers_pkg::CommonNeuronBackendConfigWord0Default[Clocks]}};
      hit_q       <= 1'b0;
      data_q    <= '0;
      for (int k = 0; k < Neurons; k++) count_q[k] <= '0;
    end else begin
      if (write_valid_i && bus_addr_i == omnibus_pkg::CommonNeuronBackendConfigWestBase) begin
        registers_q[0] <= write_word_i[Register];
        clocks_q[0]    <= write_word_i[Clocks];
      end
      if (write_valid_i && bus_addr_i == omnibus_pkg::CommonNeuronBackendConfigEastBase) begin
        registers_q[1] <= write_word_i[Register];
        clocks_q[1]    <= write_word_i[Clocks];
      end
      if (any_spike || pending_q != '0) pending_q <= pending_d;
      if (any_spike) begin
        // verilator unroll_disable
        for (int k = 0; k < Neurons; k++) begin
          if (spike_i[k] && clocks_q[k/128%2]) begin
            count_q[k][7:0] <= count_q[k][7:0] + 8'd1;
            if (count_q[k][7:0] == '1) count_q[k][8] <= 1'b1;
          end
        end
      end
      if (bus_valid_i) begin
        hit_q  <= is_post || is_reset || is_correlation || is_read || is_clear;
        data_q <= is_read ? count_q[neuron_at] : '0;
        // A pulse of the same cycle is not counted.
        if (is_clear && !bus_read_i) count_q[neuron_at] <= '0;
      end
    end
  end

endmodule
