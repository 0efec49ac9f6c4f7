"""Rules for operators that let channels meet: convolutions, products, reductions, normalisations."""

from __future__ import annotations

from analysis.channel_reach.call import ReachCall
from analysis.channel_reach.reach import Reach, met
from analysis.channel_reach.windows import slid, slid_transposed
from analysis.records import TensorRecord


def convolution(call: ReachCall) -> list[Reach]:
    """Rule of ``conv1d``, ``conv2d`` and ``conv3d``: an output channel sees the channels of its group."""
    return _convolved(call, slid(call), transposed=False)


def transposed_convolution(call: ReachCall) -> list[Reach]:
    """Rule of transposed convolution; its weight is (in, out / groups, *kernel)."""
    return _convolved(call, slid_transposed(call), transposed=True)


def _convolved(call: ReachCall, reach: Reach, *, transposed: bool) -> list[Reach]:
    weight = call.argument("weight")
    if not isinstance(weight, TensorRecord):
        return call.bounded("the weights of a convolution depend on the input")
    groups, rank = call.argument("groups", 1), len(weight.shape) - 2
    dim = reach.ndim - rank - 1
    channels = weight.shape[0] if transposed else weight.shape[1] * groups
    return [reach.within_groups(dim, channels, groups, call.out_shape[dim])]


def linear(call: ReachCall) -> list[Reach]:
    """Rule of ``linear``: every output sees all entries of the last dimension."""
    reach, _ = call.first()
    return [reach.over((-1,))]


_FACTORS = {
    "matmul": ("self", "other"),
    "bmm": ("self", "mat2"),
    "mm": ("self", "mat2"),
    "addmm": ("mat1", "mat2"),
    "baddbmm": ("batch1", "batch2"),
}


def product(call: ReachCall) -> list[Reach]:
    """Rule of a matrix product: row i of the first factor and column j of the second meet in (i, j)."""
    names = _FACTORS[call.operation.operator]
    if any(len(call.shape_of(call.argument(name))) < 2 for name in names):
        return call.bounded("a product with a vector is bounded by its operands")
    rows, columns = (call.reach(name) for name in names)
    parts = [rows.over((-1,))] if rows is not None else []
    parts += [columns.over((-2,))] if columns is not None else []
    added = call.reach("self") if names[0] != "self" else None
    return [met([*parts, added] if added is not None else parts, len(call.out_shape))]


def attention(call: ReachCall) -> list[Reach]:
    """Rule of scaled dot-product attention: weights see the query and all keys, and values pass by column."""
    query, key, value = (call.reach(name) for name in ("query", "key", "value"))
    parts = [query.over((-1,))] if query is not None else []
    parts += [key.over((-2, -1))] if key is not None else []
    parts += [value.over((-2,))] if value is not None else []
    return [met(parts, len(call.out_shape))] * len(call.operation.outputs)


def einsum(call: ReachCall) -> list[Reach]:
    """Rule of ``einsum`` without ellipsis: letters that leave are summed over, the others keep their place."""
    equation = call.argument("equation").replace(" ", "")
    inputs, _, output = equation.partition("->")
    if "." in equation or not output or any(len(set(term)) < len(term) for term in inputs.split(",")):
        return call.bounded(f"einsum {equation!r} is bounded by its operands")
    parts = []
    for letters, value in zip(inputs.split(","), call.argument("tensors"), strict=True):
        reach = call.reach_of(value)
        if reach is None:
            continue
        kept = [letter for letter in letters if letter in output]
        reach = reach.over([dim for dim, letter in enumerate(letters) if letter not in output], keep=False)
        reach = reach.permuted([kept.index(letter) for letter in output if letter in kept])
        extents = iter(reach.bits.shape)
        places = [next(extents) if letter in kept else 1 for letter in output]
        parts.append(Reach(reach.bits.reshape(*places, -1), reach.reason))
    return [met(parts, len(output))]


def reduction(call: ReachCall) -> list[Reach]:
    """Rule of ``mean``, ``sum``, ``amax`` and their like, over some dimensions or all."""
    reach, shape = call.first()
    dims = call.argument("dim")
    if dims is None or dims == ():
        dims = tuple(range(len(shape)))
    dims = (dims,) if isinstance(dims, int) else tuple(dims)
    return [reach.over(dims, keep=bool(call.argument("keepdim", False)))] * len(call.operation.outputs)


def softmax(call: ReachCall) -> list[Reach]:
    """Rule of ``softmax``: each value sees those that it is weighed against."""
    reach, _ = call.first()
    return [reach.over((call.argument("dim"),))]


def layer_norm(call: ReachCall) -> list[Reach]:
    """Rule of ``layer_norm`` and ``rms_norm``: the statistics see the last dimensions."""
    reach, _ = call.first()
    return [reach.over(range(-len(call.argument("normalized_shape")), 0))] * len(call.operation.outputs)


def batch_norm(call: ReachCall) -> list[Reach]:
    """Rule of batch and instance normalisation: a channel by itself, its positions only with statistics."""
    reach, shape = call.first()
    if call.argument("training") or call.argument("use_input_stats"):
        reach = reach.over(range(2, len(shape)))
    return [reach]


def group_norm(call: ReachCall) -> list[Reach]:
    """Rule of group normalisation: channels of one group meet in its statistics."""
    reach, shape = call.first()
    channels = shape[1]
    return [
        reach.over(range(2, len(shape))).within_groups(1, channels, call.argument("num_groups"), channels)
    ]
