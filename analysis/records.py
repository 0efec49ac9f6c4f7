"""The frozen records that an analysis consists of.

Numbers, never display strings: a table or a page formats them. Heights and widths travel as one
pair ``(h, w)``. What is unknown is ``None`` with the reason beside it, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.receptive_field.field import ReceptiveField

Pair = tuple[int, int]
Stride = tuple[Fraction, Fraction]


class Kind(StrEnum):
    """What an operation is for; the tables and charts group by it."""

    CONVOLUTION = "convolution"
    LINEAR = "linear"
    ATTENTION = "attention"
    NORMALISATION = "normalisation"
    ACTIVATION = "activation"
    POOLING = "pooling"
    RESAMPLING = "resampling"
    MERGE = "merge"
    REDUCTION = "reduction"
    RESHAPE = "reshape"
    ELEMENTWISE = "elementwise"
    REGULARISATION = "regularisation"
    OTHER = "other"


class Status(StrEnum):
    """How far a number can be trusted."""

    EXACT = "exact"
    BOUND = "bound"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TensorRecord:
    """One tensor that flowed through the network.

    ``storage`` numbers the memory behind it: two tensors with one number are views of each other.
    ``strides`` are in elements.
    """

    shape: tuple[int, ...]
    dtype: str
    itemsize: int
    storage: int
    strides: tuple[int, ...]

    @property
    def elements(self) -> int:
        """Number of elements: the product of the shape."""
        count = 1
        for size in self.shape:
            count *= size
        return count

    @property
    def bytes(self) -> int:
        """Bytes of the elements (a view counts what it shows, not what it shares)."""
        return self.elements * self.itemsize


@dataclass(frozen=True, slots=True)
class ParameterRecord:
    """One distinct parameter or buffer of the model, under its first name."""

    name: str
    shape: tuple[int, ...]
    elements: int
    bytes: int
    trainable: bool
    is_buffer: bool


@dataclass(frozen=True, slots=True)
class TensorRef:
    """Names a tensor: output ``output`` of operation ``operation``; ``operation`` -1 is model input ``output``."""

    operation: int
    output: int = 0


@dataclass(frozen=True, slots=True)
class Operation:
    """One operator as PyTorch's dispatcher saw it, with its real arguments.

    ``arguments`` holds the operator's arguments by schema name, each tensor replaced by its
    :class:`TensorRef` (data), its :class:`TensorRecord` (a parameter, buffer or constant) or, in
    a list, a tuple of them. ``pointwise`` says that each value of the output depends on one value of
    each input. ``parameters`` are indices into :attr:`Trace.parameters` of those
    that this operation reads, directly or through operations on constants.
    """

    index: int
    module_path: str
    module_type: str
    call: int
    operator: str
    kind: Kind
    pointwise: bool
    arguments: dict[str, Any]
    inputs: tuple[TensorRef, ...]
    outputs: tuple[TensorRecord, ...]
    parameters: tuple[int, ...]
    writes_in_place: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """One forward pass: every operation that depends on an input or multiplies, in order.

    ``outputs`` are the tensors that the model returned. ``storage_bytes`` holds the size of every
    storage, by its number.
    """

    inputs: tuple[TensorRecord, ...]
    outputs: tuple[TensorRef, ...]
    operations: tuple[Operation, ...]
    parameters: tuple[ParameterRecord, ...]
    modules: tuple[tuple[str, str], ...]
    storage_bytes: tuple[int, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the layer table: a leaf operation and all that is known of it.

    Shapes include the batch of 1. ``params`` and ``buffers`` count elements that no earlier row
    has read (a tied weight counts once, at its first reader; ``shared_params`` are read again).
    ``macs`` are multiply-accumulates without bias; FLOPs are twice that. ``activation_bytes`` is
    newly written memory (0 for views and in-place operations) and ``live_bytes`` all activation
    memory alive while the row runs. ``arithmetic_intensity`` is FLOPs for each byte read or
    written (None where the row does no MACs).

    ``receptive_field`` is in pixels (h, w) on an unbounded input; ``whole_input`` says that every
    unit sees all of this input. ``local_receptive_field`` leaves out global gates and attention
    (equal to ``receptive_field`` where there are none); ``field`` and ``local_field`` are what is
    behind the two, unit by unit. ``effective_stride`` and
    ``effective_padding`` are None where the units form no regular grid.
    ``aliasing_frequency`` is 1 / (2 S) in cycles per sample of the row's own input, given for
    rows that subsample; ``aliasing_frequency_image`` is 1 / (2 J) in cycles per pixel, J the
    effective stride after the row.
    """

    index: int
    name: str
    module_path: str
    module_type: str
    operator: str
    kind: Kind
    attributes: tuple[tuple[str, Any], ...]
    inputs: tuple[int, ...]
    input_shapes: tuple[tuple[int, ...], ...]
    output_shape: tuple[int, ...]
    channels: int | None
    map_size: Pair | None
    stage: str
    params: int
    trainable_params: int
    shared_params: int
    buffers: int
    param_bytes: int
    buffer_bytes: int
    macs: int | None
    activation_bytes: int
    live_bytes: int
    arithmetic_intensity: float | None
    receptive_field: Pair | None
    local_receptive_field: Pair | None
    whole_input: bool
    effective_stride: Stride | None
    effective_padding: Pair | None
    aliasing_frequency: tuple[float | None, float | None] | None
    aliasing_frequency_image: tuple[float | None, float | None] | None
    status: Status
    reason: str
    field: ReceptiveField | None
    local_field: ReceptiveField | None

    @property
    def flops(self) -> int | None:
        """Floating point operations: two for each multiply-accumulate."""
        return None if self.macs is None else 2 * self.macs


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """Sums over one group of rows: a module (dotted path) or a stage (map size, such as "56x56")."""

    name: str
    type: str
    depth: int
    rows: int
    params: int
    trainable_params: int
    buffers: int
    param_bytes: int
    macs: int
    activation_bytes: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the whole network.

    ``params`` counts every distinct parameter of the model, used by this forward pass or not;
    ``unused_params`` is the part that no operation read (auxiliary heads in evaluation mode).
    ``macs_status`` is "bound" when an operator of unknown cost was met: then ``macs`` is a lower
    bound. ``peak_live_bytes`` is reached at row ``peak_row`` (-1: the input itself).
    ``receptive_field``, ``whole_input`` and ``effective_stride`` are those of the last row whose
    units still have positions.
    """

    params: int
    trainable_params: int
    unused_params: int
    buffers: int
    param_bytes: int
    buffer_bytes: int
    macs: int
    macs_status: Status
    macs_reason: str
    activation_bytes: int
    saved_for_backward_bytes: int
    peak_live_bytes: int
    peak_row: int
    receptive_field: Pair | None
    local_receptive_field: Pair | None
    whole_input: bool
    effective_stride: Stride | None
    effective_padding: Pair | None

    @property
    def flops(self) -> int:
        """Floating point operations: two for each multiply-accumulate."""
        return 2 * self.macs


@dataclass(frozen=True, slots=True)
class Report:
    """Everything :func:`analysis.analyze` knows of one network at one input size."""

    name: str
    input_shapes: tuple[tuple[int, ...], ...]
    rows: tuple[Row, ...]
    totals: Totals
    modules: tuple[GroupTotal, ...]
    stages: tuple[GroupTotal, ...]
    unused: tuple[ParameterRecord, ...]
    notes: tuple[str, ...]
    trace: Trace
