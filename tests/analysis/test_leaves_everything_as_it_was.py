"""An analysis touches nothing of the user's, and does not disturb another one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import torch
import torchvision.models as torchvision_models
from torch import Tensor, nn
from torch.nn.modules import module as module_state

import models
from analysis import ForwardError, analyze

EIGHT = (
    "resnet18",
    "vgg11",
    "densenet121",
    "mobilenet_v3_small",
    "swin_t",
    "vit_b_32",
    "googlenet",
    "convnext_tiny",
)


def trained_model() -> nn.Sequential:
    """A small network in the middle of training: gradients, statistics, mixed modes, a frozen layer."""
    torch.manual_seed(1)
    model = nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2), nn.BatchNorm2d(8), nn.ReLU(inplace=True), nn.Dropout(0.5),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 4),
    )  # fmt: skip
    model(torch.rand(2, 3, 16, 16)).sum().backward()
    model[0].requires_grad_(False)
    model[6].eval()
    return model


def contents(model: nn.Module) -> list[Any]:
    """All that an analysis could change: identities, versions, values, gradients, flags and attributes."""
    tensors = [*model.named_parameters(), *model.named_buffers()]
    return [
        [(name, id(t), t._version, t.requires_grad, t.data_ptr(), t.tolist()) for name, t in tensors],
        [
            (name, None if t.grad is None else (id(t.grad), t.grad.tolist()))
            for name, t in model.named_parameters()
        ],
        [(path, id(module), module.training) for path, module in model.named_modules()],
        [(path, sorted(module.__dict__)) for path, module in model.named_modules()],
        [
            (path, key, list(value))
            for path, module in model.named_modules()
            for key, value in module.__dict__.items()
            if "hooks" in key and isinstance(value, dict)
        ],
    ]


def surroundings() -> list[Any]:
    """The process's settings and random generators."""
    return [
        torch.get_rng_state().tolist(), random.getstate(), torch.get_num_threads(), torch.get_default_dtype(),
        torch.get_default_device(), torch.is_grad_enabled(), torch.is_inference_mode_enabled(),
        torch.backends.mha.get_fastpath_enabled(), torch._C._len_torch_dispatch_stack(),
        torch.are_deterministic_algorithms_enabled(),
        len(module_state._global_forward_hooks), len(module_state._global_forward_pre_hooks),
    ]  # fmt: skip


@contextmanager
def global_hook(calls: list[str]) -> Iterator[None]:
    """A hook on every module of the process, as profilers install it."""
    handles = [
        module_state.register_module_forward_hook(lambda module, inputs, output: calls.append("after")),
        module_state.register_module_forward_pre_hook(lambda module, inputs: calls.append("before")),
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def test_a_model_in_training_is_left_as_it_was() -> None:
    """Flags, running statistics, gradients, versions, identities and settings, after success and after failure."""
    model = trained_model()
    before, around = contents(model), surroundings()
    analyze(model, (3, 32, 32))
    with pytest.raises(ForwardError):
        analyze(model, (4, 32, 32))
    assert contents(model) == before
    assert surroundings() == around


def test_hooks_of_the_user_do_not_run() -> None:
    """Forward, pre-forward and backward hooks stay in place, are not called, and the report says so."""
    model = trained_model()
    calls: list[str] = []
    model[0].register_forward_hook(lambda module, inputs, output: calls.append("forward"))
    model[1].register_forward_pre_hook(lambda module, inputs: calls.append("pre"))
    model[6].register_full_backward_hook(lambda module, inputs, outputs: calls.append("backward"))
    before = contents(model)
    report = analyze(model, (3, 32, 32))
    assert calls == []
    assert contents(model) == before
    assert report.notes == ("3 hooks of the model did not run.",)
    model(torch.rand(1, 3, 32, 32))
    assert calls == ["forward", "pre"]


def test_hooks_of_the_process_do_not_run() -> None:
    """A global module hook belongs to somebody's own forward passes, not to ours."""
    calls: list[str] = []
    model = trained_model()
    with global_hook(calls):
        report = analyze(model, (3, 32, 32))
    assert calls == []
    assert report.totals.params == 224 + 16 + 36


@pytest.mark.parametrize(
    "setting",
    [
        torch.no_grad,
        torch.inference_mode,
        torch.enable_grad,
        lambda: torch.device("meta"),
        lambda: torch.device("cpu"),
    ],
    ids=["no_grad", "inference_mode", "enable_grad", "meta device", "cpu device"],
)
def test_the_callers_mode_does_not_matter(setting: Any) -> None:
    """Within gradients off or on, or another default device, the report is the same."""
    model = trained_model()
    expected = analyze(model, (3, 32, 32))
    with setting():
        assert analyze(model, (3, 32, 32)) == expected


def test_the_default_type_of_the_caller_stays() -> None:
    """The input has the default type, as a real image would, and the setting is kept."""
    torch.set_default_dtype(torch.float64)
    try:
        report = analyze(nn.Conv2d(3, 2, 1), (3, 5, 5))
        assert torch.get_default_dtype() is torch.float64
    finally:
        torch.set_default_dtype(torch.float32)
    assert report.totals.activation_bytes == 2 * 25 * 8


def test_a_forward_that_writes_to_its_module_writes_to_a_copy() -> None:
    """Counters, caches and buffers of the user's module do not move."""

    class Counting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.calls = 0
            self.seen: list[int] = []
            self.cache: dict[str, Tensor] = {}
            self.total: Tensor
            self.register_buffer("total", torch.zeros(1))
            self.layer = nn.Conv2d(3, 4, 1)

        def forward(self, image: Tensor) -> Tensor:
            self.calls += 1
            self.seen.append(image.shape[-1])
            self.cache["image"] = image
            self.total.add_(1)
            result: Tensor = self.layer(image)
            return result

    model = Counting()
    report = analyze(model, (3, 6, 6))
    assert report.totals.macs == 6 * 6 * 3 * 4
    assert (model.calls, model.seen, model.cache, model.total.item()) == (0, [], {}, 0.0)


def test_no_gradient_and_no_random_number_is_drawn_by_a_model_that_draws_some() -> None:
    """Random operators run on the meta device, where the generator does not move."""

    class Noisy(nn.Module):
        def forward(self, image: Tensor) -> Tensor:
            return image + torch.randn_like(image) + torch.rand(image.shape, device=image.device)

    state = torch.get_rng_state()
    analyze(Noisy(), (3, 8, 8))
    assert torch.equal(torch.get_rng_state(), state)


def test_a_wrapped_model_is_analysed_as_the_one_inside() -> None:
    """DataParallel adds no layer; names are those of the network."""
    model = torchvision_models.squeezenet1_1(weights=None).eval()
    expected = analyze(model, (3, 64, 64), name="squeezenet")
    assert analyze(nn.DataParallel(model), (3, 64, 64), name="squeezenet") == expected


def test_eight_threads_analyse_as_one_does() -> None:
    """Eight models at once, three times each: every report equals the one made alone."""
    alone = {name: analyze(models.build(name), models.card(name).input_shape) for name in EIGHT}
    with ThreadPoolExecutor(8) as pool:
        together = list(
            pool.map(lambda name: analyze(models.build(name), models.card(name).input_shape), EIGHT * 3)
        )
    assert together == [alone[name] for name in EIGHT * 3]


def test_threads_may_share_one_model() -> None:
    """The same module at different sizes from eight threads: nothing is written to it."""
    model = torchvision_models.resnet18(weights=None)
    sizes = [64, 96, 128, 160, 192, 224, 256, 288]
    alone = [analyze(model, (3, size, size)) for size in sizes]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda size: analyze(model, (3, size, size)), sizes))
    assert together == alone
    assert model.training
