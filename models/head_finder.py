"""Where a classifier's head begins: what lies between its last feature map and its scores.

The network is run once on the meta device and its calls are followed back from the scores: through
linear layers, activations, dropout and normalisation, to the step that did away with positions. That
step decides what kind of head it is: a map laid out as one vector (AlexNet, VGG), a global pooling
(ResNet), one token (ViT). No module has to have a certain name, and functional calls count too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from models.records import InputShape

_PICKING = frozenset({"getitem", "select"})


class HeadKind(StrEnum):
    """How a classifier gets from a map to one vector."""

    FLATTEN = "flatten"
    GLOBAL_POOL = "global pooling"
    FIXED_POOL = "pooling by a window of the map's size"
    TOKEN = "one token"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Head:
    """A head: its kind, and for a flattened map where it is.

    ``channels`` and ``map_size`` (h, w) are those of the map that is flattened, ``producer`` is the
    path of the module that makes it and ``flattener`` that of the one that flattens it.
    ``modules`` are the paths of the leaf modules that run after it, in order, the flattening one
    left out. ``classes`` is the number of scores.
    """

    kind: HeadKind
    classes: int
    channels: int
    map_size: tuple[int, int]
    producer: str
    flattener: str
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Call:
    """One call that made a tensor: its function, its first tensor argument, and the module it ran in."""

    name: str
    source: Tensor
    result: Tensor
    path: str
    modules_run: int


def find_head(twin: nn.Module, input_shape: InputShape) -> Head:
    """Find the head of a network on the meta device, which is run once on a batch of one.

    ``input_shape`` is (channels, height, width). Raises ValueError when the network does not return
    one vector of scores; errors of its forward pass go through.
    """
    recorder = _Recorder(twin)
    with torch.no_grad(), recorder:
        scores = twin(torch.empty(1, *input_shape, device="meta"))
    if not isinstance(scores, Tensor) or scores.ndim != 2:
        raise ValueError(f"{type(twin).__name__} returns no vector of scores: its head cannot be found.")
    flattening: _Call | None = None
    for call in _back_from(scores, recorder.made_by):
        if call.source.ndim == 4 and call.result.ndim == 2:
            flattening = call
        kind = _decision(call)
        if kind is HeadKind.FLATTEN:
            return (
                _flattened(flattening, recorder, scores)
                if flattening is not None
                else _other(HeadKind.NONE, scores)
            )
        if kind is not None:
            return _other(kind, scores)
    return _other(HeadKind.NONE, scores)


def _back_from(tensor: Tensor, made_by: dict[int, _Call]) -> Iterator[_Call]:
    call = made_by.get(id(tensor))
    while call is not None:
        yield call
        call = made_by.get(id(call.source))


def _decision(call: _Call) -> HeadKind | None:
    """What a call says of the head; None where positions were gone before it."""
    source, result = call.source, call.result
    is_pooling = "pool" in call.name or call.name == "mean"
    if is_pooling and source.ndim > 2 and result.numel() in (source.shape[1], source.shape[-1]):
        fixed = "pool" in call.name and "adaptive" not in call.name
        return HeadKind.FIXED_POOL if fixed else HeadKind.GLOBAL_POOL
    if source.ndim == 4 and result.ndim == 2 and source.numel() > source.shape[1]:
        return HeadKind.FLATTEN
    if call.name.startswith("conv") and source.numel() > source.shape[1]:
        # a convolution that sees the whole map leaves one position, at this input size alone
        return HeadKind.FLATTEN if result.numel() == result.shape[1] else HeadKind.NONE
    if call.name in _PICKING and source.ndim == 3 and result.ndim == 2:
        return HeadKind.TOKEN
    return None


def _flattened(flattening: _Call, recorder: _Recorder, scores: Tensor) -> Head:
    _, channels, height, width = flattening.source.shape
    producer = recorder.made_by.get(id(flattening.source))
    after = recorder.leaves_run[flattening.modules_run :]
    return Head(
        kind=HeadKind.FLATTEN,
        classes=scores.shape[1],
        channels=channels,
        map_size=(height, width),
        producer=producer.path if producer is not None else "",
        flattener=flattening.path,
        modules=tuple(dict.fromkeys(after)),
    )


def _other(kind: HeadKind, scores: Tensor) -> Head:
    return Head(kind, scores.shape[1], 0, (0, 0), "", "", ())


class _Recorder(TorchFunctionMode):
    """Notes for each tensor the call that made it, and the leaf modules in the order in which they run."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.made_by: dict[int, _Call] = {}
        self.leaves_run: list[str] = []
        self._stack: list[str] = []
        for path, module in model.named_modules():
            is_leaf = next(module.children(), None) is None
            module.register_forward_pre_hook(self._entering(path, is_leaf=is_leaf))
            module.register_forward_hook(self._leaving)

    def _entering(self, path: str, *, is_leaf: bool) -> Callable[[nn.Module, Any], None]:
        def enter(module: nn.Module, inputs: Any) -> None:
            self._stack.append(path)
            if is_leaf:
                self.leaves_run.append(path)

        return enter

    def _leaving(self, module: nn.Module, inputs: Any, output: Any) -> None:
        self._stack.pop()

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        source = next(_tensors((*args, *(kwargs or {}).values())), None)
        if source is None:
            return result
        for made in _tensors((result,)):
            if id(made) not in self.made_by and made is not source:  # in place, a tensor stays what it is
                path = self._stack[-1] if self._stack else ""
                name = getattr(func, "__name__", "").strip("_")
                self.made_by[id(made)] = _Call(name, source, made, path, len(self.leaves_run))
        return result


def _tensors(values: Any) -> Iterator[Tensor]:
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, (tuple, list)):
            yield from _tensors(value)
