"""What the layer table says of a tensor's receptive field: size, grid, map, aliasing, stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.aliasing import aliasing_frequency
from analysis.receptive_field.call import Sight
from analysis.receptive_field.field import AxisField, ReceptiveField
from analysis.records import Operation, Pair, Status, Stride, TensorRef

HEAD = "head"
Frequencies = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class FieldColumns:
    """The columns of one row that come from the receptive field; see :class:`analysis.records.Row`.

    ``spread`` says that the units still differ in what they see along the local path, so that the
    row belongs to a stage and not to the head.
    """

    channels: int | None = None
    map_size: Pair | None = None
    spread: bool = False
    receptive_field: Pair | None = None
    local_receptive_field: Pair | None = None
    whole_input: bool = False
    effective_stride: Stride | None = None
    effective_padding: Pair | None = None
    aliasing_frequency: Frequencies | None = None
    aliasing_frequency_image: Frequencies | None = None
    status: Status = Status.EXACT
    reason: str = "does not depend on the input"
    field: ReceptiveField | None = None
    local_field: ReceptiveField | None = None


Known = dict[tuple[int, int, tuple[int, ...]], FieldColumns]


def field_columns(
    operation: Operation, images: Sequence[tuple[Pair, dict[TensorRef, Sight]]], known: Known
) -> FieldColumns:
    """Columns of one operation for the first of the images (height and width, sights) that reaches it.

    ``known`` remembers the columns of rows that do not subsample: an activation or a normalisation
    passes the very field of its input on.
    """
    output = TensorRef(operation.index)
    for (height, width), sights in images:
        sight = sights.get(output)
        if sight is None:
            continue
        before = next(sights[reference] for reference in operation.inputs if reference in sights)
        strict, local = sight.strict, sight.local
        shape = operation.outputs[0].shape
        key = (id(strict), id(local), shape)
        if before.local is local and key in known:
            return known[key]
        stride = _stride(local)
        own, image = (
            (None, None) if before.local is local else aliasing_frequency(_stride(before.local), stride)
        )
        spread = local.h.lo.size > 1 or local.w.lo.size > 1
        size = _size(strict)
        columns = FieldColumns(
            channels=_channels(shape, local),
            map_size=_map_size(shape, local),
            spread=spread,
            receptive_field=size,
            local_receptive_field=size if local is strict else _size(local),
            whole_input=strict.sees_whole(height, width),
            effective_stride=stride,
            effective_padding=None if stride is None else _padding(local),
            aliasing_frequency=own,
            aliasing_frequency_image=image,
            status=strict.status,
            reason=strict.reason,
            field=strict,
            local_field=local,
        )
        if own is None and image is None:
            known[key] = columns
        return columns
    return FieldColumns()


def stages(columns: Sequence[FieldColumns], computes: Sequence[bool]) -> list[str]:
    """Name the stage of each row: the map size that it works at ("56x56"), or "head" after the last map.

    A global gate (1 x 1), a row without a map of its own and one that only moves values about
    (``computes`` is False) belong to the stage that they stand in.
    """
    last = max((index for index, column in enumerate(columns) if column.spread), default=-1)
    labels: list[str] = []
    current = ""
    for index, column in enumerate(columns):
        size = column.map_size
        if computes[index] and column.spread and size is not None and size != (1, 1):
            current = f"{size[0]}x{size[1]}"
        labels.append(current if index <= last else HEAD)
    first = next((label for label in labels if label), HEAD)
    return [label or first for label in labels]


def _size(field: ReceptiveField) -> Pair | None:
    """Size on an unbounded input where the units form a lattice, else the largest on this input."""
    if not field.h.lo.size or not field.w.lo.size:
        return None
    sizes = [axis.lattice.size if axis.lattice is not None else axis.largest for axis in (field.h, field.w)]
    return (sizes[0], sizes[1]) if min(sizes) > 0 else None


def _stride(field: ReceptiveField) -> Stride | None:
    h = field.h.lattice.stride if field.h.lattice is not None else None
    w = field.w.lattice.stride if field.w.lattice is not None else None
    return None if h is None or w is None else (h, w)


def _padding(field: ReceptiveField) -> Pair | None:
    h, w = (axis.lattice.padding if axis.lattice is not None else None for axis in (field.h, field.w))
    return (h, w) if h is not None and w is not None else None


def _map_size(shape: tuple[int, ...], field: ReceptiveField) -> Pair | None:
    if field.h.dim is not None and field.w.dim is not None:
        return shape[field.h.dim], shape[field.w.dim]
    if len(shape) == 4 and shape[2:] == (1, 1):
        return 1, 1
    return None


def _channels(shape: tuple[int, ...], field: ReceptiveField) -> int | None:
    """Channels of a map (the dimension beside batch, rows and columns), features of anything else."""
    dims: list[AxisField] = [field.h, field.w]
    spatial = {axis.dim for axis in dims}
    if None in spatial:
        if len(shape) == 4 and shape[2:] == (1, 1):
            return shape[1]
        return shape[-1] if len(shape) in (2, 3) else None
    others = [size for dim, size in enumerate(shape) if dim not in spatial and dim > 0]
    return others[0] if len(others) == 1 else None
