from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import models
from analysis import analyze
from analysis.effective_field import effective_fields, noise, unit_index
from analysis.field_measures import FieldMeasures, field_measures
from models.initialised import build_initialised
from ui import effective_field_work, real_models

PAGE = str(Path(__file__).parents[2] / "pages" / "receptive_field.py")
SMALL = {"model": "squeezenet1_1", "size": "64", "layer": "features.7.squeeze", "inputs": "2"}
LABELS = ["Effective side", "Radius", "Central half", "Theoretical box"]


def page(**parameters: str) -> AppTest:
    """The page with these query parameters, run once."""
    test = AppTest.from_file(PAGE, default_timeout=120)
    for name, value in parameters.items():
        test.query_params[name] = value
    return test.run()


def measured(test: AppTest) -> dict[str, str]:
    """The headlines of the section, empty without a measurement."""
    return {metric.label: metric.value for metric in test.metric if metric.label in LABELS}


def title(test: AppTest) -> str:
    """What the heat map says."""
    return next(entry.value for entry in test.markdown if " uses " in entry.value)


def expected(unit: tuple[int, int]) -> FieldMeasures:
    """The library's numbers for a unit of SMALL."""
    report = analyze(models.build("squeezenet1_1"), (3, 64, 64))
    row = next(row for row in report.rows if row.name == SMALL["layer"])
    units = {row.index: unit_index(row, unit)}
    *_, fields = effective_fields(build_initialised("squeezenet1_1"), noise((3, 64, 64), 2), units)
    return field_measures(fields[row.index], row, unit)


def test_nothing_runs_before_it_is_asked_for() -> None:
    """The section offers its button, and says that the weights are random."""
    test = page()
    assert not test.exception
    assert measured(test) == {}
    assert "Measure the chosen unit" in [button.label for button in test.button]
    assert any("Weights are random (seed 0)" in entry.value for entry in test.caption)


def test_the_button_measures_the_chosen_unit() -> None:
    """The library's numbers on the screen; the URL remembers, so that the link measures by itself."""
    test = page(**SMALL, unit="1,2")
    test.button(key="field_effective_unit").click().run()
    assert not test.exception
    numbers = expected((1, 2))
    found = measured(test)
    assert found["Effective side"] == f"{numbers.side:,.1f} px"
    assert found["Radius"] == f"{numbers.radius:,.1f} px"
    assert found["Theoretical box"] == "100\N{NO-BREAK SPACE}%"
    assert title(test).startswith("#### Unit (1, 2) of features.7.squeeze uses")
    assert test.query_params["effective"] in ("unit", ["unit"])
    assert measured(page(**SMALL, unit="1,2", effective="unit")) == found


def test_along_the_depth() -> None:
    """A link with effective=depth measures both; the table has a line a stage."""
    test = page(**SMALL, effective="depth")
    assert not test.exception
    table = next(frame.value for frame in test.dataframe if "effective_side" in frame.value)
    assert list(table["stage"]) == ["31x31", "15x15", "7x7", "3x3"]
    assert (table["effective_side"] <= table["theoretical_side"]).all()


def test_another_unit_is_measured_when_it_is_chosen() -> None:
    """A slider of the section above moves the unit; the measurement follows."""
    test = page(**SMALL, unit="1,2", effective="unit")
    next(slider for slider in test.slider if slider.label == "Column of units").set_value(0).run()
    assert not test.exception
    assert title(test).startswith("#### Unit (1, 0) of")
    assert measured(test)["Effective side"] == f"{expected((1, 0)).side:,.1f} px"


def test_the_picture_as_input() -> None:
    """Noise around the picture gives another field than noise alone, and the sentence says which."""
    alone, around = (page(**SMALL, effective="unit", source=source) for source in ("noise", "picture"))
    assert measured(alone) != measured(around)
    assert any("2 inputs (the picture and noise)" in entry.value for entry in around.markdown)


def test_a_large_network_waits_for_the_button(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link does not start what takes longer than about two seconds."""
    monkeypatch.setattr(effective_field_work, "MOST_MACS_AT_ONCE", 1)
    assert measured(page(**SMALL, unit="0,1", effective="unit")) == {}


def test_what_cannot_be_measured_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that is too large says what it would need; the rest of the page stays."""
    monkeypatch.setattr(real_models, "MOST_PARAMS", 1)
    test = page(**SMALL, unit="2,2", effective="unit")
    assert not test.exception
    assert any("would need" in entry.value for entry in test.text)
    assert any("All layers before the head" in entry.value for entry in test.markdown)


def test_gates_have_their_sentence() -> None:
    """EfficientNet's gates let every unit see everything: how much comes past them is said."""
    test = page(
        model="efficientnet_b0", size="64", inputs="1", effective="unit", layer="features.3.0.block.3.0"
    )
    assert any(
        "of the energy lies in the field along the local path" in entry.value for entry in test.markdown
    )
