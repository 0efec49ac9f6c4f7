"""The effective receptive field beside plain forward and backward passes on the same images, in turns.

    python benchmarks/effective_field.py [--model resnet50] [--inputs 8] [--repeats 5]

The passes are those of the model as it is, on one image after the other, back to the pixels: what the
gradients alone cost. The measurement stops at its layer, which is the last before the head, and adds
the following of rows, the averages and the numbers. Figures are medians.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import torch

import models
from analysis import analyze
from analysis.effective_field import effective_fields, noise, unit_index
from analysis.effective_growth import stage_points
from analysis.field_measures import field_measures
from benchmarks.measuring import interleaved_ms, medians
from models.initialised import build_initialised

AIM_S = 3.0  # for ResNet-50 at 224 pixels


def main() -> None:
    """Measure and print."""
    options = _options()
    shape = models.card(options.model).input_shape
    model, images = build_initialised(options.model), noise(shape, options.inputs)
    report = analyze(models.build(options.model), shape)
    points = stage_points(report)

    def effective(count: int) -> None:
        units = {point.row.index: unit_index(point.row, point.unit) for point in points[-count:]}
        *_, fields = effective_fields(model, images, units)
        for point in points[-count:]:
            field_measures(fields[point.row.index], point.row, point.unit)

    def plain() -> None:
        for image in images.split(1):
            pixels = image.clone().requires_grad_()
            torch.autograd.grad(model(pixels).sum(), pixels)

    def build() -> None:
        build_initialised(options.model)

    calls = {
        "plain forward and backward": plain,
        "effective field of one unit": lambda: effective(1),
        f"of a unit in each of {len(points)} stages": lambda: effective(len(points)),
        "building the model": build,
    }
    interleaved_ms(calls, 1)  # warms up
    found = medians(interleaved_ms(calls, options.repeats))
    print(
        f"{options.model} at {'x'.join(map(str, shape))}, {options.inputs} images; torch {torch.__version__}, "
        f"{platform.machine()}, {os.cpu_count()} cores, {torch.get_num_threads()} threads; medians of {options.repeats}"
    )
    print(f"{'':36}{'seconds':>9}{'over plain':>12}")
    for name, milliseconds in found.items():
        print(
            f"{name:36}{milliseconds / 1000:9.2f}{milliseconds / found['plain forward and backward']:12.2f}"
        )
    seconds = (found["effective field of one unit"] + found["building the model"]) / 1000
    print(
        f"Building and one unit: {seconds:.2f} s, aim {AIM_S:g} s, {'met' if seconds <= AIM_S else 'MISSED'}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", default="resnet50", help="a model of the zoo (default resnet50)")
    parser.add_argument("--inputs", type=int, default=8, help="images to average over (default 8)")
    parser.add_argument("--repeats", type=int, default=5, help="timed calls of each (default 5)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
