"""What a building block costs, from its formula: parameters, MACs, receptive field, non-linearities.

``k`` is a kernel's side, ``C`` the channels in, ``M`` the channels out, ``h w`` the positions of the
output. One MAC is one multiplication with its addition; biases count as parameters and not as MACs.
Everything is computed on whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from analysis.records import Pair
from analysis.window_arithmetic import output_size


@dataclass(frozen=True, slots=True)
class BlockCost:
    """Cost of a block: ``params`` with biases, ``macs`` of one image, and what its depth brings.

    ``non_linearities`` counts one activation after each convolution. ``receptive_field`` is the
    side, in values of the block's input, of what one output value sees. ``output`` is (h, w).
    """

    params: int
    macs: int
    layers: int
    non_linearities: int
    receptive_field: int
    output: Pair


@dataclass(frozen=True, slots=True)
class WeightSharing:
    """One layer in three ways: every output connected to all, to its window, to its window by shared weights.

    ``*_params`` count weights and biases. ``local_macs`` holds for the locally connected layer and
    for the convolution alike: sharing weights saves memory, not work.
    """

    dense_params: int
    local_params: int
    shared_params: int
    dense_macs: int
    local_macs: int
    output: Pair


def weight_sharing(
    channels: int,
    size: Pair,
    out_channels: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    groups: int = 1,
) -> WeightSharing:
    """Parameters of a layer that is dense, locally connected, or convolutional, for the same maps.

    For an input of C maps of H x W and an output of M maps of h x w:

        dense   = (C H W + 1) M h w
        local   = (C k^2 / groups + 1) M h w
        shared  = (C k^2 / groups + 1) M

    LeNet-5's first layer (LeCun et al. 1998, section II-B) has 156 parameters where a locally
    connected one has 122,304, the paper's number of connections, and a dense one 4,821,600. Raises
    ValueError naming a value that is impossible.

    >>> layer = weight_sharing(1, (32, 32), 6, 5)
    >>> layer.dense_params, layer.local_params, layer.shared_params
    (4821600, 122304, 156)
    """
    _check_channels(channels, out_channels, groups)
    height, width = (output_size(side, kernel, stride, padding) for side in size)
    positions = height * width
    inputs = channels * size[0] * size[1]
    window = channels // groups * kernel**2
    return WeightSharing(
        dense_params=(inputs + 1) * out_channels * positions,
        local_params=(window + 1) * out_channels * positions,
        shared_params=(window + 1) * out_channels,
        dense_macs=inputs * out_channels * positions,
        local_macs=window * out_channels * positions,
        output=(height, width),
    )


def stack_cost(
    channels: int,
    out_channels: int,
    size: Pair,
    kernels: Sequence[int],
    *,
    stride: int = 1,
    padded: bool = True,
    bias: bool = True,
) -> BlockCost:
    """Cost of convolutions one after the other: C to M in the first, M to M in the others.

        params           = sum of k_i^2 C_i M (+ M with bias)
        macs             = sum of k_i^2 C_i M h_i w_i
        receptive field  = 1 + sum of (k_i - 1)

    ``stride`` is that of the last one, so that stacks of equal receptive field give maps of equal
    size. ``padded`` keeps the maps at their size (k // 2 on both sides, odd kernels). Raises
    ValueError naming a value that is impossible.

    >>> stack_cost(64, 64, (56, 56), (3, 3), bias=False).params, stack_cost(64, 64, (56, 56), (5,), bias=False).params
    (73728, 102400)
    """
    _check_channels(channels, out_channels)
    if not kernels:
        raise ValueError("A stack of 0 convolutions is impossible: give at least one kernel.")
    params = macs = 0
    height, width = size
    for position, kernel in enumerate(kernels):
        if padded and kernel % 2 == 0:
            raise ValueError(
                f"A kernel of {kernel} has no middle to pad around: choose an odd one, or no padding."
            )
        step = stride if position == len(kernels) - 1 else 1
        height, width = (
            output_size(side, kernel, step, kernel // 2 if padded else 0) for side in (height, width)
        )
        weights = kernel**2 * (out_channels if position else channels) * out_channels
        params += weights + (out_channels if bias else 0)
        macs += weights * height * width
    return BlockCost(
        params=params,
        macs=macs,
        layers=len(kernels),
        non_linearities=len(kernels),
        receptive_field=1 + sum(kernel - 1 for kernel in kernels),
        output=(height, width),
    )


def equivalent_stack(kernel: int, small: int = 3) -> tuple[int, ...]:
    """Kernels of the stack of ``small`` x ``small`` that sees as much as one ``kernel`` x ``kernel``.

        n = (kernel - 1) / (small - 1)

    Simonyan and Zisserman (2015), section 2.3: two of 3 for one of 5, three for one of 7. Raises
    ValueError when no stack has exactly this receptive field.

    >>> equivalent_stack(7)
    (3, 3, 3)
    """
    if small < 2 or kernel < small:
        raise ValueError(
            f"No stack of {small} x {small} sees exactly {kernel} x {kernel}: choose 2 <= small <= kernel."
        )
    count, rest = divmod(kernel - 1, small - 1)
    if rest:
        below, above = (1 + n * (small - 1) for n in (count, count + 1))
        raise ValueError(
            f"No stack of {small} x {small} sees exactly {kernel} x {kernel}: choose a kernel of {below} or {above}."
        )
    return (small,) * count


def break_even_ratio(kernel: int, small: int = 3) -> Fraction:
    """Channels in for each channel out, C / M, above which a stack has fewer weights than the one kernel.

    One kernel has K^2 C M weights; a stack of n has k^2 C M + (n - 1) k^2 M^2. They are equal at

        C / M = (n - 1) k^2 / (K^2 - k^2)

    AlexNet's first layer (3 to 96 channels, 11 x 11) lies far below its 9 / 28, so five 3 x 3 would
    cost it more. Raises ValueError as :func:`equivalent_stack` does, and for a stack of one.

    >>> break_even_ratio(5), break_even_ratio(7), break_even_ratio(11)
    (Fraction(9, 16), Fraction(9, 20), Fraction(9, 28))
    """
    stack = equivalent_stack(kernel, small)
    if len(stack) < 2:
        raise ValueError(
            f"One {small} x {small} is no stack: choose a kernel above {small}, such as {2 * small - 1}."
        )
    return Fraction((len(stack) - 1) * small**2, kernel**2 - small**2)


def separable_cost(
    channels: int,
    out_channels: int,
    size: Pair,
    kernel: int = 3,
    *,
    stride: int = 1,
    padded: bool = True,
    bias: bool = False,
) -> BlockCost:
    """Cost of a depthwise convolution and the 1 x 1 convolution after it (Howard et al. 2017, section 3.1).

        params = k^2 C + C M          (+ C + M with bias)
        macs   = (k^2 C + C M) h w

    Of a full convolution's k^2 C M h w MACs that is 1 / M + 1 / k^2. Raises ValueError naming a
    value that is impossible.

    >>> separable_cost(512, 512, (14, 14)).macs, stack_cost(512, 512, (14, 14), (3,), bias=False).macs
    (52283392, 462422016)
    """
    _check_channels(channels, out_channels)
    height, width = (output_size(side, kernel, stride, kernel // 2 if padded else 0) for side in size)
    weights = kernel**2 * channels + channels * out_channels
    return BlockCost(
        params=weights + (channels + out_channels if bias else 0),
        macs=weights * height * width,
        layers=2,
        non_linearities=2,
        receptive_field=kernel,
        output=(height, width),
    )


def separable_share(out_channels: int, kernel: int = 3) -> Fraction:
    """MACs of a depthwise separable convolution as a share of the full one's: 1 / M + 1 / k^2.

    >>> separable_share(512)
    Fraction(521, 4608)
    """
    _check_channels(1, out_channels)
    if kernel < 1:
        raise ValueError(f"A kernel of {kernel} is impossible: choose 1 or more.")
    return Fraction(1, out_channels) + Fraction(1, kernel**2)


def _check_channels(channels: int, out_channels: int, groups: int = 1) -> None:
    for name, value in (("channels in", channels), ("channels out", out_channels), ("groups", groups)):
        if value < 1:
            raise ValueError(f"{value} {name} are impossible: choose 1 or more.")
    for name, value in (("in", channels), ("out", out_channels)):
        if value % groups:
            raise ValueError(
                f"{value} channels {name} cannot be shared out to {groups} groups: choose a divisor of {value}."
            )
