// SPDX-License-Identifier: Apache-2.0
// I2C master of the board: each access is a byte on the bus, with the start, address, acknowledge
// and stop that it needs around it (docs/timing.md section 11). It knows no device.
module fpga_i2c_master (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic        clear_i,         // connection reset: the next access begins with a start
  input  logic [42:0] tick_time_i,
  // bus: answer in the first tick that is not busy
  input  logic        valid_i,
  input  logic        read_i,
  input  logic [ 3:0] byte_enables_i,
  input  logic [31:0] address_i,
  input  logic [31:0] data_i,
  output logic        hit_o,
  output logic        busy_o,
  output logic [31:0] data_o,
  // pins, open drain: a line is low while somebody pulls
  output logic        scl_o,
  output logic        sda_o,
  input  logic        sda_i,
  // skipping
  output logic        idle_o,
  output logic [42:0] next_o
);

  // One bit on the bus is four quarters; SCL is high in the middle two.
  typedef enum logic [2:0] {
    StIdle,
    StAck,      // of the byte read before: it is known only now whether another one follows
    StStart,
    StAddress,
    StData,
    StNack,
    StStop
  } state_e;

  state_e state_d, state_q;
  logic [1:0] quarter_d, quarter_q;
  logic [3:0] bits_d, bits_q;  // still to come in this state, the present one included
  logic [8:0] shift_d, shift_q;  // bit 8 is on SDA
  logic [7:0] byte_d, byte_q;  // to be written, or what has been read
  logic [42:0] next_d, next_q;
  logic [15:0] prescaler_d, prescaler_q;
  logic [6:0] slave_d, slave_q;  // of the present or last address
  logic read_d, read_q;
  logic stop_d, stop_q;
  logic more_d, more_q;  // continues the transfer before
  logic held_d, held_q;  // the bus is held behind a byte
  logic missed_d, missed_q;  // nobody acknowledged the address
  logic owned_d, owned_q;  // the transfer's access still waits on the bus

  logic byte_hit, prescaler_hit, running, begins, follows, due, done, bit_end;
  logic [42:0] quarter_ticks;
  logic unused_data;

  assign unused_data = ^{data_i[31:16], byte_enables_i[3:2]};
  assign byte_hit = valid_i && address_i >= omnibus_pkg::I2cMasterBase &&
      address_i < omnibus_pkg::I2cMasterBase + 32'(omnibus_pkg::I2cMasterCount);
  assign prescaler_hit = valid_i && address_i == omnibus_pkg::I2cPrescalerBase;
  assign hit_o = byte_hit || prescaler_hit;
  assign running = state_q != StIdle;
  assign begins = byte_hit && !running && !clear_i;
  assign follows = held_q && slave_q == address_i[6:0] && read_q == read_i && !address_i[8];
  assign quarter_ticks = (prescaler_q == '0) ? 43'd1 : 43'(prescaler_q);
  assign due = running && tick_time_i == next_q;
  assign bit_end = due && quarter_q == 2'd3;
  assign done = bit_end && bits_q == 4'd1 &&
      (state_q == StStop || (state_q == StData && !stop_q));
  assign busy_o = hit_o && (running ? !(done && owned_q) : byte_hit);
  assign idle_o = !due && !(byte_hit && !running);
  assign next_o = running ? next_q : '1;

  always_comb begin
    data_o = '0;
    if (prescaler_hit) data_o = 32'(prescaler_q);
    else if (byte_hit) begin
      data_o[7:0] = byte_q;
      data_o[omnibus_pkg::I2cMissingAcknowledgeBit] = missed_q;
    end
  end

  // What is on the bus.
  always_comb begin
    scl_o = quarter_q == 2'd1 || quarter_q == 2'd2;
    sda_o = 1'b1;
    case (state_q)
      StIdle:            scl_o = !held_q;
      StStart: begin
        scl_o = (quarter_q == 2'd0) ? !held_q : quarter_q != 2'd3;
        sda_o = !quarter_q[1];
      end
      StStop: begin
        scl_o = quarter_q != 2'd0;
        sda_o = quarter_q[1];
      end
      StAck:             sda_o = !more_q;
      StAddress, StData: sda_o = shift_q[8];
      default:           ;
    endcase
  end

  always_comb begin
    state_d     = state_q;
    quarter_d   = quarter_q;
    bits_d      = bits_q;
    shift_d     = shift_q;
    byte_d      = byte_q;
    next_d      = next_q;
    prescaler_d = prescaler_q;
    slave_d     = slave_q;
    read_d      = read_q;
    stop_d      = stop_q;
    more_d      = more_q;
    held_d      = held_q;
    missed_d    = missed_q;
    owned_d     = owned_q;

    if (due) begin
      next_d    = tick_time_i + quarter_ticks;
      quarter_d = quarter_q + 2'd1;
      if (quarter_q == 2'd2) begin  // SDA counts at the end of the high time
        if (state_q == StAddress && bits_q == 4'd1) missed_d = sda_i;
        if (state_q == StData && read_q) byte_d = {byte_q[6:0], sda_i};
      end
      if (quarter_q == 2'd3) begin
        bits_d  = bits_q - 4'd1;
        shift_d = {shift_q[7:0], 1'b1};
        if (bits_q == 4'd1) begin
          bits_d = 4'd1;
          case (state_q)
            StAck: begin
              if (more_q) state_d = StData;
              else state_d = StStart;
            end
            StStart: state_d = StAddress;
            StAddress: state_d = StData;
            StData: begin
              if (!stop_q) state_d = StIdle;
              else if (read_q) state_d = StNack;
              else state_d = StStop;
            end
            StNack: state_d = StStop;
            default: state_d = StIdle;
          endcase
          if (state_d == StAddress) begin
            bits_d  = 4'd9;
            shift_d = {slave_q, read_q, 1'b1};
          end else if (state_d == StData) begin
            bits_d  = read_q ? 4'd8 : 4'd9;
            shift_d = read_q ? '1 : {byte_q, 1'b1};
          end
          if (state_d == StIdle) held_d = owned_q && !stop_q;
        end
      end
    end else if (begins) begin
      owned_d   = 1'b1;
      quarter_d = '0;
      bits_d    = 4'd1;
      next_d    = tick_time_i + quarter_ticks;
      byte_d    = byte_enables_i[0] ? data_i[7:0] : '0;
      slave_d   = address_i[6:0];
      read_d    = read_i;
      stop_d    = address_i[7];
      more_d    = follows;
      if (held_q && read_q) state_d = StAck;
      else if (follows) begin
        state_d = StData;
        bits_d  = 4'd9;
        shift_d = {byte_d, 1'b1};
      end else state_d = StStart;
    end else if (prescaler_hit && !read_i && !running) begin
      if (byte_enables_i[0]) prescaler_d[7:0] = data_i[7:0];
      if (byte_enables_i[1]) prescaler_d[15:8] = data_i[15:8];
    end
    if (clear_i) begin
      owned_d     = 1'b0;
      prescaler_d = prescaler_q;
      if (!running || done) held_d = 1'b0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q     <= StIdle;
      quarter_q   <= '0;
      bits_q      <= '0;
      shift_q     <= '0;
      byte_q      <= '0;
      next_q      <= '0;
      prescaler_q <= machine_pkg::I2cPrescalerReset;
      slave_q     <= '0;
      read_q      <= 1'b0;
      stop_q      <= 1'b0;
      more_q      <= 1'b0;
      held_q      <= 1'b0;
      missed_q    <= 1'b0;
      owned_q     <= 1'b0;
    end else if (tick_i) begin
      state_q     <= state_d;
      quarter_q   <= quarter_d;
      bits_q      <= bits_d;
      shift_q     <= shift_d;
      byte_q      <= byte_d;
      next_q      <= next_d;
      prescaler_q <= prescaler_d;
      slave_q     <= slave_d;
      read_q      <= read_d;
      stop_q      <= stop_d;
      more_q      <= more_d;
      held_q      <= held_d;
      missed_q    <= missed_d;
      owned_q     <= owned_d;
    end
  end

endmodule
