"""Reading the size of an input: what an image may be, and the sentence for what is not one."""

from __future__ import annotations

from collections.abc import Sequence
from operator import index
from typing import Any, SupportsIndex

Shapes = tuple[tuple[int, ...], ...]

MAX_SIDE = 16_384
MAX_CHANNELS = 65_536


def input_shapes(input_shape: Sequence[Any]) -> Shapes:
    """Return the shapes of all inputs, without the batch: input_shapes((3, 224, 224)) == ((3, 224, 224),).

    The first input is an image (channels, height, width); further inputs may have any rank. Raises
    ValueError naming the shape and the value that is wrong.
    """
    if not isinstance(input_shape, Sequence) or isinstance(input_shape, str) or not input_shape:
        raise ValueError(f"Input shape {input_shape!r} is not a tuple such as (3, 224, 224).")
    several = isinstance(input_shape[0], Sequence) and not isinstance(input_shape[0], str)
    shapes = tuple(_shape(shape) for shape in input_shape) if several else (_shape(input_shape),)
    first = shapes[0]
    if len(first) != 3:
        hint = " (leave the batch out)" if len(first) == 4 else ""
        raise ValueError(
            f"Input shape {first} is not an image: give (channels, height, width), such as (3, 224, 224){hint}."
        )
    return shapes


def _shape(shape: Any) -> tuple[int, ...]:
    if not isinstance(shape, Sequence) or isinstance(shape, str) or not shape:
        raise ValueError(f"Input shape {shape!r} is not a tuple of whole numbers such as (3, 224, 224).")
    sizes = []
    for position, given in enumerate(shape):
        if isinstance(given, bool) or not isinstance(given, SupportsIndex):
            raise ValueError(f"Input shape {tuple(shape)} holds {given!r}: every size is a whole number.")
        size = index(given)
        if size < 1:
            raise ValueError(f"Input shape {tuple(shape)} holds {size}: every size is at least 1.")
        limit = MAX_CHANNELS if position == 0 else MAX_SIDE
        if size > limit:
            raise ValueError(
                f"Input shape {tuple(shape)} holds {size}: the largest size analysed here is {limit}."
            )
        sizes.append(size)
    return tuple(sizes)
