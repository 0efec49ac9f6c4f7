"""Activation memory against real tensors: an interpreter that frees each value after its last use."""

from __future__ import annotations

import operator
from typing import Any

import pytest
import torch
import torchvision.models as torchvision_models
from torch import Tensor, fx, nn
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from analysis import analyze

# (model, size) whose forward torch.fx can take apart; between them chains, residuals, concatenations of
# two, four and many branches, gates, channel shuffles and layer norms.
TRACEABLE = [
    ("alexnet", 127), ("vgg11_bn", 64), ("resnet18", 65), ("resnet50", 64), ("resnext50_32x4d", 64),
    ("googlenet", 96), ("inception_v3", 139), ("densenet121", 64), ("squeezenet1_0", 96), ("mobilenet_v2", 70),
    ("mobilenet_v3_small", 64), ("mnasnet0_5", 64), ("shufflenet_v2_x0_5", 64), ("efficientnet_b0", 64),
    ("regnet_x_400mf", 64), ("regnet_y_400mf", 64), ("convnext_tiny", 64),
]  # fmt: skip
# torchvision writes these shortcuts as ``out += identity``; torch.fx records a sum that is not in place.
SUMS_IN_PLACE = ("resnet", "resnext", "mobilenet_v3", "efficientnet", "convnext")


class StorageTracker(TorchDispatchMode):
    """Watches real tensors that depend on the image: bytes written, and alive while each operator runs."""

    def __init__(self, image: Tensor) -> None:
        """Start with the image alive."""
        super().__init__()
        self.known: dict[int, tuple[StorageWeakRef, int]] = {}
        self.written_bytes = 0
        self._see(image)
        self.alive_bytes = [self._alive()]
        self.written_bytes = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run the operator and look at what is alive while its inputs still are."""
        result = func(*args, **(kwargs or {}))
        tensors = [tensor for tensor in tree_leaves((args, kwargs)) if isinstance(tensor, Tensor)]
        if any(tensor.untyped_storage().data_ptr() in self.known for tensor in tensors):
            for output in tree_leaves(result):
                self._see(output)
        self.alive_bytes.append(self._alive())
        return result

    def _alive(self) -> int:
        self.known = {key: entry for key, entry in self.known.items() if not entry[0].expired()}
        return sum(size for _, size in self.known.values())

    def _see(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        known = self.known.get(storage.data_ptr())
        if known is None or known[0].expired():
            self.known[storage.data_ptr()] = (StorageWeakRef(storage), storage.nbytes())
            self.written_bytes += storage.nbytes()


def run_and_free(model: nn.Module, size: int, *, sums_in_place: bool) -> StorageTracker:
    """Run ``model`` on one real image, dropping every value after its last use."""
    graph = fx.symbolic_trace(model)
    for node in graph.graph.nodes:
        if sums_in_place and node.target is operator.add:
            node.target = operator.iadd
    image = next(node for node in graph.graph.nodes if node.op == "placeholder")
    with torch.inference_mode():
        environment = {image: torch.zeros(1, 3, size, size)}
        tracker = StorageTracker(environment[image])
        with tracker:
            fx.Interpreter(graph, garbage_collect_values=True).run(initial_env=environment)
    return tracker


@pytest.mark.parametrize(("name", "size"), TRACEABLE)
def test_live_memory_of_real_tensors_freed_at_their_last_use(name: str, size: int) -> None:
    """Real storages on the CPU: the peak, and for the operators that both see one by one, each step."""
    quick = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    model = torchvision_models.get_model(name, weights=None, **quick).eval()
    tracker = run_and_free(model, size, sums_in_place=name.startswith(SUMS_IN_PLACE))
    report = analyze(model, (3, size, size))
    assert report.totals.peak_live_bytes == max(tracker.alive_bytes)
    assert report.totals.activation_bytes == tracker.written_bytes
    if len(report.rows) == len(tracker.alive_bytes) - 1:
        assert [row.live_bytes for row in report.rows] == tracker.alive_bytes[1:]
    peak_row = report.rows[report.totals.peak_row]
    assert peak_row.live_bytes == report.totals.peak_live_bytes


@pytest.mark.parametrize(("name", "size"), [("vit_b_32", 224), ("maxvit_t", 224), ("convnext_tiny", 96)])
def test_memory_written_as_python_runs_the_network(
    name: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Total bytes are equal; a function's variables outlive their last use, so the peak is no less than ours."""
    monkeypatch.setattr(torch.backends.mha, "get_fastpath_enabled", lambda: False)
    model = torchvision_models.get_model(name, weights=None).eval()
    report = analyze(model, (3, size, size))
    with torch.inference_mode():
        image = torch.zeros(1, 3, size, size)
        tracker = StorageTracker(image)
        with tracker:
            model(image)
    assert report.totals.activation_bytes == tracker.written_bytes
    assert report.totals.peak_live_bytes <= max(tracker.alive_bytes)


class TwoResults(nn.Module):
    """Returns an early map beside the last one, in a dictionary, as detection backbones do."""

    def __init__(self) -> None:
        """Three convolutions that keep the size."""
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, padding=1)
        self.second = nn.Conv2d(8, 4, 3, padding=1)
        self.third = nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, image: Tensor) -> dict[str, list[Tensor]]:
        """Both maps."""
        early = self.first(image)
        return {"maps": [early, self.third(self.second(early))]}


def test_everything_that_the_network_returns_lives_to_the_end() -> None:
    """On 10 x 10 maps of float32, 400 bytes a channel: the early map stays, though nothing reads it any more."""
    report = analyze(TwoResults(), (3, 10, 10))
    # image 3 + early 8; early 8 + second 4; early 8 + second 4 + third 4
    assert [row.live_bytes for row in report.rows] == [400 * 11, 400 * 12, 400 * 16]
    assert (report.totals.peak_live_bytes, report.totals.peak_row) == (400 * 16, 2)


def test_views_and_operators_in_place_write_nothing() -> None:
    """A relu in place and a flattening share the memory of the convolution before them."""
    model = nn.Sequential(nn.Conv2d(1, 2, 1), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(32, 5))
    report = analyze(model, (1, 4, 4))
    # convolution 2 * 16 values, linear 5 values, 4 bytes each; alive: 16 + 32, 32, 32, 32 + 5
    assert [row.activation_bytes for row in report.rows] == [128, 0, 0, 20]
    assert [row.live_bytes for row in report.rows] == [192, 128, 128, 148]
    assert (report.totals.peak_live_bytes, report.totals.peak_row) == (192, 0)


def test_bytes_follow_the_type_of_the_values() -> None:
    """A network in half precision gets an image in half precision; two bytes a value, four after the cast."""

    class Widening(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Conv2d(3, 4, 1).half()

        def forward(self, image: Tensor) -> Tensor:
            result: Tensor = self.layer(image)
            return result.float()

    report = analyze(Widening(), (3, 10, 10))
    assert [row.activation_bytes for row in report.rows] == [2 * 400, 4 * 400]
    assert [row.live_bytes for row in report.rows] == [2 * 300 + 2 * 400, 2 * 400 + 4 * 400]
    assert report.totals.param_bytes == 2 * (3 * 4 + 4)
