// SPDX-License-Identifier: Apache-2.0
// The highspeed link between FPGA and chip: start-up of eight PHYs and a fixed latency per direction
// (docs/timing.md section 8). Lanes, training and framing are not modelled [M10].
module link #(
  parameter int Latency = 20,   // ticks per direction, 1..62
  parameter int UpDelay = 5000  // ticks from usable to up
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic [42:0] tick_time_i,
  // PHY settings of both ends in FPGA bit order
  input  logic [ 7:0] fpga_enable_i,
  input  logic [ 7:0] fpga_auto_i,
  input  logic [ 7:0] asic_enable_i,
  input  logic [ 7:0] asic_auto_i,
  input  logic        asic_reset_i,
  output logic        up_o,
  output logic [ 7:0] phy_up_o,
  // to the chip
  input  logic        down_bus_valid_i,
  input  logic [76:0] down_bus_i,          // {epoch, read, byte enables, address, data}
  output logic        down_bus_valid_o,
  output logic [76:0] down_bus_o,
  input  logic [ 1:0] down_event_count_i,
  input  logic [47:0] down_event_i,
  output logic [ 1:0] down_event_count_o,
  output logic [47:0] down_event_o,
  input  logic        down_sync_valid_i,
  input  logic        down_sync_set_i,
  output logic        down_sync_valid_o,
  output logic        down_sync_set_o,
  // to the FPGA
  input  logic        up_bus_valid_i,
  input  logic [39:0] up_bus_i,            // {epoch, data}
  output logic        up_bus_valid_o,
  output logic [39:0] up_bus_o,
  input  logic [ 1:0] up_event_count_i,
  input  logic [49:0] up_event_i,          // {kinds, events}
  output logic [ 1:0] up_event_count_o,
  output logic [49:0] up_event_o,
  input  logic        up_sync_valid_i,
  input  logic [85:0] up_sync_i,           // {time, base}
  output logic        up_sync_valid_o,
  output logic [85:0] up_sync_o,
  // skipping
  output logic        idle_o,
  output logic [42:0] next_o
);

  logic [7:0] usable, usable_q, phy_up;
  logic [42:0] due_q[0:7];
  logic lost;

  assign usable = fpga_enable_i & fpga_auto_i & asic_enable_i & asic_auto_i & {8{!asic_reset_i}};

  // A PHY is up from UpDelay ticks after its first usable tick; usable_q tells whether due_q holds.
  always_comb begin
    next_o = '1;
    for (int i = 0; i < 8; i++) begin
      phy_up[i] = usable[i] && usable_q[i] && tick_time_i >= due_q[i];
      if (usable[i] && usable_q[i] && !phy_up[i] && due_q[i] < next_o) next_o = due_q[i];
    end
  end
  assign phy_up_o = phy_up;
  assign up_o     = phy_up != '0;
  assign lost     = !up_o;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      usable_q <= '0;
      for (int i = 0; i < 8; i++) due_q[i] <= '0;
    end else if (tick_i) begin
      usable_q <= usable;
      for (int i = 0; i < 8; i++) begin
        if (usable[i] && !usable_q[i]) due_q[i] <= tick_time_i + 43'(UpDelay);
      end
    end
  end

  logic [5:0] idle;
  logic down_event_valid, up_event_valid;

  delay_line #(
    .Width  (77),
    .Latency(Latency)
  ) u_down_bus (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i(lost),
    .tick_time_i,
    .valid_i(down_bus_valid_i),
    .data_i (down_bus_i),
    .valid_o(down_bus_valid_o),
    .data_o (down_bus_o),
    .idle_o (idle[0])
  );

  logic [1:0] down_event_count;
  delay_line #(
    .Width  (50),
    .Latency(Latency)
  ) u_down_event (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i(lost),
    .tick_time_i,
    .valid_i(down_event_count_i != '0),
    .data_i ({down_event_count_i, down_event_i}),
    .valid_o(down_event_valid),
    .data_o ({down_event_count, down_event_o}),
    .idle_o (idle[1])
  );
  assign down_event_count_o = down_event_valid ? down_event_count : 2'd0;

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
    .idle_o (idle[2])
  );

  delay_line #(
    .Width  (40),
    .Latency(Latency)
  ) u_up_bus (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i(lost),
    .tick_time_i,
    .valid_i(up_bus_valid_i),
    .data_i (up_bus_i),
    .valid_o(up_bus_valid_o),
    .data_o (up_bus_o),
    .idle_o (idle[3])
  );

  logic [1:0] up_event_count;
  delay_line #(
    .Width  (52),
    .Latency(Latency)
  ) u_up_event (
    .clk_i,
    .rst_ni,
    .tick_i,
    .clear_i(lost),
    .tick_time_i,
    .valid_i(up_event_count_i != '0),
    .data_i ({up_event_count_i, up_event_i}),
    .valid_o(up_event_valid),
    .data_o ({up_event_count, up_event_o}),
    .idle_o (idle[4])
  );
  assign up_event_count_o = up_event_valid ? up_event_count : 2'd0;

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
    .idle_o (idle[5])
  );

  // The tick in which a PHY becomes usable fixes its deadline; it must not be skipped over.
  assign idle_o = &idle && usable == usable_q;

endmodule
