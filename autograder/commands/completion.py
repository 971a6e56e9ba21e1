"""`autograder completion`: what a shell needs to complete commands, options and names of assignments."""

from __future__ import annotations

import argparse

from autograder.commands.common import DONE, Commands, add_command

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
    """Put `completion` on the command line."""
    command = add_command(
        commands,
        "completion",
        "Print what makes a shell complete the words of this command.",
        (
            'eval "$(autograder completion bash)"    # in ~/.bashrc',
            'eval "$(autograder completion zsh)"     # in ~/.zshrc',
            "autograder completion fish | source     # in ~/.config/fish/config.fish",
        ),
    )
    command.add_argument("shell", choices=["bash", "zsh", "fish"])
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
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
