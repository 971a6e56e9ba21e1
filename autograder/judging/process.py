"""A submission's process that outlives its crashes.

Student code cannot fork, so nothing of it survives a worker's end. The state comes back by replay: a new
worker is forked from the warm template and runs again the cells that ran before, all but those that ended
their process. Cells are seeded, so a replay gives the same state.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograder.judging.connection import CallArguments, Connection, Equipment, Meeting, Ran
from autograder.judging.forkserver import ForkServer
from autograder.judging.limits import Limits, Room
from autograder.judging.outcome import CallFailed, Failure

_HANGS = 2


class OutOfTime(BaseException):
    """The submission's whole time is spent."""


class Process:
    """The student's process in one run through the cells; a new worker takes its place when it ends."""

    def __init__(
        self,
        server: ForkServer,
        limits: Limits,
        until: float,
        given: Equipment,
        meeting: Meeting | None = None,
    ) -> None:
        self._server, self._until, self._given, self._meeting = server, until, given, meeting
        self._limits = replace(limits, files=limits.files + sum(len(data) for _, data in given.files))
        self._forbidden: tuple[str, ...] = ()
        self._connection: Connection | None = None
        self._done: list[tuple[str, str]] = []
        self._waiting: list[tuple[str, str]] = []
        self._one_by_one = False
        self._hung: dict[str, int] = {}
        self._served: set[str] = set()
        self._room = Room()
        self.names: dict[str, str] = {}
        """What the cells so far defined, each with its kind (see `Ran`)."""

    def close(self) -> None:
        """End the worker."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def run(self, name: str, source: str) -> Ran:
        """Run a cell; CallFailed when it ends the process or takes too long: it then counts as not run.

        What it showed is cut off where the cells together show too much.
        """
        connection = self._ready()
        ran = self._run(connection, [(name, source)])
        self._done.append((name, source))
        fit = self._room.fit
        shown = tuple(filter(None, map(fit, ran.displays)))
        return ran._replace(stdout=fit(ran.stdout), stderr=fit(ran.stderr), displays=shown)

    def test(self, name: str, source: str) -> tuple[Failure | None, str]:
        """Run a test together with the student's code; CallFailed when it ends the process or takes too long: it then
        counts as not run.
        """
        ran = self._ready().test(name, source, self._seconds(self._limits.test))
        self._done.append((name, source))
        return ran

    def later(self, name: str, source: str) -> None:
        """Have a cell run before the next call."""
        if source:
            self._waiting.append((name, source))

    def catch_up(self) -> None:
        """Run the cells that wait, so that `names` is right."""
        self._ready()

    def start_test(self, forbidden: tuple[str, ...] = ()) -> None:
        """Start the random generators anew at the next call, forget what was printed, and let the `forbidden`
        functions raise until the next test.
        """
        self._forbidden = forbidden
        connection = self._connection
        if connection is not None:
            connection.fresh = True
            connection.out, connection.err = [], []

    def printed(self) -> tuple[str, str]:
        """Return what student code wrote to standard output and standard error during the calls of a test."""
        connection = self._connection
        if connection is None:
            return "", ""
        limit = self._limits.text + 100
        return "".join(connection.out)[:limit], "".join(connection.err)[:limit]

    def call(
        self,
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Call a function by name. A function that twice took too long is given less time from then on.

        A call that fails where other functions were called before is tried once more in a new worker: what
        they left running (a thread, an alarm) must not cost this one.
        """
        connection = self._ready()
        blameless = self._served <= {name}
        self._served.add(name)
        try:
            return self._call(connection, name, args, kwargs)
        except CallFailed:
            if blameless:
                raise
        connection = self._ready()
        self._served.add(name)
        return self._call(connection, name, args, kwargs)

    def _call(
        self,
        connection: Connection,
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        limit = self._limits.patience if self._hung.get(name, 0) >= _HANGS else self._limits.call
        try:
            return connection.call(name, args, kwargs, self._seconds(limit))
        except CallFailed as error:
            if error.name == "TimeLimit":
                self._hung[name] = self._hung.get(name, 0) + 1
            raise

    def call_all(self, name: str, given: Sequence[CallArguments]) -> list[tuple[Failure | None, Any]]:
        """Make public calls of a function in one message (see `Connection.call_all`), in the time of one."""
        connection = self._ready()
        self._served.add(name)
        return connection.call_all(name, given, self._seconds(self._limits.call))

    def call_object(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call an object that stays in the worker."""
        return self._ready().call_object(target, args, kwargs)

    def ask(self, kind: str, *rest: Any) -> Any:
        """Ask for something of an object (see `objects`), or change a name ("assign")."""
        return self._ready().ask(kind, *rest)

    def fetch(self, names: Sequence[str]) -> dict[str, Any]:
        """Return the values of names."""
        values = self._ready().ask("fetch", *names) if names else ()
        if type(values) is not tuple or len(values) != len(names):
            raise TypeError("the submission's process did not say what the names stand for")
        return dict(zip(names, values, strict=True))

    def _seconds(self, limit: float) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise OutOfTime
        return min(limit, left)

    def _ready(self) -> Connection:
        """Return a worker that has run every cell so far, and has said nothing unasked."""
        connection = self._connection
        if connection is not None and (not connection.alive or connection.spoke_unasked()):
            connection.close()
            connection = self._connection = None
        while connection is None or self._waiting:
            connection = self._caught_up(connection)
        self._connection = connection
        connection.forbid(self._forbidden)
        return connection

    def _caught_up(self, connection: Connection | None) -> Connection | None:
        """Bring a worker up to date; None when a cell ended it, which is then left out."""
        if connection is None:
            connection = Connection(self._server, self._limits, self._given, self._meeting)
            self._served = set()
            self._waiting = [*self._done, *self._waiting]
            self._done = []
        while self._waiting:
            cells = self._waiting[: 1 if self._one_by_one else None]
            del self._waiting[: len(cells)]
            try:
                self._run(connection, cells)
            except CallFailed:
                # One of several, or an earlier call's leftovers, may have ended it: the others are tried again.
                if len(cells) > 1 or self._served:
                    self._waiting[:0] = cells
                self._one_by_one = True
                return None
            self._done += cells
        return connection

    def _run(self, connection: Connection, cells: Sequence[tuple[str, str]]) -> Ran:
        try:
            ran = connection.run(cells, self._seconds(self._limits.cell))
        except OutOfTime:
            connection.close()
            raise
        self.names = ran.names
        if self._meeting is not None:
            self._meeting.classes.renew(ran.classes)
        self._connection = connection
        return ran
