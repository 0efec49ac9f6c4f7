"""Rules for operators that sum or normalise over dimensions: linear, matmul, attention, means, norms."""

from __future__ import annotations

from dataclasses import replace

from analysis.receptive_field.call import AxisRule, Call, Sight, bounded, met, union
from analysis.receptive_field.field import AxisField, ReceptiveField
from analysis.receptive_field.masks import behind_mask
from analysis.receptive_field.taps import group_taps

_STATISTICS = "a normalisation's statistics see the whole map"
_ATTENTION = "attention sees every position that it weighs"


def _over(*dims: int, keep: bool = True) -> AxisRule:
    return lambda axis: axis.over(tuple(dim % axis.lo.ndim for dim in dims), keep)


def linear(call: Call) -> list[Sight]:
    """Rule of ``linear``: every output sees all entries of the last dimension."""
    sight, _ = call.first()
    if not (sight.strict.h.varies_along(-1) or sight.strict.w.varies_along(-1)):
        sight = sight.together()
    return [sight.mapped(_over(-1))]


def reduction(call: Call) -> list[Sight]:
    """Rule of ``mean``, ``sum``, ``amax`` and their like, over some dimensions or all."""
    sight, shape = call.first()
    dims = call.argument("dim")
    if dims is None or dims == ():
        dims = tuple(range(len(shape)))
    elif isinstance(dims, int):
        dims = (dims,)
    dims = tuple(dim % len(shape) for dim in dims)
    keep = bool(call.argument("keepdim", False))
    return [sight.mapped(lambda axis: axis.over(dims, keep))] * len(call.operation.outputs)


def softmax(call: Call) -> list[Sight]:
    """Rule of ``softmax``: each value sees those that it is weighed against."""
    sight, _ = call.first()
    return [sight.strictly_mapped(_over(call.argument("dim")), _ATTENTION)]


def layer_norm(call: Call) -> list[Sight]:
    """Rule of ``layer_norm`` and ``rms_norm``: over channels nothing changes, over positions all is seen."""
    sight, _ = call.first()
    count = len(call.argument("normalized_shape"))
    return [sight.strictly_mapped(_over(*range(-count, 0)), _STATISTICS)]


def spatial_norm(call: Call) -> list[Sight]:
    """Rule of group and instance normalisation, and of batch normalisation that computes statistics."""
    sight, shape = call.first()
    name = call.operation.operator
    if name == "batch_norm" and not call.argument("training"):
        return [sight]
    if name == "instance_norm" and not call.argument("use_input_stats"):
        return [sight]
    positions = _over(*range(2, len(shape)))
    if name != "group_norm":
        return [sight.strictly_mapped(positions, _STATISTICS)]

    def by_group(axis: AxisField) -> AxisField:
        axis = positions(axis)
        if axis.lo.shape[1] == 1:
            return axis
        return axis.through(1, group_taps(shape[1], shape[1], call.argument("num_groups")), axis.lattice)

    return [sight.strictly_mapped(by_group, _STATISTICS)]


_FACTORS = {
    "matmul": ("self", "other"),
    "bmm": ("self", "mat2"),
    "mm": ("self", "mat2"),
    "addmm": ("mat1", "mat2"),
    "baddbmm": ("batch1", "batch2"),
}


def product(call: Call) -> list[Sight]:
    """Rule of a matrix product: row i of the first factor and column j of the second meet in (i, j).

    When both depend on the image (attention), the local path is that of the first factor's row: a
    query in ``q @ k.T``, the weights' own position in ``weights @ v``.
    """
    names = _FACTORS[call.operation.operator]
    if any(len(call.shape(name)) < 2 for name in names):
        return [bounded(call, "a product with a vector: what it sees is bounded by its operands")]
    rows, columns = (call.sight(name) for name in names)
    if columns is not None:
        columns = columns.mapped(_over(-2))
    if rows is not None:
        rows = rows.mapped(_over(-1))
    ndim = len(call.out_shape)
    addend = call.sight("self") if "self" not in names else None
    if addend is not None:
        factors = [
            sight.mapped(lambda axis: axis.aligned(ndim)) for sight in (rows, columns, addend) if sight
        ]
        return [met(factors, call.operation)]
    if rows is None or columns is None:
        only = rows or columns
        return [only] if only is not None else []
    strict = union([_aligned(rows.strict, ndim), _aligned(columns.strict, ndim)], call.operation)
    return [Sight(replace(strict, reason=_ATTENTION), _aligned(rows.local, ndim))]


def attention(call: Call) -> list[Sight]:
    """Rule of scaled dot-product attention: a query sees itself and all keys and values.

    Queries that are parameters (attention pooling) see keys and values alone.
    """
    query = call.sight("query")
    seen = [query.mapped(_over(-1))] if query is not None else []
    seen += [
        sight.mapped(_over(-2, -1)) for name in ("key", "value") if (sight := call.sight(name)) is not None
    ]
    strict = union([sight.strict for sight in seen], call.operation)
    sight = Sight(replace(strict, reason=_ATTENTION), seen[0].local)
    if call.argument("is_causal") or call.argument("attn_mask") is not None:
        sight = behind_mask(sight)
    return [sight] * len(call.operation.outputs)


def einsum(call: Call) -> list[Sight]:
    """Rule of ``einsum`` without ellipsis: letters that leave are summed over, the others keep their place."""
    equation = call.argument("equation").replace(" ", "")
    inputs, _, output = equation.partition("->")
    if "." in equation or not output:
        return [bounded(call, f"einsum {equation!r} is bounded by its operands")]
    placed = [
        sight.mapped(_placed(letters, output))
        for letters, value in zip(inputs.split(","), call.argument("tensors"), strict=True)
        if (sight := call.sight_of(value)) is not None
    ]
    strict = union([sight.strict for sight in placed], call.operation)
    if len(placed) == 1:
        return placed
    return [Sight(replace(strict, reason=_ATTENTION), placed[0].local)]


def _placed(letters: str, output: str) -> AxisRule:
    gone = tuple(dim for dim, letter in enumerate(letters) if letter not in output)
    kept = [letter for letter in letters if letter in output]
    order = [kept.index(letter) for letter in output if letter in kept]
    missing = tuple(dim for dim, letter in enumerate(output) if letter not in kept)

    def rule(axis: AxisField) -> AxisField:
        axis = axis.over(gone, keep=False) if gone else axis
        lo, hi = axis.lo.transpose(order), axis.hi.transpose(order)
        dim = None if axis.dim is None else output.index(kept[axis.dim])
        for at in missing:
            extent = (*lo.shape[:at], 1, *lo.shape[at:])
            lo, hi = lo.reshape(extent), hi.reshape(extent)
        return replace(axis, lo=lo, hi=hi, dim=dim)

    return rule


def _aligned(field: ReceptiveField, ndim: int) -> ReceptiveField:
    return replace(field, h=field.h.aligned(ndim), w=field.w.aligned(ndim))
