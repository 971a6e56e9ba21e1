"""`autograder adopt`, `drop`, `doctor` and `completion`: this grader under a course, on a machine, in a shell."""

from __future__ import annotations

import argparse
import contextlib

from autograder.classroom.errors import CourseError
from autograder.commands import preparing
from autograder.commands.common import DONE, NOT_DONE, Commands, add_command, add_json

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


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Put them on the command line."""
    for one in (_add_adopt, _add_doctor, _add_completion):
        one(commands)


def _add_adopt(commands: Commands[argparse.ArgumentParser]) -> None:
    examples = ("autograder adopt", "autograder adopt --write")
    command = add_command(
        commands, "adopt", _run_adopt, "Put this grader under the nbgrader course you are in.", examples
    )
    command.add_argument("--write", action="store_true", help="add the lines; without, they are only shown")
    command.set_defaults(assignments=[], json=False)
    add_command(
        commands, "drop", _run_drop, "Take this grader out of the course again.", ("autograder drop",)
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
    return preparing.run_check(arguments)


def _run_drop(arguments: argparse.Namespace) -> int:
    from autograder.classroom import adopt

    print(f"The lines are out of {adopt.drop(arguments.course)}; what is graded stays.")
    return DONE


def _add_doctor(commands: Commands[argparse.ArgumentParser]) -> None:
    command = add_command(
        commands,
        "doctor",
        _run_doctor,
        "Say what confines student code on this machine, layer by layer, and what is missing.",
        ("autograder doctor",),
    )
    add_json(command)


def _run_doctor(arguments: argparse.Namespace) -> int:
    from autograder.judging.doctor import examine

    finding = examine()
    if arguments.json:
        from autograder import console

        console.print_json(finding)
    else:
        print("\n".join(finding.lines()))
        _look_who_can_read(arguments)
    return DONE if finding.enough and not finding.lost else NOT_DONE


def _look_who_can_read(arguments: argparse.Namespace) -> None:
    """Say what of the course that we are in others can read; nothing where we are in none."""
    from autograder import console
    from autograder.classroom.course import advice_on_privacy, load_course

    with contextlib.suppress(CourseError):
        if advice := advice_on_privacy(load_course(arguments.course)):
            console.complain(advice)


def _add_completion(commands: Commands[argparse.ArgumentParser]) -> None:
    command = add_command(
        commands,
        "completion",
        _run_completion,
        "Print what makes a shell complete the words of this command.",
        (
            'eval "$(autograder completion bash)"    # in ~/.bashrc',
            'eval "$(autograder completion zsh)"     # in ~/.zshrc',
            "autograder completion fish | source     # in ~/.config/fish/config.fish",
        ),
    )
    command.add_argument("shell", choices=["bash", "zsh", "fish"])


def _run_completion(arguments: argparse.Namespace) -> int:
    options = _options()
    if arguments.shell == "fish":
        print(_FISH.format(condition="-f -n __fish_use_subcommand", words=" ".join(options)))
        for name, words in options.items():
            condition = f"-n '__fish_seen_subcommand_from {name}'"
            print(_FISH.format(condition=condition, words=f"{' '.join(words)} (ls solutions 2>/dev/null)"))
        return DONE
    cases = "\n".join(f'        {name}) words="{" ".join(words)}" ;;' for name, words in options.items())
    script = _BASH.format(commands=" ".join(options), cases=cases)
    print(
        ("autoload -U +X bashcompinit && bashcompinit\n" if arguments.shell == "zsh" else "") + script, end=""
    )
    return DONE


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
