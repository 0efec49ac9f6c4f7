"""Layouts that are worked out without PyTorch, against PyTorch's own, call by call."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

import models
from analysis import analyze
from analysis.meta_layouts import RULES
from analysis.meta_outputs import MetaOutputs
from analysis.operators import OperatorInfo

# One or two of each family, between them every operator of the zoo.
FAMILIES = (
    "alexnet", "vgg11_bn", "resnet50", "resnext50_32x4d", "googlenet", "inception_v3", "densenet121", "squeezenet1_1",
    "mobilenet_v2", "mobilenet_v3_small", "mnasnet0_5", "shufflenet_v2_x0_5", "efficientnet_b0", "efficientnet_v2_s",
    "regnet_x_400mf", "regnet_y_400mf", "convnext_tiny", "vit_b_32", "swin_t", "swin_v2_t", "maxvit_t",
)  # fmt: skip

Layout = list[tuple[tuple[int, ...], tuple[int, ...], torch.dtype]]


def layout(result: Any) -> Layout:
    """Shape, strides and type of each tensor that an operator returned."""
    tensors = result if isinstance(result, (tuple, list)) else (result,)
    return [(tuple(tensor.shape), tensor.stride(), tensor.dtype) for tensor in tensors]


class Compared:
    """Stands in for ``MetaOutputs.__call__`` and asks PyTorch as well."""

    def __init__(self) -> None:
        self.answered: Counter[str] = Counter()
        self.wrong: list[tuple[str, Layout, Layout]] = []

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        original = MetaOutputs.__call__

        def call(this: MetaOutputs, func: Any, info: OperatorInfo, args: Any, kwargs: Any) -> Any:
            result = original(this, func, info, args, kwargs)
            # Fused kernels lay attention out like its queries, which PyTorch's meta kernel ignores: see below.
            if info.name != "scaled_dot_product_attention":
                expected = layout(func(*args, **kwargs))
                if layout(result) != expected:
                    self.wrong.append((info.name, layout(result), expected))
                if info.name in RULES and not kwargs and RULES[info.name](*args) is not None:
                    self.answered[info.name] += 1
            return result

        monkeypatch.setattr(MetaOutputs, "__call__", call)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_layout_in_the_zoo_is_pytorchs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shape, strides and type of each operator's result, for each call of a whole network."""
    compared = Compared()
    compared.install(monkeypatch)
    analyze(models.build(name), models.card(name).input_shape)
    assert compared.wrong == []
    assert compared.answered["conv2d"] > 0


class Awkward(nn.Module):
    """Calls that no rule may answer carelessly: other memory formats, types, broadcasts and settings."""

    def __init__(self) -> None:
        super().__init__()
        self.same = nn.Conv2d(4, 4, 3, padding="same")
        self.strided = nn.Conv2d(4, 6, (3, 5), stride=(2, 1), padding=(1, 0), dilation=(1, 2))
        self.last = nn.Conv2d(6, 8, 3, groups=2).to(memory_format=torch.channels_last)
        self.norm = nn.BatchNorm2d(8)
        self.layer_norm = nn.LayerNorm(8)
        self.linear = nn.Linear(8, 5, bias=False)

    def forward(self, image: Tensor) -> Tensor:
        features = self.strided(self.same(torch.cat([image, image[:, :1]], 1)))
        features = self.norm(self.last(features))
        features = features * features.mean((2, 3), keepdim=True).sigmoid()
        features = torch.ones(1, 1, 1, 1, device=features.device) - features
        features = features + features.transpose(2, 3)[:, :, : features.shape[2], : features.shape[3]].mean()
        features = torch.cat([features, features.double().float()], 2) / 2
        tokens = self.linear(self.layer_norm(features.permute(0, 2, 3, 1)))
        tokens = functional.gelu(tokens.transpose(1, 2)) + torch.arange(5, device=tokens.device)
        tokens = tokens.roll(1, 1).clamp_min(0) * tokens[:, :, :1]
        pooled = functional.adaptive_avg_pool2d(tokens.permute(0, 3, 1, 2), (3, None))
        return functional.relu(pooled.add(pooled[:, :1], alpha=2))


def test_awkward_calls_have_pytorchs_layout_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a rule does not cover, PyTorch answers."""
    compared = Compared()
    compared.install(monkeypatch)
    analyze(Awkward(), (3, 20, 22))
    assert compared.wrong == []


class Attention(nn.Module):
    """Attention of an image to itself, its dimensions in some order."""

    def __init__(self, order: tuple[int, ...]) -> None:
        super().__init__()
        self.order = order

    def forward(self, image: Tensor) -> Tensor:
        query = image.permute(self.order)
        return functional.scaled_dot_product_attention(query, query, query)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 2, 1, 3)])
def test_fused_attention_is_laid_out_as_the_real_kernel_writes_it(order: tuple[int, ...]) -> None:
    """On the CPU a real call returns a tensor laid out like its queries: heads or positions first."""
    model = Attention(order)
    real = model(torch.rand(1, 10, 3, 16))
    ours = analyze(model, (10, 3, 16)).trace.operations[-1].outputs[0]
    assert ours.shape == tuple(real.shape)
    assert ours.strides == real.stride()


@pytest.mark.parametrize(
    ("left", "right"),
    [((1, 4, 6, 6), (1, 3, 6, 6)), ((1, 4, 6, 6), (5, 7)), ((2, 3), (3, 2))],
)
def test_shapes_that_do_not_fit_are_left_for_pytorch_to_refuse(
    left: tuple[int, ...], right: tuple[int, ...]
) -> None:
    """No rule invents a result for a sum, or for a linear layer or convolution with such a weight."""
    first, second = torch.empty(left, device="meta"), torch.empty(right, device="meta")
    for name in ("add", "linear", "conv2d", "cat"):
        arguments = ([first, second],) if name == "cat" else (first, second)
        assert RULES[name](*arguments) is None
