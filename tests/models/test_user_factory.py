"""A user's own factory, good and bad, and the promise that no page can reach one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch

import models

FACTORIES = """
import torch
from torch import nn

number = 5

def tiny():
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))

def computing():
    layer = nn.Linear(4, 2)
    layer.gain = float(layer.weight.detach().abs().max()) + torch.rand(1).item()
    return layer

def raising():
    raise KeyError("no such key")

def exiting():
    raise SystemExit(3)

def wanting(depth):
    return nn.Linear(depth, 1)

def plain():
    return {"not": "a module"}

class Zoo:
    @staticmethod
    def inner():
        return nn.Linear(2, 1)
"""


@pytest.fixture(autouse=True)
def user_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules as a user may have them in the working folder, some of which cannot be imported."""
    package = tmp_path / "factory_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "good.py").write_text(FACTORIES)
    (package / "broken.py").write_text("def tiny(:\n")
    (package / "needy.py").write_text("import a_library_that_is_not_there\n")
    (package / "failing.py").write_text("1 / 0\n")
    (package / "leaving.py").write_text("raise SystemExit('usage: ...')\n")
    monkeypatch.syspath_prepend(str(tmp_path))


def test_a_factory_is_called_without_memory_for_weights() -> None:
    """All parameters and buffers of the result are on the meta device; the training flag is the factory's."""
    module = models.load_factory("factory_package.good:tiny")
    # 3 * 4 * 9 + 4 in the convolution, 2 * 4 in the batch normalisation
    assert sum(parameter.numel() for parameter in module.parameters()) == 112 + 8
    assert all(tensor.is_meta for tensor in (*module.parameters(), *module.buffers()))
    assert module.training


def test_a_factory_that_computes_with_its_weights_is_called_in_the_ordinary_way() -> None:
    """Such a module has real weights, and torch's random generator is as it was before."""
    before = torch.get_rng_state()
    module = models.load_factory("factory_package.good:computing")
    assert not module.get_parameter("weight").is_meta
    assert 0 < vars(module)["gain"] < 2
    assert torch.equal(torch.get_rng_state(), before)


def test_a_factory_may_lie_inside_a_class() -> None:
    """The part after the colon may be dotted."""
    assert models.load_factory("factory_package.good:Zoo.inner").in_features == 2


def test_a_library_model_is_found() -> None:
    """Any importable factory will do: torchvision's ResNet-18 has its 11,689,512 parameters."""
    module = models.load_factory("torchvision.models:resnet18")
    assert sum(parameter.numel() for parameter in module.parameters()) == 11_689_512


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("resnet50", "'resnet50' names no factory: write package.module:factory"),
        ("factory_package.good:", "names no factory"),
        (":tiny", "names no factory"),
        ("", "'' names no factory"),
        ("nowhere.at_all:tiny", "There is no module 'nowhere', which 'nowhere.at_all:tiny' asks for"),
        ("factory_package.bad:tiny", "There is no module 'factory_package.bad'"),
        (".good:tiny", "Importing '.good' for '.good:tiny' raised TypeError"),
        ("factory_package.broken:tiny", "Importing 'factory_package.broken' .* raised SyntaxError"),
        (
            "factory_package.needy:tiny",
            "Importing 'factory_package.needy' .* failed: .*'a_library_that_is_not_there",
        ),
        ("factory_package.failing:tiny", "raised ZeroDivisionError: division by zero"),
        ("factory_package.leaving:tiny", "raised SystemExit: usage"),
        ("factory_package.good:missing", "'factory_package.good' has no 'missing'"),
        ("factory_package.good:Zoo.missing", "'factory_package.good' has no 'Zoo.missing'"),
        (
            "factory_package.good:number",
            "'number' in 'factory_package.good:number' is a int, which cannot be called",
        ),
        (
            "factory_package.good:wanting",
            "called without arguments, but has a missing a required argument: 'depth'",
        ),
        ("factory_package.good:raising", "The factory 'raising' in .* raised KeyError: 'no such key'"),
        ("factory_package.good:exiting", "The factory 'exiting' in .* raised SystemExit: 3"),
        ("factory_package.good:plain", "The factory 'plain' in .* returned a dict, not a torch.nn.Module"),
    ],
)
def test_the_sentence_names_the_part_that_was_wrong(name: str, sentence: str) -> None:
    """Each way to fail is a ValueError that says which part of the name to correct."""
    with pytest.raises(ValueError, match=sentence):
        models.load_factory(name)


def test_no_page_reaches_a_user_factory() -> None:
    """The dashboard's sources never mention the loader, so a visitor cannot make the server import code."""
    root = Path(__file__).parents[2]
    sources = [
        root / "app.py",
        *(path for folder in ("pages", "ui", "charts") for path in (root / folder).rglob("*.py")),
    ]
    mentions = re.compile(r"load_factory|models\.user|models import user")
    assert [path.name for path in sources if path.exists() and mentions.search(path.read_text())] == []
