# SPDX-License-Identifier: Apache-2.0
"""Coordinates of the first wafer system, which its setups in the hardware database use [M130].

A wafer carries 48 reticles of eight chips; each reticle has its FPGA and its DNC.
"""

import enum

from hal.halco.coordinate import Mixin
from hal.halco.numbers import Coordinate, Ranged


class SetupType(enum.IntEnum):
    """Kind of a setup."""

    BSSWafer = 0

    def __str__(self) -> str:
        return f"SetupType.{self.name}"


class Wafer(Ranged, Coordinate, max=65535):
    """A wafer module."""

    __slots__ = ()


class DNCOnWafer(Ranged, Coordinate, max=47):
    """Digital network chip, and thereby reticle, of a wafer."""

    __slots__ = ()


class FPGAOnWafer(Ranged, Coordinate, max=47):
    """FPGA of a wafer."""

    __slots__ = ()


class HICANNOnWafer(Ranged, Coordinate, max=383):
    """Neuron chip of a wafer."""

    __slots__ = ()


class DNCGlobal(Mixin, DNCOnWafer, Coordinate, block=Wafer):
    """Digital network chip, and thereby reticle, of all wafers."""

    __slots__ = ()


class FPGAGlobal(Mixin, FPGAOnWafer, Coordinate, block=Wafer):
    """FPGA of all wafers."""

    __slots__ = ()


class HICANNGlobal(Mixin, HICANNOnWafer, Coordinate, block=Wafer):
    """Neuron chip of all wafers."""

    __slots__ = ()


class ChannelOnADC(Ranged, Coordinate, max=7):
    """Channel of an external ADC."""

    __slots__ = ()


class TriggerOnADC(Ranged, Coordinate, max=1):
    """Trigger input of an external ADC."""

    __slots__ = ()


class TCPPort(Ranged, Coordinate, max=65535, bits=16):
    """Port of a service."""

    __slots__ = ()
