import json
import subprocess
import sys
import time
from importlib.metadata import version

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


def test_the_version_and_what_the_exit_status_means_can_be_asked_for(capsys):
    for words in (["--version"], ["--help"]):
        with pytest.raises(SystemExit) as exit:
            main(words)
        assert exit.value.code == 0
    said = capsys.readouterr().out
    assert f"autograder {version('from-lines-to-softmax')}\n" in said
    assert "  1    done but for some submissions" in said


def test_help_imports_next_to_nothing():
    program = (
        "import sys, autograder.cli as c\ntry: c.main(['--help'])\nexcept SystemExit: print(*sys.modules)"
    )
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert time.perf_counter() - start < 10  # a machine may be busy; what takes long is named below
    loaded = done.stdout.splitlines()[-1].split()
    assert not {"numpy", "nbgrader", "sqlalchemy", "traitlets", "jinja2", "rich"} & {
        m.split(".")[0] for m in loaded
    }


def test_a_fault_of_the_program_is_no_partial_success(course, autograder, monkeypatch):
    from autograder.commands import common

    monkeypatch.setattr(common, "open_course", lambda arguments: 1 / 0)
    done = autograder(course, "release")
    assert done.status == 70
    assert "ZeroDivisionError" in done.err
    assert done.err.splitlines()[-1].startswith("autograder: this is a fault of autograder ")


def test_tables_can_be_had_as_json(graded, autograder):
    def ask(*words):
        done = autograder(graded, *words, "--json")
        assert (done.status, done.err) == (0, "")
        return json.loads(done.out)

    found = ask("grade", "00-double", "--force")
    assert [(one["student"], one["state"], one["grade"]["score"]) for one in found["students"]] == [
        ("ada", "done", 3.0),
        ("ben", "done", 2.0),
    ]
    dry = ask("grade", "00-double", "--force", "--dry-run")
    assert dry["students"][1]["change"] == {
        "student": "ben", "before": 2.0, "after": 2.0, "items": {}, "why": "by force"
    }  # fmt: skip
    assert ask("history", "ada")[0]["grading"]["max_points"] == 5.0
    assert [person["id"] for person in ask("roster")["students"]] == ["ada", "ben"]
    assert ask("doctor")["enough"] is True


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_all_commands_and_options(shell, capsys):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    for word in ("grade", "--dry-run", "completion", "ls solutions"):
        assert word in script
    if shell == "bash":
        program = f"{script}\nCOMP_WORDS=(autograder gr)\nCOMP_CWORD=1\n_autograder\necho ${{COMPREPLY[@]}}"
        done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True)
        assert (done.stdout, done.stderr) == ("grade\n", "")


def test_a_class_folder_that_cannot_be_written_is_named(course, autograder):
    (course / "class").mkdir(exist_ok=True)
    (course / "class" / "log").write_text("in the way")
    done = autograder(course, "release")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert done.err.startswith("autograder: class/ cannot be written (File exists)")
    assert "nbgrader_config" not in done.err
    (course / "class" / "log").unlink()
    (course / "class").rmdir()
    (course / "class").write_text("in the way")
    done = autograder(course, "release")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert f"{course / 'class'} cannot be made (File exists)" in done.err
