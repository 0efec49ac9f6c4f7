"""Rules for operators that slide a window or resample; a window may also run over channels.

Local response normalisation is such a window: PyTorch computes it as an average pooling whose first
spatial dimension is the channels.
"""

from __future__ import annotations

from typing import Any

from analysis.channel_reach.call import ReachCall
from analysis.channel_reach.reach import Reach, reshaped
from analysis.receptive_field.taps import Taps, adaptive_taps, transposed_taps, window_taps


def _each(value: Any, rank: int) -> tuple[int, ...]:
    """Spell out a size given once for all axes: _each((3,), 2) == (3, 3)."""
    values = (value,) if isinstance(value, int) else tuple(value)
    return values * rank if len(values) == 1 else values


def _through(call: ReachCall, tables: list[Taps | None]) -> Reach:
    """Apply a table of taps to each of the last dimensions; None leaves its dimension alone."""
    reach, shape = call.first()
    for dim, taps in zip(range(len(shape) - len(tables), len(shape)), tables, strict=True):
        if taps is not None:
            reach = reach.through(dim, taps)
    return reach


def slid(call: ReachCall) -> Reach:
    """Reach of the positions of a convolution's output, channels as they come in."""
    kernel = call.shape_of(call.argument("weight"))[2:]
    rank = len(kernel)
    stride, dilation = _each(call.argument("stride"), rank), _each(call.argument("dilation"), rank)
    padding = call.argument("padding")
    if padding == "same":
        padding = tuple(d * (k - 1) // 2 for k, d in zip(kernel, dilation, strict=True))
    elif padding == "valid":
        padding = 0
    return _slid(call, kernel, stride, _each(padding, rank), dilation)


def slid_transposed(call: ReachCall) -> Reach:
    """Reach of the positions of a transposed convolution's output, channels as they come in."""
    reach, shape = call.first()
    kernel = call.shape_of(call.argument("weight"))[2:]
    rank = len(kernel)
    settings = [_each(call.argument(name), rank) for name in ("stride", "padding", "dilation")]
    sizes, outs = shape[-rank:], call.out_shape[-rank:]
    varying = [reach.varies_along(dim) for dim in range(len(shape) - rank, len(shape))]
    return _through(
        call,
        [
            transposed_taps(size, out, k, s, p, d) if varies else None
            for varies, size, out, k, s, p, d in zip(varying, sizes, outs, kernel, *settings, strict=True)
        ],
    )


def _slid(
    call: ReachCall,
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    padding: tuple[int, ...],
    dilation: tuple[int, ...],
) -> Reach:
    reach, shape = call.first()
    rank = len(kernel)
    sizes, outs = shape[-rank:], call.out_shape[-rank:]
    varying = [reach.varies_along(dim) for dim in range(len(shape) - rank, len(shape))]
    return _through(
        call,
        [
            window_taps(size, out, k, s, p, d) if varies else None
            for varies, size, out, k, s, p, d in zip(
                varying, sizes, outs, kernel, stride, padding, dilation, strict=True
            )
        ],
    )


def pooling(call: ReachCall) -> list[Reach]:
    """Rule of max and average pooling; a missing stride is the kernel size."""
    name = call.operation.operator
    rank = 1 if "1d" in name else 3 if "3d" in name else 2
    kernel = _each(call.argument("kernel_size"), rank)
    stride = call.argument("stride")
    reach = _slid(
        call,
        kernel,
        _each(stride, rank) if stride not in (None, (), []) else kernel,
        _each(call.argument("padding", 0), rank),
        _each(call.argument("dilation", 1), rank),
    )
    return [reach] * len(call.operation.outputs)


def adaptive_pooling(call: ReachCall) -> list[Reach]:
    """Rule of adaptive pooling, dividing or not."""
    _, shape = call.first()
    rank = 1 if "1d" in call.operation.operator else 2
    tables: list[Taps | None] = [
        adaptive_taps(size, out) for size, out in zip(shape[-rank:], call.out_shape[-rank:], strict=True)
    ]
    return [_through(call, tables)] * len(call.operation.outputs)


def upsampling(call: ReachCall) -> list[Reach]:
    """Rule of resampling by neighbours: each channel by itself, wherever its positions see the same."""
    reach, shape = call.first()
    spatial = (len(shape) - 2, len(shape) - 1)
    if not any(reach.varies_along(dim) for dim in spatial):
        return [reach]
    reason = (
        reach.reason
        or "positions that see different channels are resampled: each channel sees what any of them does"
    )
    return [Reach(reach.over(spatial).bits, reason)]


def pixel_shuffle(call: ReachCall) -> list[Reach]:
    """Rule of ``pixel_shuffle``: r^2 channels become r x r positions of one."""
    reach, (batch, channels, height, width) = call.first()
    r = call.argument("upscale_factor")
    split = (batch, channels // r**2, r, r, height, width)
    moved = reshaped(reach, (batch, channels, height, width), split).permuted((0, 1, 4, 2, 5, 3))
    return [reshaped(moved, (batch, channels // r**2, height, r, width, r), call.out_shape)]


def pixel_unshuffle(call: ReachCall) -> list[Reach]:
    """Rule of ``pixel_unshuffle``: r x r positions become r^2 channels."""
    reach, (batch, channels, height, width) = call.first()
    r = call.argument("downscale_factor")
    split = (batch, channels, height // r, r, width // r, r)
    moved = reshaped(reach, (batch, channels, height, width), split).permuted((0, 1, 3, 5, 2, 4))
    return [reshaped(moved, (batch, channels, r, r, height // r, width // r), call.out_shape)]


def channel_shuffle(call: ReachCall) -> list[Reach]:
    """Rule of ``channel_shuffle``: channels written by groups are read across them."""
    reach, shape = call.first()
    groups = call.argument("groups")
    split = (shape[0], groups, shape[1] // groups, *shape[2:])
    moved = reshaped(reach, shape, split).permuted((0, 2, 1, *range(3, len(split))))
    return [reshaped(moved, (shape[0], shape[1] // groups, groups, *shape[2:]), shape)]
