from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torchvision.models

import models
from models.initialised import build_initialised
from ui.real_models import real_model, weight_options


def test_one_model_serves_all_sizes_where_parameters_do_not_depend_on_them() -> None:
    """The same object at 64 and 96 pixels for a convolutional network, two objects for a transformer."""
    assert real_model("squeezenet1_1", 64) is real_model("squeezenet1_1", 96)
    assert real_model("vit_b_32", 64) is not real_model("vit_b_32", 96)


def test_weights_are_real_and_need_no_gradient() -> None:
    """ResNet-18 on the CPU, as build_initialised draws it from seed 0."""
    model, same = real_model("resnet18", 64), build_initialised("resnet18")
    assert not model.training
    for parameter, other in zip(model.parameters(), same.parameters(), strict=True):
        assert torch.equal(parameter, other)
        assert not parameter.requires_grad


@pytest.mark.parametrize(("name", "memory"), [("vit_h_14", "2.4 GiB"), ("regnet_y_128gf", "2.4 GiB")])
def test_a_model_too_large_is_a_sentence(name: str, memory: str) -> None:
    """632 and 645 million parameters of four bytes: 2.4 GiB each (632,045,800 * 4 / 2^30 = 2.35)."""
    with pytest.raises(ValueError, match=f"would need {memory} of memory"):
        real_model(name, 224)


def test_weights_that_are_not_here_are_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a file that was not downloaded nor a name that does not exist is an exception of torch."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    for weights in ("IMAGENET1K_V1", "nonsense"):
        with pytest.raises(ValueError, match=f"weights {weights} of SqueezeNet 1.1 are not on this disk"):
            real_model("squeezenet1_1", 64, weights)


def test_weights_on_this_disk_are_offered_and_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file where torchvision keeps its downloads becomes an option and gives its weights."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    url = torchvision.models.SqueezeNet1_1_Weights.IMAGENET1K_V1.url
    there = build_initialised("squeezenet1_1", seed=7)
    torch.save(there.state_dict(), folder / Path(url).name)
    assert weight_options(models.card("squeezenet1_1")) == {
        "random": "random",
        "IMAGENET1K_V1": "trained (IMAGENET1K_V1)",
    }
    loaded = real_model("squeezenet1_1", 64, "IMAGENET1K_V1").state_dict()
    assert all(torch.equal(value, loaded[name]) for name, value in there.state_dict().items())


def test_trained_weights_of_a_fixed_size_are_refused_at_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ViT-B/32's position embedding belongs to 224 pixels: at 64 the sentence says so."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    (folder / Path(torchvision.models.ViT_B_32_Weights.IMAGENET1K_V1.url).name).touch()
    with pytest.raises(ValueError, match="hold for 224 pixels, not for 64"):
        real_model("vit_b_32", 64, "IMAGENET1K_V1")
