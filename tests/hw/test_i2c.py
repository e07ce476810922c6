# SPDX-License-Identifier: Apache-2.0
"""The devices on the board's I2C bus, through their containers and their raw registers."""

from random import Random

import numpy as np
import pytest
from dlens_vx_v3 import hal, halco, hxcomm, sta
from random_containers import random_container

from cosim import board
from cosim.machine import RESET_VALUES
from hal.fisch import addresses, words
from hal.haldls.declaration import Container

BARRIER, TIMER = halco.BarrierOnFPGA(), halco.TimerOnDLS()
READABLE = [hal.INA219Config, hal.TCA9554Config, hal.AD5252ChannelConfig]
READABLE += [hal.AD5252ChannelConfigPersistent, hal.DAC6573ChannelConfig, hal.TCA9546ChannelConfig]
MASTER, PRESCALER = addresses.I2C_MASTER, addresses.I2C_PRESCALER.base
FAST = 4


@pytest.fixture
def connection(shared: hxcomm.ConnectionHandle) -> hxcomm.ConnectionHandle:
    """A board with all supplies on and a fast bus."""
    builder = sta.PlaybackProgramBuilder()
    builder.write(halco.ShiftRegisterOnBoard(), hal.ShiftRegister())
    prescaler(builder, FAST)
    finish(builder, shared)
    return shared


def prescaler(builder: sta.PlaybackProgramBuilder, value: int) -> None:
    builder.write(halco.OmnibusAddress(PRESCALER), words.Omnibus(words.Omnibus.Value(value)))


def finish(builder: sta.PlaybackProgramBuilder, connection: hxcomm.ConnectionHandle) -> None:
    builder.block_until(BARRIER, hal.Barrier.omnibus)
    sta.run(connection, builder.done())


@pytest.mark.parametrize("cls", READABLE, ids=lambda cls: cls.__name__)
def test_write_and_read_back(connection: hxcomm.ConnectionHandle, cls: type[Container]) -> None:
    """Unique content at every coordinate, read when all of them are written."""
    rng = np.random.default_rng(len(cls.__name__))
    written = {at: random_container(cls, rng) for at in halco.iter_all(cls._at)}
    builder = sta.PlaybackProgramBuilder()
    for at, container in written.items():
        builder.write(at, container)
    tickets = {at: builder.read(at) for at in written}
    finish(builder, connection)
    assert {at: ticket.get() for at, ticket in tickets.items()} == written


def test_supplies_are_measured(connection: hxcomm.ConnectionHandle) -> None:
    """A supply that is switched off shows no voltage."""
    off = hal.ShiftRegister()
    off.set_enable_vdd(halco.VDDOnBoard.vdd12_analog, False)
    tickets = []
    for register in (hal.ShiftRegister(), off):
        builder = sta.PlaybackProgramBuilder()
        builder.write(halco.ShiftRegisterOnBoard(), register)
        tickets.append([builder.read(at) for at in halco.iter_all(halco.INA219StatusOnBoard)])
        finish(builder, connection)
    for i, (on, after) in enumerate(zip(*tickets, strict=True)):
        _, millivolts, milliamperes = board.SUPPLIES[i]
        voltage = on.get().bus_voltage.toUncalibratedVoltage()
        assert voltage == pytest.approx(millivolts / 1000, abs=0.004)
        watt = on.get().toUncalibratedPower().calculate()
        assert watt == pytest.approx(voltage * milliamperes / 1000, rel=0.03)
        assert not on.get().bus_voltage_overflow
        analog = i == 2
        assert (int(after.get().bus_voltage) == 0) == analog
        assert (after.get() == on.get()) == (not analog)


def test_power_follows_the_calibration(connection: hxcomm.ConnectionHandle) -> None:
    """Current and power registers, by the datasheet from shunt, bus voltage and calibration."""
    builder = sta.PlaybackProgramBuilder()
    cls = halco.I2CINA219RwRegisterOnBoard
    builder.write(cls(1), words.I2CINA219RwRegister(words.I2CINA219RwRegister.Value(0x4000)))
    tickets = [builder.read(halco.I2CINA219RoRegisterOnBoard(i)) for i in range(4)]
    finish(builder, connection)
    shunt, bus, power, current = (int(ticket.get().get()) for ticket in tickets)
    assert current == shunt * 0x4000 // 4096
    assert power == current * (bus >> 3) // 5000


def test_temperature_and_identity(connection: hxcomm.ConnectionHandle) -> None:
    builder = sta.PlaybackProgramBuilder()
    temperature = builder.read(halco.TMP112StatusOnBoard())
    identity = builder.read(halco.I2CIdRegisterOnBoard())
    finish(builder, connection)
    assert 20 < temperature.get().temperature.toUncalibratedTemperature() < 60
    (fpga,) = connection.get_hwdb_entry()[0].fpgas.values()
    assert int(identity.get().get()) == fpga.wing.eeprom_chip_serial


def test_inputs_of_the_expander(connection: hxcomm.ConnectionHandle) -> None:
    """An output shows what it drives, an open input is high, both subject to the polarity."""
    config = hal.TCA9554Config()
    outputs, modes, polarity = config.channel_output, config.channel_mode, config.channel_polarity
    random = Random(5)
    expected = []
    for channel in halco.iter_all(halco.TCA9554ChannelOnBoard):
        out, is_input, inverted = (random.random() < 0.5 for _ in range(3))
        outputs[channel] = out
        modes[channel] = config.ChannelMode(is_input)
        polarity[channel] = config.ChannelPolarity(inverted)
        expected.append((is_input or out) != inverted)
    config.channel_output, config.channel_mode = outputs, modes
    config.channel_polarity = polarity
    builder = sta.PlaybackProgramBuilder()
    builder.write(halco.TCA9554ConfigOnBoard(), config)
    ticket = builder.read(halco.TCA9554InputsOnBoard())
    finish(builder, connection)
    assert [bool(b) for b in ticket.get().channel_input] == expected


def test_missing_acknowledge(connection: hxcomm.ConnectionHandle) -> None:
    """Nobody answers: bit 31; somebody does: the bit is gone again."""
    builder = sta.PlaybackProgramBuilder()
    slaves = sorted({0, 1, 0x2B, 0x39, 0x7F} | {d.slave for d in board.DEVICES})
    tickets = [
        builder.read(halco.OmnibusAddress(MASTER.base + slave + addresses.I2C_STOP))
        for slave in slaves
    ]
    finish(builder, connection)
    known = {d.slave for d in board.DEVICES}
    for slave, ticket in zip(slaves, tickets, strict=True):
        assert bool(int(ticket.get().get().word) >> 31) == (slave not in known)


def test_a_program_waits_for_the_bus(connection: hxcomm.ConnectionHandle) -> None:
    """A register of two bytes: start, address, number, start, address, two bytes and stop."""
    bits = 1 + 9 + 9 + 1 + 9 + 2 * 9 + 1
    for value in (10, RESET_VALUES["I2cPrescalerReset"][1]):
        builder = sta.PlaybackProgramBuilder()
        prescaler(builder, value)
        builder.write(TIMER, hal.Timer())
        builder.read(halco.TMP112StatusOnBoard())
        builder.block_until(BARRIER, hal.Barrier.omnibus)
        after = builder.read(TIMER)
        finish(builder, connection)
        assert 0 < int(after.get().get()) - 4 * value * bits < 20
