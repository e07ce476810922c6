# SPDX-License-Identifier: Apache-2.0
"""The Omnibus address map of FPGA and chip: the one declaration of every address.

Omnibus addresses count 32-bit words.
Bit 31 selects the FPGA; without it, the address is on the chip.

A `Region` is an array of equal entries, perhaps repeated in several blocks of the chip:
entry `i`, word `w` of block `b` lies at `bases[b] + stride * i + w`.
Verilog and C get the same numbers from `constants`.

Source of the facts: reference of the FPGA interface, section 4.
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["REGIONS", "Location", "Region", "constants", "find"]


@dataclass(frozen=True, slots=True)
class Region:
    """An array of `count` entries of `words` words each, in one or several blocks.

    `access` tells what the bus offers: `r`, `w` or `rw`; `widths` are the bits in use of each word.
    """

    name: str
    blocks: tuple[str, ...]
    bases: tuple[int, ...]
    count: int
    stride: int
    words: int
    widths: tuple[int, ...]
    access: str

    @property
    def base(self) -> int:
        """First address of the only block.

        :raises ValueError: if there are several blocks.
        """
        if len(self.bases) > 1:
            raise ValueError(f"{self.name} has a base in each of the blocks {self.blocks}")
        return self.bases[0]

    def address(self, entry: int = 0, word: int = 0, block: int = 0) -> int:
        """Address of one word.

        :raises OverflowError: for an entry, word or block that does not exist.
        """
        for what, value, count in (
            ("entry", entry, self.count),
            ("word", word, self.words),
            ("block", block, len(self.bases)),
        ):
            if not 0 <= value < count:
                raise OverflowError(f"{self.name}: {what} {value} is out of range [0, {count - 1}]")
        return self.bases[block] + self.stride * entry + word

    def addresses(self, entry: int = 0, block: int = 0) -> range:
        """Addresses of all words of an entry."""
        first = self.address(entry, 0, block)
        return range(first, first + self.words)


@dataclass(frozen=True, slots=True)
class Location:
    """What lies at an address."""

    region: Region
    block: int
    entry: int
    word: int

    def __str__(self) -> str:
        text = self.region.name
        if len(self.region.bases) > 1:
            text += f".{self.region.blocks[self.block]}"
        if self.region.count > 1:
            text += f"[{self.entry}]"
        return text + (f".word{self.word}" if self.region.words > 1 else "")


_regions: list[Region] = []


def _region(
    name: str,
    base: int | Mapping[str, int],
    count: int = 1,
    *,
    stride: int | None = None,
    words: int = 1,
    width: int | tuple[int, ...] = 32,
    access: str = "rw",
) -> Region:
    bases = base if isinstance(base, Mapping) else {"": base}
    blocks, addresses = tuple(bases), tuple(bases.values())
    widths = width if isinstance(width, tuple) else (width,) * words
    region = Region(name, blocks, addresses, count, stride or words, words, widths, access)
    _regions.append(region)
    return region


def _top_bottom(top: int, distance: int) -> dict[str, int]:
    return {"top": top, "bottom": top + distance}


# Bus splits: the bits that the address decoders look at (section 4.1).
FPGA_BIT = 31
"""1: FPGA, 0: chip."""
FPGA_REGISTERS_BIT = 27
"""1: registers, 0: external memory."""
FPGA_DRAM_BIT = 26
FPGA_MULTI_FPGA_BIT = 19
FPGA_MULTI_FPGA_TABLES_BIT = 18
FPGA_SPIKE_IO_BIT = 17
FPGA_LINK_TEST_BIT = 15
"""1: performance test and link counters."""
FPGA_PERIPHERALS_BIT = 14
"""1: UT, PHY, SPI, I2C, event switch; with bit 15: link counters."""
FPGA_SYSTIME_OR_PHY_BIT = 13
FPGA_SPI_AND_BELOW_BIT = 12
FPGA_I2C_AND_BELOW_BIT = 11
FPGA_EVENT_SWITCH_BIT = 10

# --- FPGA ---
EXTERNAL_PPU_MEMORY = _region("external_ppu_memory", 0x80000000, 0x8000)
EXTERNAL_PPU_DRAM_MEMORY = _region("external_ppu_dram_memory", 0x84000000, 0x4000000)
# The vector generators exist in other bitfiles, in place of the DRAM.
_VECTOR_GENERATOR = 0x1000
VECTOR_GENERATOR_CONTROL = _region(
    "vector_generator_control", _top_bottom(0x84000000, _VECTOR_GENERATOR), access="w"
)
VECTOR_GENERATOR_NOTIFICATION_ADDRESS = _region(
    "vector_generator_notification_address", _top_bottom(0x84000001, _VECTOR_GENERATOR)
)
VECTOR_GENERATOR_TRIGGER = _region(
    "vector_generator_trigger", _top_bottom(0x84000002, _VECTOR_GENERATOR), access="w"
)
VECTOR_GENERATOR_LUT = _region(
    "vector_generator_lut", _top_bottom(0x84000100, _VECTOR_GENERATOR), 256
)
VECTOR_GENERATOR_FIFO_WORD = _region(
    "vector_generator_fifo_word", _top_bottom(0x84000200, _VECTOR_GENERATOR), access="w"
)

WRITE_RESPONSE_FILTER = _region("write_response_filter", 0x88000000, width=1)
DEVICE_DNA = _region("device_dna", 0x88000003, words=2, width=(25, 32), access="r")
"""Word 0: high 25 bits, word 1: low 32 bits."""
EVENT_RECORDING = _region("event_recording", 0x88000005, width=1)
POLLING_BLOCK = _region("polling_block", 0x88000006, words=3, access="w")
"""Words: address, mask, target."""
INSTRUCTION_TIMEOUT = _region("instruction_timeout", 0x88000009)
"""FPGA cycles."""
SYSTIME_CORRECTION_BARRIER = _region("systime_correction_barrier", 0x8800000B, width=1)
EXECUTOR_TIMER = _region("executor_timer", 0x8800000C, access="r")

SYSTIME_NUM_TRIES = _region("systime_num_tries", 0x88002000, width=4)
SYSTIME_LAST_RTT = _region("systime_last_rtt", 0x88002001, words=2, width=(11, 32), access="r")
"""Word 0: high 11 bits, word 1: low 32 bits."""
SYSTIME_LAST_ASIC_SYSTIME = _region(
    "systime_last_asic_systime", 0x88002003, words=2, width=(11, 32), access="r"
)
"""Word 0: high 11 bits, word 1: low 32 bits."""
SYSTIME_ACTIVE = _region("systime_active", 0x88002005, width=1, access="r")

COMMON_PHY_CONFIG_FPGA = _region("common_phy_config_fpga", 0x88004000, width=8)
PHY_CRC_ERROR_COUNT = _region("phy_crc_error_count", 0x88004004, 8, access="r")
PHY_ONLINE_TIME = _region("phy_online_time", 0x8800400C, 8, access="r")
PHY_RX_DROPPED_COUNT = _region("phy_rx_dropped_count", 0x88004014, 8, access="r")
PHY_CONFIG_FPGA = _region("phy_config_fpga", 0x88006000, 8, width=22)

SPI_MASTER = _region("spi_master", 0x88007000, 8, access="w")
"""The entry is the one-hot slave select; bits 7:0 are a byte."""
SPI_LAST_BYTE_BIT = 31
SPI_SELECT_SHIFT_REGISTER = 1
SPI_SELECT_DAC0 = 2
SPI_SELECT_DAC1 = 4
I2C_MASTER = _region("i2c_master", 0x88007800, 0x200)
"""The entry is the 7-bit slave address with the two flags below."""
I2C_STOP = 0x80
I2C_REPEATED_START = 0x100
I2C_MISSING_ACKNOWLEDGE_BIT = 31
I2C_PRESCALER = _region("i2c_prescaler", 0x88007A00, width=16)

EVENT_SWITCH_EXECUTOR_SOURCE = _region("event_switch_executor_source", 0x88007C00)
EVENT_SWITCH_ASIC_SOURCE = _region("event_switch_asic_source", 0x88007C01)
EVENT_SWITCH_EXTERNAL_SOURCE = _region("event_switch_external_source", 0x88007C02)
EVENT_SWITCH_CONFIG = _region("event_switch_config", 0x88007C03)
EVENT_SWITCH_SYSTIME_OFFSET = _region("event_switch_systime_offset", 0x88007C04, words=2)
EVENT_SWITCH_GLOBAL_SYSTIME = _region("event_switch_global_systime", 0x88007C06, words=2)
EVENT_SWITCH_LAST_GLOBAL_SYSTIME = _region("event_switch_last_global_systime", 0x88007C08, words=2)

PERF_TEST = _region("perf_test", 0x88008000, width=1)
PERF_TEST_STATUS = _region("perf_test_status", 0x88008001, words=4, access="r")
"""Words: sent, received, received in order, first wrong word."""
PHY_TX_COUNT = _region("phy_tx_count", 0x8800C000, 8, stride=2, access="r")
PHY_RX_COUNT = _region("phy_rx_count", 0x8800C001, 8, stride=2, access="r")
HICANN_ARQ_STATUS = _region("hicann_arq_status", 0x8800C010, words=4, access="r")
"""Words: write, tx, rx and read count."""

SPIKE_IO_OUTPUT_ROUTING = _region("spike_io_output_routing", 0x88020000, 0x10000, width=8)
"""Serial address by spike label; 0xFF drops."""
SPIKE_IO_INPUT_ROUTING = _region("spike_io_input_routing", 0x88030000, 0x100, width=16)
"""Spike label by serial address; 0xFFFF drops."""
SPIKE_IO_CONFIG = _region("spike_io_config", 0x88038000, width=19)
INPUT_ROUTING_TABLE = _region("input_routing_table", 0x880C0000, 0x8000, width=17)
"""Multi-FPGA: spike label [15:0] and enable [16] by link label."""
OUTPUT_ROUTING_TABLE = _region("output_routing_table", 0x880D0000, 0x10000, width=16)
"""Multi-FPGA: link label [14:0] and enable [15] by spike label."""
EXTERNAL_OMNIBUS = _region("external_omnibus", 0x8C000000)
EXTERNAL_OMNIBUS_CONFIG = _region("external_omnibus_config", 0x8D000000)

# --- chip: common (the global merger at 0x000A0000 is of a later revision) ---
SYSTIME_SYNC_BASE = _region("systime_sync_base", 0x00000000, words=2, width=(32, 11))
"""Word 0: low 32 bits, word 1: high 11 bits."""
COMMON_PHY_CONFIG_CHIP = _region("common_phy_config_chip", 0x00040000, width=8)
ADPLL = _region("adpll", 0x00080000, 2, words=2)
PLL_CLOCK_OUTPUT_BLOCK = _region("pll_clock_output_block", 0x00080004)
PLL_SELF_TEST = _region("pll_self_test", 0x00080005)
PLL_SELF_TEST_STATUS = _region("pll_self_test_status", 0x00080007, access="r")

MADC_CONTROL = _region("madc_control", 0x000C0000, access="w")
MADC_CONFIG = _region("madc_config", 0x000C0001, words=10)
CURRENT_DAC = _region("current_dac", 0x000C000B)
READOUT_SOURCE_SELECTION = _region("readout_source_selection", 0x000C000C, words=2)
PAD_MULTIPLEXER = _region("pad_multiplexer", 0x000C000E, 2, words=2)
REFERENCE_GENERATOR = _region("reference_generator", 0x000C0012, words=9)
SYNAPSE_BIAS_SELECTION = _region("synapse_bias_selection", 0x00100000)

# --- chip: synapse drivers, top and bottom ---
_DRIVERS = 0x8000
PADI_EVENT = _region("padi_event", _top_bottom(0x00110000, _DRIVERS), access="w")
COMMON_PADI_BUS_CONFIG = _region("common_padi_bus_config", _top_bottom(0x00110001, _DRIVERS))
COMMON_STP_CONFIG = _region("common_stp_config", _top_bottom(0x00110002, _DRIVERS))
SYNAPSE_DRIVER = _region(
    "synapse_driver", _top_bottom(0x00110400, _DRIVERS), 128, stride=4, words=3
)
SYNAPSE_DRIVER_SRAM_TIMING = _region(
    "synapse_driver_sram_timing", _top_bottom(0x00110602, _DRIVERS), words=2
)

# --- chip: neuron control, left and right ---
NEURON_RESET = _region(
    "neuron_reset", {"left": 0x00122000, "right": 0x0012A000}, 256, stride=4, access="w"
)
NEURON_POST_PULSE = _region(
    "neuron_post_pulse", {"left": 0x00122400, "right": 0x0012A400}, access="w"
)
SPIKE_COUNTER_READ = _region(
    "spike_counter_read", {"left": 0x00122800, "right": 0x0012A800}, 256, stride=4, access="r"
)
SPIKE_COUNTER_RESET = _region(
    "spike_counter_reset", {"left": 0x00122C00, "right": 0x0012AC00}, 256, stride=4, access="w"
)

# --- chip: event routing ---
CROSSBAR_OUT_MUX = _region("crossbar_out_mux", 0x00130000)
BACKGROUND_SPIKE_SOURCE = _region("background_spike_source", 0x00130001, 8, words=3)
CROSSBAR_NODE = _region("crossbar_node", 0x00130019, 76)
CROSSBAR_INPUT_DROP_COUNTER = _region("crossbar_input_drop_counter", 0x00130065, 20, access="r")
CROSSBAR_OUTPUT_EVENT_COUNTER = _region("crossbar_output_event_counter", 0x00130079, 12, access="r")


def _quadrants(north_west: int) -> dict[str, int]:
    return {name: north_west + 0x8000 * i for i, name in enumerate(("nw", "ne", "sw", "se"))}


# --- chip: analog parameters and neurons, by quadrant ---
CAPMEM = _region("capmem", _quadrants(0x00140000), 130, stride=32, words=24)
"""An entry is a column (0 to 127 neurons, 128 and 129 shared), a word is a row."""
CAPMEM_SRAM_TIMING = _region("capmem_sram_timing", _quadrants(0x00142800), words=2)
CAPMEM_CONFIG = _region("capmem_config", _quadrants(0x00144000), words=10)
NEURON_CONFIG = _region("neuron_config", _quadrants(0x00160002), 128, stride=8, words=6)
NEURON_SRAM_TIMING = _region("neuron_sram_timing", _quadrants(0x00160402), words=2)

_BACKEND = {"west": 0x001A1000, "east": 0x001A9000}
NEURON_BACKEND = _region("neuron_backend", _BACKEND, 256, words=4)
NEURON_BACKEND_SRAM_TIMING = _region(
    "neuron_backend_sram_timing", {k: v + 0x402 for k, v in _BACKEND.items()}, words=2
)
COMMON_NEURON_BACKEND_CONFIG = _region(
    "common_neuron_backend_config", {k: v + 0x800 for k, v in _BACKEND.items()}, words=2
)

# --- chip: the two PPU subtrees (section 4.4) ---
PPU_SUBTREE = {"top": 0x02000000, "bottom": 0x03000000}
"""First address of everything around a PPU."""


def _subtree(offset: int) -> dict[str, int]:
    return {block: base + offset for block, base in PPU_SUBTREE.items()}


COMMON_SYNRAM_CONFIG = _region("common_synram_config", _subtree(0x000000), words=3)
COMMON_CORRELATION_CONFIG = _region("common_correlation_config", _subtree(0x200000), words=4)


def _cadc(west: int, east: int) -> dict[str, int]:
    return {
        f"{side}_{block}": base + offset
        for block, base in PPU_SUBTREE.items()
        for side, offset in (("west", west), ("east", east))
    }


CADC_OFFSET = _region("cadc_offset", _cadc(0x400800, 0x400000), 256)
"""Entry 2 * (column within the half) + type, type 0 causal, 1 acausal."""
CADC_OFFSET_SRAM_TIMING = _region("cadc_offset_sram_timing", _cadc(0x400902, 0x400102), words=2)
CADC_CONFIG = _region("cadc_config", _subtree(0x401000))

PPU_MEMORY = _region("ppu_memory", _subtree(0x800000), 4096)
PPU_CONTROL = _region("ppu_control", _subtree(0xA00000))
PPU_STATUS = _region("ppu_status", _subtree(0xA00001), access="r")

SYNAPSE_ROWS = 256
SYNAPSE_QUADS_PER_ROW = 64
_SYNAPSES = SYNAPSE_ROWS * SYNAPSE_QUADS_PER_ROW
_WITH_SWITCH_ROW = _SYNAPSES + SYNAPSE_QUADS_PER_ROW
SYNAPSE_WEIGHT = _region("synapse_weight", _subtree(0xC00000), _WITH_SWITCH_ROW)
"""Entry 64 * row + quad; row 256 holds the column switches (also in the next three)."""
SYNAPSE_EVEN_2MSB = _region("synapse_even_2msb", _subtree(0xC10000), _WITH_SWITCH_ROW)
SYNAPSE_ODD_2MSB = _region("synapse_odd_2msb", _subtree(0xC20000), _WITH_SWITCH_ROW)
SYNAPSE_LABEL = _region("synapse_label", _subtree(0xC40000), _WITH_SWITCH_ROW)
CADC_CAUSAL_SAMPLE = _region("cadc_causal_sample", _subtree(0xC80000), _SYNAPSES, access="r")
CADC_ACAUSAL_SAMPLE = _region("cadc_acausal_sample", _subtree(0xCC0000), _SYNAPSES, access="r")
CADC_BUFFERED_BIT = 21
"""Set in the address of a CADC sample: the last conversion instead of a new one."""
CORRELATION_RESET = _region("correlation_reset", _subtree(0xC90000), _SYNAPSES, access="w")
NEURON_RESET_QUAD = _region(
    "neuron_reset_quad", _subtree(0xC94000), SYNAPSE_QUADS_PER_ROW, access="w"
)
SYNAPSE_RAW_ROW_STRIDE = 2 * SYNAPSE_QUADS_PER_ROW
"""Distance of two rows in the raw view."""
SYNAPSE_RAW_ODD_OFFSET = SYNAPSE_QUADS_PER_ROW
"""Distance of a quad's second word (odd SRAM row) from its first."""
SYNAPSE_RAW = _region(
    "synapse_raw", _subtree(0xCF0000), (SYNAPSE_ROWS + 2) * SYNAPSE_RAW_ROW_STRIDE
)
"""Entry 128 * row + quad for the even SRAM row, 64 more for the odd one.

Rows 256 and 257 hold the column switches.
"""
SYNAPSE_VIEWS = (SYNAPSE_WEIGHT, SYNAPSE_LABEL, SYNAPSE_EVEN_2MSB, SYNAPSE_ODD_2MSB, SYNAPSE_RAW)
"""Five views of the same storage: a write through one leaves the bits of the others."""

REGIONS: tuple[Region, ...] = tuple(_regions)
"""All regions, FPGA first, ascending but for the vector generators."""

_BITS = {
    "FpgaBit": FPGA_BIT,
    "FpgaRegistersBit": FPGA_REGISTERS_BIT,
    "FpgaDramBit": FPGA_DRAM_BIT,
    "FpgaMultiFpgaBit": FPGA_MULTI_FPGA_BIT,
    "FpgaMultiFpgaTablesBit": FPGA_MULTI_FPGA_TABLES_BIT,
    "FpgaSpikeIoBit": FPGA_SPIKE_IO_BIT,
    "FpgaLinkTestBit": FPGA_LINK_TEST_BIT,
    "FpgaPeripheralsBit": FPGA_PERIPHERALS_BIT,
    "FpgaSystimeOrPhyBit": FPGA_SYSTIME_OR_PHY_BIT,
    "FpgaSpiAndBelowBit": FPGA_SPI_AND_BELOW_BIT,
    "FpgaI2cAndBelowBit": FPGA_I2C_AND_BELOW_BIT,
    "FpgaEventSwitchBit": FPGA_EVENT_SWITCH_BIT,
    "SpiLastByteBit": SPI_LAST_BYTE_BIT,
    "SpiSelectShiftRegister": SPI_SELECT_SHIFT_REGISTER,
    "SpiSelectDac0": SPI_SELECT_DAC0,
    "SpiSelectDac1": SPI_SELECT_DAC1,
    "I2cStop": I2C_STOP,
    "I2cRepeatedStart": I2C_REPEATED_START,
    "I2cMissingAcknowledgeBit": I2C_MISSING_ACKNOWLEDGE_BIT,
    "CadcBufferedBit": CADC_BUFFERED_BIT,
    "SynapseRows": SYNAPSE_ROWS,
    "SynapseQuadsPerRow": SYNAPSE_QUADS_PER_ROW,
    "SynapseRawRowStride": SYNAPSE_RAW_ROW_STRIDE,
    "SynapseRawOddOffset": SYNAPSE_RAW_ODD_OFFSET,
}


def find(address: int) -> Location | None:
    """The register at an address, or None where nothing is declared.

    Where regions share addresses, the narrowest one is meant.
    A CADC sample is found with and without `CADC_BUFFERED_BIT`.
    """
    found: Location | None = None
    for region in REGIONS:
        candidates = [address]
        if region in (CADC_CAUSAL_SAMPLE, CADC_ACAUSAL_SAMPLE):
            candidates.append(address & ~(1 << CADC_BUFFERED_BIT))
        for block, base in enumerate(region.bases):
            for candidate in candidates:
                entry, word = divmod(candidate - base, region.stride)
                if not (0 <= entry < region.count and word < region.words):
                    continue
                if found is None or region.count < found.region.count:
                    found = Location(region, block, entry, word)
    return found


Constant = int | tuple[int, int] | tuple[int, tuple[int, ...]]
"""A number; or its width in bits and its value, or the values of a table."""


def constants() -> Mapping[str, Constant]:
    """Named constants for Verilog and C.

    Of each region: `<Name>[<Block>]Base` (32 bit), `<Name>Count`, `Stride`, `Words` and `Width`,
    or `<Name>Word<i>Width` where the words differ in width; of one with several blocks also
    `<Name>Bases`, a table in their order.
    """
    table: dict[str, Constant] = dict(_BITS)
    for block, base in PPU_SUBTREE.items():
        table[f"PpuSubtree{block.capitalize()}Base"] = (32, base)
    for region in REGIONS:
        name = "".join(part.capitalize() for part in region.name.split("_"))
        for block, base in zip(region.blocks, region.bases, strict=True):
            suffix = "".join(part.capitalize() for part in block.split("_"))
            table[f"{name}{suffix}Base"] = (32, base)
        if len(region.bases) > 1:
            table[f"{name}Bases"] = (32, region.bases)
        table[f"{name}Count"] = region.count
        table[f"{name}Stride"] = region.stride
        table[f"{name}Words"] = region.words
        if len(set(region.widths)) == 1:
            table[f"{name}Width"] = region.widths[0]
        else:
            table |= {f"{name}Word{i}Width": width for i, width in enumerate(region.widths)}
    return table
