from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

import models
from analysis import analyze
from analysis.effective_field import unit_index
from analysis.effective_growth import stage_points
from analysis.unit_gradients import unit_gradients
from models.initialised import build_initialised

ALL = slice(None)
# In-place activations, channels last, windows and their masks, gates, dense and inception blocks, plain code.
NAMES = [
    "resnet18", "convnext_tiny", "swin_t", "mobilenet_v3_small", "shufflenet_v2_x1_0", "squeezenet1_1", "googlenet",
]  # fmt: skip


def picture(*shape: int) -> Tensor:
    """A random image."""
    return torch.rand(1, *shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("name", NAMES)
def test_gradient_is_that_of_a_plain_backward_pass(name: str) -> None:
    """To the bit, for the deepest map that a module returns: autograd with a hook on a model of the zoo."""
    model, image = build_initialised(name), picture(3, 64, 64)
    points = stage_points(analyze(models.build(name), (3, 64, 64)))
    row, unit = next((point.row, point.unit) for point in reversed(points) if point.row.module_path)
    index = unit_index(row, unit)
    found = unit_gradients(model, image, {row.index: index}, seed=3)[row.index]

    outputs: list[Tensor] = []
    model.get_submodule(row.module_path).register_forward_hook(
        lambda _module, _inputs, output: outputs.append(output)
    )
    image.requires_grad_()
    model(image)
    values = outputs[-1][index]
    signs = 2 * torch.randint(2, values.shape, generator=torch.Generator().manual_seed(3)) - 1
    (expected,) = torch.autograd.grad((values * signs).sum(), image)
    assert torch.equal(found, expected)
    assert found.count_nonzero() > 0


def test_rows_that_no_module_returns() -> None:
    """A sum that is written over by the activation behind it, and a convolution called as a function."""

    class Residual(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.arange(9.0).reshape(1, 1, 3, 3), requires_grad=False)

        def forward(self, image: Tensor) -> Tensor:
            branch = functional.conv2d(image, self.weight, padding=1)
            branch += image
            return functional.relu_(branch)

    gradients = unit_gradients(Residual(), picture(1, 5, 5), {0: (0, 0, 2, 2), 1: (0, 0, 2, 2)})
    kernel = torch.arange(9.0).reshape(3, 3)
    assert torch.equal(gradients[0][0, 0, 1:4, 1:4].abs(), kernel)
    kernel[1, 1] += 1  # what the sum adds
    assert torch.equal(gradients[1][0, 0, 1:4, 1:4].abs(), kernel)


def test_a_network_that_works_on_its_input_in_place() -> None:
    """The caller's image stays as it was, and the gradient is 1 where the activation lets through."""
    image = torch.tensor([[[[-1.0, 2.0]]]])
    gradients = unit_gradients(nn.Sequential(nn.ReLU(inplace=True)), image, {0: (0, 0, 0, ALL)})
    assert gradients[0].abs().tolist() == [[[[0.0, 1.0]]]]
    assert image.tolist() == [[[[-1.0, 2.0]]]]


def test_the_pass_stops_at_the_last_row() -> None:
    """A layer behind it, which would fail, does not run."""

    class Failing(nn.Module):
        def forward(self, _values: Tensor) -> Tensor:
            raise AssertionError

    network = nn.Sequential(nn.Conv2d(1, 1, 3), nn.ReLU(), Failing())
    assert set(unit_gradients(network, picture(1, 5, 5), {0: (0, 0, 1, 1)})) == {0}


def test_nothing_is_changed_and_nothing_random_is_used() -> None:
    """Parameters that require gradients get none; modules, their hooks and the global generator are left alone."""
    norm = nn.BatchNorm2d(4)
    network = nn.Sequential(nn.Conv2d(1, 4, 3), norm, nn.ReLU(inplace=True)).train()
    before = {path: sorted(vars(module)) for path, module in network.named_modules()}
    state = torch.get_rng_state()
    unit_gradients(network, picture(1, 9, 9), {2: (0, ALL, 3, 3)})
    assert all(parameter.grad is None for parameter in network.parameters())
    assert {path: sorted(vars(module)) for path, module in network.named_modules()} == before
    assert network.training and norm.num_batches_tracked == torch.tensor(0)
    assert torch.equal(torch.get_rng_state(), state)


def test_threads_share_a_model() -> None:
    """Four at once get what one gets alone."""
    model, image, units = build_initialised("squeezenet1_1"), picture(3, 64, 64), {20: (0, ALL, 2, 2)}
    alone = unit_gradients(model, image, units)[20]
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: unit_gradients(model, image, units)[20], range(4)):
            assert torch.allclose(found, alone, atol=1e-6)


def test_what_does_not_depend_on_the_image_has_no_gradient() -> None:
    """Whole numbers cannot be differentiated: the gradient is 0."""

    class Places(nn.Module):
        def forward(self, image: Tensor) -> Tensor:
            return image.argmax(-1, keepdim=True)

    assert unit_gradients(Places(), picture(1, 4, 4), {0: (0, 0, 0, 0)})[0].count_nonzero() == 0


def test_a_row_that_does_not_exist_is_a_sentence() -> None:
    """The network has the rows 0 and 1."""
    network = nn.Sequential(nn.Conv2d(1, 1, 3), nn.ReLU())
    with pytest.raises(ValueError, match="Sequential has no row 7: choose one from 0 to 1"):
        unit_gradients(network, picture(1, 5, 5), {7: (0, 0, 0, 0)})


def test_what_autograd_cannot_follow_is_a_sentence() -> None:
    """A network that fails on these values says what it is."""
    with pytest.raises(ValueError, match=r"Conv2d cannot be differentiated by its input: .*channels"):
        unit_gradients(nn.Conv2d(3, 1, 3), picture(1, 5, 5), {0: (0, 0, 0, 0)})
