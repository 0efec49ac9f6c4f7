from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from analysis.zone_plate import FILTERS, sampled_plate
from ui.aliasing_zone_plate import LABELS

SECTION = "from ui.aliasing_zone_plate import show_zone_plate\nshow_zone_plate()"


def section(**query: str) -> AppTest:
    """The section of the zone plate alone, with these query parameters, run once."""
    test = AppTest.from_string(SECTION, default_timeout=60)
    for name, value in query.items():
        test.query_params[name] = value
    return test.run()


def titles(test: AppTest) -> list[str]:
    """Titles of the charts."""
    return [entry.value.removeprefix("#### ") for entry in test.markdown if entry.value.startswith("#### ")]


def test_all_filters_stand_side_by_side() -> None:
    """Six pictures beside the plate, titled by what is moiré; the caption says where it lies for S = 2."""
    test = section()
    assert not test.exception
    assert [title.split(":")[0] for title in titles(test)] == [
        "The plate", *(LABELS[name] for name in FILTERS), "Which frequencies pass each filter?",
    ]  # fmt: skip
    assert f"{100 * sampled_plate('none', 2).aliased_share:.3g}" in titles(test)[1]
    assert "r = f* / k = 60 pixels" in test.caption[0].value
    assert "around the 8 other places" in test.caption[0].value
    table = test.dataframe[0].value
    assert list(table["filter"]) == list(LABELS.values())
    assert table.set_index("filter").loc["Binomial 5", "limit_response"] == pytest.approx(0.25)


def test_the_link_says_stride_and_filters() -> None:
    """S = 4 has 24 false centres; two filters are drawn; a click on a third adds it to the link."""
    test = section(zone_stride="4", zone_filters="none,ideal")
    assert [title.split(":")[0] for title in titles(test)][1:3] == ["No filter", "Ideal"]
    assert "around the 24 other places" in test.caption[0].value
    test.button_group(key="aliasing_zone_filters").set_value(["none", "box", "ideal"]).run()
    assert test.query_params["zone_filters"] == "none,box,ideal"
    assert len(test.dataframe[0].value) == 3


def test_no_filter_at_all_is_a_view_too() -> None:
    """The plate alone, in a link as well; a filter that is not known is said, and the default is shown."""
    test = section(zone_filters="nothing")
    assert not test.exception
    assert titles(test)[0] == "The plate"
    assert len(titles(test)) == 2
    wrong = section(zone_filters="none,sinc")
    assert "'sinc' is none of none, box" in wrong.toast[0].value
    assert len(titles(wrong)) == 8
