"""Picking channels of a tensor whose channels see different things.

A map's field is the union over its channels. That is too much for a part of the channels when they
were concatenated from branches, so the sight of a concatenation can tell its channels apart
(:attr:`~analysis.receptive_field.call.Sight.by_channel`), and is asked to when some of them are picked.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.receptive_field.call import AxisRule, Sight
from analysis.receptive_field.field import AxisField, ReceptiveField

_UNEVEN = "its channels come from branches that see different things"


def picked(sight: Sight, rule: AxisRule, reason: str = "") -> Sight:
    """Sight after a rule that picks some units along one dimension: a slice, a split, a selection."""
    joint = sight.mapped(rule, reason)
    if joint.by_channel is None:
        return joint
    piece = joint.by_channel()
    strict = _hull(piece.strict, joint.strict)
    local = strict if piece.local is piece.strict else _hull(piece.local, joint.local)
    return Sight(strict, local, lambda: piece)


def _hull(piece: ReceptiveField, joint: ReceptiveField) -> ReceptiveField:
    """Union over the channels of a piece, in the form of the union over all channels."""
    h, w = _axis_hull(piece.h, joint.h), _axis_hull(piece.w, joint.w)
    if h is joint.h and w is joint.w:
        return joint
    return replace(joint, h=h, w=w, reason=joint.reason or _UNEVEN)


def _axis_hull(piece: AxisField, joint: AxisField) -> AxisField:
    """The field of the whole tensor if the piece sees as much; else without a lattice, which is not known."""
    dims = tuple(dim for dim, extent in enumerate(joint.lo.shape) if extent == 1)
    lo, hi = piece.lo.min(axis=dims, keepdims=True), piece.hi.max(axis=dims, keepdims=True)
    if np.array_equal(lo, joint.lo) and np.array_equal(hi, joint.hi):
        return joint
    return replace(joint, lo=lo, hi=hi, lattice=None)
