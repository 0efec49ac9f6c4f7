"""The largest models of the zoo, analysed in a fresh process: no memory for their weights."""

from __future__ import annotations

import subprocess
import sys

import pytest

import models

# On Linux a new process inherits the ru_maxrss of the one that started it; VmHWM is its own peak.
ANALYSE = """
import os, resource, sys, models, torch, torchvision
from analysis import analyze

def peak():
    if os.path.exists("/proc/self/status"):
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

analyze(models.build("alexnet"), (3, 224, 224))
before = peak()
name = sys.argv[1]
report = analyze(models.build(name), models.card(name).input_shape)
after = peak()
print(after - before, report.totals.params, report.totals.param_bytes)
"""


@pytest.mark.parametrize(
    ("name", "params"),
    # torchvision's num_params; in float32 2.5 GB each
    [("vit_h_14", 632_045_800), ("regnet_y_128gf", 644_812_894)],
)
def test_memory_of_an_analysis(name: str, params: int) -> None:
    """Building and analysing a model whose weights take 2.5 GB needs less than 300 MB more."""
    pytest.importorskip("resource")
    assert models.card(name).params == params
    found = subprocess.run([sys.executable, "-c", ANALYSE, name], capture_output=True, text=True, check=True)
    growth, counted, param_bytes = map(int, found.stdout.split())
    growth_bytes = growth if sys.platform == "darwin" else growth * 1024
    assert growth_bytes < 300e6
    assert (counted, param_bytes) == (params, 4 * params)
