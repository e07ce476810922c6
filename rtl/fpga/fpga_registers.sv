// SPDX-License-Identifier: Apache-2.0
// The FPGA's own Omnibus registers: executor, systime, PHY control and status.
// It answers in the tick of the access; addresses without a register answer 0 and are reported.
module fpga_registers (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         tick_i,
  input  logic         clear_i,           // connection reset: executor registers only
  // bus
  input  logic         valid_i,
  input  logic         read_i,
  input  logic [  3:0] byte_enables_i,
  input  logic [ 31:0] address_i,
  input  logic [ 31:0] data_i,
  output logic [ 31:0] data_o,
  output logic         unmapped_o,
  // executor
  output logic         filter_writes_o,
  output logic         record_o,
  output logic [ 31:0] poll_address_o,
  output logic [ 31:0] poll_mask_o,
  output logic [ 31:0] poll_target_o,
  output logic [ 31:0] timeout_o,
  input  logic [ 31:0] timer_i,
  // systime
  output logic [  3:0] systime_tries_o,
  input  logic [ 42:0] round_trip_i,
  input  logic [ 42:0] chip_time_i,
  input  logic         systime_active_i,
  // PHYs
  output logic [  7:0] phy_enable_o,
  output logic [175:0] phy_config_o,      // PHY i in [22*i +: 22]
  input  logic         events_dropped_i
);

  localparam int PhyConfigWidth = omnibus_pkg::PhyConfigFpgaWidth;

  logic filter_writes_q, record_q, correction_q;
  logic [31:0] poll_address_q, poll_mask_q, poll_target_q, timeout_q;
  logic [  3:0] tries_q;
  logic [  7:0] phy_enable_q;
  logic [175:0] phy_config_q;
  logic [ 31:0] dropped_q;

  logic [ 31:0] mask;
  logic phy_config_hit, phy_dropped_hit, write;
  logic [2:0] phy;

  assign write = valid_i && !read_i;
  assign mask = {
    {8{byte_enables_i[3]}}, {8{byte_enables_i[2]}}, {8{byte_enables_i[1]}}, {8{byte_enables_i[0]}}
  };
  assign phy = 3'(address_i - omnibus_pkg::PhyConfigFpgaBase);
  assign phy_config_hit = address_i >= omnibus_pkg::PhyConfigFpgaBase &&
      address_i < omnibus_pkg::PhyConfigFpgaBase + 32'(omnibus_pkg::PhyConfigFpgaCount);
  assign phy_dropped_hit = address_i >= omnibus_pkg::PhyRxDroppedCountBase &&
      address_i < omnibus_pkg::PhyRxDroppedCountBase + 32'(omnibus_pkg::PhyRxDroppedCountCount);

  always_comb begin
    data_o     = '0;
    unmapped_o = 1'b0;
    if (valid_i) begin
      case (address_i)
        omnibus_pkg::WriteResponseFilterBase: data_o = 32'(filter_writes_q);
        omnibus_pkg::DeviceDnaBase: data_o = machine_pkg::DeviceDnaHigh;
        omnibus_pkg::DeviceDnaBase + 32'd1: data_o = machine_pkg::DeviceDnaLow;
        omnibus_pkg::EventRecordingBase: data_o = 32'(record_q);
        omnibus_pkg::PollingBlockBase: data_o = poll_address_q;
        omnibus_pkg::PollingBlockBase + 32'd1: data_o = poll_target_q;
        omnibus_pkg::PollingBlockBase + 32'd2: data_o = poll_mask_q;
        omnibus_pkg::InstructionTimeoutBase: data_o = timeout_q;
        omnibus_pkg::SystimeCorrectionBarrierBase: data_o = 32'(correction_q);
        omnibus_pkg::ExecutorTimerBase: data_o = timer_i;
        omnibus_pkg::SystimeNumTriesBase: data_o = 32'(tries_q);
        omnibus_pkg::SystimeLastRttBase: data_o = 32'(round_trip_i[42:32]);
        omnibus_pkg::SystimeLastRttBase + 32'd1: data_o = round_trip_i[31:0];
        omnibus_pkg::SystimeLastAsicSystimeBase: data_o = 32'(chip_time_i[42:32]);
        omnibus_pkg::SystimeLastAsicSystimeBase + 32'd1: data_o = chip_time_i[31:0];
        omnibus_pkg::SystimeActiveBase: data_o = 32'(systime_active_i);
        omnibus_pkg::CommonPhyConfigFpgaBase: data_o = 32'(phy_enable_q);
        default: begin
          if (phy_config_hit) data_o = 32'(phy_config_q[PhyConfigWidth*phy+:PhyConfigWidth]);
          else if (phy_dropped_hit)
            data_o = address_i == omnibus_pkg::PhyRxDroppedCountBase ? dropped_q : '0;
          else unmapped_o = 1'b1;
        end
      endcase
    end
  end

  function automatic logic [31:0] merge(input logic [31:0] old_word, input logic [31:0] new_word,
                                        input logic [31:0] enables);
    merge = (old_word & ~enables) | (new_word & enables);
  endfunction

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      filter_writes_q <= 1'b1;
      record_q        <= 1'b1;
      correction_q    <= 1'b0;
      poll_address_q  <= '0;
      poll_mask_q     <= '0;
      poll_target_q   <= '0;
      timeout_q       <= machine_pkg::InstructionTimeoutReset;
      tries_q         <= 4'(machine_pkg::SystimeTriesReset);
      phy_enable_q    <= '0;
      phy_config_q    <= '0;
      dropped_q       <= '0;
    end else if (tick_i) begin
      if (events_dropped_i) dropped_q <= dropped_q + 32'd1;
      if (clear_i) begin
        filter_writes_q <= 1'b1;
        record_q        <= 1'b1;
        correction_q    <= 1'b0;
        poll_address_q  <= '0;
        poll_mask_q     <= '0;
        poll_target_q   <= '0;
        timeout_q       <= machine_pkg::InstructionTimeoutReset;
      end else if (write) begin
        case (address_i)
          omnibus_pkg::WriteResponseFilterBase:
          filter_writes_q <= mask[0] ? data_i[0] : filter_writes_q;
          omnibus_pkg::EventRecordingBase: record_q <= mask[0] ? data_i[0] : record_q;
          omnibus_pkg::PollingBlockBase: poll_address_q <= merge(poll_address_q, data_i, mask);
          omnibus_pkg::PollingBlockBase + 32'd1:
          poll_target_q <= merge(poll_target_q, data_i, mask);
          omnibus_pkg::PollingBlockBase + 32'd2: poll_mask_q <= merge(poll_mask_q, data_i, mask);
          omnibus_pkg::InstructionTimeoutBase: timeout_q <= merge(timeout_q, data_i, mask);
          omnibus_pkg::SystimeCorrectionBarrierBase:
          correction_q <= mask[0] ? data_i[0] : correction_q;
          omnibus_pkg::SystimeNumTriesBase: tries_q <= mask[0] ? data_i[3:0] : tries_q;
          omnibus_pkg::CommonPhyConfigFpgaBase:
          phy_enable_q <= mask[0] ? data_i[7:0] : phy_enable_q;
          default: begin
            if (phy_config_hit) begin
              phy_config_q[PhyConfigWidth*phy+:PhyConfigWidth] <=
                  (phy_config_q[PhyConfigWidth*phy+:PhyConfigWidth] & ~mask[PhyConfigWidth-1:0]) |
                  (data_i[PhyConfigWidth-1:0] & mask[PhyConfigWidth-1:0]);
            end
          end
        endcase
      end
    end
  end

  assign filter_writes_o = filter_writes_q;
  assign record_o        = record_q;
  assign poll_address_o  = poll_address_q;
  assign poll_mask_o     = poll_mask_q;
  assign poll_target_o   = poll_target_q;
  assign timeout_o       = timeout_q;
  assign systime_tries_o = tries_q;
  assign phy_enable_o    = phy_enable_q;
  assign phy_config_o    = phy_config_q;

endmodule
