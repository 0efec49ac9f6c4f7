"""The spectra before and after every subsampling of a network beside one plain forward pass, in turns.

    python benchmarks/spectra.py [--model resnet50] [--size 224] [--repeats 9]

The measurement holds a forward pass that is followed row by row, every strided layer once more at stride 1
(S² times its work), and the Fourier transforms of what they read and sample. The aim is 1.5 forward passes
and a second. Figures are medians of wall-clock and processor time.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import torch

import models
from analysis import analyze
from analysis.measured_aliasing import measured_aliasing
from benchmarks.measuring import interleaved_ms, medians
from models.initialised import build_initialised
from ui.model_input import normalised, square
from ui.picture_file import shipped

AIM_PASSES = 1.5
AIM_S = 1.0


def main() -> None:
    """Measure and print."""
    options = _options()
    card = models.card(options.model)
    model = build_initialised(options.model, options.size if card.size_step else None)
    report = analyze(
        models.build(options.model, options.size), (card.input_shape[0], options.size, options.size)
    )
    image = normalised(square(shipped("bricks").pixels, options.size), card)

    def plain() -> None:
        with torch.inference_mode():
            model(image)

    def spectra() -> None:
        for layer in measured_aliasing(report, model, image):
            if layer.spectrum is not None:
                _ = layer.spectrum.curves

    calls = {"forward pass": plain, "spectra": spectra}
    interleaved_ms(calls, 1)  # warms up
    wall = medians(interleaved_ms(calls, options.repeats))
    processor = medians(interleaved_ms(calls, options.repeats, time.process_time))
    print(
        f"{options.model} at {options.size} x {options.size}; torch {torch.__version__}, {platform.machine()}, "
        f"{os.cpu_count()} cores, {torch.get_num_threads()} threads; medians of {options.repeats}"
    )
    print(f"{'':16}{'wall (s)':>10}{'processor (s)':>15}")
    for name in calls:
        print(f"{name:16}{wall[name] / 1000:>10.3f}{processor[name] / 1000:>15.3f}")
    aim = AIM_PASSES * wall["forward pass"] / 1000 + AIM_S
    found = wall["spectra"] / 1000
    verdict = "met" if found <= aim else "missed"
    print(f"aim: {AIM_PASSES} forward passes + {AIM_S:g} s = {aim:.3f} s: {verdict} ({found:.3f} s)")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="resnet50", help="a name of the zoo (default resnet50)")
    parser.add_argument("--size", type=int, default=224, help="height and width of the picture (default 224)")
    parser.add_argument("--repeats", type=int, default=9, help="measurements of each (default 9)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
