"""Put the demo class into the course, or report on it.

python -m tests.demo_class             write what the class hands in, where that changed
python -m tests.demo_class --report    print what each of them got, and what they should have got
"""

from __future__ import annotations

import argparse
from pathlib import Path

from autograder.classroom.course import load_course
from autograder.classroom.gradebook import records
from tests.demo_class.report import table
from tests.demo_class.students import ASSIGNMENT, build, enrol


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.demo_class", description=__doc__)
    parser.add_argument("--report", action="store_true")
    arguments = parser.parse_args()
    course = load_course(Path())
    if arguments.report:
        print(table(records.scores(course, ASSIGNMENT)))
    else:
        print(f"demo class: {build(course.submitted('', ''))} new files")
        enrol(course)


main()
