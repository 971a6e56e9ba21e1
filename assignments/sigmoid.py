"""02 Sigmoid: from a hard step to a soft one."""

import numpy as np

from assignments.library import references
from assignments.library.model import Assignment, Case, Item
from assignments.library.properties import Elementwise, inputs_unchanged, integers, shape, stable, values

SIGMOID = Assignment(
    name="02-sigmoid",
    title="Sigmoid: from a hard step to a soft one",
    story="""
A neuron computes a pre-activation z and then has to decide. The first artificial neurons decided with a step: all or
nothing. The sigmoid makes the same decision softly, so that it has a slope, and a slope is what learning needs. In this
assignment you write both, measure the slope, and build logistic regression from the pieces.

It belongs to the chapter *The sigmoid*.""",
    conventions="""
- `z` is the pre-activation: a NumPy array of any shape. It may also have no dimensions (one number) or no entries.
- You return a **new** array of floats (float64) with the shape of `z`. What you are given stays unchanged.
- An array of integers counts as numbers: 3 means 3.0.
- *Stable* means right for every |z| up to 10000, without NaN and without infinity. It is an item of its own.
  A `RuntimeWarning` on the way to a right number costs nothing.
- In a batch each **row** of `X` is one example: `X` is (n, d), `w` is (d,), `b` is a number, labels `y` are (n,).""",
)
HARD = {
    "close": (-1e-300, 1e-300),
    "again": (0.5, 0.0, -0.3),
    "whole_hint": "3 counts as 3.0",
    "exact_type": False,
}
ROWS = [[1.0, -2.0, 0.5], [0.0, 1.5, -1.0], [2.0, 0.25, 1.0], [-1.0, 0.5, 3.0]]
SHOWN = (ROWS, [0.5, -1.0, 0.25], 0.1, [1, 0, 0, 1])
SQUARE = ([[0.3, -1.1, 2.0], [1.7, 0.4, -0.6], [-2.2, 0.9, 0.8]], [-0.6, 0.8, 1.1], -0.35, [0, 1, 1])
TALL = ([[1.0, 2.0], [-0.5, 0.5], [3.0, -1.0], [0.2, 0.1], [-2.0, -1.5]], [0.9, -0.3], 0.6, [1, 1, 0, 0, 1])
ONE_ROW = ([[1.5, -0.5]], [0.4, 2.0], 0.7, [0])


@SIGMOID.function(
    r"""
## The step

$$\operatorname{step}(z) = \begin{cases} 1 & z \ge 0 \\ 0 & z < 0 \end{cases}$$

**Conventions.** At the jump itself the answer is 1: `step(0)` is 1. (Other books take 0 or 1/2.) The answers are
floats, 1.0 and 0.0.""",
    references.function("step"),
    *Elementwise("it is 1 where z >= 0 (at 0 too) and 0 elsewhere", (-2.0, 0.0, 3.0), **HARD).items(
        "values 4, type 1, shape 2, scalar-or-empty 1, integers 1, inputs-unchanged 1"
    ),
)
def step(z):
    """Return 1.0 where z >= 0 and 0.0 elsewhere.

    z: array of any shape. Returns a new float64 array of the same shape.
    """
    return np.where(z >= 0, 1.0, 0.0)


@SIGMOID.function(
    r"""
## The sign

$$\operatorname{sign}(z) = \begin{cases} 1 & z > 0 \\ 0 & z = 0 \\ -1 & z < 0 \end{cases}$$

**Conventions.** `sign(0)` is 0. The answers are floats.""",
    references.function("sign"),
    *Elementwise("it is -1, 0 or 1, and 0 at exactly 0", (-2.0, 0.0, 3.0), **HARD).items(
        "values 4, type 1, shape 2, scalar-or-empty 1, integers 1, inputs-unchanged 1"
    ),
)
def sign(z):
    """Return -1.0, 0.0 or 1.0: the sign of each entry of z.

    z: array of any shape. Returns a new float64 array of the same shape.
    """
    return np.where(z > 0, 1.0, np.where(z < 0, -1.0, 0.0))


@SIGMOID.function(
    r"""
## The sigmoid

$$\sigma(z) = \frac{1}{1 + e^{-z}}$$

It turns any number into one between 0 and 1. Far to the left it is nearly 0, far to the right nearly 1, and at 0 it is
exactly 1/2.

**Stability** is asked for up to |z| = 10000: `sigmoid(-1000)` is 0 and `sigmoid(1000)` is 1.""",
    references.function("sigmoid"),
    *Elementwise(
        "it is 1 / (1 + exp(-z))",
        (0.0, 1.0, -1.0),
        unstable="an exponential overflows and turns into NaN; use exp(-|z|), which cannot",
    ).items("values 6, shape 2, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 4"),
)
def sigmoid(z):
    """Return 1 / (1 + exp(-z)), entry by entry.

    z: array of any shape. Returns a new float64 array of the same shape, with values in [0, 1].
    """
    e = np.exp(-np.abs(z))  # never above 1, so nothing overflows
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


@SIGMOID.function(
    r"""
## Its derivative

$$\sigma'(z) = \sigma(z)\,\bigl(1 - \sigma(z)\bigr) = \frac{e^{-z}}{(1 + e^{-z})^2}$$

The derivative is never larger than 1/4, and far from 0 it vanishes. Much of the chapter follows from that.

**Conventions.** The derivative is a function of **z**, not of the activation: `sigmoid_grad(0)` is 1/4.

**Stability** is asked for up to |z| = 10000, where the derivative is 0.""",
    references.derivative("sigmoid"),
    *Elementwise(
        "it is sigmoid(z) * (1 - sigmoid(z)), a function of z",
        (0.0, 1.0, -1.0),
        of="sigmoid",
        unstable="infinity divided by infinity is NaN; use exp(-|z|), which cannot overflow",
    ).items(
        "values 5, matches-difference 4, shape 2, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 4"
    ),
)
def sigmoid_grad(z):
    """Return the derivative of the sigmoid at z, entry by entry.

    z: the pre-activation, array of any shape. Returns a new float64 array of the same shape, values in [0, 1/4].
    """
    e = np.exp(-np.abs(z))  # the derivative is even: the sign of z does not matter
    return e / (1 + e) ** 2


LOGITS = "work from the logits, without the logarithm of a probability that has become 0"
THREE = ([2.0, -1.0, 0.5], [1, 0, 0])


@SIGMOID.function(
    r"""
## Log loss

The model says that the label is 1 with probability p = σ(z). The log loss is the surprise at the true labels, on average:

$$\ell = \frac{1}{n} \sum_{i=1}^{n} \bigl(-y_i \log p_i - (1 - y_i) \log (1 - p_i)\bigr),
\qquad p_i = \sigma(z_i)$$

**Conventions.** The first argument holds the **logits** z, not probabilities. The logarithm is the natural one, and the loss is
the **mean** over the rows, so that one row with z = 0 costs log 2 = 0.693, whatever its label. Labels are the integers 0
and 1. You return one number.

**Stability** is asked for up to |z| = 10000. A model that is sure and wrong pays in proportion: z = 1000 with label 0
costs 1000, not infinity. The formula above cannot give that. Put p = σ(z) into it, simplify on paper first, and find a form in
which no exponential overflows.""",
    references.log_loss,
    values(
        5,
        [
            Case(
                "gives a wrong number: one row with logit 0 costs log 2, by the natural logarithm", [0.0], [1]
            ),
            Case(
                "gives a wrong number: it is the mean over the rows of -log(p) where y is 1 and -log(1 - p) where y is 0, "
                "with p = sigmoid(z)",
                *THREE,
            ),
        ],
        [
            Case(
                "gives a wrong number on other rows than those shown",
                [-0.7, 2.9, -3.6, 0.0, 4.8, -5.5, 1.3],
                [1, 1, 0, 1, 0, 1, 0],
            ),
            Case("gives a wrong number when every label is 1", [1.5, 0.25], [1, 1]),
            Case("gives a wrong number when every label is 0", [1.5, 0.25], [0, 0]),
        ],
        "the right number. One row with z = 0 costs log 2, and the first argument holds logits.",
    ),
    Item(
        "mean",
        2,
        "the loss is a mean over the rows. The same rows twice cost the same.",
        """
        once = {call}
        assert once > 0, "{name} should be positive"
        check_close({name}(np.tile({z}, 2), np.tile({y}, 2)), once, {message})
        """,
        [Case("should be the mean over the rows, not the sum: the same rows twice cost the same", *THREE)],
        [Case("of equal rows should be that of one of them", [-1.25], [1])],
    ),
    shape(
        1,
        "one number.",
        [Case("should return one float for the whole batch", *THREE)],
        [Case("should return one float for a batch of one row too", [0.3], [0])],
    ),
    integers(
        1,
        [Case("is wrong for logits that are integers", [2, -1, 0], [1, 0, 0])],
        [Case("is wrong for logits that are integers, negative first", [-1, 3], [1, 0])],
        "logits that are integers count as numbers.",
    ),
    inputs_unchanged(
        1,
        "logits and labels stay as they were.",
        [Case("changes what it is given: work on new arrays", [-2.0, 0.5, 3.0], [1, 0, 1])],
        [Case("changes what it is given: work on new arrays", [2.0, -0.5], [0, 0])],
    ),
    stable(
        4,
        [
            Case(f"breaks down far from zero: {LOGITS}", [1000.0], [0]),
            Case(f"breaks down far from zero: {LOGITS}", [1000.0], [1]),
        ],
        [
            Case(f"breaks down further out: {LOGITS}", [-10000.0, 10000.0], [1, 0]),
            Case(
                f"breaks down far out, where the model is sure and right: {LOGITS}",
                [-10000.0, -800.0, 750.0, 10000.0],
                [0, 0, 1, 1],
            ),
            Case(
                f"is wrong where the model is sure and wrong: {LOGITS}, and do not clip",
                [40.0, -40.0],
                [0, 1],
            ),
        ],
    ),
)
def log_loss(z, y):
    """Return the mean log loss of the logits z for the labels y, as one number.

    z: logits, float array (n,). y: labels 0 or 1, integer array (n,).
    """
    # log(1 + exp(z)) - y z, with the larger exponential taken out of the logarithm.
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


def gradient(name, code, points, says, shown, *hidden):
    """Return an item about one of the two results, dw and db."""
    return Item(name, points, says, f"returned_dw, returned_db = {{call}}\n{code}", shown, hidden)


@SIGMOID.function(
    r"""
## The gradient of logistic regression

Logistic regression is a net input followed by a sigmoid: z = X w + b, p = σ(z). To train it you need the slope of the log
loss in each weight and in the bias:

$$\frac{\partial \ell}{\partial w_j} = \frac{1}{n} \sum_{i=1}^{n} (p_i - y_i)\, x_{ij},
\qquad
\frac{\partial \ell}{\partial b} = \frac{1}{n} \sum_{i=1}^{n} (p_i - y_i)$$

The logarithm and the exponential have cancelled. What is left is the error, p - y, times the input.

**Conventions.** Means over the rows, as in `log_loss`. Return the pair `(dw, db)`: `dw` has the shape of `w`, `db` is one
number. **Stability** is asked for up to |z| = 10000.""",
    references.log_loss_grad,
    gradient(
        "weights",
        "check_close(np.ravel(returned_dw), {dw}, {message})",
        4,
        "dw is right.",
        [Case("gives a wrong dw: it is the mean over the rows of (p - y) times the input", *SHOWN)],
        Case("gives a wrong dw when X is square: rows are examples, columns are inputs", *SQUARE),
        Case("gives a wrong dw on another batch than the one shown", *TALL),
        Case("gives a wrong dw for a batch of one row", *ONE_ROW),
    ),
    gradient(
        "bias",
        "check_close(np.squeeze(returned_db), {db}, {message})",
        3,
        "db is right.",
        [Case("gives a wrong db: it is the mean over the rows of p - y", *SHOWN)],
        Case("gives a wrong db on another batch than the one shown", *SQUARE),
        Case("gives a wrong db on another batch than the one shown", *TALL),
    ),
    Item(
        "matches-difference",
        3,
        "the slope of your own log_loss, measured by a central difference.\n"
        "# A right gradient passes as well, whatever your log_loss does.",
        """
        features = {X}
        labels = {y}
        parameters = np.array({np.append(w, b)})
        returned = {name}(features, parameters[:-1], float(parameters[-1]), labels)
        check_gradient(
            np.append(*returned),
            {np.append(dw, db)},
            lambda p: log_loss(features @ p[:-1] + p[-1], labels),
            parameters,
            {message},
        )
        """,
        [Case("is not the slope of your log_loss(X @ w + b, y)", *SHOWN)],
        [Case("is not the slope of your log_loss(X @ w + b, y) on another batch", *TALL)],
    ),
    gradient(
        "shape",
        "check_floats(returned_dw, {w.shape}, {message})\ncheck_floats(returned_db, (), {message})",
        2,
        "dw has the shape of w, and db is one number.",
        [Case("should return dw as a float64 array with the shape of w, and db as one float", *SHOWN)],
        Case(
            "should return dw with the shape of w, and db as one float, for a batch of one row too", *ONE_ROW
        ),
    ),
    inputs_unchanged(
        1,
        "inputs, weights and labels stay as they were.",
        [
            Case(
                "changes what it is given: work on new arrays",
                [[1.0, -2.0], [0.5, 3.0]],
                [0.5, -1.0],
                0.25,
                [1, 0],
            )
        ],
    ),
    Item(
        "stable",
        2,
        "right as far out as |z| = 10000. There the error p - y is 0, 1 or -1.",
        "check_close(np.append(*{call}), {np.append(dw, db)}, {message})",
        [
            Case(
                "breaks down far from zero: use a sigmoid in which no exponential overflows",
                [[1.0], [2.0]],
                [-1000.0],
                0.0,
                [1, 0],
            )
        ],
        [
            Case(
                "breaks down further out: use a sigmoid in which no exponential overflows",
                [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 2.0]],
                [10000.0, -5000.0],
                0.0,
                [1, 1, 0, 0],
            )
        ],
    ),
)
def log_loss_grad(X, w, b, y):
    """Return (dw, db): the gradient of log_loss(X @ w + b, y) in w and in b.

    X: inputs (n, d). w: weights (d,). b: bias, a number. y: labels 0 or 1, integers (n,).
    Returns dw, an array (d,), and db, a number.
    """
    p = (1 + np.tanh((X @ w + b) / 2)) / 2  # the sigmoid, by its other name
    error = p - y
    return X.T @ error / len(y), np.mean(error)


def on_boundary(draw):
    """Return other arguments of predict whose first row lies exactly on the boundary."""
    w, x = float(draw.number(3)), float(draw.number(2))
    return [[x], [x - 1], [x + 1]], [w], -w * x


IT_IS = "it is 1 where X @ w + b >= 0 and 0 elsewhere"


@SIGMOID.function(
    """
## The decision

The model decides for label 1 when p is at least 1/2, and that is where z = X w + b is at least 0. The **decision boundary**
X w + b = 0 is a straight line: the sigmoid bends the probabilities, not the boundary.

**Conventions.** On the boundary itself (z = 0, p = 1/2) the answer is 1, as for `step`. The answers are **integers** 0 and 1 (any
integer type; not floats, not booleans). They hold far from the boundary too, up to |z| = 10000.""",
    references.predict,
    values(
        3,
        [Case(f"gives wrong labels: {IT_IS}", [[2.0, 1.0], [-1.0, 0.5], [0.0, -3.0]], [1.0, 2.0], -0.5)],
        [
            Case(f"gives wrong labels when X is square: {IT_IS}", SQUARE[0], [-0.6, 0.8, 0.5], 0.2),
            Case(
                f"gives wrong labels with one input and a bias: {IT_IS}",
                [[0.25], [0.75], [-4.0], [3.0]],
                [-2.0],
                1.25,
            ),
            Case(
                f"gives wrong labels close to the boundary: {IT_IS}",
                [[0.0001], [-0.0001], [0.01], [-0.01]],
                [1.0],
                0.0,
            ),
        ],
        "the right labels.",
    ),
    Item(
        "boundary",
        1,
        "a row that lies exactly on the boundary gets label 1.",
        "check_close({call}, {expected}, {message})",
        [
            Case(
                "should give 1 to a row exactly on the boundary, where z = 0",
                [[1.0, -1.0], [1.0, -2.0]],
                [1.0, 1.0],
                0.0,
            )
        ],
        [
            Case(
                "should give 1 to a row exactly on the boundary, with a bias too",
                [[2.0], [1.0], [3.0]],
                [3.0],
                -6.0,
                draw=on_boundary,
            )
        ],
    ),
    Item(
        "type",
        1,
        "an array of integers, one for each row.",
        "returned = np.asarray({call})\nassert np.issubdtype(returned.dtype, np.integer), {message}",
        [Case("should return integers, not floats or booleans", [[2.0], [-1.0], [0.5]], [1.0], 0.0)],
    ),
    shape(
        1,
        "one label for each row, and a batch may have no rows.",
        [
            Case(
                "should return an array (n,), one label for each row",
                [[2.0, 1.0], [-1.0, 0.0], [0.5, 2.0]],
                [1.0, 1.0],
                0.0,
            )
        ],
        [
            Case("should return one label for one row", [[2.0, 1.0]], [1.0, 1.0], 0.0),
            Case("should return no label for no row", np.empty((0, 2)), [1.0, 1.0], 0.0),
        ],
        "check_shape({call}, {np.shape(expected)}, {message})",
    ),
    inputs_unchanged(
        1,
        "inputs and weights stay as they were.",
        [Case("changes what it is given: work on new arrays", [[1.0, -2.0], [0.5, 3.0]], [0.5, -1.0], 0.25)],
    ),
    stable(
        1,
        [
            Case(
                "breaks down far from the boundary: NaN is not above anything", [[1.0], [-1.0]], [1000.0], 0.0
            )
        ],
        [
            Case(
                "breaks down further out: NaN is not above anything", [[1.0], [-1.0], [0.08]], [-10000.0], 0.0
            )
        ],
        "right as far out as |z| = 10000.",
    ),
)
def predict(X, w, b):
    """Return the predicted label, 0 or 1, of each row of X.

    X: inputs (n, d). w: weights (d,). b: bias, a number. Returns an integer array (n,).
    """
    return (X @ w + b >= 0).astype(int)


SIGMOID.written(
    "explain-vanishing",
    5,
    """
## In your own words: the vanishing gradient

A network has ten sigmoid layers, one neuron each, and every weight between them is 1. By what factor can the gradient
shrink at least on its way from the last layer to the first? Say where your bound comes from, and what a saturated neuron does
to it. Three to five sentences; a person reads them.""",
    """
By the chain rule the gradient is multiplied, at every layer, by the weight (1) and by the slope of the sigmoid at that
layer's pre-activation. That slope is σ(1 - σ), which is largest at z = 0 and there is 1/4. Ten layers therefore leave at most
(1/4)^10, about one millionth. A saturated neuron has |z| large and a slope near 0: then its one factor alone takes nearly
everything, and the layers below it hardly learn.

**Rubric.** 1 point: the chain rule multiplies one slope per layer. 1 point: the slope is at most 1/4. 1 point: why (σ(1 - σ) is
largest at σ = 1/2, z = 0). 1 point: the bound 4^-10, about 1e-6. 1 point: what saturation does.""",
)

SIGMOID.written(
    "explain-logits",
    5,
    """
## In your own words: why from logits?

`log_loss` takes logits and not probabilities. What goes wrong in floating point when a program first computes p = σ(z) and then
log(1 - p), for z = 40 say? Why does it not help to clip p to [1e-15, 1 - 1e-15]? Three to five sentences; a person reads
them.""",
    """
At z = 40 the exact p is 1 - 4e-18, and the nearest float64 is 1. So 1 - p is 0 and its logarithm is minus infinity, although
the true value is -40. Clipping replaces it by log(1e-15) = -34.5 for every z beyond about 34.5: the number is finite but wrong, and it
no longer depends on z, so that its gradient is 0 just where the model is most wrong and ought to learn most. From the
logit the loss is max(z, 0) - y z + log(1 + exp(-|z|)), which loses nothing.

**Rubric.** 1 point: p rounds to exactly 1. 1 point: log(1 - p) becomes minus infinity (or NaN in the product). 1 point: the true value
is about -40. 1 point: clipping gives a finite, wrong number. 1 point: and a gradient of 0 where the error is greatest.""",
)
