"""Which call of a forward pass made which value, and which ones read it: the network's graph, module by module.

The network runs once on the meta device. Each function that takes and returns tensors is an event; a value is
what a tensor holds between two writes, so an activation that works in place makes a new value of the same
tensor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from models.records import InputShape


@dataclass(frozen=True, slots=True)
class Event:
    """One function call: its name, the module that it ran in, and the values that it read and made.

    ``steps`` are those above 1 among the slices of an indexing; ``before`` and ``after`` are
    the sizes (h, w) of the map that it read first and of the one that it made, None where that is no map.
    """

    name: str
    path: str
    read: tuple[int, ...]
    made: int
    before: tuple[int, int] | None
    after: tuple[int, int] | None
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a module: the values of its tensor arguments and of what it returned, None if no tensor."""

    path: str
    read: tuple[int, ...]
    made: int | None


@dataclass(frozen=True, slots=True)
class ValueFlow:
    """One forward pass: its events in order, the calls of modules in the order in which they ended."""

    events: tuple[Event, ...]
    calls: tuple[Call, ...]
    result: int | None
    counts: Counter[str] = field(repr=False)
    _readers: dict[int, list[Event]] = field(repr=False)

    def readers(self, value: int) -> list[Event]:
        """The events that read a value."""
        return self._readers.get(value, [])

    def maker(self, value: int) -> Event | None:
        """The event that made a value; None for an input of the network."""
        return next((event for event in self.events if event.made == value), None)


def follow(twin: nn.Module, input_shape: InputShape) -> ValueFlow:
    """Run a network on the meta device (:func:`models.module_copies.meta_twin`), which is changed by that.

    ``input_shape`` is (channels, height, width), without the batch. Errors of the forward pass go through.
    """
    follower = _Follower(twin)
    with torch.no_grad(), follower:
        result = twin(torch.empty(1, *input_shape, device="meta"))
    readers: dict[int, list[Event]] = {}
    for event in follower.events:
        for value in dict.fromkeys(event.read):
            readers.setdefault(value, []).append(event)
    return ValueFlow(
        events=tuple(follower.events),
        calls=tuple(follower.calls),
        result=follower.value(result) if isinstance(result, Tensor) else None,
        counts=Counter(call.path for call in follower.calls),
        _readers=readers,
    )


class _Follower(TorchFunctionMode):
    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.calls: list[Call] = []
        self._values: dict[int, int] = {}
        self._kept: list[Tensor] = []  # alive, so that no identity is used twice
        self._open: list[tuple[str, tuple[int, ...]]] = []
        for path, module in model.named_modules():
            module.register_forward_pre_hook(self._entering(path))
            module.register_forward_hook(self._leaving)

    def value(self, tensor: Tensor, *, written: bool = False) -> int:
        """The number of what a tensor holds now; a new one where it has just been written."""
        if written or id(tensor) not in self._values:
            self._values[id(tensor)] = len(self._kept)
            self._kept.append(tensor)
        return self._values[id(tensor)]

    def _entering(self, path: str) -> Callable[[nn.Module, Any], None]:
        def enter(module: nn.Module, inputs: Any) -> None:
            self._open.append((path, tuple(map(self.value, _tensors(inputs)))))

        return enter

    def _leaving(self, module: nn.Module, inputs: Any, output: Any) -> None:
        path, read = self._open.pop()
        self.calls.append(Call(path, read, self.value(output) if isinstance(output, Tensor) else None))

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        sources = list(_tensors((*args, *(kwargs or {}).values())))
        read = tuple(map(self.value, sources))
        # on the meta device a batch normalisation costs more than all else, and its result is known beforehand
        known = func is functional.batch_norm
        result = torch.empty_like(sources[0]) if known else func(*args, **(kwargs or {}))
        if not sources:
            return result
        for made in _tensors((result,)):
            written = any(made is source for source in sources)
            self.events.append(
                Event(
                    name=getattr(func, "__name__", "").strip("_"),
                    path=self._open[-1][0] if self._open else "",
                    read=read,
                    made=self.value(made, written=written),
                    before=_map_size(sources[0]),
                    after=_map_size(made),
                    steps=_steps(args),
                )
            )
        return result


def _map_size(tensor: Tensor) -> tuple[int, int] | None:
    return (tensor.shape[2], tensor.shape[3]) if tensor.ndim == 4 else None


def _steps(args: tuple[Any, ...]) -> tuple[int, ...]:
    """The steps above 1 among the slices of an indexing."""
    index = args[1] if len(args) > 1 and isinstance(args[1], tuple) else ()
    return tuple(
        part.step
        for part in index
        if isinstance(part, slice) and isinstance(part.step, int) and part.step > 1
    )


def _tensors(values: Any) -> Iterator[Tensor]:
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, (tuple, list)):
            yield from _tensors(value)
