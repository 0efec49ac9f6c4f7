from __future__ import annotations

import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from charts.theme import figure
from ui.html_report import html_report, versions


def report(**changes: object) -> str:
    """A report of one chart and one table."""
    chart = figure("Which <one>?", "x (px)", "y")
    chart.add_scatter(x=[1, 2], y=[3, 4], name="a line")
    content: dict[str, object] = {
        "url": "http://localhost/compare?models=a,b&unit=macs",
        "headlines": {"Parameters": "25.6 M"},
        "charts": [chart, chart],
        "tables": {"Differences": pd.DataFrame({"quantity": ["<b>macs</b>"], "resnet50": [4_089_184_256]})},
        "captions": ["What this shows."],
        "notes": ["A note & more."],
        **changes,
    }
    return html_report("Title <1>", **content)  # type: ignore[arg-type]  # the types are those of html_report


def test_report_needs_no_other_file() -> None:
    """plotly.js is inside, once, and nothing is loaded from anywhere."""
    text = report()
    tags = re.findall(
        r"<(?:script|link|img|iframe)\b[^>]*>", text.split("<body>")[0] + text.split("</script>")[-1]
    )
    assert text.count("plotly.js v") == 1
    assert not [tag for tag in tags if "src=" in tag or "href=" in tag]
    assert not re.search(r"<script[^>]*\bsrc=", text)


def test_report_holds_everything_and_escapes_it() -> None:
    """Headlines, chart titles, captions, numbers of the table, notes, date, versions and the link of the view."""
    text = report()
    for part in (
        *("<h1>Title &lt;1&gt;</h1>", "25.6 M", "Which &lt;one&gt;?", "What this shows.", "4,089,184,256"),
        *("&lt;b&gt;macs&lt;/b&gt;", "A note &amp; more.", "models=a,b&amp;unit=macs", " UTC with Python 3."),
    ):
        assert part in text
    HTMLParser().feed(text)


@pytest.mark.parametrize("package", ["torch", "torchvision", "streamlit", "plotly"])
def test_versions_are_those_that_run(package: str) -> None:
    """The report states the versions that the interpreter would import."""
    assert versions()[package].split("+")[0] == __import__(package).__version__.split("+")[0]
