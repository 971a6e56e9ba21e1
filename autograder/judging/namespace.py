"""The names that a test looks up: the instructor's own, and the student's beside them.

    in the worker                          in the test
    a function                             a stand-in that calls it
    a class                                a stand-in, where the instructor's answers define one too (`classes`)
    a module, or what comes from one       the judge's own, where instructor and student import the same; else nothing
    any other value                        fetched when a test names it, and again after each call

What a test rebinds or changes goes back before the next call only where the instructor's own functions look that name
up. A name of Python's own is the student's only where the instructor's answers define it.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from autograder.judging.cell_code import Definition, definitions, show_lines, without_magics
from autograder.judging.classes import Classes, Instance, RemoteClass, origin
from autograder.judging.instructor import Patches, Printed
from autograder.judging.kinds import Handle
from autograder.judging.lending import apply_change
from autograder.judging.model import Model, model_of
from autograder.judging.objects import Remote, RemoteCallable, handle_of, mark_made, placed, told
from autograder.judging.process import Process
from autograder.judging.wire import Encoder, WireError

_UNBOUND = object()
_CHANGED_IN_PLACE = (list, dict, set)


class Namespace:
    """The names of one submission's tests. `process` has to be set before anything is bound.

    `model` is what the instructor's answers define, `solutions` are the functions that tests are named after, `call`
    calls one of the student's by its name.
    """

    process: Process

    def __init__(self, model: Model, solutions: Iterable[str], call: Callable[..., Any]) -> None:
        self._model, self._solutions, self._call = model, frozenset(solutions), call
        self.module = ModuleType("__main__")
        self.names: dict[str, Any] = self.module.__dict__
        self.names["__builtins__"] = builtins
        self.classes = Classes(model, self)
        self.patches = Patches()
        self._provided: frozenset[str] = frozenset()
        self._bound: dict[str, Any] = {}
        self._written: list[tuple[int, str]] = []
        self._bound_from: dict[str, str] | None = None
        self._functions: dict[str, Any] = {}
        self._made: dict[str, tuple[Definition | None, Any]] = {}
        self._students: dict[str, str] = {}
        self._watched: list[str] = []
        self._shared: list[str] = []
        self._sent: dict[str, bytes] = {}

    def write(self, number: int, source: str) -> None:
        """Note a cell of the student's."""
        self._written.append((number, source))

    def provide(self) -> None:
        """What is bound by now, and not the student's, is the instructor's for good."""
        self._provided |= self.names.keys() - self._bound.keys()

    def ask(self, kind: str, *rest: Any) -> Any:
        """Ask for something of a class."""
        return self.process.ask(kind, *rest)

    def bind(self, used: frozenset[str]) -> None:
        """Put the student's names where a test that uses these will look.

        A name that an instructor's cell bound, or that Python itself has, stays theirs, except for the
        functions that the assignment asks for: of those, only what a setup cell bound stays.
        """
        if self._bound_from is not self.process.names:
            self._renew(self.process.names)
        self.patches.look_for(used)
        for name, value in (self._functions | self.classes.known).items():
            if name not in self._model.imports and (name in self._solutions or self._is_free(name)):
                self._bind(name, value)
        wanted = [name for name in sorted(used & self._students.keys()) if self._is_free(name)]
        self._watched = []
        for name in self._model.imports.keys() & set(wanted):
            self._bind_imported(name)
        self._fetch([n for n in wanted if n not in self._model.imports and self._students[n] == "value"])
        self._watch(used)

    def _bind(self, name: str, value: Any) -> None:
        self.names[name] = self._bound[name] = value

    def _renew(self, names: dict[str, str]) -> None:
        """Make stand-ins for what the cells so far define; take back names that are gone."""
        self._bound_from = names
        for name in set(self._bound) - set(names):
            if self.names.get(name) is self._bound.pop(name):
                del self.names[name]
        places = definitions(self._written)
        self._students = {n: kind for n, kind in names.items() if self._may_be_students(n)}
        known = self.classes.known
        called = [
            n for n, k in self._students.items() if k == "function" or (k == "class" and n not in known)
        ]
        self._functions = {name: self._stand_in(name, places.get(name)) for name in called}

    def _may_be_students(self, name: str) -> bool:
        """Refuse the names that Python itself looks up: what the worker says it defined may be forged."""
        if not name.isidentifier() or name.startswith("__") or name in self._provided:
            return False
        return not hasattr(builtins, name) or name in self._model.names

    def _is_free(self, name: str) -> bool:
        """Say whether a name is nobody's yet or bound to something of the student's."""
        return self.names.get(name, _UNBOUND) is self._bound.get(name, _UNBOUND)

    def _stand_in(self, name: str, place: Definition | None) -> Any:
        """The function that stands for the student's, the same one as long as it is defined in one place."""
        known = self._made.get(name)
        if known is None or known[0] != place:
            source = dict(self._written).get(place.cell, "") if place else ""
            known = place, student_function(self, name, place, source)
            self._made[name] = known
        return known[1]

    def call_object(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function or a class of the student's by its name, or a class that a test derived."""
        if isinstance(target, RemoteClass) and origin(target) is not target:
            return self.process.call_object(target, args, kwargs)
        result = self._call(target.__name__, args, kwargs)
        if target.__name__ in self._model.makes and isinstance(result, Instance):
            mark_made(result)  # by the instructor's text the function always makes one
        return result

    def _bind_imported(self, name: str) -> None:
        """Bind the judge's own, if the instructor and the student import the same by that name; else nothing."""
        place = self._model.imports[name]
        if self._own_text().imports.get(name) != place:
            return
        module, _, attribute = place.partition(":")
        with suppress(ImportError, AttributeError):
            found = importlib.import_module(module)
            self._bind(name, getattr(found, attribute) if attribute else found)

    def _own_text(self) -> Model:
        return model_of(tuple(source for _, source in self._written))

    def _fetch(self, names: list[str]) -> None:
        """Fetch values in one message, so that one object under two names stays one."""
        for name, value in self.process.fetch(names).items():
            before = self._bound.get(name)
            if name in self._watched and type(before) is type(value) and type(value) in _CHANGED_IN_PLACE:
                apply_change(before, value)
            else:
                self._bind(name, value)

    def _watch(self, used: frozenset[str]) -> None:
        """Note which values a call may change, and which a test may change for a call."""
        values = {name for name in used if self._students.get(name) == "value"}
        looked_up = self._own_text().shared if values else frozenset()
        self._watched = [name for name in sorted(values & looked_up) if self._is_free(name)]
        self._shared = sorted(values & self._model.shared)
        self._sent = {name: self._told(name) for name in self._shared if self._is_free(name)}

    def _told(self, name: str) -> bytes:
        try:
            return Encoder().encode(self.names.get(name))
        except WireError:
            return b""

    def before_call(self) -> tuple[tuple[Any, ...], ...]:
        """What the worker has to be told before a call of student code."""
        if not self._shared and not self.patches.wanted:
            return ()
        orders = list(self.patches.orders())
        for name in self._shared:
            told = self._told(name)
            if told and told != self._sent.get(name):
                self._sent[name] = told
                orders.append(("assign", name, self.names[name]))
        return tuple(orders)

    def after_call(self) -> None:
        """Look again at the values that a call may have changed."""
        watched = [name for name in self._watched if self._is_free(name)]
        if watched:
            self._fetch(watched)
            self._sent |= {name: self._told(name) for name in self._shared if name in watched}

    def printed(self, out: str, err: str) -> None:
        """Let a test that captures what is printed see what student code printed."""
        for stream, text in ((sys.stdout, out), (sys.stderr, err)):
            if text and not isinstance(stream, Printed):
                stream.write(text)


def _nothing() -> None:
    """Its code returns the second of its constants, in every version of Python."""


_NOTHING = _nothing.__code__.replace(co_consts=(None, None))


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
    return code.replace(co_consts=(*(constants[:1] or (None,)), None, *constants[1:]), **kept)


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
