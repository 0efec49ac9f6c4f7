"""Parameters and MACs against what torchvision publishes, and against PyTorch's own counter."""

from __future__ import annotations

import pytest
import torch
import torchvision.models as torchvision_models
from torch.utils.flop_counter import FlopCounterMode

import models
from analysis import analyze
from analysis.records import Status

# torchvision publishes GoogLeNet without the auxiliary heads that it builds; Inception-v3 with them.
HEADS_NOT_PUBLISHED = {"googlenet": ("aux1.", "aux2.")}
WEIGHTS = [
    (name, entry)
    for name in models.names("torchvision")
    for entry in torchvision_models.get_model_weights(name)
]


def test_every_published_set_of_weights_is_compared() -> None:
    """The zoo has 80 classifiers with 115 sets of weights, none left out below."""
    assert len(models.names("torchvision")) == 80
    assert len(WEIGHTS) == 115


@pytest.mark.parametrize(("name", "entry"), WEIGHTS, ids=[f"{name}-{entry.name}" for name, entry in WEIGHTS])
def test_parameters_and_macs_are_the_published_ones(name: str, entry: torchvision_models.WeightsEnum) -> None:
    """At its own crop size each has the published parameters, and the published MACs to their last digit."""
    crop = entry.transforms().crop_size[0]
    report = analyze(models.build(name, crop), (3, crop, crop))
    heads = HEADS_NOT_PUBLISHED.get(name, ())
    in_heads = sum(record.elements for record in report.unused if heads and record.name.startswith(heads))
    assert report.totals.params == entry.meta["num_params"] + in_heads
    assert report.totals.macs_status is Status.EXACT
    # _ops is labelled GFLOPS and counts multiply-accumulates, in units of 10^9 rounded to 10^6.
    assert round(report.totals.macs / 1e9, 3) == entry.meta["_ops"]


@pytest.mark.parametrize(
    ("name", "heads", "params"),
    # aux1 and aux2: 1x1 convolution to 128 with batch norm, then 2048 -> 1024 -> 1000.
    # aux1: 512 * 128 + 256 + 2049 * 1024 + 1025 * 1000; aux2 the same from 528 channels.
    # AuxLogits: 1x1 from 768 to 128, 5x5 from 128 to 768, each with batch norm, then 768 -> 1000.
    [
        ("googlenet", {"aux1", "aux2"}, (512 + 528) * 128 + 2 * (256 + 2049 * 1024 + 1025 * 1000)),
        ("inception_v3", {"AuxLogits"}, 768 * 128 + 256 + 128 * 25 * 768 + 1536 + 769 * 1000),
    ],
)
def test_parameters_that_no_row_reads_are_those_of_the_auxiliary_heads(
    name: str, heads: set[str], params: int
) -> None:
    """Evaluation skips the auxiliary heads: their parameters count in the total and are named as unused."""
    report = analyze(models.build(name), models.card(name).input_shape)
    assert {record.name.split(".")[0] for record in report.unused} == heads
    assert report.totals.unused_params == params
    assert sum(row.params for row in report.rows) == report.totals.params - params


@pytest.mark.parametrize("name", models.names("torchvision"))
def test_macs_are_half_of_what_pytorch_counts_as_floating_point_operations(name: str) -> None:
    """FlopCounterMode sees the operators after PyTorch takes them apart, and counts two for each MAC."""
    model = models.build(name)
    shape = models.card(name).input_shape
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        model(torch.empty(1, *shape, device="meta"))
    report = analyze(model, shape)
    assert 2 * report.totals.macs == report.totals.flops == counter.get_total_flops()


@pytest.mark.parametrize("name", ["resnet50", "mobilenet_v3_small", "convnext_tiny", "vit_b_16", "maxvit_t"])
def test_macs_of_modules_are_those_that_pytorch_attributes_to_them(name: str) -> None:
    """FlopCounterMode follows the module tree by itself: the totals agree module by module."""
    model = models.build(name)
    shape = models.card(name).input_shape
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        model(torch.empty(1, *shape, device="meta"))
    root = type(model).__name__
    counted = {
        path.removeprefix(root).removeprefix("."): sum(by_operator.values())
        for path, by_operator in counter.get_flop_counts().items()
        if path != "Global"
    }
    ours = {total.name: 2 * total.macs for total in analyze(model, shape).modules if total.macs}
    # It opens a scope for a module only where the module's own __call__ runs.
    assert {path: counted[path] for path in ours if path in counted} == {
        path: value for path, value in ours.items() if path in counted
    }
    assert len(set(ours) & set(counted)) > 20
