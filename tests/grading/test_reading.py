"""Any bytes are read as a notebook or refused with one clear line."""

import json
import time
import tracemalloc

import pytest

from autograder.judging import reading
from autograder.judging.reading import Unreadable, read_notebook, strip_outputs
from tests.grading import notebooks

pytestmark = pytest.mark.quick

RIGHT = json.dumps(notebooks.right_answers(), ensure_ascii=False)


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read_notebook(data)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\0\0", "empty"),
        (b"{}", "no cells"),
        (b"[]", "no cells"),
        (b"null", "no cells"),
        (b"print('hello')", "does not start like one"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"PK\x03\x04\xff\xfe", "ZIP"),
        (b"\x1f\x8b\x08\x00\xff", "gzip"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (RIGHT.encode()[:-40], "cut off"),
        (RIGHT.encode()[:700], "cut off"),
        (RIGHT.replace(",", ";", 1).encode(), "damaged"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"cells":' + b"[" * 100_000, "nested too deeply"),
        (b'{"cells": [], "x": ' + b"9" * 5000 + b"}", "number too long"),
    ],
)
def test_what_is_no_notebook_is_refused_in_a_line(data: bytes, words: str) -> None:
    assert words in refusal(data)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"]
)
def test_every_common_encoding_is_read(encoding: str) -> None:
    content = notebooks.notebook([notebooks.text("Größe µ")])
    cells = read_notebook(json.dumps(content, ensure_ascii=False).encode(encoding)).cells
    assert cells[0].source == "Größe µ"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ufeffx = 1", "x = 1"),
        ("'\ud800'", "'\ufffd'"),
        ("'\ud83d\ude00'", "'\U0001f600'"),
        ("if 1:\n\tx = 1", "if 1:\n\tx = 1"),
        (["a\n", "b"], "a\nb"),
        (["a", 3, None, "b"], "ab"),
        (None, ""),
        ({"a": 1}, ""),
    ],
)
def test_sources_become_plain_text(written: object, read: str) -> None:
    cell = {"cell_type": "code", "metadata": {}, "source": written}
    assert read_notebook(notebooks.to_bytes(notebooks.notebook([cell]))).cells[0].source == read


def test_nan_and_infinity_in_json_do_no_harm() -> None:
    text = RIGHT.replace('"metadata": {}', '"metadata": {"x": NaN, "y": -Infinity}', 1)
    assert len(read_notebook(text.encode()).cells) == 12


def test_numbers_null_and_text_among_the_cells_are_left_out() -> None:
    handed = notebooks.notebook([None, 3, "x", [], notebooks.code("x = 1")])  # type: ignore[list-item]
    assert [cell.source for cell in read_notebook(notebooks.to_bytes(handed)).cells] == ["x = 1"]


@pytest.mark.parametrize("cells", [None, 3, "text", {"0": {}}])
def test_cells_that_are_no_list_are_no_cells(cells: object) -> None:
    assert read_notebook(json.dumps({"cells": cells}).encode()).cells == ()


def test_another_kernel_is_noted() -> None:
    handed = notebooks.right_answers()
    handed["metadata"]["kernelspec"] = {"language": "R", "name": "ir"}
    assert read_notebook(notebooks.to_bytes(handed)).notes == (
        "The notebook was set to another language's kernel; it was graded as Python.",
    )


def test_attachments_are_kept_if_they_are_pictures() -> None:
    cell = notebooks.text("![](attachment:a.png)")
    cell["attachments"] = {
        "a.png": {"image/png": "aGVsbG8="},
        "b.svg": {"image/svg+xml": "<svg onload=alert(1)>"},
        "c.png": {"image/png": '"><script>'},
        "../d.png": {"image/png": "aGVsbG8="},
    }
    (read,) = read_notebook(notebooks.to_bytes(notebooks.notebook([cell]))).cells
    assert read.attachments == {"a.png": {"image/png": "aGVsbG8="}}


def test_too_many_cells_are_refused() -> None:
    cells = [notebooks.code("x = 1")] * 18_000
    assert "too many cells: 18000" in refusal(notebooks.to_bytes(notebooks.notebook(cells)))


def test_many_empty_cells_are_read() -> None:
    cells = [notebooks.code("")] * 15_000
    assert len(read_notebook(notebooks.to_bytes(notebooks.notebook(cells))).cells) == 15_000


SMALL_FILES_THAT_GROW = {
    "empty cells": b'{"cells": [' + b"{}," * 1_000_000 + b"{}]}",
    "empty lists": b'{"cells": [], "x": [' + b"[]," * 1_000_000 + b"[]]}",
    "numbers": b'{"cells": [], "x": [' + b"1," * 3_000_000 + b"1]}",
    "keys": b'{"cells": [], "x": [' + b'{"":0},' * 500_000 + b"0]}",
    "lines": b'{"cells": [{"cell_type": "code", "source": [' + b'"",' * 1_000_000 + b'""]}]}',
    "in UTF-16": ('{"cells": [' + "{}," * 1_000_000 + '{}], "\u2200": 0}').encode("utf-16"),
}


@pytest.mark.parametrize("data", SMALL_FILES_THAT_GROW.values(), ids=SMALL_FILES_THAT_GROW.keys())
def test_small_files_that_would_take_much_memory_are_refused_before_they_do(data: bytes) -> None:
    tracemalloc.start()
    try:
        assert "too many cells" in refusal(data)
        assert tracemalloc.get_traced_memory()[1] < 30 * len(data) + 10_000_000
    finally:
        tracemalloc.stop()


def test_marks_of_a_merge_are_named() -> None:
    broken = RIGHT.replace(', "outputs"', '\n<<<<<<< HEAD\n, "outputs"', 1)
    assert "marks of a merge" in refusal(broken.encode())


def test_too_much_text_is_refused() -> None:
    assert "too long" in refusal(notebooks.to_bytes(notebooks.notebook([notebooks.code("#" * 5_000_000)])))


def test_too_large_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 1000)
    assert "too large" in refusal(RIGHT.encode())


def test_huge_outputs_are_dropped_quickly() -> None:
    cell = notebooks.code('x = "a ] in \\"outputs\\": [ a string"')
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ['y ] [ \\ " ' * 20] * 100_000}]
    data = notebooks.to_bytes(notebooks.notebook([cell, notebooks.code("z = 1")]))
    assert len(data) > 20_000_000
    began = time.perf_counter()
    assert [c.source for c in read_notebook(data).cells] == [cell["source"], "z = 1"]
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("damage", ['"outputs": [', '"outputs": [' * 1000, '{"a": "\\"' + '\\"' * 200_000])
def test_looking_for_outputs_takes_linear_time(damage: str) -> None:
    began = time.perf_counter()
    strip_outputs(('"outputs": [' + damage).encode())
    assert time.perf_counter() - began < 2
