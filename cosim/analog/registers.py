# SPDX-License-Identifier: Apache-2.0
"""C macros that take the fields of the containers which reach the analog core out of their words.

Made from the declarations in `hal.haldls`, so that no bit position is typed twice.
"""

import re
from typing import Final

from hal import haldls
from hal.haldls.layout import Bits

__all__ = ["CONTAINERS", "generate"]

CONTAINERS: Final = (
    haldls.NeuronConfig,
    haldls.NeuronBackendConfig,
    haldls.CommonNeuronBackendConfig,
    haldls.CapMemCell,
    haldls.SynapseQuad,
    haldls.ColumnCurrentQuad,
    haldls.ColumnCorrelationQuad,
    haldls.CommonCorrelationConfig,
    haldls.SynapseDriverConfig,
    haldls.CommonSTPConfig,
    haldls.CommonPADIBusConfig,
    haldls.PADIEvent,
    haldls.CADCConfig,
    haldls.CADCChannelConfig,
    haldls.ReadoutSourceSelection,
)

PATH: Final = "hal/include/hxcosim/analog_registers.h"


def _name(container: str, slot: str) -> str:
    text = f"{container}_{slot}"
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", text)
    return "HXR_" + re.sub(r"[\[\]._]+", "_", text).strip("_").upper()


def _piece(place: Bits) -> str:
    mask = (1 << place.width) - 1
    if place.reversed:
        bits = [
            f"((w)[{place.word}] >> {place.lsb + place.width - 1 - i} & 1u) << {place.source + i}"
            for i in range(place.width)
        ]
        text = "(" + " | ".join(bits) + ")"
        return f"({text} ^ {mask << place.source}u)" if place.inverted else text
    text = f"((w)[{place.word}] >> {place.lsb} & {mask}u)"
    if place.inverted:
        text = f"({text} ^ {mask}u)"
    return f"({text} << {place.source})" if place.source else text


def generate() -> dict[str, str]:
    """Text of the header, by its path."""
    lines = [
        "// Generated from cosim/analog/registers.py by cosim.build.generate; do not edit.",
        "// SPDX-License-Identifier: Apache-2.0",
        "#ifndef HXCOSIM_ANALOG_REGISTERS_H",
        "#define HXCOSIM_ANALOG_REGISTERS_H",
        "",
        "// Each macro takes the words of a container and gives the coded number of a field.",
    ]
    for container in CONTAINERS:
        lines += [
            f"#define {_name(container.__name__, slot.name)}(w) "
            f"({' | '.join(_piece(place) for place in slot.places)})"
            for slot in container._slots
        ]
    lines += ["", "#endif", ""]
    return {PATH: "\n".join(lines)}
