"""Invariants of every report of the zoo: rows sum to totals, and totals to each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torchvision.models as torchvision_models
from torch import Tensor, nn

import models
from analysis import Report, analyze

SUMMED = ("params", "trainable_params", "buffers", "param_bytes", "macs", "activation_bytes")


@pytest.mark.parametrize("name", models.names("torchvision"))
def test_rows_modules_and_stages_sum_to_the_totals(name: str, zoo_report: Callable[[str], Report]) -> None:
    """Nothing is counted twice and nothing is lost, at any level."""
    report = zoo_report(name)
    totals, rows = report.totals, report.rows
    model = models.build(name)
    assert totals.params == sum(p.numel() for p in model.parameters())
    assert totals.buffers == sum(b.numel() for b in model.buffers())
    assert totals.param_bytes == sum(p.numel() * p.element_size() for p in model.parameters())
    assert totals.buffer_bytes == sum(b.numel() * b.element_size() for b in model.buffers())
    unused = sum(record.elements for record in report.unused)
    assert totals.unused_params == unused
    assert sum(row.params for row in rows) == totals.params - unused
    assert sum(row.macs or 0 for row in rows) == totals.macs
    assert sum(row.activation_bytes for row in rows) == totals.activation_bytes
    assert max(row.live_bytes for row in rows) == totals.peak_live_bytes == rows[totals.peak_row].live_bytes
    assert [row.index for row in rows] == list(range(len(rows)))
    assert len({row.name for row in rows}) == len(rows)
    assert all(source < row.index for row in rows for source in row.inputs)
    for column in SUMMED:
        in_rows = sum(getattr(row, column) or 0 for row in rows if hasattr(row, column))
        assert sum(getattr(stage, column) for stage in report.stages) == in_rows


@pytest.mark.parametrize("name", models.names("torchvision"))
def test_each_module_holds_what_its_children_hold_and_its_own(
    name: str, zoo_report: Callable[[str], Report]
) -> None:
    """A module's total is its own rows and parameters and the totals of the modules one level below."""
    report = zoo_report(name)
    model = models.build(name)
    by_name = {total.name: total for total in report.modules}
    assert list(by_name) == [path for path, _ in model.named_modules()]
    assert by_name[""].macs == report.totals.macs
    assert by_name[""].rows == len(report.rows)
    for path, module in model.named_modules():
        total = by_name[path]
        prefix = f"{path}." if path else ""
        children = [by_name[prefix + child] for child, _ in module.named_children()]
        own_rows = [row for row in report.rows if row.module_path == path]
        assert total.depth == (path.count(".") + 1 if path else 0)
        assert total.rows == len(own_rows) + sum(child.rows for child in children)
        assert total.macs == sum(row.macs or 0 for row in own_rows) + sum(child.macs for child in children)
        assert total.params == sum(p.numel() for p in module.parameters())
        assert total.buffers == sum(b.numel() for b in module.buffers())
        assert total.activation_bytes == sum(row.activation_bytes for row in own_rows) + sum(
            child.activation_bytes for child in children
        )


@pytest.mark.parametrize(
    ("name", "size"),
    [("alexnet", 127), ("resnet18", 65), ("googlenet", 64), ("densenet121", 64), ("mobilenet_v3_small", 64),
     ("shufflenet_v2_x0_5", 64), ("convnext_tiny", 64), ("swin_t", 64), ("efficientnet_b0", 67)],
)  # fmt: skip
def test_shapes_are_those_that_real_modules_see(name: str, size: int) -> None:
    """Forward hooks on the real network: each call of a leaf module gives the shape of its row."""
    quick = {"init_weights": False} if name == "googlenet" else {}
    model = torchvision_models.get_model(name, weights=None, **quick).eval()
    report = analyze(model, (3, size, size))
    seen: list[tuple[str, tuple[int, ...], tuple[int, ...]]] = []

    def hook_for(path: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            seen.append((path, tuple(inputs[0].shape), tuple(output.shape)))

        return hook

    counted = (
        nn.Conv2d,
        nn.Linear,
        nn.BatchNorm2d,
        nn.MaxPool2d,
        nn.AvgPool2d,
        nn.AdaptiveAvgPool2d,
        nn.ReLU,
    )
    paths = {path for path, module in model.named_modules() if isinstance(module, counted)}
    for path in paths:
        model.get_submodule(path).register_forward_hook(hook_for(path))
    with torch.inference_mode():
        model(torch.zeros(1, 3, size, size))
    rows = [row for row in report.rows if row.module_path in paths]
    assert [(row.module_path, row.input_shapes[0], row.output_shape) for row in rows] == seen
