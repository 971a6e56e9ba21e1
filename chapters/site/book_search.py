"""The search: words that readers look for and pages do not use, and Han, which is written without spaces."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish
from translation import message, translate

WORDS = {
    "linear-regression": message("OLS, linear activation, passthrough"),
    "sigmoid": message("\N{GREEK SMALL LETTER SIGMA}, sigma, logistic, expit, logloss, BCE, BCEWithLogits"),
    "tanh": message("hyperbolic tangent, hardtanh, hardsigmoid"),
    "relu-family": message("LReLU, LeakyReLU, SiLU, hardswish, rectifier, swish-1, GeLU"),
    "maxout": message("max-out"),
    "softmax": message("NLL, NLLLoss, LogSoftmax, logsumexp, softargmax, CrossEntropyLoss, logloss"),
    "network": message("MLP, backprop, perceptron"),
    "choosing": message("SwiGLU, hyperparameter, squashing, transfer"),
    "cheat-sheet": message(
        "\N{GREEK SMALL LETTER SIGMA}, LReLU, LeakyReLU, SiLU, hardswish, hardtanh, hardsigmoid"
    ),
    "glossary": message("\N{GREEK SMALL LETTER SIGMA}, LReLU, SiLU, logloss, nonlinearity"),
    "notation": message("\N{GREEK SMALL LETTER SIGMA}, sigma, phi, φ"),
    "your-own": message("custom, playground"),
}


HAN = re.compile(r"[\u3400-\u9fff]+")


class SearchHan(SearchEnglish):
    """Chinese by single and neighbouring characters, which needs no dictionary; Latin words as in English."""

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = """
function splitQuery(query) {
  const han = /[\\u3400-\\u9fff]+/g;
  const pairs = (run) => Array.from({ length: Math.max(1, run.length - 1) }, (_, at) => run.slice(at, at + 2));
  const latin = query.replace(han, " ").split(/[^\\p{Letter}\\p{Number}_]+/gu).filter(Boolean);
  return [...latin, ...(query.match(han) ?? []).flatMap(pairs)];
}
"""

    def split(self, input: str) -> list[str]:
        """The words of a text for the index."""
        runs = HAN.findall(input)
        return super().split(HAN.sub(" ", input)) + [
            run[at : at + n] for run in runs for n in (1, 2) for at in range(len(run) - n + 1)
        ]


def add(app: Sphinx, document: nodes.document) -> None:
    """Put the words of a page where its readers do not see them and the search finds them."""
    words = WORDS.get(app.env.docname.rpartition("/")[2])
    if app.builder.name == "gettext":
        return  # they are words of the code, not of the page
    if words and app.env.docname.startswith("chapters/"):
        document.insert(0, nodes.meta(name="keywords", content=translate(words)))


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the hook."""
    app.add_search_language(SearchHan)
    app.connect("doctree-read", add, priority=700)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
