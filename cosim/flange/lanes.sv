// SPDX-License-Identifier: Apache-2.0
// Text lanes for the waveform: the instruction that executes and the message that enters the packer
// in each tick. Nothing reads them, so that a model without waveforms does not contain them.
module lanes (
  input logic        executes_i,
  input logic [63:0] word_i,
  input logic        answers_i,
  input logic [ 7:0] header_i,
  input logic [71:0] payload_i
);
  logic [lanes_pkg::Width-1:0] instruction, answer;
  logic [55:0] instruction_payload;
  logic [71:0] answer_payload;

  always_comb begin
    instruction         = executes_i ? lanes_pkg::instruction(word_i[63:56]) : '0;
    instruction_payload = executes_i ? word_i[55:0] : '0;
    answer              = answers_i ? lanes_pkg::answer(header_i) : '0;
    answer_payload      = answers_i ? payload_i : '0;
  end
endmodule

bind fpga_top lanes u_lanes (
  .executes_i(u_executor.execute),
  .word_i    (head_word),
  .answers_i (message_valid && message_ready),
  .header_i  (message_header),
  .payload_i (message_payload)
);
