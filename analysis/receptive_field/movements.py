"""Rules for operators that move values without arithmetic, and for those that join tensors."""

from __future__ import annotations

from itertools import accumulate

from analysis.receptive_field.call import Call, Sight, bounded, local_union, met, union
from analysis.receptive_field.channels import picked
from analysis.receptive_field.field import AxisField
from analysis.receptive_field.reshape import (
    flipped,
    padded,
    permuted,
    reshaped,
    rolled,
    selected,
    sliced,
    tiled,
    windowed,
)

_JOINED = "maps are joined along a spatial axis, so the field depends on the position"


def unchanged(call: Call) -> list[Sight]:
    """Rule of operators that work on each value alone."""
    return [call.first()[0]] * len(call.operation.outputs)


def elementwise(call: Call) -> list[Sight]:
    """Rule of operators that combine tensors value by value, with broadcasting."""
    operands = call.operands()
    if len(operands) == 1:
        ndim = len(call.out_shape)
        if operands[0].strict.h.lo.ndim == ndim:
            return operands
        return [operands[0].mapped(lambda axis: axis.aligned(ndim))]
    return [met(operands, call.operation)]


def reshape(call: Call) -> list[Sight]:
    """Rule of ``view``, ``reshape``, ``flatten``, ``squeeze`` and ``unsqueeze``."""
    sight, shape = call.first()
    return [sight.mapped(lambda axis: reshaped(axis, shape, call.out_shape))]


def permute(call: Call) -> list[Sight]:
    """Rule of ``permute``, ``transpose`` and ``t``."""
    sight, shape = call.first()
    order = list(range(len(shape)))
    if call.operation.operator == "permute":
        order = list(call.argument("dims"))
    elif len(shape) > 1:
        first, second = call.argument("dim0", 0), call.argument("dim1", 1)
        order[first], order[second] = order[second], order[first]
    return [sight.mapped(lambda axis: permuted(axis, tuple(order)))]


def channel_shuffle(call: Call) -> list[Sight]:
    """Rule of ``channel_shuffle``: channel i of group g becomes channel g of group i."""
    sight, shape = call.first()
    groups = call.argument("groups")
    split = (shape[0], groups, shape[1] // groups, *shape[2:])
    order = (0, 2, 1, *range(3, len(split)))
    turned = tuple(split[dim] for dim in order)
    return [sight.mapped(lambda axis: reshaped(permuted(reshaped(axis, shape, split), order), turned, shape))]


def expand(call: Call) -> list[Sight]:
    """Rule of ``expand``: a repeated value sees what it saw."""
    sight, _ = call.first()
    ndim = len(call.out_shape)
    return [sight.mapped(lambda axis: axis.aligned(ndim))]


def repeat(call: Call) -> list[Sight]:
    """Rule of ``repeat``."""
    sight, shape = call.first()
    repeats = tuple(call.argument("repeats"))
    return [sight.mapped(lambda axis: tiled(axis, repeats, shape), _JOINED)]


def slice_(call: Call) -> list[Sight]:
    """Rule of slicing with any start and step."""
    sight, shape = call.first()
    dim = call.argument("dim", 0) % len(shape)
    start = call.argument("start") or 0
    start = max(0, start + shape[dim]) if start < 0 else min(start, shape[dim])
    step, count = call.argument("step", 1), call.out_shape[dim]
    if count == shape[dim]:
        return [sight]
    return [picked(sight, lambda axis: sliced(axis, dim, start, step, count))]


def select(call: Call) -> list[Sight]:
    """Rule of picking one entry along a dimension."""
    sight, shape = call.first()
    dim = call.argument("dim") % len(shape)
    return [picked(sight, lambda axis: selected(axis, dim, call.argument("index"), shape[dim]))]


def split(call: Call) -> list[Sight]:
    """Rule of ``split`` and ``chunk``: consecutive pieces."""
    sight, shape = call.first()
    dim = call.argument("dim", 0) % len(shape)
    counts = [output.shape[dim] for output in call.operation.outputs]
    starts = [0, *accumulate(counts)]
    return [
        picked(sight, lambda axis, at=start, n=count: sliced(axis, dim, at, 1, n))  # type: ignore[misc]
        for start, count in zip(starts, counts, strict=False)
    ]


def unbind(call: Call) -> list[Sight]:
    """Rule of ``unbind``: every entry along a dimension by itself."""
    sight, shape = call.first()
    dim = call.argument("dim", 0) % len(shape)
    return [
        picked(sight, lambda axis, at=index: selected(axis, dim, at, shape[dim]))  # type: ignore[misc]
        for index in range(len(call.operation.outputs))
    ]


def unfold(call: Call) -> list[Sight]:
    """Rule of ``Tensor.unfold``: windows of ``size`` values along a dimension, laid out along a new last one."""
    sight, shape = call.first()
    dim, size, step = call.argument("dimension") % len(shape), call.argument("size"), call.argument("step")
    reason = "overlapping windows lie side by side: the units are windows without a grid"
    return [sight.mapped(lambda axis: windowed(axis, dim, size, step), reason)]


def roll(call: Call) -> list[Sight]:
    """Rule of a cyclic shift (the shifted windows of Swin)."""
    sight, shape = call.first()
    shifts, dims = call.argument("shifts"), call.argument("dims")
    if not dims:
        return [bounded(call, "a roll over the flattened tensor is bounded by the whole map")]

    def rule(axis: AxisField) -> AxisField:
        for shift, dim in zip(shifts, dims, strict=True):
            axis = rolled(axis, dim % len(shape), shift)
        return axis

    return [sight.mapped(rule)]


def flip(call: Call) -> list[Sight]:
    """Rule of mirroring."""
    sight, shape = call.first()

    def rule(axis: AxisField) -> AxisField:
        for dim in call.argument("dims"):
            axis = flipped(axis, dim % len(shape))
        return axis

    return [sight.mapped(rule)]


def pad(call: Call) -> list[Sight]:
    """Rule of padding by any mode; negative amounts crop."""
    sight, shape = call.first()
    amounts = call.argument("pad")
    mode = call.argument("mode", "constant")

    def rule(axis: AxisField) -> AxisField:
        for position in range(len(amounts) // 2):
            dim = len(shape) - 1 - position
            before, after = amounts[2 * position], amounts[2 * position + 1]
            axis = padded(axis, dim, shape[dim], before, after, mode)
        return axis

    return [sight.mapped(rule)]


def copied(call: Call) -> list[Sight]:
    """Rule of ``copy_``: the target holds the source afterwards."""
    source = call.sight("src")
    if source is None:
        return unchanged(call)
    ndim = len(call.out_shape)
    return [source.mapped(lambda axis: axis.aligned(ndim))]


def gated_linear(call: Call) -> list[Sight]:
    """Rule of ``glu``: the two halves of a dimension meet."""
    sight, shape = call.first()
    dim = call.argument("dim", -1) % len(shape)
    half = shape[dim] // 2
    halves = [picked(sight, lambda axis, at=at: sliced(axis, dim, at, 1, half)) for at in (0, half)]  # type: ignore[misc]
    return [Sight(
        union([s.strict for s in halves], call.operation), local_union([s.local for s in halves], call.operation)
    )]  # fmt: skip
