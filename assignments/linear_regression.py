"""01 Linear regression: the neuron without a bend."""

import mpmath as mp
import numpy as np

from assignments.library import references
from assignments.library.model import Assignment, Case, Formula, Item
from assignments.library.properties import (
    CLOSE,
    LOOSE,
    Elementwise,
    inputs_unchanged,
    integers,
    shape,
    values,
)

REGRESSION = Assignment(
    name="01-linear-regression",
    title="Linear regression: the neuron without a bend",
    story="""
Every activation function in this course bends something. Here is what it bends: the net input, a weighted sum and a bias. On
its own it draws a straight line through data. That is linear regression, the oldest model there is, and it already has all
the parts of a network: weights, a loss, a gradient, and a descent. In this assignment you build each part, and then fit the line
in two ways that must agree.

It belongs to the chapter *Linear regression*.""",
    conventions="""
- In a batch each **row** of `X` is one example: `X` is (n, d), weights `w` are (d,), the bias `b` is a number, and targets `y`
  are n floats.
- `z` is the pre-activation: a NumPy array of any shape. It may also have no dimensions (one number) or no entries.
- You return **new** arrays of floats (float64). What you are given stays unchanged.
- An array of integers counts as numbers: 3 means 3.0.
- A mean is a mean over the rows, 1/n. The mean squared error has no extra 1/2.""",
)

AS_IT_WAS = "what you are given stays as it was."
CHANGES = "changes what it is given: work on new arrays"
SUM = "the weighted sum of each row, plus the bias"
LOSSES = "losses[i] is the mean squared error after i steps"
MEASURED = "check_close({call}, {expected}, {message}, tolerance=1e-7)"
END = "check_close(np.append(returned_w, returned_b), {np.append(w, b)}, {message})"

# Data: predictions and targets, batches, points to fit.
ERRORS = ([1.0, 2.5, -0.5], [0.0, 3.0, 1.5])
FIVE = ([0.3, -1.1, 2.0, 4.4, -2.7], [0.8, -1.4, 0.5, 4.9, 1.3])
ROWS = [[1.0, -2.0, 0.5], [0.0, 1.5, -1.0], [2.0, 0.25, 1.0], [-1.0, 0.5, 3.0]]
SHOWN = (ROWS, [0.5, -1.0, 0.25], 0.1, [1.0, -0.5, 2.5, 0.0])
SQUARE = ([[0.3, -1.1, 2.0], [1.7, 0.4, -0.6], [-2.2, 0.9, 0.8]], [-0.6, 0.8, 1.1], -0.35, [0.4, 1.2, -3.1])
TALL = (
    [[1.0, 2.0], [-0.5, 0.5], [3.0, -1.0], [0.2, 0.1], [-2.0, -1.5]],
    [0.9, -0.3],
    0.6,
    [2.1, 1.3, 0.4, -0.9, 1.0],
)
ONE_ROW = ([[1.5, -0.5]], [0.4, 2.0], 0.7, [0.2])
POINTS = [[1.0, 2.0], [2.0, 0.0], [0.0, 1.0], [3.0, 3.0], [-1.0, 2.0]]
SCATTERED = [1.0, 4.0, 2.5, 0.0, -1.5]
MORE_POINTS = [
    *([0.4, 1.2, -0.7], [1.9, -0.3, 0.8], [-1.1, 0.6, 2.0], [0.2, -1.8, 0.5], [2.3, 0.9, -1.4]),
    *([-0.6, -0.2, 1.3], [1.4, 2.1, 0.1]),
]
LINE = ([[1.0], [2.0], [4.0], [7.0]], [2.0, 3.0, 5.0, 7.0])
DESCENT = ([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0], [-1.0, 0.5]], [1.0, 3.0, 2.0, 0.0])
OTHER_DESCENT = ([[0.5, -1.0, 0.3], [1.2, 0.4, -0.9], [-0.7, 0.8, 1.1]], [0.6, -1.4, 2.2])
THREE = [0.5, -1.2, 2.0]
SIX = [1.3, -0.4, 0.0, -2.1, 0.9, 3.2]

# Functions whose slope is to be measured: as a test types them, and the same for mpmath.
CUBE = Formula("lambda v: v**3", lambda v: v**3)
SQUARED = Formula("lambda v: v**2", lambda v: v**2)
QUADRATIC = Formula("lambda v: 3 * v**2 - v", lambda v: 3 * v**2 - v)
SINE = Formula("lambda v: np.sin(v)", mp.sin)
GROWTH = Formula("lambda v: np.exp(v) - 2 * v", lambda v: mp.exp(v) - 2 * v)


def equal_errors(draw):
    """Return predictions that are all wrong by the same."""
    error = draw.number(0.5)
    return [1.0 + error, 2.0 + error], [1.0, 2.0]


def on_a_plane(draw):
    """Return points on a plane with short coefficients."""
    points = draw.near(np.array(MORE_POINTS))
    *w, b = [draw.number(quarters) / 4 for quarters in (-6, 1, 16, -28)]
    return points, points @ w + b


def level(draw):
    """Return points of equal height."""
    return [[-1.0], [0.0], [1.0]], [draw.number(3.0)] * 3


def descending(steps):
    """Return how data and a rate are drawn for so many steps."""
    return lambda draw: (
        *draw.near(tuple(np.array(part) for part in OTHER_DESCENT)),
        draw.number(0.05 if steps > 1 else 0.2),
        steps,
    )


def gradient(name, points, says, code, shown, hidden):
    """Return an item about one of the two results, dw and db."""
    return Item(name, points, says, f"returned_dw, returned_db = {{call}}\n{code}", shown, hidden)


def fit(name, points, says, shown, hidden, code=f"{END[:-1]}, tolerance=1e-3)"):
    """Return an item about a plane that is fitted."""
    return Item(name, points, says, f"returned_w, returned_b = {{call}}\n{code}", shown, hidden)


def descent(name, points, says, code, shown, hidden=()):
    """Return an item about what gradient descent returns."""
    return Item(
        name, points, says, f"returned_w, returned_b, returned_losses = {{call}}\n{code}", shown, hidden
    )


@REGRESSION.function(
    r"""
## The net input

$$z_i = \sum_{j=1}^{d} x_{ij} w_j + b, \qquad \text{in short} \quad z = X w + b$$

**Shapes.** `X` is (n, d), one example in each row; `w` is (d,); `b` is a number; the result is (n,).""",
    references.net_input,
    values(
        5,
        [
            Case(
                f"gives wrong numbers: it is {SUM}",
                [[1.0, 2.0, -1.0], [0.5, -1.5, 3.0]],
                [2.0, -1.0, 0.5],
                0.25,
            )
        ],
        [
            Case(
                "gives wrong numbers when X is square: rows are examples, columns are inputs",
                [[1.0, 2.0], [3.0, 4.0]],
                [0.5, -1.0],
                -3.0,
            ),
            Case(
                "gives wrong numbers on other inputs than those shown",
                [[0.7], [-1.2], [2.5], [0.0]],
                [-1.6],
                1.1,
            ),
            Case(
                "rounds its numbers: return them as they are",
                [[0.123456789, -1.0], [2.0, 0.5]],
                [1.0, 0.987654321],
                0.1,
            ),
        ],
        "the right numbers, one for each row.",
    ),
    shape(
        2,
        "a float64 array (n,); a batch may have no rows.",
        [
            Case(
                "should return a float64 array (n,), one number for each row",
                [[1.0, 2.0, -1.0], [0.5, -1.5, 3.0]],
                [2.0, -1.0, 0.5],
                0.25,
            )
        ],
        [
            Case("should return an array (1,) for one row", [[1.0, 2.0, -1.0]], [2.0, -1.0, 0.5], 0.25),
            Case("should return an empty array for no row", np.empty((0, 3)), [2.0, -1.0, 0.5], 0.25),
        ],
    ),
    integers(
        1,
        [Case("is wrong for arrays of integers", [[1, 2], [-3, 1]], [2, -1], 0.5)],
        [
            Case(
                "is wrong for integer inputs with weights that are fractions",
                [[3, -2], [1, 4], [0, 1]],
                [0.5, 0.25],
                1,
            )
        ],
        "integers count as numbers.",
    ),
    inputs_unchanged(1, AS_IT_WAS, [Case(CHANGES, [[1.0, -2.0], [0.5, 3.0]], [0.5, -1.0], 0.25)]),
)
def net_input(X, w, b):
    """Return the net input of each row: the weighted sum of its entries, plus the bias.

    X: inputs (n, d). w: weights (d,). b: bias, a number. Returns a float64 array (n,).
    """
    return X @ w + b


@REGRESSION.function(
    """
## The identity activation

$$f(z) = z$$

A linear neuron has an activation too: one that changes nothing. Return the numbers in a new array.""",
    references.function("identity"),
    *Elementwise(
        "it is z itself", (-2.0, 0.0, 3.5), rounds=True, new=True, whole_hint="3 counts as 3.0"
    ).items("values 2, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1"),
)
def identity(z):
    """Return z, number for number.

    z: array of any shape. Returns a new float64 array of the same shape.
    """
    return np.array(z, dtype=float)


@REGRESSION.function(
    """
## Its derivative

$$f'(z) = 1$$

**Conventions.** A derivative is a function of z and has the shape of z: one slope for each entry, here always 1.""",
    references.derivative("identity"),
    *Elementwise(
        "the slope of the identity is 1 everywhere",
        (-2.0, 0.0, 3.5),
        of="identity",
        whole_hint="3 counts as 3.0",
    ).items("values 2, matches-difference 1, shape 2, scalar-or-empty 1, integers 1, inputs-unchanged 1"),
)
def identity_grad(z):
    """Return the derivative of the identity at z, entry by entry.

    z: array of any shape. Returns a new float64 array of the same shape.
    """
    return np.ones(np.shape(z))


@REGRESSION.function(
    r"""
## The mean squared error

$$\ell = \frac{1}{n} \sum_{i=1}^{n} (\hat y_i - y_i)^2$$

**Conventions.** The mean over the rows, without an extra 1/2: being wrong by 2 on the only row costs 4. You return one number.""",
    references.mse,
    values(
        5,
        [
            Case("gives a wrong number: an error of 2 costs 4, without an extra 1/2", [5.0], [3.0]),
            Case("gives a wrong number: it is the mean of the squared errors", *ERRORS),
        ],
        [
            Case("gives a wrong number on other rows than those shown", *FIVE),
            Case("should be the same with predictions and targets exchanged", *FIVE[::-1]),
            Case(
                "gives a wrong number when every error is the same", [1.5, 2.5], [1.0, 2.0], draw=equal_errors
            ),
            Case("rounds its number: return it as it is", [0.123456789, -0.987654321], [0.5, 0.25]),
        ],
        "the right number. Being wrong by 2 on the only row costs 4.",
    ),
    Item(
        "mean",
        2,
        "the same rows twice cost the same.",
        """
        once = {call}
        assert once != 0, "{name} should not be 0"
        check_close({name}(np.tile({y_hat}, 2), np.tile({y}, 2)), once, {message})
        """,
        [Case("should be the mean over the rows, not the sum: the same rows twice cost the same", *ERRORS)],
        [Case("of equal rows should be that of one of them", [1.0], [-0.5])],
    ),
    shape(
        1,
        "one number.",
        [Case("should return one float for the whole batch", *ERRORS)],
        [Case("should return one float for a batch of one row too", [1.0], [3.0])],
    ),
    integers(
        1,
        [Case("is wrong for arrays of integers", [3, -2, 1], [1, 1, 1])],
        [Case("is wrong for predictions that are integers and targets that are not", [-1, 4], [0.5, 3.5])],
        "integers count as numbers.",
    ),
    inputs_unchanged(1, AS_IT_WAS, [Case(CHANGES, [1.0, -2.0, 3.0], [0.5, -1.0, 3.0])]),
)
def mse(y_hat, y):
    """Return the mean squared error of the predictions, as one number.

    y_hat: predictions, float array (n,). y: targets, float array (n,).
    """
    return np.mean((y_hat - y) ** 2)


@REGRESSION.function(
    r"""
## The gradient

Which way do the weights have to go? The slope of the loss in each of them says so:

$$\frac{\partial \ell}{\partial w_j} = \frac{2}{n} \sum_{i=1}^{n} (\hat y_i - y_i)\, x_{ij},
\qquad
\frac{\partial \ell}{\partial b} = \frac{2}{n} \sum_{i=1}^{n} (\hat y_i - y_i),
\qquad \hat y = X w + b$$

**Conventions.** The 2 stays, because the loss has no 1/2. Return the pair `(dw, db)`: `dw` has the shape of `w`, `db` is one number.""",
    references.mse_grad,
    gradient(
        "weights",
        4,
        "dw is right.",
        "check_close(np.ravel(returned_dw), {dw}, {message})",
        [Case("gives a wrong dw: it is 2/n times the sum of error times input", *SHOWN)],
        [
            Case("gives a wrong dw when X is square: rows are examples, columns are inputs", *SQUARE),
            Case("gives a wrong dw on another batch than the one shown", *TALL),
            Case("gives a wrong dw for a batch of one row", *ONE_ROW),
        ],
    ),
    gradient(
        "bias",
        3,
        "db is right.",
        "check_close(np.squeeze(returned_db), {db}, {message})",
        [Case("gives a wrong db: it is 2/n times the sum of the errors", *SHOWN)],
        [
            Case("gives a wrong db on another batch than the one shown", *SQUARE),
            Case("gives a wrong db on another batch than the one shown", *TALL),
        ],
    ),
    Item(
        "matches-difference",
        3,
        "the slope of your own mse, measured by a central difference.\n"
        "# A right gradient passes as well, whatever your mse does.",
        """
        features = {X}
        targets = {y}
        parameters = np.array({np.append(w, b)})
        returned = {name}(features, parameters[:-1], float(parameters[-1]), targets)
        check_gradient(np.append(*returned), {np.append(dw, db)}, lambda p: mse(features @ p[:-1] + p[-1], targets), parameters, {message})
        """,
        [Case("is not the slope of your mse(X @ w + b, y)", *SHOWN)],
        [Case("is not the slope of your mse(X @ w + b, y) on another batch", *TALL)],
    ),
    gradient(
        "shape",
        2,
        "dw has the shape of w, and db is one number.",
        "check_floats(returned_dw, {w.shape}, {message})\ncheck_floats(returned_db, (), {message})",
        [Case("should return dw as a float64 array with the shape of w, and db as one float", *SHOWN)],
        [
            Case(
                "should return dw with the shape of w, and db as one float, for a batch of one row too",
                *ONE_ROW,
            )
        ],
    ),
    inputs_unchanged(
        1, AS_IT_WAS, [Case(CHANGES, [[1.0, -2.0], [0.5, 3.0]], [0.5, -1.0], 0.25, [1.5, 0.25])]
    ),
)
def mse_grad(X, w, b, y):
    """Return (dw, db): the gradient of mse(X @ w + b, y) in w and in b.

    X: inputs (n, d). w: weights (d,). b: bias, a number. y: targets (n,).
    Returns dw, an array (d,), and db, a number.
    """
    error = X @ w + b - y
    return 2 * X.T @ error / len(y), 2 * np.mean(error)


@REGRESSION.function(
    r"""
## A slope without calculus

How do you know that a derivative you worked out is right? You measure it:

$$f'(z) \approx \frac{f(z + h) - f(z - h)}{2h}$$

This is the **central** difference. Its error shrinks like h², that of the one-sided (f(z + h) - f(z)) / h only like h.

**Conventions.** `f` works entry by entry: it takes an array and returns one of the same shape. So does your result. Use the `h` that
you are given.""",
    references.numerical_grad,
    values(
        4,
        [Case("gives wrong slopes: it is (f(z + h) - f(z - h)) / (2 h)", CUBE, THREE, code=MEASURED)],
        [
            Case("gives wrong slopes for another function than the one shown", SINE, SIX, code=MEASURED),
            Case(
                "gives wrong slopes for another function than the one shown",
                GROWTH,
                [-0.3, 1.1],
                code=MEASURED,
            ),
        ],
        "the slope of the cube of z is 3 z².",
    ),
    Item(
        "central",
        4,
        "for z² the central difference is exact, even with a large step. The one-sided one is wrong by h.",
        CLOSE,
        [Case("should look to both sides of z: for z squared it is then exact", SQUARED, THREE, 0.5)],
        [Case("should be exact for every quadratic function", QUADRATIC, SIX, 0.25)],
    ),
    Item(
        "step",
        2,
        "the step h is used as given. For z³ the central difference is 3 z² + h².",
        CLOSE,
        [Case("should use the step h that it is given, and divide by 2 h", CUBE, THREE, h=0.5)],
        [Case("should use the step h that it is given, and divide by 2 h", CUBE, SIX, h=2.0)],
    ),
    shape(
        1,
        "a float64 array with the shape of z.",
        [
            Case(
                "should return a float64 array with the shape of z",
                SQUARED,
                [[1.0, -2.0, 0.5], [0.0, 3.0, 1.5]],
            )
        ],
        [Case("should take three dimensions as well", SQUARED, np.ones((2, 1, 3)))],
    ),
    Item(
        "scalar-or-empty",
        1,
        "one number, or no number at all.",
        LOOSE,
        [Case("should take a single number", SQUARED, np.array(1.5))],
        [Case("should return an empty array for an empty array", SQUARED, np.empty(0))],
    ),
    integers(
        1,
        [
            Case(
                "is wrong for an array of integers: a small step is lost in an integer array",
                SQUARED,
                [3, -2, 1],
            )
        ],
    ),
    inputs_unchanged(1, AS_IT_WAS, [Case(CHANGES, SQUARED, [1.0, -2.0, 0.3])]),
)
def numerical_grad(f, z, h=1e-5):
    """Return the central difference of f at z with step h, entry by entry.

    f: a function that takes an array and returns one of the same shape, entry by entry.
    z: array of any shape. h: the step, a positive number. Returns a float64 array with the shape of z.
    """
    return (f(z + h) - f(z - h)) / (2 * h)


@REGRESSION.function(
    r"""
## Least squares, in one stroke

Put a column of ones beside `X` and call it A. The weights and the bias that make the mean squared error smallest are where the
error is orthogonal to every column of A:

$$A^\top \bigl(A \theta - y\bigr) = 0, \qquad \theta = (w_1, \dots, w_d, b)$$

**Conventions.** The bias is fitted too. You may rely on n > d and on linearly independent columns of A, so that there is exactly one
answer. Any route to it is right: solve these equations, use `np.linalg`, or work on centred data.""",
    references.least_squares,
    fit(
        "plane",
        4,
        "points that lie on a plane give back that plane, here y = 2 x1 - 3 x2 + 5.",
        [
            Case(
                "should find the plane when all points lie on it, its bias too",
                POINTS,
                [1.0, 9.0, 2.0, 2.0, -3.0],
            )
        ],
        [
            Case(
                "should find another plane too, with three inputs",
                MORE_POINTS,
                [-10.1, -6.725, 2.8, -5.75, -15.825, -0.95, -8.175],
                draw=on_a_plane,
            )
        ],
    ),
    fit(
        "best-fit",
        5,
        "the best plane when no plane goes through all points.",
        [Case("should give the smallest mean squared error there is", POINTS, SCATTERED)],
        [
            Case(
                "should give the smallest mean squared error with three inputs too",
                MORE_POINTS,
                [10.3, 9.1, 12.2, 11.7, 8.4, 12.9, 9.6],
            )
        ],
        END,
    ),
    fit(
        "line",
        1,
        "one input, a line.",
        [Case("should fit a line when there is one input", *LINE)],
        [
            Case(
                "should fit a level line when all targets are equal",
                [[-1.0], [0.0], [1.0]],
                [3.0, 3.0, 3.0],
                draw=level,
            )
        ],
    ),
    Item(
        "shape",
        2,
        "w is an array (d,), and b is one number.",
        """
        returned_w, returned_b = {call}
        check_floats(returned_w, {(len(w),)}, {message})
        check_floats(returned_b, (), {message})
        """,
        [Case("should return w as a float64 array (d,), and b as one float", POINTS, SCATTERED)],
        [Case("should return w as an array (1,), and b as one float, when there is one input", *LINE)],
    ),
    inputs_unchanged(
        1, AS_IT_WAS, [Case(CHANGES, [[1.0, 2.0], [2.0, 0.0], [0.0, 1.0], [3.0, 3.0]], [1.5, -1.0, 2.0, 0.5])]
    ),
)
def least_squares(X, y):
    """Return (w, b), the weights and the bias with the smallest mean squared error.

    X: inputs (n, d), n > d; its columns and a column of ones are linearly independent. y: targets (n,).
    Returns w, an array (d,), and b, a number.
    """
    A = np.column_stack([X, np.ones(len(X))])
    theta = np.linalg.lstsq(A, y, rcond=None)[0]
    return theta[:-1], theta[-1]


@REGRESSION.function(
    r"""
## Gradient descent, step by step

Where no formula gives the answer, you walk downhill. Start at w = 0, b = 0. In every step, compute the gradient at the place where you
stand, then move both parameters at once:

$$w \leftarrow w - \eta \frac{\partial \ell}{\partial w}, \qquad b \leftarrow b - \eta \frac{\partial \ell}{\partial b}$$

**Conventions.** η is the learning rate `lr`; the gradient is that of `mse_grad`, over all rows. `losses` holds `steps + 1` numbers, in a list or an
array: `losses[i]` is the mean squared error **after i steps**. So `losses[0]` is the loss at w = 0, b = 0, and the last entry is the
loss at the `w` and `b` that you return.""",
    references.gradient_descent,
    descent(
        "first-step",
        3,
        "one step from w = 0, b = 0.",
        END,
        [
            Case(
                "is wrong after one step: from w = 0, b = 0 it goes lr times the gradient downhill",
                *DESCENT,
                0.1,
                1,
            )
        ],
        [
            Case(
                "is wrong after one step with another learning rate",
                *OTHER_DESCENT,
                0.2,
                1,
                draw=descending(1),
            )
        ],
    ),
    descent(
        "more-steps",
        4,
        "three steps.",
        END,
        [
            Case(
                "is wrong after three steps: w and b move at once, by the gradient where you stand",
                *DESCENT,
                0.1,
                3,
            )
        ],
        [
            Case("is wrong after six steps on other data", *OTHER_DESCENT, 0.05, 6, draw=descending(6)),
            Case(
                "gives something else when it is called again",
                *DESCENT,
                0.1,
                3,
                draw=lambda _: (*DESCENT, 0.1, 3),
            ),
        ],
    ),
    descent(
        "losses",
        4,
        "steps + 1 losses, the first at w = 0 and b = 0, the last at the w and b returned.",
        "check_close(returned_losses, {losses}, {message})",
        [Case(f"gives wrong losses: {LOSSES}", *DESCENT, 0.1, 3)],
        [Case(f"gives wrong losses on other data: {LOSSES}", *OTHER_DESCENT, 0.05, 6, draw=descending(6))],
    ),
    descent(
        "converges",
        3,
        "after many steps it is where least squares is.",
        f"{END[:-1]}, tolerance=1e-6)",
        [Case("does not arrive at the least-squares answer after many steps", *DESCENT, 0.3, 300)],
    ),
    descent(
        "no-steps",
        1,
        "with steps = 0 you stay at the start, and there is one loss.",
        f"{END}\ncheck_close(returned_losses, {{losses}}, {{message}})",
        [
            Case(
                "should stay at w = 0, b = 0 when steps is 0, and return one loss, that of the start",
                *DESCENT,
                0.1,
                0,
            )
        ],
    ),
    descent(
        "shape",
        1,
        "w is an array (d,), and b is one number.",
        "check_floats(returned_w, {(len(w),)}, {message})\ncheck_floats(returned_b, (), {message})",
        [Case("should return w as a float64 array (d,), and b as one float", *DESCENT, 0.1, 2)],
    ),
    inputs_unchanged(
        1, AS_IT_WAS, [Case(CHANGES, [[1.0, 2.0], [2.0, 0.0], [0.0, 1.0]], [1.5, -1.0, 2.0], 0.1, 2)]
    ),
)
def gradient_descent(X, y, lr, steps):
    """Fit w and b by gradient descent on the mean squared error, from w = 0 and b = 0.

    X: inputs (n, d). y: targets (n,). lr: learning rate. steps: how many steps, 0 or more.
    Returns (w, b, losses): w an array (d,), b a number, losses steps + 1 numbers, losses[i] after i steps.
    """
    w, b = np.zeros(X.shape[1]), 0.0
    losses = []
    for _ in range(steps):
        error = X @ w + b - y
        losses.append(np.mean(error**2))
        w = w - lr * 2 * X.T @ error / len(y)
        b = b - lr * 2 * np.mean(error)
    losses.append(np.mean((X @ w + b - y) ** 2))
    return w, b, losses


REGRESSION.written(
    "explain-stack",
    5,
    """
## In your own words: a stack of lines

Two layers, one after the other, both with the identity activation: h = W₁ x + b₁ and then y = W₂ h + b₂. Show that one layer does the same, and give
its weights and its bias. What follows for a network of a hundred such layers? And what does the identity have to be
replaced by, so that depth gains something? A person reads your answer.""",
    """
Put the first into the second: y = W₂ (W₁ x + b₁) + b₂ = (W₂ W₁) x + (W₂ b₁ + b₂). That is one linear layer with weights W₂ W₁ and bias
W₂ b₁ + b₂. By repeating the argument, a hundred such layers are one layer too: depth adds parameters but no new functions. Between the
layers there has to be a function that is not linear (an activation), because then the product cannot be multiplied out.

**Rubric.** 1 point: inserts one layer into the other. 1 point: the weights W₂ W₁, in this order. 1 point: the bias W₂ b₁ + b₂. 1 point: any depth is
still one layer. 1 point: a non-linear activation between the layers is what is missing.""",
)


REGRESSION.written(
    "explain-learning-rate",
    5,
    """
## In your own words: too long a step

Try `gradient_descent` with a learning rate that is much too large, and look at the losses. What do you see? Explain it by the
shape of the loss, a bowl whose slope grows with the distance from its lowest point. Why is no rate best in all directions when one input
is a hundred times larger than another? A person reads your answer.""",
    """
The losses grow from step to step, faster and faster, and w and b swing from side to side. The gradient points downhill, but a step that
is too long lands on the other side of the bowl, higher up than before. There the slope is steeper, so the next step is
longer still. In one dimension with curvature c a step multiplies the distance from the lowest point by 1 - lr c, and this grows when lr > 2/c.
An input a hundred times larger makes the bowl ten thousand times more curved in that direction. The rate has to be small enough for
the steep direction, and is then far too small for the flat one. Rescaling the inputs mends this.

**Rubric.** 1 point: the losses grow (diverge). 1 point: the step overshoots the lowest point. 1 point: the slope is steeper there, so it gets
worse. 1 point: the steep direction limits the rate. 1 point: the flat one is then slow (or: rescale the inputs).""",
)
