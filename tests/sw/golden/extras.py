# SPDX-License-Identifier: Apache-2.0
"""Named constants, numeric helpers, and the bypass preset of the whole chip."""

from typing import Any

import numpy as np
import pytest

from hal import halco, haldls, lola, stadls

MODULES = (haldls, lola, stadls)


def _resolve(path: list[str]) -> Any:
    """What a recorded name stands for; None if no layer has it yet."""
    for module in MODULES:
        if hasattr(module, path[0]):
            value: Any = module
            for name in path:
                value = getattr(value, name)
            return value
    return None


def _member(value: Any, name: str) -> Any:
    member = getattr(value, "channel_status" if name == "enable_channels" else name)
    if hasattr(member, "__iter__"):
        return [int(element) for element in member]
    return int(member)


def _constant(record: Any) -> None:
    value = _resolve(record["name"].split("::"))
    if value is None:
        assert record["name"].startswith("AtomicNeuron::")
    elif isinstance(record["value"], dict):
        for name, expected in record["value"].items():
            assert _member(value, name) == expected, name
    else:
        assert value == record["value"]
    record.done({"kind", "name", "value"})


def _filled(container: Any, fields: dict[str, Any]) -> Any:
    for name, value in fields.items():
        setattr(container, name, type(getattr(container, name))(value))
    return container


def _adpll(record: Any) -> None:
    pll = _filled(haldls.ADPLL(), record["fields"])
    outputs = haldls.ADPLL.Output
    ours = [
        pll.calculate_output_frequency(output, record["f_ref"])
        for output in (outputs.core_0, outputs.core_1, outputs.dco)
    ]
    assert ours == pytest.approx(record["outputs"], rel=1e-12)
    record.done({"kind", "fields", "f_ref", "outputs"})


def _madc(record: Any) -> None:
    names = {"sample_duration_adjust", "enable_madc_clock_scaling", "madc_clock_scale_value"}
    config = _filled(haldls.MADCConfig(), {name: record[name] for name in names})
    rate = config.calculate_sample_rate(record["base_frequency"])
    assert rate == pytest.approx(record["rate"], rel=1e-12)
    record.done({"kind", "base_frequency", "rate"} | names)


def _dac(record: Any) -> None:
    block = lola.DACChannelBlock()
    channel = halco.DACChannelOnBoard._make(record["coord"])
    if "error" in record:
        with pytest.raises((OverflowError, ValueError)) as caught:
            block.set_voltage(channel, record["voltage"])
        supply = record["error"].startswith("set_voltage")
        assert isinstance(caught.value, ValueError if supply else OverflowError)
    else:
        block.set_voltage(channel, record["voltage"])
        assert int(block.value[channel]) == record["value"]
        assert block.get_voltage(channel) == pytest.approx(record["get_voltage"], rel=1e-7)
    record.done({"kind", "coord", "voltage", "value", "get_voltage", "error"})


def _ina219(record: Any) -> None:
    status = _filled(haldls.INA219Status(), record["fields"])
    assert status.bus_voltage.toUncalibratedVoltage() == record["bus_voltage"]
    assert status.shunt_voltage.toUncalibratedVoltage() == record["shunt_voltage"]
    record.done({"kind", "fields", "bus_voltage", "shunt_voltage"})


def _tmp112(record: Any) -> None:
    status = _filled(haldls.TMP112Status(), record["fields"])
    assert status.temperature.toUncalibratedTemperature() == record["temperature"]
    record.done({"kind", "fields", "temperature"})


def _chip(record: Any) -> None:
    chip = _resolve(["Chip"])
    if chip is not None:
        coord = halco.ChipOnDLS()
        plain, preset = (c.write_access(coord) for c in (chip(), chip.default_neuron_bypass))
        assert len(plain.words) == record["num_words"]
        places = np.flatnonzero(plain.words != preset.words)
        rows = np.stack((places, preset.addresses[places], preset.words[places]), axis=1)
        assert rows.tolist() == record["differential"]
    record.done({"kind", "num_words", "differential"})


HANDLERS = {
    "constant": _constant,
    "chip_default_neuron_bypass": _chip,
    "adpll_output_frequency": _adpll,
    "madc_sample_rate": _madc,
    "dac_voltage": _dac,
    "ina219": _ina219,
    "tmp112": _tmp112,
}
