"""`autograder adopt`, `drop`, `doctor` and `completion`: this grader under a course, on a machine, in a shell."""

from __future__ import annotations

import argparse
import contextlib

from autograder import console
from autograder.classroom.errors import CourseError
from autograder.commands import preparing
from autograder.commands.common import DONE, JSON, NOT_DONE, argument, command, open_course

_BASH = """\
_autograder() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} command=${{COMP_WORDS[1]}} words
    if [ "$COMP_CWORD" -eq 1 ]; then words="{commands} --help --version"
    else case "$command" in
{cases}
    esac; fi
    case "$word" in
        -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
        *) COMPREPLY=($(compgen -W "$words $(ls solutions 2>/dev/null)" -- "$word") $(compgen -f -- "$word")) ;;
    esac
}}
complete -o filenames -F _autograder autograder
"""


_FISH = "complete -c autograder {condition} -a '{words}'"


@command(
    "adopt",
    "Put this grader under the nbgrader course you are in.",
    ("autograder adopt", "autograder adopt --write"),
    argument("--write", action="store_true", help="add the lines; without, they are only shown"),
    lambda command: command.set_defaults(assignments=[], json=False),
    needs_course=False,
)
def _run_adopt(arguments: argparse.Namespace) -> int:
    """Show or add the lines; when they are added, check every assignment."""
    from autograder.classroom import adopt

    path, lines = adopt.adopt(arguments.course, write=arguments.write)
    print(lines)
    if not arguments.write:
        print(
            f"These lines would be added to {path}: `autograder adopt --write` does it. Nothing else changes."
        )
        return DONE
    print(f"These lines were added to {path}. Nothing else of the course has changed.\n")
    return preparing.run_check(open_course(arguments), arguments) or DONE


@command("drop", "Take this grader out of the course again.", ("autograder drop",), needs_course=False)
def _run_drop(arguments: argparse.Namespace) -> None:
    from autograder.classroom import adopt

    print(f"The lines are out of {adopt.drop(arguments.course)}; what is graded stays.")


@command(
    "doctor",
    "Say what confines student code on this machine, layer by layer, and what is missing.",
    ("autograder doctor",),
    JSON,
    needs_course=False,
)
def _run_doctor(arguments: argparse.Namespace) -> int:
    from autograder.judging.doctor import examine

    finding = examine()
    if arguments.json:
        console.print_json(finding)
    else:
        print("\n".join(finding.lines()))
        _look_who_can_read(arguments)
    return DONE if finding.enough and not finding.lost else NOT_DONE


def _look_who_can_read(arguments: argparse.Namespace) -> None:
    """Say what of the course that we are in others can read; nothing where we are in none."""
    from autograder.classroom.course import advice_on_privacy, load_course

    with contextlib.suppress(CourseError):
        if advice := advice_on_privacy(load_course(arguments.course)):
            console.complain(advice)


@command(
    "completion",
    "Print what makes a shell complete the words of this command.",
    (
        'eval "$(autograder completion bash)"    # in ~/.bashrc',
        'eval "$(autograder completion zsh)"     # in ~/.zshrc',
        "autograder completion fish | source     # in ~/.config/fish/config.fish",
    ),
    argument("shell", choices=["bash", "zsh", "fish"]),
    needs_course=False,
)
def _run_completion(arguments: argparse.Namespace) -> None:
    options = _options()
    if arguments.shell == "fish":
        print(_FISH.format(condition="-f -n __fish_use_subcommand", words=" ".join(options)))
        for name, words in options.items():
            condition = f"-n '__fish_seen_subcommand_from {name}'"
            print(_FISH.format(condition=condition, words=f"{' '.join(words)} (ls solutions 2>/dev/null)"))
        return
    cases = "\n".join(f'        {name}) words="{" ".join(words)}" ;;' for name, words in options.items())
    script = _BASH.format(commands=" ".join(options), cases=cases)
    print(
        ("autoload -U +X bashcompinit && bashcompinit\n" if arguments.shell == "zsh" else "") + script, end=""
    )


def _options() -> dict[str, list[str]]:
    """Each command's options."""
    from autograder.cli import parser

    found: dict[str, list[str]] = {}
    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                own = (text for one in command._actions for text in one.option_strings)
                found[name] = [text for text in own if text.startswith("--")]
    return found
