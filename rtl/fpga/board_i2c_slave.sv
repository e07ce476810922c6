// SPDX-License-Identifier: Apache-2.0
// What the slaves of the board's I2C bus have in common: from the pins to bytes and back.
// It knows neither addresses nor registers.
module board_i2c_slave (
  input  logic       clk_i,
  input  logic       rst_ni,
  input  logic       tick_i,
  // pins
  input  logic       scl_i,
  input  logic       sda_i,
  output logic       sda_o,      // 0: pulls
  // registers; each pulse is one tick
  output logic       start_o,
  output logic       stop_o,
  output logic       address_o,  // byte_o is address and direction
  output logic       write_o,    // byte_o was written
  output logic [7:0] byte_o,
  input  logic       known_i,    // there is a slave of this address
  output logic       load_o,     // the next byte to be read is taken
  input  logic [7:0] data_i
);

  typedef enum logic [1:0] {
    StIdle,
    StAddress,
    StWrite,
    StRead
  } state_e;

  state_e state_d, state_q;
  logic [3:0] bits_d, bits_q;  // since the byte began; the ninth is the acknowledge
  logic [7:0] shift_d, shift_q;
  logic sda_d, sda_q, scl_last_q, sda_last_q;
  logic rising, falling;

  assign rising    = scl_i && !scl_last_q;
  assign falling   = !scl_i && scl_last_q;
  assign start_o   = scl_i && scl_last_q && !sda_i && sda_last_q;
  assign stop_o    = scl_i && scl_last_q && sda_i && !sda_last_q;
  assign address_o = falling && state_q == StAddress && bits_q == 4'd8;
  assign write_o   = falling && state_q == StWrite && bits_q == 4'd8;
  assign load_o    = falling && bits_q == 4'd9 &&
      (state_q == StRead || (state_q == StAddress && shift_q[0]));
  assign byte_o    = shift_q;
  assign sda_o     = sda_q;

  always_comb begin
    state_d = state_q;
    bits_d  = bits_q;
    shift_d = shift_q;
    sda_d   = sda_q;
    if (start_o || stop_o) begin
      if (start_o) state_d = StAddress;
      else state_d = StIdle;
      bits_d  = '0;
      sda_d   = 1'b1;
    end else if (rising && state_q != StIdle) begin
      bits_d = bits_q + 4'd1;
      if (bits_q != 4'd8) shift_d = {shift_q[6:0], sda_i};
      else if (state_q == StRead && sda_i) state_d = StIdle;
    end else if (falling && state_q != StIdle) begin
      if (bits_q == 4'd8) begin
        sda_d = state_q == StRead || (state_q == StAddress && !known_i);
        if (state_q == StAddress && !known_i) state_d = StIdle;
      end else if (bits_q == 4'd9) begin
        bits_d = '0;
        sda_d  = 1'b1;
        if (state_q == StAddress) state_d = StWrite;
        if (load_o) begin
          state_d = StRead;
          shift_d = data_i;
          sda_d   = data_i[7];
        end
      end else if (state_q == StRead) begin
        sda_d = shift_q[7];  // one has been shifted out
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q    <= StIdle;
      bits_q     <= '0;
      shift_q    <= '0;
      sda_q      <= 1'b1;
      scl_last_q <= 1'b1;
      sda_last_q <= 1'b1;
    end else if (tick_i) begin
      state_q    <= state_d;
      bits_q     <= bits_d;
      shift_q    <= shift_d;
      sda_q      <= sda_d;
      scl_last_q <= scl_i;
      sda_last_q <= sda_i;
    end
  end

endmodule
