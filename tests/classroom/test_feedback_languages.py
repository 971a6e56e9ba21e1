"""What the judge says, in another language: by sentences, what is filled in kept, English where none is known."""

import time

import pytest

from autograder.classroom.course import load_course
from autograder.classroom.errors import CourseError
from autograder.classroom.pages.languages import ENGLISH, Language, language
from tests.support import answers

FITS = [
    ("It is zero everywhere.", "它处处为零。"),
    ("At exactly 0 it is zero everywhere.", "恰好在0处，它处处为零。"),
    ("It is wrong at z = 2: it is minus twice what is right.", "在z = 2处不对：它是负的正确值的2倍。"),
    ("its first value: the sign is wrong", "它的第一个值：正负号错了"),
    ("relu should take a single negative number too", "relu也应接受单个负数"),
    (
        "The test cell sign-type was changed; the instructor's version was used.",
        "测试单元格sign-type被改动了；用的是教师的版本。",
    ),
    (
        "The sign in the exponent is wrong: `exp(z)` stands where `exp(-z)` belongs.",
        "指数里的正负号错了：该用`exp(-z)`的地方用了`exp(z)`。",
    ),
    ("Explain vanishing", "解释梯度消失"),
    ("It is very odd. It is zero everywhere.", "It is very odd.它处处为零。"),
    ("A catalogue knows nothing of this.", "A catalogue knows nothing of this."),
]


@pytest.fixture(scope="module")
def chinese() -> Language:
    return language(load_course(answers.ROOT), "zh", "02-sigmoid")


@pytest.mark.parametrize(("said", "told"), FITS)
def test_sentences_of_the_judge_are_told_in_chinese(chinese: Language, said: str, told: str) -> None:
    assert chinese.tell(said) == told
    assert ENGLISH.tell(said) == said


def test_what_is_put_into_words_of_the_page_can_do_no_harm(chinese: Language) -> None:
    for one in (ENGLISH, chinese):
        assert "<b>" not in one.say("Feedback for {student}", student="<b>\u202e")
        assert "\u202e" not in one.say("Feedback for {student}", student="<b>\u202e")


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(CourseError, match="choose one of en, zh"):
        language(load_course(answers.ROOT), "fr", "02-sigmoid")


@pytest.mark.parametrize("text", [": ".join(["it"] * 200), "." * 500, "it is it " * 60, "It is zero: " * 49])
def test_words_that_a_student_chose_are_looked_up_in_no_time(chinese: Language, text: str) -> None:
    start = time.process_time()
    chinese.tell(f"It raises ValueError: {text}")
    assert time.process_time() - start < 2
