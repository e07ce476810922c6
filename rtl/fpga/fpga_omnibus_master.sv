// SPDX-License-Identifier: Apache-2.0
// Issues Omnibus accesses in order to the FPGA's registers and to the chip link and returns the
// answers in program order (docs/timing.md section 5). It knows no register.
module fpga_omnibus_master (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic        clear_i,              // connection reset
  input  logic        timeout_i,            // abandon everything outstanding
  input  logic        chip_lost_i,          // abandon what is outstanding on the chip
  input  logic        filter_writes_i,      // write answers do not go to the trace
  // accesses from the executor
  input  logic        valid_i,
  input  logic        read_i,
  input  logic        poll_i,
  input  logic [ 3:0] byte_enables_i,
  input  logic [31:0] address_i,
  input  logic [31:0] data_i,
  output logic        read_ready_o,
  output logic        write_ready_o,
  output logic        poll_valid_o,
  output logic [31:0] poll_value_o,
  // FPGA register bus: answer in the first tick in which the slave is not busy
  output logic        fpga_valid_o,
  output logic        fpga_read_o,
  output logic [ 3:0] fpga_byte_enables_o,
  output logic [31:0] fpga_address_o,
  output logic [31:0] fpga_data_o,
  input  logic [31:0] fpga_data_i,
  input  logic        fpga_busy_i,
  // chip link
  input  logic        link_ready_i,         // it is up and takes requests
  output logic        down_valid_o,
  output logic [ 7:0] down_epoch_o,
  output logic        down_read_o,
  output logic [ 3:0] down_byte_enables_o,
  output logic [31:0] down_address_o,
  output logic [31:0] down_data_o,
  input  logic        up_valid_i,
  input  logic [ 7:0] up_epoch_i,
  input  logic [31:0] up_data_i,
  output logic        down_word_o,          // a word of a request is transmitted
  output logic        up_taken_o,           // a response arrives and is not outdated
  // answers to the trace
  output logic        answer_valid_o,
  output logic [31:0] answer_data_o,
  input  logic        answer_ready_i,
  // status
  output logic        bus_idle_o,           // nothing outstanding, all answers delivered
  output logic [ 5:0] reads_in_flight_o,
  output logic        idle_o
);

  localparam int Depth = machine_pkg::PendingDepth;
  localparam int PointerWidth = $clog2(Depth);

  // Pending entries, one bit per slot and property.
  logic [Depth-1:0] side_d, side_q;  // 1: chip
  logic [Depth-1:0] keep_d, keep_q;  // answer goes to the trace
  logic [Depth-1:0] poll_d, poll_q;  // answer goes to the comparator
  logic [Depth-1:0] read_d, read_q;  // counts as a read in flight
  logic [Depth-1:0] lost_d, lost_q;  // no response will come
  logic [PointerWidth-1:0] head_d, head_q, tail_d, tail_q;
  logic [PointerWidth:0] count_d, count_q;
  logic [5:0] reads_d, reads_q;
  logic [7:0] epoch_d, epoch_q;
  logic poll_valid_q;
  logic [31:0] poll_value_q;

  logic push, pop, head_valid;
  logic answer_push, answer_ready, answer_is_read, answer_valid;
  logic fpga_response_valid, chip_response_valid;
  logic [31:0] fpga_response, chip_response, response;
  logic fpga_push, chip_push;

  assign push          = valid_i;
  assign write_ready_o = count_q < (PointerWidth + 1)'(Depth);
  assign read_ready_o  = write_ready_o && reads_q < 6'(machine_pkg::MaxReadsInFlight);

  // FPGA side: queue of accesses, then the response queue.
  logic fpga_valid, fpga_done;

  assign fpga_push    = push && address_i[31];
  assign fpga_done    = fpga_valid && !fpga_busy_i;
  assign fpga_valid_o = fpga_valid;

  fifo #(
    .Width(69),
    .Depth(Depth)
  ) u_fpga_accesses (
    .clk_i,
    .rst_ni,
    .en_i      (tick_i),
    .clear_i,
    .valid_i   (fpga_push),
    .ready_o   (),
    .data_i    ({read_i, byte_enables_i, address_i, data_i}),
    .valid_o   (fpga_valid),
    .ready_i   (!fpga_busy_i),
    .data_o    ({fpga_read_o, fpga_byte_enables_o, fpga_address_o, fpga_data_o}),
    .level_o   (),
    .overflow_o()
  );

  fifo #(
    .Width(32),
    .Depth(Depth)
  ) u_fpga_responses (
    .clk_i,
    .rst_ni,
    .en_i      (tick_i),
    .clear_i,
    .valid_i   (fpga_done),
    .ready_o   (),
    .data_i    (fpga_read_o ? fpga_data_i : 32'd0),
    .valid_o   (fpga_response_valid),
    .ready_i   (pop && !side_q[head_q]),
    .data_o    (fpga_response),
    .level_o   (),
    .overflow_o()
  );

  // Chip side: request queue; a write holds the link for two ticks.
  logic request_valid, request_pop, second_word_q;

  assign chip_push    = push && !address_i[31];
  assign request_pop  = request_valid && link_ready_i && (down_read_o || second_word_q);
  assign down_valid_o = request_pop;
  assign down_word_o  = request_valid && link_ready_i;
  assign up_taken_o   = up_valid_i && up_epoch_i == epoch_q;
  assign down_epoch_o = epoch_q;

  fifo #(
    .Width(69),
    .Depth(Depth)
  ) u_requests (
    .clk_i,
    .rst_ni,
    .en_i      (tick_i),
    .clear_i   (clear_i || timeout_i || chip_lost_i),
    .valid_i   (chip_push),
    .ready_o   (),
    .data_i    ({read_i, byte_enables_i, address_i, data_i}),
    .valid_o   (request_valid),
    .ready_i   (request_pop),
    .data_o    ({down_read_o, down_byte_enables_o, down_address_o, down_data_o}),
    .level_o   (),
    .overflow_o()
  );

  fifo #(
    .Width(32),
    .Depth(Depth)
  ) u_chip_responses (
    .clk_i,
    .rst_ni,
    .en_i      (tick_i),
    .clear_i   (clear_i || timeout_i || chip_lost_i),
    .valid_i   (up_taken_o),
    .ready_o   (),
    .data_i    (up_data_i),
    .valid_o   (chip_response_valid),
    .ready_i   (pop && side_q[head_q] && !lost_q[head_q]),
    .data_o    (chip_response),
    .level_o   (),
    .overflow_o()
  );

  // The oldest entry leaves with its response.
  assign head_valid = count_q != '0 &&
      (lost_q[head_q] || (side_q[head_q] ? chip_response_valid : fpga_response_valid));
  assign answer_push = head_valid && keep_q[head_q] && !lost_q[head_q];
  assign pop = head_valid && (!answer_push || answer_ready);
  assign response = side_q[head_q] ? chip_response : fpga_response;

  fifo #(
    .Width(33),
    .Depth(Depth)
  ) u_answers (
    .clk_i,
    .rst_ni,
    .en_i      (tick_i),
    .clear_i   (clear_i || timeout_i),
    .valid_i   (answer_push),
    .ready_o   (answer_ready),
    .data_i    ({read_q[head_q], response}),
    .valid_o   (answer_valid),
    .ready_i   (answer_ready_i),
    .data_o    ({answer_is_read, answer_data_o}),
    .level_o   (),
    .overflow_o()
  );

  assign answer_valid_o    = answer_valid;
  assign poll_valid_o      = poll_valid_q;
  assign poll_value_o      = poll_value_q;
  assign reads_in_flight_o = reads_q;
  assign bus_idle_o        = count_q == '0 && !answer_valid;
  // Requests on the link and in the chip keep those from being idle, not this block.
  assign idle_o = !fpga_done && !head_valid && !poll_valid_q && !(request_valid && link_ready_i);

  always_comb begin
    side_d  = side_q;
    keep_d  = keep_q;
    poll_d  = poll_q;
    read_d  = read_q;
    lost_d  = lost_q;
    head_d  = head_q;
    tail_d  = tail_q;
    count_d = count_q;
    reads_d = reads_q;
    epoch_d = epoch_q;

    if (push) begin
      side_d[tail_q] = !address_i[31];
      keep_d[tail_q] = !poll_i && (read_i || !filter_writes_i);
      poll_d[tail_q] = poll_i;
      read_d[tail_q] = read_i;
      lost_d[tail_q] = 1'b0;
      tail_d         = tail_q + 1'b1;
    end
    if (pop) head_d = head_q + 1'b1;
    count_d = count_q + (PointerWidth + 1)'(push) - (PointerWidth + 1)'(pop);
    reads_d = reads_q + 6'(push && read_i) - 6'(pop && read_q[head_q] && !answer_push) -
        6'(answer_valid && answer_ready_i && answer_is_read);

    if (timeout_i || chip_lost_i) begin
      lost_d  = lost_q | side_q;
      epoch_d = epoch_q + 8'd1;
    end
    if (timeout_i) begin
      keep_d  = '0;
      poll_d  = '0;
      read_d  = '0;
      reads_d = '0;
    end
    if (clear_i) begin
      head_d  = '0;
      tail_d  = '0;
      count_d = '0;
      reads_d = '0;
      epoch_d = epoch_q + 8'd1;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      side_q              <= '0;
      keep_q              <= '0;
      poll_q              <= '0;
      read_q              <= '0;
      lost_q              <= '0;
      head_q              <= '0;
      tail_q              <= '0;
      count_q             <= '0;
      reads_q             <= '0;
      epoch_q             <= '0;
      poll_valid_q        <= 1'b0;
      poll_value_q        <= '0;
      second_word_q       <= 1'b0;
    end else if (tick_i) begin
      side_q        <= side_d;
      keep_q        <= keep_d;
      poll_q        <= poll_d;
      read_q        <= read_d;
      lost_q        <= lost_d;
      head_q        <= head_d;
      tail_q        <= tail_d;
      count_q       <= count_d;
      reads_q       <= reads_d;
      epoch_q       <= epoch_d;
      poll_valid_q  <= pop && poll_q[head_q] && !lost_q[head_q] && !timeout_i && !clear_i;
      second_word_q <= request_valid && link_ready_i && !down_read_o && !second_word_q &&
          !timeout_i && !chip_lost_i && !clear_i;
      if (pop) poll_value_q <= response;
      if (fpga_push) begin
      end
    end
  end

endmodule
