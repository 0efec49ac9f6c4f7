"""The values behind the rows of a report: what the layers of a network make of one image.

A real forward pass is followed as :mod:`analysis.trace` follows one without values, so that row i of
``analyze(model, shape)`` and row i here are the same operation. It runs on a private copy that shares
the weights: a model may be used by several threads at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn
from torch.overrides import BaseTorchFunctionMode

from analysis.operators import OperatorInfo
from analysis.private_copy import private_copy
from analysis.recorder import Recorder
from analysis.trace import follow_modules

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True, eq=False)
class RealCall:
    """A row as it has just run: its operator, the arguments by their schema names, and what it returned.

    Tensors are the network's own: a later row may write into them, so what is kept of them has to be copied.
    """

    operator: str
    arguments: dict[str, Any]
    output: Tensor

    @property
    def first(self) -> Tensor:
        """What an operator of one input reads."""
        tensor: Tensor = self.arguments["input" if "input" in self.arguments else "self"]
        return tensor


def feature_maps(model: nn.Module, image: Tensor, rows: Collection[int]) -> dict[int, Tensor]:
    """The outputs of some rows of the model's report for one image, by row.

    ``image`` is (1, channels, height, width) on the device and in the type of the weights; the results
    have the row's ``output_shape``. Nothing of the model is changed. Memory for all activations of one
    forward pass is held until it ends. Raises ValueError for a row that the network does not have; errors
    of the forward pass go through.

    >>> maps = feature_maps(models.initialised.build_initialised("resnet18"), torch.rand(1, 3, 224, 224), [0])
    >>> maps[0].shape
    torch.Size([1, 64, 112, 112])
    """
    return observed(model, image, rows, lambda _row, call: call.output.clone())


def observed(
    model: nn.Module, image: Tensor, rows: Collection[int], keep: Callable[[int, RealCall], Kept]
) -> dict[int, Kept]:
    """What ``keep`` makes of some rows, by row; it is called with each as soon as it has run.

    Otherwise as :func:`feature_maps`. An error of ``keep`` goes through.
    """
    with torch.inference_mode():
        private = private_copy(model, with_values=True)
        recorder = _Values([image], private, rows, keep)
        undo = follow_modules(private, recorder)
        try:
            with (
                BaseTorchFunctionMode(),
                recorder,
            ):  # a mode of any kind keeps attention off its fused fast path
                private.model(image)
        finally:
            undo()
    missing = sorted(set(rows) - set(recorder.found))
    if missing:
        raise ValueError(
            f"{type(model).__name__} has no row {missing[0]}: choose one from 0 to {len(recorder.operations) - 1}."
        )
    return {row: recorder.found[row] for row in rows}


class _Values(Recorder, Generic[Kept]):
    """A recorder that computes, and keeps something of the wanted rows."""

    def __init__(
        self,
        inputs: list[Tensor],
        private: Any,
        wanted: Collection[int],
        keep: Callable[[int, RealCall], Kept],
    ) -> None:
        super().__init__(inputs, private, constants_on_meta=False)
        self._call = _compute
        self._wanted = frozenset(wanted)
        self._keep_of = keep
        self.found: dict[int, Kept] = {}

    def _observe(
        self, info: OperatorInfo, args: tuple[Any, ...], kwargs: dict[str, Any], outputs: list[Tensor]
    ) -> None:
        row = len(self.operations)
        super()._observe(info, args, kwargs, outputs)
        if len(self.operations) > row and row in self._wanted:
            arguments = {**info.defaults, **dict(zip(info.argument_names, args, strict=False)), **kwargs}
            self.found[row] = self._keep_of(row, RealCall(info.name, arguments, outputs[0]))


def _compute(func: Any, info: OperatorInfo, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return func(*args, **kwargs)
