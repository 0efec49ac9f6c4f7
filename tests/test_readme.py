"""The README's examples, run as a reader would run them."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LIBRARY_EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
COMMANDS = re.findall(r"```console\n\$ (.*?)\n(.*?)```", README, re.DOTALL)
AS_SHOWN = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
LINKS = [link for link in re.findall(r"\]\(([^)]+)\)", README) if not link.startswith("http")]


@pytest.mark.parametrize("example", LIBRARY_EXAMPLES)
def test_library_examples_print_what_they_show(example: str) -> None:
    """Each Python session of the README gives the results that stand under its lines."""
    parsed = doctest.DocTestParser().get_doctest(example, {}, "README.md", "README.md", 0)
    said: list[str] = []
    assert doctest.DocTestRunner().run(parsed, out=said.append).failed == 0, "".join(said)
    assert parsed.examples


@pytest.mark.parametrize(("command", "shown"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_commands_print_what_they_show(command: str, shown: str) -> None:
    """Each command line of the README gives the lines under it; "..." stands for what is left out."""
    program, *arguments = shlex.split(command)
    assert program == "python"
    ran = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    assert doctest.OutputChecker().check_output(shown, ran.stdout, AS_SHOWN), ran.stdout


def test_make_has_the_targets_that_are_named() -> None:
    """Every make target of the README and the contributors' guide exists."""
    text = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake ([a-z]+)\b", text))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"run", "test"} <= named <= targets


@pytest.mark.parametrize("link", LINKS)
def test_links_lead_somewhere(link: str) -> None:
    """Every file that the README links to or shows is there."""
    assert (ROOT / link).exists()


def test_the_readme_holds_examples_of_each_kind() -> None:
    """The patterns above find the README's examples, so that none goes unrun."""
    assert README.count("```python") == len(LIBRARY_EXAMPLES) >= 2
    assert README.count("```console") == len(COMMANDS) >= 4
