from __future__ import annotations

import numpy as np
import pytest

from charts.blocks.reach import depth_chart, growth_chart, matrix_chart
from charts.blocks.reach_tiles import tiles


def test_a_small_matrix_is_shown_pair_by_pair() -> None:
    """Its tiles are its cells, and each cell is drawn by one trace alone."""
    matrix = np.kron(np.eye(2, dtype=bool), np.ones((3, 4), dtype=bool))
    cut = tiles(matrix)
    assert cut.sides == (1, 1)
    assert np.array_equal(cut.share == 1, matrix)
    heatmaps = [trace for trace in matrix_chart(cut, "title", "a", "b").data if trace.type == "heatmap"]
    connected, apart = (~np.isnan(np.asarray(trace.z, dtype=float)) for trace in heatmaps)
    assert np.array_equal(connected, matrix)
    assert np.array_equal(apart, ~matrix)


@pytest.mark.parametrize("shape", [(2048, 2048), (1000, 9216), (257, 3), (300, 511)])
def test_tiles_hold_every_pair(shape: tuple[int, int]) -> None:
    """The shares times the sizes of the tiles sum to the connected pairs, also where the last tile is cut off."""
    matrix = np.random.default_rng(1).random(shape) < 0.3
    cut = tiles(matrix)
    assert max(cut.share.shape) <= 256
    counted = 0
    for i, j in np.ndindex(cut.share.shape):
        part = matrix[i * cut.sides[0] : (i + 1) * cut.sides[0], j * cut.sides[1] : (j + 1) * cut.sides[1]]
        assert cut.share[i, j] == pytest.approx(part.mean())
        counted += part.size
    assert counted == matrix.size


def test_labels_name_the_channels_of_a_tile() -> None:
    """The last tile ends with the matrix; ticks stand at round channels."""
    cut = tiles(np.ones((513, 10), dtype=bool))
    assert cut.sides == (3, 1)
    assert cut.labels(0)[:2] == ["0 to 2", "3 to 5"]
    assert cut.labels(0)[-1] == "510 to 512"
    assert tiles(np.ones((514, 10), dtype=bool)).labels(0)[-1] == "513"
    assert cut.ticks(0) == {
        "tickvals": [0, 33, 66, 100, 133, 166],
        "ticktext": ["0", "100", "200", "300", "400", "500"],
    }


def test_a_tile_on_a_diagonal_is_partly_connected() -> None:
    """2048 depthwise channels: tiles of 8 x 8 with 8 of 64 pairs; none is fully connected."""
    figure = matrix_chart(tiles(np.eye(2048, dtype=bool)), "title", "a", "b")
    names = [trace.name for trace in figure.data if trace.type == "scatter"]
    assert names == ["some pairs connected", "no pair connected"]
    some = next(trace for trace in figure.data if trace.type == "heatmap")
    assert np.nanmax(np.asarray(some.z, dtype=float)) == 0.125
    assert "%{z:.1%} of the pairs" in some.hovertemplate


@pytest.mark.parametrize(
    ("shares", "title"),
    [
        ([1.0, 1.0], "All pairs are connected from the first row on"),
        ([0.5, 0.5, 1.0], "From c on all pairs are connected"),
        ([1.0, 0.5, 1.0, 1.0], "From c on all pairs are connected"),
        (
            [1.0, 0.5],
            "The chain starts with 100\N{NO-BREAK SPACE}% of the pairs and ends with 50\N{NO-BREAK SPACE}%",
        ),
    ],
)
def test_growth_says_where_the_last_pairs_are_connected(shares: list[float], title: str) -> None:
    """A concatenation may lose what was connected: the title looks at the last gap."""
    assert growth_chart(list("abcd")[: len(shares)], shares).layout.title.text == title


@pytest.mark.parametrize(
    ("shuffled", "unshuffled", "start"),
    [
        ([0.25, 1.0, 1.0], [0.25] * 3, "With shuffles 2 convolutions connect all pairs, without 25"),
        ([0.1, 0.2, 0.3], [0.1] * 3, "With shuffles 30\N{NO-BREAK SPACE}% of the pairs after 3, without 10"),
        ([1.0, 1.0, 1.0], [1.0] * 3, "With one group every convolution connects all"),
    ],
)
def test_depth_with_a_shuffle_and_without(shuffled: list[float], unshuffled: list[float], start: str) -> None:
    """The title says how many convolutions it takes, or that it is not enough."""
    figure = depth_chart(shuffled, unshuffled, 2)
    assert figure.layout.title.text.startswith(start)
    assert [list(trace.y) for trace in figure.data] == [shuffled, unshuffled]
    assert figure.layout.shapes[0].x0 == 2
