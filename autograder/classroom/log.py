"""Where nbgrader's many words go: a file, and the terminal only if it is asked for."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE_NAME = "autograder.log"
_LOUD = ("traitlets", "py.warnings")  # the loggers of nbgrader outside its own application, and of warnings


def start(folder: Path, verbose: bool) -> Path:
    """Send nbgrader's messages and warnings to a file in `folder`, and with `verbose` to the terminal."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    handlers: list[logging.Handler] = [_File(path, maxBytes=2_000_000, backupCount=2)]
    if verbose:
        handlers.append(logging.StreamHandler(sys.stderr))
    for handler in handlers:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.captureWarnings(True)
    for name in _LOUD:
        _hand_over(logging.getLogger(name), handlers)
    return path


@contextmanager
def collected_errors() -> Iterator[list[str]]:
    """Collect what nbgrader logs as errors inside the block, one text a message."""
    collector = _Collector()
    logger = logging.getLogger("traitlets")
    logger.addHandler(collector)
    try:
        yield collector.texts
    finally:
        logger.removeHandler(collector)


@contextmanager
def kernels_to_file() -> Iterator[None]:
    """Send what kernels write to standard error to the log file: it would tear the progress bar."""
    files = (h for h in logging.getLogger("traitlets").handlers if isinstance(h, logging.FileHandler))
    path = next((handler.baseFilename for handler in files), os.devnull)
    terminal = os.dup(2)
    with open(path, "a") as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)


class _File(RotatingFileHandler):
    """A log that cannot be written, on a disk that is full, stops nothing and says nothing."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def _hand_over(logger: logging.Logger, handlers: list[logging.Handler]) -> None:
    for old in list(logger.handlers):
        logger.removeHandler(old)
        old.close()
    for handler in handlers:
        logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
