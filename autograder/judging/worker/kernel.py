"""A notebook's namespace as a Jupyter kernel has it: magics, `%%capture`, `await`, `In` and `Out`, real figures.

What runs here is confined like every worker. It costs more than `Notebook` (some 0.6 ms a cell), so that only a
course that allows more than NumPy, or a test that runs together with the student's code, pays for it. Figures are
drawn by Agg and stay open from cell to cell. IPython is made ready once, by the fork server, before it confines itself.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import sys
import tempfile
import warnings
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.profiledir import ProfileDir
from traitlets import Type
from traitlets.config import Config

from autograder.judging.outcome import Failure
from autograder.judging.worker.notebook import Notebook, failure


class Kernel(Notebook):
    """A `Notebook` whose cells IPython runs. One in a process."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        _Shell.notebook = self
        self._shell = shell()
        self.module = self._shell.user_module
        self.names = self._shell.user_ns

    def start(self) -> None:
        """Become the process's main module and output; the standard names of a kernel stay IPython's."""
        super().start()
        asyncio.set_event_loop_policy(_Policy())

    def run(self, name: str, source: str) -> Failure | None:
        """Run one cell; return how it failed, or None. What is plain Python costs no more than in a `Notebook`."""
        if _is_plain(source):
            self._shell.user_ns["In"].append(source)
            self._shell.execution_count += 1
            return super().run(name, source)
        self._shell.compile.cell_name = f"<{name}>"  # type: ignore[attr-defined]
        self._shell.failed, self.value = None, ""
        result = self._shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        error = self._shell.failed or result.error_before_exec or result.error_in_exec
        return None if error is None else failure(error)


def _is_plain(source: str) -> bool:
    """Whether Python itself understands the cell."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "<cell>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


class _Compiler(CachingCompiler):
    """Names a cell's code after the cell, as tracebacks show it."""

    cell_name = "<cell>"

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        """The file name that a cell's code goes by."""
        return self.cell_name


class _Hook(DisplayHook):
    """Keeps the text of a cell's last value."""

    def write_output_prompt(self) -> None: ...

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        _Shell.notebook.shows(format_dict.get("text/plain", ""), is_value=True)

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Publisher(DisplayPublisher):
    """Keeps the text of what is displayed."""

    def publish(self, data: dict[str, Any], *args: Any, **options: Any) -> None:
        _Shell.notebook.shows(data.get("text/plain", ""))

    def clear_output(self, wait: bool = False) -> None: ...


class _Shell(InteractiveShell):
    """IPython without a terminal: an error is kept, not printed, and plots are drawn without a window."""

    notebook: Kernel
    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    compiler_class = Type(_Compiler)
    failed: BaseException | None = None

    def enable_gui(self, gui: Any = None) -> None:
        """There is no window."""

    def enable_matplotlib(self, gui: Any = None) -> tuple[str, str]:
        """Figures stay Agg's, whatever `%matplotlib` asks for."""
        return "agg", "agg"

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        self.failed = evalue

    def showtraceback(self, *args: Any, **options: Any) -> None:
        self.failed = sys.exc_info()[1]

    def showsyntaxerror(self, *args: Any, **options: Any) -> None:
        self.failed = sys.exc_info()[1]

    def ask_exit(self) -> None:
        """A cell that says `exit` ends nothing."""


def shell() -> _Shell:
    """The one shell of this process, made at the first call."""
    if _Shell.initialized():
        return _Shell.instance()
    folder = tempfile.mkdtemp()
    os.environ["IPYTHONDIR"] = folder
    profile = ProfileDir.create_profile_dir(folder)  # type: ignore[no-untyped-call]
    config = Config()
    config.HistoryManager.enabled = False
    made = _Shell.instance(config=config, profile_dir=profile, ipython_dir=folder)
    made.run_cell("pass", silent=True)  # type: ignore[no-untyped-call]  # what the first cell of all costs is paid here
    return made


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that no other thread can wake: student code gets neither sockets nor pipes."""

    def __init__(self) -> None:
        super().__init__(selectors.SelectSelector())

    def _make_self_pipe(self) -> None: ...

    def _close_self_pipe(self) -> None: ...

    def _write_to_self(self) -> None: ...


class _Policy(asyncio.DefaultEventLoopPolicy):
    _loop_factory = _Loop
