// SPDX-License-Identifier: Apache-2.0
// One 8-channel DAC of the cube board, from its SPI pins to the codes at its outputs
// (docs/timing.md section 11). Voltages are not modelled.
module board_dac (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  // pins
  input  logic        cs_ni,
  input  logic        sck_i,
  input  logic        mosi_i,
  // state
  output logic [95:0] output_o,     // code of channel i in [12*i +: 12], 0 while powered down
  output logic [ 7:0] gain_o,       // gain and reference settings
  output logic [ 7:0] power_down_o  // channels that are off
);

  localparam logic [1:0] Gain = 2'(machine_pkg::DacRegisterGain);
  localparam logic [1:0] Ldac = 2'(machine_pkg::DacRegisterLdac);
  localparam logic [1:0] PowerDown = 2'(machine_pkg::DacRegisterPowerDown);
  localparam logic [1:0] Follow = 2'(machine_pkg::DacLdacFollow);
  localparam logic [1:0] Hold = 2'(machine_pkg::DacLdacHold);
  localparam logic [1:0] Once = 2'(machine_pkg::DacLdacOnce);

  logic [15:0] word;
  logic frame_end;

  board_shift_register #(
    .Width(16)
  ) u_shift (
    .clk_i,
    .rst_ni,
    .tick_i,
    .cs_ni,
    .sck_i,
    .mosi_i,
    .shift_o(word),
    .end_o  (frame_end)
  );

  logic [95:0] input_d, input_q;  // written codes
  logic [95:0] output_d, output_q;  // taken over to the outputs
  logic [7:0] gain_d, gain_q, power_down_d, power_down_q;
  logic follow_d, follow_q;  // outputs follow the inputs at once

  always_comb begin
    input_d      = input_q;
    output_d     = output_q;
    gain_d       = gain_q;
    power_down_d = power_down_q;
    follow_d     = follow_q;
    if (!word[15]) begin
      input_d[12*word[14:12]+:12] = word[11:0];
      if (follow_q) output_d = input_d;
    end else begin
      case (word[14:13])
        Gain:      gain_d = word[7:0];
        Ldac: begin
          if (word[1:0] == Follow || word[1:0] == Once) output_d = input_q;
          if (word[1:0] == Follow || word[1:0] == Hold) follow_d = word[1:0] == Follow;
        end
        PowerDown: power_down_d = word[7:0];
        default: begin  // reset
          input_d  = '0;
          output_d = '0;
          if (word[machine_pkg::DacResetAllBit]) begin
            gain_d       = '0;
            power_down_d = '0;
            follow_d     = 1'b0;
          end
        end
      endcase
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      input_q      <= '0;
      output_q     <= '0;
      gain_q       <= '0;
      power_down_q <= '0;
      follow_q     <= 1'b0;
    end else if (tick_i && frame_end) begin
      input_q      <= input_d;
      output_q     <= output_d;
      gain_q       <= gain_d;
      power_down_q <= power_down_d;
      follow_q     <= follow_d;
    end
  end

  always_comb begin
    for (int i = 0; i < 8; i++) output_o[12*i+:12] = power_down_q[i] ? '0 : output_q[12*i+:12];
  end
  assign gain_o       = gain_q;
  assign power_down_o = power_down_q;

endmodule
