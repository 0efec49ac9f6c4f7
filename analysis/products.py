"""Operands of matrix products as the kernel reads them: as they lie in memory, or copied first.

PyTorch runs every product as one of (batched) matrices. An operand whose strides do not allow that
view is copied, and the backward pass then keeps the copy. The cases follow ``at::linear``,
``at::matmul`` and ``at::einsum``.
"""

from __future__ import annotations

from itertools import accumulate
from math import prod
from operator import mul

from analysis.records import TensorRecord

Shape = tuple[int, ...]


def viewable(shape: Shape, strides: Shape, target: Shape) -> bool:
    """True if a tensor can be seen in another shape without a copy.

    Neighbouring dimensions that lie evenly spaced in memory form a run; a view may cut runs and not
    join them. viewable((2, 3, 4), (12, 4, 1), (6, 4)), but not with strides (4, 8, 1).
    """
    runs: list[int] = []
    span = None  # the stride that the next dimension to the left needs to continue the run
    for size, stride in zip(reversed(shape), reversed(strides), strict=True):
        if size == 1:
            continue
        if stride == span:
            runs[-1] *= size
        else:
            runs.append(size)
        span = stride * size
    return set(accumulate(runs, mul)) <= set(accumulate(reversed(target), mul))


def flattened(record: TensorRecord) -> int:
    """Elements copied to read a tensor as one matrix, its last dimension kept: 0 where a view does."""
    shape = record.shape
    if len(shape) < 3 or viewable(shape, record.strides, (prod(shape[:-1]), shape[-1])):
        return 0
    return record.elements


def batched(record: TensorRecord, batch: Shape) -> int:
    """Elements copied to read a tensor as matrices, broadcast to ``batch`` of them: 0 where a view does."""
    shape = record.shape
    leading = len(batch) - (len(shape) - 2)
    strides = (
        (0,) * leading
        + tuple(
            0 if size == 1 and wanted != 1 else stride
            for size, stride, wanted in zip(shape, record.strides, batch[leading:], strict=False)
        )
        + record.strides[-2:]
    )
    matrix = shape[-2:]
    if viewable((*batch, *matrix), strides, (prod(batch), *matrix)):
        return 0
    return prod(batch) * prod(matrix)


def matmul_copies(first: TensorRecord, second: TensorRecord) -> tuple[int, int]:
    """Elements that a matrix product copies of each operand before it multiplies."""
    if len(first.shape) < 3 and len(second.shape) < 3:
        return 0, 0
    if len(second.shape) < 3:
        return flattened(first), 0
    if len(first.shape) < 3:
        return 0, flattened(second)
    batch = broadcast(first.shape[:-2], second.shape[:-2])
    return batched(first, batch), batched(second, batch)


def broadcast(first: Shape, second: Shape) -> Shape:
    """The common shape of two: broadcast((2, 1), (5, 1, 3)) == (5, 2, 3)."""
    length = max(len(first), len(second))
    padded = [(1,) * (length - len(shape)) + shape for shape in (first, second)]
    return tuple(max(a, b) for a, b in zip(*padded, strict=True))


def einsum_copies(equation: str, first: TensorRecord, second: TensorRecord) -> tuple[int, int]:
    """Elements that an ``einsum`` of two tensors copies of each operand before it multiplies.

    The letters fall in four groups: shared and kept (the batch), of one operand alone, and summed;
    each group becomes one dimension.
    """
    terms, _, result = equation.replace(" ", "").partition("->")
    left, _, right = terms.partition(",")
    sizes = dict(zip(left + right, first.shape + second.shape, strict=True))
    summed = [letter for letter in left if letter in right and letter not in result]
    shared = [letter for letter in result if letter in left and letter in right]
    copies = []
    for term, record, own_last in ((left, first, False), (right, second, True)):
        own = [letter for letter in result if letter in term and letter not in shared]
        groups = (shared, summed, own) if own_last else (shared, own, summed)
        order = [term.index(letter) for group in groups for letter in group]
        target = tuple(prod(sizes[letter] for letter in group) for group in groups)
        shape, strides = (tuple(values[i] for i in order) for values in (record.shape, record.strides))
        copies.append(0 if viewable(shape, strides, target) else prod(shape))
    return copies[0], copies[1]
