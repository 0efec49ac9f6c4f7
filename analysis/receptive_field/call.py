"""One operator call as a receptive-field rule sees it: its arguments, shapes and operands' fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from typing import Any

from analysis.receptive_field.field import AxisField, ReceptiveField, Shape
from analysis.records import Operation, Status, TensorRecord, TensorRef

AxisRule = Callable[[AxisField], AxisField]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a tensor sees of one image: the strict field, and the one along the local path.

    The strict field counts every dependence. The local path leaves out what reaches all units
    alike: squeeze-excite gates, statistics of a normalisation, attention to other positions. Where
    there is none of these, both are one object.

    Both are unions over channels. After a concatenation of branches that see different things,
    ``by_channel`` makes the same sight with its channels apart, for an operator that picks some of them.
    """

    strict: ReceptiveField
    local: ReceptiveField
    by_channel: Callable[[], Sight] | None = None

    def mapped(self, rule: AxisRule, reason: str = "") -> Sight:
        """Apply an axis rule to both fields; ``reason`` explains a lattice that gets lost."""
        strict = _mapped(self.strict, rule, reason)
        local = strict if self.local is self.strict else _mapped(self.local, rule, reason)
        apart = self.by_channel
        return Sight(strict, local, apart and cache(lambda: apart().mapped(rule, reason)))

    def strictly_mapped(self, rule: AxisRule, reason: str = "") -> Sight:
        """Apply an axis rule to the strict field only."""
        strict = _mapped(self.strict, rule, reason)
        if strict is self.strict and self.by_channel is None:
            return self
        apart = self.by_channel
        return Sight(strict, self.local, apart and cache(lambda: apart().strictly_mapped(rule, reason)))

    def apart(self) -> Sight:
        """The same sight with its channels apart."""
        return self if self.by_channel is None else self.by_channel()

    def together(self) -> Sight:
        """The same sight once something has read all its channels."""
        return self if self.by_channel is None else Sight(self.strict, self.local)


def _mapped(field: ReceptiveField, rule: AxisRule, reason: str) -> ReceptiveField:
    h, w = rule(field.h), rule(field.w)
    if h is field.h and w is field.w:
        return field
    lost = (field.h.lattice is not None and h.lattice is None) or (
        field.w.lattice is not None and w.lattice is None
    )
    return ReceptiveField(h, w, field.status, reason if lost and reason else field.reason)


@dataclass(frozen=True, slots=True)
class Call:
    """An operation with the sights of its operands for one image."""

    operation: Operation
    sights: dict[TensorRef, Sight]
    shapes: dict[TensorRef, Shape]

    def argument(self, name: str, default: Any = None) -> Any:
        """Value of an argument by its schema name."""
        return self.operation.arguments.get(name, default)

    @property
    def out_shape(self) -> Shape:
        """Shape of the first output."""
        return self.operation.outputs[0].shape

    def shape(self, name: str) -> Shape:
        """Shape of a tensor argument, of data or of a constant."""
        return self.shape_of(self.operation.arguments[name])

    def shape_of(self, value: Any) -> Shape:
        """Shape of a tensor in an argument."""
        return value.shape if isinstance(value, TensorRecord) else self.shapes[value]

    def sight(self, name: str) -> Sight | None:
        """Sight of a tensor argument; None if it does not depend on the image."""
        return self.sight_of(self.operation.arguments.get(name))

    def sight_of(self, value: Any) -> Sight | None:
        """Sight of a tensor in an argument."""
        return self.sights.get(value) if isinstance(value, TensorRef) else None

    def first(self) -> tuple[Sight, Shape]:
        """Sight and shape of the first operand that depends on the image."""
        for reference in self.operation.inputs:
            if reference in self.sights:
                return self.sights[reference], self.shapes[reference]
        raise LookupError(f"operation {self.operation.index} has no operand that depends on the image")

    def operands(self) -> list[Sight]:
        """Sights of all operands that depend on the image."""
        return self._known(self.operation.inputs)

    def overwritten(self) -> list[Sight]:
        """Sights of the views that an in-place operation writes into without naming them."""
        return self._known(self.argument("aliases", ()))

    def _known(self, references: Sequence[TensorRef]) -> list[Sight]:
        return [self.sights[reference] for reference in references if reference in self.sights]


def union(fields: Sequence[ReceptiveField], operation: Operation) -> ReceptiveField:
    """Union of fields that meet in one operation; disagreeing strides are named in the reason."""
    merged = reduce(lambda a, b: a if a is b else _union(a, b, operation), fields)
    return merged


def _union(a: ReceptiveField, b: ReceptiveField, operation: Operation) -> ReceptiveField:
    if a.h is b.h and a.w is b.w and a.status is b.status:
        return a
    a, b = a.joint(), b.joint()
    h = a.h.union(b.h)
    w = h if a.h is a.w and b.h is b.w else a.w.union(b.w)
    status = Status.BOUND if Status.BOUND in (a.status, b.status) else Status.EXACT
    reason = a.reason or b.reason
    if h.lattice is None or w.lattice is None:
        reason = reason or _why_misaligned(a, b, operation)
    return ReceptiveField(h, w, status, reason)


def _why_misaligned(a: ReceptiveField, b: ReceptiveField, operation: Operation) -> str:
    where = f"{operation.module_path or 'the model'}.{operation.operator}"
    strides = [
        tuple(axis.lattice.stride if axis.lattice is not None else None for axis in (field.h, field.w))
        for field in (a, b)
    ]
    if strides[0] != strides[1] and all(None not in pair for pair in strides):
        first, second = (" x ".join(map(str, pair)) for pair in strides)
        return f"paths with strides {first} and {second} meet in {where}: the field depends on the position"
    return f"a path that sees the whole map joins in {where}: the field depends on the position"


def local_union(fields: Sequence[ReceptiveField], operation: Operation) -> ReceptiveField:
    """Union along the local path: one-valued operands (global gates) are left out beside real maps."""
    maps = [field for field in fields if field.h.lo.size > 1 or field.w.lo.size > 1]
    return union(maps or list(fields), operation)


def met(sights: Sequence[Sight], operation: Operation) -> Sight:
    """Sight of operands that meet element by element."""
    if len(sights) == 1:
        return sights[0]
    if any(sight.by_channel is not None for sight in sights):
        joint = met([sight.together() for sight in sights], operation)
        return replace(joint, by_channel=cache(lambda: met([sight.apart() for sight in sights], operation)))
    strict = union([sight.strict for sight in sights], operation)
    gated = any(
        sight.local is not sight.strict or (sight.strict.h.lo.size == 1 and sight.strict.w.lo.size == 1)
        for sight in sights
    )
    if not gated:
        return Sight(strict, strict)
    return Sight(strict, local_union([sight.local for sight in sights], operation))


def bounded(call: Call, reason: str, ndim: int | None = None) -> Sight:
    """Upper bound for an operator whose reach is not known: everything that its operands see."""
    ndim = len(call.out_shape) if ndim is None else ndim
    sights = call.operands() + call.overwritten()

    def everything(fields: list[ReceptiveField]) -> ReceptiveField:
        whole = [
            ReceptiveField(_whole(field.h, ndim), _whole(field.w, ndim), field.status, field.reason)
            for field in fields
        ]
        return replace(union(whole, call.operation), status=Status.BOUND, reason=reason)

    strict = everything([sight.strict for sight in sights])
    return Sight(strict, strict)


def _whole(axis: AxisField, ndim: int) -> AxisField:
    shape = (1,) * ndim
    return AxisField(axis.lo.min().reshape(shape), axis.hi.max().reshape(shape), None, None, 1)
