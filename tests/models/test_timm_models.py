"""Models of timm, with timm and without it."""

from __future__ import annotations

import sys

import pytest
import torch

import models


@pytest.mark.parametrize("call", [lambda: models.names("timm"), lambda: models.card("timm/resnet50")])
def test_without_timm_a_sentence_says_how_to_get_it(call: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for timm's models without timm is answered with the command that installs it."""
    monkeypatch.setitem(sys.modules, "timm", None)
    assert callable(call)
    with pytest.raises(ValueError, match="pip install timm"):
        call()


def test_without_timm_the_zoo_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """torchvision's names, cards and models do not need timm."""
    monkeypatch.setitem(sys.modules, "timm", None)
    assert len(models.names()) == len(models.cards()) == 80
    assert next(models.build("alexnet").parameters()).is_meta


def test_timm_names_are_those_of_its_registry() -> None:
    """Each name that timm lists is there, with its prefix."""
    timm = pytest.importorskip("timm")
    assert models.names("timm") == tuple(f"timm/{name}" for name in timm.list_models())


@pytest.mark.parametrize(
    ("name", "twin"),
    [("resnet50", "resnet50"), ("regnety_016", "regnet_y_1_6gf"), ("vit_base_patch16_224", "vit_b_16")],
)
def test_a_timm_model_has_the_parameters_of_its_torchvision_twin(name: str, twin: str) -> None:
    """timm's own implementation of a network has as many parameters as torchvision publishes for it."""
    pytest.importorskip("timm")
    model = models.build(f"timm/{name}")
    assert sum(parameter.numel() for parameter in model.parameters()) == models.card(twin).params
    assert all(tensor.is_meta for tensor in (*model.parameters(), *model.buffers()))
    assert not model.training


def test_a_timm_card_states_what_timm_states() -> None:
    """Input shape and licence come from timm's configuration; what timm does not state is None."""
    timm = pytest.importorskip("timm")
    card = models.card("timm/swin_tiny_patch4_window7_224")
    configuration = timm.get_pretrained_cfg("swin_tiny_patch4_window7_224")
    assert card.input_shape == configuration.input_size == (3, 224, 224)
    assert card.weights_license == configuration.license == "mit"
    assert (card.source, card.family) == ("timm", "swin_transformer")
    assert (card.params, card.gmacs, card.top1, card.year, card.paper) == (None, None, None, None, None)


def test_a_timm_model_is_built_for_another_size() -> None:
    """A vision transformer of timm is built for the size asked for; 384 pixels have torchvision's count."""
    pytest.importorskip("timm")
    published = {weights.crop: weights.params for weights in models.card("vit_b_16").weights}
    model = models.build("timm/vit_base_patch16_224", 384)
    assert sum(parameter.numel() for parameter in model.parameters()) == published[384]


@pytest.mark.parametrize("name", ["nest_base", "gcvit_base"])
def test_a_size_that_timm_refuses_is_named(name: str) -> None:
    """Whatever timm's constructor raises, the sentence names the model and the size."""
    pytest.importorskip("timm")
    with pytest.raises(ValueError, match=f"^{name} cannot be built for images of 1 pixels: "):
        models.build(f"timm/{name}", 1)


def test_a_timm_constructor_that_runs_its_layers_is_built() -> None:
    """Hybrid transformers of timm run a probe image in their constructor; the caller's generator is kept."""
    pytest.importorskip("timm")
    before = torch.get_rng_state()
    model = models.build("timm/vit_tiny_r_s16_p8_224")
    assert all(parameter.is_meta for parameter in model.parameters())
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("timm/resnet5", "Unknown model 'timm/resnet5': did you mean timm/resnet50"),
        ("timm/resnet50.nothing", "Unknown model 'timm/resnet50.nothing'"),
        ("timm/hf-hub:someone/something", "Unknown model"),
        ("timm/local-dir:/tmp", "Unknown model"),
        ("timm/", "Unknown model"),
    ],
)
def test_only_names_of_the_registry_are_accepted(name: str, sentence: str) -> None:
    """No name makes timm fetch a model from elsewhere: what its registry does not list is unknown."""
    pytest.importorskip("timm")
    for call in (models.card, models.build):
        with pytest.raises(ValueError, match=sentence):
            call(name)
