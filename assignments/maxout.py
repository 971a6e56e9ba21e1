"""05 Maxout: an activation that is learned."""

import numpy as np

from assignments.library import references
from assignments.library.model import Assignment, Case, Item
from assignments.library.properties import CLOSE, inputs_unchanged, integers, shape, values

MAXOUT = Assignment(
    name="05-maxout",
    title="Maxout: an activation that is learned",
    story="""
Every activation so far was chosen by a person. A maxout unit has none: it computes several net inputs, called its pieces, and hands on
the largest. With two pieces it can be ReLU, or the absolute value; with more it can be any bowl made of straight lines, and
training decides which. In this assignment you write the layer, send a gradient back through it, and find the weights that turn it
into two functions that you know.

It belongs to the chapter *Maxout*.""",
    conventions="""
- In a batch each **row** of `X` is one example: `X` is (n, d). A layer has m units, and each unit has k pieces.
- The weights `W` are (k, d, m) and the biases `b` are (k, m): `W[i]` and `b[i]` are piece i of all units, so that `X @ W[i] + b[i]`
  is (n, m).
- You return **new** arrays of floats (float64). What you are given stays unchanged.
- An array of integers counts as numbers: 3 means 3.0.
- Where two pieces are equally large, **any subgradient** is right.""",
)

LARGEST = "for each row and unit it is the largest of the k net inputs X @ W[i] + b[i]"
BIASES = "does not use its biases as it should"
CHANGES = "changes what it is given: work on new arrays"
NO_BIAS = np.zeros((2, 1))
SMALL = ([[1.0, 2.0], [-1.0, 0.5], [3.0, -2.0]], [[[1.0], [-1.0]], [[-2.0], [0.5]]])
UPSTREAM = [[0.5], [-2.0], [1.5]]
SQUARE = ([[1.0, -0.5], [0.25, 2.0]], [[[0.5, -1.5], [2.0, 1.0]], [[-1.0, 0.75], [0.5, -0.25]]])
SQUARE_AGAIN = ([[0.9, -1.4], [2.2, 0.6]], [[[0.3, -0.9], [1.1, 0.2]], [[-1.2, 0.5], [0.4, -0.3]]])
WIDE = (  # three pieces, two units
    [[0.4, -1.3, 2.0], [1.5, 0.7, -0.9]],
    [
        [[0.5, -1.0], [1.2, 0.3], [-0.7, 0.8]],
        [[-0.4, 0.9], [0.6, -1.1], [0.2, 1.4]],
        [[1.1, 0.1], [-0.8, 0.5], [0.9, -0.6]],
    ],
    [[0.3, -0.2], [2.6, 0.4], [-1.0, 4.5]],
)
CUBE = (  # rows, pieces, inputs and units: three each
    [[0.9, -1.4, 0.3], [2.2, 0.6, -1.7], [-0.8, 1.9, 1.1]],
    [
        [[0.3, -0.9, 1.4], [1.1, 0.2, -0.5], [-0.6, 0.7, 0.8]],
        [[-1.2, 0.5, 0.1], [0.4, -0.3, 1.6], [0.9, 1.3, -0.7]],
        [[0.8, -0.2, -1.1], [-0.1, 1.5, 0.6], [0.2, -0.4, 1.0]],
    ],
    [[0.2, -0.6, 0.5], [-0.3, 0.9, -0.1], [1.3, 0.4, -0.8]],
)
TALL = (
    [[0.6], [-1.1], [2.3], [-0.2], [1.4]],
    [[[1.5, -0.5, 0.3]], [[-0.7, 0.8, -1.6]]],
    [[0.1, -0.3, 0.9], [0.4, 0.6, -0.2]],
    [[0.3, -1.0, 0.8], [1.7, 0.2, -0.4], [-0.6, 1.1, 0.5], [0.9, -0.7, 1.3], [-1.5, 0.4, 2.2]],
)
TWO_TIED = ([[2.0]], [[[1.0]], [[3.0]]], [[4.0], [0.0]], [[0.5]])
WHOLE = ([[3, -2], [1, 0]], [[[0.5, -1.0], [2.0, 0.25]], [[-1.5, 3.0], [1.0, 0.5]]])
GIVEN = ([[1.0, -2.0], [0.5, 3.0]], [[[0.5], [-1.0]], [[1.5], [0.25]]], [[0.75], [-0.5]])


def gaps(X, W, b):
    """Return by how much the largest piece leads, for each row and unit."""
    pieces = np.sort(np.einsum("nd,kdm->knm", X, W) + b[:, np.newaxis, :], axis=0)
    return pieces[-1] - pieces[-2] if len(pieces) > 1 else np.ones(1)


def apart(X, W, b):
    """No two pieces come close to each other at the top, so that rounding decides nothing."""
    return not len(X) or gaps(X, W, b).min() > 0.02


def apart_or_tied(X, W, b, dout):
    """Where two pieces are equal they are so exactly, and elsewhere they are apart."""
    lead = gaps(X, W, b)
    return bool(np.all((lead > 0.02) | (lead == 0)))


def some_negative(draw):
    """Return whole inputs with weights that are fractions, and an output below 0: it is told from ReLU's."""
    while True:
        X, W = (draw.near(np.array(part)) for part in WHOLE)
        if np.einsum("nd,kdm->knm", X, W).max(axis=0).min() < 0:
            return X, W, np.zeros((2, 2), dtype=int)


def tied(draw):
    """Return three pieces of one unit that are equal at the first row."""
    x, top = 2.0, float(draw.random.choice((4, 5, 7)))
    W = [1.0, 3.0, -5.0, 2.0]
    b = [top - x * W[0], top - x * W[1], 1.0, top - x * W[3]]
    return [[x], [-1.0]], [[[w]] for w in W], [[v] for v in b], [[draw.number(-1.5)], [draw.number(0.25)]]


def part(name, points, which, hint, wide, *more):
    """Return an item about one of the three gradients."""
    wrong = f"gives a wrong {which}"
    code = f"dX, dW, db = {{call}}\ncheck_close({which}, {{{which}}}, {{message}})"
    shown = [Case(f"{wrong}: {hint}", *SMALL, [[0.4], [-0.3]], UPSTREAM)]
    hidden = [
        Case(f"{wrong} with {wide}", *WIDE, [[1.3, -0.6], [0.9, 2.1]]),
        Case(
            f"{wrong} when n, k, d and m are equal: mind the axes",
            *CUBE,
            [[0.7, -1.2, 0.4], [1.6, 0.3, -0.8], [-0.5, 2.4, 1.1]],
        ),
        Case(f"{wrong} on another batch than those shown", *TALL),
        *more,
    ]
    return Item(name, points, f"{which} is right.", code, shown, hidden)


def at(right):
    """Return the reference of a function that is written as a maxout layer: what the layer gives at some places."""
    return lambda places: {"places": places, "expected": [right(place) for place in places.tolist()]}


def as_maxout(hint):
    """Return the items of a function that is written as a maxout layer of two pieces."""
    code = """
        returned_W, returned_b = (np.reshape(part, (2, 1)) for part in {name}())
        pieces = np.array({places}) * returned_W + returned_b
        check_close(np.max(pieces, axis=0), {expected}, {message})
    """
    return [
        Item(
            "values",
            7,
            "the larger of the two pieces is the right number, whatever the input.",
            code,
            [Case(f"gives weights and biases with which maxout {hint}", [-2.0, -0.5, 0.0, 1.0, 3.5])],
            [
                Case(
                    "is right at some places only: look close to 0, and far from it",
                    [-10000.0, -1.0, -0.001, 0.001, 0.25, 2.0, 10000.0],
                )
            ],
        ),
        Item(
            "shape",
            4,
            "the pair (W, b), float64 arrays (2, 1, 1) and (2, 1): two pieces, one input, one unit.",
            """
            returned_weights, returned_biases = {name}()
            check_floats(returned_weights, (2, 1, 1), {message})
            check_floats(returned_biases, (2, 1), {message})
            """,
            [Case("should return W first, a float64 array (2, 1, 1), and then b, a float64 array (2, 1)")],
        ),
    ]


@MAXOUT.function(
    r"""
## The layer

$$h_{rj} = \max_{i = 1, \dots, k} \Bigl(\sum_{l=1}^{d} x_{rl}\, W_{ilj} + b_{ij}\Bigr)$$

Row r of the batch, unit j: the largest of that unit's k net inputs.

**Shapes.** `X` is (n, d), `W` is (k, d, m), `b` is (k, m); the result is (n, m). Any of the numbers may be 1, and n may be 0.""",
    references.maxout,
    values(
        9,
        [Case(f"gives wrong numbers: {LARGEST}", *SMALL, NO_BIAS)],
        [
            Case(f"gives wrong numbers with two units: {LARGEST}", WIDE[0], WIDE[1][:2], np.zeros((2, 2))),
            Case(
                "gives something else when it is called again: it must depend on its arguments only",
                SMALL[0][::-1],
                SMALL[1],
                NO_BIAS,
            ),
            Case(
                "gives wrong numbers where every piece is negative: the largest of them is the one nearest to 0",
                [[-1.0, -2.0]],
                [[[0.5], [1.0]], [[2.0], [0.25]]],
                NO_BIAS,
            ),
            Case(
                "rounds its numbers: return them as they are",
                [[0.123456789], [-0.987654321]],
                [[[1.0]], [[-2.0]]],
                NO_BIAS,
            ),
        ],
        "the right numbers of two pieces, here with biases of 0.",
    ),
    Item(
        "bias",
        4,
        "each piece has a bias of its own for each unit, added before the largest is taken.",
        CLOSE,
        [
            Case(
                f"{BIASES}: add b[i] to piece i before you take the largest",
                [[0.0], [1.0]],
                [[[2.0]], [[-1.0]]],
                [[0.5], [3.0]],
            )
        ],
        [
            Case(
                f"{BIASES} when there are several units: b is (k, m), one for each piece and unit", *TALL[:3]
            ),
            Case(
                f"{BIASES} when n, k, d and m are equal: b[i] belongs to piece i",
                *SQUARE,
                [[0.3, -1.5], [2.6, 0.4]],
            ),
        ],
    ),
    Item(
        "axis",
        4,
        "the largest is taken over the pieces, not over rows or units. Here n, k, d and m are all 2.",
        CLOSE,
        [
            Case(
                "takes the largest along a wrong axis: only the pieces of one unit compete, for each row on its own",
                *SQUARE,
                np.zeros((2, 2)),
            )
        ],
        [
            Case(
                "mixes up its axes when n, k, d and m are equal: X @ W[i] is piece i, and only pieces compete",
                *SQUARE_AGAIN,
                np.zeros((2, 2)),
            )
        ],
    ),
    Item(
        "pieces",
        3,
        "any number of pieces. With one there is nothing to choose, and the layer is linear.",
        CLOSE,
        [Case("with one piece should be X @ W[0] + b[0]", SMALL[0], [[[1.0], [-1.0]]], [[0.0]])],
        [
            Case("is wrong with three pieces: all of them compete", *WIDE[:2], np.zeros((3, 2))),
            Case(
                "mixes up its axes when n, k, d and m are all 3: only pieces compete",
                *CUBE[:2],
                np.zeros((3, 3)),
            ),
            Case(
                "is wrong with four pieces: all of them compete",
                SQUARE[0],
                [*SQUARE[1], [[0.3, 2.0], [-1.0, -0.7]], [[4.0, 0.2], [0.1, -3.0]]],
                np.zeros((4, 2)),
            ),
        ],
    ),
    shape(
        3,
        "a float64 array (n, m); a batch may have no rows.",
        [
            Case("should return a float64 array (n, m)", *WIDE),
            Case("should return an array (n, 1) for one unit", *SMALL, NO_BIAS),
        ],
        [
            Case("should return an array (1, m) for one row", WIDE[0][:1], *WIDE[1:]),
            Case(
                "should return an array (0, m) for no row",
                np.empty((0, 3)),
                *WIDE[1:],
                code="check_floats({call}, (0, 2), {message})",
            ),
        ],
    ),
    integers(
        2,
        [Case("is wrong for arrays of integers", [[3], [-2]], [[[1]], [[-1]]], [[0], [0]])],
        [
            Case(
                "is wrong for integer inputs with weights that are fractions",
                *WHOLE,
                [[0, 0], [0, 0]],
                draw=some_negative,
            )
        ],
        "arrays of integers count as numbers.",
    ),
    inputs_unchanged(2, "what you are given stays as it was.", [Case(CHANGES, *GIVEN)]),
    fits=apart,
)
def maxout(X, W, b):
    """Return the outputs of a maxout layer: for each row and unit the largest of the unit's k pieces.

    X: inputs (n, d). W: weights (k, d, m). b: biases (k, m). Returns a float64 array (n, m).
    """
    pieces = np.einsum("nd,kdm->knm", X, W) + b[:, np.newaxis, :]
    return pieces.max(axis=0)


@MAXOUT.function(
    r"""
## The gradient, from the outputs back

A layer in a network is told how the loss changes with each of its outputs: `dout`, the **upstream gradient**, has the shape of the
output. It hands back how the loss changes with each input, weight and bias. Let i be the piece that wins in row r and unit j. Then only that
piece moves the output, and

$$\frac{\partial h_{rj}}{\partial x_{rl}} = W_{ilj}, \qquad
\frac{\partial h_{rj}}{\partial W_{ilj}} = x_{rl}, \qquad
\frac{\partial h_{rj}}{\partial b_{ij}} = 1,$$

and the losing pieces get nothing. Multiply by `dout[r, j]` and add up over whatever the input, weight or bias has moved.

**Conventions.** Return the three `(dX, dW, db)`, with the shapes of `X`, `W` and `b`. Sums over the rows, not means: a loss that is a mean has its
1/n in `dout` already. Where two pieces are equally large, give the gradient to either of them, or share it between them;
the shares add up to 1.""",
    references.maxout_grad,
    part(
        "inputs",
        8,
        "dX",
        "in each row it is dout times the weights of the piece that wins",
        "three pieces and two units: add up over the units",
    ),
    part(
        "weights",
        8,
        "dW",
        "for each piece it is the sum of dout times the input over the rows where that piece wins",
        "three pieces and two units: a piece that loses gets nothing",
    ),
    part(
        "biases",
        6,
        "db",
        "for each piece it is the sum of dout over the rows where that piece wins",
        "three pieces and two units: a piece that loses gets nothing",
        Case(
            "gives a wrong db where a negative bias decides which piece wins",
            [[1.0], [-2.0]],
            [[[2.0]], [[1.0]]],
            [[-3.0], [0.5]],
            [[0.7], [-1.3]],
        ),
    ),
    Item(
        "ties",
        4,
        "where pieces are equally large, any of them may get the gradient, or each a share. The shares add up to 1.\n"
        "# In the first test the input is 2. The pieces 1 * 2 + 4 and 3 * 2 + 0 are both 6, and dout is 0.5.",
        """
        dX, dW, db = {call}
        check_between(db, {low}, {high}, {message})
        check_between(dX, {lowX}, {highX}, {message})
        check_close([np.sum(dW), np.sum(db)], {sums}, {message})
        """,
        [
            Case(
                "should hand on dout once where two pieces are equal, whole or in shares, not twice or never",
                *TWO_TIED,
            )
        ],
        [
            Case(
                "should hand on dout once where three pieces are equal, whole or in shares, and nothing to the fourth",
                [[2.0], [-1.0]],
                [[[1.0]], [[3.0]], [[-5.0]], [[2.0]]],
                [[4.0], [0.0], [1.0], [2.0]],
                [[-1.5], [0.25]],
                draw=tied,
            )
        ],
    ),
    Item(
        "matches-difference",
        5,
        "the slope of your own maxout, measured by a central difference.\n"
        "# A right gradient passes as well, whatever your maxout does.",
        """
        upstream = {dout}
        shapes = {(X.shape, W.shape, b.shape)}
        given = np.array({np.concatenate([np.ravel(part) for part in (X, W, b)])})
        check_gradient(
            flat({name}(*unpacked(given, *shapes), upstream)),
            {every},
            lambda v: np.sum(upstream * maxout(*unpacked(v, *shapes))),
            given,
            {message},
        )
        """,
        [
            Case(
                "is not the slope of your maxout, summed with the weights in dout",
                *SMALL,
                [[0.4], [-0.3]],
                UPSTREAM,
            )
        ],
        [Case("is not the slope of your maxout, summed with the weights in dout", *TALL)],
    ),
    Item(
        "shape",
        4,
        "three float64 arrays with the shapes of X, W and b.",
        """
        dX, dW, db = {call}
        check_floats(dX, {X.shape}, {message})
        check_floats(dW, {W.shape}, {message})
        check_floats(db, {b.shape}, {message})
        """,
        [
            Case(
                "should return dX, dW and db as float64 arrays with the shapes of X, W and b",
                *WIDE,
                [[1.3, -0.6], [0.9, 2.1]],
            )
        ],
        [
            Case(
                "should return dX, dW and db with the shapes of X, W and b for one row and one piece too",
                [[0.6]],
                [[[1.5, -0.5, 0.3]]],
                [[0.1, -0.3, 0.9]],
                [[0.3, -1.0, 0.8]],
            )
        ],
    ),
    integers(
        2,
        [
            Case(
                "is wrong for arrays of integers",
                [[3], [-2], [1]],
                [[[1]], [[-1]]],
                [[0], [0]],
                [[2], [-1], [3]],
            )
        ],
        [
            Case(
                "is wrong for integer inputs with weights that are fractions",
                *WHOLE,
                [[0.5, 0.0], [0.25, -0.75]],
                [[0.5, -1.5], [0.25, 2.5]],
            )
        ],
        "arrays of integers count as numbers.",
        "check_close(flat({call}), {every}, {message})",
    ),
    inputs_unchanged(2, "what you are given stays as it was.", [Case(CHANGES, *GIVEN, [[0.5], [-1.5]])]),
    fits=apart_or_tied,
)
def maxout_grad(X, W, b, dout):
    """Return (dX, dW, db): the gradient of a loss, given its gradient in the outputs of maxout(X, W, b).

    X: inputs (n, d). W: weights (k, d, m). b: biases (k, m). dout: upstream gradient (n, m).
    Returns float64 arrays dX (n, d), dW (k, d, m) and db (k, m).
    """
    pieces = np.einsum("nd,kdm->knm", X, W) + b[:, np.newaxis, :]
    wins = np.arange(len(W))[:, np.newaxis, np.newaxis] == pieces.argmax(axis=0)
    dpieces = wins * np.asarray(dout, dtype=float)
    dX = np.einsum("knm,kdm->nd", dpieces, W)
    dW = np.einsum("nd,knm->kdm", X, dpieces)
    return dX, dW, dpieces.sum(axis=1)


@MAXOUT.function(
    """
## ReLU as maxout

Find weights and biases for a maxout layer with one input, one unit and two pieces whose output is relu(x) = max(0, x) for every input.

**Conventions.** Return `(W, b)`, float64 arrays of shapes (2, 1, 1) and (2, 1). The order of the two pieces does not matter.""",
    at(lambda x: max(x, 0.0)),
    *as_maxout("is not ReLU: it should be 0 on the left and x on the right"),
)
def relu_as_maxout():
    """Return (W, b), weights (2, 1, 1) and biases (2, 1) with which maxout is ReLU."""
    return np.array([[[0.0]], [[1.0]]]), np.zeros((2, 1))


@MAXOUT.function(
    """
## The absolute value as maxout

Find weights and biases for a maxout layer with one input, one unit and two pieces whose output is |x| for every input.

**Conventions.** Return `(W, b)`, float64 arrays of shapes (2, 1, 1) and (2, 1). The order of the two pieces does not matter.""",
    at(abs),
    *as_maxout("is not the absolute value: it should be x on the right and -x on the left"),
)
def abs_as_maxout():
    """Return (W, b), weights (2, 1, 1) and biases (2, 1) with which maxout is the absolute value."""
    return np.array([[[1.0]], [[-1.0]]]), np.zeros((2, 1))


MAXOUT.written(
    "explain-convex",
    6,
    """
## In your own words: what maxout can and cannot be

Explain why the output of one maxout unit is a convex function of its input, whatever its weights are. Name one activation function from
this course that it can be exactly, one that it can only come close to, and one that no number of pieces will bring it close to. How can two maxout
units together represent a function that is not convex? Three to six sentences; a person reads them.""",
    """
Each piece is a straight line (a plane). Between two inputs the larger of several lines lies on or below the chord: on the chord's way every single line is at most
the interpolation of the maxima at the ends, and so is their maximum. So the unit is convex. It is exactly ReLU, leaky ReLU (α ≤ 1), the absolute value or the
identity. It comes as close as you like to softplus, which is convex but curved, with more pieces. Tanh, the sigmoid and GELU are not convex and stay out of reach: the
error does not go away with more pieces. The difference of two maxout units, taken by the next layer, can be any continuous piecewise linear function, hence come close to any
continuous one on a bounded interval.

**Rubric.** 2 points: convex, because it is a maximum of straight lines, with a reason. 1 point: one that it is exactly. 1 point: a convex, curved one
that it only approaches. 1 point: one that is not convex. 1 point: the difference of two units.""",
)


MAXOUT.written(
    "explain-cost",
    6,
    """
## In your own words: what maxout costs and saves

Compare a maxout layer with k = 2 pieces to a ReLU layer with as many inputs and units. How many parameters has each? Which of them can have dead units, and why?
What does the gradient through a maxout unit look like, compared with that through a sigmoid? Would you rather have k = 2 or a ReLU
layer twice as wide, and on what would it depend? Four to six sentences; a person reads them.""",
    """
A ReLU layer has d m weights and m biases; maxout has k times as many, here twice. A ReLU unit can die: where its net input is negative for every row, its slope is 0 and nothing
moves it any more. In a maxout unit one piece always wins, so some weights always get a gradient; a piece may lose everywhere, but the unit goes on
learning. The winning piece is linear with slope 1 in its net input, so nothing saturates, while a sigmoid multiplies the gradient by at most 1/4. A ReLU layer
of twice the width has as many parameters in this layer, but hands twice as many outputs to the next one; which is better is a question for held-back data.

**Rubric.** 1 point: twice (k times) the parameters. 2 points: a ReLU unit can die and a maxout unit cannot, because some piece always wins. 1 point: the winner's slope is 1, no
saturation. 1 point: a fair comparison keeps the number of parameters the same. 1 point: an argument, or that held-back data decides.""",
)
