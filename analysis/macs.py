"""Multiply-accumulates of one operation, from shapes alone.

Convention: one MAC is one multiplication with its addition, in convolution, linear and matrix
product, for a batch of one; bias, normalisation, activation, pooling and elementwise arithmetic
count nothing. FLOPs are two for each MAC. These are the counts that torchvision publishes as
``weights.meta["_ops"]`` and half of what ``torch.utils.flop_counter`` reports.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from analysis.records import Kind, Operation, TensorRecord, TensorRef

Shape = tuple[int, ...]


def convolution_macs(output: Shape, weight: Shape) -> int:
    """MACs of a convolution; ``weight`` is (out, in / groups, *kernel).

    convolution_macs((1, 64, 55, 55), (64, 3, 11, 11)) == 70_276_800, AlexNet's first layer.
    """
    return prod(output) * prod(weight[1:])


def transposed_convolution_macs(inputs: Shape, weight: Shape) -> int:
    """MACs of a transposed convolution; ``weight`` is (in, out / groups, *kernel)."""
    return prod(inputs) * prod(weight[1:])


def linear_macs(inputs: Shape, weight: Shape) -> int:
    """MACs of a linear layer: linear_macs((1, 9216), (4096, 9216)) == 37_748_736, AlexNet's fc6."""
    return prod(inputs) * (weight[0] if len(weight) > 1 else 1)


def matmul_macs(first: Shape, second: Shape) -> int:
    """MACs of a (batched, broadcast) matrix product: every output value times the contracted length."""
    if len(first) == 1 or len(second) == 1:
        return max(prod(first), prod(second))
    batch = 1
    for a, b in zip(
        reversed((1,) * len(second) + first[:-2]), reversed((1,) * len(first) + second[:-2]), strict=False
    ):
        batch *= max(a, b)
    return batch * first[-2] * first[-1] * second[-1]


def attention_macs(query: Shape, key: Shape, value: Shape) -> int:
    """MACs of scaled dot-product attention: queries times keys, and weights times values."""
    batch = prod(query[:-2])
    return batch * query[-2] * key[-2] * (query[-1] + value[-1])


def einsum_macs(equation: str, shapes: list[Shape]) -> int | None:
    """MACs of an ``einsum`` of two tensors: the product of all letters' lengths; None if it cannot be read."""
    inputs = equation.replace(" ", "").partition("->")[0].split(",")
    if "." in equation or len(inputs) != len(shapes) or len(shapes) > 2:
        return None
    if len(shapes) < 2:
        return 0
    lengths = {
        letter: size
        for term, shape in zip(inputs, shapes, strict=True)
        for letter, size in zip(term, shape, strict=True)
    }
    return prod(lengths.values())


# Of no kind that a row would be grouped by; they look up, order or add values and multiply none.
_MOVES_VALUES = frozenset(
    (
        *(
            "embedding",
            "gather",
            "scatter",
            "scatter_add",
            "index_put",
            "index_add",
            "one_hot",
            "unfold",
            "as_strided",
        ),
        *(
            "im2col",
            "col2im",
            "cumsum",
            "sort",
            "topk",
            "argsort",
            "argmin",
            "bincount",
            "tril",
            "triu",
            "diagonal",
        ),
        *("max_unpool2d", "reflection_pad2d", "replication_pad2d", "movedim", "lift_fresh", "any", "all"),
    )
)

ShapeOf = Callable[[Any], Shape]


def _einsum(arguments: dict[str, Any], shape_of: ShapeOf) -> int | None:
    return einsum_macs(arguments["equation"], [shape_of(tensor) for tensor in arguments["tensors"]])


def _product(first: str, second: str) -> Callable[[dict[str, Any], ShapeOf], int]:
    return lambda arguments, shape_of: matmul_macs(shape_of(arguments[first]), shape_of(arguments[second]))


_FORMULAS: dict[str, Callable[[dict[str, Any], ShapeOf], int | None]] = {
    "linear": lambda a, shape_of: linear_macs(shape_of(a["input"]), shape_of(a["weight"])),
    "matmul": _product("self", "other"),
    "bmm": _product("self", "mat2"),
    "mm": _product("self", "mat2"),
    "addmm": _product("mat1", "mat2"),
    "baddbmm": _product("batch1", "batch2"),
    "einsum": _einsum,
    "scaled_dot_product_attention": lambda a, shape_of: attention_macs(
        shape_of(a["query"]), shape_of(a["key"]), shape_of(a["value"])
    ),
    "softmax": lambda a, shape_of: 0,
    "_softmax": lambda a, shape_of: 0,
}


def count_macs(operation: Operation, shapes: dict[TensorRef, Shape]) -> int | None:
    """MACs of one traced operation; None when ConvScope does not know what the operator costs."""

    def shape_of(value: Any) -> Shape:
        return value.shape if isinstance(value, TensorRecord) else shapes[value]

    arguments = operation.arguments
    if operation.kind is Kind.CONVOLUTION and "weight" in arguments:
        weight = shape_of(arguments["weight"])
        if "transpose" in operation.operator or arguments.get("transposed"):
            return transposed_convolution_macs(shape_of(arguments["input"]), weight)
        return convolution_macs(operation.outputs[0].shape, weight)
    formula = _FORMULAS.get(operation.operator)
    if formula is not None:
        return formula(arguments, shape_of)
    known_free = operation.pointwise or operation.kind not in (Kind.OTHER, Kind.ATTENTION)
    return 0 if known_free or operation.operator in _MOVES_VALUES else None
