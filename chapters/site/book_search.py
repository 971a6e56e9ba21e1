"""Words that readers search for and pages do not use: other names, symbols, and how libraries spell them."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

SIGMA = "\N{GREEK SMALL LETTER SIGMA}"
WORDS = {
    "linear-regression": "OLS, linear activation, passthrough",
    "sigmoid": f"{SIGMA}, sigma, logistic, expit, logloss, BCE, BCEWithLogits",
    "tanh": "hyperbolic tangent, hardtanh, hardsigmoid",
    "relu-family": "LReLU, LeakyReLU, SiLU, hardswish, rectifier, swish-1, GeLU",
    "maxout": "max-out",
    "softmax": "NLL, NLLLoss, LogSoftmax, logsumexp, softargmax, CrossEntropyLoss, logloss",
    "network": "MLP, backprop, perceptron",
    "choosing": "SwiGLU, hyperparameter, squashing, transfer",
    "cheat-sheet": f"{SIGMA}, LReLU, LeakyReLU, SiLU, hardswish, hardtanh, hardsigmoid",
    "glossary": f"{SIGMA}, LReLU, SiLU, logloss, nonlinearity",
    "notation": f"{SIGMA}, sigma, phi, φ",
    "your-own": "custom, playground",
}


def add(app: Sphinx, document: nodes.document) -> None:
    """Put the words of a page where its readers do not see them and the search finds them."""
    words = WORDS.get(app.env.docname.rpartition("/")[2])
    if words and app.env.docname.startswith("chapters/"):
        document.insert(0, nodes.meta(name="keywords", content=words))


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the hook."""
    app.connect("doctree-read", add, priority=700)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
