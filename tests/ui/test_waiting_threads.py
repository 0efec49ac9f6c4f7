from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ui.warm_up import let_waiting_threads_sleep

ROOT = Path(__file__).parents[2]


def test_threads_sleep_unless_the_environment_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set already stays."""
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    let_waiting_threads_sleep()
    assert os.environ["OMP_WAIT_POLICY"] == "PASSIVE"
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    let_waiting_threads_sleep()
    assert os.environ["OMP_WAIT_POLICY"] == "ACTIVE"


def test_torch_is_not_imported_before() -> None:
    """The policy is read when PyTorch is loaded, so nothing that app.py imports may load it."""
    script = "import sys; import streamlit, ui.url_state, ui.warm_up; print('torch' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert found.stdout.strip() == "False"
