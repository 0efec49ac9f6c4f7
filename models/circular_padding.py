"""A network on a picture without borders: what leaves on one side comes in on the other, in every layer.

Where a window of a convolution or pooling reaches past its map it reads the opposite side instead of
zeros, and a layer with stride S has exactly size / S windows. Then a shift of the input by a multiple of the
effective stride moves every map by whole values, to the bit. It is no network that anyone trains: it shows
what a stride does to shifts with nothing else in the way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.blur import Blur, BlurredMaxPool, Window, class_with
from models.blur_places import windows_of
from models.module_copies import copy_with_its_tensors, meta_twin
from models.records import InputShape


def with_circular_padding(model: nn.Module, input_shape: InputShape) -> nn.Module:
    """A private copy with the same tensors whose convolutions, poolings and blurs wrap around.

    Functional calls, attention and global poolings stay as they are. ``input_shape`` is (channels, height,
    width). Raises ValueError where a map's size is no multiple of the stride that follows, and where the
    network, LeNet say, counts on maps that lose their borders.
    """
    patient = copy_with_its_tensors(model)
    for module in patient.modules():
        _let_wrap(module)
    try:
        with torch.no_grad():
            meta_twin(patient)(torch.empty(1, *input_shape, device="meta"))
    except (AssertionError, RuntimeError, ValueError) as error:
        height, width = input_shape[1:]
        raise ValueError(
            f"{type(model).__name__} cannot wrap around at {height} x {width}: choose a multiple of its effective "
            f"stride, or the cropped picture ({error})."
        ) from error
    return patient


def _let_wrap(module: Any) -> None:
    """Change one module of one's own copy, if its windows can reach past a map."""
    if isinstance(module, Blur):
        module.padding_mode = "circular"
    elif isinstance(module, BlurredMaxPool):
        rows, columns = (replace(line, padding=0, ceil_mode=False) for line in module.windows)
        _wrap(module, module.windows)
        module.windows = rows, columns
    elif (windows := windows_of(module)) is not None:
        _wrap(module, windows)
        module.padding = (0, 0)
        if not isinstance(module, nn.Conv2d):
            module.ceil_mode = False


def _wrap(module: Any, windows: tuple[Window, Window]) -> None:
    module.wrapped = windows
    module.__class__ = class_with(_Wrapping, type(module))


class _Wrapping:
    """Part of a module's class whose forward pass continues a map by its opposite side before the module's own."""

    wrapped: tuple[Window, Window]

    def forward(self, maps: Tensor) -> Tensor:
        (top, bottom), (left, right) = (
            self._margins(window, size) for window, size in zip(self.wrapped, maps.shape[2:], strict=True)
        )
        if any((top, bottom, left, right)):
            maps = functional.pad(maps, (left, right, top, bottom), "circular")
        result: Tensor = super().forward(maps)  # type: ignore[misc]  # a module is the other part
        return result

    def _margins(self, window: Window, size: int) -> tuple[int, int]:
        if size % window.stride:
            raise ValueError(f"a map of {size} values is no multiple of the stride {window.stride}")
        step = 1 if isinstance(self, BlurredMaxPool) else window.stride
        return window.padding, max(0, window.span - step - window.padding)
