// SPDX-License-Identifier: Apache-2.0
// Serial spikes: events of the chip leave on one line, those that arrive on another one go to the
// chip, both by their routing tables (docs/timing.md section 9). Time stamps are not sent.
module fpga_spike_io (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic [42:0] tick_time_i,
  // bus: answer in the same tick
  input  logic        valid_i,
  input  logic        read_i,
  input  logic [ 3:0] byte_enables_i,
  input  logic [31:0] address_i,
  input  logic [31:0] data_i,
  output logic        hit_o,
  output logic [31:0] data_o,
  // from the chip: label k in [16*k +: 16]
  input  logic [ 1:0] count_i,
  input  logic [ 1:0] madc_i,
  input  logic [31:0] labels_i,
  // to the chip
  output logic        label_valid_o,
  output logic [15:0] label_o,
  // pins; 1 between frames
  output logic        tx_o,
  input  logic        rx_i,
  // skipping
  output logic        idle_o,
  output logic [42:0] next_o
);

  localparam int Width = omnibus_pkg::SpikeIoConfigWidth;
  localparam int FrameBits = 10;  // start bit 0, address from bit 0 on, stop bit 1

  logic in_hit, out_hit, config_hit;
  logic [31:0] in_data, out_data;
  logic [Width-1:0] config_q, mask;
  logic tx_enable, rx_enable, loopback;
  logic [15:0] scaler, divider;

  logic [15:0] out;  // serial addresses of both events
  logic [15:0] in;
  logic [ 7:0] received;

  fpga_memory #(
    .Base   (omnibus_pkg::SpikeIoOutputRoutingBase),
    .Depth  (omnibus_pkg::SpikeIoOutputRoutingCount),
    .Width  (8),
    .Fill   (machine_pkg::SpikeIoSilentAddress),
    .Lookups(2)
  ) u_output_routes (
    .clk_i,
    .tick_i,
    .valid_i,
    .read_i,
    .byte_enables_i,
    .address_i,
    .data_i,
    .hit_o   (out_hit),
    .data_o  (out_data),
    .lookup_i(labels_i),
    .lookup_o(out)
  );

  fpga_memory #(
    .Base (omnibus_pkg::SpikeIoInputRoutingBase),
    .Depth(omnibus_pkg::SpikeIoInputRoutingCount),
    .Width(16),
    .Fill (machine_pkg::SpikeIoSilentLabel)
  ) u_input_routes (
    .clk_i,
    .tick_i,
    .valid_i,
    .read_i,
    .byte_enables_i,
    .address_i,
    .data_i,
    .hit_o   (in_hit),
    .data_o  (in_data),
    .lookup_i(received),
    .lookup_o(in)
  );

  assign config_hit = valid_i && address_i == omnibus_pkg::SpikeIoConfigBase;
  assign hit_o = in_hit || out_hit || config_hit;
  assign data_o = in_data | out_data | (config_hit ? 32'(config_q) : '0);
  assign mask = Width'({
    {8{byte_enables_i[2]}}, {8{byte_enables_i[1]}}, {8{byte_enables_i[0]}}
  });
  assign scaler = config_q[containers_pkg::SpikeIOConfigDataRateScalerLsb+:16];
  assign divider = (scaler == '0) ? 16'd1 : scaler;
  assign tx_enable = config_q[containers_pkg::SpikeIOConfigEnableTxLsb];
  assign rx_enable = config_q[containers_pkg::SpikeIOConfigEnableRxLsb];
  assign loopback = config_q[containers_pkg::SpikeIOConfigEnableInternalLoopbackLsb];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      config_q <= containers_pkg::SpikeIOConfigWord0Default[Width-1:0];
    end else if (tick_i && config_hit && !read_i) begin
      config_q <= (config_q & ~mask) | (data_i[Width-1:0] & mask);
    end
  end

  // What is to be sent: one or two addresses of a tick.
  logic push, pop, two, second_q, waiting, waiting_two;
  logic [7:0] first_out, second_out, waiting_first, waiting_second;
  logic [1:0] wanted;

  always_comb begin
    for (int k = 0; k < 2; k++) begin
      wanted[k] = tx_enable && 2'(k) < count_i && !madc_i[k] &&
          out[8*k+:8] != machine_pkg::SpikeIoSilentAddress[7:0];
    end
  end
  assign push       = wanted != '0;
  assign two        = wanted == 2'b11;
  assign first_out  = wanted[0] ? out[7:0] : out[15:8];
  assign second_out = out[15:8];

  fifo #(
    .Width(17),
    .Depth(machine_pkg::SpikeIoDepth)
  ) u_waiting (
    .clk_i,
    .rst_ni,
    .en_i      (tick_i),
    .clear_i   (1'b0),
    .valid_i   (push),
    .ready_o   (),
    .data_i    ({two, second_out, first_out}),
    .valid_o   (waiting),
    .ready_i   (pop),
    .data_o    ({waiting_two, waiting_second, waiting_first}),
    .level_o   (),
    .overflow_o()
  );

  // Serialiser
  logic [ 3:0] tx_bits_q;  // still to come, the present one included; 0: nothing to send
  logic [ 9:0] tx_shift_q;
  logic [42:0] tx_next_q;
  logic tx_running, tx_due, tx_start;

  assign tx_running = tx_bits_q != '0;
  assign tx_due     = tx_running && tick_time_i == tx_next_q;
  assign tx_start   = !tx_running && waiting;
  assign pop        = tx_start && (!waiting_two || second_q);
  assign tx_o       = !tx_running || tx_shift_q[0];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      tx_bits_q  <= '0;
      tx_shift_q <= '0;
      tx_next_q  <= '0;
      second_q   <= 1'b0;
    end else if (tick_i) begin
      if (tx_start) begin
        tx_bits_q  <= 4'(FrameBits);
        tx_shift_q <= {1'b1, second_q ? waiting_second : waiting_first, 1'b0};
        tx_next_q  <= tick_time_i + 43'(divider);
        second_q   <= !pop;
      end else if (tx_due) begin
        tx_bits_q  <= tx_bits_q - 4'd1;
        tx_shift_q <= tx_shift_q >> 1;
        tx_next_q  <= tick_time_i + 43'(divider);
      end
    end
  end

  // Deserialiser: samples in the middle of each bit behind the start bit.
  logic [ 3:0] rx_bits_q;  // still to be sampled; 0: waits for a start bit
  logic [ 7:0] rx_shift_q;
  logic [42:0] rx_next_q;
  logic rx_line, rx_running, rx_due, rx_start;

  assign rx_line       = loopback ? tx_o : rx_i;
  assign rx_running    = rx_bits_q != '0;
  assign rx_due        = rx_running && tick_time_i == rx_next_q;
  assign rx_start      = !rx_running && rx_enable && !rx_line;
  assign received      = rx_shift_q;
  assign label_o       = in;
  assign label_valid_o = rx_due && rx_enable && rx_bits_q == 4'd1 && rx_line &&
      in != machine_pkg::SpikeIoSilentLabel[15:0];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      rx_bits_q  <= '0;
      rx_shift_q <= '0;
      rx_next_q  <= '0;
    end else if (tick_i) begin
      if (rx_start) begin
        rx_bits_q <= 4'(FrameBits - 1);
        rx_next_q <= tick_time_i + 43'(divider) + 43'(divider >> 1);
      end else if (rx_due) begin
        rx_bits_q  <= rx_enable ? rx_bits_q - 4'd1 : '0;
        rx_shift_q <= {rx_line, rx_shift_q[7:1]};
        rx_next_q  <= tick_time_i + 43'(divider);
      end
    end
  end

  assign idle_o = !tx_start && !tx_due && !rx_start && !rx_due;
  always_comb begin
    next_o = '1;
    if (tx_running) next_o = tx_next_q;
    if (rx_running && rx_next_q < next_o) next_o = rx_next_q;
  end

endmodule
