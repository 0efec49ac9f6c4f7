from __future__ import annotations

import numpy as np

from charts.blocks.dropout import mask_chart, received_chart


def test_a_unit_is_kept_or_dropped() -> None:
    """Every unit has one bar of the two, and those that are kept show what is read."""
    activations, mask = np.array([1.0, 2.0, 0.0, 3.0]), np.array([True, False, False, True])
    chart = mask_chart(activations, mask, np.where(mask, 2 * activations, 0))
    assert chart.layout.title.text == "This mask silences 1 of the 3 units that speak"
    dropped, kept, read = (np.array(trace.y, dtype=float) for trace in chart.data)
    assert np.array_equal(np.isnan(dropped), mask)
    assert np.array_equal(np.isnan(kept), ~mask)
    assert np.nansum(read) == 8


def test_the_histogram_counts_every_mask() -> None:
    """2,000 sums are in the bars, and the two lines stand where they are told to."""
    sums = np.random.default_rng(0).normal(size=2000)
    bars, mean, evaluation = received_chart(sums, 0.5, 1.0, "t").data
    assert sum(bars.y) == 2000
    assert (mean.x[0], evaluation.x[0]) == (0.5, 1.0)
