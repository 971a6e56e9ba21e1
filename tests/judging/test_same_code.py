"""The confined process runs the judge's own code, and says the same on every machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.judging import connection
from autograder.judging.sandbox import CannotConfine
from autograder.judging.session import judge_submission

from .conftest import cells

ROOT = Path(__file__).resolve().parents[2]
WHERE = """
from autograder.judging import forkserver, outcome, session, wire
cell = outcome.Cell("student", "a", "import sys; print(sys.modules['autograder.judging.wire'].__file__)")
with forkserver.Warm() as warm:
    print(wire.__file__, session.judge_submission(warm, [cell])[0].stdout)
"""


def test_other_code_is_refused_in_one_clear_line(warm, monkeypatch):
    monkeypatch.setattr(connection, "CODE", "0" * 64)
    with pytest.raises(CannotConfine, match=r"^the confined process runs other code than the grader[^\n]*$"):
        judge_submission(warm, cells("1"))


def test_edited_copy_of_the_tree_judges_with_its_own_worker(tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "autograder", copy / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    module = copy / "autograder" / "judging" / "wire.py"
    module.write_text(module.read_text() + "\nEDITED = True\n")
    run = subprocess.run(
        [sys.executable, "-c", WHERE],
        cwd="/",
        env={"PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == [str(module)] * 2


def test_library_files_are_named_by_package(judge):
    outcomes = judge(
        "def f():\n    return np.linalg.inv(np.zeros((2, 2)))\nf()",
        "import json\njson.loads('{')",
        "import warnings\nnp.float64(1) / 0\nnp",
        ("test", "f()"),
    )
    text = (
        "".join(o.error.traceback for o in outcomes if o.error) + outcomes[2].stderr + outcomes[2].displays[0]
    )
    assert 'File "numpy/linalg/_linalg.py"' in text
    assert 'File "json/decoder.py"' in text
    assert "from 'numpy/__init__.py'" in text
    assert str(Path(np.__file__).parents[1]) not in text
    assert not re.search(r"[\"']/", text)
