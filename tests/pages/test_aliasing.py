from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torchvision
from streamlit.testing.v1 import AppTest

import models
from analysis import analyze
from analysis.measured_aliasing import measured_aliasing
from analysis.subsampling import subsamplings
from charts.format import share_text
from models.initialised import build_initialised
from ui import aliasing_cache
from ui.model_input import normalised, square
from ui.picture_file import shipped

PAGE = str(Path(__file__).parents[2] / "pages" / "aliasing.py")


def aliasing(**query: str) -> AppTest:
    """The Aliasing page with these query parameters, run once."""
    test = AppTest.from_file(PAGE, default_timeout=120)
    for name, value in query.items():
        test.query_params[name] = value
    return test.run()


def headlines(test: AppTest) -> dict[str, str]:
    """Value of each headline by its label."""
    return {metric.label: metric.value for metric in test.metric}


def titles(test: AppTest) -> list[str]:
    """Titles of charts and sections."""
    return [entry.value.removeprefix("#### ") for entry in test.markdown if entry.value.startswith("#### ")]


def test_alexnet_is_the_default() -> None:
    """Its first limit is 1/8 cycles per pixel, its last 1/64; three of four subsamplings are maxima."""
    test = aliasing()
    assert not test.exception
    found = headlines(test)
    assert (found["Subsamplings"], found["First limit f*"], found["Last limit f*"]) == (
        "4",
        "0.125",
        "0.015625",
    )
    assert found["No low-pass"] == "3 of 4"
    table = next(frame.value for frame in test.dataframe if "limit_image" in frame.value)
    assert list(table["limit_image"]) == [1 / 8, 1 / 16, 1 / 32, 1 / 64]
    assert list(table["low_pass"]) == ["kernel wider than S", "maximum", "maximum", "maximum"]


def test_shares_are_the_librarys() -> None:
    """ResNet-18 on the bricks: every share of the table, and the most and least aliased layers."""
    test = aliasing(model="resnet18", size="96", window="none")
    assert not test.exception
    card = models.card("resnet18")
    image = normalised(square(shipped("bricks").pixels, 96), card)
    report = analyze(models.build("resnet18"), (3, 96, 96))
    expected = measured_aliasing(report, build_initialised("resnet18"), image, windowed=False)
    table = next(frame.value for frame in test.dataframe if "share_above" in frame.value)
    assert list(table["name"]) == [entry.name for entry in subsamplings(report)]
    assert list(table["share_above"]) == pytest.approx([layer.share_above for layer in expected], rel=1e-4)
    shares = {layer.subsampling.name: layer.share_above or 0.0 for layer in expected}
    most = max(shares, key=shares.__getitem__)
    assert headlines(test)["Most aliased"] == share_text(shares[most])
    assert (
        f"Most is aliased in {most}: {share_text(shares[most])} of what it samples lies above its limit"
        in titles(test)
    )


def test_a_layers_spectra_and_filters_follow_the_link() -> None:
    """?layer= and ?kernels= choose; a 1 x 1 shortcut is white whatever its weights."""
    test = aliasing(model="resnet18", layer="maxpool", kernels="layer2.0.downsample.0")
    assert not test.exception
    assert any(title.startswith("maxpool: ") for title in titles(test))
    assert headlines(test)["Random weights"] == "74.2\N{NO-BREAK SPACE}%"
    assert headlines(test)["White noise"] == "75\N{NO-BREAK SPACE}%"


def test_a_layer_of_another_model_is_forgotten() -> None:
    """With a new model the first of its layers is shown, and nothing is said."""
    test = aliasing(model="resnet18", layer="maxpool")
    test.selectbox(key="aliasing_model").set_value("alexnet").run()
    assert not test.exception
    assert test.selectbox(key="aliasing_layer").value == "features.0"
    assert not test.toast


def test_wrong_parameters_are_sentences() -> None:
    """A layer that does not exist, weights that are not here; the defaults are shown."""
    test = aliasing(layer="nix", weights="IMAGENET1K_V1")
    assert not test.exception
    said = [entry.value.replace("\\", "") for entry in test.toast]
    assert any("'nix' is none of features.0, features.2" in sentence for sentence in said)
    assert any("'IMAGENET1K_V1' is not on this disk: there are random" in sentence for sentence in said)


def test_large_networks_wait_for_a_button() -> None:
    """VGG-16 has its table at once and is measured when asked; ViT-H/14 is refused with its size."""
    test = aliasing(model="vgg16", size="32")
    assert headlines(test)["Subsamplings"] == "5" and "Most aliased" not in headlines(test)
    test.button(key="aliasing_build_and_measure").click().run()
    assert not test.exception
    assert "Most aliased" in headlines(test)
    huge = aliasing(model="vit_h_14")
    assert any("would need 2.4 GiB of memory" in entry.value for entry in huge.text)


def test_too_small_a_size_is_a_sentence() -> None:
    """AlexNet needs 63 pixels."""
    test = aliasing(size="40")
    assert not test.exception
    assert any("63 x 63" in entry.value for entry in test.text)


def test_patch_merging_drops_nothing() -> None:
    """Swin's three mergings keep every value: their reason stands in the table, and no share."""
    test = aliasing(model="swin_t", size="64")
    assert not test.exception
    table = next(frame.value for frame in test.dataframe if "share_above" in frame.value)
    assert table["share_above"].isna().tolist() == [False, True, True, True]
    assert table["reason"].iloc[1] == "all values go on, in several maps: nothing is dropped"


def test_a_network_that_does_not_subsample(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence instead of a table; nothing to measure."""
    monkeypatch.setattr(aliasing_cache, "subsamplings", lambda *_: ())
    monkeypatch.setattr(aliasing_cache, "measured", lambda *_, **__: ())
    test = aliasing(model="lenet5")
    assert not test.exception
    assert any("Nothing in this network subsamples" in entry.value for entry in test.text)


def test_trained_weights_stand_beside_random_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first layer of binomials is a low-pass: all of its filters damp, and little is aliased by it."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    model = build_initialised("squeezenet1_1")
    taps = torch.tensor([0.25, 0.5, 0.25])
    state = model.state_dict()
    state["features.0.weight"] = torch.outer(taps, taps).expand(64, 3, 3, 3).clone()
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    torch.save(state, folder / Path(torchvision.models.SqueezeNet1_1_Weights.IMAGENET1K_V1.url).name)
    test = aliasing(model="squeezenet1_1", weights="IMAGENET1K_V1")
    assert not test.exception
    assert "64 of 64 filters damp (trained (IMAGENET1K_V1))" in titles(test)
    # |H|² of [1, 2, 1] above 1/4 in two dimensions: 0.136 of its energy.
    assert headlines(test)["Trained (IMAGENET1K_V1) weights"] == "13.6\N{NO-BREAK SPACE}%"
