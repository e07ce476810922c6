# SPDX-License-Identifier: Apache-2.0
"""Save files for waveform viewers: the signals of the system in groups, lanes first."""

from pathlib import Path

from cosim.flange import lanes
from cosim.window import PS_PER_CYCLE

__all__ = ["GROUPS", "write_gtkwave", "write_surfer"]

_FPGA = "flange_top.u_system.u_fpga"
_ASIC = "flange_top.u_system.u_asic"
_LANES, _BUS, _EVENTS = f"{_FPGA}.u_lanes", f"{_FPGA}.u_bus_lanes", f"{_ASIC}.u_event_lanes"
_CHIP_BUS = f"{_ASIC}.u_bus_lanes"
#: Group -> (signal, bits, format); formats are ascii, hex, unsigned, bit, and enum (names).
GROUPS: dict[str, list[tuple[str, int, str]]] = {
    "Words": [
        (f"{_LANES}.instruction", 8 * lanes.WIDTH, "ascii"),
        (f"{_LANES}.instruction_payload", 56, "hex"),
        (f"{_LANES}.answer", 8 * lanes.WIDTH, "ascii"),
        (f"{_LANES}.answer_payload", 72, "hex"),
    ],
    "Omnibus, FPGA": [
        (f"{_BUS}.access", 8 * lanes.ACCESS, "ascii"),
        (f"{_BUS}.register", 8 * lanes.REGISTER, "ascii"),
        (f"{_BUS}.address", 32, "hex"),
        (f"{_BUS}.written", 32, "hex"),
        (f"{_BUS}.read", 32, "hex"),
        (f"{_FPGA}.bus_idle", 1, "bit"),
    ],
    "Omnibus, chip": [
        (f"{_CHIP_BUS}.access", 8 * lanes.ACCESS, "ascii"),
        (f"{_CHIP_BUS}.register", 8 * lanes.REGISTER, "ascii"),
        (f"{_CHIP_BUS}.address", 32, "hex"),
        (f"{_CHIP_BUS}.written", 32, "hex"),
        (f"{_CHIP_BUS}.read", 32, "hex"),
    ],
    "Events": [
        ("flange_top.u_system.link_up", 1, "bit"),
        (f"{_EVENTS}.to_chip", 8 * lanes.DOWN, "ascii"),
        (f"{_EVENTS}.from_chip", 8 * lanes.UP, "ascii"),
        (f"{_EVENTS}.neuron", 9, "unsigned"),
        (f"{_EVENTS}.firing", 10, "unsigned"),
    ],
    "Time": [
        ("flange_top.clk_i", 1, "bit"),
        ("flange_top.now_o", 44, "unsigned"),
        (f"{_FPGA}.timer", 32, "unsigned"),
        (f"{_FPGA}.fpga_time", 43, "unsigned"),
    ],
    "Host words": [
        (f"{_FPGA}.host_valid_i", 1, "bit"),
        (f"{_FPGA}.host_data_i", 64, "hex"),
        (f"{_FPGA}.host_valid_o", 1, "bit"),
        (f"{_FPGA}.host_data_o", 64, "hex"),
        (f"{_FPGA}.host_halt_o", 1, "bit"),
    ],
    "JTAG": [
        ("flange_top.u_system.tck", 1, "bit"),
        ("flange_top.u_system.tms", 1, "bit"),
        ("flange_top.u_system.tdi", 1, "bit"),
        ("flange_top.u_system.tdo", 1, "bit"),
    ],
    "I2C": [
        (f"{_FPGA}.u_i2c_master.state_q", 3, "enum"),
        (f"{_FPGA}.u_i2c_master.scl_o", 1, "bit"),
        (f"{_FPGA}.u_i2c_master.sda_o", 1, "bit"),
        (f"{_FPGA}.u_i2c_master.sda_i", 1, "bit"),
        (f"{_FPGA}.u_i2c_master.busy_o", 1, "bit"),
    ],
    "Serial spikes": [
        (f"{_FPGA}.u_spike_io.tx_o", 1, "bit"),
        (f"{_FPGA}.u_spike_io.rx_i", 1, "bit"),
        (f"{_FPGA}.u_spike_io.label_valid_o", 1, "bit"),
        (f"{_FPGA}.u_spike_io.label_o", 16, "hex"),
    ],
    "TAP of the chip": [
        (f"{_ASIC}.u_tap.state_q", 4, "enum"),
        (f"{_ASIC}.u_tap.ir_q", 7, "hex"),
        (f"{_ASIC}.u_tap.dr_q", 33, "hex"),
    ],
    "Crossbar": [
        (f"{_ASIC}.u_crossbar.event_valid_i", 20, "hex"),
        (f"{_ASIC}.u_crossbar.in_drop", 20, "hex"),
        (f"{_ASIC}.u_crossbar.out_valid_q", 12, "hex"),
        (f"{_ASIC}.u_crossbar.l2_label_o", 56, "hex"),
    ],
    "Background": [
        (f"{_ASIC}.background_valid", 8, "hex"),
        (f"{_ASIC}.background_label", 112, "hex"),
    ],
    "PADI": [
        (f"{_ASIC}.padi_valid", 8, "hex"),
        (f"{_ASIC}.padi_ready", 8, "hex"),
        (f"{_ASIC}.padi_label", 112, "hex"),
    ],
    "Neurons": [
        (f"{_ASIC}.neuron_valid", 8, "hex"),
        (f"{_ASIC}.neuron_label", 112, "hex"),
    ],
    "MADC": [
        (f"{_ASIC}.u_madc.state_q", 2, "enum"),
        (f"{_ASIC}.madc_valid", 1, "bit"),
        (f"{_ASIC}.madc_value", 16, "hex"),
    ],
    "CADC": [
        (f"{_ASIC}.u_cadc.state_q", 2, "enum"),
        (f"{_ASIC}.ana_cadc_trigger_o", 2, "hex"),
        (f"{_ASIC}.ana_cadc_row_o", 8, "unsigned"),
        (f"{_ASIC}.ana_cadc_fetch_o", 1, "bit"),
        (f"{_ASIC}.ana_cadc_quad_o", 6, "unsigned"),
        (f"{_ASIC}.ana_cadc_data_i", 32, "hex"),
    ],
    "Analog port": [
        ("flange_top.ana_reset", 1, "bit"),
        ("flange_top.ana_write_valid", 1, "bit"),
        ("flange_top.ana_write_addr", 32, "hex"),
        ("flange_top.ana_write_data", 32, "hex"),
        ("flange_top.ana_padi_valid", 8, "hex"),
        ("flange_top.ana_padi_event", 88, "hex"),
        ("flange_top.ana_madc_sample", 1, "bit"),
        ("flange_top.ana_madc_code", 10, "unsigned"),
        ("flange_top.ana_next", 44, "unsigned"),
    ],
    "Processors": [
        ("flange_top.ppu_run", 2, "hex"),
        ("flange_top.ppu_sleep", 2, "hex"),
        ("flange_top.ppu_bus_valid", 2, "hex"),
        ("flange_top.ppu_bus_ready", 2, "hex"),
        ("flange_top.ppu_bus_addr", 64, "hex"),
        ("flange_top.ppu_bus_rsp_valid", 2, "hex"),
        ("flange_top.ppu_bus_rsp_data", 32, "hex"),
        ("flange_top.ppu_sram_valid", 2, "hex"),
        ("flange_top.ppu_sram_ready", 2, "hex"),
        ("flange_top.ppu_sram_addr", 24, "hex"),
        ("flange_top.ppu_vector_valid", 2, "hex"),
        ("flange_top.ppu_vector_ready", 2, "hex"),
        ("flange_top.ppu_vector_addr", 64, "hex"),
        ("flange_top.ppu_vector_rsp_valid", 2, "hex"),
        ("flange_top.ppu_next", 44, "unsigned"),
    ],
}
_GTKWAVE_FLAGS = {"ascii": "@820", "hex": "@22", "unsigned": "@24", "bit": "@28", "enum": "@28"}
_SURFER_FORMATS = {
    "ascii": "ASCII",
    "hex": "Hexadecimal",
    "unsigned": "Unsigned",
    "bit": "Bit",
}  # Surfer and GTKWave show the names of an enum by themselves


def _gtkwave_name(signal: str, bits: int) -> str:
    return f"TOP.{signal}" if bits == 1 else f"TOP.{signal}[{bits - 1}:0]"


def write_gtkwave(path: Path, waveform: Path, start: int = 0) -> None:
    """Write a save file that opens `waveform`, which lies beside it, on grouped signals.

    :param start: cycle (4 ns) at the left border.
    """
    lines = [
        f'[dumpfile] "{waveform.name}"',
        f'[savefile] "{path.name}"',
        "[size] 1600 900",
        f"[timestart] {start * PS_PER_CYCLE}",
        "*-13.0 0",  # zoom: 2**13 ps per pixel, about 10 us on the screen
    ]
    for group, signals in GROUPS.items():
        lines += ["@800200", f"-{group}"]
        for signal, bits, kind in signals:
            lines += [_GTKWAVE_FLAGS[kind], _gtkwave_name(signal, bits)]
        lines += ["@1000200", f"-{group}"]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")


def write_surfer(path: Path) -> None:
    """Write a Surfer command file (`surfer -c FILE WAVEFORM`) with the same groups."""
    lines = []
    for group, signals in GROUPS.items():
        lines.append(f"divider_add {group}")
        for signal, _, kind in signals:
            lines.append(f"variable_add TOP.{signal}")
            if kind in _SURFER_FORMATS:
                lines.append(f"item_set_format {_SURFER_FORMATS[kind]}")
    path.write_text("\n".join([*lines, "zoom_fit", ""]), encoding="utf-8")
