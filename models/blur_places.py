"""Where a network subsamples by modules, and where a blur belongs: behind the activation, if there is one.

A blur after a convolution and before its ReLU would be the same as subsampling the convolution's input
(both are linear), so Zhang (2019), section 3.2, puts it behind the ReLU. What follows a convolution is read off one
forward pass (:mod:`models.value_flow`), not guessed from names.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from torch import nn

from models.blur import Pair, Window
from models.value_flow import Event, ValueFlow

Side = Literal["before", "after"]
LARGEST_STRIDE = 4
_NORMALISATIONS = frozenset(
    {"batch_norm", "layer_norm", "group_norm", "instance_norm", "local_response_norm"}
)
_ACTIVATIONS = frozenset(
    (
        *("relu", "relu6", "leaky_relu", "prelu", "elu", "selu", "celu", "gelu", "silu", "mish", "hardtanh"),
        *("hardswish", "hardsigmoid", "sigmoid", "tanh", "softplus"),
    )
)
_SUBSAMPLING = frozenset(
    ("conv2d", "max_pool2d", "max_pool2d_with_indices", "avg_pool2d", "lp_pool2d", "interpolate")
)


class Kind(StrEnum):
    """What subsampled before the surgery."""

    CONVOLUTION = "convolution"
    MAX_POOLING = "max pooling"
    AVERAGE_POOLING = "average pooling"


@dataclass(frozen=True, slots=True)
class Place:
    """A module that subsamples, its windows (down, across), and the modules that a blur goes before or after.

    A pooling takes the blur in itself: then ``blurs`` is empty. ``reads_first`` says that it is the first
    convolution of the network.
    """

    path: str
    kind: Kind
    windows: tuple[Window, Window]
    blurs: tuple[tuple[str, Side], ...]
    reads_first: bool


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """Something that subsamples and stays as it is: the path of its module, and why in a part of a sentence."""

    path: str
    reason: str


def find_places(twin: nn.Module, flow: ValueFlow) -> tuple[tuple[Place, ...], tuple[LeftAlone, ...]]:
    """The modules that can subsample behind a blur, and what subsamples and cannot, both in order of their runs.

    ``flow`` is a forward pass of ``twin``. ResNet-50: eight places (its first convolution, the max pooling, and
    in each later stage a 3 x 3 convolution and a shortcut).
    """
    modules = dict(twin.named_modules())
    first = next((event for event in flow.events if event.name == "conv2d"), None)
    places: list[Place] = []
    alone: dict[str, LeftAlone] = {}
    for event in flow.events:
        module = modules[event.path]
        windows = windows_of(module)
        if windows is None or event.name not in _SUBSAMPLING:
            reason = _functional(event)
            if reason:
                alone.setdefault(event.path, LeftAlone(event.path, reason))
            continue
        if max(window.stride for window in windows) == 1 or event.after == (1, 1):
            continue
        reason = _hindrance(event.path, module, windows, flow.counts[event.path])
        if reason:
            alone.setdefault(event.path, LeftAlone(event.path, reason))
            continue
        kind = _kind(module)
        blurs = _around(module, event, flow) if kind is Kind.CONVOLUTION else ()
        if isinstance(blurs, str):
            alone.setdefault(event.path, LeftAlone(event.path, blurs))
        else:
            places.append(Place(event.path, kind, windows, blurs, event is first))
    return tuple(places), tuple(alone.values())


def _kind(module: nn.Module) -> Kind:
    if isinstance(module, nn.Conv2d):
        return Kind.CONVOLUTION
    return Kind.MAX_POOLING if isinstance(module, nn.MaxPool2d) else Kind.AVERAGE_POOLING


def windows_of(module: nn.Module) -> tuple[Window, Window] | None:
    """The windows down and across of a convolution or pooling; None for another module."""
    if not isinstance(module, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)):
        return None
    padding = 0 if module.padding == "valid" else module.padding
    ceil_mode = not isinstance(module, nn.Conv2d) and module.ceil_mode
    lines = zip(
        _pair(module.kernel_size),
        _pair(module.stride),
        (0, 0) if isinstance(padding, str) else _pair(padding),
        _pair(getattr(module, "dilation", 1)),
        strict=True,
    )
    down, across = (Window(*line, ceil_mode=ceil_mode) for line in lines)
    return down, across


def _pair(value: int | tuple[int, ...]) -> Pair:
    return (value, value) if isinstance(value, int) else (value[0], value[-1])


def _hindrance(path: str, module: nn.Module, windows: tuple[Window, Window], calls: int) -> str:
    """Why a module cannot be changed; "" if it can."""
    kind = next(kind for kind in (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d) if isinstance(module, kind))
    stride = max(window.stride for window in windows)
    if not path:
        return "is the whole network"
    if stride > LARGEST_STRIDE:
        return f"has a stride of {stride}, for which a filter of a few values is no low-pass"
    if type(module).forward is not kind.forward:
        return f"is a {type(module).__name__}, which computes in a way of its own"
    if calls > 1:
        return f"runs {calls} times"
    if isinstance(module, nn.MaxPool2d) and module.return_indices:
        return "returns the positions of its maxima as well"
    return ""


def _around(module: nn.Module, event: Event, flow: ValueFlow) -> tuple[tuple[str, Side], ...] | str:
    """The modules that a blur for this convolution goes around; why there are none, in part of a sentence."""
    activation = _activation_after(event, flow)
    if activation is None:
        # Linear until its output is used, so before a 1 x 1 kernel a blur is the same, on fewer values.
        cheap = (
            isinstance(module, nn.Conv2d) and set(module.kernel_size) == {1} and set(module.padding) <= {0}
        )
        return ((event.path, "before" if cheap else "after"),)
    for call in flow.calls:  # an inner module ends, and is met, before the one around it
        if call.made == activation.made and flow.counts[call.path] == 1 and call.path:
            return ((call.path, "after"),)
    readers = [reader.path for reader in flow.readers(activation.made)]
    takers = {
        call.path for call in flow.calls if call.read == (activation.made,) and flow.counts[call.path] == 1
    }
    if readers and set(readers) <= takers:
        return tuple((path, "before") for path in dict.fromkeys(readers))
    return "is followed by an activation that is no module of its own"


def _activation_after(event: Event, flow: ValueFlow) -> Event | None:
    """The activation that alone reads what a convolution made, normalised or not."""
    while True:
        readers = flow.readers(event.made)
        if len(readers) != 1:
            return None
        event = readers[0]
        if event.name in _ACTIVATIONS:
            return event
        if event.name not in _NORMALISATIONS:
            return None


def _functional(event: Event) -> str:
    """What a function call without a module of its own does, if it subsamples; "" if not."""
    if event.steps:
        return f"takes every {_ORDINALS.get(event.steps[0], f'{event.steps[0]}th')} value by slicing"
    if event.name not in _SUBSAMPLING or event.before is None or event.after is None or event.after == (1, 1):
        return ""
    larger = any(2 * after <= before + 1 for before, after in zip(event.before, event.after, strict=True))
    return f"calls the function {event.name}, which is no module" if larger else ""


_ORDINALS = {2: "second", 3: "third", 4: "fourth"}
