// SPDX-License-Identifier: Apache-2.0
// Queue of events from the chip with the recording gate; forms packs of up to three events of one
// kind (docs/timing.md section 9). It does not look at labels or time stamps.
module fpga_event_rx (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic        clear_i,
  input  logic        record_i,      // register 0x88000005 bit 0
  // from the link: event k in [24*k +: 24] = {time stamp, value}
  input  logic [ 1:0] count_i,
  input  logic [ 1:0] madc_i,
  input  logic [47:0] events_i,
  output logic        dropped_o,     // the item of this tick found no room
  // pack for the arbiter; event k in [24*k +: 24], k = 0 the oldest
  output logic [ 1:0] pack_count_o,  // 0: nothing there
  output logic        pack_madc_o,
  output logic [71:0] pack_o,
  input  logic        pack_ready_i
);

  localparam int Depth = machine_pkg::EventQueueDepth;
  localparam int PointerWidth = $clog2(Depth);

  logic [24:0] queue_q[0:Depth-1];  // {madc, event}; content needs no reset
  logic [PointerWidth-1:0] head_q, tail_q;
  logic [PointerWidth:0] level_q;
  logic room, push;
  logic [1:0] pop_count;
  logic [24:0] first, second, third;
  logic [PointerWidth-1:0] second_at, third_at, tail_next;

  assign room      = level_q <= (PointerWidth + 1)'(Depth) - (PointerWidth + 1)'(count_i);
  assign push      = count_i != '0 && record_i && room;
  assign dropped_o = count_i != '0 && record_i && !room;

  assign second_at = head_q + 1'b1;
  assign third_at  = head_q + PointerWidth'(2);
  assign tail_next = tail_q + 1'b1;
  assign first     = queue_q[head_q];
  assign second    = queue_q[second_at];
  assign third     = queue_q[third_at];

  assign pack_madc_o = first[24];
  assign pack_o      = {third[23:0], second[23:0], first[23:0]};

  always_comb begin
    pack_count_o = 2'd0;
    if (level_q != '0) pack_count_o = 2'd1;
    if (level_q > (PointerWidth + 1)'(1) && second[24] == first[24]) begin
      pack_count_o = 2'd2;
      if (level_q > (PointerWidth + 1)'(2) && third[24] == first[24]) pack_count_o = 2'd3;
    end
  end

  assign pop_count = pack_ready_i ? pack_count_o : 2'd0;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      head_q  <= '0;
      tail_q  <= '0;
      level_q <= '0;
    end else if (tick_i) begin
      if (clear_i) begin
        head_q  <= '0;
        tail_q  <= '0;
        level_q <= '0;
      end else begin
        head_q  <= head_q + PointerWidth'(pop_count);
        tail_q  <= push ? tail_q + PointerWidth'(count_i) : tail_q;
        level_q <= level_q - (PointerWidth + 1)'(pop_count) +
            (push ? (PointerWidth + 1)'(count_i) : '0);
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (tick_i && push) begin
      queue_q[tail_q] <= {madc_i[0], events_i[23:0]};
      if (count_i == 2'd2) queue_q[tail_next] <= {madc_i[1], events_i[47:24]};
    end
  end

endmodule
