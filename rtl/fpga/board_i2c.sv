// SPDX-License-Identifier: Apache-2.0
// The board's I2C devices behind one pair of pins: power monitors, thermometer, port expander,
// potentiometers, DAC, multiplexer and EEPROM (docs/timing.md section 11). What is measured is fixed
// but for supplies that are off.
module board_i2c (
  input  logic        clk_i,
  input  logic        rst_ni,    // power-on
  input  logic        tick_i,
  // pins
  input  logic        scl_i,
  input  logic        sda_i,
  output logic        sda_o,
  // board
  input  logic [23:0] control_i  // shift register: supplies
);

  localparam int Registers = board_pkg::Registers;
  localparam int Writeable = board_pkg::EepromWriteable;

  logic start, stop, address, write, load, known;
  logic [7:0] byte_in, byte_out;

  board_i2c_slave u_slave (
    .clk_i,
    .rst_ni,
    .tick_i,
    .scl_i,
    .sda_i,
    .sda_o,
    .start_o  (start),
    .stop_o   (stop),
    .address_o(address),
    .write_o  (write),
    .byte_o   (byte_in),
    .known_i  (known),
    .load_o   (load),
    .data_i   (byte_out)
  );

  logic [3:0] found, device_d, device_q;  // the addressed one
  logic [8*board_pkg::Devices-1:0] pointer_d, pointer_q;  // each device's register number
  logic first_d, first_q;  // the next byte is a register number
  logic low_d, low_q;  // the next byte is the lower one of a register
  logic [7:0] high_d, high_q;
  logic pending_d, pending_q;  // the multiplexer waits for a stop
  logic [16*Registers-1:0] registers_q;
  logic [7:0] memory_q[0:Writeable-1];

  logic [7:0] number;
  logic wide, memory, store, memory_write;
  logic [ 3:0] target;
  logic [15:0] value;

  assign number       = pointer_q[8*device_q+:8];
  assign wide         = board_pkg::WideDevices[device_q];
  assign memory       = device_q == 4'(board_pkg::Eeprom);
  assign memory_write = write && !first_q && memory && number < 8'(Writeable);

  always_comb begin
    known = 1'b0;
    found = '0;
    for (int i = 0; i < board_pkg::Devices; i++) begin
      if (byte_in[7:1] == board_pkg::Slave[7*i+:7]) begin
        known = 1'b1;
        found = 4'(i);
      end
    end
  end

  // Bytes from the bus
  always_comb begin
    device_d  = device_q;
    pointer_d = pointer_q;
    first_d   = first_q;
    low_d     = low_q;
    high_d    = high_q;
    pending_d = pending_q;
    store     = 1'b0;
    target    = device_q;
    value     = wide ? {high_q, byte_in} : {8'd0, byte_in};
    if (address && known) begin
      device_d = found;
      first_d  = found != 4'(board_pkg::Tca9546);
      low_d    = 1'b0;
    end
    if (write && device_q == 4'(board_pkg::Tca9546)) begin
      high_d    = byte_in;
      pending_d = 1'b1;
    end else if (write && first_q) begin
      pointer_d[8*device_q+:8] = byte_in;
      first_d                  = 1'b0;
    end else if (write && wide && !low_q) begin
      high_d = byte_in;
      low_d  = 1'b1;
    end else if (write) begin
      store = !memory;
      low_d = 1'b0;
    end
    if (load && wide) low_d = !low_q;
    if (memory && (load || (write && !first_q))) pointer_d[8*device_q+:8] = number + 8'd1;
    if (stop && pending_q) begin
      store  = 1'b1;
      target = 4'(board_pkg::Tca9546);
      value  = {8'd0, high_q};
    end
    if (start || stop) pending_d = 1'b0;
  end

  // The register that is stored into; a bit of a monitor's first one resets them all.
  logic [7:0] place;
  logic restart;

  assign place   = pointer_q[8*target+:8];
  assign restart = target < 4'(board_pkg::Ina219Count) && place == '0 && value[15];

  // What the addressed device's registers hold and measure, when a byte is wanted
  logic [15:0] stored, calibration, polarity, level, bus, shunt;
  logic monitor, expander_inputs;

  assign monitor         = device_q < 4'(board_pkg::Ina219Count);
  assign expander_inputs = device_q == 4'(board_pkg::Tca9554) && number == '0;

  always_comb begin
    stored      = '0;
    calibration = '0;
    polarity    = '0;
    level       = 16'h00FF;  // nothing pulls an input down
    bus         = board_pkg::ConversionReady;
    shunt       = '0;
    if (load) begin
      for (int i = 0; i < Registers; i++) begin
        if (board_pkg::RegisterDevice[4*i+:4] == device_q) begin
          if (board_pkg::RegisterNumber[8*i+:8] == number) stored = registers_q[16*i+:16];
          case (board_pkg::RegisterNumber[8*i+:8])
            8'd1:    level = level & registers_q[16*i+:16];
            8'd2:    polarity = registers_q[16*i+:16];
            8'd3:    level = level | registers_q[16*i+:16];
            8'd5:    calibration = registers_q[16*i+:16];
            default: ;
          endcase
        end
      end
      for (int i = 0; i < board_pkg::Ina219Count; i++) begin
        if (device_q == 4'(i) && control_i[board_pkg::SupplyBit[8*i+:5]]) begin
          bus   = board_pkg::BusVoltage[16*i+:16];
          shunt = board_pkg::ShuntVoltage[16*i+:16];
        end
      end
    end
  end

  // Datasheet of the INA219: current from shunt voltage and calibration, power from it.
  logic [15:0] current, power;
  logic [31:0] current_product, power_quotient;
  logic unused_products;

  assign current_product = 32'(shunt) * 32'(calibration);
  assign current         = current_product[27:12];
  assign power_quotient  = 32'(current) * 32'(bus[15:3]) / 32'd5000;
  assign power           = power_quotient[15:0];
  assign unused_products = ^{current_product[31:28], current_product[11:0], power_quotient[31:16]};

  // Byte to the bus
  logic [15:0] result;

  always_comb begin
    result = stored;
    if (monitor) begin
      case (number)
        8'd1:    result = shunt;
        8'd2:    result = bus;
        8'd3:    result = power;
        8'd4:    result = current;
        default: ;
      endcase
    end else if (expander_inputs) begin
      result = level ^ polarity;
    end
    byte_out = (wide && !low_q) ? result[15:8] : result[7:0];
    if (memory) begin
      byte_out = board_pkg::EepromFill;
      if (number < 8'(Writeable)) byte_out = memory_q[number[6:0]];
      else if (number[7:4] == '1) byte_out = board_pkg::EepromIdentity[8*number[3:0]+:8];
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      device_q    <= '0;
      pointer_q   <= '0;
      first_q     <= 1'b0;
      low_q       <= 1'b0;
      high_q      <= '0;
      pending_q   <= 1'b0;
      registers_q <= board_pkg::RegisterReset;
    end else if (tick_i) begin
      device_q    <= device_d;
      pointer_q   <= pointer_d;
      first_q     <= first_d;
      low_q       <= low_d;
      high_q      <= high_d;
      pending_q   <= pending_d;
      for (int i = 0; i < Registers; i++) begin
        if (store && board_pkg::RegisterDevice[4*i+:4] == target) begin
          if (restart) begin
            registers_q[16*i+:16] <= board_pkg::RegisterReset[16*i+:16];
          end else if (board_pkg::RegisterNumber[8*i+:8] == place) begin
            registers_q[16*i+:16] <= (registers_q[16*i+:16] & ~board_pkg::RegisterMask[16*i+:16]) |
                (value & board_pkg::RegisterMask[16*i+:16]);
          end
        end
      end
    end
  end

`ifndef YOSYS  // it would unroll the loop
  initial begin
    for (int i = 0; i < Writeable; i++) memory_q[i] = board_pkg::EepromFill;
  end
`endif

  always_ff @(posedge clk_i) begin
    if (tick_i && memory_write) memory_q[number[6:0]] <= byte_in;
  end

endmodule
