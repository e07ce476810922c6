# SPDX-License-Identifier: Apache-2.0
"""Synapse drivers and the PADI buses that feed them.

Source of the facts: reference of the containers.
"""

from hal import halco
from hal.fisch import addresses
from hal.halco.arrays import typed_array
from hal.halco.numbers import Ranged, implicit
from hal.haldls.declaration import ArrayField, Container, DifferentialWriteTrait, Field
from hal.haldls.kinds import Enumeration
from hal.haldls.layout import Address, bits, lanes

__all__ = ["CommonPADIBusConfig", "CommonSTPConfig", "PADIEvent", "SynapseDriverConfig"]


class SynapseDriverConfig(
    DifferentialWriteTrait,
    Container,
    at=halco.SynapseDriverOnDLS,
    address=Address.region(addresses.SYNAPSE_DRIVER),
    unreadable_on=("simulation",),
):
    """Configuration of one synapse driver: addressing, row modes, plasticity, Hagen mode.

    Row modes are split: bit 0 of bottom/top at 4/5, bit 1 at 6/7; address_out, charge_sharing
    and hagen_dac_offset are active low; recovery is bit-reversed.
    """

    class RowMode(Enumeration):
        """Sign of a synapse row."""

        disabled = 0
        excitatory = 1
        inhibitory = 2
        excitatory_and_inhibitory = 3

    class Utilization(Ranged, max=15, bits=8):
        """Share of the synaptic resource that an event uses."""

    class Offset(Ranged, max=15, bits=8):
        """Offset of the amplitude modulated by short-term plasticity, for calibration."""

    class Recovery(Ranged, max=15, bits=8):
        """Speed of the recovery of the synaptic resource."""

    class HagenDACOffset(Ranged, max=63, bits=8):
        """Baseline of the converter in Hagen mode, for calibration."""

    class TargetVoltages(Ranged, max=1, bits=8):
        """Which of the two pairs of plasticity voltages the driver uses."""

    class RowAddressCompareMask(Ranged, max=31, bits=8, default=31):
        """Bits of the row select address that are compared."""

    enable_receiver = Field(bool, bits(15), serial="m_en_receiver")
    row_address_compare_mask = Field(
        RowAddressCompareMask,
        bits("13:9"),
        doc="zero bits ignore the row select address bit",
    )
    enable_address_out = Field(
        bool,
        bits(14, inverted=True),
        default=True,
        serial="m_en_address_out",
    )
    utilization = Field(Utilization, bits("3:0"))
    offset = Field(Offset, bits("7:4"))
    enable_hagen_dac = Field(bool, bits(8), serial="m_en_hagen_dac")
    recovery = Field(Recovery, bits("3:0", 1, reversed=True))
    row_mode_bottom = Field(RowMode, bits(4, 1, of=0), bits(6, 1, of=1))
    row_mode_top = Field(RowMode, bits(5, 1, of=0), bits(7, 1, of=1))
    hagen_dac_offset = Field(HagenDACOffset, bits("13:8", 1, inverted=True))
    select_target_voltages = Field(TargetVoltages, bits(0, 2))
    enable_readout = Field(bool, bits(1, 2), serial="m_en_readout")
    enable_renewing = Field(bool, bits(2, 2), doc="broken in silicon", serial="m_en_renewing")
    enable_hagen_modulation = Field(bool, bits(3, 2), serial="m_en_hagen_modulation")
    enable_stp = Field(bool, bits(4, 2), serial="m_en_stp")
    enable_charge_sharing = Field(
        bool,
        bits(6, 2, inverted=True),
        doc="broken in silicon",
        serial="m_en_charge_sharing",
    )
    enable_recovery = Field(bool, bits(7, 2), serial="m_en_recovery")


class PADIEvent(
    Container,
    at=halco.PADIEventOnDLS,
    address=Address.region(addresses.PADI_EVENT),
    access="w",
):
    """Event sent directly onto the PADI buses of a hemisphere."""

    class HagenAddress(Ranged, max=1):
        """Which of the two rows of a driver an activation goes to."""

    class HagenActivation(Ranged, max=31):
        """Activation in Hagen mode, a pulse length."""

    fire_bus_type = typed_array(bool, halco.PADIBusOnPADIBusBlock)

    fire_bus = ArrayField(fire_bus_type, lanes(range(4)))
    event_address = Field(
        halco.SynapseLabel,
        bits("21:16"),
        doc="6 bit; bit 5 = hagen_address, bits 4:0 = hagen_activation",
    )
    row_select_address = Field(halco.PADIRowSelectAddress, bits("26:22"))

    @property
    def hagen_address(self) -> HagenAddress:
        """Bit 5 of the event address."""
        return self.HagenAddress(self.event_address.value() // self.HagenActivation.size)

    @hagen_address.setter
    def hagen_address(self, value: HagenAddress | int) -> None:
        number = implicit(self.HagenAddress, value).value()
        activation = self.hagen_activation.value()
        self.event_address = halco.SynapseLabel(number * self.HagenActivation.size + activation)

    @property
    def hagen_activation(self) -> HagenActivation:
        """The low five bits of the event address."""
        return self.HagenActivation(self.event_address.value() % self.HagenActivation.size)

    @hagen_activation.setter
    def hagen_activation(self, value: HagenActivation | int) -> None:
        number = implicit(self.HagenActivation, value).value()
        address = self.hagen_address.value()
        self.event_address = halco.SynapseLabel(address * self.HagenActivation.size + number)


class CommonPADIBusConfig(
    DifferentialWriteTrait,
    Container,
    at=halco.CommonPADIBusConfigOnDLS,
    address=Address.region(addresses.COMMON_PADI_BUS_CONFIG),
    unreadable_on=("hardware",),
):
    """Configuration of the PADI buses of a hemisphere."""

    class DacenPulseExtension(Ranged, max=15):
        """By how much the converter pulses of a bus are lengthened."""

    enable_spl1_type = typed_array(bool, halco.PADIBusOnPADIBusBlock)
    enable_extended_timing_type = typed_array(bool, halco.PADIBusOnPADIBusBlock)
    dacen_pulse_extension_type = typed_array(DacenPulseExtension, halco.PADIBusOnPADIBusBlock)

    enable_spl1 = ArrayField(enable_spl1_type, lanes(range(4)))
    enable_extended_timing = ArrayField(enable_extended_timing_type, lanes(range(4, 8, 1)))
    dacen_pulse_extension = ArrayField(dacen_pulse_extension_type, lanes(range(16, 29, 4), 4))


class CommonSTPConfig(
    DifferentialWriteTrait,
    Container,
    at=halco.CommonSTPConfigOnDLS,
    address=Address.region(addresses.COMMON_STP_CONFIG),
    unreadable_on=(
        "hardware",
        "simulation",
    ),
):
    """Recovery clock of the short-term plasticity of a hemisphere."""

    class RecoveryClockSpeed(Ranged, max=15):
        """Divider of the recovery clock, as a power of two."""

    enable_recovery_clock = Field(bool, bits(4))
    recovery_clock_speed = Field(RecoveryClockSpeed, bits("3:0"))
