"""Gradients of units with respect to the input: what a change of each pixel would do to them.

A real forward pass is followed as :mod:`analysis.trace` follows one without values, so that row i of
``analyze(model, shape)`` and row i here are the same operation, whether a module's output or not. The
network handles tensors without values, on the ``meta`` device; each of its operations is carried out on
the values that these stand for, with autograd. The pass stops at the last row that is asked for. It
runs on a private copy that shares the weights: a model may be used by several threads at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import BaseTorchFunctionMode

from analysis.operators import OperatorInfo
from analysis.private_copy import PrivateCopy, private_copy
from analysis.recorder import Recorder
from analysis.trace import follow_modules

Index = tuple[int | slice, ...]


def unit_gradients(
    model: nn.Module, image: Tensor, units: Mapping[int, Index], *, seed: int = 0
) -> dict[int, Tensor]:
    """The gradient of a unit in each of some rows of the model's report, by row.

    ``image`` is (1, channels, height, width) on the device and in the type of the weights, and so are the
    gradients. ``units`` holds for each row the index of its unit in the row's output, with slices over
    what belongs to it, its channels. These are added with random signs, drawn by ``seed``: see
    :mod:`analysis.effective_field`. The gradient is 0 where a unit does not depend on the image.

    Nothing of the model is changed. Raises ValueError for a row that the network does not have, and for a
    network that autograd cannot follow; other errors of the forward pass go through.

    >>> network = nn.Sequential(nn.Conv2d(1, 8, 3))
    >>> gradient = unit_gradients(network, torch.rand(1, 1, 9, 9), {0: (0, slice(None), 2, 2)})[0]
    >>> gradient.shape, gradient.count_nonzero().item()
    (torch.Size([1, 1, 9, 9]), 9)
    """
    with torch.inference_mode(False), torch.enable_grad():
        image = image.detach().clone().requires_grad_()
        try:
            targets = _signed_sums(model, image, units, torch.Generator().manual_seed(seed))
            return _gradients(targets, image)
        except RuntimeError as error:
            raise ValueError(
                f"{type(model).__name__} cannot be differentiated by its input: {error}"
            ) from error


def _gradients(targets: Mapping[int, Tensor], image: Tensor) -> dict[int, Tensor]:
    gradients = {}
    for number, (row, target) in enumerate(targets.items(), start=1):
        gradient = None
        if target.requires_grad:
            more = number < len(targets)
            (gradient,) = torch.autograd.grad(target, image, retain_graph=more, allow_unused=True)
        gradients[row] = torch.zeros_like(image).detach() if gradient is None else gradient
    return gradients


def _signed_sums(
    model: nn.Module, image: Tensor, units: Mapping[int, Index], signs: torch.Generator
) -> dict[int, Tensor]:
    """For each row the sum over its unit's values with random signs, a node of autograd's graph."""
    inner = image.clone()  # a network may work in place, which autograd forbids on what it differentiates by
    with torch.inference_mode():
        private, handles = private_copy(model, with_values=True), _Handles(image.device)
        recorder = _Differentiable(inner, handles, private, units, signs)
        undo = follow_modules(private, recorder)
        try:
            with (
                BaseTorchFunctionMode(),
                recorder,
            ):  # a mode of any kind keeps attention off its fused fast path
                private.model(handles.of(inner))
        except _LastRowReached:
            pass
        finally:
            undo()
    missing = sorted(set(units) - set(recorder.targets))
    if missing:
        raise ValueError(
            f"{type(model).__name__} has no row {missing[0]}: choose one from 0 to {len(recorder.operations) - 1}."
        )
    return recorder.targets


class _LastRowReached(BaseException):  # no error that a model may want to handle
    """Ends the forward pass after the last row that is asked for."""


class _Handles:
    """Tensors on the meta device, which the network handles, and the tensors of values that they stand for.

    Were the network given the values, PyTorch would do its bookkeeping of views and in-place operations
    around each operation as well as in it.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._values: dict[int, Tensor] = {}
        self._handles: dict[int, Tensor] = {}

    def of(self, values: Tensor) -> Tensor:
        """What the network handles in place of a tensor of values: always the same one."""
        handle = self._handles.get(id(values))
        if handle is None:
            with torch.inference_mode():
                handle = torch.empty_strided(values.shape, values.stride(), dtype=values.dtype, device="meta")
            self._handles[id(values)], self._values[id(handle)] = handle, values
        return handle

    def inner(self, value: Any) -> Any:
        """The same arguments with values for handles."""
        return _mapped(value, lambda tensor: self._values.get(id(tensor), tensor))

    def compute(self, func: Any, info: OperatorInfo, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Carry out an operation on the values, with autograd where they come from the image."""
        if kwargs.get("device") == torch.device("meta"):  # as the image is for the network
            kwargs = {**kwargs, "device": self._device}
        inner, inner_kwargs = self.inner(args), self.inner(kwargs)
        if not _any_tensor((args, kwargs), lambda tensor: id(tensor) in self._values):
            return func(*inner, **inner_kwargs)
        with torch.inference_mode(False):
            result = func(*_mapped(inner, _recordable), **_mapped(inner_kwargs, _recordable))
            return _mapped(result, self.of)


class _Differentiable(Recorder):
    """A recorder that computes with autograd, and ends the pass after the last wanted row."""

    def __init__(
        self,
        image: Tensor,
        handles: _Handles,
        private: PrivateCopy,
        units: Mapping[int, Index],
        signs: torch.Generator,
    ) -> None:
        super().__init__([image], private, constants_on_meta=False)
        self._call = handles.compute
        self._handles = handles
        self._units = units
        self._signs = signs
        self.targets: dict[int, Tensor] = {}

    def _observe(
        self, info: OperatorInfo, args: tuple[Any, ...], kwargs: dict[str, Any], outputs: list[Tensor]
    ) -> None:
        row = len(self.operations)
        inner: list[Tensor] = self._handles.inner(outputs)
        super()._observe(info, self._handles.inner(args), self._handles.inner(kwargs), inner)
        if len(self.operations) == row or row not in self._units:
            return
        with torch.inference_mode(False):  # now: a later row may write into the same memory
            values = inner[0][self._units[row]]
            signs = 2 * torch.randint(2, values.shape, generator=self._signs) - 1
            self.targets[row] = (values * signs.to(values)).sum()
        if len(self.targets) == len(self._units):
            raise _LastRowReached


def _mapped(value: Any, function: Callable[[Tensor], Tensor]) -> Any:
    """The same value with each tensor in it, and in its lists, tuples and dictionaries, replaced."""
    if isinstance(value, Tensor):
        return function(value)
    if isinstance(value, (list, tuple)):
        return type(value)([_mapped(item, function) for item in value])
    if isinstance(value, dict):
        return {name: _mapped(item, function) for name, item in value.items()}
    return value


def _any_tensor(value: Any, holds: Callable[[Tensor], bool]) -> bool:
    if isinstance(value, Tensor):
        return holds(value)
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return any(_any_tensor(item, holds) for item in items)


def _recordable(tensor: Tensor) -> Tensor:
    """The same tensor; one that the network has made from Python numbers as autograd can take it."""
    return tensor.clone() if tensor.is_inference() else tensor
