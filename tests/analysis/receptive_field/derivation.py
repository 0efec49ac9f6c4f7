"""The textbook recurrence of receptive fields along one path, and a notation for the papers' tables."""

from __future__ import annotations

import re
from collections.abc import Iterable

Window = tuple[int, int, int]  # kernel, stride, padding


def after(windows: Iterable[Window]) -> tuple[int, int, int]:
    """Size, effective stride and effective padding after windows: after([(11, 4, 2)]) == (11, 4, 2)."""
    size, stride, padding = 1, 1, 0
    for kernel, step, border in windows:
        size += (kernel - 1) * stride
        padding += border * stride
        stride *= step
    return size, stride, padding


def path(notation: str) -> list[Window]:
    """Windows as kernel/stride/padding, repeated by a star: path("3/2 5*2") == [(3, 2, 1), (5, 1, 2), (5, 1, 2)].

    The stride is 1 and the padding half of the kernel where they are not written. What stands in
    brackets is repeated too: path("(3/2 5)*2").
    """
    unrolled = re.sub(r"\(([^)]*)\)\*(\d+)", lambda match: f"{match[1]} " * int(match[2]), notation)
    windows: list[Window] = []
    for item in unrolled.split():
        numbers, _, count = item.partition("*")
        kernel, stride, padding = [*map(int, numbers.split("/")), None, None][:3]
        assert kernel is not None
        windows += [(kernel, stride or 1, kernel // 2 if padding is None else padding)] * int(count or 1)
    return windows
