"""The one entry point: a module and an input size in, a frozen report out."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from analysis.errors import ForwardError
from analysis.failures import explain
from analysis.garbage import paused_collection
from analysis.input_shapes import input_shapes
from analysis.memory import activation_memory
from analysis.private_copy import private_copy
from analysis.receptive_field.propagate import receptive_fields
from analysis.records import Report, Trace
from analysis.rows import build_rows
from analysis.saved_for_backward import saved_for_backward_bytes
from analysis.totals import module_totals, network_totals, stage_totals
from analysis.trace import record


def analyze(
    model: nn.Module, input_shape: Sequence[int] | Sequence[Sequence[int]], *, name: str = ""
) -> Report:
    """Analyse a network for one input size and return everything that is known of it.

    ``input_shape`` is ``(channels, height, width)`` without the batch, or a tuple of shapes for a
    model with several inputs. One forward pass runs on a weightless private copy: the model, its
    hooks, buffers, gradients and training flag, the random state and the thread count stay as they
    are. All numbers are for a batch of one in evaluation mode.

    Raises ValueError for an impossible shape, and its subclasses
    :class:`~analysis.errors.ForwardError` and :class:`~analysis.errors.InputTooSmall` when the
    network cannot run on it; the sentence names the layer and the value.

    >>> report = analyze(torchvision.models.resnet50(), (3, 224, 224))
    >>> report.totals.params, report.totals.macs, report.totals.receptive_field
    (25557032, 4089184256, (427, 427))
    """
    shapes = input_shapes(input_shape)
    with paused_collection():
        private = private_copy(model)
        try:
            trace = record(private, shapes)
        except ForwardError as error:
            raise explain(error, private, shapes) from error
        return report_of(trace, name or type(model).__name__)


def report_of(trace: Trace, name: str) -> Report:
    """Derive the report from a trace: pure functions of the one record."""
    memory = activation_memory(trace)
    image_sizes = [(shape[2], shape[3]) for shape in (r.shape for r in trace.inputs) if len(shape) == 4]
    rows = build_rows(trace, memory, list(zip(image_sizes, receptive_fields(trace), strict=True)))
    read = {index for operation in trace.operations for index in operation.parameters}
    return Report(
        name=name,
        input_shapes=tuple(record.shape[1:] for record in trace.inputs),
        rows=rows,
        totals=network_totals(trace, rows, memory, saved_for_backward_bytes(trace)),
        modules=module_totals(trace, rows),
        stages=stage_totals(rows),
        unused=tuple(p for i, p in enumerate(trace.parameters) if i not in read and not p.is_buffer),
        notes=trace.notes,
        trace=trace,
    )
