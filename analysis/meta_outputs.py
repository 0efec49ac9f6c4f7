"""Shapes of operators' outputs, each signature worked out once in a trace.

PyTorch's meta kernels for convolutions cost some 0.2 ms each, most of it the same question asked
again: a residual network calls one convolution signature dozens of times. For operators that
always return new memory, the answer depends on shapes, strides, dtypes and arguments alone, so it
is remembered for the length of one trace.
"""

from __future__ import annotations

from typing import Any

import torch

from analysis.operators import OperatorInfo

_ALWAYS_NEW = frozenset(
    "conv1d conv2d conv3d conv_transpose2d linear batch_norm layer_norm group_norm max_pool2d avg_pool2d "
    "adaptive_avg_pool2d matmul bmm scaled_dot_product_attention softmax gelu silu relu sigmoid hardsigmoid "
    "hardswish add mul cat".split()
)


class MetaOutputs:
    """Calls operators on meta tensors and remembers the layout of what the costly ones return."""

    def __init__(self) -> None:
        self._layouts: dict[Any, tuple[torch.Size, tuple[int, ...], torch.dtype]] = {}

    def __call__(self, func: Any, info: OperatorInfo, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return ``func(*args, **kwargs)`` for meta tensors."""
        if kwargs or not (info.pointwise if info.in_place else info.name in _ALWAYS_NEW):
            return func(*args, **kwargs)
        key = (func, *map(_signature, args))
        layout = self._layouts.get(key)
        if layout is not None and info.in_place:
            return args[0]
        if layout is None:
            result = func(*args)
            if isinstance(result, torch.Tensor) and result.is_meta:
                self._layouts[key] = (result.shape, result.stride(), result.dtype)
            return result
        size, stride, dtype = layout
        return torch.empty_strided(size, stride, dtype=dtype, device="meta")


def _signature(argument: Any) -> Any:
    if isinstance(argument, torch.Tensor):
        return (argument.shape, argument.stride(), argument.dtype, argument.device)
    return tuple(map(_signature, argument)) if isinstance(argument, list) else argument
