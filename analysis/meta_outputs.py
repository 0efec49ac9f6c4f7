"""Shapes of operators' outputs, without paying PyTorch's meta kernels again and again.

A meta kernel for a convolution or a batch normalisation costs 0.1 to 0.5 ms, most of it Python.
Two shortcuts, both for operators that always return new memory: the plain cases of the commonest
operators have rules (:mod:`analysis.meta_layouts`); and for other costly ones the layout depends on
shapes, strides, dtypes and arguments alone, so it is worked out once for each signature in a trace.
"""

from __future__ import annotations

from typing import Any

import torch

from analysis.meta_layouts import RULES, like_input
from analysis.operators import OperatorInfo

_REMEMBERED = frozenset(
    (
        *("conv1d", "conv2d", "conv3d", "conv_transpose2d", "matmul", "bmm", "softmax", "group_norm"),
        *("max_pool2d", "avg_pool2d", "adaptive_avg_pool2d", "masked_fill", "linalg_vector_norm"),
        *("scaled_dot_product_attention", "add", "sub", "mul", "div", "cat", "index", "einsum"),
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
        rule = RULES.get(info.name)
        if rule is like_input and info.in_place:
            return args[0]
        if rule is not None:
            made = rule(*args)
            if made is not None and not info.in_place:
                return made
            if made is not None and made.shape == args[0].shape:
                return args[0]
        if info.name not in _REMEMBERED:
            return func(*args)
        key = (func, *map(_signature, args))
        layout = self._layouts.get(key)
        if layout is None:
            result = func(*args)
            if isinstance(result, torch.Tensor) and result.is_meta:
                self._layouts[key] = (result.shape, result.stride(), result.dtype)
            return result
        if info.in_place:
            return args[0]
        size, stride, dtype = layout
        return torch.empty_strided(size, stride, dtype=dtype, device="meta")


def _signature(argument: Any) -> Any:
    if isinstance(argument, torch.Tensor):
        return (argument.shape, argument.stride(), argument.dtype, argument.device)
    return tuple(map(_signature, argument)) if isinstance(argument, list) else argument
