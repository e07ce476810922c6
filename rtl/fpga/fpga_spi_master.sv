// SPDX-License-Identifier: Apache-2.0
// SPI master of the board: collects bytes, sends them as one frame to the selected slaves
// (docs/timing.md section 11). It knows no device and reads nothing back.
module fpga_spi_master (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic        clear_i,         // connection reset: drops collected bytes
  input  logic [42:0] tick_time_i,
  // bus: answer in the same tick unless busy
  input  logic        valid_i,
  input  logic        read_i,
  input  logic [ 3:0] byte_enables_i,
  input  logic [31:0] address_i,
  input  logic [31:0] data_i,
  output logic        hit_o,
  output logic        busy_o,
  // pins; sck_o is high in the tick at whose end the slaves sample
  output logic [ 2:0] cs_no,
  output logic        sck_o,
  output logic        mosi_o,
  // skipping
  output logic        idle_o,
  output logic [42:0] next_o
);

  localparam int Last = omnibus_pkg::SpiLastByteBit;
  localparam int Slaves = 3;
  localparam logic [42:0] BitTicks = 43'(machine_pkg::SpiBitTicks);

  logic [23:0] bytes_d, bytes_q;  // collected, the newest in 7:0
  logic [1:0] count_d, count_q;  // 0..3
  logic [31:0] shift_d, shift_q;  // bit 31 goes out next
  logic [5:0] left_d, left_q;  // bits
  logic running_d, running_q;
  logic owned_d, owned_q;  // the frame's access still waits on the bus
  logic [Slaves-1:0] select_d, select_q;
  logic [42:0] next_d, next_q;

  logic write, last, due, done;
  logic [7:0] new_byte;

  assign hit_o = valid_i && address_i >= omnibus_pkg::SpiMasterBase &&
      address_i < omnibus_pkg::SpiMasterBase + 32'(omnibus_pkg::SpiMasterCount);
  assign write = hit_o && !read_i;
  assign new_byte = byte_enables_i[0] ? data_i[7:0] : '0;
  assign last = write && byte_enables_i[Last/8] && data_i[Last];
  assign due = running_q && tick_time_i == next_q;
  assign done = due && left_q == '0;
  assign busy_o = write && (running_q ? !(done && owned_q) : last);

  assign cs_no = (running_q && !done) ? ~select_q : '1;
  assign sck_o = due && !done;
  assign mosi_o = running_q && shift_q[31];
  assign idle_o = !due && !(write && !running_q);
  assign next_o = running_q ? next_q : '1;

  always_comb begin
    bytes_d   = bytes_q;
    count_d   = count_q;
    shift_d   = shift_q;
    left_d    = left_q;
    running_d = running_q;
    owned_d   = owned_q;
    select_d  = select_q;
    next_d    = next_q;
    if (running_q) begin
      if (done) begin
        running_d = 1'b0;
        count_d   = '0;
      end else if (due) begin
        shift_d = shift_q << 1;
        left_d  = left_q - 6'd1;
        next_d  = tick_time_i + ((left_q == 6'd1) ? 43'd1 : BitTicks);
      end
    end else if (last) begin
      running_d = 1'b1;
      owned_d   = 1'b1;
      select_d  = address_i[Slaves-1:0];
      shift_d   = {bytes_q, new_byte} << (8 * (5'd3 - 5'(count_q)));
      left_d    = 6'd8 * (6'(count_q) + 6'd1);
      next_d    = tick_time_i + BitTicks;
    end else if (write) begin
      bytes_d = {bytes_q[15:0], new_byte};
      if (count_q != 2'd3) count_d = count_q + 2'd1;
    end
    if (clear_i) begin
      owned_d = 1'b0;
      if (!running_q) running_d = 1'b0;
      count_d = '0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      bytes_q   <= '0;
      count_q   <= '0;
      shift_q   <= '0;
      left_q    <= '0;
      running_q <= 1'b0;
      owned_q   <= 1'b0;
      select_q  <= '0;
      next_q    <= '0;
    end else if (tick_i) begin
      bytes_q   <= bytes_d;
      count_q   <= count_d;
      shift_q   <= shift_d;
      left_q    <= left_d;
      running_q <= running_d;
      owned_q   <= owned_d;
      select_q  <= select_d;
      next_q    <= next_d;
    end
  end

endmodule
