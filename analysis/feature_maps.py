"""The values behind the rows of a report: what the layers of a network make of one image.

A real forward pass is followed as :mod:`analysis.trace` follows one without values, so that row i of
``analyze(model, shape)`` and row i here are the same operation. It runs on a private copy that shares
the weights: a model may be used by several threads at once.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import BaseTorchFunctionMode

from analysis.operators import OperatorInfo
from analysis.private_copy import private_copy
from analysis.recorder import Recorder
from analysis.trace import follow_modules


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
    with torch.inference_mode():
        private = private_copy(model, with_values=True)
        recorder = _Values([image], private, rows)
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


class _Values(Recorder):
    """A recorder that computes, and keeps a copy of what the wanted rows return."""

    def __init__(self, inputs: list[Tensor], private: Any, wanted: Collection[int]) -> None:
        super().__init__(inputs, private, constants_on_meta=False)
        self._call = _compute
        self._wanted = frozenset(wanted)
        self.found: dict[int, Tensor] = {}

    def _observe(
        self, info: OperatorInfo, args: tuple[Any, ...], kwargs: dict[str, Any], outputs: list[Tensor]
    ) -> None:
        row = len(self.operations)
        super()._observe(info, args, kwargs, outputs)
        if len(self.operations) > row and row in self._wanted:
            self.found[row] = outputs[0].clone()  # a later row may write into it


def _compute(func: Any, info: OperatorInfo, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return func(*args, **kwargs)
