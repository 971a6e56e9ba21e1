"""Quiz questions that a page answers by itself: native radio buttons, no script, no kernel.

In a chapter, a question is a definition list, an option with the reason why it is right or wrong::

    :::{question} Which way does the slope of a step point?

    To the left.
    : That would lower the loss.

    (right) Nowhere.
    : It is level on every tread.
    :::

The style sheet shows the reason of the option that is chosen. It stands in a live region, so that a screen reader
says it at once, and begins with a word that tells right from wrong: colour alone tells nothing.

A `guess` is written in the same way and stands before a plot, which stays closed until the reader has guessed, or has
chosen to see it without.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxTranslator
from translation import translate

MARK = "(right) "


class quiz_question(nodes.General, nodes.Element):
    """A question with its `quiz_option` nodes; `kind` is question or guess, of which `number` counts on each page."""


class quiz_option(nodes.General, nodes.Element):
    """One answer: a `nodes.term` and a `nodes.definition`; `right` tells whether it is the right one."""


class Question(SphinxDirective):
    """The `question` directive; the argument is the question."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    kind = "question"

    def run(self) -> list[nodes.Node]:
        """Return the `quiz_question` node; refuse options that are not exactly one right and some wrong ones."""
        number = self.env.temp_data[self.kind] = self.env.temp_data.get(self.kind, 0) + 1
        found = quiz_question(number=number, kind=self.kind)
        words, messages = self.state.inline_text(self.arguments[0], self.lineno)
        found += nodes.title(self.arguments[0], "", *words)
        self.set_source_info(found)
        items = self._items()
        found += [self._option(item) for item in items]
        if sum(entry["right"] for entry in found[1:]) != 1 or len(items) < 2:
            raise self.error(f"a {self.kind} needs two options or more, and one that begins with (right)")
        return [found, *messages]

    def _items(self) -> list[nodes.definition_list_item]:
        body = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, body)
        if not all(isinstance(node, nodes.definition_list) for node in body):
            raise self.error(f"a {self.kind} holds options only, each followed by `: why`")
        return [item for listed in body for item in listed]

    def _option(self, item: nodes.definition_list_item) -> quiz_option:
        term, reason = item.children[0], item.children[-1]
        text = term.next_node(nodes.Text)
        right = text is not None and text.astext().startswith(MARK.rstrip())
        if right and text is not None:
            term.rawsource = term.rawsource.removeprefix(MARK)
            text.parent.replace(text, nodes.Text(text.astext().removeprefix(MARK.rstrip()).lstrip()))
        return quiz_option("", term, reason, right=right)


class Guess(Question):
    """The `guess` directive: a question whose answer is the plot after it."""

    kind = "guess"


def _begin_question(self: SphinxTranslator, node: quiz_question) -> None:
    name = f"{node['kind']}-{node['number']}"
    guess = node["kind"] == "guess"
    titled = translate("Guess first") if guess else translate("Question {number}", number=node["number"])
    self.body.append(f'<fieldset class="{node["kind"]}" id="{name}"><legend>')
    self.body.append(f'<span class="question-number">{titled}</span> ')
    for child in node[0].children:
        child.walkabout(self)
    self.body.append("</legend>")
    for place, entry in enumerate(node.children[1:], start=1):
        _write_option(self, entry, name, place)
    if node["kind"] == "guess":
        self.body.append(
            f'<div class="option"><input type="radio" name="{name}" id="{name}-0" autocomplete="off">'
            f'<label for="{name}-0">{translate("Show it to me without a guess.")}</label></div>'
        )
    self.body.append("</fieldset>")
    raise nodes.SkipNode


def _write_option(self: SphinxTranslator, node: Any, name: str, place: int) -> None:
    key = f"{name}-{place}"
    self.body.append(f'<div class="option {"right" if node["right"] else "wrong"}">')
    self.body.append(f'<input type="radio" name="{name}" id="{key}" autocomplete="off"><label for="{key}">')
    for child in node[0].children:
        child.walkabout(self)
    verdict = translate("Right.") if node["right"] else translate("Not this one.")
    self.body.append(f'</label><div role="status"><div class="why"><strong>{verdict}</strong> ')
    for paragraph in node[1].children:
        for child in paragraph.children:
            child.walkabout(self)
    self.body.append("</div></div></div>\n")


def _never(self: SphinxTranslator, node: nodes.Node) -> None:
    """`_begin_question` writes all of a question by itself."""


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive and how HTML shows it."""
    directive: type[Directive] = Question
    app.add_directive("question", directive)
    app.add_directive("guess", Guess)
    app.add_node(quiz_question, html=(_begin_question, _never))
    app.add_node(quiz_option, html=(_never, _never))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
