# SPDX-License-Identifier: Apache-2.0
"""The generator: up-to-date files, refusals, and headers that a C compiler accepts."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cosim.build.generate import OUTPUTS, ROOT, constants_package, generate, main
from hal.fisch import addresses


def test_generated_files_are_up_to_date() -> None:
    assert generate(ROOT, check=True) == []


def test_check_names_the_file_that_differs_bad(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(tmp_path)]) == 0
    assert main(["--root", str(tmp_path), "--check"]) == 0
    target = tmp_path / "rtl/gen/ut_pkg.sv"
    target.write_text(target.read_text() + "\n")
    capsys.readouterr()
    assert main(["--root", str(tmp_path), "--check"]) == 1
    assert "rtl/gen/ut_pkg.sv: differs from its declaration; run 'make gen'" in (
        capsys.readouterr().err
    )


def test_first_line_names_the_source() -> None:
    for output in OUTPUTS:
        for path, text in output().items():
            assert re.match(r"(//|#|<!--) Generated from (hal|cosim)/", text), path


def test_lane_of_registers_is_what_find_says() -> None:
    """At both ends of each region and block, and of the buffered copies of the samples."""
    lines = re.findall(
        r"if \(address >= 32'h(\w+) && address <= 32'h(\w+)"
        r"(?: && \(address - 32'h\w+\) % (\d+) < (\d+))?\) register = \"(.*)\";",
        (ROOT / "cosim/flange/lanes_pkg.sv").read_text(),
    )
    chain = [
        (int(first, 16), int(last, 16), int(stride or 1), int(words or 1), name.strip())
        for first, last, stride, words, name in lines
    ]
    buffered, checked = 1 << addresses.CADC_BUFFERED_BIT, set()
    for region in addresses.REGIONS:
        for base in region.bases:
            entry, last = base + region.words, base + region.stride * (region.count - 1)
            ends = {base - 1, base, entry - 1, entry, last, last + region.words - 1}
            checked |= ends | {last + region.words}
            if region in (addresses.CADC_CAUSAL_SAMPLE, addresses.CADC_ACAUSAL_SAMPLE):
                checked |= {end | buffered for end in (*ends, last + region.words)}
    for address in checked:
        said = [
            name
            for first, last, stride, words, name in chain
            if first <= address <= last and (address - first) % stride < words
        ]
        found = addresses.find(address)
        meant = found and re.sub(r"\[.*|\.word.*", "", str(found))
        assert (said[-1] if said else None) == meant, hex(address)


def test_both_forms() -> None:
    files = constants_package("demo", "here.py", {"Count": 3, "MADCBase": (32, 0x88000000)})
    verilog, header = files["rtl/gen/demo_pkg.sv"], files["hal/include/hxcosim/demo.h"]
    assert "localparam int Count = 3;" in verilog
    assert "localparam logic [31:0] MADCBase = 32'h88000000;" in verilog
    assert "#define HX_DEMO_COUNT 3\n" in header
    assert "#define HX_DEMO_MADC_BASE 0x88000000u\n" in header


def test_table() -> None:
    files = constants_package("demo", "here.py", {"Map": (5, (1, 2, 31))})
    verilog, header = files["rtl/gen/demo_pkg.sv"], files["hal/include/hxcosim/demo.h"]
    assert "localparam logic [14:0] Map = {\n    5'h1f, 5'h02, 5'h01\n  };" in verilog
    assert "static const uint8_t HX_DEMO_MAP[3] = {\n    0x1, 0x2, 0x1f};" in header
    with pytest.raises(OverflowError, match=r"demo.Map = 32 is out of range \[0, 31\]"):
        constants_package("demo", "here.py", {"Map": (5, (1, 32))})


def test_value_too_wide_bad() -> None:
    with pytest.raises(OverflowError, match=r"demo.Base = 2147483648 is out of range"):
        constants_package("demo", "here.py", {"Base": 1 << 31})
    with pytest.raises(OverflowError, match=r"demo.Id = 4 is out of range \[0, 3\]"):
        constants_package("demo", "here.py", {"Id": (2, 4)})


def test_name_bad() -> None:
    with pytest.raises(ValueError, match="'base' is not UpperCamelCase"):
        constants_package("demo", "here.py", {"base": 1})


def test_headers_compile(tmp_path: Path) -> None:
    headers = sorted(p for o in OUTPUTS for p in o() if p.endswith(".h"))
    names = [line.split()[1] for h in headers for line in (ROOT / h).read_text().splitlines()
             if line.startswith("#define HX_")]  # fmt: skip
    assert len(names) == len(set(names))
    source = tmp_path / "all.c"
    source.write_text(
        "".join(f'#include "{ROOT / h}"\n' for h in headers)
        + "unsigned long long all[] = {"
        + ", ".join(names)
        + "};\n"
    )
    command = ["gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-c", str(source)]
    subprocess.run([*command, "-o", str(tmp_path / "all.o")], check=True)


@pytest.mark.parametrize("tool", ["iverilog", "yosys"])
def test_packages_are_accepted(tool: str, tmp_path: Path) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    packages = sorted(str(ROOT / p) for o in OUTPUTS for p in o() if p.endswith(".sv"))
    top = tmp_path / "top.sv"
    top.write_text(
        "module top (output logic [7:0] id_o);\n"
        "  assign id_o = ut_pkg::ToFpgaLoopbackId;\nendmodule\n"
    )
    files = [*packages, str(top)]
    command = {
        "iverilog": ["iverilog", "-g2012", "-o", str(tmp_path / "out"), *files],
        "yosys": ["yosys", "-q", "-p", f"read_verilog -sv {' '.join(files)}; hierarchy -top top"],
    }[tool]
    subprocess.run(command, check=True)
