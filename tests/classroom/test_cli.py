import subprocess
import sys

import pytest

from autograder.cli import main


@pytest.mark.parametrize("command", ["release", "grade", "feedback", "report", "export"])
def test_help_of_each_command_shows_examples(command, capsys):
    with pytest.raises(SystemExit) as exit:
        main([command, "--help"])
    assert exit.value.code == 0
    assert f"examples:\n  autograder {command}" in capsys.readouterr().out


def test_help_and_a_mistyped_name_do_not_wait_for_nbgrader_to_be_imported(course):
    program = (
        "import sys; from autograder.cli import main; "
        f"status = main(['grade', 'nosuch', '--course', {str(course)!r}]); "
        "sys.exit(status if 'nbgrader' not in sys.modules else 'nbgrader was imported')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, done.stderr)
    assert "was imported" not in done.stderr


def test_an_unknown_command_is_refused_with_the_usage(capsys):
    with pytest.raises(SystemExit) as exit:
        main(["grad"])
    assert exit.value.code == 2
    assert "usage: autograder" in capsys.readouterr().err


def test_a_folder_outside_any_course_is_named(tmp_path, autograder):
    done = autograder(tmp_path, "release")
    assert done.status == 2
    assert done.err.count("\n") == 1
    assert "nbgrader_config.py" in done.err


def test_a_configuration_with_a_mistake_is_told_in_one_line(course, autograder):
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.Autograde.force = Treu\n")
    done = autograder(course, "release")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "NameError: name 'Treu' is not defined" in done.err


def test_a_mistyped_assignment_is_refused_with_the_name_that_was_meant(course, autograder):
    done = autograder(course, "grade", "00-duoble")
    assert (done.status, done.out) == (2, "")
    assert done.err == "autograder: solutions/ has no assignment '00-duoble'. Did you mean '00-double'?\n"


def test_a_command_works_from_a_folder_inside_the_course(released, autograder):
    assert autograder(released / "solutions", "release").status == 0
