// SPDX-License-Identifier: Apache-2.0
#include "board.h"

#include <cstring>

#include "hxcosim/omnibus.h"

namespace {

constexpr uint32_t kShiftRegisterMask = (1u << 24) - 1;

}  // namespace

void Board::power_on() {
  std::memset(static_cast<void *>(this), 0, sizeof *this);
  shift_register = HX_MACHINE_BOARD_SHIFT_REGISTER_RESET;
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

bool Board::spi_hit(uint32_t address) {
  return address - HX_OMNIBUS_SPI_MASTER_BASE < HX_OMNIBUS_SPI_MASTER_COUNT;
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
