"""Layers that blur before they subsample: BlurPool (Zhang, ICML 2019, arXiv 1904.11486, section 3).

A layer with stride S is taken apart into the same layer at stride 1 and a subsampling by S, and a binomial
filter is put before the latter. Written from the paper; it has no parameters, and a filter is a buffer that
is not saved, so a network keeps the names of its state.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

Pair = tuple[int, int]
PaddingMode = Literal["reflect", "circular"]


@dataclass(frozen=True, slots=True)
class Window:
    """Windows along one axis whose places a blur takes over: where they lie, and how many there are."""

    kernel: int = 1
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    ceil_mode: bool = False

    @property
    def span(self) -> int:
        """Values from the first to the last that a window reads."""
        return self.dilation * (self.kernel - 1) + 1

    def count(self, size: int) -> int:
        """How many windows an axis of ``size`` values has: Window(3, 2, ceil_mode=True).count(112) == 56."""
        room = size + 2 * self.padding - self.span
        if not self.ceil_mode:
            return room // self.stride + 1
        count = -(-room // self.stride) + 1
        # a window that would start in the padding behind the values is none
        return count if (count - 1) * self.stride < size + self.padding else count - 1


class Blur(nn.Module):
    """A binomial filter of ``taps`` values a side, read at every S-th place: what subsamples in BlurPool.

    ``windows`` (down, across) are those that it stands for, such as those of an average pooling: their strides
    and number are kept and so are their centres; an even filter on odd windows, or the reverse, lies half
    a value further on. A map is mirrored at its borders, as in the paper; one too small for that is
    continued by its outermost values. ``padding_mode`` "circular" lets it wrap around instead, with size / S
    places.
    """

    taps: Tensor

    def __init__(self, taps: int, windows: tuple[Window, Window], like: Tensor | None = None) -> None:
        super().__init__()
        self.windows = windows
        self.padding_mode: PaddingMode = "reflect"
        down, across = (_binomial(taps if window.stride > 1 else 1) for window in windows)
        filter_ = torch.outer(down, across)
        if like is not None:
            filter_ = filter_.to(like.device, like.dtype)
        self.register_buffer("taps", filter_[None, None], persistent=False)

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, h, w) to (N, C, windows in h, windows in w)."""
        sizes, lengths = maps.shape[2:], self.taps.shape[2:]
        wraps = self.padding_mode == "circular"
        amounts = [_margins(*line, wraps=wraps) for line in zip(self.windows, lengths, sizes, strict=True)]
        maps = self._extended(maps, amounts)
        channels = maps.shape[1]
        strides = [window.stride for window in self.windows]
        return functional.conv2d(
            maps, self.taps.expand(channels, 1, *lengths), stride=strides, groups=channels
        )

    def extra_repr(self) -> str:
        """What it is in a printed network: its taps down and across, and its strides."""
        strides = tuple(window.stride for window in self.windows)
        return f"taps={tuple(self.taps.shape[2:])}, stride={strides}"

    def _extended(self, maps: Tensor, amounts: list[Pair]) -> Tensor:
        (top, bottom), (left, right) = [(max(0, before), max(0, after)) for before, after in amounts]
        if any((top, bottom, left, right)):
            fits = max(top, bottom) < maps.shape[2] and max(left, right) < maps.shape[3]
            maps = functional.pad(
                maps, (left, right, top, bottom), self.padding_mode if fits else "replicate"
            )
        for axis, (before, after) in enumerate(amounts, start=2):
            if before < 0 or after < 0:  # the filters begin later, or end earlier, than the values
                first = max(0, -before)
                maps = maps.narrow(axis, first, maps.shape[axis] - max(0, -after) - first)
        return maps


class BlurredMaxPool(nn.Module):
    """Max pooling at stride 1, then a blur that subsamples: the windows of ``nn.MaxPool2d``, one after the other."""

    def __init__(self, taps: int, windows: tuple[Window, Window], like: Tensor | None = None) -> None:
        super().__init__()
        self.windows = windows
        strides = (Window(stride=windows[0].stride), Window(stride=windows[1].stride))
        self.blur = Blur(taps, strides, like)

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, h, w) to (N, C, windows in h, windows in w)."""
        rows, columns = self.windows
        below, right = (
            max(0, (line.count(size) - 1) * line.stride + line.span - size - 2 * line.padding)
            for line, size in zip(self.windows, maps.shape[2:], strict=True)
        )
        if below or right:  # ceil_mode: the last window reaches past the values
            maps = functional.pad(maps, (0, right, 0, below), value=-torch.inf)
        maps = functional.max_pool2d(
            maps,
            (rows.kernel, columns.kernel),
            1,
            (rows.padding, columns.padding),
            (rows.dilation, columns.dilation),
        )
        return self.blur(maps)

    def extra_repr(self) -> str:
        """What it is in a printed network: the kernel that the maximum is taken over."""
        return f"kernel_size={tuple(window.kernel for window in self.windows)}, stride=(1, 1)"


def blur_around(module: nn.Module, blur: Blur, side: Literal["before", "after"]) -> None:
    """Let a module of one's own copy blur what it takes, or what it returns; its tensors keep their names.

    Another module in its place would have to hold it under a name of its own, and all names of the
    network's state would change. ``blur`` becomes its submodule ``blur_before`` or ``blur_after``.
    """
    if isinstance(module, nn.Sequential):  # which runs its submodules in order
        module.insert(0 if side == "before" else len(module), blur)
        return
    module.__class__ = class_with(_Blurred, type(module))
    setattr(module, f"blur_{side}", blur)


def class_with(part: type[Any], kind: type[Any]) -> type[Any]:
    """A class of modules of a ``kind`` with the forward pass of ``part`` around its own; blurs stay outermost."""
    if issubclass(kind, part):
        return kind
    if issubclass(kind, _Blurred):
        return class_with(_Blurred, class_with(part, kind.__bases__[1]))
    return type(f"{part.__name__.strip('_')}{kind.__name__}", (part, kind), {})


class _Blurred:
    """Part of a module's class whose forward pass blurs before and after the module's own."""

    def forward(self, maps: Tensor, *arguments: Any, **options: Any) -> Any:
        blurs = self._modules  # type: ignore[attr-defined]  # a module is the other part
        if "blur_before" in blurs:
            maps = blurs["blur_before"](maps)
        result = super().forward(maps, *arguments, **options)  # type: ignore[misc]  # likewise
        return blurs["blur_after"](result) if "blur_after" in blurs else result


def _binomial(taps: int) -> Tensor:
    """The row of Pascal's triangle with that many entries, divided by its sum."""
    return torch.tensor([comb(taps - 1, index) / 2 ** (taps - 1) for index in range(taps)])


def _margins(window: Window, taps: int, size: int, *, wraps: bool) -> Pair:
    """How far the filters reach out before and behind an axis of ``size`` values; negative where they do not."""
    before = (taps - window.span) // 2 + window.padding
    count = size // window.stride if wraps else window.count(size)
    return before, (count - 1) * window.stride + taps - before - size
