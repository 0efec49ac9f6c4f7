"""Operators that few networks use: what is seen through them against the gradient of the real network."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional

from analysis import analyze
from analysis.records import Kind, Status


def seen(
    model: nn.Module, shape: tuple[int, int, int], index: tuple[int, ...]
) -> tuple[int, int, int, int] | None:
    """Box of the input pixels with a gradient from one value of the output: top, left, bottom, right."""
    image = torch.rand(1, *shape, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(model.double()(image)[index], image)
    rows, columns = (gradient[0].abs().sum(0) > 0).nonzero(as_tuple=True)
    if not len(rows):
        return None
    return int(rows.min()), int(columns.min()), int(rows.max()), int(columns.max())


class PooledByQuery(nn.Module):
    """A learned query attends to all patches (SigLIP's head): its output sees the whole image."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 4, 4)
        self.query = nn.Parameter(torch.rand(1, 1, 1, 8))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        tokens = self.patches(image).flatten(2).transpose(1, 2).unsqueeze(1)
        return functional.scaled_dot_product_attention(self.query, tokens, tokens)


class SlidingWindows(nn.Module):
    """Overlapping windows by Tensor.unfold, along both axes (HaloNet's keys)."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.convolution(image).unfold(2, 4, 2).unfold(3, 5, 3)


def test_a_learned_query_sees_the_whole_image() -> None:
    """Attention whose queries are a parameter has one output position that sees every patch."""
    model = PooledByQuery()
    report = analyze(model, (3, 16, 24))
    last = report.rows[-1]
    assert last.status is Status.EXACT
    assert last.whole_input
    assert last.field is not None
    assert last.field.box((0, 0, 0, 0)) == seen(model, (3, 16, 24), (0, 0, 0, 0)) == (0, 0, 15, 23)
    # one query, 4 x 6 patches, 8 channels: products with keys and with values
    assert last.macs == 2 * 24 * 8


def test_sliding_windows_are_followed_unit_by_unit() -> None:
    """Every value of every window sees what the gradient says."""
    model = SlidingWindows()
    report = analyze(model, (3, 10, 14))
    last = report.rows[-1]
    assert last.output_shape == (1, 4, 4, 4, 4, 5)
    assert (last.kind, last.macs, last.status) == (Kind.RESHAPE, 0, Status.EXACT)
    assert last.field is not None
    for index in [(0, 1, i, j, k, m) for i in range(4) for j in range(4) for k in range(4) for m in range(5)]:
        assert last.field.box(index) == seen(model, (3, 10, 14), index)


def test_what_a_rule_cannot_follow_is_a_bound_that_names_the_operator() -> None:
    """Patches by torch.nn.Unfold: all that its input sees, with the reason, and nothing costs MACs."""
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Unfold(2, stride=2))
    last = analyze(model, (3, 8, 8)).rows[-1]
    assert (last.status, last.macs) == (Status.BOUND, 0)
    assert "'im2col'" in last.reason
    box = seen(model, (3, 8, 8), (0, 5, 4))
    assert last.field is not None
    bound = last.field.box((0, 5, 4))
    assert box is not None
    assert bound is not None
    assert bound[0] <= box[0] <= box[2] <= bound[2]
    assert bound[1] <= box[1] <= box[3] <= bound[3]


@pytest.mark.parametrize("model", [nn.Identity(), nn.Sequential(nn.Flatten(), nn.Linear(48, 4))])
def test_networks_without_a_map_have_no_stride(model: nn.Module) -> None:
    """A network of no operations, or of linear layers alone, is analysed all the same."""
    report = analyze(model, (3, 4, 4))
    assert report.totals.effective_stride is None
    assert report.totals.params == sum(parameter.numel() for parameter in model.parameters())


class EmptySlice(nn.Module):
    """Drops everything of a map beyond its last row, which is nothing, and joins it again."""

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return torch.cat([image[:, :, :8], image[:, :, 8:]], dim=2)


def test_an_empty_tensor_sees_nothing() -> None:
    """A slice without rows has no field, and what it is joined to sees what it saw."""
    model = EmptySlice()
    report = analyze(model, (3, 8, 8))
    empty = next(row for row in report.rows if 0 in row.output_shape)
    assert empty.receptive_field is None
    assert not empty.whole_input
    last = report.rows[-1].field
    assert last is not None
    assert last.box((0, 2, 7, 3)) == seen(model, (3, 8, 8), (0, 2, 7, 3)) == (7, 3, 7, 3)
