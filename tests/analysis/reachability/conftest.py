"""The independent witness of these tests: gradients of real networks, channel by channel."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

Maps = dict[str, Tensor]
Probe = Callable[[nn.Module, tuple[int, int, int], list[str]], dict[str, NDArray[np.bool_]]]
RUNS = 2  # a window of pooling may hide a connection in one run


def real(model: nn.Module) -> nn.Module:
    """The network with random weights and statistics in float64, nothing written in place, no unit silent."""
    for module in list(model.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.ReLU | nn.ReLU6):
                setattr(module, name, nn.LeakyReLU(0.3))
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight)
            module.register_buffer("running_mean", torch.randn(module.num_features))
            module.register_buffer("running_var", torch.rand(module.num_features) + 0.5)
    return model.double().eval()


def run(model: nn.Module, image: Tensor) -> Maps:
    """Outputs of all leaf modules that run once, by path, and of the model itself under ""."""
    maps: Maps = {}
    calls: list[str] = []

    def hook_for(path: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            calls.append(path)
            maps[path] = output

        return hook

    leaves = [(path, module) for path, module in model.named_modules() if not list(module.children())]
    handles = [module.register_forward_hook(hook_for(path)) for path, module in leaves if path]
    result = model(image)
    for handle in handles:
        handle.remove()
    return {path: maps[path] for path in calls if calls.count(path) == 1} | {"": result}


def connected(source: Tensor, target: Tensor) -> NDArray[np.bool_]:
    """Where the gradient of an output channel with respect to an input channel is not zero anywhere."""
    weights = torch.zeros(target.shape[1], *target.shape, dtype=target.dtype)
    for channel, weight in enumerate(weights):
        weight[:, channel] = torch.rand_like(target[:, channel])
    (gradients,) = torch.autograd.grad(
        target,
        source,
        weights,
        retain_graph=True,
        is_grads_batched=True,
        allow_unused=True,
        materialize_grads=True,
    )
    return np.array(gradients.transpose(1, 2).flatten(2).ne(0).any(dim=2).numpy(), dtype=bool)


def probed(model: nn.Module, shape: tuple[int, int, int], targets: list[str]) -> dict[str, NDArray[np.bool_]]:
    """The matrices from the input to each target, by gradients of several runs together."""
    torch.manual_seed(1)
    found: dict[str, NDArray[np.bool_]] = {}
    for _ in range(RUNS):
        image = torch.randn(1, *shape, dtype=torch.float64, requires_grad=True)
        maps = run(model, image)
        for target in targets:
            matrix = connected(image, maps[target])
            found[target] = found.get(target, np.zeros_like(matrix)) | matrix
    return found


@pytest.fixture(name="real")
def real_fixture() -> Callable[[nn.Module], nn.Module]:
    """What makes a network real."""
    return real


@pytest.fixture(name="run")
def run_fixture() -> Callable[[nn.Module, Tensor], Maps]:
    """What runs a network and keeps the maps of all its layers."""
    return run


@pytest.fixture(name="connected")
def connected_fixture() -> Callable[[Tensor, Tensor], NDArray[np.bool_]]:
    """What finds the connections of two tensors of one run."""
    return connected


@pytest.fixture(name="probed")
def probed_fixture() -> Probe:
    """What finds the connections from a network's input to its layers."""
    return probed
