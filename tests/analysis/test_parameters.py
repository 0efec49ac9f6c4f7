"""Parameters: distinct tensors, frozen and buffers apart, bytes from the type."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from analysis import analyze


class Tied(nn.Module):
    """Two convolutions with one weight and a bias each."""

    def __init__(self) -> None:
        """4 to 4 channels, 3 x 3."""
        super().__init__()
        self.first = nn.Conv2d(4, 4, 3, padding=1)
        self.second = nn.Conv2d(4, 4, 3, padding=1)
        self.second.weight = self.first.weight

    def forward(self, image: Tensor) -> Tensor:
        """One after the other."""
        result: Tensor = self.second(self.first(image))
        return result


def test_a_tied_weight_counts_once_at_its_first_reader() -> None:
    """The second row has its own bias, and reads again what the first has counted."""
    report = analyze(Tied(), (4, 8, 8))
    assert report.totals.params == 4 * 4 * 9 + 4 + 4
    assert [(row.params, row.shared_params) for row in report.rows] == [(148, 0), (4, 144)]
    assert [(total.name, total.params) for total in report.modules] == [
        ("", 152),
        ("first", 148),
        ("second", 4),
    ]
    # Both multiply: 64 positions x 4 x 4 x 9.
    assert [row.macs for row in report.rows] == [9216, 9216]


def test_a_module_that_runs_twice_owns_its_parameters_once() -> None:
    """Each run is a row; the second reads shared parameters."""

    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Conv2d(4, 4, 1, bias=False)

        def forward(self, image: Tensor) -> Tensor:
            result: Tensor = self.layer(self.layer(image))
            return result

    report = analyze(Twice(), (4, 5, 5))
    assert report.totals.params == 16
    assert [(row.name, row.params, row.shared_params, row.macs) for row in report.rows] == [
        ("layer", 16, 0, 400),
        ("layer:2", 0, 16, 400),
    ]


def test_frozen_parameters_and_buffers_are_counted_apart() -> None:
    """Batch norm keeps mean, variance and a counter as buffers: 8 + 8 + 1, the counter being int64."""
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8))
    model[0].requires_grad_(False)
    totals = analyze(model, (3, 9, 9)).totals
    assert (totals.params, totals.trainable_params) == (3 * 8 * 9 + 8 + 16, 16)
    assert (totals.buffers, totals.buffer_bytes) == (17, 16 * 4 + 8)


def test_bytes_are_those_of_each_type() -> None:
    """One layer in float16 with a table of int8 beside it."""

    class Mixed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.narrow = nn.Conv2d(3, 4, 1).half()
            self.full = nn.Conv2d(4, 5, 1)
            self.table: Tensor
            self.register_buffer("table", torch.zeros(7, dtype=torch.int8))

        def forward(self, image: Tensor) -> Tensor:
            result: Tensor = self.full(self.narrow(image.half()).float())
            return result

    report = analyze(Mixed(), (3, 6, 6))
    assert report.totals.param_bytes == 2 * 16 + 4 * 25
    assert report.totals.buffer_bytes == 7
    assert [row.param_bytes for row in report.rows if row.params] == [32, 100]
    assert [record.dtype for operation in report.trace.operations for record in operation.outputs] == [
        "float16",
        "float16",
        "float32",
        "float32",
    ]


def test_parameters_that_an_operation_on_parameters_reads_belong_to_the_row_that_uses_it() -> None:
    """A standardised weight: the convolution is charged with the weight that its own was made from."""

    class Standardised(nn.Conv2d):
        def forward(self, image: Tensor) -> Tensor:
            weight = self.weight - self.weight.mean((1, 2, 3), keepdim=True)
            return torch.nn.functional.conv2d(image, weight, self.bias)

    report = analyze(Standardised(3, 4, 3), (3, 8, 8))
    assert [(row.operator, row.params) for row in report.rows] == [("conv2d", 3 * 4 * 9 + 4)]
    assert report.totals.unused_params == 0


def test_a_parameter_that_nothing_reads_is_named() -> None:
    """A layer that the forward pass skips counts in the total and is listed."""

    class Skipping(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used = nn.Conv2d(3, 4, 1)
            self.skipped = nn.Linear(10, 10)

        def forward(self, image: Tensor) -> Tensor:
            result: Tensor = self.used(image)
            return result

    report = analyze(Skipping(), (3, 4, 4))
    assert [record.name for record in report.unused] == ["skipped.weight", "skipped.bias"]
    assert (report.totals.params, report.totals.unused_params) == (126, 110)
