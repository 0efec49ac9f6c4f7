"""The red and the blue stripe: pictures of the task, and how three networks come to answer it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from charts.blocks.panels import panel_axes
from charts.theme import BLUE, GREEN, ORANGE, PURPLE, RED, figure

# Of the networks, in their order: a colour, a marker and a dash each.
_LINES = ((BLUE, "circle", "solid"), (ORANGE, "square", "dash"), (GREEN, "diamond", "dot"))
_PANEL_PX = 130
_BACKGROUND = (128, 128, 128, 60)


def pictures_chart(
    title: str, pictures: NDArray[np.float32], names: Sequence[str], columns: int
) -> go.Figure:
    """Pictures (m, 2, height, width) of red and blue values 0 or 1 in rows of ``columns``, their names below."""
    rows = -(-len(pictures) // columns)
    chart = figure(title, height=rows * _PANEL_PX)
    for index, (picture, name) in enumerate(zip(pictures, names, strict=True)):
        axes = panel_axes(chart, index, columns, rows, name, picture.shape[1:])
        chart.add_trace(go.Image(z=_pixels(picture), colormodel="rgba256", hoverinfo="skip", **axes))
    return chart


def accuracy_chart(
    names: Sequence[str],
    steps: Sequence[int],
    accuracies: Sequence[Sequence[float]],
    bound: float,
    last_step: int,
) -> go.Figure:
    """Accuracy of each network over the steps of training, up to ``last_step``; a line at ``bound`` and at 1/2."""
    chart = figure(
        _finding(names, accuracies), "steps of training", "balanced accuracy, all pictures (%)", 340
    )
    for name, course, (colour, symbol, dash) in zip(names, accuracies, _LINES, strict=True):
        chart.add_scatter(
            x=list(steps),
            y=[100 * accuracy for accuracy in course],
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2.5},
            marker={"color": colour, "symbol": symbol, "size": 6},
            hovertemplate=f"<b>{name}</b><br>after %{{x}} steps<br>%{{y:.2f}} %<extra></extra>",
        )
    for level, text in ((bound, "the most that two towers can reach"), (0.5, "always the same answer")):
        chart.add_hline(
            y=100 * level, line={"dash": "dashdot", "color": "rgba(128,128,128,0.9)", "width": 1.5}
        )
        chart.add_annotation(
            x=1, xref="paper", xanchor="right", y=100 * level, yanchor="bottom", text=text, showarrow=False
        )
    chart.update_xaxes(range=[-0.02 * last_step, 1.02 * last_step])
    chart.update_yaxes(range=[20, 104], dtick=25, tick0=0)
    return chart


def _finding(names: Sequence[str], accuracies: Sequence[Sequence[float]]) -> str:
    if not accuracies[0]:
        return "Which of the three networks will learn it?"
    reached = {name: course[-1] for name, course in zip(names, accuracies, strict=True)}
    learned = [name for name, accuracy in reached.items() if accuracy == 1]
    others = [f"{name} ({100 * accuracy:.1f} %)" for name, accuracy in reached.items() if accuracy < 1]
    found = f"Every picture right: {', '.join(learned) or 'none'}"
    return f"{found}. Not: {', '.join(others)}" if others else found


def _pixels(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A picture (2, height, width) as colours (height, width, 4): red, blue, purple where they cross."""
    red, blue = picture > 0
    pixels = np.empty((*red.shape, 4), dtype=np.uint8)
    pixels[:] = _BACKGROUND
    for where, colour in ((red, RED), (blue, BLUE), (red & blue, PURPLE)):
        pixels[where] = (*bytes.fromhex(colour[1:]), 255)
    return pixels
