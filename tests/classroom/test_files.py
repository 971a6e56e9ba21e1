import pytest

from autograder.classroom import files
from autograder.classroom.errors import CourseError


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "graded"
    folder.mkdir()
    (folder / "notebook").write_text("old")
    return folder


def _replace(folder, error=None):
    with files.replacing(folder):
        folder.mkdir()
        (folder / "notebook").write_text("new")
        if error:
            raise error


def test_a_replaced_folder_holds_the_new_files_and_leaves_nothing_behind(folder):
    _replace(folder)
    assert (folder / "notebook").read_text() == "new"
    assert list(folder.parent.iterdir()) == [folder]


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_a_failed_replacement_puts_the_old_folder_back(folder, error):
    with pytest.raises(type(error)):
        _replace(folder, error)
    assert (folder / "notebook").read_text() == "old"
    assert list(folder.parent.iterdir()) == [folder]


def test_a_killed_replacement_is_undone_the_next_time(folder):
    folder.rename(folder.with_name(".graded.previous"))
    folder.mkdir()
    (folder / "notebook").write_text("half")
    files.recover(folder)
    assert (folder / "notebook").read_text() == "old"


def test_a_digest_changes_with_contents_and_names_but_not_with_hidden_files(folder):
    before = files.digest(folder)
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "notebook").write_text("draft")
    assert files.digest(folder) == before
    (folder / "notebook").rename(folder / "other")
    assert files.digest(folder) != before


def test_a_stamp_counts_only_while_its_folder_exists(folder):
    files.write_stamp(folder, "a")
    assert files.is_stamped(folder, "a")
    assert not files.is_stamped(folder, "b")
    (folder / "notebook").unlink()
    folder.rmdir()
    assert not files.is_stamped(folder, "a")


def test_a_failed_write_leaves_the_old_text(tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        files.write_atomically(path, "\ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_two_commands_cannot_work_on_one_class_at_once(tmp_path):
    with (
        files.locked(tmp_path),
        pytest.raises(CourseError, match="another autograder"),
        files.locked(tmp_path),
    ):
        pass
    with files.locked(tmp_path):
        pass
