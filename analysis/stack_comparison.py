"""One large kernel beside the stack of 3 x 3 that sees as much: over the depth, and over the channels in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from analysis.block_arithmetic import BlockCost, break_even_ratio, equivalent_stack, stack_cost
from analysis.records import Pair

SMALL = 3


@dataclass(frozen=True, slots=True)
class StackComparison:
    """The cost of one ``kernel`` x ``kernel`` and of the stack of 3 x 3 with the same receptive field.

    ``params_ratio`` and ``macs_ratio`` are the stack's to the one's, below 1 where the stack saves.
    ``break_even`` is C / M, channels in for each channel out, at which both have equally many
    weights, biases left out.
    """

    kernel: int
    channels: int
    out_channels: int
    one: BlockCost
    stack: BlockCost
    params_ratio: float
    macs_ratio: float
    break_even: Fraction

    @property
    def break_even_channels(self) -> Fraction:
        """Channels in at the break-even: 216 / 7 = 30.9 for 11 x 11 with 96 channels out."""
        return self.break_even * self.out_channels


def compare_stack(
    channels: int,
    out_channels: int,
    size: Pair,
    kernel: int,
    *,
    stride: int = 1,
    padded: bool = True,
    bias: bool = True,
) -> StackComparison:
    """Both ways to see ``kernel`` x ``kernel``, as :func:`analysis.block_arithmetic.stack_cost` counts them.

    The stack goes from C to M channels in its first layer and strides in its last. AlexNet's first
    layer (Krizhevsky et al. 2012, section 3.5) is one where it costs more:

    >>> first = compare_stack(3, 96, (227, 227), 11, stride=4, padded=False)
    >>> round(first.params_ratio, 2), round(first.macs_ratio, 1)
    (9.58, 118.9)

    Raises ValueError naming a value that is impossible.
    """
    one, stack = (
        stack_cost(channels, out_channels, size, kernels, stride=stride, padded=padded, bias=bias)
        for kernels in ((kernel,), equivalent_stack(kernel, SMALL))
    )
    return StackComparison(
        kernel=kernel,
        channels=channels,
        out_channels=out_channels,
        one=one,
        stack=stack,
        params_ratio=stack.params / one.params,
        macs_ratio=stack.macs / one.macs,
        break_even=break_even_ratio(kernel, SMALL),
    )


def over_kernels(
    kernels: Iterable[int],
    channels: int,
    out_channels: int,
    size: Pair,
    *,
    stride: int = 1,
    padded: bool = True,
) -> tuple[StackComparison, ...]:
    """The comparison for each of several kernels, such as 5, 7 and 11; those that do not fit are left out.

    A map of 9 without padding holds a kernel of 7, and none of 11: over_kernels((7, 11), 1, 1, (9, 9),
    padded=False) has one entry.
    """
    return tuple(
        compare_stack(channels, out_channels, size, kernel, stride=stride, padded=padded)
        for kernel in kernels
        if padded or kernel <= min(size)
    )


def over_channels(
    channels: Iterable[int],
    out_channels: int,
    size: Pair,
    kernel: int,
    *,
    stride: int = 1,
    padded: bool = True,
) -> tuple[StackComparison, ...]:
    """The comparison for each of several numbers of channels in, for a curve through the break-even."""
    return tuple(
        compare_stack(count, out_channels, size, kernel, stride=stride, padded=padded) for count in channels
    )
