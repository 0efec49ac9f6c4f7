"""Rules for concatenation and stacking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from analysis.receptive_field.call import Call, Sight, met
from analysis.receptive_field.field import ReceptiveField
from analysis.receptive_field.reshape import joined, reshaped
from analysis.records import Status

_TOKENS = "the units are tokens without a grid"
_JOINED = "maps are joined along a spatial axis, so the field depends on the position"

Sights = list[Sight | None]


def concatenation(call: Call) -> list[Sight]:
    """Rule of ``cat``: a union over channels, a joint line along a spatial axis."""
    values = call.argument("tensors")
    dim = call.argument("dim", 0) % len(call.out_shape)
    return [_joined(call, [call.sight_of(value) for value in values], dim)]


def stack(call: Call) -> list[Sight]:
    """Rule of ``stack``: a concatenation along a new dimension."""
    values = call.argument("tensors")
    dim = call.argument("dim", 0) % len(call.out_shape)
    shape = call.shape_of(values[0])
    raised = (*shape[:dim], 1, *shape[dim:])
    sights = [call.sight_of(value) for value in values]
    return [_joined(call, [s and s.mapped(lambda axis: reshaped(axis, shape, raised)) for s in sights], dim)]


def _joined(call: Call, sights: Sights, dim: int) -> Sight:
    present = [sight for sight in sights if sight is not None]
    first = present[0]
    if len(sights) == 1:
        return first
    values = call.argument("tensors")
    sizes = [1 if call.operation.operator == "stack" else call.shape_of(value)[dim] for value in values]
    fields = [field for sight in present for field in (sight.strict, sight.local)]
    if any(field.h.varies_along(dim) or field.w.varies_along(dim) for field in fields):
        result = _side_by_side(sights, sizes, dim)
        if all(sight.by_channel is None for sight in present):
            return result
    elif all(sight is not None and sight.strict is first.strict for sight in sights) and not first.by_channel:
        return first
    else:
        result = met([sight.together() for sight in present], call.operation)
        if all(field.h.lo.size == field.w.lo.size == 1 for field in fields):
            # Single values, such as the steps of a recurrence, are units of their own and not channels.
            return _side_by_side(sights, sizes, dim)

    def apart() -> Sight:
        return _side_by_side([sight and sight.apart() for sight in sights], sizes, dim)

    return replace(result, by_channel=cache(apart))


def _side_by_side(sights: Sights, sizes: list[int], dim: int) -> Sight:
    """Sight of tensors laid side by side; None is one that does not depend on the image."""

    def one(choose: Callable[[Sight], ReceptiveField]) -> ReceptiveField:
        fields = [None if sight is None else choose(sight) for sight in sights]
        real = [field for field in fields if field is not None]
        h = joined([None if f is None else f.h for f in fields], sizes, dim)
        w = joined([None if f is None else f.w for f in fields], sizes, dim)
        bound = next((field for field in real if field.status is Status.BOUND), None)
        reason = (bound or real[0]).reason or (_JOINED if h.lattice is None or w.lattice is None else _TOKENS)
        return ReceptiveField(h, w, bound.status if bound else Status.EXACT, reason)

    strict = one(lambda sight: sight.strict)
    if all(sight is None or sight.local is sight.strict for sight in sights):
        return Sight(strict, strict)
    return Sight(strict, one(lambda sight: sight.local))
