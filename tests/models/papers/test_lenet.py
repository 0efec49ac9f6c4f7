"""LeNet-5 layer by layer against section II-B of its paper."""

from __future__ import annotations

import math

import pytest
import torch

from models.papers import lenet
from models.papers.lenet_digits import DIGIT_CODES
from tests.models.papers.paper_layers import convolution, layers, linear, report

# Table I of the paper, a row a map of S2, a column a map of C3.
TABLE_I = """
X . . . X X X . . X X X X . X X
X X . . . X X X . . X X X X . X
X X X . . . X X X . . X . X X X
. X X X . . X X X X . . X . X X
. . X X X . . X X X X . X X . X
. . . X X X . . X X X X . X X X
"""


def test_c3_is_connected_by_table_one() -> None:
    """Each map of C3 has the inputs of its column: 6 x 3, 9 x 4 and 1 x 6, 60 kernels; each row has ten."""
    rows = [line.split() for line in TABLE_I.strip().splitlines()]
    columns = tuple(
        tuple(index for index, mark in enumerate(column) if mark == "X") for column in zip(*rows, strict=True)
    )
    assert columns == lenet.C3_INPUTS
    assert [len(inputs) for inputs in lenet.C3_INPUTS] == [3] * 6 + [4] * 9 + [6]
    assert sum(map(len, lenet.C3_INPUTS)) == 60
    assert all(row.count("X") == 10 for row in rows)


def test_each_map_of_c3_changes_with_its_inputs_alone() -> None:
    """The gradient of a C3 map reaches the maps of S2 that Table I lists for it, and no other."""
    layer = lenet.PartialConvolution().double()
    maps = torch.randn(1, 6, 14, 14, dtype=torch.float64, requires_grad=True)
    for index, inputs in enumerate(lenet.C3_INPUTS):
        (gradient,) = torch.autograd.grad(layer(maps)[:, index].sum(), maps)
        assert tuple(gradient.abs().sum(dim=(0, 2, 3)).nonzero().flatten().tolist()) == inputs


# Section II-B states the trainable parameters: C1 156, S2 12, C3 1,516, S4 32, C5 48,120, F6 10,164; together
# 60,000. The output's 10 x 84 codes are fixed.
@pytest.mark.parametrize(
    ("name", "params"),
    [("c1", 156), ("s2", 12), ("c3", 1_516), ("s4", 32), ("c5", 48_120), ("f6", 10_164), ("output", 0)],
)
def test_parameters_of_each_layer_are_those_that_the_paper_states(name: str, params: int) -> None:
    """Each layer trains as many values as section II-B says."""
    rows = [row for row in report("lenet5").rows if row.name.split(".")[0] == name]
    assert sum(row.trainable_params for row in rows) == params


def test_the_paper_counts_60000_parameters_and_340908_connections() -> None:
    """The layers sum to the paper's 60,000; its connections follow from the map sizes of the analysis."""
    found = report("lenet5")
    assert found.totals.trainable_params == 60_000 == found.totals.params
    assert found.totals.buffers == 840
    sides = [6 * 28**2, 6 * 14**2, 16 * 10**2, 16 * 5**2, 120, 84]
    shapes = [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120, 1, 1), (84,)]
    squashed = [row.output_shape[1:] for row in found.rows if row.operator == "tanh"]
    assert squashed == shapes
    assert [math.prod(shape) for shape in squashed] == sides
    # units x inputs of a unit (with bias) for C1, S2, C5 and F6; C3 has 60 kernels of 25 and 16 biases a position
    units = [math.prod(shape) for shape in squashed]
    connections = (
        units[0] * 26 + units[1] * 5 + 100 * (60 * 25 + 16) + units[3] * 5 + units[4] * 401 + units[5] * 121
    )
    assert connections + 10 * 84 == 340_908


# kernel 5: 5; + 1 * 1: 6, stride 2; + 4 * 2: 14; + 1 * 2: 16, stride 4; + 4 * 4: 32, the whole image
@pytest.mark.parametrize(
    ("layer", "pixels"),
    [("c1", 5), ("s2.add", 6), ("c3.maps.0", 14), ("c3.maps.15", 14), ("s4.add", 16), ("c5", 32)],
)
def test_receptive_fields(layer: str, pixels: int) -> None:
    """From 5 pixels in C1 to all 32 in C5."""
    (row,) = [row for row in report("lenet5").rows if row.name == layer]
    assert row.receptive_field == (pixels, pixels)


def test_macs_by_layer() -> None:
    """C1 117,600; C3 25 a kernel and position; C5 48,000; F6 10,080: 325,680."""
    c3 = [convolution(len(inputs), 1, 5, 10) for inputs in lenet.C3_INPUTS]
    assert layers("lenet5") == [convolution(1, 6, 5, 28), *c3, convolution(16, 120, 5, 1), linear(120, 84)]
    assert sum(layer.macs for layer in c3) == 60 * 25 * 100
    assert report("lenet5").totals.macs == 325_680


@pytest.mark.parametrize("name", ["lenet5_modern", "lenet5_modern_sigmoid", "lenet5_modern_28"])
def test_the_modern_network_by_layer(name: str) -> None:
    """156 + 2,416 + 48,120 + 10,164 + 850 = 61,706 parameters; the same maps from 28 x 28 with padding."""
    expected = [
        convolution(1, 6, 5, 28),
        convolution(6, 16, 5, 10),
        convolution(16, 120, 5, 1),
        linear(120, 84),
        linear(84, 10),
    ]
    assert [layer.params for layer in expected] == [156, 2_416, 48_120, 10_164, 850]
    assert layers(name) == expected
    assert (report(name).totals.params, report(name).totals.macs) == (61_706, 416_520)
    activation = "sigmoid" if name.endswith("sigmoid") else "tanh"
    assert [row.operator for row in report(name).rows].count(activation) == 4


def test_28_pixels_need_padding() -> None:
    """Without padding the last 5 x 5 kernel meets a map of 4 x 4."""
    with pytest.raises(RuntimeError, match="Kernel size can't be greater than actual input size"):
        lenet.build("lenet5_modern")(torch.zeros(1, 1, 28, 28))
    assert lenet.build("lenet5_modern_28")(torch.zeros(1, 1, 28, 28)).shape == (1, 10)


def test_squashing_and_subsampling_follow_their_formulas() -> None:
    """f(1) is 1 to four digits; S2 is coefficient times the sum of four, plus bias."""
    squash = lenet.ScaledTanh()
    assert squash(torch.tensor(1.0)).item() == pytest.approx(1.0, abs=1e-4)
    assert squash(torch.tensor(-30.0)).item() == pytest.approx(-1.7159)
    layer = lenet.Subsampling(2)
    with torch.no_grad():
        layer.coefficient.copy_(torch.tensor([2.0, -1.0])[:, None, None])
        layer.bias.copy_(torch.tensor([0.5, 3.0])[:, None, None])
        output = layer(torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]] * 2]).reshape(1, 2, 2, 2))
    assert output.flatten().tolist() == [20.5, -7.0]


def test_the_output_is_the_distance_to_a_code() -> None:
    """A code's own features are at distance 0; one other stroke costs (2)^2; codes are 7 x 12 and differ."""
    output = lenet.RadialBasisOutput()
    codes = torch.tensor(DIGIT_CODES, dtype=torch.get_default_dtype())
    distances = output(codes)
    assert codes.shape == (10, 84)
    assert set(codes.flatten().tolist()) == {-1.0, 1.0}
    assert distances.argmin(dim=1).tolist() == list(range(10))
    assert distances.diagonal().tolist() == [0.0] * 10
    expected = torch.cdist(codes, codes).square()
    assert torch.allclose(distances, expected, atol=1e-3)


def test_lenet_learns() -> None:
    """A real network takes gradients to each of its 60,000 parameters."""
    network = lenet.build("lenet5")
    network(torch.randn(4, 1, 32, 32)).sum().backward()
    assert (
        sum(parameter.grad.numel() for parameter in network.parameters() if parameter.grad is not None)
        == 60_000
    )
