"""What is measured, each as its users call it: a model and an input shape in, the work done."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torchvision
from torch import nn

import models
from analysis import analyze
from benchmarks.cifar_resnet import CIFAR_RESNETS, build_cifar_resnet

Shape = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Subject:
    """One network in both forms: without weights (``meta``), and real on the CPU when a peer asks for it."""

    name: str
    shape: Shape
    meta: nn.Module
    build_real: Callable[[], nn.Module]


def subject(name: str) -> Subject:
    """A zoo model at its card's input shape, or a CIFAR ResNet ("resnet20", "resnet110", "resnet1202") at 32 x 32."""
    if name in CIFAR_RESNETS:
        with torch.device("meta"):
            meta = build_cifar_resnet(name).eval()
        return Subject(name, (3, 32, 32), meta, lambda: build_cifar_resnet(name).eval())
    card = models.card(name)
    size = {} if card.size_step is None or card.family == "MaxViT" else {"image_size": card.input_shape[-1]}
    quick = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}

    def build_real() -> nn.Module:
        built: nn.Module = torchvision.models.get_model(name, weights=None, **size, **quick)
        return built.eval()

    return Subject(name, card.input_shape, models.build(name), build_real)


def run_convscope(model: nn.Module, shape: Shape) -> None:
    """The complete report: every row with shapes, costs, memory, receptive field and aliasing, and all totals."""
    analyze(model, shape)


def run_bare_forward(model: nn.Module, shape: Shape) -> None:
    """Nothing but the model's own forward pass on the meta device: no analysis can be cheaper by much."""
    with torch.inference_mode():
        model(torch.empty(1, *shape, device="meta"))


def run_torchinfo(model: nn.Module, shape: Shape) -> None:
    """torchinfo's summary of a real model, not printed."""
    import torchinfo

    torchinfo.summary(model, input_size=(1, *shape), verbose=0)


def run_fvcore(model: nn.Module, shape: Shape) -> None:
    """fvcore's total of MACs for a real model and image, its warnings off."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from fvcore.nn import FlopCountAnalysis

        counter = FlopCountAnalysis(model, torch.zeros(1, *shape))
        counter.unsupported_ops_warnings(False).uncalled_modules_warnings(False).total()


def run_torchlens(model: nn.Module, shape: Shape) -> None:
    """torchlens' trace of a real model and image: shapes, parameters and FLOPs of each operation."""
    import torchlens

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torchlens.trace(model, torch.zeros(1, *shape))


ON_META: dict[str, Callable[[nn.Module, Shape], None]] = {
    "ConvScope": run_convscope,
    "bare": run_bare_forward,
}
ON_CPU: dict[str, Callable[[nn.Module, Shape], None]] = {
    "torchinfo": run_torchinfo,
    "fvcore": run_fvcore,
    "torchlens": run_torchlens,
}
