"""The container's recipe: all that it names is there, it installs what it says, and the dev container is the same."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import tomllib

import pytest

from autograder import cli
from tests.support.courses import ROOT

RECIPE = re.sub(r"\\\n\s*", "", (ROOT / "Containerfile").read_text(encoding="utf-8"))
STEPS = [line.partition(" ")[::2] for line in RECIPE.splitlines() if line and not line.startswith("#")]
SCRIPT = (ROOT / ".ci" / "container").read_text(encoding="utf-8")
CHAPTER = (ROOT / "chapters" / "teach.md").read_text(encoding="utf-8")


def _steps(word):
    return [text for name, text in STEPS if name == word]


def _copied():
    return [source for text in _steps("COPY") for source in text.split()[:-1]]


def test_what_is_copied_is_there_and_not_ignored():
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8").split()
    assert ignored[0] == "*"
    for name in _copied():
        assert (ROOT / name).exists()
        assert f"!{name}" in ignored


def test_all_that_the_package_is_built_from_is_copied():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {project["readme"], *project["license-files"], "pyproject.toml", "autograder"} <= set(_copied())
    extras = re.search(r"/opt/source\[([\w,]+)\]", RECIPE)[1].split(",")
    assert set(extras) <= set(project["optional-dependencies"])


def test_it_runs_as_a_user_and_shows_first_what_confines_student_code():
    assert _steps("USER") == ["grader"]
    command = json.loads(_steps("CMD")[0])
    assert command[0] == "autograder"
    cli.parser().parse_args(command[1:])


def test_the_dev_container_is_made_from_it():
    path = ROOT / ".devcontainer" / "devcontainer.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    assert (path.parent / told["build"]["dockerfile"]).resolve() == ROOT / "Containerfile"
    assert (path.parent / told["build"]["context"]).resolve() == ROOT
    assert told["remoteUser"] == _steps("USER")[0]
    assert told["workspaceFolder"] == _steps("WORKDIR")[0]


@pytest.mark.parametrize("script", ["arm64", "container", "newest", "run"])
def test_the_scripts_can_be_read_by_the_shell(script):
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / script], check=False).returncode == 0


def test_the_chapter_shows_the_options_that_were_tried():
    locked = re.search(r"^locked='(.*)'$", SCRIPT, re.MULTILINE)[1]
    blocks = re.findall(r"^```console\n(.*?)^```", CHAPTER, flags=re.MULTILINE | re.DOTALL)
    run = next(block for block in blocks if "podman run" in block and "--cap-drop" in block)
    shown = shlex.split(run.replace("\\\n", " ").removeprefix("$ "))
    assert set(shlex.split(locked)) <= set(shown)
