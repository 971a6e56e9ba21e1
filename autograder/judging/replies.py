"""What a worker's reply has to look like, and how much of it is believed: types first, then lengths."""

from __future__ import annotations

import signal
from typing import Any

# What a reply may carry of text for people; an honest worker keeps within these by itself.
_MOST_DISPLAYS, _LONGEST_NAME, _LONGEST_TEXT, _MOST_CLASSES, _MOST_NAMES = 50, 200, 10_000, 20, 2000

Failure = tuple[tuple[str, ...], str, tuple[Any, ...], str, int]
Ran = tuple[Failure | None, str, str, tuple[str, ...], dict[str, bool]]
"""Failure, standard output, standard error, displays, and the names defined, each with whether it can be called."""


def cut(failure: Failure) -> Failure:
    """Return a failure whose texts are no longer than a person would read."""
    names, message, args, trace, token = failure
    short = tuple(name[:_LONGEST_NAME] for name in names[:_MOST_CLASSES])
    return short, message[:_LONGEST_TEXT], args, trace[:_LONGEST_TEXT], token


def how(code: int) -> str:
    """How a process ended, from its exit code or the negative number of a signal."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"


def is_headed(reply: Any, kind: str, number: int) -> bool:
    """Check the types before the values: an array compared with a text is neither true nor false."""
    if type(reply) is not tuple or len(reply) < 2 or type(reply[0]) is not str or type(reply[1]) is not int:
        return False
    return reply[0] == kind and reply[1] == number


def is_texts(value: Any) -> bool:
    """A tuple of texts."""
    return type(value) is tuple and all(type(item) is str for item in value)


def is_pairs(value: Any) -> bool:
    """A tuple of pairs that begin with a text."""
    return type(value) is tuple and all(type(p) is tuple and len(p) == 2 and type(p[0]) is str for p in value)


def is_failure(value: Any) -> bool:
    """An exception as values, or None."""
    if value is None:
        return True
    if type(value) is not tuple or [type(part) for part in value] != [tuple, str, tuple, str, int]:
        return False
    return bool(value[0]) and is_texts(value[0])


def is_ran(*parts: Any) -> bool:
    """Tell the content of a reply to "run" from anything else."""
    if len(parts) != 6 or not is_failure(parts[0]):
        return False
    return is_texts(parts[3]) and all(type(parts[place]) is str for place in (1, 2, 4, 5))


def as_ran(content: tuple[Any, ...], most: int) -> Ran:
    """What became of a cell, from a reply that `is_ran`, with at most so many characters of each text."""
    failure, out, err, displays, functions, values = content
    names = dict.fromkeys(_split(values), False) | dict.fromkeys(_split(functions), True)
    shown = tuple(text[:most] for text in displays[:_MOST_DISPLAYS])
    return failure and cut(failure), out[:most], err[:most], shown, names


def _split(names: str) -> list[str]:
    return names.split("\n", _MOST_NAMES)[:_MOST_NAMES] if names else []


def is_result(*parts: Any) -> bool:
    """Tell the content of a reply to a call from anything else."""
    if len(parts) != 6:
        return len(parts) == 1  # nothing but the value
    failure, _, changes, raised, out, err = parts
    if not (is_failure(failure) and type(changes) is tuple and type(raised) is tuple):
        return False
    warned = all(type(w) is tuple and len(w) == 2 and is_texts(w[0]) and type(w[1]) is str for w in raised)
    changed = all(type(c) is tuple and len(c) == 2 and type(c[0]) is int for c in changes)
    return warned and changed and type(out) is str and type(err) is str
