// SPDX-License-Identifier: Apache-2.0
// Events between the FPGAs of a system: what the output table lets pass goes to all of them, each
// one's input table says what to make of it. Here the only one of them is the sender itself.
module fpga_event_router (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
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
  // to the chip: label k in [16*k +: 16]
  output logic [ 1:0] count_o,
  output logic [31:0] labels_o,
  output logic        idle_o
);

  localparam int InWidth = omnibus_pkg::InputRoutingTableWidth;
  localparam int OutWidth = omnibus_pkg::OutputRoutingTableWidth;

  logic in_hit, out_hit;
  logic [31:0] in_data, out_data;
  logic [1:0] sent_d, sent_q;  // on their way: link label k in [15*k +: 15]
  logic [29:0] link_d, link_q;
  logic [2*OutWidth-1:0] out;
  logic [ 2*InWidth-1:0] in;

  fpga_memory #(
    .Base   (omnibus_pkg::OutputRoutingTableBase),
    .Depth  (omnibus_pkg::OutputRoutingTableCount),
    .Width  (OutWidth),
    .Lookups(2)
  ) u_output_table (
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
    .Base   (omnibus_pkg::InputRoutingTableBase),
    .Depth  (omnibus_pkg::InputRoutingTableCount),
    .Width  (InWidth),
    .Lookups(2)
  ) u_input_table (
    .clk_i,
    .tick_i,
    .valid_i,
    .read_i,
    .byte_enables_i,
    .address_i,
    .data_i,
    .hit_o   (in_hit),
    .data_o  (in_data),
    .lookup_i(link_q),
    .lookup_o(in)
  );

  assign hit_o  = in_hit || out_hit;
  assign data_o = in_data | out_data;
  assign idle_o = sent_q == '0;

  // The top bit of an entry enables it.
  always_comb begin
    sent_d   = '0;
    link_d   = link_q;
    count_o  = '0;
    labels_o = '0;
    for (int k = 0; k < 2; k++) begin
      if (2'(k) < count_i && !madc_i[k] && out[OutWidth*k+OutWidth-1]) begin
        link_d[15*sent_d[0]+:15] = out[OutWidth*k+:15];
        sent_d                   = sent_d + 2'd1;
      end
      if (2'(k) < sent_q && in[InWidth*k+InWidth-1]) begin
        labels_o[16*count_o[0]+:16] = in[InWidth*k+:16];
        count_o                     = count_o + 2'd1;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      sent_q <= '0;
      link_q <= '0;
    end else if (tick_i) begin
      sent_q <= sent_d;
      link_q <= link_d;
    end
  end

endmodule
