from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

PAGE = str(Path(__file__).parents[2] / "pages" / "compare.py")


def compare(**parameters: str) -> AppTest:
    """The Compare page with these query parameters, run once."""
    test = AppTest.from_file(PAGE, default_timeout=60)
    for name, value in parameters.items():
        test.query_params[name] = value
    return test.run()


def cards(test: AppTest) -> list[str]:
    """The text of the models' cards."""
    return [entry.value for entry in test.markdown if "peak memory" in entry.value]


def test_default_compares_three_generations() -> None:
    """VGG-16, ResNet-50 and MobileNetV2 at 224 pixels, with the published numbers of parameters."""
    test = compare()
    assert not test.exception
    assert [
        parameters in card
        for parameters, card in zip(("138 M", "25.6 M", "3.50 M"), cards(test), strict=True)
    ] == [True] * 3
    params = test.dataframe[0].value.set_index("Quantity").loc["Parameters"].to_dict()
    assert (params["VGG-16"], params["ResNet-50"], params["MobileNetV2"]) == (
        "138,357,544",
        "25,557,032",
        "3,504,872",
    )


def test_a_model_that_fails_leaves_the_others() -> None:
    """AlexNet needs 63 pixels and ViT-B/16 multiples of 16; ResNet-18 is shown."""
    test = compare(models="alexnet,vit_b_16,resnet18", size="50")
    assert not test.exception
    sentences = [entry.value for entry in test.text]
    assert "The smallest square input that works is 63 x 63." in sentences[0]
    assert sentences[1] == "ViT-B/16 cannot be built for images of 50 pixels: choose a multiple of 16"
    assert len(cards(test)) == 1


def test_all_fail() -> None:
    """Nothing to show is said in a sentence."""
    test = compare(models="alexnet,vit_b_16", size="50")
    assert not test.exception
    assert "None of these models can run at this size" in test.text[-1].value


def test_each_at_its_published_size() -> None:
    """Inception-v3 at 299 pixels costs its published 5.713 GMACs, EfficientNet-B4 at 380 its 4.394."""
    test = compare(models="inception_v3,efficientnet_b4", sizes="published")
    assert [card.split("  \n")[0].strip("*").split(" GMACs")[0] for card in cards(test)] == ["5.71", "4.39"]


def test_one_model_is_not_enough() -> None:
    """Taking models away until one is left asks for another, and the URL keeps the one."""
    test = compare(models="alexnet,resnet18")
    test.multiselect[0].set_value(["alexnet"]).run()
    assert not test.exception
    assert "Choose two models or more" in test.text[0].value


def test_a_link_to_too_many_models_gets_a_sentence() -> None:
    """Seven are more than six: the default is shown."""
    test = compare(models="alexnet,vgg11,vgg13,vgg16,vgg19,resnet18,resnet34")
    assert "It names 7 models, and 2 to 6 can be compared." in test.toast[0].value
    assert len(cards(test)) == 3


def test_unit_switch() -> None:
    """FLOPs are twice the MACs: 8.18 G for ResNet-50."""
    test = compare(unit="flops")
    assert "8.18 GFLOPs" in cards(test)[1]
