# SPDX-License-Identifier: Apache-2.0
"""A thousand runs over four workers, one of which is killed on the way; nothing is lost.

    pip install 'hxcosim[cluster]'
    python examples/sweep_dask.py [scheduler:port]

With the address of a running Dask scheduler, the workers may be on any number of machines.
"""

import os
import signal
import sys

from distributed import Client, LocalCluster
from dlens_vx_v3 import hal, halco, hxcomm, sta

from cosim.pool import sweep

RUNS = 1000
PLACE = halco.PPUMemoryWordOnDLS()


def memory_word(connection: hxcomm.ConnectionHandle, value: int) -> int:
    """Bring up a chip, keep a number in a processor's memory, and read it."""
    builder, _ = sta.generate(sta.SystemInit(connection.get_hwdb_entry()[0]))
    builder.write(PLACE, hal.PPUMemoryWord(hal.PPUMemoryWord.Value(value)))
    builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.omnibus)
    ticket = builder.read(PLACE)
    builder.block_until(halco.BarrierOnFPGA(), hal.Barrier.omnibus)
    sta.run(connection, builder.done())
    return int(ticket.get().value)


def main(address: str | None) -> None:
    """Sweep, and kill a worker of an own cluster after a quarter of the results."""
    cluster = None if address else LocalCluster(n_workers=4, threads_per_worker=1)
    with Client(cluster or address) as client:
        workers = client.run(os.getpid)
        print(f"{len(workers)} workers")
        seen = 0

        def on_result(index: int, value: int) -> None:
            nonlocal seen
            seen += 1
            if cluster is not None and seen == RUNS // 4:
                victim = min(workers.values())
                print(f"after {seen} results, worker process {victim} is killed")
                os.kill(victim, signal.SIGKILL)

        results = sweep(memory_word, range(RUNS), executor=client.get_executor(pure=False),
                        on_result=on_result)  # fmt: skip
    right = sum(value == index for index, value in enumerate(results))
    print(f"{right} of {RUNS} results are right")
    if right != RUNS:
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
