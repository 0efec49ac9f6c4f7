"""The historical models as part of the zoo: names, cards, builds, analyses and counterparts."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
import torch
import torchvision.models

import models
from analysis import analyze
from analysis.records import Report, Status
from models.papers.construction import paper_constructor
from models.papers.counterparts import COUNTERPARTS, Counterpart, counterpart
from tests.models.papers.paper_layers import layers_of, report

NAMES = models.names("papers")


def test_names_belong_to_no_other_source() -> None:
    """47 names, in order, none of them one of torchvision's: classifiers or others."""
    assert len(NAMES) == len(set(NAMES)) == 47
    assert list(NAMES) == sorted(NAMES)
    assert not set(NAMES) & set(torchvision.models.list_models())
    assert not set(NAMES) & set(models.names())
    assert {card.name for card in models.cards("papers")} == set(NAMES)
    assert len(models.cards()) == len(models.cards("torchvision")) == 80


def test_an_unknown_source_of_cards_is_refused() -> None:
    """cards() knows torchvision and papers."""
    with pytest.raises(ValueError, match="Unknown source 'timm' of cards: choose torchvision or papers"):
        models.cards("timm")


def test_close_names_are_suggested_from_both_sources() -> None:
    """A slip in a historical name is answered like any other."""
    with pytest.raises(ValueError, match="did you mean alexnet_2012"):
        models.card("alexnet_2021")


@pytest.mark.parametrize("name", NAMES)
def test_a_model_is_built_and_analysed_exactly(name: str) -> None:
    """No weights, evaluation mode, as many parameters and MACs as its card says, and nothing unknown in any row."""
    model = models.build(name)
    assert not model.training
    assert all(tensor.is_meta for tensor in (*model.parameters(), *model.buffers()))
    found = report(name)
    card = models.card(name)
    assert (found.totals.params, found.totals.macs / 1e9) == (card.params, card.gmacs)
    assert {row.status for row in found.rows} == {Status.EXACT}
    assert found.totals.macs_status is Status.EXACT
    assert found.input_shapes == (card.input_shape,)
    assert found.rows[-1].output_shape == (1, 10 if card.input_shape[-1] <= 32 else 1000)


@pytest.mark.parametrize("name", ["lenet5", "lenet5_modern_28", "alexnet_2012", "googlenet_2014", "resnet18_v1",
                                  "resnet56_cifar", "resnext50_32x4d_2016_paths", "mobilenet_v1_025"])  # fmt: skip
def test_a_model_runs_with_weights(name: str) -> None:
    """Built with real weights, one image gives finite scores of the analysed shape."""
    card = models.card(name)
    network = paper_constructor(card)().eval()
    with torch.inference_mode():
        scores = network(torch.rand(1, *card.input_shape))
    assert scores.shape == report(name).rows[-1].output_shape
    assert torch.isfinite(scores).all()


def test_no_module_is_used_twice() -> None:
    """Each activation is a layer of its own: no module of any network runs more than once."""
    for name in ("alexnet_2012", "resnet50_v1", "googlenet_2014", "densenet121_2016", "lenet5"):
        assert {operation.call for operation in report(name).trace.operations} == {1}


def test_cards_are_ordered_and_cited() -> None:
    """By year, family and parameters; each names the tables it follows and how torchvision differs."""
    cards = models.cards("papers")
    order = [(card.year, card.family, card.params) for card in cards]
    assert order == sorted(order)
    for card in cards:
        assert card.source == "papers"
        assert card.weights == ()
        assert card.paper and card.authors and card.paper_url and card.paper_url.startswith("https://")
        assert "Table" in card.notes[0] or "section" in card.notes[0]
        assert any("torchvision" in note for note in card.notes[1:])


# Errors as the papers print them, and the accuracies that follow: AlexNet Table 2, VGG Table 3, ResNet Table 3.
@pytest.mark.parametrize(
    ("name", "top1", "top5"),
    [
        ("alexnet_2012", 100 - 40.7, 100 - 18.2),
        ("vgg16_d", 100 - 25.6, 100 - 8.1),
        ("resnet50_v1", 100 - 22.85, 100 - 6.71),
        ("googlenet_2014", None, 100 - 10.07),
        ("mobilenet_v1", 70.6, None),
        ("resnet50_v1_5", None, None),
        ("resnet20_cifar", None, None),
        ("lenet5", None, None),
    ],
)
def test_accuracies_are_the_papers(name: str, top1: float | None, top5: float | None) -> None:
    """Percent on ImageNet; None where the paper prints none or had other pictures."""
    card = models.card(name)
    assert card.top1 == (None if top1 is None else pytest.approx(top1))
    assert card.top5 == (None if top5 is None else pytest.approx(top5))


def test_counterparts_name_models_and_reasons() -> None:
    """Each pair has a historical name and a modern one; reasons are single sentences."""
    assert len({(pair.paper, pair.modern) for pair in COUNTERPARTS}) == len(COUNTERPARTS)
    for pair in COUNTERPARTS:
        assert pair.paper in NAMES
        assert pair.modern in models.names() or pair.modern.startswith("lenet5_modern")
        assert models.card(pair.paper).family == models.card(pair.modern).family
        assert all(reason.endswith(".") for reason in pair.reasons)
    assert counterpart("alexnet_2012") in COUNTERPARTS
    assert counterpart("mobilenet_v1") is None


@pytest.mark.parametrize("pair", COUNTERPARTS, ids=lambda pair: f"{pair.paper}-{pair.modern}")
def test_pairs_differ_where_a_reason_says_so(pair: Counterpart) -> None:
    """Without a reason both have the same layers and receptive field; with one, layers or operators differ."""
    other = analyze(models.build(pair.modern), models.card(pair.modern).input_shape)
    found = report(pair.paper)
    if pair.reasons:
        assert operators(found) != operators(other) or Counter(layers_of(found)) != Counter(layers_of(other))
    else:
        assert Counter(layers_of(found)) == Counter(layers_of(other))
        assert found.totals.receptive_field == other.totals.receptive_field


def operators(found: Report) -> Counter[str]:
    """How often each operator runs."""
    return Counter(row.operator for row in found.rows)


def test_cards_and_counterparts_need_no_torch() -> None:
    """A fresh interpreter reads the historical cards and pairs without importing torch."""
    code = (
        "import sys, models, models.papers.counterparts; models.cards('papers'); models.card('lenet5');"
        "print([name for name in ('torch', 'torchvision', 'timm') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
