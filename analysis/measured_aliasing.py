"""How much of what reaches each subsampling of a network lies above its limit, measured on one picture.

The limit f* = 1 / (2 S) says what cannot be kept. What is aliased is the energy that is there above f* at the moment
of sampling: in the map that the same row would give with stride 1 (:mod:`analysis.dense_sampling`). The row's
input tells less: a kernel may damp what is above f*, or not, and a maximum makes new frequencies. Its share is
given beside, as what the kernel starts from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from torch import Tensor, nn

from analysis.dense_sampling import DenseMap, dense_map, part_of
from analysis.feature_maps import RealCall, observed
from analysis.records import Pair, Report
from analysis.spectrum import SampledSpectrum, power, sampled, share_above
from analysis.subsampling import Subsampling, subsamplings
from analysis.subsampling_low_pass import LowPass

_NO_GRID = "the positions of its input lie along no two dimensions of the tensor"
_NO_DENSE_MAP = "what it samples cannot be computed at every place"
_NOTHING_DROPPED = "all values go on, in several maps: nothing is dropped"
_NO_WHOLE_STEP = "it does not keep every S-th value for a whole S"


@dataclass(frozen=True, slots=True, eq=False)
class LayerAliasing:
    """One subsampling on one picture.

    ``input_share`` is the share of its input's energy above f*, on the input's own grid, 0 to 1; ``spectrum`` that
    of the map which is sampled, from ``measured_channels`` of its ``channels``. What could not be measured is
    None for the ``reason``; a share of maps that are constant is None as well.
    """

    subsampling: Subsampling
    input_share: float | None = None
    spectrum: SampledSpectrum | None = None
    channels: int = 0
    measured_channels: int = 0
    reason: str = ""

    @property
    def share_above(self) -> float | None:
        """Share of the energy above f* in the map that is sampled: what folds."""
        return None if self.spectrum is None else self.spectrum.share_above

    @property
    def alias_share(self) -> float | None:
        """Energy of the difference that aliasing makes, by that of the subsampled map."""
        return None if self.spectrum is None else self.spectrum.alias_share


def measured_aliasing(
    report: Report, model: nn.Module, image: Tensor, *, windowed: bool = True
) -> tuple[LayerAliasing, ...]:
    """Measure every subsampling of the report's network on ``image`` (1, channels, height, width).

    ``model`` holds the weights of the same network and is not changed. ``windowed`` applies Hann's window to
    each map. Energies are without the mean and over all channels together. At most about 4 million values of
    a map are taken, from evenly spaced channels. Raises ValueError where the model has other rows.

    >>> shares = measured_aliasing(report, build_initialised("alexnet"), picture)
    >>> [layer.subsampling.name for layer in shares]
    ['features.0', 'features.2', 'features.5', 'features.12']
    """
    found = subsamplings(report)
    first = {entry.rows[0]: entry for entry in found}

    def keep(row: int, call: RealCall) -> LayerAliasing:
        return _measured(report, first[row], call, windowed=windowed)

    results = observed(model, image, list(first), keep)
    return tuple(results[entry.rows[0]] for entry in found)


def measured_table(layers: Iterable[LayerAliasing]) -> pd.DataFrame:
    """One line for each subsampling: name, S, shares of energy (0 to 1), channels measured and in all, the reason."""
    return pd.DataFrame(
        {
            "name": layer.subsampling.name,
            "factor_h": float(layer.subsampling.factor[0]),
            "factor_w": float(layer.subsampling.factor[1]),
            "share_above": layer.share_above,
            "input_share": layer.input_share,
            "alias_share": layer.alias_share,
            "measured_channels": layer.measured_channels,
            "channels": layer.channels,
            "reason": layer.reason,
        }
        for layer in layers
    )


def _measured(report: Report, entry: Subsampling, call: RealCall, *, windowed: bool) -> LayerAliasing:
    source = _maps(report, entry.source, call.first)
    if source is None:
        return LayerAliasing(entry, reason=_NO_GRID)
    read = part_of(source)
    spectrum = power(read.values.numpy(), windowed=windowed)
    steps = (float(entry.factor[0]), float(entry.factor[1]))
    input_share = share_above(spectrum, steps)
    if any(step.denominator > 1 for step in entry.factor):
        return LayerAliasing(entry, input_share, reason=_NO_WHOLE_STEP)
    if entry.low_pass is LowPass.ALL_PHASES:
        return LayerAliasing(entry, input_share, reason=_NOTHING_DROPPED)
    factor = (int(entry.factor[0]), int(entry.factor[1]))
    dense = _sliced(read, entry.phase) if entry.operator == "slice" else dense_map(call, factor)
    if dense is None:
        return LayerAliasing(entry, input_share, reason=_NO_DENSE_MAP)
    try:
        after = sampled(dense.values.numpy(), factor, windowed=windowed)
    except ValueError as error:
        return LayerAliasing(entry, input_share, reason=str(error))
    return LayerAliasing(entry, input_share, after, dense.channels, len(dense.values))


def _maps(report: Report, source: int, tensor: Tensor) -> Tensor | None:
    """A tensor as maps (channels, h, w), whatever its layout; None where its positions do not lie on a grid."""
    if source < 0:
        return tensor[0]
    field = report.rows[source].field
    if field is None or field.h.dim is None or field.w.dim is None:
        return None
    return tensor.movedim((field.h.dim, field.w.dim), (-2, -1)).flatten(0, -3).contiguous()


def _sliced(read: DenseMap, phase: Pair) -> DenseMap:
    """A map from the first value on that a slice keeps."""
    return DenseMap(read.values[:, phase[0] :, phase[1] :], read.channels)
