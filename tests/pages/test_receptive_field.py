from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import models
from analysis import analyze
from analysis.receptive_field.units import seen_by, unit_grid
from analysis.records import Row

PAGE = str(Path(__file__).parents[2] / "pages" / "receptive_field.py")


def page(**parameters: str) -> AppTest:
    """The page with these query parameters, run once."""
    test = AppTest.from_file(PAGE, default_timeout=60)
    for name, value in parameters.items():
        test.query_params[name] = value
    return test.run()


def titles(test: AppTest) -> list[str]:
    """The headings of sections and charts."""
    return [entry.value.removeprefix("#### ") for entry in test.markdown if entry.value.startswith("####")]


def about_the_unit(test: AppTest) -> str:
    """The title over the picture."""
    return next(title for title in titles(test) if title.startswith("Unit"))


def said(test: AppTest, name: str) -> str:
    """A query parameter of the page's URL."""
    value = test.query_params[name]
    return value if isinstance(value, str) else value[0]


def boxes(test: AppTest) -> dict[str, list[int]]:
    """The table of boxes: top, left, bottom, right by what they are."""
    table = next(entry.value for entry in test.markdown if entry.value.startswith("| pixels"))
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    return {cells[0]: [int(cell) for cell in cells[1:] if cell] for cells in lines}


def lines(test: AppTest) -> str:
    """The sentences beside the table of boxes."""
    return next(
        entry.value
        for entry in test.markdown
        if "pixels around" in entry.value or "see nothing" in entry.value
    )


def row(model: str, layer: str, size: int = 224) -> Row:
    """A row of a report."""
    found = analyze(models.build(model, size), (3, size, size))
    return next(row for row in found.rows if row.name == layer)


def test_a_bare_link_shows_resnet50() -> None:
    """Its published field, what covers 224 pixels, a layer that sees less than half of them, the middle unit."""
    test = page()
    assert not test.exception
    metrics = {metric.label: metric.value for metric in test.metric}
    assert metrics["Receptive field"] == "427 x 427 px"
    assert metrics["Covers the input from"] == "depth 37"
    assert metrics["Gain no context"] == "14 of 53"
    assert "Unit (7, 7) of layer3.1.conv1 sees 107 x 107 pixels of the picture" in titles(test)
    assert test.query_params == {}


@pytest.mark.parametrize(
    ("layer", "unit"), [("features.12", (0, 1)), ("features.0", (54, 20)), ("features.8", (12, 0))]
)
def test_boxes_are_the_librarys(layer: str, unit: tuple[int, int]) -> None:
    """A link with a unit: its box on the picture, that on an unbounded input, and the padding between the two."""
    test = page(model="alexnet", layer=layer, unit=f"{unit[0]},{unit[1]}")
    found = row("alexnet", layer)
    grid = unit_grid(found)
    assert grid is not None and found.field is not None
    seen = seen_by(found.field, grid, unit)
    assert found.field.box((0, 0, *unit)) == tuple(boxes(test)["on the picture"])
    assert seen.unbounded == tuple(boxes(test)["unbounded input"])
    assert seen.beyond((224, 224)) == tuple(boxes(test)["beyond the border"])
    assert "It is a border unit" in lines(test)
    assert f"i J − P = {unit[0]} · " in lines(test)


def test_sliders_move_the_unit_and_the_url_follows() -> None:
    """Row 3 of AlexNet's last map; several units see the union."""
    test = page(model="alexnet", layer="features.12")
    slider = next(entry for entry in test.slider if entry.label == "Row of units")
    slider.set_value(2).run()
    assert said(test, "unit") == "2,3"
    assert "Unit (2, 3) of features.12" in about_the_unit(test)
    next(entry for entry in test.button_group if entry.label == "Look through").set_value("several").run()
    next(entry for entry in test.slider if entry.label == "Column of units").set_value((1, 4)).run()
    assert said(test, "unit") == "2,1,2,4"
    found = row("alexnet", "features.12")
    grid = unit_grid(found)
    assert grid is not None and found.field is not None
    assert seen_by(found.field, grid, (2, 1), (2, 4)).box == tuple(boxes(test)["on the picture"])


def test_gates_have_two_boxes_and_the_reason() -> None:
    """EfficientNet-B0: strictly everything, because of the first gate; locally a box."""
    test = page(model="efficientnet_b0")
    assert boxes(test)["strictly"] == [0, 0, 223, 223]
    assert boxes(test)["on the picture"] != [0, 0, 223, 223]
    assert "a path that sees the whole map joins in features.1.0.block.1.mul" in lines(test)


def test_tokens_are_units_in_one_line() -> None:
    """ViT-B/32: the class token sees nothing locally, the first patch its 32 x 32 pixels, and strictly all."""
    layer = "encoder.layers.encoder_layer_1.self_attention.scaled_dot_product_attention"
    first = page(model="vit_b_32", layer=layer, unit="0,1")
    assert not first.exception
    assert boxes(first)["on the picture"] == [0, 0, 31, 31]
    assert boxes(first)["strictly"] == [0, 0, 223, 223]
    assert "attention sees every position that it weighs" in lines(first)
    token = page(model="vit_b_32", layer=layer, unit="0,0")
    assert "see nothing along the local path, such as a class token" in lines(token)


def test_the_reverse_question() -> None:
    """Of AlexNet's 55 x 55 first units 9 see pixel (112, 112); none of the last sees nothing else."""
    test = page(model="alexnet", layer="features.0", box="112,112,112,112")
    metrics = {metric.label: metric.value for metric in test.metric}
    assert (metrics["See a part of it"], metrics["See all of it"], metrics["See nothing but it"]) == (
        "9",
        "9",
        "0",
    )
    whole = page(model="alexnet", layer="features.12", box="0,0,223,223")
    assert {metric.label: metric.value for metric in whole.metric}["See nothing but it"] == "36"


def test_another_network_starts_anew_and_another_size_keeps_the_layer() -> None:
    """A layer of AlexNet means nothing in VGG-16; a unit of 6 x 6 means nothing at another size."""
    test = page(model="alexnet", layer="features.12", unit="5,5")
    next(entry for entry in test.slider if entry.label.startswith("Input size")).set_value(128).run()
    assert said(test, "layer") == "features.12"
    assert "Unit (1, 1) of features.12" in about_the_unit(test)
    test.selectbox[0].set_value("vgg16").run()
    assert not test.exception
    assert "of features.17 sees" in about_the_unit(test)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"layer": "nonsense"}, "has no layer 'nonsense'"),
        ({"layer": "fc"}, ""),
        ({"unit": "99,0"}, "The layer has 14 x 14 units, counted from 0"),
        ({"unit": "a,b"}, "is not a row and a column"),
        ({"unit": "1,2,3"}, "names neither one unit"),
        ({"box": "5,5,1,1"}, "The picture has rows 0 to 223"),
        ({"box": "1"}, "is not a box"),
        ({"models": "vgg11,vgg13,vgg16,vgg19,alexnet,resnet18"}, "It names 6 models"),
        ({"picture": "dog"}, "'dog' is none of cat"),
    ],
)
def test_a_wrong_link_is_a_sentence(parameters: dict[str, str], sentence: str) -> None:
    """The default is shown, and the remark says what was wrong."""
    test = page(**parameters)
    assert not test.exception
    remarks = " ".join(toast.value.replace("\\", "") for toast in test.toast)
    assert sentence in remarks
    assert bool(remarks) == bool(sentence)


def test_models_that_cannot_run() -> None:
    """One beside leaves its sentence; the page's own stops it, with a way out."""
    test = page(model="resnet18", models="vit_b_16,alexnet", size="100")
    assert not test.exception
    assert [text.value for text in test.text] == [
        "ViT-B/16 cannot be built for images of 100 pixels: choose a multiple of 16"
    ]
    assert any(title.endswith("before their heads: 2 of 2") for title in titles(test))
    alone = page(model="alexnet", size="50")
    assert not alone.exception
    assert "The smallest square input that works is 63 x 63." in alone.text[0].value
    assert any(button.label == "Show it at 63 x 63 pixels" for button in alone.button)


@pytest.mark.parametrize("model", ["lenet5", "swin_t", "maxvit_t", "densenet121", "resnet20_cifar"])
def test_other_networks_open(model: str) -> None:
    """Grey inputs, windows, gates with attention, dense blocks, pictures of 32 pixels."""
    test = page(model=model, picture="digit")
    assert not test.exception
    assert re.search(r"Unit .* sees \d+ x \d+ pixels of the picture", about_the_unit(test))


def test_the_table_lists_every_layer() -> None:
    """AlexNet: nine layers before the head with the published fields of its poolings."""
    table = page(model="alexnet").dataframe[0].value
    assert table["name"].tolist()[-2:] == ["features.12", "avgpool"]
    assert table["receptive_field_h"].tolist() == [11, 19, 51, 67, 99, 131, 163, 195, 195]
    assert not table["gains_nothing"].any()
