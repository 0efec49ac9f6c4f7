"""The tables hold what the report holds, in columns of the right type."""

from __future__ import annotations

import pandas as pd
import pytest
import torch
from torch import nn

import models
from analysis import Report, analyze
from analysis.reconciliation import reconcile
from analysis.tables import comparison_table, layer_table, module_table, reconciliation_table, stage_table


@pytest.fixture(scope="module")
def alexnet() -> Report:
    """AlexNet at the size of its card."""
    return analyze(models.build("alexnet"), (3, 224, 224), name="alexnet")


def test_layer_table_of_alexnet(alexnet: Report) -> None:
    """The convolutions and linear layers of AlexNet with the counts that follow from its paper's table."""
    table = layer_table(alexnet)
    weighted = table[table["params"] > 0].set_index("name")
    # outputs x (in / groups) x kernel: 55^2*64*3*121, 27^2*192*64*25, 13^2*384*192*9, ...
    macs = [
        55**2 * 64 * 3 * 121, 27**2 * 192 * 64 * 25, 13**2 * 384 * 192 * 9, 13**2 * 256 * 384 * 9,
        13**2 * 256 * 256 * 9, 9216 * 4096, 4096 * 4096, 4096 * 1000,
    ]  # fmt: skip
    assert weighted["macs"].tolist() == macs
    assert weighted["params"].tolist() == [
        64 * 3 * 121 + 64, 192 * 64 * 25 + 192, 384 * 192 * 9 + 384, 256 * 384 * 9 + 256, 256 * 256 * 9 + 256,
        9216 * 4096 + 4096, 4096 * 4096 + 4096, 4096 * 1000 + 1000,
    ]  # fmt: skip
    first = table.iloc[0]
    assert first[["name", "output_shape", "inputs"]].tolist() == ["features.0", "1x64x55x55", "-1"]
    assert first["attributes"].startswith("kernel 11x11, stride 4x4, padding 2x2")
    # kernel 11, stride 4, padding 2: aliases above 1/(2*4) cycles per pixel
    assert first[["receptive_field_h", "effective_stride_h", "effective_padding_h"]].tolist() == [11, 4, 2]
    assert first["aliasing_frequency_image_h"] == 1 / 8


@pytest.mark.parametrize("name", ["resnet18", "vit_b_32", "googlenet"])
def test_columns_add_up_in_every_table(name: str) -> None:
    """Layers, the first line of the modules, their first level and the stages add up to the totals."""
    report = analyze(models.build(name), models.card(name).input_shape)
    totals = report.totals
    layers, modules, stages = layer_table(report), module_table(report), stage_table(report)
    for column, total in (("macs", totals.macs), ("activation_bytes", totals.activation_bytes)):
        assert layers[column].sum() == stages[column].sum() == modules[column].iloc[0] == total
    assert layers["params"].sum() == stages["params"].sum() == totals.params - totals.unused_params
    assert modules["params"].iloc[0] == totals.params
    assert (layers["flops"] == 2 * layers["macs"]).all()
    depth_one = module_table(report, 1)
    assert depth_one["depth"].tolist() == [0] + [1] * (len(depth_one) - 1)


def test_whole_numbers_stay_whole_where_some_are_missing() -> None:
    """A ViT's tokens have no map: height and width are missing there, and integers elsewhere."""
    table = layer_table(analyze(models.build("vit_b_32"), (3, 224, 224)))
    assert table["height"].isna().any()
    assert str(table["height"].dtype) == str(table["macs"].dtype) == "Int64"
    assert table["height"].iloc[0] == 7


def test_unknown_cost_is_missing_and_not_zero() -> None:
    """An operator whose cost is not known leaves an empty cell, and the totals are a bound."""

    class Spectral(nn.Module):
        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return torch.linalg.svdvals(image)

    report = analyze(Spectral(), (3, 8, 8))
    table = layer_table(report)
    assert pd.isna(table["macs"].iloc[-1])
    assert "linalg_svd" in table["reason"].iloc[-1]
    assert report.totals.macs_status == "bound"


def test_comparison_has_a_column_a_report_and_ratios_to_the_first(alexnet: Report) -> None:
    """VGG-16 has 138,357,544 / 61,100,840 times AlexNet's parameters."""
    vgg = analyze(models.build("vgg16"), (3, 224, 224), name="vgg16")
    table = comparison_table([alexnet, vgg])
    assert list(table.columns) == ["quantity", "alexnet", "vgg16", "vgg16 / alexnet"]
    lines = {quantity: values for quantity, *values in table.itertuples(index=False)}
    assert lines["params"] == [61_100_840, 138_357_544, 138_357_544 / 61_100_840]
    assert lines["receptive_field_h"][:2] == [195, 212]


def test_comparison_tells_sizes_of_one_model_apart(alexnet: Report) -> None:
    """Reports of one name carry their input in the column's name."""
    smaller = analyze(models.build("alexnet"), (3, 128, 96), name="alexnet")
    assert list(comparison_table([alexnet, smaller]).columns)[1:3] == [
        "alexnet 3x224x224",
        "alexnet 3x128x96",
    ]


def test_nothing_to_compare_is_a_sentence() -> None:
    """An empty comparison raises ValueError."""
    with pytest.raises(ValueError, match="nothing to compare"):
        comparison_table([])


def test_reconciliation_table_shows_each_part(alexnet: Report) -> None:
    """fvcore counts 9,216 adaptive-pooling inputs (256 * 6 * 6) beside AlexNet's MACs, and nothing else."""
    table = reconciliation_table(reconcile(alexnet, models.build("alexnet"), published_params=61_100_840))
    assert table["witness"].tolist() == [
        "ConvScope", "fvcore", "fvcore: adaptive_avg_pool2d", "torch.utils.flop_counter", "ConvScope", "published",
    ]  # fmt: skip
    assert table["difference"].dropna().tolist() == [256 * 6 * 6, 256 * 6 * 6, 0, 0]
