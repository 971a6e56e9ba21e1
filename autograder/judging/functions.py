"""Stand-ins for the student's functions: they call into the worker, and say of themselves what the text says."""

from __future__ import annotations

import ast
import inspect
import warnings
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

from autograder.judging.cell_code import Definition, show_lines, without_magics
from autograder.judging.objects import Remote, RemoteCallable, handle_of, placed, told
from autograder.judging.writer import Handle

_NOTHING = (lambda: None).__code__


class StudentFunction(RemoteCallable):
    """Calls the student's function of a name.

    It looks like a function of Python's, and its code claims to stand at its place in the student's cell: so
    `inspect.getsource` gives the student's text, and `inspect.signature` their parameters.
    """

    __slots__ = ("_place", "_source")
    __doc__ = told("__doc__")
    __annotations__ = told("__annotations__")

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return FunctionType if self._place and self._place.signature else StudentFunction

    @property
    def __code__(self) -> CodeType:
        place, source, name = self._place, self._source, handle_of(self).key
        if not place:
            return _NOTHING.replace(co_filename=f"<{name}>", co_name=name)
        filename = f"<submission {place.cell}>"
        show_lines(source, filename)
        return _code_at(source, place.line, name).replace(co_filename=filename)

    def __getattr__(self, name: str) -> Any:
        if name in ("__name__", "__qualname__"):
            return handle_of(self).key
        if name == "__globals__":
            return {}
        if name in ("__signature__", "__wrapped__") and self._place and self._place.signature:
            if name == "__wrapped__":
                raise AttributeError(name)
            return inspect.signature(_function(self.__code__, self._place.signature))
        return RemoteCallable.__getattr__(self, name)

    def __repr__(self) -> str:
        return f"<function {handle_of(self).key}>"

    def __str__(self) -> str:
        return repr(self)

    def __bool__(self) -> bool:
        return True

    def __copy__(self) -> StudentFunction:
        return self

    def __deepcopy__(self, memo: Any) -> StudentFunction:
        return self


def student_function(remote: Remote, name: str, place: Definition | None, source: str) -> StudentFunction:
    """Return a function that calls the student's of that name, defined at `place` in the cell `source`."""
    function: StudentFunction = placed(StudentFunction, remote, Handle("n", name, "function", True))
    object.__setattr__(function, "_place", place)
    object.__setattr__(function, "_source", source)
    return function


@lru_cache(maxsize=500)
def _code_at(source: str, line: int, name: str) -> CodeType:
    """The code of the function that begins at that line, with all that describes it and nothing that runs."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = list(_codes(compile(without_magics(source), "<submission>", "exec", dont_inherit=True)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found = []
    here = [code for code in found if code.co_firstlineno == line and code.co_name in (name, "<lambda>")]
    return _inert(here[0]) if here else _NOTHING.replace(co_firstlineno=line, co_name=name)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for item in code.co_consts:
        if isinstance(item, CodeType):
            yield item
            yield from _codes(item)


def _inert(code: CodeType) -> CodeType:
    """The judge runs nothing of a student's, not even when a test makes a function of this."""
    constants = tuple(_inert(item) if isinstance(item, CodeType) else item for item in code.co_consts)
    kept = {
        name: getattr(_NOTHING, name)
        for name in ("co_code", "co_linetable", "co_exceptiontable", "co_stacksize")
    }
    return code.replace(co_consts=(*constants, None), **kept)


def _function(code: CodeType, arguments: ast.arguments) -> FunctionType:
    """A function that does nothing; a default of its parameters that is not a plain constant shows as `...`."""
    made = FunctionType(code, {}, argdefs=tuple(map(_default, arguments.defaults)))
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    made.__kwdefaults__ = {item.arg: _default(node) for item, node in named if node is not None}
    return made


def _default(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return ...
