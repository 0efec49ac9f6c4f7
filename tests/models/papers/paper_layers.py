"""Parameters and MACs of single layers by the paper's formulas, and the layers of an analysed network."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import models
from analysis import analyze
from analysis.records import Kind, Report


class Layer(NamedTuple):
    """A layer that multiplies or normalises: its parameters, its MACs and its output (channels, height, width)."""

    params: int
    macs: int
    output: tuple[int, ...]


def convolution(
    inputs: int, outputs: int, kernel: int, size: int, *, groups: int = 1, bias: bool = True
) -> Layer:
    """k k C_in / groups weights for each of C_out maps and one bias; each weight once a position."""
    weights = kernel * kernel * inputs // groups * outputs
    return Layer(weights + outputs * bias, weights * size * size, (outputs, size, size))


def normalisation(channels: int, size: int) -> Layer:
    """A scale and a shift a channel; no MACs by this project's convention."""
    return Layer(2 * channels, 0, (channels, size, size))


def normalised(inputs: int, outputs: int, kernel: int, size: int, groups: int = 1) -> list[Layer]:
    """A convolution without bias and the batch normalisation after it."""
    return [
        convolution(inputs, outputs, kernel, size, groups=groups, bias=False),
        normalisation(outputs, size),
    ]


def linear(inputs: int, outputs: int) -> Layer:
    """A weight for each pair and a bias for each output."""
    return Layer((inputs + 1) * outputs, inputs * outputs, (outputs,))


@cache
def report(name: str) -> Report:
    """The analysis of a historical model at its card's input shape."""
    return analyze(models.build(name), models.card(name).input_shape, name=name)


def layers(name: str) -> list[Layer]:
    """The layers of a historical model that multiply or normalise, in the order in which they run."""
    return layers_of(report(name))


def layers_of(found: Report) -> list[Layer]:
    """The same of any report; local response normalisation, which has no weights, is left out."""
    kinds = (Kind.CONVOLUTION, Kind.LINEAR, Kind.NORMALISATION)
    return [
        Layer(row.params, row.macs or 0, row.output_shape[1:])
        for row in found.rows
        if row.kind in kinds and not row.module_type.startswith("LocalResponseNorm")
    ]
