from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
import torchvision.models

from models.initialised import build_initialised, build_trained, trained_weights

NAMES = [
    "resnet18",
    "googlenet",
    "mobilenet_v3_small",
    "vit_b_32",
    "regnet_y_400mf",
    "lenet5",
    "alexnet_2012",
]


def equal(first: torch.nn.Module, second: torch.nn.Module) -> bool:
    """Whether two models of one architecture have the same weights."""
    pairs = zip(first.state_dict().values(), second.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


@pytest.mark.filterwarnings("ignore:The default weight initialization")
@pytest.mark.parametrize("name", NAMES)
def test_a_seed_gives_the_same_weights_and_leaves_the_callers_generator(name: str) -> None:
    """Two builds are equal, another seed differs, and torch's own generator is where it was."""
    state = torch.get_rng_state()
    first, again, other = build_initialised(name), build_initialised(name), build_initialised(name, seed=1)
    assert equal(first, again)
    assert not equal(first, other)
    assert torch.equal(state, torch.get_rng_state())
    assert not first.training
    assert not any(parameter.requires_grad or parameter.is_meta for parameter in first.parameters())


def test_weights_are_distributed_as_torchvisions() -> None:
    """ResNet-18's own initialisation: He et al. by fan out, a standard deviation of sqrt(2 / (64 * 9)) in layer1."""
    weight = build_initialised("resnet18").get_parameter("layer1.0.conv1.weight")
    assert weight.std().item() == pytest.approx((2 / (64 * 9)) ** 0.5, rel=0.02)
    assert weight.mean().item() == pytest.approx(0, abs=1e-3)


def test_threads_do_not_disturb_each_other() -> None:
    """Eight threads at once get what one gets alone."""
    alone = build_initialised("resnet18")
    with ThreadPoolExecutor(8) as pool:
        assert all(
            equal(alone, model) for model in pool.map(lambda _: build_initialised("resnet18"), range(8))
        )


def test_weights_on_the_disk_are_found_and_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file where torchvision keeps its downloads makes its weights available, and nothing else does."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    assert trained_weights("squeezenet1_1") == ()
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    url = torchvision.models.SqueezeNet1_1_Weights.IMAGENET1K_V1.url
    there = build_initialised("squeezenet1_1", seed=7)
    torch.save(there.state_dict(), folder / Path(url).name)
    assert trained_weights("squeezenet1_1") == ("IMAGENET1K_V1",)
    assert equal(build_trained("squeezenet1_1", "IMAGENET1K_V1"), there)


def test_a_file_with_other_weights_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken file and one of another network name the file and the model."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    file = folder / Path(torchvision.models.SqueezeNet1_1_Weights.IMAGENET1K_V1.url).name
    for content in (b"not a checkpoint", b""):
        file.write_bytes(content)
        with pytest.raises(ValueError, match="does not hold the weights IMAGENET1K_V1 of squeezenet1_1"):
            build_trained("squeezenet1_1", "IMAGENET1K_V1")
    torch.save({"conv1.weight": torch.zeros(1)}, file)
    with pytest.raises(ValueError, match="does not hold the weights"):
        build_trained("squeezenet1_1", "IMAGENET1K_V1")


def test_historical_models_have_no_published_weights() -> None:
    """Their cards list none."""
    assert trained_weights("alexnet_2012") == ()
