"""From a trace to the rows of the layer table."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.field_columns import Known, field_columns, stages
from analysis.macs import count_macs
from analysis.memory import ActivationMemory
from analysis.receptive_field.call import Sight
from analysis.records import (
    Kind,
    Operation,
    Pair,
    ParameterRecord,
    Row,
    Status,
    TensorRecord,
    TensorRef,
    Trace,
)
from analysis.row_labels import attributes, row_names

_NO_PARAMETERS = dict.fromkeys(
    ("params", "trainable_params", "shared_params", "buffers", "param_bytes", "buffer_bytes"), 0
)


def build_rows(
    trace: Trace, memory: ActivationMemory, images: Sequence[tuple[Pair, dict[TensorRef, Sight]]]
) -> tuple[Row, ...]:
    """Return one row for each operation of the trace, in order.

    ``images`` holds height and width of each image among the inputs, and what every tensor sees of
    it; a row shows the first image that it depends on.
    """
    records = {TensorRef(-1, index): record for index, record in enumerate(trace.inputs)}
    for operation in trace.operations:
        for position, record in enumerate(operation.outputs):
            records[TensorRef(operation.index, position)] = record
    shapes = {reference: record.shape for reference, record in records.items()}
    known: Known = {}
    columns = [field_columns(operation, images, known) for operation in trace.operations]
    names = row_names(trace)
    labels = stages(columns, [operation.kind is not Kind.RESHAPE for operation in trace.operations])
    read: set[int] = set()
    rows = []
    for operation, column, name, stage in zip(trace.operations, columns, names, labels, strict=True):
        fresh = [trace.parameters[i] for i in operation.parameters if i not in read]
        again = [trace.parameters[i] for i in operation.parameters if i in read]
        read.update(operation.parameters)
        macs = count_macs(operation, shapes)
        rows.append(
            Row(
                index=operation.index,
                name=name,
                module_path=operation.module_path,
                module_type=operation.module_type,
                operator=operation.operator,
                kind=_kind(operation),
                attributes=attributes(operation, shapes),
                inputs=tuple(
                    ref.operation if ref.operation >= 0 else -1 - ref.output for ref in operation.inputs
                ),
                input_shapes=tuple(shapes[reference] for reference in operation.inputs),
                output_shape=operation.outputs[0].shape,
                channels=column.channels,
                map_size=column.map_size,
                stage=stage,
                **_parameter_columns(fresh, again),
                macs=macs,
                activation_bytes=memory.written_bytes[operation.index],
                live_bytes=memory.live_bytes[operation.index],
                arithmetic_intensity=_intensity(operation, macs, trace.parameters, records),
                receptive_field=column.receptive_field,
                local_receptive_field=column.local_receptive_field,
                whole_input=column.whole_input,
                effective_stride=column.effective_stride,
                effective_padding=column.effective_padding,
                aliasing_frequency=column.aliasing_frequency,
                aliasing_frequency_image=column.aliasing_frequency_image,
                status=Status.UNKNOWN if macs is None else column.status,
                reason=f"the cost of operator {operation.operator!r} is not known"
                if macs is None
                else column.reason,
                field=column.field,
                local_field=column.local_field,
            )
        )
    return tuple(rows)


def _kind(operation: Operation) -> Kind:
    """The kind of a row: the sums and powers that PyTorch's LocalResponseNorm consists of are one normalisation."""
    is_part = operation.module_type.startswith("LocalResponseNorm")
    return Kind.NORMALISATION if is_part else operation.kind


def _parameter_columns(fresh: list[ParameterRecord], again: list[ParameterRecord]) -> dict[str, int]:
    if not fresh and not again:
        return _NO_PARAMETERS
    columns = dict(_NO_PARAMETERS)
    for record in fresh:
        if record.is_buffer:
            columns["buffers"] += record.elements
            columns["buffer_bytes"] += record.bytes
        else:
            columns["params"] += record.elements
            columns["trainable_params"] += record.elements if record.trainable else 0
            columns["param_bytes"] += record.bytes
    columns["shared_params"] = sum(record.elements for record in again if not record.is_buffer)
    return columns


def _intensity(
    operation: Operation,
    macs: int | None,
    parameters: tuple[ParameterRecord, ...],
    records: dict[TensorRef, TensorRecord],
) -> float | None:
    if not macs:
        return None
    moved = sum(records[reference].bytes for reference in operation.inputs)
    moved += sum(parameters[index].bytes for index in operation.parameters)
    moved += sum(record.bytes for record in operation.outputs)
    return 2 * macs / moved
