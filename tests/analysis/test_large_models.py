"""The largest models of the zoo, analysed in a fresh process: no memory for their weights."""

from __future__ import annotations

import subprocess
import sys

import pytest

import models

ANALYSE = """
import resource, sys, models, torch, torchvision
from analysis import analyze
analyze(models.build("alexnet"), (3, 224, 224))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
name = sys.argv[1]
report = analyze(models.build(name), models.card(name).input_shape)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
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
