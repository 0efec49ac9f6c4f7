"""The first visit of a server that has just been started."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.parametrize(
    ("link", "title"),
    [
        ("inspect?model=resnet18&size=160", "What is inside"),
        ("compare?models=alexnet,vgg11", "Where do they differ"),
    ],
)
def test_a_link_works_on_a_server_that_nobody_has_visited(
    fresh_app_url: str, page: Page, wait_until_idle: Callable[[], None], link: str, title: str
) -> None:
    """The page that the link names is drawn at once, within the dashboard's navigation, without a dialog."""
    page.goto(fresh_app_url + link)
    wait_until_idle()
    expect(page.get_by_role("heading").first).to_contain_text(title)
    expect(page.get_by_role("link", name="Overview")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
