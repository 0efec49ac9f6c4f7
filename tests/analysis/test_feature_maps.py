from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Tensor, nn

import models
from analysis import analyze
from analysis.feature_maps import feature_maps
from models.initialised import build_initialised

NAMES = [
    "resnet18", "densenet121", "mobilenet_v3_small", "vit_b_32", "swin_t", "shufflenet_v2_x1_0", "convnext_tiny",
    "squeezenet1_1", "lenet5", "googlenet_2014",
]  # fmt: skip


def picture(name: str) -> Tensor:
    """A random image of the size of the model's card."""
    return torch.rand(1, *models.card(name).input_shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_those_of_the_report(name: str) -> None:
    """Every row's value has the row's shape, and the last one is what the model itself returns."""
    model, image = build_initialised(name), picture(name)
    report = analyze(models.build(name), models.card(name).input_shape)
    maps = feature_maps(model, image, range(len(report.rows)))
    assert [tuple(maps[row.index].shape) for row in report.rows] == [row.output_shape for row in report.rows]
    with torch.inference_mode():
        expected = model(image)
    assert torch.allclose(maps[report.trace.outputs[0].operation], expected, rtol=1e-4, atol=1e-5)


def test_values_are_those_that_hooks_see() -> None:
    """Modules of ResNet-18, also where a later operation writes into the same memory."""
    model, image = build_initialised("resnet18"), picture("resnet18")
    rows = {row.name: row.index for row in analyze(models.build("resnet18"), (3, 224, 224)).rows}
    names = ["conv1", "bn1", "layer2.0.downsample.0", "layer4.1.conv2", "avgpool"]
    maps = feature_maps(model, image, [rows[name] for name in names])
    seen: dict[str, Tensor] = {}
    for name in names:
        model.get_submodule(name).register_forward_hook(
            lambda _m, _i, out, name=name: seen.update({name: out.clone()})
        )
    with torch.inference_mode():
        model(image)
    for name in names:
        assert torch.allclose(maps[rows[name]], seen[name], rtol=1e-4, atol=1e-5)


def test_threads_share_a_model() -> None:
    """Eight forward passes of one model at once give what one gives alone; nothing is left on its modules."""
    model, image = build_initialised("squeezenet1_1"), picture("squeezenet1_1")
    before = {path: sorted(vars(module)) for path, module in model.named_modules()}
    alone = feature_maps(model, image, [0, 10])
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: feature_maps(model, image, [0, 10]), range(8)):
            assert all(torch.allclose(found[row], alone[row]) for row in (0, 10))
    assert {path: sorted(vars(module)) for path, module in model.named_modules()} == before


def test_tensors_that_are_no_parameters_count_too() -> None:
    """A plain attribute keeps its values in the copy."""

    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.factor = torch.tensor(3.0)

        def forward(self, image: Tensor) -> Tensor:
            return image * self.factor

    assert torch.equal(feature_maps(Scaled(), torch.ones(1, 1, 2, 2), [0])[0], torch.full((1, 1, 2, 2), 3.0))


def test_a_row_that_does_not_exist_is_a_sentence() -> None:
    """The network has the rows 0 and 1."""
    network = nn.Sequential(nn.Conv2d(1, 1, 3), nn.ReLU())
    with pytest.raises(ValueError, match="Sequential has no row 7: choose one from 0 to 1"):
        feature_maps(network, torch.rand(1, 1, 5, 5), [0, 7])
