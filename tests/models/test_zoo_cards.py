"""The cards against what torchvision publishes and cites."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import torchvision
import torchvision.models as torchvision_models

import models
from models.card_file import CARD_FILE, cards_to_json
from models.torchvision_source import read_cards

CLASSIFIERS = torchvision_models.list_models(module=torchvision_models)


def test_the_zoo_holds_every_torchvision_classifier() -> None:
    """All 80 classifiers that torchvision lists are there, and nothing else."""
    assert len(CLASSIFIERS) == 80
    assert models.names() == tuple(CLASSIFIERS) == models.names("torchvision")
    assert {card.name for card in models.cards()} == set(CLASSIFIERS)


def test_the_card_file_is_what_torchvision_says_today() -> None:
    """Generating the committed file again from the installed torchvision changes nothing but its release."""
    fresh = read_cards()
    assert fresh == models.cards()
    assert [card.name for card in fresh] == [card.name for card in models.cards()]
    release = torchvision.__version__.partition("+")[0]
    if f'"torchvision": "{release}"' in CARD_FILE.read_text(encoding="utf-8"):
        assert cards_to_json(fresh, release) == CARD_FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_published_figures_are_those_of_the_weights(name: str) -> None:
    """Parameters, GMACs, accuracies, crop and file size equal the metadata of each set of weights."""
    card = models.card(name)
    entries = {entry.name: entry for entry in torchvision_models.get_model_weights(name)}
    assert [weights.name for weights in card.weights] == list(entries)
    for weights in card.weights:
        entry = entries[weights.name]
        metrics = entry.meta["_metrics"]["ImageNet-1K"]
        assert weights.params == entry.meta["num_params"]
        assert weights.gmacs == entry.meta["_ops"]
        assert weights.file_mib == entry.meta["_file_size"]
        assert (weights.crop, weights.crop) == tuple(entry.transforms().crop_size * 2)
        assert weights.input_shape == (3, weights.crop, weights.crop)
        if weights.name == "IMAGENET1K_FEATURES":
            assert (weights.top1, weights.top5) == (None, None)
        else:
            assert (weights.top1, weights.top5) == (metrics["acc@1"], metrics["acc@5"])


def test_there_are_115_sets_of_weights() -> None:
    """torchvision 0.29 publishes 115 sets of weights for its 80 classifiers; one has no accuracy."""
    published = [weights for card in models.cards() for weights in card.weights]
    assert len(published) == 115
    assert sum(weights.top1 is None for weights in published) == 1


@pytest.mark.parametrize(
    ("name", "size", "top1", "top5", "params", "gmacs"),
    [
        # Figures of IMAGENET1K_V2, both sets being for 224 pixels.
        ("resnet50", 224, 80.858, 95.434, 25_557_032, 4.089),
        # The default weights are for 518 pixels; those for 224 are IMAGENET1K_SWAG_LINEAR_V1.
        ("vit_h_14", 224, 85.708, 97.73, 632_045_800, 167.295),
        # Likewise 384 and 224.
        ("regnet_y_128gf", 224, 86.068, 97.844, 644_812_894, 127.518),
        # Only one size, which is not 224.
        ("inception_v3", 299, 77.294, 93.45, 27_161_264, 5.713),
        # The second set of weights has no accuracy.
        ("vgg16", 224, 71.592, 90.382, 138_357_544, 15.47),
    ],
)
def test_headline_figures_belong_together(
    name: str, size: int, top1: float, top5: float, params: int, gmacs: float
) -> None:
    """A card shows the most accurate weights published at the smallest size, all figures from that set."""
    card = models.card(name)
    assert card.input_shape == (3, size, size)
    assert (card.top1, card.top5, card.params, card.gmacs) == (top1, top5, params, gmacs)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_the_paper_is_the_one_that_torchvision_cites(name: str) -> None:
    """The arXiv number of the card stands in torchvision's documentation and agrees with the year."""
    card = models.card(name)
    documentation = torchvision_models.get_model_builder(name).__doc__
    if name == "alexnet":
        # torchvision cites the single-tower variant of 2014; the card names both.
        assert "1404.5997" in documentation
        assert "1404.5997" in card.notes[0]
        assert card.year == 2012
        return
    if name == "squeezenet1_1":
        # torchvision cites the authors' repository, where this revision of the paper's network is.
        documentation = torchvision_models.squeezenet1_0.__doc__
    number = re.fullmatch(r"https://arxiv\.org/abs/(\d\d)(\d\d\.\d{5}|\d\d\.\d{4})", card.paper_url or "")
    assert number is not None
    assert number.group(1) + number.group(2) in documentation
    assert card.year == 2000 + int(number.group(1))


def test_only_the_weights_with_a_licence_claim_one() -> None:
    """The 12 SWAG sets (six models, two sizes) are CC-BY-NC 4.0; torchvision states none for the other 103."""
    for card in models.cards():
        for weights in card.weights:
            assert weights.license == ("CC-BY-NC 4.0" if "SWAG" in weights.name else None)
    licensed = [weights for card in models.cards() for weights in card.weights if weights.license]
    assert len(licensed) == 12
    assert models.card("vit_h_14").weights_license == "CC-BY-NC 4.0"
    assert "not stated" in models.card("resnet50").weights_license


def test_cards_are_ordered_by_year_family_and_size() -> None:
    """AlexNet comes first, MaxViT last, and within a family parameters grow."""
    order = [(card.year, card.family, card.params) for card in models.cards()]
    assert order == sorted(order)
    assert (models.cards()[0].name, models.cards()[-1].name) == ("alexnet", "maxvit_t")


def test_auxiliary_heads_are_named_with_their_numbers() -> None:
    """The notes say which heads the built model has and what the published count covers."""
    googlenet, inception = models.card("googlenet"), models.card("inception_v3")
    for part in ("aux1", "aux2", "13,004,888", "6,624,904"):
        assert part in googlenet.notes[0]
    for part in ("AuxLogits", "27,161,264", "23,834,568"):
        assert part in inception.notes[0]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("resnet5", "Unknown model 'resnet5': did you mean resnet50"),
        ("ResNet50", "Unknown model 'ResNet50': did you mean resnet50"),
        ("zzz", "Unknown model 'zzz': choose one of the 127 names of the zoo, such as alexnet"),
        ("", "Unknown model '': choose one of the 127"),
    ],
)
def test_an_unknown_name_is_answered_with_close_ones(name: str, sentence: str) -> None:
    """card() and build() name the value and suggest what was probably meant."""
    for call in (models.card, models.build):
        with pytest.raises(ValueError, match=re.escape(sentence)):
            call(name)


def test_an_unknown_source_is_refused() -> None:
    """names() knows torchvision, papers and timm only."""
    with pytest.raises(ValueError, match="Unknown source 'keras': choose torchvision, papers or timm"):
        models.names("keras")


def test_cards_need_neither_torch_nor_timm() -> None:
    """A fresh interpreter reads names and cards without importing torch, torchvision or timm."""
    code = (
        "import sys, models; models.names(); models.cards(); models.card('resnet50');"
        "models.cards('papers'); models.names('papers');"
        "print([name for name in ('torch', 'torchvision', 'timm') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
