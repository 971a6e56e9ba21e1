"""What nbgrader, the formgrader and the `autograder` command know about this course.

The instructor's assignments are in `solutions/`, the students' in `exercises/`; all that belongs to one class
is in `class/`. Every path is absolute, so the commands work from any folder and the formgrader wherever
JupyterLab was started.

To keep the grades in another database, name it in the environment, or give nbgrader its own `--db` option:

    export AUTOGRADER_GRADEBOOK=postgresql://user@host/gradebook
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - traitlets defines it when it runs this file

course = Path(__file__).resolve().parent
class_folder = course / "class"
class_folder.mkdir(exist_ok=True)  # SQLite makes the gradebook, but not the folder it is in

# nbgrader calls `alembic` by its name to make a new gradebook, also where the environment is not activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])

c.CourseDirectory.course_id = "from-lines-to-softmax"
c.CourseDirectory.root = str(course)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = "class/submitted"
c.CourseDirectory.autograded_directory = "class/autograded"
c.CourseDirectory.feedback_directory = "class/feedback"
c.CourseDirectory.db_url = os.environ.get(
    "AUTOGRADER_GRADEBOOK", f"sqlite:///{class_folder / 'gradebook.db'}"
)

# What a student finds where the solution was.
c.ClearSolutions.code_stub = {"python": '# YOUR CODE HERE\nraise NotImplementedError("not written yet")'}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"

# Seconds for one cell of a submission. The tests take milliseconds; what takes longer than this does not end.
c.Execute.timeout = 10
