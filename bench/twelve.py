# SPDX-License-Identifier: Apache-2.0
"""Twelve neurons that relay a regular input of 1 MHz for a second of chip time: 1.2e7 spikes.

The published figures beside which the stages stand were taken on the real system: 1.5 s for the
second on hardware with everything up to the last word, 1.9 s for post-processing.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from report import Report

from hal import halco, haldls, lola, stadls
from hal.hxcomm import ConnectionHandle, ManagedMultiTargetConnection

NEURONS = 12
INPUTS = 1_000_000
PERIOD = 125  # FPGA cycles of 8 ns
SETTLED = 2_500_000  # cycles (20 ms) after which the parameter cells have their values
LABEL = 1
PUBLISHED = {"run": "1.5 s on hardware", "decode": "1.9 s of post-processing"}
TIMER, BARRIER = halco.TimerOnDLS(), halco.BarrierOnFPGA()


@dataclass(frozen=True, slots=True)
class Experiment:
    """What one took and found."""

    stages: dict[str, float]
    total: float
    """Up to the decoded columns."""
    lost: int
    wrong: int
    columns_mb: float


def network() -> lola.Chip:
    """Events of channel 0 with `LABEL` reach twelve neurons, whose spikes leave on channel 0."""
    chip = lola.Chip.default_neuron_bypass
    for node in halco.iter_all(halco.CrossbarNodeOnDLS):
        ends = int(node.toCrossbarInputOnDLS()), int(node.toCrossbarOutputOnDLS())
        used = ends in ((8, 0), (0, 8))
        chip.crossbar.nodes[node] = haldls.CrossbarNode() if used else haldls.CrossbarNode.drop_all
    drivers = chip.synapse_driver_blocks[halco.SynapseDriverBlockOnDLS.top]
    drivers.padi_bus.enable_spl1.fill(True)
    driver = drivers.synapse_drivers[halco.SynapseDriverOnSynapseDriverBlock(0)]
    driver.enable_receiver = driver.enable_address_out = True
    driver.row_mode_bottom = haldls.SynapseDriverConfig.RowMode.excitatory
    synapses = chip.synapse_blocks[halco.SynapseBlockOnDLS.top]
    synapses.i_bias_dac.fill(1022)
    weights, labels = synapses.matrix.weights.to_numpy(), synapses.matrix.labels.to_numpy()
    weights[:], labels[:] = 0, 0
    weights[0, :NEURONS], labels[0, :NEURONS] = 63, LABEL
    synapses.matrix.weights.from_numpy(weights)
    synapses.matrix.labels.from_numpy(labels)
    for row in chip.neuron_block.current_rows:
        for switch in row.values:
            switch.enable_synaptic_current_excitatory = True
    for index, neuron in enumerate(halco.iter_all(halco.AtomicNeuronOnDLS)):
        config = chip.neuron_block.atomic_neurons[neuron]
        routing = config.event_routing
        fires = index < NEURONS
        routing.analog_output = (
            routing.AnalogOutputMode.normal if fires else routing.AnalogOutputMode.off
        )
        routing.enable_digital = fires
        routing.address = index % 256
        config.refractory_period.refractory_time = 32
        config.excitatory_input.i_bias_tau = 1022
    return chip


def brought_up(handle: ConnectionHandle) -> None:
    """The stock sequence, the network, and the time that its parameters take to settle."""
    builder, _ = stadls.generate(stadls.SystemInit(handle.get_hwdb_entry()[0]))
    builder.write(halco.ChipOnDLS(), network())
    builder.block_until(BARRIER, haldls.Barrier.omnibus)
    builder.write(TIMER, haldls.Timer())
    builder.block_until(TIMER, haldls.Timer.Value(SETTLED))
    stadls.run(handle, builder.done())


def resident_mb() -> float:
    """Memory of this process now."""
    return _status("VmRSS")


def _status(name: str) -> float:
    text = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in text.splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024e-6


def experiment(handle: ConnectionHandle, inputs: int, clock: Callable[[], float]) -> Experiment:
    """Send so many inputs, take all spikes; the time of each stage."""
    began = clock()
    builder = stadls.PlaybackProgramBuilder()
    builder.write(TIMER, haldls.Timer())
    builder.write_spikes(
        np.arange(1, inputs + 1, dtype=np.uint32) * np.uint32(PERIOD),
        np.full(inputs, LABEL, np.uint16),
    )
    builder.block_until(TIMER, haldls.Timer.Value((inputs + 2) * PERIOD))
    program = builder.done()
    built = clock()
    before = handle.connection.devices[0].seconds
    stadls.run(handle, program)
    after = handle.connection.devices[0].seconds
    ran = clock()
    spikes = program.spikes.to_numpy()
    parts = (spikes["label"][k : k + 2**20] for k in range(0, len(spikes), 2**20))
    count = sum(np.bincount(part, minlength=2**16) for part in parts) + np.zeros(2**16, int)
    lost = NEURONS * inputs - len(spikes)
    wrong = int(np.count_nonzero(count[:NEURONS] != inputs)) + int(count[NEURONS:].sum())
    counted = clock()
    encode, decode, commit, execute = (y - x for x, y in zip(before, after, strict=True))
    stages = {
        "build": built - began,
        "encode and transport": encode + commit,
        "run": execute,
        "decode": decode,
        "evaluate": counted - ran,
    }
    return Experiment(stages, ran - began, lost, wrong, spikes.nbytes * 1e-6)


def main() -> None:
    """Take all figures."""
    logging.getLogger("hxcosim").setLevel(logging.ERROR)
    report = Report("twelve")
    with ManagedMultiTargetConnection(["emu"]) as handle:
        brought_up(handle)
        experiment(handle, INPUTS // 100, time.perf_counter)  # to warm up
        chip = resident_mb()
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak so far
        processor = time.process_time()
        taken = experiment(handle, INPUTS, time.perf_counter)
        processor = time.process_time() - processor
        peak = _status("VmHWM")
    how = f"wall time, {INPUTS:.0e} inputs at 1 MHz, {NEURONS} neurons"
    for stage, spent in taken.stages.items():
        report.add(stage, spent, "s", f"{how}; published {PUBLISHED.get(stage, '-')}")
    report.add("end to end, wall time", taken.total, "s", "build to decoded columns", at_most=3.4)
    how = "with the evaluation, and with decoding beside the machine on another core"
    report.add("end to end, processor time", processor, "s", how)
    report.add("spikes lost", taken.lost, "", f"of {NEURONS * INPUTS:.1e}", at_most=0)
    report.add("neurons with another count", taken.wrong, "", "one spike per input", at_most=0)
    report.add("memory of the spike columns", taken.columns_mb, "MB", "18 bytes per spike")
    how = "peak over that of the process with its configured chip"
    report.add("memory", peak - chip, "MB", how, at_most=1.5 * taken.columns_mb)
    report.finish()


if __name__ == "__main__":
    main()
