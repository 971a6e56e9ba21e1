"""A grading process on a machine that has no layer of confinement: `python -m tests.support.unconfined N`."""

from __future__ import annotations

import sys
from functools import partial

from autograder.classroom.grade import crews
from autograder.judging import forkserver
from autograder.judging.forkserver import Warm
from autograder.judging.sandbox import LAYERS

if __name__ == "__main__":
    forkserver.Warm = partial(Warm, without=LAYERS)
    crews.main(int(sys.argv[1]))
