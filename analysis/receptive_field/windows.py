"""Rules for operators that slide a window or resample: convolution, pooling, upsampling."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

from analysis.receptive_field.call import Call, Sight
from analysis.receptive_field.field import AxisField
from analysis.receptive_field.reshape import permuted, reshaped
from analysis.receptive_field.taps import (
    Sources,
    adaptive_taps,
    group_taps,
    linear_sources,
    nearest_sources,
    source_taps,
    transposed_taps,
    window_taps,
)

_UNEVEN = "the windows of adaptive pooling differ in size, so the field depends on the position"


def _each(value: Any, rank: int) -> tuple[int, ...]:
    """Spell out a size given once for all axes: _each((3,), 2) == (3, 3)."""
    if isinstance(value, int):
        return (value,) * rank
    values = tuple(value)
    return values * rank if len(values) == 1 else values


def _channels_joined(axis: AxisField, dim: int, channels: int, out: int, groups: int) -> AxisField:
    """Field after every output channel reads all channels of its group, where channels see different things."""
    if axis.lo.shape[dim] == 1:
        return axis
    if groups == 1:
        return axis.over((dim,), keep=True)
    return axis.through(dim, group_taps(channels, out, groups), axis.lattice)


def _slide(
    call: Call,
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    padding: tuple[int, ...],
    dilation: tuple[int, ...],
    groups: int | None = None,
) -> list[Sight]:
    """Slide a window over the last dimensions; with ``groups`` it reads all channels of a group."""
    sight, shape = call.first()
    out_shape = call.out_shape
    rank = len(kernel)
    channel = len(shape) - rank - 1
    if groups == 1:
        sight = sight.together()

    def rule(axis: AxisField) -> AxisField:
        if groups is not None:
            axis = _channels_joined(axis, channel, shape[channel], out_shape[channel], groups)
        for position, dim in enumerate(range(len(shape) - rank, len(shape))):
            k, s, p, d = kernel[position], stride[position], padding[position], dilation[position]
            if (k == 1 and s == 1 and p == 0) or not axis.varies_along(dim):
                continue
            lattice = axis.lattice
            if axis.dim == dim and lattice is not None:
                lattice = lattice.window(k, s, p, d)
            elif axis.dim is None:
                lattice = None
            axis = axis.through(dim, window_taps(shape[dim], out_shape[dim], k, s, p, d), lattice)
        return axis

    return [sight.mapped(rule)]


def convolution(call: Call) -> list[Sight]:
    """Rule of ``conv1d``, ``conv2d`` and ``conv3d``, padding given in numbers or by name."""
    kernel = call.shape("weight")[2:]
    rank = len(kernel)
    stride, dilation = _each(call.argument("stride"), rank), _each(call.argument("dilation"), rank)
    padding = call.argument("padding")
    if padding == "same":
        padding = tuple(d * (k - 1) // 2 for k, d in zip(kernel, dilation, strict=True))
    elif padding == "valid":
        padding = (0,) * rank
    return _slide(call, kernel, stride, _each(padding, rank), dilation, call.argument("groups", 1))


def pooling(call: Call) -> list[Sight]:
    """Rule of max and average pooling; a missing stride is the kernel size."""
    name = call.operation.operator
    rank = 1 if "1d" in name else 3 if "3d" in name else 2
    kernel = _each(call.argument("kernel_size"), rank)
    stride = call.argument("stride")
    padding = _each(call.argument("padding", 0), rank)
    outputs = _slide(
        call,
        kernel,
        _each(stride, rank) if stride not in (None, (), []) else kernel,
        padding,
        _each(call.argument("dilation", 1), rank),
    )
    return outputs * len(call.operation.outputs)


def adaptive_pooling(call: Call) -> list[Sight]:
    """Rule of adaptive pooling, dividing or not."""
    sight, shape = call.first()
    out_shape = call.out_shape
    rank = 1 if "1d" in call.operation.operator else 2

    def rule(axis: AxisField) -> AxisField:
        for dim in range(len(shape) - rank, len(shape)):
            size, out = shape[dim], out_shape[dim]
            if size == out or not axis.varies_along(dim):
                continue
            if out == 1:
                axis = axis.over((dim,), keep=True)
                continue
            lattice = axis.lattice
            if lattice is not None:
                divides = size % out == 0 and axis.dim == dim
                lattice = lattice.window(size // out, size // out, 0) if divides else None
            axis = axis.through(dim, adaptive_taps(size, out), lattice)
        return axis

    return [sight.mapped(rule, _UNEVEN)] * len(call.operation.outputs)


def transposed_convolution(call: Call) -> list[Sight]:
    """Rule of transposed convolution: phases of the output hear different taps."""
    sight, shape = call.first()
    out_shape = call.out_shape
    kernel = call.shape("weight")[2:]
    rank = len(kernel)
    stride, padding = _each(call.argument("stride"), rank), _each(call.argument("padding"), rank)
    dilation = _each(call.argument("dilation"), rank)
    channel, groups = len(shape) - rank - 1, call.argument("groups", 1)
    if groups == 1:
        sight = sight.together()

    def rule(axis: AxisField) -> AxisField:
        axis = _channels_joined(axis, channel, shape[channel], out_shape[channel], groups)
        for position, dim in enumerate(range(len(shape) - rank, len(shape))):
            if not axis.varies_along(dim):
                continue
            k, s, p, d = kernel[position], stride[position], padding[position], dilation[position]
            lattice = axis.lattice
            if lattice is not None:
                lattice = lattice.transposed_window(k, s, p, d) if axis.dim == dim else None
            axis = axis.through(dim, transposed_taps(shape[dim], out_shape[dim], k, s, p, d), lattice)
        return axis

    return [sight.mapped(rule)]


def upsampling(call: Call) -> list[Sight]:
    """Rule of nearest, bilinear and bicubic resampling, by size or by factor, up or down."""
    sight, shape = call.first()
    name = call.operation.operator
    align_corners = bool(call.argument("align_corners", False))
    factors = call.argument("scale_factors") or (call.argument("scales_h"), call.argument("scales_w"))

    def sources(size: int, out: int, factor: float | None) -> tuple[Fraction, Sources]:
        ratio = Fraction(size, out) if not factor else 1 / Fraction(factor).limit_denominator(10_000)
        if align_corners:
            ratio = Fraction(size - 1, out - 1) if out > 1 else Fraction(0)
        if "nearest" in name:
            return ratio, nearest_sources(ratio, exact="exact" in name)
        return ratio, linear_sources(ratio, align_corners, reach=1 if "cubic" in name else 0)

    return [
        _resampled(
            call, sight, shape, [sources(shape[-2 + i], call.out_shape[-2 + i], factors[i]) for i in (0, 1)]
        )
    ]


def pixel_shuffle(call: Call) -> list[Sight]:
    """Rule of ``pixel_shuffle``: channels become positions, so each unit is repeated."""
    sight, shape = call.first()
    factor = call.argument("upscale_factor")
    if sight.by_channel is None and sight.strict.h.lo.shape[-3] == sight.strict.w.lo.shape[-3] == 1:
        return [
            _resampled(call, sight, shape, [(Fraction(1, factor), nearest_sources(Fraction(1, factor)))] * 2)
        ]
    *lead, channels, height, width = shape
    split = (*lead, channels // factor**2, factor, factor, height, width)
    apart = _rearranged(call, sight.apart(), split, (-5, -2, -4, -1, -3))
    joint = apart.mapped(lambda axis: axis.over((len(shape) - 3,), keep=True))
    return [replace(joint, by_channel=lambda: apart)]


def pixel_unshuffle(call: Call) -> list[Sight]:
    """Rule of ``pixel_unshuffle``: positions become channels, and a map's field is that of all channels."""
    sight, shape = call.first()
    factor = call.argument("downscale_factor")
    (joint,) = _slide(call, (factor, factor), (factor, factor), (0, 0), (1, 1), 1)
    *lead, channels, height, width = shape
    split = (*lead, channels, height // factor, factor, width // factor, factor)
    apart = cache(lambda: _rearranged(call, sight.apart(), split, (-5, -3, -1, -4, -2)))
    return [replace(joint, by_channel=apart)]


def _rearranged(call: Call, sight: Sight, split: tuple[int, ...], order: tuple[int, ...]) -> Sight:
    """Sight after the last dimensions are split in five and put into another order."""
    count = len(split)
    order = (*range(count - 5), *(count + dim for dim in order))
    turned = tuple(split[dim] for dim in order)
    shape = call.first()[1]
    return sight.mapped(
        lambda axis: reshaped(permuted(reshaped(axis, shape, split), order), turned, call.out_shape),
        "its units come from channels that see different things",
    )


def _resampled(
    call: Call, sight: Sight, shape: tuple[int, ...], by_axis: list[tuple[Fraction, Sources]]
) -> Sight:
    out_shape = call.out_shape

    def rule(axis: AxisField) -> AxisField:
        for position, dim in enumerate((len(shape) - 2, len(shape) - 1)):
            ratio, sources = by_axis[position]
            if not axis.varies_along(dim):
                continue
            lattice = axis.lattice
            if lattice is not None:
                lattice = lattice.through(ratio, sources) if axis.dim == dim and ratio else None
            axis = axis.through(dim, source_taps(shape[dim], out_shape[dim], sources), lattice)
        return axis

    return sight.mapped(rule)
