// SPDX-License-Identifier: Apache-2.0
// JTAG test access port with the chip's data registers (docs/timing.md section 6).
// It acts at the end of a tick with TCK; boundary scan is not modelled: unknown instructions bypass.
module asic_jtag_tap (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  // pins
  input  logic        tck_i,            // enable, high during the tick of a pulse
  input  logic        tms_i,
  input  logic        tdi_i,
  output logic        tdo_o,
  // chip bus
  output logic        bus_valid_o,
  input  logic        bus_ready_i,
  output logic        bus_read_o,
  output logic [31:0] bus_addr_o,
  output logic [31:0] bus_data_o,
  input  logic        bus_rsp_valid_i,  // end of a read
  input  logic [31:0] bus_rsp_data_i,
  // PLL registers
  output logic [ 3:0] pll_index_o,
  output logic        pll_write_o,
  output logic [31:0] pll_data_o,
  input  logic [31:0] pll_data_i,
  // automatic-init bit of the PHY registers, in their order
  output logic [ 7:0] phy_auto_o
);

  typedef enum logic [3:0] {
    StReset,
    StIdle,
    StSelectDr,
    StCaptureDr,
    StShiftDr,
    StExit1Dr,
    StPauseDr,
    StExit2Dr,
    StUpdateDr,
    StSelectIr,
    StCaptureIr,
    StShiftIr,
    StExit1Ir,
    StPauseIr,
    StExit2Ir,
    StUpdateIr
  } state_e;

  state_e state_d, state_q;
  logic step;  // the TAP moves at the end of this cycle
  logic [6:0] ir_shift_d, ir_shift_q, ir_d, ir_q;
  logic [32:0] dr_d, dr_q, capture;
  logic [5:0] last;  // number of the register's last bit
  logic       is_phy;
  logic [2:0] phy;
  logic       update_dr;

  logic [3:0] pll_index_q;
  logic [31:0] addr_q, data_q;
  logic read_q, request_q;
  logic [21:0] phy_config_q[0:7];

  assign step      = tick_i && tck_i;
  assign update_dr = step && state_d == StUpdateDr;
  assign is_phy    = ir_q >= jtag_pkg::PhyConfigIr && ir_q[2:0] == jtag_pkg::PhyConfigIr[2:0];
  assign phy       = ir_q[5:3];

  always_comb begin
    state_d = state_q;
    case (state_q)
      StReset:     if (!tms_i) state_d = StIdle;
      StIdle:      if (tms_i) state_d = StSelectDr;
      StSelectDr:  if (tms_i) state_d = StSelectIr;
 else state_d = StCaptureDr;
      StCaptureDr: if (tms_i) state_d = StExit1Dr;
 else state_d = StShiftDr;
      StShiftDr:   if (tms_i) state_d = StExit1Dr;
      StExit1Dr:   if (tms_i) state_d = StUpdateDr;
 else state_d = StPauseDr;
      StPauseDr:   if (tms_i) state_d = StExit2Dr;
      StExit2Dr:   if (tms_i) state_d = StUpdateDr;
 else state_d = StShiftDr;
      StUpdateDr:  if (tms_i) state_d = StSelectDr;
 else state_d = StIdle;
      StSelectIr:  if (tms_i) state_d = StReset;
 else state_d = StCaptureIr;
      StCaptureIr: if (tms_i) state_d = StExit1Ir;
 else state_d = StShiftIr;
      StShiftIr:   if (tms_i) state_d = StExit1Ir;
      StExit1Ir:   if (tms_i) state_d = StUpdateIr;
 else state_d = StPauseIr;
      StPauseIr:   if (tms_i) state_d = StExit2Ir;
      StExit2Ir:   if (tms_i) state_d = StUpdateIr;
 else state_d = StShiftIr;
      StUpdateIr:  if (tms_i) state_d = StSelectDr;
 else state_d = StIdle;
      default:     state_d = StReset;
    endcase
  end

  // Length and captured value of the selected data register.
  always_comb begin
    last    = 6'd0;
    capture = '0;
    if (!step) begin
      // nothing moves
    end else if (is_phy) begin
      last    = 6'(jtag_pkg::PhyConfigDrWidth - 1);
      capture = 33'(phy_config_q[phy]);
    end else begin
      case (ir_q)
        jtag_pkg::IdcodeIr: begin
          last    = 6'(jtag_pkg::IdcodeDrWidth - 1);
          capture = 33'(jtag_pkg::Idcode);
        end
        jtag_pkg::PllTargetRegIr: begin
          last    = 6'(jtag_pkg::PllTargetRegDrWidth - 1);
          capture = 33'(pll_index_q);
        end
        jtag_pkg::ShiftPllIr: begin
          last    = 6'(jtag_pkg::ShiftPllDrWidth - 1);
          capture = 33'(pll_data_i);
        end
        jtag_pkg::OmnibusAddressIr: begin
          last    = 6'(jtag_pkg::OmnibusAddressDrWidth - 1);
          capture = {read_q, addr_q};
        end
        jtag_pkg::OmnibusDataIr: begin
          last    = 6'(jtag_pkg::OmnibusDataDrWidth - 1);
          capture = 33'(data_q);
        end
        jtag_pkg::OmnibusRequestIr: last = 6'(jtag_pkg::OmnibusRequestDrWidth - 1);
        default: ;  // bypass
      endcase
    end
  end

  always_comb begin
    ir_shift_d = ir_shift_q;
    ir_d       = ir_q;
    dr_d       = dr_q;
    case (state_q)
      StCaptureIr: ir_shift_d = 7'd1;
      StShiftIr:   ir_shift_d = {tdi_i, ir_shift_q[6:1]};
      StCaptureDr: dr_d = capture;
      StShiftDr: begin
        dr_d       = dr_q >> 1;
        dr_d[last] = tdi_i;
      end
      default:     ;
    endcase
    if (state_d == StUpdateIr) ir_d = ir_shift_q;
    if (state_d == StReset) ir_d = jtag_pkg::IdcodeIr;
  end

  assign tdo_o       = (state_q == StShiftIr) ? ir_shift_q[0] :
                       (state_q == StShiftDr) ? dr_q[0] : 1'b0;
  assign bus_valid_o = request_q;
  assign bus_read_o  = read_q;
  assign bus_addr_o  = addr_q;
  assign bus_data_o  = data_q;
  assign pll_index_o = pll_index_q;
  assign pll_write_o = update_dr && ir_q == jtag_pkg::ShiftPllIr;
  assign pll_data_o  = dr_q[31:0];

  always_comb begin
    for (int i = 0; i < 8; i++)
    phy_auto_o[i] = phy_config_q[i][containers_pkg::PhyConfigFPGAEnableAutoInitLsb];
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StReset;
    end else if (step) begin
      state_q <= state_d;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      ir_shift_q  <= '0;
      ir_q        <= jtag_pkg::IdcodeIr;
      dr_q        <= '0;
      pll_index_q <= '0;
      addr_q      <= '0;
      read_q      <= 1'b0;
      data_q      <= '0;
      request_q   <= 1'b0;
      for (int i = 0; i < 8; i++) phy_config_q[i] <= '0;
    end else begin
      if (bus_ready_i) request_q <= 1'b0;
      if (bus_rsp_valid_i) data_q <= bus_rsp_data_i;
      if (step) begin
        ir_shift_q <= ir_shift_d;
        ir_q       <= ir_d;
        dr_q       <= dr_d;
      end
      if (update_dr) begin
        if (is_phy) phy_config_q[phy] <= dr_q[21:0];
        case (ir_q)
          jtag_pkg::PllTargetRegIr:   pll_index_q <= dr_q[3:0];
          jtag_pkg::OmnibusAddressIr: {read_q, addr_q} <= dr_q;
          jtag_pkg::OmnibusDataIr:    data_q <= dr_q[31:0];
          jtag_pkg::OmnibusRequestIr: request_q <= 1'b1;
          default: ;
        endcase
      end
    end
  end

endmodule
