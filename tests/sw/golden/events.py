# SPDX-License-Identifier: Apache-2.0
"""Response stream to events."""

from typing import Any

import numpy as np

from hal.hxcomm.codec import decode


def _rows(column: Any) -> list[list[int]]:
    return [list(row) for row in column.tolist()]


def _events(record: Any) -> None:
    responses = decode(np.array(record["words"], np.uint64))
    assert responses.messages == record["num_messages"]
    for name in ("spikes", "madc_samples"):
        assert _rows(getattr(responses, name)) == record[name], name
    notifications = responses.link_notifications
    assert _rows(notifications) == record["highspeed_link_notifications"]
    assert responses.spike_packs.tolist() == record["spike_pack_counts"]
    assert responses.madc_packs.tolist() == record["madc_pack_counts"]
    record.done(
        {"kind", "words", "num_messages", "spikes", "madc_samples", "highspeed_link_notifications"}
        | {"spike_pack_counts", "madc_pack_counts"}
    )


HANDLERS = {"events": _events}
