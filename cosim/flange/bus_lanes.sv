// SPDX-License-Identifier: Apache-2.0
// Omnibus accesses for the waveform, on FPGA and chip: who asks, which register, data and answer.
// Nothing reads the texts, so that a model without waveforms does not contain them.
module bus_lanes (
  input logic        valid_i,
  input logic [31:0] master_i,   // four characters
  input logic        read_i,
  input logic [31:0] address_i,
  input logic [31:0] data_i,
  input logic        answers_i,  // of a read
  input logic [31:0] answer_i
);
  logic [lanes_pkg::AccessWidth-1:0] access;
  logic [lanes_pkg::RegisterWidth-1:0] register;
  logic [31:0] address, written, read;

  always_comb begin
    access   = '0;
    register = '0;
    address  = '0;
    written  = '0;
    read     = answers_i ? answer_i : '0;
    if (valid_i) begin
      access   = {master_i, read_i ? " reads " : " writes"};
      register = lanes_pkg::register(address_i);
      address  = address_i;
      written  = read_i ? '0 : data_i;
    end
  end
endmodule

bind fpga_top bus_lanes u_bus_lanes (
  .valid_i  (bus_valid),
  .master_i ("host"),
  .read_i   (bus_read),
  .address_i(bus_address),
  .data_i   (bus_data),
  .answers_i(omnibus_valid && omnibus_ready),
  .answer_i (omnibus_data)
);

bind asic_top bus_lanes u_bus_lanes (
  .valid_i  (bus_valid),
  .master_i (u_omnibus.link_valid_i ? "link" : u_omnibus.jtag_valid_i ? "JTAG" : "PPU "),
  .read_i   (bus_read),
  .address_i(bus_addr),
  .data_i   (bus_data),
  .answers_i(u_omnibus.ends && u_omnibus.read_q),
  .answer_i (rsp_data)
);
