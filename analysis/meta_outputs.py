"""Shapes of operators' outputs, without paying PyTorch's meta kernels again and again.

A meta kernel for a convolution or a batch normalisation costs 0.1 to 0.5 ms, most of it Python
that answers the same question as for the layer before. Two shortcuts, both for operators that
always return new memory: an activation or normalisation returns a tensor laid out like its input;
and the layout of a convolution, pooling or product depends on shapes, strides, dtypes and arguments
alone, so it is worked out once for each signature in a trace.
"""

from __future__ import annotations

from typing import Any

import torch

from analysis.operators import OperatorInfo
from analysis.records import Kind

_REMEMBERED = frozenset(
    (
        *("conv1d", "conv2d", "conv3d", "conv_transpose2d", "linear", "matmul", "bmm", "softmax"),
        *("batch_norm", "group_norm", "max_pool2d", "avg_pool2d", "adaptive_avg_pool2d"),
        *("scaled_dot_product_attention", "add", "mul", "cat"),
    )
)
_LIKE_INPUT = frozenset(
    (
        *("gelu", "silu", "relu", "sigmoid", "tanh", "elu", "leaky_relu"),
        *("hardsigmoid", "hardswish", "hardtanh"),
    )
)


class MetaOutputs:
    """Calls operators on meta tensors and remembers the layout of what the costly ones return."""

    def __init__(self) -> None:
        self._layouts: dict[Any, tuple[torch.Size, tuple[int, ...], torch.dtype]] = {}

    def __call__(self, func: Any, info: OperatorInfo, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return what ``func(*args, **kwargs)`` returns for meta tensors; raises what it raises."""
        if kwargs:
            return func(*args, **kwargs)
        name = info.name
        if name in _LIKE_INPUT:
            return args[0] if info.in_place else torch.empty_like(args[0])
        if _normalises_channels(info, args):
            return torch.empty_like(args[0])
        if name == "linear" and _multiplies_last_dimension(*args):
            return args[0].new_empty((*args[0].shape[:-1], args[1].shape[0]))
        if name not in _REMEMBERED:
            return func(*args)
        key = (func, *map(_signature, args))
        layout = self._layouts.get(key)
        if layout is None:
            result = func(*args)
            if name == "scaled_dot_product_attention":
                result = _as_fused_kernels_write(result)
            if isinstance(result, torch.Tensor) and result.is_meta:
                self._layouts[key] = (result.shape, result.stride(), result.dtype)
            return result
        if info.in_place:
            return args[0]
        size, stride, dtype = layout
        return torch.empty_strided(size, stride, dtype=dtype, device="meta")


def _normalises_channels(info: OperatorInfo, args: tuple[Any, ...]) -> bool:
    """True for a batch or layer normalisation whose parameters fit its input (else PyTorch should say so)."""
    if info.kind is not Kind.NORMALISATION or not isinstance(args[0], torch.Tensor):
        return False
    if info.name == "batch_norm":
        return args[0].ndim > 1 and all(t is None or t.shape == args[0].shape[1:2] for t in args[1:5])
    return info.name == "layer_norm" and args[0].shape[-len(args[1]) :] == torch.Size(args[1])


def _multiplies_last_dimension(
    inputs: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None
) -> bool:
    """True for a linear layer whose parameters fit its input (else PyTorch should say so)."""
    return (
        weight.ndim == 2
        and inputs.shape[-1:] == weight.shape[1:]
        and inputs.dtype == weight.dtype
        and inputs.is_meta
        and (bias is None or (bias.shape == weight.shape[:1] and bias.dtype == weight.dtype))
    )


def _as_fused_kernels_write(result: torch.Tensor) -> torch.Tensor:
    """Fused attention writes (batch, position, head, feature) and returns it with heads before positions."""
    if result.ndim != 4:
        return result
    _, heads, positions, features = result.shape
    strides = (heads * positions * features, features, heads * features, 1)
    return torch.empty_strided(result.shape, strides, dtype=result.dtype, device="meta")


def _signature(argument: Any) -> Any:
    if isinstance(argument, torch.Tensor):
        return (argument.shape, argument.stride(), argument.dtype, argument.device)
    return tuple(map(_signature, argument)) if isinstance(argument, list) else argument
