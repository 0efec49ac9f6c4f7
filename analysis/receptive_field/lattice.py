"""Which input coordinates the units of one axis see on an unbounded input.

A lattice is the arithmetic of a receptive field: unit ``i`` sees an interval of the input, and the
interval moves by a constant when ``i`` does. Upsampling and transposed convolution make that
constant depend on ``i`` modulo a period, so the pattern is kept for each phase; for ordinary
networks the period is 1. Definitions follow Araujo, Norris and Sim (Distill 2019,
doi 10.23915/distill.00021): size, effective stride and effective padding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Lattice:
    """Unit ``q * period + phase`` sees ``[start + q * step, stop + q * step]`` of its phase.

    A phase whose interval is None sees nothing (a hole of a strided transposed convolution). A
    ``step`` of 0 means one value for the whole axis, as after global pooling.
    """

    step: int
    phases: tuple[Interval | None, ...]

    @property
    def size(self) -> int:
        """Receptive field in input samples: the longest interval of any phase (0 if nothing is seen)."""
        if len(self.phases) == 1 and self.phases[0] is not None:
            start, stop = self.phases[0]
            return stop - start + 1
        return max((stop - start + 1 for start, stop in self._seen()), default=0)

    @property
    def stride(self) -> Fraction | None:
        """Effective stride in input samples a unit; None when there is one value for the whole axis."""
        return _fraction(self.step, len(self.phases)) if self.step else None

    @property
    def padding(self) -> int | None:
        """Effective padding: how far left of the input the first unit's field starts."""
        first = self.phases[0] or next(iter(self._seen()), None)
        return None if first is None else -first[0]

    def interval(self, unit: int) -> Interval | None:
        """Input coordinates, first and last, that a unit sees; they may lie outside the input."""
        turn, phase = divmod(unit, len(self.phases))
        seen = self.phases[phase]
        return None if seen is None else (seen[0] + turn * self.step, seen[1] + turn * self.step)

    def window(self, kernel: int, stride: int, padding: int, dilation: int = 1) -> Lattice:
        """Lattice after a window slides over it: IDENTITY.window(11, 4, 2).size == 11."""
        if len(self.phases) == 1 and self.phases[0] is not None:
            start, stop = self.phases[0]
            return Lattice(
                self.step * stride,
                ((start - padding * self.step, stop + (dilation * (kernel - 1) - padding) * self.step),),
            )
        return self.through(
            stride,
            lambda unit: range(
                unit * stride - padding, unit * stride - padding + dilation * kernel, dilation
            ),
        )

    def transposed_window(self, kernel: int, stride: int, padding: int, dilation: int = 1) -> Lattice:
        """Lattice after a transposed convolution: output i hears input t when i + p = s t + d u."""

        def sources(unit: int) -> list[int]:
            offsets = (unit + padding - dilation * tap for tap in range(kernel))
            return [offset // stride for offset in offsets if offset % stride == 0]

        return self.through(Fraction(1, stride), sources)

    def collapsed(self, units: int) -> Lattice:
        """Lattice of one value that sees all of the first ``units`` units."""
        period = len(self.phases)
        ends = {*range(min(period, units)), *range(max(0, units - period), units)}
        seen = [interval for interval in map(self.interval, ends) if interval is not None]
        if not seen:
            return Lattice(0, (None,))
        return Lattice(0, ((min(start for start, _ in seen), max(stop for _, stop in seen)),))

    def union(self, other: Lattice) -> Lattice | None:
        """Lattice of a merge of two paths; None when their strides disagree."""
        if self == other:
            return self
        mine, theirs = len(self.phases), len(other.phases)
        if self.step * theirs != other.step * mine:
            return None
        period = lcm(mine, theirs)
        phases = tuple(_hull((self.interval(unit), other.interval(unit))) for unit in range(period))
        return Lattice(self.step * (period // mine), phases)._reduced()

    def through(self, stride: int | Fraction, sources: Callable[[int], Iterable[int]]) -> Lattice:
        """Lattice of units that read the given units of this one; one unit on is ``stride`` units on."""
        stride = Fraction(stride)
        period = len(self.phases)
        # The new period is the least number of outputs that moves the source by whole periods.
        new_period = (period * stride.denominator) // gcd(period * stride.denominator, stride.numerator)
        step = self.step * (new_period * stride / period)
        phases = tuple(_hull(self.interval(source) for source in sources(unit)) for unit in range(new_period))
        return Lattice(int(step), phases)._reduced()

    def _reduced(self) -> Lattice:
        """The same lattice with its shortest period."""
        period = len(self.phases)
        for shorter in range(1, period):
            if period % shorter or (self.step * shorter) % period:
                continue
            candidate = Lattice(self.step * shorter // period, self.phases[:shorter])
            if all(candidate.interval(unit) == self.phases[unit] for unit in range(period)):
                return candidate
        return self

    def _seen(self) -> Iterable[Interval]:
        return (interval for interval in self.phases if interval is not None)


@lru_cache(maxsize=256)
def _fraction(numerator: int, denominator: int) -> Fraction:
    return Fraction(numerator, denominator)


def _hull(intervals: Iterable[Interval | None]) -> Interval | None:
    seen = [interval for interval in intervals if interval is not None]
    return (min(start for start, _ in seen), max(stop for _, stop in seen)) if seen else None


IDENTITY = Lattice(1, ((0, 0),))
