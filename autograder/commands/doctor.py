"""`autograder doctor`: what confines student code here."""

from __future__ import annotations

import argparse

from autograder.commands.common import DONE, NOT_DONE, Commands, add_command, add_json


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put `doctor` on the command line."""
    command = add_command(
        commands,
        "doctor",
        "Say what confines student code on this machine, layer by layer, and what is missing.",
        ("autograder doctor",),
    )
    add_json(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    from autograder.judging.doctor import examine

    finding = examine()
    if arguments.json:
        from autograder import console

        console.print_json(finding)
    else:
        print("\n".join(finding.lines()))
    return DONE if finding.enough and not finding.lost else NOT_DONE
