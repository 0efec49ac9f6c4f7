"""Units of real networks of the zoo see the boxes that their gradients show."""

from __future__ import annotations

import random

import pytest
from gradient_probe import GradientProbe, Index
from zoo_networks import channel_dim, real_network, row_of, without_gates

from analysis import analyze
from analysis.receptive_field.propagate import receptive_fields
from analysis.records import Status, TensorRef

# Tall and narrow: high enough for units in the middle that the border does not cut off, where the
# receptive field allows, and cheap all the same. MaxViT is built for 224 pixels, ViT for its size.
SIZES = {
    "alexnet": (288, 96),
    "vgg11": (192, 48),
    "vgg16": (256, 32),
    "resnet18": (512, 64),
    "resnet50": (512, 64),
    "resnext50_32x4d": (384, 64),
    "wide_resnet50_2": (192, 32),
    "googlenet": (448, 64),
    "inception_v3": (299, 96),
    "densenet121": (256, 64),
    "squeezenet1_0": (224, 64),
    "squeezenet1_1": (256, 64),
    "mobilenet_v2": (544, 64),
    "mobilenet_v3_small": (256, 64),
    "mobilenet_v3_large": (256, 64),
    "efficientnet_b0": (256, 64),
    "efficientnet_v2_s": (128, 64),
    "mnasnet1_0": (512, 64),
    "shufflenet_v2_x1_0": (576, 64),
    "regnet_y_400mf": (256, 64),
    "regnet_x_400mf": (512, 64),
    "convnext_tiny": (256, 64),
    "swin_t": (160, 100),
    "vit_b_16": (64, 64),
    "maxvit_t": (224, 224),
}
ROWS = 8
# A gradient takes as long as a forward pass: few rows where that is long.
FEWER_ROWS = {
    "maxvit_t": 1,
    "vgg16": 5,
    "resnet50": 5,
    "resnext50_32x4d": 5,
    "wide_resnet50_2": 4,
    "convnext_tiny": 5,
}


def units(shape: tuple[int, ...], channels: int | None, chance: random.Random) -> list[tuple[int, ...]]:
    """Corners, centre and two units anywhere, the first channel of each."""

    def at(fractions: list[float]) -> tuple[int, ...]:
        return tuple(
            0 if dim == channels else round(fraction * (size - 1))
            for dim, (fraction, size) in enumerate(zip(fractions, shape, strict=True))
        )

    count = len(shape)
    mixed = [[float(dim % 2) for dim in range(count)], [float((dim + 1) % 2) for dim in range(count)]]
    anywhere = [[chance.random() for _ in shape] for _ in range(2)]
    return list(dict.fromkeys(map(at, [[0.0] * count, [1.0] * count, *mixed, [0.5] * count, *anywhere])))


@pytest.mark.parametrize("name", SIZES)
def test_units_see_the_boxes_of_their_gradients(name: str) -> None:
    """The network's result and modules drawn from it: corners, centre and other units, gates active."""
    height, width = SIZES[name]
    model = real_network(name, height)
    report = analyze(model, (3, height, width))
    probe = GradientProbe(model, (3, height, width))
    chance = random.Random(name)
    paths = ["", *chance.sample(sorted(probe.outputs), FEWER_ROWS.get(name, ROWS))]
    compared = 0
    for path in paths:
        row = row_of(report, path)
        shape = tuple(probe.outputs[path].shape)
        if row is None:
            continue
        assert row.output_shape == shape
        assert row.field is not None
        assert row.status is Status.EXACT
        channels = channel_dim(name, path, len(shape))
        for unit in units(shape, channels, chance):
            index: Index = tuple(slice(None) if dim == channels else at for dim, at in enumerate(unit))
            assert row.field.box(unit) == probe.box(path, index), f"{path}, unit {unit}"
            compared += 1
    assert compared > len(paths)


@pytest.mark.parametrize(
    ("name", "height", "last_map"),
    [
        ("mobilenet_v3_small", 704, "features"),
        ("mobilenet_v3_large", 704, "features"),
        ("efficientnet_b0", 928, "features"),
        ("efficientnet_v2_s", 128, "features"),
        ("regnet_y_400mf", 512, "trunk_output"),
    ],
)
def test_the_local_path_is_what_is_left_without_gates(name: str, height: int, last_map: str) -> None:
    """With its gates replaced by 1 a network's units see the local boxes; with them, the whole image."""
    shape = (3, height, 64)
    model = real_network(name)
    report = analyze(model, shape)
    (sights,) = receptive_fields(report.trace)
    row = row_of(report, last_map)
    assert row is not None
    assert row.whole_input
    probe = GradientProbe(without_gates(model), shape)
    local = sights[TensorRef(row.index)].local
    rows, columns = row.output_shape[2:]
    for i in range(0, rows, 3):
        for j in (0, columns - 1):
            assert local.box((0, 0, i, j)) == probe.box(last_map, (0, slice(None), i, j))
