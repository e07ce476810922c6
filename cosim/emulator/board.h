// SPDX-License-Identifier: Apache-2.0
// The board around the FPGA with the masters that reach it: a translation of docs/timing.md section 11.
// Plain data, part of the FPGA's state.
#ifndef HXCOSIM_EMULATOR_BOARD_H
#define HXCOSIM_EMULATOR_BOARD_H

#include <cstdint>

#include "hxcosim/board.h"
#include "hxcosim/machine.h"
#include "hxcosim/omnibus.h"

struct Dac {
  uint16_t word;  // of the last frames, the newest bits lowest
  uint16_t input[8], held[8];
  uint8_t gain, power_down;
  bool follow;

  void take(uint32_t frame, unsigned bits);
  uint16_t output(unsigned channel) const { return power_down >> channel & 1 ? 0 : held[channel]; }
};

// The devices of the I2C bus; calls come in the order in which bytes cross it.
struct I2cDevices {
  uint16_t registers[HX_BOARD_REGISTERS];
  uint8_t pointer[HX_BOARD_DEVICES];
  uint8_t memory[HX_BOARD_EEPROM_WRITEABLE];
  uint8_t device;  // the addressed one
  bool first, low, pending;
  uint8_t high;

  void power_on();
  void start() { pending = false; }
  bool address(uint8_t slave);  // whether there is such a device
  void write(uint8_t byte);
  uint8_t load(uint32_t control);
  void stop();

 private:
  bool wide() const { return HX_BOARD_WIDE_DEVICES >> device & 1; }
  uint16_t value(uint32_t control) const;
  uint16_t stored(uint8_t number) const;
  void store(uint8_t target, uint16_t value);
};

struct Board {
  // SPI master
  uint32_t bytes;  // collected, the newest lowest
  uint8_t count;   // 0..3
  bool running, owned;
  uint8_t select, frame_bits;
  uint32_t frame;
  uint64_t done;
  // I2C master
  uint16_t prescaler;
  bool i2c_running, i2c_owned;
  bool i2c_read, i2c_stop;  // the access under way or the one before
  uint8_t i2c_slave;
  bool i2c_held, i2c_missed;
  uint8_t i2c_byte;
  uint64_t i2c_load, i2c_done;
  // devices
  I2cDevices i2c;
  uint32_t shift_register;
  Dac dacs[2];

  void power_on();
  static bool spi_hit(uint32_t address) {
    return address - HX_OMNIBUS_SPI_MASTER_BASE < HX_OMNIBUS_SPI_MASTER_COUNT;
  }
  // Whether a write to the SPI master cannot complete in this tick.
  bool spi_busy(uint64_t tick, uint32_t data) const;
  // One tick; `write`: a write of `data` is on the bus.
  void spi_tick(uint64_t tick, bool write, uint32_t address, uint32_t data, bool clear);

  static bool i2c_master_hit(uint32_t address) {
    return address - HX_OMNIBUS_I2C_MASTER_BASE < HX_OMNIBUS_I2C_MASTER_COUNT;
  }
  // The master or its prescaler.
  static bool i2c_hit(uint32_t address) {
    return i2c_master_hit(address) || address == HX_OMNIBUS_I2C_PRESCALER_BASE;
  }
  // Whether an access to the I2C master or its prescaler cannot complete in this tick.
  bool i2c_waits(uint64_t tick, uint32_t address) const;
  uint32_t i2c_value(uint32_t address) const;
  void write_prescaler(uint32_t data, uint8_t byte_enables);
  // One tick; `access`: one to the master is on the bus.
  void i2c_tick(uint64_t tick, bool access, bool read, uint32_t address, uint32_t data, bool clear);
  // Whether the tick changes nothing; `next`: the next one that does, if it is earlier.
  bool idle(uint64_t tick, uint64_t &next) const;
};

#endif
