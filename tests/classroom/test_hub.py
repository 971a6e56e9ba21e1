"""On a JupyterHub: an instructor and two students, each with an account of the system, and nbgrader's exchange."""

from __future__ import annotations

import json
import re
from functools import partial

import pytest

from tests.support import hub
from tests.support.courses import ROOT, TINY, WRONG, tiny_course

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hub")]

COURSE = "from-lines-to-softmax"
RIGHT = "def double(x):\n    return 2 * x"


@pytest.fixture(scope="module")
def there():
    """The machine, with a course and an exchange as the chapter says that they are set up."""
    with hub.machine(["ina", "ada", "ben"]) as made:
        tiny_course(made.place / "course")
        exchange = made.place / "exchange"
        exchange.mkdir()
        exchange.chmod(0o777)
        configuration = f"c.Exchange.root = '{exchange}'"
        _as(made, "root", f'mkdir /etc/jupyter; echo "{configuration}" >/etc/jupyter/nbgrader_config.py')
        _as(made, "root", f"chown -R ina: {made.place}/course")
        menus = _menus()
        _as(made, "root", f"{menus['disable']} && {menus['unlock']}")
        _as(made, "ina", menus["enable"])
        yield made


def _as(there, account, command):
    done = there.run(account, command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _menus():
    """The chapter's commands: what takes entries out of all menus, and what puts them back into the instructor's."""
    chapter = (ROOT / "chapters" / "teach.md").read_text(encoding="utf-8")
    lines = re.findall(r"^[$] (jupyter labextension (\w+) .*)$", chapter.replace("\\\n", " "), re.MULTILINE)
    return {word: line for line, word in lines}


@pytest.fixture(scope="module")
def browsers(there):
    """The students' JupyterLab, reached through the hub's proxy."""
    with hub.hub(there) as address:
        found = {account: hub.Visitor(address, account) for account in ("ada", "ben")}
        for browser in found.values():
            browser.wait()
        yield found


def test_an_assignment_goes_out_and_its_feedback_comes_back(there, browsers):
    ina = partial(_as, there, "ina")
    at_course = f"cd {there.place}/course;"
    ina(f"{at_course} autograder release && nbgrader release_assignment {TINY}")
    for student, answer in {"ada": RIGHT, "ben": WRONG}.items():
        assert _told(browsers[student], "fetch") == ["fetched"]
        _write(there, student, answer)
        assert "submitted" in _told(browsers[student], "submit")
    ina(f"{at_course} nbgrader collect {TINY}")
    assert "mean 2.5 points" in ina(f"{at_course} autograder grade {TINY}")
    ina(f"{at_course} autograder feedback {TINY} && nbgrader release_feedback {TINY}")
    for student, points in {"ada": 3, "ben": 2}.items():
        _told(browsers[student], "fetch_feedback")
        page = _as(there, student, f"cat {TINY}/feedback/*/{TINY}.html")
        assert f"<strong>{points}</strong> of 5 points" in page


def _told(browser, action):
    """Choose something in the menu of assignments; return what becomes of each."""
    answer = browser.post(f"assignments/{action}", assignment_id=TINY, course_id=COURSE).json()
    assert answer["success"], answer
    return [one["status"] for one in answer["value"]]


def _write(there, student, answer):
    """Edit the fetched notebook in the student's home, which stays theirs."""
    path = there.place / student / TINY / f"{TINY}.ipynb"
    notebook = json.loads(path.read_text())
    next(cell for cell in notebook["cells"] if "not written yet" in "".join(cell["source"]))["source"] = (
        answer
    )
    path.write_text(json.dumps(notebook))


def test_students_read_neither_solutions_nor_the_class(there):
    course = there.place / "course"
    _as(there, "ina", f"cd {course}; autograder release")
    assert there.run("ada", f"ls {course}/solutions/*").returncode == 0
    assert "chmod -R o-rwx solutions" in there.run("ina", f"cd {course}; autograder doctor").stderr
    _as(there, "ina", f"cd {course}; chmod -R o-rwx solutions")
    assert "chmod" not in there.run("ina", f"cd {course}; autograder doctor").stderr
    for private in ("solutions", "class", "class/gradebook.db", f"solutions/{TINY}/{TINY}.ipynb"):
        assert "Permission denied" in there.run("ada", f"cat {course}/{private}").stderr


@pytest.mark.parametrize(
    ("account", "missing"), [("ina", set()), ("ada", {"formgrader", "create-assignment"})]
)
def test_only_the_instructor_has_the_formgrader_in_the_menu(there, account, missing):
    told = there.run(account, "jupyter labextension list").stderr.partition("Disabled extensions:")[2]
    assert set(re.findall(r"@jupyter/nbgrader:([a-z-]+)", told)) == missing
