"""The first visit of a server that has just been started."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.parametrize(
    ("link", "title"),
    [
        ("inspect_model?model=resnet18&size=160", "What is inside"),
        ("compare?models=alexnet,vgg11", "Where do they differ"),
    ],
)
def test_a_link_works_on_a_server_that_nobody_has_visited(
    fresh_app_url: str, page: Page, wait_until_idle: Callable[[], None], link: str, title: str
) -> None:
    """The page that the link names is drawn within the dashboard's own navigation, without a dialog."""
    page.goto(fresh_app_url + link)
    wait_until_idle()
    expect(page.get_by_role("heading").first).to_contain_text(title)
    expect(page.get_by_test_id("stTopNavLink").first).to_contain_text("Overview")
    expect(page.get_by_test_id("stSidebar")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert link in page.url
