"""Copies of a network for surgery: new modules without hooks, around the tensors of the original or none at all."""

from __future__ import annotations

import copy
from collections.abc import Callable

from torch import Tensor, nn


def copy_with_its_tensors(model: nn.Module) -> nn.Module:
    """A copy whose parameters and buffers are those of ``model``: training the one trains the other."""
    return _copied(model, _same)


def meta_twin(model: nn.Module) -> nn.Module:
    """A copy for evaluation without weights, in the precision of the images that it is run on."""
    return _copied(model, _on_meta).float().eval()


def put_module(model: nn.Module, path: str, module: nn.Module) -> None:
    """Put a module in the place of the one at ``path``: put_module(network, "features.3", nn.Identity())."""
    parent, _, name = path.rpartition(".")
    setattr(model.get_submodule(parent), name, module)


def _copied(model: nn.Module, tensor: Callable[[Tensor], Tensor]) -> nn.Module:
    """A copy of the modules, without hooks, whose parameters and buffers are what ``tensor`` makes of them."""
    memo = {id(owned): tensor(owned) for owned in (*model.parameters(), *model.buffers())}
    twin = copy.deepcopy(model, memo)
    for module in twin.modules():
        module._forward_hooks.clear()
        module._forward_pre_hooks.clear()
    return twin


def _same(tensor: Tensor) -> Tensor:
    return tensor


def _on_meta(tensor: Tensor) -> Tensor:
    shape_only = tensor.detach().to("meta")
    return nn.Parameter(shape_only, tensor.requires_grad) if isinstance(tensor, nn.Parameter) else shape_only
