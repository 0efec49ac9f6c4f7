from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

import models
from analysis import analyze
from analysis.clean_units import clean_units, common_units
from analysis.row_counterpart import counterpart
from analysis.shift_test import Output, ShiftTest, along, shift_test
from models.blur_pooling import blur_pooling
from models.initialised import build_initialised
from ui.model_input import normalised, square
from ui.picture_file import shipped

SECTION = """
import models
from ui.aliasing_shift import show_shift_test
from ui.picture_file import shipped
card = models.card({name!r})
show_shift_test(card, {size}, shipped("bricks"))
"""
MOVE, MAP = "aliasing_shift_False", "aliasing_shift_True"


def section(name: str, size: int, **query: str) -> AppTest:
    """The section of the shift test for one model on the wall of bricks, run once."""
    test = AppTest.from_string(SECTION.format(name=name, size=size), default_timeout=180)
    for key, value in query.items():
        test.query_params[key] = value
    return test.run()


def headlines(test: AppTest) -> dict[str, str]:
    """Value of each headline by its label."""
    return {metric.label: metric.value for metric in test.metric}


def texts(test: AppTest) -> str:
    """All captions, sentences and chart titles."""
    return "\n".join(entry.value for kind in (test.caption, test.text, test.markdown) for entry in kind)


def test_costs_are_shown_before_anything_runs() -> None:
    """ResNet-18 with blurs of 3 x 3: eight of eight, the MACs of the trace, a table of where they stand."""
    test = section("resnet18", 224)
    assert not test.exception
    after = analyze(blur_pooling(models.build("resnet18")).model, (3, 224, 224)).totals
    assert headlines(test)["Behind a blur"] == "8 of 8"
    assert f"{after.macs:,} instead of 1,814,073,344" in texts(test)
    table = test.dataframe[0].value.set_index("layer")
    assert table.loc["layer2.0.conv1", "blur"] == "layer2.0.conv2.blur_before"
    more = (table["macs_after"] - table["macs_before"]).sum()
    assert more == after.macs - 1_814_073_344
    assert test.button(key=MOVE).label.startswith("Move the picture")
    assert "Consistency, as it is" not in headlines(test)


@pytest.mark.parametrize("path", ["right", "diagonal"])
def test_a_run_gives_the_librarys_distances(path: str) -> None:
    """ResNet-20 at 64 pixels, before and after: the distance of one pixel and the consistency, kept when redrawn."""
    test = section("resnet20_cifar", 64, path=path, shift_layer="stage1.2.relu2")
    test.button(key=MOVE).click().run()
    assert not test.exception
    network, shape = build_initialised("resnet20_cifar"), (3, 64, 64)
    before = analyze(network, shape)
    row = next(row for row in before.rows if row.name == "stage1.2.relu2")
    blurred = blur_pooling(network, 3, shape).model
    reports = {"as it is": (network, before), "with blurs": (blurred, analyze(blurred, shape))}
    twins = {name: counterpart(row, before, report) for name, (_, report) in reports.items()}
    clean = [clean_units(twin, (64, 64)) for twin in twins.values()]
    units = common_units(*clean)
    picture = normalised(square(shipped("bricks").pixels, 96), models.card("resnet20_cifar"))
    for name, (changed, report) in reports.items():
        output = Output(twins[name].index, len(report.rows) - 1, row.map_size, row.effective_stride, units)
        *_, found = shift_test(changed, picture, along(path), output, size=(64, 64))
        assert isinstance(found, ShiftTest)
        assert found.distances[1] is not None
        assert headlines(test)[f"One pixel, {name}"] == f"{found.distances[1].cosine:.3g}"
        assert headlines(test)[f"Consistency, {name}"].startswith(f"{100 * found.consistency:.3g}")
    test.button_group(key="aliasing_measure").set_value("relative").run()
    assert "1.41 one that has nothing to do" in texts(test)
    assert not [button for button in test.button if button.key == MOVE]


def test_both_directions() -> None:
    """81 windows more, of which the consistency counts 3,240 pairs; wrapped around, everything agrees at J."""
    test = section("resnet20_cifar", 32, edges="wrapped", shift_layer="stage3.2.relu2")
    test.button(key=MOVE).click().run()
    test.button(key=MAP).click().run()
    assert not test.exception
    assert "of 3,240 pairs of shifts agree" in texts(test)
    titles = [entry.value for entry in test.markdown if entry.value.startswith("#### ")]
    assert [title.split(":")[0] for title in titles[1:]] == [
        "#### Both directions, as it is", "#### Both directions, with blurs",
    ]  # fmt: skip
    assert "names no class" in texts(test)


def test_scores_can_be_compared() -> None:
    """They have no positions, and the section says so."""
    test = section("lenet5_modern", 32, shift_layer="scores")
    test.button(key=MOVE).click().run()
    assert not test.exception
    assert "Scores have no positions, so they are compared as they are" in texts(test)


def test_what_is_left_alone_is_named() -> None:
    """LeNet's poolings are function calls; ViT's patches are too far apart. Both can still be moved."""
    lenet = section("lenet5", 32)
    reasons = dict(zip(lenet.dataframe[0].value["layer"], lenet.dataframe[0].value["reason"], strict=True))
    assert reasons == dict.fromkeys(("s2", "s4"), "calls the function avg_pool2d, which is no module")
    assert headlines(lenet)["Behind a blur"] == "0 of 2"
    vit = section("vit_b_32", 224)
    assert "has no place for a blur: 1 subsampling cannot be changed" in texts(vit)
    assert not vit.exception


def test_a_network_that_cannot_wrap_is_a_sentence() -> None:
    """227 is no multiple of AlexNet's first stride; the button stays for another choice."""
    test = section("alexnet_2012", 227, edges="wrapped")
    test.button(key=MOVE).click().run()
    assert not test.exception
    assert "AlexNet cannot wrap around at 227 x 227" in texts(test)
    assert "One pixel, as it is" not in headlines(test)
