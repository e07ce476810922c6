# SPDX-License-Identifier: Apache-2.0
"""Event crossbar in Python: docs/timing.md section 9, and random configurations of it."""

from collections import deque
from collections.abc import Sequence
from random import Random
from typing import Any

from hal.fisch import addresses, crossbar

__all__ = ["DROP_ALL", "ENABLE_DROPS", "LABELS", "NODES_OF", "NODE_BITS", "Model", "random_node"]

DEPTH = 8
LABELS = 1 << 14
DROP_ALL = 1 << 16  # mask 0, target 1
ENABLE_DROPS = 1 << 31
NODE_BITS = 0xBFFF_3FFF
NODES_OF = [[n for n in crossbar.NODES if n.input == i] for i in range(crossbar.INPUTS)]


class Model:
    """Crossbar at the level of queues; one call of `step` is one cycle."""

    def __init__(self) -> None:
        self.nodes = [0] * len(crossbar.NODES)
        self.mux = 0
        self.inputs: list[deque[int]] = [deque() for _ in range(crossbar.INPUTS)]
        self.outputs: list[deque[int]] = [deque() for _ in range(crossbar.OUTPUTS)]
        self.served: list[set[int]] = [set() for _ in range(crossbar.INPUTS)]
        self.drops = [0] * crossbar.INPUTS
        self.events = [0] * crossbar.OUTPUTS
        self.passed = 0  # events that reached an output, once for each
        self.lost = 0  # events that met a full queue, whether counted or not
        self.answer: tuple[int, int] | None = None

    def _register(self, address: int) -> tuple[str, int] | None:
        for name, region in (
            ("mux", addresses.CROSSBAR_OUT_MUX),
            ("node", addresses.CROSSBAR_NODE),
            ("drops", addresses.CROSSBAR_INPUT_DROP_COUNTER),
            ("events", addresses.CROSSBAR_OUTPUT_EVENT_COUNTER),
        ):
            if 0 <= address - region.base < region.count:
                return name, address - region.base
        return None

    @staticmethod
    def _labels(outputs: Sequence[deque[int]]) -> tuple[int, int]:
        """Labels at the heads of the queues, and the bits that count."""
        mask = sum(LABELS - 1 << 14 * o for o, queue in enumerate(outputs) if queue)
        return sum(queue[0] << 14 * o for o, queue in enumerate(outputs) if queue), mask

    def step(self, i: dict[str, int]) -> dict[str, Any]:
        expected: dict[str, Any] = {
            "idle_o": int(not any(self.inputs) and not any(self.outputs)),
            "padi_valid_o": sum(1 << o for o in range(8) if self.outputs[o]),
            "l2_valid_o": sum(1 << o for o in range(4) if self.outputs[8 + o]),
        }
        # Labels matter where the output is valid.
        expected["padi_label_o"] = self._labels(self.outputs[:8])
        expected["l2_label_o"] = self._labels(self.outputs[8:])
        if self.answer is not None:
            expected["bus_hit_o"], expected["bus_data_o"] = self.answer
        self.answer = self._bus_read(i)

        ready = i["l2_ready_i"] << 8 | i["padi_ready_i"]
        popped = [o for o in range(12) if self.outputs[o] and ready >> o & 1]
        full = [len(q) == DEPTH for q in self.outputs]
        taken: set[int] = set()
        moves, leaving, counted = [], [], []
        for source in range(crossbar.INPUTS):
            if not self.inputs[source]:
                continue
            label = self.inputs[source][0]
            stays = False
            for node in NODES_OF[source]:
                value = self.nodes[node.index]
                passes = (label & value & 0x3FFF) == value >> 16 & 0x3FFF
                if not passes or node.output in self.served[source]:
                    continue
                if full[node.output] or node.output in taken:
                    stays = True
                    continue
                taken.add(node.output)
                moves.append((node.output, label))
                self.served[source].add(node.output)
                if self.mux >> 4 + node.output & 1:
                    counted.append(node.output)
            if not stays:
                leaving.append(source)
        accepted = []
        for source in range(crossbar.INPUTS):
            lost = 0
            if i["event_valid_i"] >> source & 1:
                if len(self.inputs[source]) == DEPTH:
                    lost = 1
                else:
                    accepted.append((source, i["event_label_i"] >> 14 * source & 0x3FFF))
            if 8 <= source < 12:
                lost += i["dropped_i"] >> 2 * (source - 8) & 3
            self.lost += lost
            if any(self.nodes[n.index] & ENABLE_DROPS for n in NODES_OF[source]):
                self.drops[source] = (self.drops[source] + lost) % (1 << 16)
        self.passed += len(moves)
        for output in counted:
            self.events[output] = (self.events[output] + 1) % (1 << 24)
        for output in popped:
            self.outputs[output].popleft()
        for source in leaving:
            self.inputs[source].popleft()
            self.served[source].clear()
        for output, label in moves:
            self.outputs[output].append(label)
        for source, label in accepted:
            self.inputs[source].append(label)
        self._bus_write(i)
        return expected

    def _bus_read(self, i: dict[str, int]) -> tuple[int, int] | None:
        if not i["bus_valid_i"]:
            return None
        found = self._register(i["bus_addr_i"])
        if found is None:
            return 0, 0
        name, index = found
        values = {"mux": [self.mux], "node": self.nodes, "drops": self.drops, "events": self.events}
        return 1, values[name][index]

    def _bus_write(self, i: dict[str, int]) -> None:
        found = self._register(i["bus_addr_i"])
        if not i["bus_valid_i"] or i["bus_read_i"] or found is None:
            return
        mask = sum(0xFF << 8 * k for k in range(4) if i["bus_be_i"] >> k & 1)
        name, index = found
        if name == "mux":
            self.mux = (self.mux & ~mask | i["bus_data_i"] & mask) & 0xFFFF
        elif name == "node":
            new = self.nodes[index] & ~mask | i["bus_data_i"] & mask
            self.nodes[index] = new & NODE_BITS
        elif name == "drops":
            self.drops[index] = 0
        else:
            self.events[index] = 0


def random_node(rng: Random, labels: Sequence[int] = range(LABELS)) -> int:
    """A node that passes a good part of all labels, or of these, or none."""
    if rng.random() < 0.2:
        return DROP_ALL | rng.choice((0, ENABLE_DROPS))
    mask = 1 << rng.randrange(14) | 1 << rng.randrange(14) if rng.random() < 0.6 else 0
    if len(labels) < LABELS:
        mask |= rng.choice((0, LABELS - 1, rng.randrange(LABELS)))
    target = rng.choice(labels) & mask
    return mask | target << 16 | rng.choice((0, ENABLE_DROPS))
