"""Sums over the rows: the whole network, its modules, its stages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.field_columns import HEAD
from analysis.memory import ActivationMemory
from analysis.records import GroupTotal, ParameterRecord, Row, Status, Totals, Trace


@dataclass(slots=True)
class _Sums:
    rows: int = 0
    params: int = 0
    trainable_params: int = 0
    buffers: int = 0
    param_bytes: int = 0
    macs: int = 0
    activation_bytes: int = 0

    def own(self, record: ParameterRecord) -> None:
        if record.is_buffer:
            self.buffers += record.elements
            return
        self.params += record.elements
        self.trainable_params += record.elements if record.trainable else 0
        self.param_bytes += record.bytes

    def run(self, row: Row) -> None:
        self.rows += 1
        self.macs += row.macs or 0
        self.activation_bytes += row.activation_bytes

    def total(self, name: str, type_name: str, depth: int) -> GroupTotal:
        return GroupTotal(
            name=name, type=type_name, depth=depth, rows=self.rows, params=self.params,
            trainable_params=self.trainable_params, buffers=self.buffers, param_bytes=self.param_bytes,
            macs=self.macs, activation_bytes=self.activation_bytes,
        )  # fmt: skip


def module_totals(trace: Trace, rows: Iterable[Row]) -> tuple[GroupTotal, ...]:
    """Totals of every module with all that is below it; the first is the whole network, named "".

    Parameters are counted where they live, rows and MACs where they run.
    """
    sums: dict[str, _Sums] = {path: _Sums() for path, _ in trace.modules}
    above = {path: [sums[ancestor] for ancestor in _ancestors(path)] for path in sums}
    for record in trace.parameters:
        for module in above[record.name.rpartition(".")[0]]:
            module.own(record)
    for row in rows:
        for module in above[row.module_path]:
            module.run(row)
    return tuple(
        sums[path].total(path, type_name, path.count(".") + 1 if path else 0)
        for path, type_name in trace.modules
    )


def _ancestors(path: str) -> Iterable[str]:
    while path:
        yield path
        path = path.rpartition(".")[0]
    yield ""


def stage_totals(rows: Iterable[Row]) -> tuple[GroupTotal, ...]:
    """Totals of every stage, in the order in which the stages begin."""
    sums: dict[str, _Sums] = defaultdict(_Sums)
    for row in rows:
        stage = sums[row.stage]
        stage.run(row)
        stage.params += row.params
        stage.trainable_params += row.trainable_params
        stage.buffers += row.buffers
        stage.param_bytes += row.param_bytes
    return tuple(total.total(name, "stage", 0) for name, total in sums.items())


def network_totals(
    trace: Trace, rows: tuple[Row, ...], memory: ActivationMemory, saved_for_backward_bytes: int
) -> Totals:
    """Totals of the whole network."""
    whole = _Sums()
    for record in trace.parameters:
        whole.own(record)
    for row in rows:
        whole.run(row)
    unknown = [row for row in rows if row.macs is None]
    last = next((row for row in reversed(rows) if row.stage != HEAD and len(row.output_shape) > 2), None)
    return Totals(
        params=whole.params,
        trainable_params=whole.trainable_params,
        unused_params=whole.params - sum(row.params for row in rows),
        buffers=whole.buffers,
        param_bytes=whole.param_bytes,
        buffer_bytes=sum(record.bytes for record in trace.parameters if record.is_buffer),
        macs=whole.macs,
        macs_status=Status.BOUND if unknown else Status.EXACT,
        macs_reason=unknown[0].reason if unknown else "",
        activation_bytes=whole.activation_bytes,
        saved_for_backward_bytes=saved_for_backward_bytes,
        peak_live_bytes=memory.peak_bytes,
        peak_row=memory.peak_operation,
        receptive_field=last.receptive_field if last else None,
        local_receptive_field=last.local_receptive_field if last else None,
        whole_input=last is not None and last.whole_input,
        effective_stride=last.effective_stride if last else None,
        effective_padding=last.effective_padding if last else None,
    )
