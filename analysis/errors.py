"""The errors of an analysis: each is a ``ValueError`` whose sentence names the layer and the value."""

from __future__ import annotations


class ForwardError(ValueError):
    """The network cannot run on the given input; ``layer`` is the module path where it stopped."""

    def __init__(self, message: str, layer: str) -> None:
        super().__init__(message)
        self.layer = layer


class InputTooSmall(ForwardError):
    """A feature map vanished; ``smallest`` is the smallest square size that works, if one was found."""

    def __init__(self, message: str, layer: str, smallest: int | None) -> None:
        super().__init__(message, layer)
        self.smallest = smallest
