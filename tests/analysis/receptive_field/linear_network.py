"""A real network made linear and positive, so that no term of a unit's gradient vanishes or cancels.

Every parameter becomes a positive constant, every activation the identity, maximum pooling the mean
over the same windows, a gate or a softmax a positive linear function of what it reads. Then the
gradient of a unit is non-zero exactly at the pixels that the unit can see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
import torch.nn.functional as functional
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode


def make_positive(model: nn.Module) -> nn.Module:
    """Set every parameter to the mean weight of its fan-in, in double precision; statistics to 0 and 1."""
    model = model.eval().double().requires_grad_(False)
    for parameter in model.parameters():
        parameter.fill_(parameter.shape[0] / parameter.numel() if parameter.dim() else 1.0)
    for module in model.modules():
        if isinstance(module, nn.modules.batchnorm._NormBase) and module.running_mean is not None:
            module.reset_running_stats()
    return model


class Linearised(TorchFunctionMode):
    """While active, functions that are not linear are replaced by positive linear ones that read the same values."""

    def __torch_function__(
        self,
        func: Any,
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        replacement = _REPLACEMENTS.get(getattr(func, "__name__", "").rstrip("_"))
        return (replacement or func)(*args, **(kwargs or {}))


def _same(values: Tensor, *_: Any, **__: Any) -> Tensor:
    return values


def _gate(values: Tensor, *_: Any, **__: Any) -> Tensor:
    """Value 1, so that products of gates do not grow; the gradient keeps its place and its sign."""
    return values / values.detach()


def _softmax(values: Tensor, dim: int = -1, *_: Any, **__: Any) -> Tensor:
    """Every value reads all values along a dimension."""
    return _gate(values + values.sum(dim, keepdim=True)) / values.shape[dim]


def _maximum(values: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    return values.mean(dim, keepdim)


def _max_pool2d(
    values: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor:
    assert not return_indices
    if dilation in (1, (1, 1)):
        return functional.avg_pool2d(values, kernel_size, stride, padding, ceil_mode)
    assert not ceil_mode and isinstance(kernel_size, int)
    channels = values.shape[1]
    kernel = torch.ones(channels, 1, kernel_size, kernel_size, dtype=values.dtype)
    return functional.conv2d(values, kernel, None, stride or kernel_size, padding, dilation, channels)


def _adaptive_max_pool2d(values: Tensor, output_size: Any, return_indices: bool = False) -> Tensor:
    assert not return_indices
    return functional.adaptive_avg_pool2d(values, output_size)


def _layer_norm(values: Tensor, normalized_shape: Any, *_: Any, **__: Any) -> Tensor:
    dims = tuple(range(-len(normalized_shape), 0))
    return _gate(values + values.mean(dims, keepdim=True))


def _group_norm(values: Tensor, num_groups: int, *_: Any, **__: Any) -> Tensor:
    groups = values.unflatten(1, (num_groups, -1))
    return _gate(groups + groups.mean(tuple(range(2, groups.dim())), keepdim=True)).flatten(1, 2)


def _instance_norm(values: Tensor, *_: Any, **__: Any) -> Tensor:
    return _gate(values + values.mean(tuple(range(2, values.dim())), keepdim=True))


def _attention(query: Tensor, key: Tensor, value: Tensor, *_: Any, **__: Any) -> Tensor:
    """Every query reads itself and all keys and values."""
    read = query.mean(-1, keepdim=True) + key.mean((-2, -1), keepdim=True)
    return value.mean(-2, keepdim=True) * _gate(read)


def _multi_head_attention(
    query: Tensor, key: Tensor, value: Tensor, *_: Any, **__: Any
) -> tuple[Tensor, None]:
    """Sequence first: every query reads itself and all keys and values."""
    return query + key.mean(0, keepdim=True) + value.mean(0, keepdim=True), None


_IDENTITY = "relu relu6 leaky_relu elu selu silu gelu hardswish hardtanh tanh softplus mish clamp prelu"
_REPLACEMENTS: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(_IDENTITY.split(), _same),
    "sigmoid": _gate,
    "hardsigmoid": _gate,
    "softmax": _softmax,
    "amax": _maximum,
    "max_pool2d": _max_pool2d,
    "adaptive_max_pool2d": _adaptive_max_pool2d,
    "layer_norm": _layer_norm,
    "group_norm": _group_norm,
    "instance_norm": _instance_norm,
    "scaled_dot_product_attention": _attention,
    "multi_head_attention_forward": _multi_head_attention,
}
