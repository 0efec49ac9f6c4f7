from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

PAGE = str(Path(__file__).parents[2] / "pages" / "parameters.py")


def parameters(**query: str) -> AppTest:
    """The Parameters page with these query parameters, run once."""
    test = AppTest.from_file(PAGE, default_timeout=60)
    for name, value in query.items():
        test.query_params[name] = value
    return test.run()


def headlines(test: AppTest) -> list[tuple[str, str]]:
    """Label and value of each headline, those of the surgery after those of the network."""
    return [(metric.label, metric.value) for metric in test.metric]


def sentences(test: AppTest) -> str:
    """All Markdown of the page."""
    return "\n".join(entry.value for entry in test.markdown)


def test_default_is_the_alexnet_of_2012() -> None:
    """58,631,144 of 60,965,224 parameters sit in three layers; pooling leaves 2,591,080 (2,334,080 + 257,000)."""
    test = parameters()
    assert not test.exception
    assert headlines(test)[:3] == [
        ("Parameters", "61.0 M"),
        ("Fully connected", "96.2%"),
        ("Convolutions", "3.8%"),
    ]
    captions = [entry.value for entry in test.caption]
    assert "58,631,144 in 3 layers" in captions
    assert "2,591,080 instead of 60,965,224" in captions
    assert "layer 'fc6' fails" in sentences(test).replace("\\", "")


def test_network_in_networks_head() -> None:
    """A map a class: a 1 x 1 convolution from 256 maps to 1,000 has as many weights as the linear layer."""
    test = parameters(head="conv_gap")
    assert "2,591,080 instead of 60,965,224" in [entry.value for entry in test.caption]


def test_a_network_that_pools_says_so() -> None:
    """ResNet-50 has nothing to replace; one layer of it is fully connected (2,049,000)."""
    test = parameters(model="resnet50")
    assert not test.exception
    assert "Nothing to replace:" in sentences(test)
    assert "2,049,000 in 1 layer" in [entry.value for entry in test.caption]


def test_another_size_runs_with_the_new_head_alone() -> None:
    """AlexNet (2012) takes 227 pixels alone; with pooling it runs at 160, where its MACs are the library's."""
    text = sentences(parameters(other="160")).replace("\\", "")
    assert "**As it is** at 160 x 160: The network cannot run" in text
    assert "**Pooled** at 160 x 160:" in text
    assert "MACs, 2,591,080 parameters" in text


def test_census_and_file_sizes() -> None:
    """VGG-16: 553,430,176 bytes in float32, half of that in float16; 16 layers that add up to 138,357,544."""
    test = parameters(model="vgg16")
    tables = [frame.value for frame in test.dataframe]
    sizes = next(table for table in tables if "dtype" in table).set_index("dtype")["bytes"]
    assert (sizes["float32"], sizes["float16"], sizes["int8"]) == (553_430_176, 276_715_088, 138_357_544)
    census = next(table for table in tables if "share" in table)
    assert (len(census), census["params"].sum()) == (16, 138_357_544)


def test_too_small_a_size_is_a_sentence() -> None:
    """The page ends with what works instead."""
    test = parameters(model="alexnet", size="17")
    assert not test.exception
    assert any("63 x 63" in entry.value for entry in test.text)


def test_vit_has_no_flattened_map() -> None:
    """ViT classifies one token; its linear layers work at each position."""
    test = parameters(model="vit_b_16")
    assert not test.exception
    assert "classifies one token" in sentences(test)
