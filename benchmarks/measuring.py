"""Interleaved timing in one process, and peak memory in fresh ones."""

from __future__ import annotations

import gc
import math
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]


def interleaved_ms(
    calls: Mapping[str, Callable[[], None]], repeats: int, clock: Callable[[], float] = perf_counter
) -> dict[str, list[float]]:
    """Milliseconds of each call, taken in turns, so that a slow moment of the machine hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(repeats):
        for name, call in calls.items():
            gc.collect()
            start = clock()
            call()
            times[name].append(1000 * (clock() - start))
    return times


def medians(times: dict[str, list[float]]) -> dict[str, float]:
    """The median of each list."""
    return {name: median(values) for name, values in times.items()}


def geometric_mean(values: Iterable[float]) -> float:
    """The mean for ratios: geometric_mean([0.5, 2.0]) == 1.0."""
    logarithms = [math.log(value) for value in values]
    return math.exp(sum(logarithms) / len(logarithms))


def log_log_slope(sizes: list[int], times: list[float]) -> float:
    """Least-squares slope of log(time) over log(size): 1 is linear growth."""
    x = [math.log(size) for size in sizes]
    y = [math.log(time) for time in times]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / sum(
        (a - mean_x) ** 2 for a in x
    )


_MEMORY_SCRIPT = """
import gc, os, resource, sys
from benchmarks.contenders import ON_CPU, ON_META, subject
import fvcore.nn, torchinfo
name, contender = sys.argv[1:]
def peak():
    # On Linux a new process inherits the ru_maxrss of the one that started it; VmHWM is its own.
    if os.path.exists("/proc/self/status"):
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
def forget_peak():
    # Memory that imports have used and given back would hide what comes. Linux can start the peak anew.
    gc.collect()
    if os.path.exists("/proc/self/clear_refs"):
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    return peak()
warm = subject("alexnet")
if contender in ON_META:
    ON_META[contender](warm.meta, warm.shape)
    start = forget_peak()
    this = subject(name)
    built = peak()
    ON_META[contender](this.meta, this.shape)
else:
    from torch import nn
    small = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())
    ON_CPU[contender](small, (3, 8, 8))
    start = forget_peak()
    this = subject(name)
    model = this.build_real()
    built = peak()
    ON_CPU[contender](model, this.shape)
print(built - start, peak() - start)
"""


def peak_memory_bytes(name: str, contender: str) -> tuple[int, int]:
    """Growth of the peak memory of a fresh process: by building the model, and in all after the call.

    What comes before (imports, a first small call) is not counted.
    """
    found = subprocess.run(
        [sys.executable, "-c", _MEMORY_SCRIPT, name, contender],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    built, total = map(int, found.stdout.split()[-2:])
    return built, total
