"""The run of a shift test on the Aliasing page: a button, its progress, and what this visit has run before."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

import models
from ui import cache, model_input
from ui.aliasing_blur import Blurs, report_after
from ui.messages import attempt
from ui.real_models import real_model

if TYPE_CHECKING:
    from torch import nn

    from analysis.clean_units import Units
    from analysis.records import Report, Row
    from analysis.shift_test import Output, Progress, ShiftTest
    from ui.picture_file import Picture

AS_IT_IS, BLURRED = "as it is", "with blurs"
SCORES = "scores"
MAP = "map"
_KEPT = "aliasing_shift.kept"
_MOST_KEPT = 16
_BATCH_BYTES = 256 * 2**20
_LARGEST_BATCH = 8
_FEWEST_UNITS = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides a shift test. ``layer`` is a row's name or "scores"; ``moves`` a path of the window, or "map"."""

    name: str
    size: int
    weights: str
    picture: str
    layer: str
    wraps: bool
    blurs: Blurs
    moves: str


def layers(name: str, size: int, blurs: Blurs) -> dict[str, Units | None]:
    """The last map of each size whose units form a grid on the image, by its row's name, with its clean units.

    Clean are those that see no padding, with and without blurs; None where too few are left to be compared after
    the furthest shift. The deepest map that has them comes first, then all others from the deepest on.
    """
    report = cache.report(name, size)
    found: dict[str, Row] = {}
    for row in report.rows:
        is_map = row.map_size is not None and row.effective_stride is not None and len(row.output_shape) == 4
        if is_map and row.kind != "reshape":
            found[row.stage] = row
    clean = {
        row.name: _clean(row, report, report_after(name, size, blurs)) for row in reversed(found.values())
    }
    best = next((name for name, units in clean.items() if units is not None), None)
    return clean if best is None else {best: clean[best]} | clean


def _clean(row: Row, report: Report, blurred: Report) -> Units | None:
    from analysis import clean_units, shift_test
    from analysis.row_counterpart import counterpart

    height, width = report.input_shapes[0][1:]
    both = [clean_units.clean_units(r, (height, width)) for r in (row, counterpart(row, report, blurred))]
    units = clean_units.common_units(*both)
    assert row.effective_stride is not None
    left = clean_units.left_after(units, row.effective_stride, shift_test.FURTHEST)
    return units if left >= _FEWEST_UNITS else None


def kept(settings: Settings) -> Mapping[str, ShiftTest] | None:
    """What a run with these settings gave in this visit; None before the first."""
    return _all_kept().get(settings)


def run_button(settings: Settings, picture: Picture, label: str) -> Mapping[str, ShiftTest] | None:
    """A button that runs the test for both networks; what it gave, by :data:`AS_IT_IS` and :data:`BLURRED`.

    None before the first run. The test runs within this run of the script: Stop, another setting, another page or
    a closed tab ends it at its next report, and nothing is kept of it.
    """
    place = st.empty()
    before = kept(settings)
    if before is not None:
        return before
    if not place.button(label, key=f"aliasing_shift_{settings.moves == MAP}", icon=":material/play_arrow:"):
        return None
    with place.container(horizontal=True, vertical_alignment="center"):
        st.button("Stop", key=f"aliasing_shift_stop_{settings.moves == MAP}", icon=":material/stop:")
        progress = st.progress(0.0, "Building the networks ...")
    found = attempt(_run, settings, picture, progress)
    if found is not None:
        tests = _all_kept()
        tests[settings] = found
        while len(tests) > _MOST_KEPT:
            del tests[next(iter(tests))]
        st.rerun()
    place.empty()
    return None


def _all_kept() -> dict[Settings, Mapping[str, ShiftTest]]:
    found: dict[Settings, Mapping[str, ShiftTest]] = st.session_state.setdefault(_KEPT, {})
    return found


def _run(
    settings: Settings, picture: Picture, progress: st.delta_generator.DeltaGenerator
) -> dict[str, ShiftTest]:
    """Run the test on both networks while ``progress`` shows how far it is."""
    from analysis.shift_test import Progress

    found: dict[str, ShiftTest] = {}
    networks = _networks(settings)
    for number, (name, (network, report)) in enumerate(networks.items()):
        with closing(_test(settings, picture, network, report)) as reports:
            for step in reports:
                if isinstance(step, Progress):
                    part = (number + step.done / step.total) / len(networks)
                    progress.progress(part, f"Network {name}: {step.done} of {step.total} windows")
                else:
                    found[name] = step
    return found


def _networks(settings: Settings) -> dict[str, tuple[nn.Module, Report]]:
    """Both networks with their reports; raises ValueError where one cannot be built or cannot wrap around."""
    from analysis import analyze
    from models.blur_pooling import blur_pooling
    from models.circular_padding import with_circular_padding

    shape = _shape(settings)
    model = real_model(settings.name, settings.size, settings.weights)
    blurs = settings.blurs
    networks = {
        AS_IT_IS: model,
        BLURRED: blur_pooling(model, blurs.taps, shape, keep_first=blurs.keep_first).model,
    }
    if settings.wraps:
        networks = {name: with_circular_padding(network, shape) for name, network in networks.items()}
    return {name: (network, analyze(network, shape)) for name, network in networks.items()}


def _test(
    settings: Settings, picture: Picture, network: nn.Module, report: Report
) -> Generator[Progress | ShiftTest, None, None]:
    """The shift test of one network."""
    from analysis import shift_test

    room = 0 if settings.wraps else shift_test.FURTHEST
    pixels = model_input.square(picture.pixels, settings.size + room)
    yield from shift_test.shift_test(
        network,
        model_input.normalised(pixels, models.card(settings.name)),
        shift_test.over_grid() if settings.moves == MAP else shift_test.along(settings.moves),
        _output(settings, report),
        size=(settings.size, settings.size),
        wraps=settings.wraps,
        batch=max(1, min(_LARGEST_BATCH, _BATCH_BYTES // max(1, report.totals.activation_bytes))),
    )


def _output(settings: Settings, report: Report) -> Output:
    """The chosen layer in a network that may have been changed."""
    from analysis.row_counterpart import counterpart
    from analysis.shift_test import Output

    scores = report.trace.outputs[0].operation
    if settings.layer == SCORES:
        return Output(scores, scores, None, None)
    original = cache.report(settings.name, settings.size)
    row = next(row for row in original.rows if row.name == settings.layer)
    units = layers(settings.name, settings.size, settings.blurs)[settings.layer]
    return Output(counterpart(row, original, report).index, scores, row.map_size, row.effective_stride, units)


def _shape(settings: Settings) -> tuple[int, int, int]:
    return models.card(settings.name).input_shape[0], settings.size, settings.size
