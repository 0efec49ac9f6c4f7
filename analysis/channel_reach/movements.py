"""Rules for operators that move values without arithmetic, and for those that join tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from math import prod

import numpy as np

from analysis.channel_reach.call import ReachCall
from analysis.channel_reach.reach import MOST_BITS, Reach, met, reshaped, settled
from analysis.receptive_field.taps import reflect_taps


def unchanged(call: ReachCall) -> list[Reach]:
    """Rule of operators that work on each value alone."""
    return [call.first()[0]] * len(call.operation.outputs)


def elementwise(call: ReachCall) -> list[Reach]:
    """Rule of operators that combine tensors value by value, with broadcasting."""
    reaches = [call.reaches[reference] for reference in call.operation.inputs if reference in call.reaches]
    return [met(reaches, len(call.out_shape))]


def reshape(call: ReachCall) -> list[Reach]:
    """Rule of ``view``, ``reshape``, ``flatten``, ``squeeze`` and ``unsqueeze``."""
    reach, shape = call.first()
    return [reshaped(reach, shape, call.out_shape)]


def permute(call: ReachCall) -> list[Reach]:
    """Rule of ``permute``, ``transpose`` and ``t``."""
    reach, shape = call.first()
    order = list(range(len(shape)))
    if call.operation.operator == "permute":
        order = list(call.argument("dims"))
    elif len(shape) > 1:
        first, second = call.argument("dim0", 0), call.argument("dim1", 1)
        order[first], order[second] = order[second], order[first]
    return [reach.permuted(order)]


def expand(call: ReachCall) -> list[Reach]:
    """Rule of ``expand``: a repeated value sees what it saw."""
    reach, _ = call.first()
    return [reach.aligned(len(call.out_shape))]


def repeat(call: ReachCall) -> list[Reach]:
    """Rule of ``repeat``; dimensions may be added in front."""
    reach, _ = call.first()
    repeats = call.argument("repeats")
    aligned = reach.aligned(len(repeats))
    counts = [count if aligned.varies_along(dim) else 1 for dim, count in enumerate(repeats)]
    return [replace(aligned, bits=np.tile(aligned.bits, (*counts, 1)))]


def slice_(call: ReachCall) -> list[Reach]:
    """Rule of slicing with any start and step."""
    reach, shape = call.first()
    dim = call.argument("dim", 0) % len(shape)
    start = call.argument("start") or 0
    start = max(0, start + shape[dim]) if start < 0 else min(start, shape[dim])
    return [_cut(reach, dim, start, call.argument("step", 1), call.out_shape[dim])]


def _cut(reach: Reach, dim: int, start: int, step: int, count: int) -> Reach:
    if not reach.varies_along(dim):
        return reach
    return replace(reach, bits=reach.bits.take(range(start, start + step * count, step), axis=dim))


def select(call: ReachCall) -> list[Reach]:
    """Rule of picking one entry along a dimension, which goes."""
    reach, shape = call.first()
    dim = call.argument("dim") % len(shape)
    return [_cut(reach, dim, call.argument("index") % shape[dim], 1, 1).over((dim,), keep=False)]


def split(call: ReachCall) -> list[Reach]:
    """Rule of ``split`` and ``chunk``: consecutive pieces."""
    reach, shape = call.first()
    dim = call.argument("dim", 0) % len(shape)
    counts = [output.shape[dim] for output in call.operation.outputs]
    starts = [0, *accumulate(counts)]
    return [_cut(reach, dim, start, 1, count) for start, count in zip(starts, counts, strict=False)]


def unbind(call: ReachCall) -> list[Reach]:
    """Rule of ``unbind``: every entry along a dimension by itself."""
    reach, shape = call.first()
    dim = call.argument("dim", 0) % len(shape)
    outputs = range(len(call.operation.outputs))
    return [_cut(reach, dim, index, 1, 1).over((dim,), keep=False) for index in outputs]


def roll(call: ReachCall) -> list[Reach]:
    """Rule of a cyclic shift."""
    reach, shape = call.first()
    shifts, dims = call.argument("shifts"), call.argument("dims")
    if not dims:
        return call.bounded("a roll over the flattened tensor is bounded by all channels")
    moved = [dim % len(shape) for dim in dims]
    return [replace(reach, bits=np.roll(reach.bits, shifts, moved))]


def flip(call: ReachCall) -> list[Reach]:
    """Rule of mirroring."""
    reach, shape = call.first()
    dims = tuple(dim % len(shape) for dim in call.argument("dims"))
    return [replace(reach, bits=np.flip(reach.bits, dims))]


def pad(call: ReachCall) -> list[Reach]:
    """Rule of padding by any mode; channels that padding adds are reached by nothing."""
    reach, shape = call.first()
    amounts = call.argument("pad")
    mode = call.argument("mode", "constant")
    for position in range(len(amounts) // 2):
        dim = len(shape) - 1 - position
        before, after = amounts[2 * position], amounts[2 * position + 1]
        if mode == "constant" and dim == 1 and len(shape) > 2 and (before or after):
            reach = replace(reach, bits=reach.spread(dim, shape[dim]))
        if before or after:
            reach = reach.through(dim, reflect_taps(shape[dim], before, after, mode))
    return [reach]


def concatenation(call: ReachCall) -> list[Reach]:
    """Rule of ``cat``: the units of one tensor after those of another."""
    values = call.argument("tensors")
    dim = call.argument("dim", 0) % len(call.out_shape)
    return [
        _joined([call.reach_of(value) for value in values], [call.shape_of(value) for value in values], dim)
    ]


def stack(call: ReachCall) -> list[Reach]:
    """Rule of ``stack``: a concatenation along a new dimension."""
    values = call.argument("tensors")
    dim = call.argument("dim", 0) % len(call.out_shape)
    shape = call.shape_of(values[0])
    raised = (*shape[:dim], 1, *shape[dim:])
    reaches = [call.reach_of(value) for value in values]
    return [
        _joined([reach and reshaped(reach, shape, raised) for reach in reaches], [raised] * len(values), dim)
    ]


def _joined(reaches: Sequence[Reach | None], shapes: Sequence[tuple[int, ...]], dim: int) -> Reach:
    present = [reach for reach in reaches if reach is not None]
    reason = next((reach.reason for reach in present if reach.reason), "")
    common = list(np.broadcast_shapes(*(reach.over((dim,)).bits.shape for reach in present)))
    sizes = [
        shape[dim] if len(shape) == len(common) - 1 else 0 for shape in shapes
    ]  # cat skips empty 1-D tensors
    if prod(common) * sum(sizes) > MOST_BITS:
        return met([reach.everything() for reach in present], present[0].ndim)
    pieces = []
    for reach, size in zip(reaches, sizes, strict=True):
        common[dim] = size
        pieces.append(np.zeros(common, dtype=bool) if reach is None else np.broadcast_to(reach.bits, common))
    return settled(Reach(np.concatenate(pieces, axis=dim), reason), (dim,))


def copied(call: ReachCall) -> list[Reach]:
    """Rule of ``copy_``: the target holds the source afterwards."""
    source = call.reach("src")
    return unchanged(call) if source is None else [source.aligned(len(call.out_shape))]


def gated_linear(call: ReachCall) -> list[Reach]:
    """Rule of ``glu``: the two halves of a dimension meet."""
    reach, shape = call.first()
    dim = call.argument("dim", -1) % len(shape)
    half = shape[dim] // 2
    return [met([_cut(reach, dim, start, 1, half) for start in (0, half)], len(shape))]
