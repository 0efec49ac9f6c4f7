from __future__ import annotations

import pytest
import torch

import models
from analysis import analyze
from analysis.clean_units import clean_units, common_units, left_after
from analysis.feature_maps import feature_maps
from models.initialised import build_initialised


# i J - P >= 0 and i J - P + r - 1 <= 223. Third convolution: J 16, P 34, r 99: i >= 2.1 and i <= 9.9.
# First: J 4, P 2, r 11: i >= 0.5 and i <= 53.75. The last pooling (r 195): i >= 2.06 and i <= 2.97.
@pytest.mark.parametrize(
    ("name", "units"), [("features.0", (1, 54)), ("features.6", (3, 10)), ("features.12", None)]
)
def test_alexnet(name: str, units: tuple[int, int] | None) -> None:
    """From 1 to 53, from 3 to 9, and none in the last map."""
    row = next(row for row in analyze(models.build("alexnet"), (3, 224, 224)).rows if row.name == name)
    assert clean_units(row, (224, 224)) == (None if units is None else (units, units))


def test_they_do_not_depend_on_where_the_image_is_cut() -> None:
    """What clean units compute is the same in a window of a larger picture; their neighbours differ."""
    network = build_initialised("resnet18")
    row = next(row for row in analyze(network, (3, 160, 160)).rows if row.name == "layer2.1.relu:2")
    found = clean_units(row, (160, 160))
    assert found == ((7, 14), (7, 14))  # J 8, P 49, r 99: 56 - 49 >= 0, and 13 * 8 - 49 + 98 = 153 <= 159
    picture = torch.randn(1, 3, 176, 176, generator=torch.Generator().manual_seed(0))
    first, moved = (
        feature_maps(network, picture[:, :, at : at + 160, at : at + 160], [row.index])[row.index][0]
        for at in (0, 16)
    )
    assert torch.allclose(first[:, 9:14, 9:14], moved[:, 7:12, 7:12], atol=1e-5)
    assert not torch.allclose(first[:, 2:7, 2:7], moved[:, 0:5, 0:5], atol=1e-3)


def test_units_of_two_networks() -> None:
    """The clean ones of both, and how many are left to compare after a shift."""
    assert common_units(((1, 10), (2, 8)), ((3, 12), (0, 7))) == ((3, 10), (2, 7))
    assert common_units(((1, 3), (1, 3)), ((5, 8), (1, 3))) is None
    assert common_units(None, ((5, 8), (1, 3))) is None
    row = next(
        row for row in analyze(models.build("alexnet"), (3, 224, 224)).rows if row.name == "features.6"
    )
    assert row.effective_stride is not None
    assert left_after(((3, 10), (3, 9)), row.effective_stride, 32) == 4
    assert left_after(None, row.effective_stride, 32) == 0
