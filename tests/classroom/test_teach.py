"""The chapter for instructors shows no command that does not exist."""

from __future__ import annotations

import re
import shlex

import pytest

from autograder import cli
from tests.support.courses import ROOT

PAGES = ("teach.md", "own-course.md")
PAGE = "\n".join((ROOT / "chapters" / page).read_text(encoding="utf-8") for page in PAGES)


def _commands():
    blocks = re.findall(r"^```console\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    inline = re.findall(r"`(autograder [a-z]+ [^`]+)`", PAGE.replace("\n", " "))
    return [line.removeprefix("$ ") for line in lines] + inline


@pytest.mark.parametrize("command", [line for line in _commands() if line.startswith("autograder ")])
def test_every_autograder_command_is_one(command):
    cli.parser().parse_args(shlex.split(command)[1:])


def test_every_command_is_shown_in_the_chapter():
    shown = {line.split()[1] for line in _commands() if line.startswith("autograder ")}
    commands = next(action for action in cli.parser()._actions if isinstance(action.choices, dict))
    known = set(commands.choices)
    assert shown == known


@pytest.mark.parametrize("command", [line for line in _commands() if line.startswith("nbgrader ")])
def test_every_nbgrader_command_is_one(command):
    from nbgrader.apps import NbGraderApp

    known = set(NbGraderApp().subcommands)
    assert command.split()[1] in known


@pytest.mark.parametrize("command", [line for line in _commands() if line.startswith("make")])
def test_every_word_of_make_is_one(command):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"\n{command.split()[1]}:" in makefile
