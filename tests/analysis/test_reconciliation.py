"""The reconciliation against fvcore and FlopCounterMode themselves."""

from __future__ import annotations

import logging
from collections import Counter

import pytest
import torch
import torchvision
from fvcore.nn import FlopCountAnalysis
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import models
from analysis import analyze
from analysis.reconciliation import reconcile
from analysis.witness_fvcore import fvcore_counts
from analysis.witness_pytorch import pytorch_flops

# One small member of every family: fvcore runs the network for real. MaxViT contracts with einsum,
# for which fvcore takes numpy's printed estimate (four digits), the others are exact.
FAMILIES = (
    "alexnet", "vgg11", "squeezenet1_1", "googlenet", "inception_v3", "resnet18", "resnext50_32x4d",
    "wide_resnet50_2", "densenet121", "mobilenet_v2", "mobilenet_v3_small", "shufflenet_v2_x0_5", "mnasnet0_5",
    "efficientnet_b0", "efficientnet_v2_s", "regnet_y_400mf", "regnet_x_400mf", "convnext_tiny", "vit_b_32",
    "swin_t", "swin_v2_t", "maxvit_t",
)  # fmt: skip
CONVOLUTIONAL = FAMILIES[:18]


def fvcore_itself(model: nn.Module, shape: tuple[int, ...]) -> Counter[str]:
    """What fvcore counts by operator when its users call it: a real model on real numbers."""
    logging.getLogger("fvcore").setLevel(logging.ERROR)
    counting = FlopCountAnalysis(model, torch.zeros(1, *shape))
    counting.unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    return Counter({name: int(count) for name, count in counting.by_operator().items() if count})


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FAMILIES)
def test_the_fvcore_column_is_what_fvcore_says(name: str) -> None:
    """Operator by operator, fvcore run for real counts what its formulas say of the trace."""
    shape = models.card(name).input_shape
    report = analyze(models.build(name), shape)
    counts: Counter[str] = Counter()
    for operation, count in zip(report.trace.operations, fvcore_counts(report.trace), strict=True):
        counts["conv" if "conv" in operation.operator else operation.operator] += count or 0
    assert +counts == fvcore_itself(torchvision.models.get_model(name, weights=None).eval(), shape)


@pytest.mark.parametrize("name", CONVOLUTIONAL)
def test_convolutional_families_equal_fvcore(name: str) -> None:
    """Less the normalisation and adaptive pooling that fvcore alone counts, both totals are equal."""
    card = models.card(name)
    model = models.build(name)
    report = analyze(model, card.input_shape)
    fvcore = reconcile(report, model).witnesses[0]
    assert {part.operator for part in fvcore.differences} <= {
        "batch_norm",
        "layer_norm",
        "adaptive_avg_pool2d",
    }
    assert fvcore.amount is not None
    assert fvcore.amount - sum(part.amount for part in fvcore.differences) == report.totals.macs
    assert fvcore.agrees


@pytest.mark.parametrize("name", models.names())
def test_every_witness_agrees_for_every_model(name: str) -> None:
    """fvcore, PyTorch and torchvision's figures leave nothing unexplained for any of the 80."""
    card = models.card(name)
    model = models.build(name)
    report = analyze(model, card.input_shape)
    found = reconcile(report, model, published_gmacs=card.gmacs, published_params=card.params)
    assert [witness.name for witness in found.witnesses] == [
        "fvcore", "torch.utils.flop_counter", "published", "published",
    ]  # fmt: skip
    assert [witness.name for witness in found.witnesses if not witness.agrees] == []


@pytest.mark.parametrize("name", ["resnet18", "vit_b_32", "swin_v2_t", "maxvit_t", "densenet121"])
def test_the_pytorch_column_is_what_flop_counter_mode_says(name: str) -> None:
    """The formulas without the process-wide hooks count what FlopCounterMode counts with them."""
    shape = models.card(name).input_shape
    model = models.build(name)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(torch.empty(1, *shape, device="meta"))
    expected = {
        str(packet).rpartition(".")[2]: count for packet, count in counter.get_flop_counts()["Global"].items()
    }
    assert dict(pytorch_flops(model, [shape])) == expected


def test_auxiliary_heads_that_the_publisher_leaves_out_are_named() -> None:
    """GoogLeNet: 13,004,888 parameters, 6,624,904 published, the rest in aux1 and aux2."""
    card = models.card("googlenet")
    model = models.build("googlenet")
    found = reconcile(analyze(model, card.input_shape), model, published_params=card.params)
    published = found.witnesses[-1]
    assert (found.params, published.amount) == (13_004_888, 6_624_904)
    assert [(part.operator, part.amount) for part in published.differences] == [("aux1, aux2", -6_379_984)]
    assert published.agrees


def test_a_wrong_published_figure_is_not_agreed_with() -> None:
    """One parameter or 0.2 % of the MACs too many, and the witness does not agree."""
    model = models.build("resnet18")
    report = analyze(model, (3, 224, 224))
    found = reconcile(report, model, published_gmacs=1.814 * 1.002, published_params=11_689_513)
    assert [witness.agrees for witness in found.witnesses] == [True, True, False, False]


class VectorProduct(nn.Module):
    """A product with a vector, for which PyTorch's counter has no formula."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 4, 3)
        self.vector = nn.Parameter(torch.zeros(6))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.convolution(image) @ self.vector


def test_what_pytorch_cannot_count_is_said() -> None:
    """The witness stays, does not agree, and says which operators it has formulas for."""
    model = VectorProduct()
    report = analyze(model, (3, 8, 8))
    # 4 * 6 * 6 outputs of 27 MACs, then 4 * 6 rows of 6
    assert report.totals.macs == 144 * 27 + 24 * 6
    witness = reconcile(report, model).witnesses[1]
    assert (witness.amount, witness.agrees) == (144 * 27, False)
    assert witness.reason == "PyTorch has formulas for convolution in this network and no other"
