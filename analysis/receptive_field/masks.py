"""Rules for operators that let a mask decide what is read.

The values of a mask are not known to a trace without arithmetic, so a mask that does not depend on the
image makes what it covers an upper bound.
"""

from __future__ import annotations

from dataclasses import replace

from analysis.receptive_field.call import Call, Sight, met
from analysis.records import Status

HIDDEN = "a mask may hide a part of what is shown"


def masked(call: Call) -> list[Sight]:
    """Rule of ``where`` and ``masked_fill``."""
    sight = met(call.operands(), call.operation)
    mask = call.argument("condition", call.argument("mask"))
    return [sight if call.sight_of(mask) is not None else behind_mask(sight)]


def behind_mask(sight: Sight) -> Sight:
    """The same sight as an upper bound."""
    strict = replace(sight.strict, status=Status.BOUND, reason=HIDDEN)
    if sight.local is sight.strict:
        return Sight(strict, strict)
    return Sight(strict, replace(sight.local, status=Status.BOUND, reason=HIDDEN))
