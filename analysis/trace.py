"""One forward pass on the meta device, recorded operator by operator.

A ``TorchDispatchMode`` under inference mode sees each ATen operator as the model called it
(``linear``, ``batch_norm``, ``scaled_dot_product_attention``), before PyTorch takes it apart, with
its real arguments and whatever the Python control flow. The mode is thread-local and runs on a
private copy (:mod:`analysis.private_copy`), so nothing of the user's is touched and other threads
are not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import nn

from analysis.errors import ForwardError
from analysis.input_shapes import Shapes, input_shapes
from analysis.private_copy import PrivateCopy, private_copy
from analysis.recorder import Recorder
from analysis.records import Trace
from analysis.refusals import refusal


def trace(model: nn.Module, input_shape: Sequence[int] | Sequence[Sequence[int]]) -> Trace:
    """Record one forward pass of ``model`` for a batch of one, without weights, data or arithmetic.

    ``input_shape`` is ``(channels, height, width)``, or a tuple of shapes for several inputs. The
    model is left as it was. Raises ValueError for an impossible shape and
    :class:`~analysis.errors.ForwardError` when the model cannot run on it.

    >>> len(trace(torchvision.models.alexnet(), (3, 224, 224)).operations)
    22
    """
    shapes = input_shapes(input_shape)
    return record(private_copy(model), shapes)


def record(private: PrivateCopy, shapes: Shapes) -> Trace:
    """Run a private copy once on inputs of the given shapes (batch of one added) and return its trace.

    A network that mixes its input with tensors that it makes on the CPU cannot run so; it gets a
    second try in which those are made on the meta device too, if it does not look at their values.
    """
    try:
        return _record(private, shapes, constants_on_meta=False)
    except ForwardError as error:
        if "meta" not in str(error.__cause__):
            raise
        try:
            return _record(private, shapes, constants_on_meta=True)
        except ForwardError:
            raise error from error.__cause__


def _record(private: PrivateCopy, shapes: Shapes, *, constants_on_meta: bool) -> Trace:
    with torch.inference_mode():
        dtype = _input_dtype(private)
        inputs = [torch.empty((1, *shape), dtype=dtype, device="meta") for shape in shapes]
        recorder = Recorder(inputs, private, constants_on_meta=constants_on_meta)
        undo = follow_modules(private, recorder)
        try:
            with recorder:
                result = private.model(*inputs)
        except Exception as error:  # whatever a forward pass raises: it is the user's code
            raise ForwardError(_sentence(error, recorder, shapes), recorder.failed_in or "") from error
        finally:
            undo()
    notes = []
    if private.skipped_hooks:
        count = private.skipped_hooks
        notes.append(f"{count} {'hook' if count == 1 else 'hooks'} of the model did not run.")
    return Trace(
        inputs=recorder.input_records,
        outputs=recorder.references(result),
        operations=tuple(recorder.operations),
        parameters=recorder.parameter_records,
        modules=tuple((path, type(module).__name__) for path, module in private.modules),
        storage_bytes=tuple(recorder.storage_bytes),
        notes=tuple(notes),
    )


def _input_dtype(private: PrivateCopy) -> torch.dtype | None:
    """The type of the weights, if they have one in common (a network in half precision); None for the default."""
    owned = (tensor for tensor, record in private.parameters if not record.is_buffer)
    dtypes = {tensor.dtype for tensor in owned if tensor.is_floating_point()}
    return dtypes.pop() if len(dtypes) == 1 else None


def follow_modules(private: PrivateCopy, recorder: Recorder) -> Callable[[], None]:
    """Make the copy's modules announce themselves to the recorder; return what takes that back.

    ``_call_impl`` is the step of a module's call in which PyTorch runs hooks; the copy's modules go
    straight to their forward pass, past hooks that somebody has installed for all modules.
    """
    attributes = [module.__dict__ for _, module in private.modules]
    patched = [own.get("forward") for own in attributes]
    for own, (path, module) in zip(attributes, private.modules, strict=True):
        announced = partial(_announced, module.forward, path, type(module).__name__, recorder)
        own["forward"] = own["_call_impl"] = announced

    def undo() -> None:
        for own, forward in zip(attributes, patched, strict=True):
            del own["_call_impl"], own["forward"]
            if forward is not None:
                own["forward"] = forward

    return undo


def _announced(
    forward: Callable[..., Any], path: str, type_name: str, recorder: Recorder, /, *args: Any, **kwargs: Any
) -> Any:
    """Run a module's forward pass, with the recorder knowing for how long operations are the module's."""
    stack = recorder.stack
    calls = recorder.calls
    calls[path] = call = calls.get(path, 0) + 1
    stack.append((path, type_name, call))
    try:
        return forward(*args, **kwargs)
    except Exception:
        if recorder.failed_in is None:
            recorder.failed_in = path or type_name
        raise
    finally:
        stack.pop()


def _sentence(error: Exception, recorder: Recorder, shapes: Shapes) -> str:
    size = " and ".join(" x ".join(map(str, shape)) for shape in shapes)
    where = f"layer {recorder.failed_in!r}" if recorder.failed_in else "the model"
    operator, kind, arguments = recorder.failed_call or (None, None, ())
    detail = refusal(error, operator, kind, arguments)
    return f"The network cannot run on an input of {size}: {where} fails, {detail}."
