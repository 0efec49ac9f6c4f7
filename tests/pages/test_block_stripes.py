from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis.experiments.stripes import Settings, Training, train

PAGE = str(Path(__file__).parents[2] / "pages" / "building_blocks.py")
TRAIN = "blocks_stripes_train"


def stripes(**parameters: str) -> AppTest:
    """The block "Stripes task" with these query parameters, run once."""
    test = AppTest.from_file(PAGE, default_timeout=120)
    test.query_params["block"] = "stripes"
    for name, value in parameters.items():
        test.query_params[name] = value
    return test.run()


def headlines(test: AppTest) -> dict[str, str]:
    """The numbers by their labels."""
    return {metric.label: metric.value for metric in test.metric}


def test_nothing_is_trained_before_the_button() -> None:
    """The networks, the bound and the argument are there; where scores will stand, a sentence says so."""
    test = stripes()
    assert not test.exception
    assert headlines(test) == {
        "Groups = 1": "untrained",
        "Groups = 2": "untrained",
        "Groups = 2 with shuffle": "untrained",
        "Two towers reach at most": "75.0 %",
    }
    assert "will stand here" in test.text[0].value
    table = test.dataframe[0].value
    assert table["Parameters"].tolist() == [745, 385, 385]
    assert table["Channels that see both"].tolist() == ["8 of 8", "0 of 8", "8 of 8"]


def test_training_shows_who_learned_it() -> None:
    """The numbers are the library's; the four answers and the two equal sums of two towers stand there."""
    test = stripes(stripes_grid="2")
    test.button(key=TRAIN).click().run()
    assert not test.exception
    *_, last = train(Settings(grid=2, channels=8, steps=60, seed=0))
    shown = headlines(test)
    assert shown["Groups = 1"] == shown["Groups = 2 with shuffle"] == "100.0 %"
    assert shown["Groups = 2"] == f"{100 * last.accuracies[1][-1]:.1f} %"
    answers = test.dataframe[0].value.set_index("Network")
    assert answers["Right"].tolist()[::2] == ["4 of 4", "4 of 4"]
    assert answers.loc["groups = 1", "(p, p)"] == f"{last.scores[0][0]:+.6f} cross ✓"
    two = answers.loc["groups = 2"].map(str).to_dict()
    assert float(two["(p, p) + (q, q)"]) == pytest.approx(float(two["(p, q) + (q, p)"]), abs=2e-6)
    assert two["(p, p) + (q, q)"] in test.latex[1].value
    assert test.dataframe[1].value["All right from step"].isna().tolist() == [False, True, False]
    assert test.button(key=TRAIN).label == "Train again"


def test_a_training_is_kept_with_its_settings() -> None:
    """Another seed is untrained; back at the first its result is there without training."""
    test = stripes(stripes_grid="2")
    test.button(key=TRAIN).click().run()
    before = headlines(test)
    test.slider(key="blocks_stripes_seed").set_value(1).run()
    assert headlines(test)["Groups = 1"] == "untrained"
    test.slider(key="blocks_stripes_seed").set_value(0).run()
    assert headlines(test) == before


def test_what_a_stopped_training_has_reached_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A training that ends early leaves what it had reported, and how many steps that was."""

    def stopped(settings: Settings) -> Generator[Training, None, None]:
        reports = train(settings)
        yield next(reports)
        yield next(reports)

    monkeypatch.setattr("ui.blocks.stripes_training.train", stopped)
    test = stripes(stripes_grid="2")
    test.button(key=TRAIN).click().run()
    assert not test.exception
    assert "Stopped after 3 of 60 steps." in [caption.value for caption in test.caption]
    assert headlines(test)["Groups = 1"] != "untrained"


@pytest.mark.parametrize(
    ("name", "value"), [("stripes_grid", "5"), ("stripes_steps", "61"), ("stripes_seed", "x")]
)
def test_a_wrong_link_gets_a_sentence(name: str, value: str) -> None:
    """The default is shown, and why."""
    test = stripes(**{name: value})
    assert not test.exception
    assert f"The link says {name}={value}".replace("_", r"\_") in test.toast[0].value
