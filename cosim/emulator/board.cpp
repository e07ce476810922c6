// SPDX-License-Identifier: Apache-2.0
#include "board.h"

#include <algorithm>
#include <cstring>

#include "hxcosim/omnibus.h"

namespace {

constexpr uint64_t kNoTick = ~uint64_t{0};
constexpr uint32_t kShiftRegisterMask = (1u << 24) - 1;

}  // namespace

void Board::power_on() {
  std::memset(static_cast<void *>(this), 0, sizeof *this);
  shift_register = HX_MACHINE_BOARD_SHIFT_REGISTER_RESET;
  prescaler = HX_MACHINE_I2C_PRESCALER_RESET;
  i2c.power_on();
}

void Dac::take(uint32_t frame, unsigned bits) {
  word = uint16_t(uint64_t{word} << bits | frame);
  if (!(word >> 15)) {
    const unsigned channel = word >> 12 & 7;
    input[channel] = word & 0xfff;
    if (follow) std::memcpy(held, input, sizeof held);
    return;
  }
  const unsigned mode = word & 3;
  switch (word >> 13 & 3) {
    case HX_MACHINE_DAC_REGISTER_GAIN:
      gain = uint8_t(word);
      break;
    case HX_MACHINE_DAC_REGISTER_LDAC:
      if (mode == HX_MACHINE_DAC_LDAC_FOLLOW || mode == HX_MACHINE_DAC_LDAC_ONCE) {
        std::memcpy(held, input, sizeof held);
      }
      if (mode == HX_MACHINE_DAC_LDAC_FOLLOW || mode == HX_MACHINE_DAC_LDAC_HOLD) {
        follow = mode == HX_MACHINE_DAC_LDAC_FOLLOW;
      }
      break;
    case HX_MACHINE_DAC_REGISTER_POWER_DOWN:
      power_down = uint8_t(word);
      break;
    default:  // reset
      std::memset(input, 0, sizeof input);
      std::memset(held, 0, sizeof held);
      if (word >> HX_MACHINE_DAC_RESET_ALL_BIT & 1) {
        gain = power_down = 0;
        follow = false;
      }
      break;
  }
}

bool Board::spi_busy(uint64_t tick, uint32_t data) const {
  return running ? !(tick == done && owned) : data >> HX_OMNIBUS_SPI_LAST_BYTE_BIT & 1;
}

void Board::spi_tick(uint64_t tick, bool write, uint32_t address, uint32_t data, bool clear) {
  if (running) {
    if (tick == done) {
      running = false;
      count = 0;
      if (select & HX_OMNIBUS_SPI_SELECT_SHIFT_REGISTER) {
        shift_register = uint32_t(uint64_t{shift_register} << frame_bits | frame) & kShiftRegisterMask;
      }
      if (select & HX_OMNIBUS_SPI_SELECT_DAC0) dacs[0].take(frame, frame_bits);
      if (select & HX_OMNIBUS_SPI_SELECT_DAC1) dacs[1].take(frame, frame_bits);
    }
  } else if (write && !clear) {
    bytes = bytes << 8 | (data & 0xff);
    if (data >> HX_OMNIBUS_SPI_LAST_BYTE_BIT & 1) {
      running = owned = true;
      select = address & 7;
      frame_bits = uint8_t(8 * (count + 1));
      frame = frame_bits == 32 ? bytes : bytes & ((1u << frame_bits) - 1);
      done = tick + HX_MACHINE_SPI_BIT_TICKS * frame_bits + 1;
    } else if (count != 3) {
      ++count;
    }
  }
  if (clear) {
    owned = false;
    count = 0;
  }
}

void I2cDevices::power_on() {
  std::memcpy(registers, HX_BOARD_REGISTER_RESET, sizeof registers);
  std::memset(memory, HX_BOARD_EEPROM_FILL, sizeof memory);
}

bool I2cDevices::address(uint8_t slave) {
  for (unsigned i = 0; i < HX_BOARD_DEVICES; ++i) {
    if (HX_BOARD_SLAVE[i] == slave) {
      device = uint8_t(i);
      first = i != HX_BOARD_TCA9546;
      low = false;
      return true;
    }
  }
  return false;
}

void I2cDevices::write(uint8_t byte) {
  uint8_t &number = pointer[device];
  if (device == HX_BOARD_TCA9546) {
    high = byte;
    pending = true;
  } else if (first) {
    number = byte;
    first = false;
  } else if (device == HX_BOARD_EEPROM) {
    if (number < HX_BOARD_EEPROM_WRITEABLE) memory[number] = byte;
    ++number;
  } else if (wide() && !low) {
    high = byte;
    low = true;
  } else {
    store(device, uint16_t(wide() ? high << 8 | byte : byte));
    low = false;
  }
}

void I2cDevices::stop() {
  if (pending) store(HX_BOARD_TCA9546, high);
  pending = false;
}

void I2cDevices::store(uint8_t target, uint16_t value) {
  const bool reset = target < HX_BOARD_INA219_COUNT && pointer[target] == 0 && value >> 15;
  for (unsigned i = 0; i < HX_BOARD_REGISTERS; ++i) {
    if (HX_BOARD_REGISTER_DEVICE[i] != target) continue;
    const uint16_t mask = HX_BOARD_REGISTER_MASK[i];
    if (reset) {
      registers[i] = HX_BOARD_REGISTER_RESET[i];
    } else if (HX_BOARD_REGISTER_NUMBER[i] == pointer[target]) {
      registers[i] = uint16_t((registers[i] & ~mask) | (value & mask));
    }
  }
}

uint16_t I2cDevices::stored(uint8_t number) const {
  for (unsigned i = 0; i < HX_BOARD_REGISTERS; ++i) {
    if (HX_BOARD_REGISTER_DEVICE[i] == device && HX_BOARD_REGISTER_NUMBER[i] == number) {
      return registers[i];
    }
  }
  return 0;
}

uint16_t I2cDevices::value(uint32_t control) const {
  const uint8_t number = pointer[device];
  if (device == HX_BOARD_TCA9554 && number == 0) {  // nothing pulls an input down
    return uint16_t((stored(1) | stored(3)) ^ stored(2));
  }
  if (device >= HX_BOARD_INA219_COUNT || number < 1 || number > 4) return stored(number);
  const bool on = control >> HX_BOARD_SUPPLY_BIT[device] & 1;
  const uint16_t shunt = on ? HX_BOARD_SHUNT_VOLTAGE[device] : 0;
  const uint16_t bus = on ? HX_BOARD_BUS_VOLTAGE[device] : HX_BOARD_CONVERSION_READY;
  const uint16_t current = uint16_t(uint32_t{shunt} * stored(5) >> 12);
  switch (number) {
    case 1:
      return shunt;
    case 2:
      return bus;
    case 3:
      return uint16_t(uint32_t{current} * (bus >> 3) / 5000);
    default:
      return current;
  }
}

uint8_t I2cDevices::load(uint32_t control) {
  if (device == HX_BOARD_EEPROM) {
    const uint8_t at = pointer[device]++;
    if (at < HX_BOARD_EEPROM_WRITEABLE) return memory[at];
    return at >> 4 == 0xf ? HX_BOARD_EEPROM_IDENTITY[at & 0xf] : uint8_t(HX_BOARD_EEPROM_FILL);
  }
  const uint16_t word = value(control);
  if (!wide()) return uint8_t(word);
  low = !low;
  return uint8_t(low ? word >> 8 : word);
}

bool Board::i2c_waits(uint64_t tick, uint32_t address) const {
  if (i2c_running) return !(tick == i2c_done && i2c_owned);
  return address != HX_OMNIBUS_I2C_PRESCALER_BASE;
}

uint32_t Board::i2c_value(uint32_t address) const {
  if (address == HX_OMNIBUS_I2C_PRESCALER_BASE) return prescaler;
  return uint32_t{i2c_missed} << HX_OMNIBUS_I2C_MISSING_ACKNOWLEDGE_BIT | i2c_byte;
}

void Board::write_prescaler(uint32_t data, uint8_t byte_enables) {
  if (byte_enables & 1) prescaler = uint16_t((prescaler & 0xff00) | (data & 0xff));
  if (byte_enables & 2) prescaler = uint16_t((prescaler & 0xff) | (data & 0xff00));
}

void Board::i2c_tick(uint64_t tick, bool access, bool read, uint32_t address, uint32_t data,
                     bool clear) {
  if (i2c_running) {
    if (tick == i2c_load) i2c_byte = i2c_missed ? 0xff : i2c.load(shift_register);
    if (tick == i2c_done) {
      i2c_running = false;
      i2c_held = i2c_owned && !i2c_stop;
    }
  } else if (access && !clear) {
    const uint8_t slave = address & 0x7f;
    const bool more = i2c_held && i2c_slave == slave && i2c_read == read &&
                      !(address & HX_OMNIBUS_I2C_REPEATED_START);
    unsigned bits = i2c_held && i2c_read;  // the acknowledge of the byte before
    if (!more) {
      bits += 10;
      i2c.start();
      i2c_missed = !i2c.address(slave);
    }
    i2c_read = read;
    i2c_slave = slave;
    i2c_stop = address & HX_OMNIBUS_I2C_STOP;
    const uint64_t quarter = std::max<uint64_t>(prescaler, 1);
    i2c_load = kNoTick;
    if (read) {
      i2c_load = tick + (4 * bits - 1) * quarter + 1;
    } else if (!i2c_missed) {
      i2c.write(uint8_t(data));
    }
    if (i2c_stop) i2c.stop();
    bits += (read ? 8 : 9) + (i2c_stop ? read + 1 : 0);
    i2c_done = tick + 4 * bits * quarter;
    i2c_running = i2c_owned = true;
  }
  if (clear) {
    i2c_owned = false;
    if (!i2c_running) i2c_held = false;
  }
}

bool Board::idle(uint64_t tick, uint64_t &next) const {
  if (running) {
    if (done == tick) return false;
    next = std::min(next, done);
  }
  if (i2c_running) {
    if (i2c_load == tick || i2c_done == tick) return false;
    if (i2c_load > tick) next = std::min(next, i2c_load);
    next = std::min(next, i2c_done);
  }
  return true;
}
