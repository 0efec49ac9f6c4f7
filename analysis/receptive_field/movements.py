"""Rules for operators that move values without arithmetic, and for those that join tensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate

from analysis.receptive_field.call import Call, Sight, bounded, local_union, met, union
from analysis.receptive_field.field import AxisField, ReceptiveField
from analysis.receptive_field.reshape import (
    flipped,
    joined,
    padded,
    permuted,
    reshaped,
    rolled,
    selected,
    sliced,
    tiled,
    windowed,
)

_TOKENS = "the units are tokens without a grid"
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
    return [sight.mapped(lambda axis: sliced(axis, dim, start, step, count))]


def select(call: Call) -> list[Sight]:
    """Rule of picking one entry along a dimension."""
    sight, shape = call.first()
    dim = call.argument("dim") % len(shape)
    return [sight.mapped(lambda axis: selected(axis, dim, call.argument("index"), shape[dim]))]


def split(call: Call) -> list[Sight]:
    """Rule of ``split`` and ``chunk``: consecutive pieces."""
    sight, shape = call.first()
    dim = call.argument("dim", 0) % len(shape)
    counts = [output.shape[dim] for output in call.operation.outputs]
    starts = [0, *accumulate(counts)]
    return [
        sight.mapped(lambda axis, at=start, n=count: sliced(axis, dim, at, 1, n))  # type: ignore[misc]
        for start, count in zip(starts, counts, strict=False)
    ]


def unbind(call: Call) -> list[Sight]:
    """Rule of ``unbind``: every entry along a dimension by itself."""
    sight, shape = call.first()
    dim = call.argument("dim", 0) % len(shape)
    return [
        sight.mapped(lambda axis, at=index: selected(axis, dim, at, shape[dim]))  # type: ignore[misc]
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


def concatenation(call: Call) -> list[Sight]:
    """Rule of ``cat``: a union over channels, a joint line along a spatial axis."""
    values = call.argument("tensors")
    ndim = len(call.out_shape)
    return [_joined(call, [call.sight_of(value) for value in values], call.argument("dim", 0) % ndim)]


def stack(call: Call) -> list[Sight]:
    """Rule of ``stack``: a concatenation along a new dimension."""
    values = call.argument("tensors")
    dim = call.argument("dim", 0) % len(call.out_shape)
    shape = call.shape_of(values[0])
    raised = (*shape[:dim], 1, *shape[dim:])
    sights = [call.sight_of(value) for value in values]
    return [_joined(call, [s and s.mapped(lambda axis: reshaped(axis, shape, raised)) for s in sights], dim)]


def _joined(call: Call, sights: list[Sight | None], dim: int) -> Sight:
    present = [sight for sight in sights if sight is not None]
    if not any(f.h.varies_along(dim) or f.w.varies_along(dim) for s in present for f in (s.strict, s.local)):
        return met(present, call.operation)
    values = call.argument("tensors")
    sizes = [1 if call.operation.operator == "stack" else call.shape_of(value)[dim] for value in values]

    def one(choose: Callable[[Sight], ReceptiveField]) -> ReceptiveField:
        fields = [None if sight is None else choose(sight) for sight in sights]
        real = [field for field in fields if field is not None]
        h = joined([None if f is None else f.h for f in fields], sizes, dim)
        w = joined([None if f is None else f.w for f in fields], sizes, dim)
        merged = union(real, call.operation) if len(real) == 1 else real[0]
        reason = _JOINED if h.lattice is None or w.lattice is None else _TOKENS
        return replace(merged, h=h, w=w, reason=merged.reason or reason)

    strict = one(lambda sight: sight.strict)
    if all(sight.local is sight.strict for sight in present):
        return Sight(strict, strict)
    return Sight(strict, one(lambda sight: sight.local))


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
    halves = [sight.mapped(lambda axis, at=at: sliced(axis, dim, at, 1, half)) for at in (0, half)]  # type: ignore[misc]
    return [Sight(
        union([s.strict for s in halves], call.operation), local_union([s.local for s in halves], call.operation)
    )]  # fmt: skip
