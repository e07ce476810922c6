# SPDX-License-Identifier: Apache-2.0
"""Hardware database: look-up, identifiers, and what a wrong file is told."""

import logging
from pathlib import Path
from typing import Any

import pytest

from hal.halco.common import (
    DNCGlobal,
    DNCOnWafer,
    Enum,
    FPGAGlobal,
    FPGAOnWafer,
    HICANNGlobal,
    HICANNOnWafer,
    IPv4,
    SetupType,
    Wafer,
)
from hal.hwdb import (
    Database,
    DLSSetupEntry,
    FPGAEntry,
    HICANNEntry,
    HwdbError,
    HwdbLookupError,
    HXCubeFPGAEntry,
    HXCubeSetupEntry,
    HXCubeWingEntry,
    JboaAggregatorEntry,
    JboaSetupEntry,
    ReticleEntry,
    WaferEntry,
)

TEXT = """
wafer: 33
setup_type: BSSWafer
fpgas: [{fpga: 12, ip: 10.0.2.1}]
reticles: [{reticle: 47, to_be_powered: true}]
hicanns: [{hicann: 383, version: 4, written_by: others}]
---
wafer: 34
fpgas: [{fpga: 48, ip: 10.0.2.2}]
---
hxcube_id: 6
fpgas:
  - {fpga: 0, ip: 10.0.0.1, ci_test_node: true, fuse_dna: 0x8000000000000080}
  - fpga: 3
    ip: 10.0.0.2
    ci_test_node: false
    handwritten_chip_serial: 69
    chip_revision: 3
    eeprom_chip_serial: 0x1234
    synram_timing_pcconf: [[1, 2], [3, 4]]
    synram_timing_wconf: [[5, 6], [7, 8]]
usb_host: fpga-host
usb_serial: AB01
xilinx_hw_server: somewhere:3121
---
jboa_id: 1
fpgas:
  - {fpga: 34, ip: 10.0.1.1, ci_test_node: true, handwritten_chip_serial: 77, chip_revision: 3}
aggregators:
  - {aggregator: 2, ip: 10.0.1.9, ci_test_node: true}
---
dls_setup: "07_20"
fpga_name: "07"
chip_id: 20
chip_version: 2
"""


def load(text: str) -> Database:
    database = Database()
    database.load_text(text)
    return database


def test_load_and_look_up() -> None:
    database = load(TEXT)
    assert database.get_hxcube_ids() == [6]
    assert database.get_jboa_ids() == [1]
    assert database.get_dls_setup_ids() == ["07_20"]
    cube = database.get_hxcube_setup_entry(6)
    assert (cube.usb_host, cube.usb_serial, cube.xilinx_hw_server) == (
        "fpga-host",
        "AB01",
        "somewhere:3121",
    )
    assert list(cube.fpgas) == [0, 3]
    assert cube.fpgas[0].wing is None
    assert cube.fpgas[0].get_dna_port() == 1 | 1 << 56
    wing = cube.fpgas[3].wing
    assert wing == HXCubeWingEntry(69, 3, 0x1234, [[1, 2], [3, 4]], [[5, 6], [7, 8]])
    assert database.get_jboa_setup_entry(1).aggregators[2] == JboaAggregatorEntry(
        IPv4.from_string("10.0.1.9"), True
    )
    assert database.get_dls_entry("07_20") == DLSSetupEntry(
        fpga_name="07", chip_id=20, chip_version=2
    )
    found = database.find_by_ip(IPv4.from_string("10.0.0.2"))
    assert isinstance(found, HXCubeSetupEntry) and list(found.fpgas) == [3]
    assert list(cube.fpgas) == [0, 3]


def test_identifiers() -> None:
    database = load(TEXT)
    assert database.get_hxcube_setup_entry(6).get_unique_branch_identifier(69) == (
        "hxcube6fpga3chip69_1"
    )
    assert database.get_jboa_setup_entry(1).get_unique_branch_identifier(77) == (
        "jboa1fpga34chip77_1"
    )
    ids = HXCubeSetupEntry.get_ids_from_unique_branch_identifier("hxcube6fpga3chip69_1")
    assert ids == (6, 3, 69, 1)
    assert JboaSetupEntry.get_ids_from_unique_branch_identifier("jboa1fpga34chip77_2") == (
        1,
        34,
        77,
        2,
    )
    with pytest.raises(HwdbLookupError, match=r"hxcube\[6\] has no chip with serial 5; .*\[69\]"):
        database.get_hxcube_setup_entry(6).get_unique_branch_identifier(5)
    for text in ("jboa1fpga34chip77_1", "hxcube6fpga3chip69", "hxcube6fpga3chip69_1x", ""):
        with pytest.raises(HwdbError, match="is not an identifier of the form hxcube<id>"):
            HXCubeSetupEntry.get_ids_from_unique_branch_identifier(text)


def test_add_edit_remove() -> None:
    database = Database()
    entry = HXCubeSetupEntry(fpgas={0: HXCubeFPGAEntry()})
    database.add_hxcube_setup_entry(4, entry)
    entry.hxcube_id = 99
    database.get_hxcube_setup_entry(4).usb_serial = "edited"
    assert database.get_hxcube_setup_entry(4).hxcube_id == 0
    assert database.get_hxcube_setup_entry(4).usb_serial == "edited"
    assert database.remove_hxcube_setup_entry(4) and not database.remove_hxcube_setup_entry(4)
    database.add_jboa_setup_entry(1, JboaSetupEntry())
    database.add_dls_entry("a", DLSSetupEntry())
    assert database.has_jboa_setup_entry(1) and database.has_dls_entry("a")
    assert database.remove_jboa_setup_entry(1) and database.remove_dls_entry("a")
    assert not database.has_jboa_setup_entry(1) and not database.has_dls_entry("a")
    database.add_dls_entry("a", DLSSetupEntry())
    database.clear()
    assert database.get_dls_setup_ids() == []
    with pytest.raises(TypeError, match="expected JboaSetupEntry, got HXCubeSetupEntry"):
        database.add_jboa_setup_entry(1, entry)  # type: ignore[arg-type] # the wrong type
    with pytest.raises(HwdbLookupError, match="has no hxcube_id 4; it has"):
        database.get_hxcube_setup_entry(4)
    with pytest.raises(HwdbLookupError, match="has no jboa_id 4"):
        database.get_jboa_setup_entry(4)
    with pytest.raises(HwdbLookupError, match="has no dls_setup b"):
        database.get_dls_entry("b")
    with pytest.raises(HwdbLookupError, match=r"no FPGA with address 10\.0\.0\.1"):
        database.find_by_ip(IPv4.from_string("10.0.0.1"))


FPGA = FPGAGlobal(FPGAOnWafer(12), Wafer(33))
RETICLE = DNCGlobal(DNCOnWafer(Enum(47)), Wafer(33))
HICANN = HICANNGlobal(HICANNOnWafer(Enum(383)), Wafer(33))
KINDS: list[tuple[str, Any, Any]] = [
    ("fpga", FPGA, FPGAEntry(IPv4.from_string("10.0.2.1"))),
    ("reticle", RETICLE, ReticleEntry(to_be_powered=True)),
    ("hicann", HICANN, HICANNEntry(version=4)),
]


def test_wafer_from_a_file(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "hxcosim"):
        database = load(TEXT)
    assert (
        "wafer setup left out: OverflowError('range overflow: 48 > max(47): FPGAOnWafer is 0..47')"
        in caplog.text
    )
    assert database.get_wafer_coordinates() == [Wafer(33)]
    assert database.get_wafer_entry(Wafer(33)).setup_type == SetupType.BSSWafer
    for kind, place, entry in KINDS:
        assert getattr(database, f"get_{kind}_entry")(place) == entry


@pytest.mark.parametrize(("kind", "place", "entry"), KINDS, ids=lambda item: str(item))
def test_parts_of_a_wafer(kind: str, place: Any, entry: Any) -> None:
    database = Database()
    add, has, get, remove = (
        getattr(database, f"{verb}_{kind}_entry") for verb in ("add", "has", "get", "remove")
    )
    assert not has(place) and not remove(place)
    with pytest.raises(HwdbLookupError, match=r"has no Wafer\(33\); it has \[\]"):
        add(place, entry)
    database.add_wafer_entry(Wafer(33), WaferEntry())
    add(place, entry)
    assert has(place) and get(place) == entry and get(place) is not entry
    with pytest.raises(TypeError, match=f"expected .*, {type(entry).__name__}, got .*DLSSetup"):
        add(place, DLSSetupEntry())
    assert remove(place) and not has(place)
    with pytest.raises(HwdbLookupError, match=r"has no .*Wafer"):
        get(place)
    add(place, entry)
    assert database.remove_wafer_entry(Wafer(33)) and not has(place)
    assert not database.has_wafer_entry(Wafer(33)) and database.get_wafer_coordinates() == []


def test_default_database_is_the_targets_cube() -> None:
    database = Database()
    database.load(Database.get_default_path())
    entry = database.get_hxcube_setup_entry(9)
    assert entry.get_unique_branch_identifier(12) == "hxcube9fpga0chip12_1"
    assert entry.fpgas[0].get_dna_port() == 0x15000000000005D


def test_yaml_entries(tmp_path: Path) -> None:
    path = tmp_path / "db.yaml"
    path.write_text(TEXT)
    text = Database.get_yaml_entries(str(path), "hxcube_id", "6")
    assert load(text).get_hxcube_ids() == [6]
    assert Database.get_yaml_entries(str(path), "hxcube_id", "7") == ""


CUBE = "hxcube_id: 1\nfpgas:\n  - {fpga: 0, ip: 10.0.0.1, ci_test_node: true%s}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hxcube_id: [", "not YAML"),
        ("- 1", r"<text>\[0\]: expected a mapping"),
        ("other: 1", "none of hxcube_id, jboa_id, dls_setup, wafer is given"),
        ("hxcube_id: 1", r"missing \['fpgas'\]"),
        ("hxcube_id: -1\nfpgas: []", r"hxcube_id: -1 is not an integer in 0\.\."),
        ("hxcube_id: 1\nfpgas: 3", "fpgas: expected a list"),
        ("hxcube_id: 1\nfpgas: [3]", r"fpgas\[0\]: expected a mapping"),
        (CUBE % "".join(f", k{i}: 1" for i in range(9)), r"fpgas\[0\]: 12 keys, at most 11"),
        (CUBE % "" + "color: red", r"<text>\[0\]: unknown \['color'\]"),
        (CUBE.replace("10.0.0.1", "10.0.0.1.1") % "", "is not an IPv4 address"),
        (CUBE.replace("true", "7") % "", "ci_test_node: 7 is neither true nor false"),
        (CUBE % ", chip_revision: 3", "chip_revision is given without handwritten_chip_serial"),
        (
            CUBE % ", chip_revision: 3, handwritten_chip_serial: 0",
            r"handwritten_chip_serial: 0 is not an integer in 1\.\.",
        ),
        (
            CUBE % ", chip_revision: 3, handwritten_chip_serial: 1, synram_timing_pcconf: [1]",
            "synram_timing_pcconf: .* is not .*top west, top east",
        ),
        (CUBE % "" + "  - {fpga: 0, ip: 10.0.0.2, ci_test_node: true}", "fpga: 0 is given twice"),
    ],
)
def test_bad_text_names_place_and_range(text: str, message: str) -> None:
    database = load(TEXT)
    with pytest.raises(HwdbError, match=message):
        database.load_text(text)
    assert database.get_hxcube_ids() == [6]


def test_unknown_key_of_an_fpga_is_ignored(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "hxcosim"):
        assert load(CUBE % ", color: red").has_hxcube_setup_entry(1)
    assert "fpgas[0]: unknown keys ['color'] are ignored" in caplog.text


def test_missing_file_bad(tmp_path: Path) -> None:
    with pytest.raises(HwdbError, match=r"cannot read the hardware database '.*none\.yaml'"):
        Database().load(str(tmp_path / "none.yaml"))
