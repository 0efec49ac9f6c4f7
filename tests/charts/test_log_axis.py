from __future__ import annotations

import pytest

from charts.log_axis import log_axis


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (4e6, 3e7, ["5 M", "10 M", "20 M"]),
        (3, 491, ["5", "10", "20", "50", "100", "200", "500"]),
        (4e7, 1.67e11, ["100 M", "1 G", "10 G", "100 G"]),
        (500, 2_100, ["500", "1000", "2000"]),
        (5e8, 5e8, ["500 M"]),
    ],
)
def test_ticks_are_round_and_few(low: float, high: float, labels: list[str]) -> None:
    """Less than three decades: 1, 2 and 5 of each; more: the decades; nothing far from the values."""
    assert log_axis(low, high)["ticktext"] == labels
