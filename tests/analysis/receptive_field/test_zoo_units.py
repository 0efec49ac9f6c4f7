"""Every unit of every module of real, unchanged networks sees what a poisoned input shows."""

from __future__ import annotations

import numpy as np
import pytest
from poison_probe import poisoned
from zoo_networks import channel_dim, real_network, row_of

from analysis import analyze
from analysis.receptive_field.field import NOTHING

SIZES = {
    "alexnet": (128, 96),
    "resnet18": (96, 64),
    "resnet50": (64, 48),
    "googlenet": (96, 64),
    "inception_v3": (107, 75),
    "densenet121": (80, 64),
    "squeezenet1_0": (96, 64),
    "mobilenet_v2": (96, 64),
    "mobilenet_v3_small": (96, 64),
    "efficientnet_b0": (96, 64),
    "shufflenet_v2_x1_0": (128, 64),
    "regnet_y_400mf": (96, 64),
    "convnext_tiny": (96, 64),
    "swin_t": (100, 72),
    "vit_b_16": (48, 48),
}


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("axis", [-2, -1], ids=["rows", "columns"])
def test_every_unit_of_every_module_sees_its_lines(name: str, axis: int) -> None:
    """First and last row (column) of the image that a unit sees, for all units: border units and all gates."""
    height, width = SIZES[name]
    model = real_network(name, height)
    report = analyze(model, (3, height, width))
    compared = 0
    for path, poison in poisoned(model, (3, height, width), axis).items():
        row = row_of(report, path)
        if row is None:
            continue
        assert row.output_shape == (1, *poison.shape[1:])
        assert row.field is not None
        channels = channel_dim(name, path, poison.dim())
        seen = (poison if channels is None else poison.any(channels, keepdim=True)).numpy()
        first = np.where(seen.any(0), seen.argmax(0), NOTHING)
        last = np.where(seen.any(0), len(seen) - 1 - seen[::-1].argmax(0), -NOTHING)
        field = row.field.h if axis == -2 else row.field.w
        assert (np.broadcast_to(field.lo[0], first.shape) == first).all(), path
        assert (np.broadcast_to(field.hi[0], last.shape) == last).all(), path
        compared += 1
    assert compared > 10
