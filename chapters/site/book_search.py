"""Words that readers search for and pages do not use: other names, symbols, and how libraries spell them."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
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


def add(app: Sphinx, document: nodes.document) -> None:
    """Put the words of a page where its readers do not see them and the search finds them."""
    words = WORDS.get(app.env.docname.rpartition("/")[2])
    if app.builder.name == "gettext":
        return  # they are words of the code, not of the page
    if words and app.env.docname.startswith("chapters/"):
        document.insert(0, nodes.meta(name="keywords", content=translate(words)))


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the hook."""
    app.connect("doctree-read", add, priority=700)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
