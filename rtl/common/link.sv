// SPDX-License-Identifier: Apache-2.0
// The highspeed link between FPGA and chip: start-up of eight PHYs, a fixed latency per direction,
// and repeats of bus items that the wires lost (docs/timing.md section 8). Lanes and training are
// not modelled [M10]; what the wires do to frames comes from outside [M171].
module link #(
  parameter int Latency = 20,   // ticks per direction, 1..62
  parameter int UpDelay = 5000  // ticks from usable to up
) (
  input logic clk_i,
  input logic rst_ni,
  input logic tick_i,
  input logic [42:0] tick_time_i,
  // PHY settings of both ends in FPGA bit order
  input logic [7:0] fpga_enable_i,
  input logic [7:0] fpga_auto_i,
  input logic [7:0] asic_enable_i,
  input logic [7:0] asic_auto_i,
  input logic asic_reset_i,
  output logic up_o,
  output logic [7:0] phy_up_o,
  // errors of this tick (machine_pkg::LinkError*), 0 in synthesis
  input logic [1:0] down_error_i,
  input logic [1:0] up_error_i,
  // to the chip; bus items are {epoch, read, byte enables, address, data}
  input logic down_bus_valid_i,
  output logic down_bus_ready_o,
  input logic [machine_pkg::LinkDownBusWidth-1:0] down_bus_i,
  output logic down_bus_valid_o,
  input logic down_bus_ready_i,  // otherwise it comes again
  output logic [machine_pkg::LinkDownBusWidth-1:0] down_bus_o,
  input logic [1:0] down_event_count_i,
  input logic [47:0] down_event_i,
  output logic [1:0] down_event_count_o,
  output logic [47:0] down_event_o,
  input logic down_sync_valid_i,
  input logic down_sync_set_i,
  output logic down_sync_valid_o,
  output logic down_sync_set_o,
  // to the FPGA
  input logic up_bus_valid_i,
  output logic up_bus_ready_o,  // room for ArqReserve items
  input logic [machine_pkg::LinkUpBusWidth-1:0] up_bus_i,  // {epoch, data}
  output logic up_bus_valid_o,
  output logic [machine_pkg::LinkUpBusWidth-1:0] up_bus_o,
  input logic [1:0] up_event_count_i,
  input logic [49:0] up_event_i,  // {kinds, events}
  output logic [1:0] up_event_count_o,
  output logic [49:0] up_event_o,
  input logic up_sync_valid_i,
  input logic [85:0] up_sync_i,  // {time, base}
  output logic up_sync_valid_o,
  output logic [85:0] up_sync_o,
  // what the FPGA counts
  output logic [1:0] down_again_o,  // words that are sent once more
  output logic up_arrived_o,  // an undamaged bus item, whether it is new or not
  output logic up_damaged_o,  // a damaged frame
  // skipping
  output logic idle_o,
  output logic [42:0] next_o
);

  logic [7:0] usable, usable_q, starting, phy_up, phy_up_q;
  logic [42:0] due_q[0:7];
  logic [42:0] phy_next;
  logic lost;

  assign usable = fpga_enable_i & fpga_auto_i & asic_enable_i & asic_auto_i & {8{!asic_reset_i}};

  // A PHY is up from UpDelay ticks after its first usable tick; usable_q tells whether due_q holds.
  assign starting = usable & usable_q & ~phy_up_q;
  always_comb begin
    phy_up   = usable & usable_q & phy_up_q;
    phy_next = '1;
    if (starting != '0) begin
      for (int i = 0; i < 8; i++) begin
        if (starting[i] && tick_time_i >= due_q[i]) phy_up[i] = 1'b1;
        else if (starting[i] && due_q[i] < phy_next) phy_next = due_q[i];
      end
    end
  end
  assign phy_up_o = phy_up;
  assign up_o     = phy_up != '0;
  assign lost     = !up_o;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      usable_q <= '0;
      phy_up_q <= '0;
      for (int i = 0; i < 8; i++) due_q[i] <= '0;
    end else if (tick_i) begin
      usable_q <= usable;
      phy_up_q <= phy_up;
      for (int i = 0; i < 8; i++) begin
        if (usable[i] && !usable_q[i]) due_q[i] <= tick_time_i + 43'(UpDelay);
      end
    end
  end

  // The two ends of the bus.
  localparam int NumberWidth = $clog2(machine_pkg::ArqDepth) + 1;
  localparam int ReadBit = 32 + 32 + 4;  // behind data, address and byte enables
  localparam int DownWidth = machine_pkg::LinkDownBusWidth;
  localparam int UpWidth = machine_pkg::LinkUpBusWidth;
  localparam int Timeout = 2 * Latency + machine_pkg::ArqSlack;

  logic [ 5:0] idle;
  logic [42:0] next [0:5];
  logic down_item, down_owed, down_again, up_item, up_owed;
  logic [NumberWidth-1:0] down_number, down_ack, up_number, up_ack;
  logic [DownWidth-1:0] down_data;
  logic [  UpWidth-1:0] up_data;
  logic fpga_valid, fpga_item, asic_valid, asic_item;
  logic [NumberWidth-1:0] fpga_number, fpga_ack, asic_number, asic_ack;
  logic [  UpWidth-1:0] fpga_data;
  logic [DownWidth-1:0] asic_data;

  link_arq #(
    .TxWidth(DownWidth),
    .RxWidth(UpWidth),
    .Reserve(1),
    .Timeout(Timeout)
  ) u_fpga (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i    (lost),
    .tick_time_i,
    .valid_i    (down_bus_valid_i),
    .ready_o    (down_bus_ready_o),
    .data_i     (down_bus_i),
    .valid_o    (up_bus_valid_o),
    .ready_i    (1'b1),
    .data_o     (up_bus_o),
    .tx_item_o  (down_item),
    .tx_again_o (down_again),
    .tx_owed_o  (down_owed),
    .tx_number_o(down_number),
    .tx_ack_o   (down_ack),
    .tx_data_o  (down_data),
    .rx_valid_i (fpga_valid),
    .rx_item_i  (fpga_item),
    .rx_number_i(fpga_number),
    .rx_ack_i   (fpga_ack),
    .rx_data_i  (fpga_data),
    .idle_o     (idle[0]),
    .next_o     (next[0])
  );

  link_arq #(
    .TxWidth(UpWidth),
    .RxWidth(DownWidth),
    .Reserve(machine_pkg::ArqReserve),
    .Timeout(Timeout)
  ) u_asic (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i    (lost),
    .tick_time_i,
    .valid_i    (up_bus_valid_i),
    .ready_o    (up_bus_ready_o),
    .data_i     (up_bus_i),
    .valid_o    (down_bus_valid_o),
    .ready_i    (down_bus_ready_i),
    .data_o     (down_bus_o),
    .tx_item_o  (up_item),
    .tx_again_o (),
    .tx_owed_o  (up_owed),
    .tx_number_o(up_number),
    .tx_ack_o   (up_ack),
    .tx_data_o  (up_data),
    .rx_valid_i (asic_valid),
    .rx_item_i  (asic_item),
    .rx_number_i(asic_number),
    .rx_ack_i   (asic_ack),
    .rx_data_i  (asic_data),
    .idle_o     (idle[1]),
    .next_o     (next[1])
  );

  // A write is two words, a read one.
  assign down_again_o = !(down_again && up_o) ? 2'd0 : down_data[ReadBit] ? 2'd1 : 2'd2;
  assign up_arrived_o = fpga_valid && fpga_item;

  // Frames: bus item, acknowledgement and events of a tick.
  logic [1:0] down_event_count, up_event_count;

  link_wire #(
    .Width  (1 + DownWidth + 2 * NumberWidth + 50),
    .Latency(Latency)
  ) u_down (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i  (lost),
    .tick_time_i,
    .error_i  (down_error_i),
    .valid_i  (down_item || down_owed || down_event_count_i != '0),
    .data_i   ({down_item, down_number, down_ack, down_event_count_i, down_event_i, down_data}),
    .valid_o  (asic_valid),
    .damaged_o(),
    .data_o   ({asic_item, asic_number, asic_ack, down_event_count, down_event_o, asic_data}),
    .idle_o   (idle[2]),
    .next_o   (next[2])
  );
  assign down_event_count_o = asic_valid ? down_event_count : 2'd0;

  link_wire #(
    .Width  (1 + UpWidth + 2 * NumberWidth + 52),
    .Latency(Latency)
  ) u_up (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i  (lost),
    .tick_time_i,
    .error_i  (up_error_i),
    .valid_i  (up_item || up_owed || up_event_count_i != '0),
    .data_i   ({up_item, up_number, up_ack, up_event_count_i, up_event_i, up_data}),
    .valid_o  (fpga_valid),
    .damaged_o(up_damaged_o),
    .data_o   ({fpga_item, fpga_number, fpga_ack, up_event_count, up_event_o, fpga_data}),
    .idle_o   (idle[3]),
    .next_o   (next[3])
  );
  assign up_event_count_o = fpga_valid ? up_event_count : 2'd0;

  // The handshake has its own code on the wires and is not hit by errors [M172].
  delay_line #(
    .Width  (1),
    .Latency(Latency)
  ) u_down_sync (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i(lost),
    .tick_time_i,
    .valid_i(down_sync_valid_i),
    .data_i (down_sync_set_i),
    .valid_o(down_sync_valid_o),
    .data_o (down_sync_set_o),
    .idle_o (idle[4]),
    .next_o (next[4])
  );

  delay_line #(
    .Width  (86),
    .Latency(Latency)
  ) u_up_sync (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i(lost),
    .tick_time_i,
    .valid_i(up_sync_valid_i),
    .data_i (up_sync_i),
    .valid_o(up_sync_valid_o),
    .data_o (up_sync_o),
    .idle_o (idle[5]),
    .next_o (next[5])
  );

  // The tick in which a PHY becomes usable fixes its deadline; it must not be skipped over.
  assign idle_o = &idle && usable == usable_q;

  always_comb begin
    next_o = phy_next;
    for (int i = 0; i < 6; i++) if (next[i] < next_o) next_o = next[i];
  end

endmodule
