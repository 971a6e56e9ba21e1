"""What nbgrader, the formgrader and the `autograder` command know about this course.

The instructor's assignments are in `solutions/`, the students' in `exercises/`; all that belongs to one class
is in `class/`. Every path is absolute, so the commands work from any folder and the formgrader wherever
JupyterLab was started.

To keep the grades in another database, name it in the environment, or give nbgrader its own `--db` option:

    export AUTOGRADER_GRADEBOOK=postgresql://user@host/gradebook

PostgreSQL needs the package psycopg, which `pip install -e '.[postgresql]'` brings.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - traitlets defines it when it runs this file

course = Path(__file__).resolve().parent
class_folder = course / "class"
# SQLite makes the gradebook, but not the folder it is in; on a shared machine nobody else reads there.
class_folder.mkdir(exist_ok=True, mode=0o700)

# nbgrader calls `alembic` by its name to make a new gradebook, also where the environment is not activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])

c.CourseDirectory.course_id = "from-lines-to-softmax"
c.CourseDirectory.root = str(course)
own = (
    class_folder / "solutions"
)  # what `autograder write --private` made: with hidden numbers of this class's own
c.CourseDirectory.source_directory = "class/solutions" if own.is_dir() else "solutions"
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

# The judge grades wherever nbgrader does: student code is confined and never in one process with the tests.
plugin = "autograder.nbgrader_plugin"
c.Autograde.exporter_class = f"{plugin}.SubmissionExporter"  # reads or refuses any file in a line
c.Autograde.sanitize_preprocessors = [
    f"{plugin}.RepairSubmission",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    f"{plugin}.JudgeSubmission",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Known mistakes, which feedback names, stay with the instructor.
c.GenerateAssignment.preprocessors = [
    f"{plugin}.KeepMistakes",
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Feedback shows no hidden test, and nothing that a student wrote runs in the browser of whoever reads it.
c.GenerateFeedback.exporter_class = f"{plugin}.FeedbackExporter"
c.GenerateFeedback.preprocessors = [f"{plugin}.GradesForFeedback"]
c.HTMLExporter.filters = {"markdown2html": "autograder.classroom.pages.templating.markdown_to_html"}

# Seconds for one call of a student's function: the tests take milliseconds.
c.JudgeSubmission.seconds_per_call = 5.0
