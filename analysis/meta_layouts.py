"""Layouts of operators' outputs worked out from shapes, for the calls that make up most of a network.

PyTorch's meta kernels for these are written in Python and cost 0.1 to 0.4 ms a call. Each rule here
takes the operator's arguments and returns a fresh meta tensor laid out as PyTorch would, or None
for any case that is not plain (another memory format, mixed types, shapes that do not fit), which
PyTorch then decides or refuses. A test compares every call of the whole zoo with PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

Rule = Callable[..., torch.Tensor | None]


def _plain(tensor: Any) -> bool:
    return isinstance(tensor, torch.Tensor) and tensor.is_meta and tensor.is_contiguous()


def _alike(tensor: torch.Tensor) -> torch.Tensor:
    """A new tensor laid out like another; PyTorch's own ``empty_like`` is slow on the meta device."""
    return tensor.new_empty(tensor.shape) if tensor.is_contiguous() else torch.empty_like(tensor)


def _fits(bias: torch.Tensor | None, weight: torch.Tensor) -> bool:
    return bias is None or (bias.shape == weight.shape[:1] and bias.dtype == weight.dtype)


def convolution(
    inputs: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    stride: Sequence[int] = (1, 1),
    padding: Sequence[int] | str = (0, 0),
    dilation: Sequence[int] = (1, 1),
    groups: int = 1,
) -> torch.Tensor | None:
    """A convolution of a contiguous map: (1, 3, 224, 224) by 64 kernels of 7 x 7, stride 2: (1, 64, 112, 112)."""
    if isinstance(padding, str) or not (_plain(inputs) and _plain(weight)) or inputs.ndim != 4:
        return None
    batch, channels, height, width = inputs.shape
    outputs, per_group, *kernel = weight.shape
    if (
        channels != per_group * groups
        or outputs % groups
        or inputs.dtype != weight.dtype
        or not _fits(bias, weight)
    ):
        return None
    if (
        not len(kernel) == len(stride) == len(padding) == len(dilation) == 2
        or min(stride) < 1
        or min(padding) < 0
    ):
        return None
    rows = (height + 2 * padding[0] - dilation[0] * (kernel[0] - 1) - 1) // stride[0] + 1
    columns = (width + 2 * padding[1] - dilation[1] * (kernel[1] - 1) - 1) // stride[1] + 1
    if rows < 1 or columns < 1:
        return None
    return inputs.new_empty((batch, outputs, rows, columns))


def linear(
    inputs: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None
) -> torch.Tensor | None:
    """A linear layer: contiguous whatever its input is."""
    if weight.ndim != 2 or not inputs.is_meta or inputs.shape[-1:] != weight.shape[1:]:
        return None
    if inputs.dtype != weight.dtype or not _fits(bias, weight):
        return None
    return inputs.new_empty((*inputs.shape[:-1], weight.shape[0]))


def concatenation(tensors: Sequence[torch.Tensor], dim: int = 0) -> torch.Tensor | None:
    """A concatenation of contiguous tensors that differ in one dimension only."""
    first = tensors[0]
    shape = list(first.shape)
    if not all(_plain(t) and t.ndim == len(shape) and t.dtype == first.dtype for t in tensors):
        return None
    if not -len(shape) <= dim < len(shape):
        return None
    dim %= len(shape)
    length = 0
    for tensor in tensors:
        other = list(tensor.shape)
        length += other[dim]
        other[dim] = shape[dim]
        if other != shape:
            return None
    shape[dim] = length
    return first.new_empty(shape)


def arithmetic(first: Any, second: Any) -> torch.Tensor | None:
    """A sum, difference, product or quotient, where one operand already has the shape of the result."""
    if not isinstance(first, torch.Tensor) or not first.is_meta or not first.is_floating_point():
        return None
    if isinstance(second, (int, float)):
        return _alike(first)
    if not isinstance(second, torch.Tensor) or first.dtype != second.dtype or not second.is_meta:
        return None
    if first.shape == second.shape and first.stride() == second.stride():
        return _alike(first)
    if not (_plain(first) and _plain(second)):
        return None
    larger, smaller = (first, second) if first.numel() >= second.numel() else (second, first)
    if smaller.ndim > larger.ndim:
        return None
    pairs = zip(reversed(larger.shape), reversed(smaller.shape), strict=False)
    return _alike(larger) if all(few in (1, many) for many, few in pairs) else None


def adaptive_pooling(inputs: torch.Tensor, output_size: Sequence[int]) -> torch.Tensor | None:
    """Adaptive pooling of a contiguous map to a size that is given for both axes."""
    if not _plain(inputs) or inputs.ndim != 4 or len(output_size) != 2 or 0 in inputs.shape:
        return None
    if not all(isinstance(size, int) and size > 0 for size in output_size):
        return None
    return inputs.new_empty((*inputs.shape[:2], *output_size))


def attention(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, *_: Any) -> torch.Tensor | None:
    """Fused attention: laid out like its queries, as the real kernels do; the meta kernel ignores them."""
    if query.ndim != 4 or not query.is_meta or value.shape != key.shape:
        return None
    if query.shape[:2] != key.shape[:2] or query.shape[-1] != key.shape[-1]:
        return None
    return _alike(query)


def batch_normalisation(inputs: torch.Tensor, *statistics: Any) -> torch.Tensor | None:
    """A batch normalisation whose weight, bias, mean and variance fit the channels of its input."""
    if inputs.ndim < 2 or not inputs.is_meta:
        return None
    channels = inputs.shape[1:2]
    for tensor in statistics[:4]:
        if tensor is not None and tensor.shape != channels:
            return None
    return _alike(inputs)


def layer_normalisation(inputs: torch.Tensor, normalised: Sequence[int], *_: Any) -> torch.Tensor | None:
    """A layer normalisation over the last dimensions of its input: contiguous whatever that is."""
    if not inputs.is_meta or inputs.shape[-len(normalised) :] != torch.Size(normalised):
        return None
    return inputs.new_empty(inputs.shape)


def like_input(inputs: torch.Tensor, *_: Any) -> torch.Tensor | None:
    """An activation: a value for each value."""
    return _alike(inputs) if inputs.is_meta and inputs.is_floating_point() else None


def like_plain_input(inputs: torch.Tensor, *settings: Any) -> torch.Tensor | None:
    """A value for each value of a contiguous tensor, with settings that are numbers."""
    if not _plain(inputs) or any(isinstance(setting, torch.Tensor) for setting in settings):
        return None
    return _alike(inputs)


RULES: dict[str, Rule] = {
    "conv2d": convolution,
    "linear": linear,
    "cat": concatenation,
    **dict.fromkeys(("add", "sub", "mul", "div"), arithmetic),
    "adaptive_avg_pool2d": adaptive_pooling,
    "scaled_dot_product_attention": attention,
    "batch_norm": batch_normalisation,
    "layer_norm": layer_normalisation,
    **dict.fromkeys(("gelu", "silu", "relu", "sigmoid", "tanh", "elu", "leaky_relu"), like_input),
    **dict.fromkeys(("hardsigmoid", "hardswish", "hardtanh"), like_input),
    **dict.fromkeys(("roll", "clamp_min"), like_plain_input),
}
