// SPDX-License-Identifier: Apache-2.0
// One end of the link's automatic repeat request: gives each bus item a number, keeps it until the
// other end has acknowledged it, and goes back to the first one that was not; takes items in the
// order of their numbers, each once (docs/timing.md section 8). It has no part in events and time.
`include "assert.svh"

module link_arq #(
  parameter int TxWidth = 8,  // bits of an item to the other end
  parameter int RxWidth = 8,  // bits of an item from it
  parameter int Reserve = 1,  // items that may still come in when ready has fallen, 1..Depth - 1
  parameter int Timeout = 44  // ticks without progress until the items are sent again
) (
  input  logic                                   clk_i,
  input  logic                                   rst_ni,
  input  logic                                   tick_i,
  input  logic                                   clear_i,      // the link is down: all is forgotten
  input  logic [                           42:0] tick_time_i,
  // items to the other end
  input  logic                                   valid_i,
  output logic                                   ready_o,
  input  logic [                    TxWidth-1:0] data_i,
  // items from the other end
  output logic                                   valid_o,
  input  logic                                   ready_i,      // otherwise the item comes again
  output logic [                    RxWidth-1:0] data_o,
  // frame to the wire: an item, an acknowledgement, or both
  output logic                                   tx_item_o,
  output logic                                   tx_again_o,   // the item has been sent before
  output logic                                   tx_owed_o,    // an acknowledgement must go
  output logic [$clog2(machine_pkg::ArqDepth):0] tx_number_o,
  output logic [$clog2(machine_pkg::ArqDepth):0] tx_ack_o,
  output logic [                    TxWidth-1:0] tx_data_o,
  // frame from the wire
  input  logic                                   rx_valid_i,
  input  logic                                   rx_item_i,
  input  logic [$clog2(machine_pkg::ArqDepth):0] rx_number_i,
  input  logic [$clog2(machine_pkg::ArqDepth):0] rx_ack_i,
  input  logic [                    RxWidth-1:0] rx_data_i,
  // skipping
  output logic                                   idle_o,
  output logic [                           42:0] next_o
);

  localparam int Depth = machine_pkg::ArqDepth;
  localparam int Index = $clog2(Depth);

  // Numbers, modulo 2 * Depth: oldest <= next <= fresh <= end.
  logic [Index:0] oldest_d, oldest_q;  // of the oldest item that was not acknowledged
  logic [Index:0] next_d, next_q;  // of the next item to be sent
  logic [Index:0] fresh_d, fresh_q;  // of the next item to be sent for the first time
  logic [Index:0] end_d, end_q;  // of the next item to come in
  logic [Index:0] expected_q;  // of the next item from the other end
  logic [42:0] deadline_q;
  logic [TxWidth-1:0] items_q[0:Depth-1];  // content needs no reset
  logic owed_q;

  logic waits, progress, expires, restart;
  logic [Index:0] acked;

  // What waits goes first; otherwise an item is on the wire in the tick in which it comes in.
  assign waits       = next_q != end_q;
  assign tx_item_o   = waits || valid_i;
  assign tx_again_o  = next_q != fresh_q;
  assign tx_owed_o   = owed_q;
  assign tx_number_o = next_q;
  assign tx_ack_o    = expected_q;
  assign tx_data_o   = waits ? items_q[next_q[Index-1:0]] : data_i;
  assign ready_o     = (Index + 1)'(end_q - oldest_q) <= (Index + 1)'(Depth - Reserve);

  // An older acknowledgement than the last one looks like one of more items than there are.
  assign acked       = rx_ack_i - oldest_q;
  assign progress    = rx_valid_i && acked != '0 && acked <= (Index + 1)'(fresh_q - oldest_q);
  assign expires     = oldest_q != fresh_q && tick_time_i == deadline_q;

  always_comb begin
    oldest_d = progress ? rx_ack_i : oldest_q;
    next_d   = next_q + (Index + 1)'(tx_item_o);
    fresh_d  = fresh_q + (Index + 1)'(tx_item_o && !tx_again_o);
    end_d    = end_q + (Index + 1)'(valid_i);
    if (progress) begin
      if ((Index + 1)'(next_d - oldest_q) < acked) next_d = rx_ack_i;
    end else if (expires) begin
      next_d = oldest_q;
    end
    restart = progress || expires || (oldest_q == fresh_q && tx_item_o);
    if (clear_i) begin
      oldest_d = '0;
      next_d   = '0;
      fresh_d  = '0;
      end_d    = '0;
    end
  end

  assign valid_o = rx_valid_i && rx_item_i && rx_number_i == expected_q;
  assign data_o  = rx_data_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      oldest_q   <= '0;
      next_q     <= '0;
      fresh_q    <= '0;
      end_q      <= '0;
      expected_q <= '0;
      owed_q     <= 1'b0;
      deadline_q <= '0;
    end else if (tick_i) begin
      oldest_q <= oldest_d;
      next_q   <= next_d;
      fresh_q  <= fresh_d;
      end_q    <= end_d;
      owed_q   <= rx_valid_i && rx_item_i && !clear_i;
      if (clear_i) expected_q <= '0;
      else if (valid_o && ready_i) expected_q <= expected_q + 1'b1;
      if (restart) deadline_q <= tick_time_i + 43'(Timeout);
    end
  end

  always_ff @(posedge clk_i) begin
    if (tick_i && valid_i) items_q[end_q[Index-1:0]] <= data_i;
  end

  assign idle_o = !waits && !owed_q && !expires;
  assign next_o = (oldest_q != fresh_q) ? deadline_q : '1;

  `HX_PARAMETER(reserve, Reserve >= 1 && Reserve < Depth)
  `HX_PARAMETER(timeout, Timeout >= 1)
  `HX_ASSERT(
      Room,
      !(tick_i && valid_i && !clear_i) || (Index + 1)'(end_q - oldest_q) < (Index + 1)'(Depth))

endmodule
