"""Grading by hand in the formgrader, as a person does it in a browser."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.support.jupyter import TOKEN


def log_in(page: Page, address: str) -> None:
    """Open JupyterLab, which remembers the visitor."""
    page.goto(f"{address}/lab?token={TOKEN}")


def open_submission(page: Page, address: str, assignment: str, student: str) -> None:
    """Go from the student's page in the formgrader to the submission."""
    page.goto(f"{address}/formgrader/manage_students/{quote(student)}/{quote(assignment)}")
    page.get_by_role("link", name=assignment, exact=True).last.click()
    page.wait_for_url("**/formgrader/submissions/**")
    page.wait_for_function("formgrader.grades?.loaded && formgrader.comments?.loaded")


def grade_by_hand(
    page: Page, address: str, assignment: str, student: str, answers: Mapping[str, tuple[float, str]]
) -> None:
    """Open a submission and give each written answer, by its cell's name, its points and a comment."""
    open_submission(page, address, assignment, student)
    for cell, (points, comment) in answers.items():
        _type(page, f"input.score[id='{cell}']", f"{points:g}", "/api/grade/")
        _type(page, f"textarea[id='{cell}-comment']", comment, "/api/comment/")


def _type(page: Page, selector: str, text: str, saved_at: str) -> None:
    """Type into a field and leave it; return when the formgrader has saved it."""
    field = page.locator(selector)
    with page.expect_response(
        lambda response: saved_at in response.url and response.request.method == "PUT"
    ) as saved:
        field.click()
        field.fill(text)
        field.blur()
    assert saved.value.ok
    expect(field).to_have_value(text)
