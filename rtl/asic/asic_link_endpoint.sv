// SPDX-License-Identifier: Apache-2.0
// The chip's end of the link: requests and answers of the bus, events both ways, time handshake
// (docs/timing.md sections 5, 7, 9). What arrives while the link is down is lost.
module asic_link_endpoint (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  // from the link, valid during a tick
  input  logic        link_up_i,
  input  logic        down_bus_valid_i,
  output logic        down_bus_ready_o,     // otherwise the link brings it again
  input  logic [ 7:0] down_bus_epoch_i,
  input  logic        down_bus_read_i,
  input  logic [ 3:0] down_bus_be_i,
  input  logic [31:0] down_bus_addr_i,
  input  logic [31:0] down_bus_data_i,
  input  logic [ 1:0] down_event_count_i,
  input  logic [47:0] down_event_labels_i,
  input  logic        down_sync_valid_i,
  input  logic        down_sync_set_i,
  // to the link, valid during a tick
  output logic        up_bus_valid_o,
  input  logic        up_bus_ready_i,       // room for all answers that may be under way
  output logic [ 7:0] up_bus_epoch_o,
  output logic [31:0] up_bus_data_o,
  output logic [ 1:0] up_event_count_o,
  output logic [ 1:0] up_event_madc_o,
  output logic [47:0] up_events_o,
  output logic        up_sync_valid_o,
  output logic [42:0] up_sync_time_o,
  output logic [42:0] up_sync_base_o,
  // chip bus
  output logic        req_valid_o,
  input  logic        req_ready_i,
  output logic [ 7:0] req_epoch_o,
  output logic        req_read_o,
  output logic [ 3:0] req_be_o,
  output logic [31:0] req_addr_o,
  output logic [31:0] req_data_o,
  input  logic        rsp_valid_i,
  input  logic [ 7:0] rsp_epoch_i,
  input  logic [31:0] rsp_data_i,
  // crossbar: one event per cycle in, label of L2 output k in [14*k +: 14]
  output logic        event_valid_o,
  output logic [15:0] event_label_o,
  output logic [ 7:0] dropped_o,            // events of channel k lost in this cycle in [2*k +: 2]
  input  logic [ 3:0] l2_valid_i,
  input  logic [55:0] l2_label_i,
  output logic [ 3:0] l2_ready_o,
  // sample of the fast converter; it does not wait
  input  logic        madc_valid_i,
  input  logic [15:0] madc_value_i,
  // chip time
  input  logic [42:0] chip_time_i,          // cycles
  input  logic [42:0] base_i,               // FPGA cycles
  output logic        time_set_o,
  output logic        idle_o
);

  // Requests: most transactions take as long as one item, those of a converter much longer. None
  // begins without room for its answer.
  logic request, queued;

  assign request = tick_i && link_up_i && down_bus_valid_i;

  fifo #(
    .Width(machine_pkg::LinkDownBusWidth),
    .Depth(machine_pkg::ChipRequestDepth)
  ) u_requests (
    .clk_i(clk_i),
    .rst_ni(rst_ni),
    .en_i(1'b1),
    .clear_i(1'b0),
    .valid_i(request),
    .ready_o(down_bus_ready_o),
    .data_i({down_bus_epoch_i, down_bus_read_i, down_bus_be_i, down_bus_addr_i, down_bus_data_i}),
    .valid_o(queued),
    .ready_i(req_ready_i && up_bus_ready_i),
    .data_o({req_epoch_o, req_read_o, req_be_o, req_addr_o, req_data_o}),
    .level_o(),
    .overflow_o()
  );

  assign req_valid_o = queued && up_bus_ready_i;

  // Answers: waiting_q holds one that ended in the first cycle of a tick.
  logic waiting_q;
  logic [machine_pkg::LinkUpBusWidth-1:0] waiting_data_q, up_bus_q;
  logic up_bus_valid_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      waiting_q      <= 1'b0;
      waiting_data_q <= '0;
      up_bus_valid_q <= 1'b0;
      up_bus_q       <= '0;
    end else if (tick_i) begin
      up_bus_valid_q <= waiting_q || rsp_valid_i;
      if (waiting_q) begin
        up_bus_q <= waiting_data_q;
      end else if (rsp_valid_i) begin
        up_bus_q <= {rsp_epoch_i, rsp_data_i};
      end
      waiting_q <= waiting_q && rsp_valid_i;
      if (waiting_q && rsp_valid_i) waiting_data_q <= {rsp_epoch_i, rsp_data_i};
    end else if (rsp_valid_i) begin
      waiting_q      <= 1'b1;
      waiting_data_q <= {rsp_epoch_i, rsp_data_i};
    end
  end

  assign up_bus_valid_o                  = up_bus_valid_q;
  assign {up_bus_epoch_o, up_bus_data_o} = up_bus_q;

  // Events to the chip
  logic item, item_room, item_valid, item_last;
  logic [1:0] item_count, sent_q;  // sent_q: labels of the head that are gone
  logic [47:0] item_labels;

  assign item      = tick_i && link_up_i && down_event_count_i != '0;
  assign item_last = sent_q == item_count - 2'd1;

  fifo #(
    .Width(50),
    .Depth(machine_pkg::EventRxDepth)
  ) u_events (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .en_i      (1'b1),
    .clear_i   (1'b0),
    .valid_i   (item),
    .ready_o   (item_room),
    .data_i    ({down_event_count_i, down_event_labels_i}),
    .valid_o   (item_valid),
    .ready_i   (item_last),
    .data_o    ({item_count, item_labels}),
    .level_o   (),
    .overflow_o()
  );

  assign event_valid_o = item_valid;
  assign event_label_o = item_labels[16*sent_q+:16];

  always_comb begin
    dropped_o = '0;
    if (item && !item_room) begin
      for (int k = 0; k < 3; k++) begin
        if (2'(k) < down_event_count_i) begin
          dropped_o[2*down_event_labels_i[16*k+14+:2]+:2] =
              dropped_o[2*down_event_labels_i[16*k+14+:2]+:2] + 2'd1;
        end
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      sent_q <= '0;
    end else if (item_valid) begin
      sent_q <= item_last ? 2'd0 : sent_q + 2'd1;
    end
  end

  // Events to the FPGA, up to two per tick: a sample of the fast converter, or the L2 outputs round
  // robin behind the last winner.
  logic [1:0] last_q, winner;
  logic won;
  logic [24:0] merged, held_data_q;  // {sample, time stamp, value}
  logic held_q;
  logic [1:0] up_count_q;
  logic [49:0] up_events_q;

  assign won = madc_valid_i || l2_valid_i != '0;

  always_comb begin
    winner = last_q;
    if (l2_valid_i != '0 && !madc_valid_i) begin
      for (int k = 4; k >= 1; k--) begin
        if (l2_valid_i[last_q+2'(k)]) winner = last_q + 2'(k);
      end
    end
    l2_ready_o = '0;
    merged     = {1'b1, chip_time_i[7:0], madc_value_i};
    if (!madc_valid_i) begin
      l2_ready_o[winner] = won;
      merged             = {1'b0, chip_time_i[7:0], winner, l2_label_i[14*winner+:14]};
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      last_q      <= 2'd3;
      held_q      <= 1'b0;
      held_data_q <= '0;
      up_count_q  <= '0;
      up_events_q <= '0;
    end else begin
      last_q <= winner;
      if (tick_i) begin
        held_q     <= 1'b0;
        up_count_q <= 2'(held_q) + 2'(won);
        if (held_q) up_events_q[24:0] <= held_data_q;
        if (won && !held_q) up_events_q[24:0] <= merged;
        if (won && held_q) up_events_q[49:25] <= merged;
      end else begin
        held_q <= won;
        if (won) held_data_q <= merged;
      end
    end
  end

  assign up_event_count_o = up_count_q;
  assign up_event_madc_o  = {up_events_q[49], up_events_q[24]};
  assign up_events_o      = {up_events_q[48:25], up_events_q[23:0]};

  // Time handshake: the answer to a ping carries the time of the cycle in which it appears.
  logic ping, up_sync_q;
  logic [42:0] up_time_q, up_base_q;

  assign ping       = tick_i && link_up_i && down_sync_valid_i && !down_sync_set_i;
  assign time_set_o = tick_i && link_up_i && down_sync_valid_i && down_sync_set_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      up_sync_q <= 1'b0;
      up_time_q <= '0;
      up_base_q <= '0;
    end else if (tick_i) begin
      up_sync_q <= ping;
      if (ping) begin
        up_time_q <= chip_time_i + 43'd1;
        up_base_q <= base_i;
      end
    end
  end

  assign up_sync_valid_o = up_sync_q;
  assign up_sync_time_o  = up_time_q;
  assign up_sync_base_o  = up_base_q;

  assign idle_o = !queued && !waiting_q && !up_bus_valid_q && !item_valid && !held_q &&
                  up_count_q == '0 && !up_sync_q;

endmodule
