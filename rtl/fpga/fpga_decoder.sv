// SPDX-License-Identifier: Apache-2.0
// Classifies a to-FPGA word and cuts it into its fields; purely combinational.
// It does not execute anything: which field is meaningful depends on the kind.
module fpga_decoder (
  input logic [63:0] word_i,
  output logic filler_o,  // comma word, no instruction
  output logic unknown_o,  // header outside the dictionary
  output logic [3:0] kind_o,  // message id (ut_pkg::ToFpga*Id) when neither of them
  output logic [7:0] scaler_o,
  output logic [6:0] jtag_ins_o,
  output logic [32:0] jtag_data_o,
  output logic [7:0] jtag_bits_o,
  output logic jtag_keep_o,
  output logic [31:0] wait_o,
  output logic [4:0] barrier_o,
  output logic flag_o,  // payload bit of SystimeInit, PollingOmnibusBlock, Reset, Loopback
  output logic [31:0] address_o,
  output logic [3:0] byte_enables_o,
  output logic is_read_o,
  output logic [31:0] write_data_o,
  output logic [1:0] spike_count_o,  // labels of a SpikePack, 0 for other kinds
  output logic [47:0] spike_labels_o  // label k in [16*k +: 16], k = 0 is the first one
);

  logic [7:0] header;

  assign header    = word_i[63:56];
  assign filler_o  = header[7];
  assign unknown_o = !filler_o && header >= 8'(ut_pkg::ToFpgaCount);
  assign kind_o    = header[3:0];

  assign scaler_o = word_i[ut_pkg::ToFpgaJtagScalerScalerMsb:ut_pkg::ToFpgaJtagScalerScalerLsb];
  assign jtag_ins_o =
      word_i[ut_pkg::ToFpgaJtagInsInstructionMsb:ut_pkg::ToFpgaJtagInsInstructionLsb];
  assign jtag_data_o = word_i[ut_pkg::ToFpgaJtagDataDataMsb:ut_pkg::ToFpgaJtagDataDataLsb];
  assign jtag_bits_o = word_i[ut_pkg::ToFpgaJtagDataNumBitsMsb:ut_pkg::ToFpgaJtagDataNumBitsLsb];
  assign jtag_keep_o = word_i[ut_pkg::ToFpgaJtagDataKeepResponseLsb];
  assign wait_o = word_i[ut_pkg::ToFpgaWaitUntilTimeMsb:ut_pkg::ToFpgaWaitUntilTimeLsb];
  assign barrier_o = word_i[ut_pkg::ToFpgaBarrierPayloadWidth-1:0];
  assign flag_o = word_i[ut_pkg::ToFpgaLoopbackTickLsb];
  assign address_o =
      word_i[ut_pkg::ToFpgaOmnibusAddressAddressMsb:ut_pkg::ToFpgaOmnibusAddressAddressLsb];
  assign byte_enables_o =
      word_i[ut_pkg::ToFpgaOmnibusAddressByteEnablesMsb:ut_pkg::ToFpgaOmnibusAddressByteEnablesLsb];
  assign is_read_o = word_i[ut_pkg::ToFpgaOmnibusAddressIsReadLsb];
  assign write_data_o = word_i[ut_pkg::ToFpgaOmnibusDataDataMsb:ut_pkg::ToFpgaOmnibusDataDataLsb];

  // The first label is the most significant one of the pack.
  always_comb begin
    spike_count_o  = 2'd0;
    spike_labels_o = '0;
    unique case (header)
      ut_pkg::ToFpgaSpikePack1Id: begin
        spike_count_o = 2'd1;
        spike_labels_o[15:0] =
            word_i[ut_pkg::ToFpgaSpikePack1Label0Msb:ut_pkg::ToFpgaSpikePack1Label0Lsb];
      end
      ut_pkg::ToFpgaSpikePack2Id: begin
        spike_count_o = 2'd2;
        spike_labels_o[15:0] =
            word_i[ut_pkg::ToFpgaSpikePack2Label0Msb:ut_pkg::ToFpgaSpikePack2Label0Lsb];
        spike_labels_o[31:16] =
            word_i[ut_pkg::ToFpgaSpikePack2Label1Msb:ut_pkg::ToFpgaSpikePack2Label1Lsb];
      end
      ut_pkg::ToFpgaSpikePack3Id: begin
        spike_count_o = 2'd3;
        spike_labels_o[15:0] =
            word_i[ut_pkg::ToFpgaSpikePack3Label0Msb:ut_pkg::ToFpgaSpikePack3Label0Lsb];
        spike_labels_o[31:16] =
            word_i[ut_pkg::ToFpgaSpikePack3Label1Msb:ut_pkg::ToFpgaSpikePack3Label1Lsb];
        spike_labels_o[47:32] =
            word_i[ut_pkg::ToFpgaSpikePack3Label2Msb:ut_pkg::ToFpgaSpikePack3Label2Lsb];
      end
      default: ;
    endcase
  end

endmodule
