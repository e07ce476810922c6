// SPDX-License-Identifier: Apache-2.0
// Performance test of the chip link: one test word in each tick while it is on and the link is up,
// looped back by the other end (docs/timing.md section 12). It counts by time, and the words do not
// take room on the link.
module fpga_performance_test (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic        clear_i,         // connection reset: loses a write
  input  logic [42:0] tick_time_i,
  input  logic        link_up_i,
  // bus: answer in the same tick
  input  logic        valid_i,
  input  logic        read_i,
  input  logic [ 3:0] byte_enables_i,
  input  logic [31:0] address_i,
  input  logic [31:0] data_i,
  output logic        hit_o,
  output logic [31:0] data_o
);

  localparam logic [42:0] RoundTrip = 43'(2 * machine_pkg::LinkLatency + 1);

  // A run is the time in which words are sent one after the other.
  logic enable_d, enable_q;
  logic sending_d, sending_q;
  logic [42:0] since_d, since_q;  // first word of the run
  logic [42:0] ended_d, ended_q;  // tick behind its last word, if it has ended
  logic gap_d, gap_q;  // words before the run were lost
  logic [31:0] sent_d, sent_q, received_d, received_q;  // of the runs before
  logic [31:0] wrong_d, wrong_q;  // of them behind a gap
  logic [31:0] first_wrong_d, first_wrong_q;

  logic write, starts, stops, back, late;
  logic [42:0] length, age, got;
  logic unused_data;

  assign unused_data = ^{data_i[31:1], byte_enables_i[3:1], length[42:32], got[42:32]};
  assign hit_o       = valid_i && address_i >= omnibus_pkg::PerfTestBase &&
      address_i <= omnibus_pkg::PerfTestBase + 32'(omnibus_pkg::PerfTestStatusWords);
  assign write = hit_o && !read_i && !clear_i && byte_enables_i[0] &&
      address_i == omnibus_pkg::PerfTestBase;
  assign starts = write && data_i[0] && !enable_q;
  assign stops  = write && !data_i[0];
  assign length = (sending_q ? tick_time_i : ended_q) - since_q;
  assign age    = tick_time_i - since_q;
  assign back   = age > RoundTrip && length != '0;  // the first word of the run is back
  assign got    = !back ? '0 : ((age - RoundTrip < length) ? age - RoundTrip : length);
  assign late   = back && gap_q;

  always_comb begin
    data_o = '0;
    if (hit_o) begin
      case (3'(address_i - omnibus_pkg::PerfTestBase))
        3'd0:    data_o = 32'(enable_q);
        3'd1:    data_o = sent_q + length[31:0];
        3'd2:    data_o = received_q + got[31:0];
        3'd3:    data_o = received_q + got[31:0] - wrong_q - 32'(late);
        default: data_o = (wrong_q == '0 && late) ? sent_q : first_wrong_q;
      endcase
    end
  end

  always_comb begin
    enable_d      = enable_q;
    sending_d     = sending_q;
    since_d       = since_q;
    ended_d       = ended_q;
    gap_d         = gap_q;
    sent_d        = sent_q;
    received_d    = received_q;
    wrong_d       = wrong_q;
    first_wrong_d = first_wrong_q;
    if (stops) begin
      enable_d = 1'b0;
      if (sending_q) ended_d = tick_time_i + 43'd1;
      sending_d = 1'b0;
    end
    if (!link_up_i) begin  // what is under way is lost
      sent_d     = sent_q + length[31:0];
      received_d = received_q + got[31:0];
      wrong_d    = wrong_q + 32'(late);
      if (wrong_q == '0 && late) first_wrong_d = sent_q;
      if (length != '0) gap_d = got != length;
      sending_d = 1'b0;
      since_d   = tick_time_i;
      ended_d   = tick_time_i;
    end
    if (starts) begin
      enable_d      = 1'b1;
      gap_d         = 1'b0;
      sent_d        = '0;
      received_d    = '0;
      wrong_d       = '0;
      first_wrong_d = '0;
    end
    if (link_up_i && (starts || (enable_q && !sending_q && !stops))) begin
      sending_d = 1'b1;
      since_d   = tick_time_i + 43'd1;
    end else if (starts) begin
      since_d = tick_time_i;
      ended_d = tick_time_i;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      enable_q      <= 1'b0;
      sending_q     <= 1'b0;
      since_q       <= '0;
      ended_q       <= '0;
      gap_q         <= 1'b0;
      sent_q        <= '0;
      received_q    <= '0;
      wrong_q       <= '0;
      first_wrong_q <= '0;
    end else if (tick_i) begin
      enable_q      <= enable_d;
      sending_q     <= sending_d;
      since_q       <= since_d;
      ended_q       <= ended_d;
      gap_q         <= gap_d;
      sent_q        <= sent_d;
      received_q    <= received_d;
      wrong_q       <= wrong_d;
      first_wrong_q <= first_wrong_d;
    end
  end

endmodule
