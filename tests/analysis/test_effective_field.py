from __future__ import annotations

from dataclasses import replace
from math import log, pi, sqrt

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import models
from analysis import Report, analyze
from analysis.effective_field import (
    EffectiveField,
    around,
    effective_fields,
    known_grid,
    noise,
    unit_index,
)
from analysis.effective_growth import stage_points
from analysis.field_measures import FieldMeasures, field_measures
from analysis.receptive_field.units import Seen, middle_unit, seen_by
from analysis.records import Pair, Row
from models.initialised import build_initialised


def last_field(
    network: nn.Module, size: int, *, inputs: int = 1, channels: int = 1, unit: Pair | None = None
) -> tuple[EffectiveField, FieldMeasures]:
    """The effective field of a unit of a network's last row, the middle one, on images of noise."""
    row = analyze(network, (channels, size, size)).rows[-1]
    unit = unit or middle_unit(known_grid(row))
    images = noise((channels, size, size), inputs).to(next(network.parameters()).dtype)
    *_, fields = effective_fields(network, images, {row.index: unit_index(row, unit)})
    return fields[row.index], field_measures(fields[row.index], row, unit)


def seen(row: Row, unit: Pair) -> Seen:
    """What a unit sees according to the trace."""
    assert row.field is not None
    return seen_by(row.field, known_grid(row), unit)


def stack(*kernels: tuple[int, int, int], width: int = 1) -> nn.Sequential:
    """Convolutions without padding, each (kernel, stride, dilation), all weights equal, in double precision."""
    layers = [
        nn.Conv2d(width, width, kernel, stride, dilation=dilation, bias=False)
        for kernel, stride, dilation in kernels
    ]
    for layer in layers:
        nn.init.ones_(layer.weight)
    return nn.Sequential(*layers).double()


def test_one_layer_s_field_is_its_kernel() -> None:
    """Stride 2, dilation 3, padding 1: unit (1, 2) reads rows -1 + 2 + (0, 3, 6), columns -1 + 4 + (0, 3, 6)."""
    layer = nn.Conv2d(1, 1, 3, stride=2, padding=1, dilation=3).double()
    field, numbers = last_field(layer, 14, unit=(1, 2))
    expected = np.zeros((14, 14))
    expected[1:8:3, 3:10:3] = layer.weight.detach().abs().numpy()[0, 0]
    assert (field.magnitude == expected).all()
    assert field.energy == pytest.approx(expected**2)
    assert numbers.inside == pytest.approx(1, abs=1e-12)
    assert (numbers.box, numbers.theoretical_side) == ((1, 3, 7, 9), 7)
    weights = expected.sum(1) @ np.arange(14) / expected.sum()
    assert numbers.deviation[0] == pytest.approx(
        sqrt(expected.sum(1) @ (np.arange(14) - weights) ** 2 / expected.sum())
    )


# The sum of n independent places, each uniform over k neighbours, has variance n (k^2 - 1) / 12 (Luo et al. 2016,
# section 2.2). Dilation d stretches a layer's places by d; the stride of all layers before it likewise.
@pytest.mark.parametrize(
    ("layers", "variance"),
    [
        ([(3, 1, 1)] * 12, 12 * 8 / 12),
        ([(5, 1, 1)] * 6, 6 * 24 / 12),
        ([(3, 1, 2)] * 6, 6 * 4 * 8 / 12),
        ([(3, 2, 1)] * 4, (1 + 4 + 16 + 64) * 8 / 12),
    ],
    ids=["3x3", "5x5", "dilated", "strided"],
)
def test_a_uniform_stack_spreads_as_a_sum_of_uniform_places(
    layers: list[tuple[int, int, int]], variance: float
) -> None:
    """The variance of the field along both axes, to the last digits, whatever the channels' signs are."""
    _, numbers = last_field(stack(*layers, width=2), 63, channels=2)
    assert numbers.deviation == pytest.approx((sqrt(variance), sqrt(variance)))
    assert numbers.radius == pytest.approx(sqrt(2 * variance))
    assert numbers.centre == pytest.approx(((numbers.box[0] + numbers.box[2]) / 2,) * 2)


def test_a_deep_stack_is_gaussian() -> None:
    """Forty 3 x 3 layers see 81 pixels; their field is the normal density of variance 80 / 3, and so are its sizes."""
    field, numbers = last_field(stack(*[(3, 1, 1)] * 40), 81)
    variance = 40 * 8 / 12
    places = np.arange(81) - 40
    profile = field.magnitude.sum(0) / field.magnitude.sum()
    normal = np.exp(-(places**2) / (2 * variance)) / sqrt(2 * pi * variance)
    assert abs(profile - normal).max() < 0.005 * normal.max()
    assert numbers.theoretical_side == 81
    assert numbers.side == pytest.approx(sqrt(2 * pi * log(1 / 0.0455) * variance), rel=0.02)  # 22.8 of 81
    assert numbers.energy_side == pytest.approx(sqrt(pi * log(1 / 0.0455) * variance), rel=0.02)
    assert numbers.ratio == numbers.side / 81
    assert numbers.central_half == pytest.approx(1, abs=1e-6)


def test_the_field_grows_with_the_root_of_the_depth() -> None:
    """Four times the layers: twice the side, where the theoretical field has four times its own, less a pixel."""
    _, shallow = last_field(stack(*[(3, 1, 1)] * 16), 33)
    _, deep = last_field(stack(*[(3, 1, 1)] * 64), 129)
    assert deep.side / shallow.side == pytest.approx(2, rel=0.02)
    assert (deep.theoretical_side, shallow.theoretical_side) == (129, 33)


def test_random_weights_spread_their_energy_alike() -> None:
    """Independent weights, twenty networks: their energy spreads as a uniform stack does (Luo et al., section 2.2)."""
    torch.manual_seed(0)
    energy = np.zeros((17, 17))
    for _ in range(20):
        network = nn.Sequential(*[nn.Conv2d(3 if n == 0 else 24, 24, 3, bias=False) for n in range(8)])
        field, _ = last_field(network, 17, channels=3)
        energy += field.energy / field.energy.sum()
    share = energy.sum(0) / energy.sum()
    assert share @ (np.arange(17) - 8) ** 2 == pytest.approx(8 * 8 / 12, rel=0.05)


def test_batch_normalisation_scales_by_its_running_statistics() -> None:
    """Evaluation mode: the kernel times weight / sqrt(running variance + epsilon), whatever the batch."""
    network = nn.Sequential(nn.Conv2d(1, 1, 3, bias=False), nn.BatchNorm2d(1)).double()
    kernel, norm = network[0], network[1]
    assert isinstance(kernel, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d)
    norm.load_state_dict(
        norm.state_dict() | {"running_var": torch.tensor([4.0]), "running_mean": torch.tensor([7.0])}
    )
    nn.init.constant_(norm.weight, 3.0)
    field, _ = last_field(network, 3)
    weights = kernel.weight.detach().abs().numpy()[0, 0]
    assert field.magnitude == pytest.approx(weights * 3 / sqrt(4 + norm.eps))


def test_energy_is_that_of_all_channels() -> None:
    """Averaged over the signs, the squared gradient is the sum of the squares of the channels' gradients."""
    network = nn.Conv2d(2, 3, 3, bias=False)
    field, _ = last_field(network, 3, inputs=100, channels=2)
    assert field.energy == pytest.approx(network.weight.detach().square().sum((0, 1)).numpy(), rel=0.3)


def test_channels_behind_a_layer_normalisation_do_not_cancel() -> None:
    """The plain sum of normalised channels is constant; with random signs the field is that of the convolution."""

    class Normalised(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.mix, self.norm = nn.Conv2d(1, 16, 3), nn.LayerNorm(16)

        def forward(self, image: Tensor) -> Tensor:
            return self.norm(self.mix(image).permute(0, 2, 3, 1))

    network = Normalised()
    image = noise((1, 7, 7), 1).requires_grad_()
    (plain,) = torch.autograd.grad(network(image)[0, 2, 2].sum(), image)
    field, _ = last_field(network, 7)
    assert plain.abs().max() < 1e-5
    assert field.magnitude.max() > 0.1
    assert (field.magnitude > 0).sum() == 9


@pytest.mark.parametrize("name", ["alexnet", "resnet18", "googlenet", "efficientnet_b0"])
def test_support_is_the_traced_box(name: str) -> None:
    """In double precision a unit of random weights reaches every border of its box, and nothing beyond."""
    size = 64
    model, report = build_initialised(name).double(), analyze(models.build(name), (3, size, size))
    for point in stage_points(report):
        row, unit = point.row, point.unit
        images = noise((3, size, size), 1).double()
        *_, fields = effective_fields(model, images, {row.index: unit_index(row, unit)})
        reached = fields[row.index].magnitude > 0
        rows, columns = (np.flatnonzero(reached.any(axis)) for axis in (1, 0))
        assert (rows[0], columns[0], rows[-1], columns[-1]) == seen(row, unit).box, row.name
        assert field_measures(fields[row.index], row, unit).inside == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("unit", [(0, 0), (0, 5), (6, 6)])
def test_units_at_the_border_stay_in_their_clipped_box(unit: Pair) -> None:
    """VGG-11 at 112 pixels, single precision: all energy lies in the box, which the image cuts."""
    model, report = build_initialised("vgg11"), analyze(models.build("vgg11"), (3, 112, 112))
    row = next(row for row in report.rows if row.name == "features.15")
    *_, fields = effective_fields(model, noise((3, 112, 112), 1), {row.index: unit_index(row, unit)})
    box = seen(row, unit).box
    assert box is not None and box != seen(row, unit).unbounded
    outside = fields[row.index].energy.copy()
    outside[box[0] : box[2] + 1, box[1] : box[3] + 1] = 0
    assert outside.sum() == 0
    assert field_measures(fields[row.index], row, unit).inside == pytest.approx(1, abs=1e-12)


def test_a_gate_leaves_the_local_field() -> None:
    """EfficientNet's first gate sees the whole image; nearly all energy comes from the local path's 3 x 3."""
    model, report = (
        build_initialised("efficientnet_b0"),
        analyze(models.build("efficientnet_b0"), (3, 64, 64)),
    )
    row = next(row for row in report.rows if row.name.endswith("block.1.mul"))
    unit = middle_unit(known_grid(row))
    *_, fields = effective_fields(model, noise((3, 64, 64), 2), {row.index: unit_index(row, unit)})
    numbers = field_measures(fields[row.index], row, unit)
    assert seen(row, unit).box == (0, 0, 63, 63)
    assert numbers.inside == pytest.approx(1, abs=1e-12)
    assert 0.9 < numbers.local_inside < 1
    assert (numbers.theoretical_side, numbers.ratio) == (7, numbers.side / 7)


def test_every_image_improves_the_same_measurement() -> None:
    """Each result averages over the images so far; the same seed gives the same field."""
    network = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())
    images, index = noise((3, 5, 5), 3), (slice(None), slice(None), 1, 1)
    results = [fields[1] for fields in effective_fields(network, images, {1: index})]
    assert [field.inputs for field in results] == [1, 2, 3]
    second = next(effective_fields(network, images[1:2], {1: index}, seed=1))[1]
    assert results[1].magnitude == pytest.approx((results[0].magnitude + second.magnitude) / 2)
    again = list(effective_fields(network, images, {1: index}))[-1][1]
    assert (again.energy == results[-1].energy).all()


def test_images_around_a_picture() -> None:
    """The picture comes first, then copies whose noise has the deviation that was asked for."""
    picture = torch.rand(3, 64, 64)
    images = around(picture, 3, 0.2)
    assert images.shape == (3, 3, 64, 64)
    assert torch.equal(images[0], picture)
    assert float((images[1:] - picture).std()) == pytest.approx(0.2, rel=0.02)


@pytest.fixture(scope="module")
def vit() -> Report:
    """The report of ViT-B/32."""
    return analyze(models.build("vit_b_32"), (3, 224, 224))


def test_a_token_sees_its_patch(vit: Report) -> None:
    """Token 1 + 3 * 7 + 4 of a vision transformer, before attention: the 32 x 32 pixels of patch (3, 4)."""
    row = next(row for row in vit.rows if row.name == "encoder.add")
    assert unit_index(row, (0, 26)) == (slice(None), 26, slice(None))
    *_, fields = effective_fields(
        build_initialised("vit_b_32"), noise((3, 224, 224), 1), {row.index: unit_index(row, (0, 26))}
    )
    places = fields[row.index].magnitude.nonzero()
    assert [(int(axis[0]), int(axis[-1])) for axis in map(np.unique, places)] == [(96, 127), (128, 159)]
    assert field_measures(fields[row.index], row, (0, 26)).theoretical_side == 32


def test_a_unit_outside_its_map_is_a_sentence(vit: Report) -> None:
    """The map has 7 x 7 units."""
    with pytest.raises(ValueError, match=r"conv_proj has no unit \(7, 0\): choose one of 7 x 7"):
        unit_index(vit.rows[0], (7, 0))


def test_a_row_that_sees_no_image_is_a_sentence() -> None:
    """A constant that a network squares has no units on the image."""
    row = analyze(models.build("lenet5"), (1, 32, 32)).rows[0]
    with pytest.raises(ValueError, match="The units of c1 see no image"):
        unit_index(replace(row, field=None, local_field=None), (0, 0))


def test_a_unit_that_nothing_moves_is_a_sentence() -> None:
    """A ReLU that is off everywhere lets no gradient through."""
    dark = nn.Conv2d(1, 2, 3)
    dark.load_state_dict({"weight": torch.ones(2, 1, 3, 3), "bias": torch.tensor([-1e6, -1e6])})
    network = nn.Sequential(dark, nn.ReLU())
    with pytest.raises(ValueError, match=r"No pixel moves unit \(1, 1\) of 1: its gradient is zero"):
        last_field(network, 5)


def test_half_a_box_takes_its_share_of_pixels_that_it_cuts() -> None:
    """A uniform 3 x 3 field: the central half is 1.5 x 1.5 pixels, a quarter of the area and of the energy."""
    _, numbers = last_field(stack((3, 1, 1)), 9)
    assert numbers.central_half == pytest.approx(0.25)
    assert numbers.local_inside == pytest.approx(1, abs=1e-12)
