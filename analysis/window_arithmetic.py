"""Where the windows of a convolution or pooling lie along one axis, and what falls off the border.

All functions speak of one axis of ``size`` values, padded by ``padding`` on both sides. A window
takes ``kernel`` values that are ``dilation`` apart, so it spans

    span = dilation * (kernel - 1) + 1

values, and starts ``stride`` after the one before it. The number of windows is

    output = floor((size + 2 * padding - span) / stride) + 1

With ``ceil_mode`` (pooling only) the division rounds up, so that a last window may reach past the
padding; PyTorch then drops that window again if it would start in the right padding, that is where
``(output - 1) * stride >= size + padding``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """One window: which values it reads.

    ``start`` is the coordinate of its first tap and ``stop`` the one after its last, both in values
    of the unpadded input: negative in the left padding, beyond ``size`` in the right. ``taps`` are
    the values of the input that it reads; ``padding_taps`` and ``outside_taps`` count the taps in
    the padding and, in ceil mode, past it.
    """

    index: int
    start: int
    stop: int
    taps: tuple[int, ...]
    padding_taps: int
    outside_taps: int


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """All windows along one axis.

    ``unread`` are the values of the input that no window reads: those that fall off the right
    border (``fallen_off``), and those that a stride or dilation steps over. ``left_over`` counts the values of the
    padded input behind the last window, 0 where the windows fit exactly. ``dropped`` is the window
    that rounding up would add and PyTorch drops, None where there is none.
    """

    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int
    ceil_mode: bool
    span: int
    output_size: int
    windows: tuple[Window, ...]
    unread: tuple[int, ...]
    left_over: int
    dropped: Window | None

    @property
    def fallen_off(self) -> tuple[int, ...]:
        """The values behind the last window: window_plan(12, 3, 2).fallen_off == (11,)."""
        return tuple(value for value in self.unread if value >= self.windows[-1].stop)


def output_size(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1, *, ceil_mode: bool = False
) -> int:
    """Number of windows along one axis, as ``torch.nn.Conv2d`` and ``torch.nn.MaxPool2d`` count them.

    Raises ValueError naming the value that makes the setting impossible.

    >>> output_size(224, 11, 4, 2), output_size(112, 3, 2), output_size(112, 3, 2, ceil_mode=True)
    (55, 55, 56)
    """
    return _counts(size, kernel, stride, padding, dilation, ceil_mode)[0]


def window_plan(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1, *, ceil_mode: bool = False
) -> WindowPlan:
    """Positions of all windows along one axis and the values that none of them reads.

    Raises ValueError as :func:`output_size` does.

    >>> plan = window_plan(224, 11, 4)  # AlexNet's first layer on 224 pixels without padding
    >>> plan.output_size, plan.unread, plan.left_over
    (54, (223,), 1)
    """
    count, with_dropped = _counts(size, kernel, stride, padding, dilation, ceil_mode)
    setting = (size, kernel, stride, padding, dilation)
    windows = tuple(_window(index, *setting) for index in range(count))
    read = {tap for window in windows for tap in window.taps}
    return WindowPlan(
        size=size,
        kernel=kernel,
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
        span=span(kernel, dilation),
        output_size=count,
        windows=windows,
        unread=tuple(value for value in range(size) if value not in read),
        left_over=max(0, size + padding - windows[-1].stop),
        dropped=_window(count, *setting) if with_dropped > count else None,
    )


def fitting_sizes(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> tuple[int | None, int]:
    """The nearest sizes, at most and at least ``size``, on which the windows fit without a rest.

    The first is None where no size up to ``size`` does. Raises ValueError as :func:`output_size` does.

    >>> fitting_sizes(224, 11, 4)  # AlexNet's first layer: the paper says 224, its maps of 55 need 227
    (223, 227)
    """
    _check(size, kernel, stride, padding, dilation, ceil_mode=False)
    left_over = (size + 2 * padding - span(kernel, dilation)) % stride
    below = size - left_over
    return (below if below > 0 else None), (below + stride if left_over else size)


def span(kernel: int, dilation: int = 1) -> int:
    """Values from the first to the last tap of a window: span(3, 2) == 5."""
    return dilation * (kernel - 1) + 1


def _counts(
    size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool
) -> tuple[int, int]:
    """Number of windows, and the same before PyTorch's rule for the right padding."""
    _check(size, kernel, stride, padding, dilation, ceil_mode)
    room = size + 2 * padding - span(kernel, dilation)
    if not ceil_mode:
        return room // stride + 1, room // stride + 1
    rounded_up = -(-room // stride) + 1
    starts_in_padding = (rounded_up - 1) * stride >= size + padding
    return rounded_up - starts_in_padding, rounded_up


def _check(size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool) -> None:
    for name, value, least in (
        ("size", size, 1),
        ("kernel", kernel, 1),
        ("stride", stride, 1),
        ("padding", padding, 0),
        ("dilation", dilation, 1),
    ):
        if value < least:
            raise ValueError(f"A {name} of {value} is impossible: choose {least} or more.")
    reach = span(kernel, dilation)
    if reach > size + 2 * padding:
        dilated = f" with dilation {dilation} spans {reach} values and" if dilation > 1 else ""
        padded = f" with padding {padding} on both sides, {size + 2 * padding} in all" if padding else ""
        raise ValueError(
            f"A kernel of {kernel}{dilated} does not fit into {size} values{padded}: "
            f"choose a smaller kernel, or a padding of at least {-(-(reach - size) // 2)}."
        )
    if ceil_mode and padding > reach // 2:
        raise ValueError(
            f"A padding of {padding} is more than half of a window of {reach}, which pooling refuses: "
            f"choose at most {reach // 2}."
        )


def _window(index: int, size: int, kernel: int, stride: int, padding: int, dilation: int) -> Window:
    start = index * stride - padding
    places = range(start, start + span(kernel, dilation), dilation)
    taps = tuple(place for place in places if 0 <= place < size)
    outside = sum(place >= size + padding for place in places)
    return Window(
        index=index,
        start=start,
        stop=places[-1] + 1,
        taps=taps,
        padding_taps=kernel - len(taps) - outside,
        outside_taps=outside,
    )
