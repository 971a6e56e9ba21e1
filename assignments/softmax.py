"""06 Softmax: probabilities for many classes."""

import numpy as np

from assignments.library import references
from assignments.library.model import Assignment, Case, Item
from assignments.library.properties import LOOSE, inputs_unchanged, integers, shape, stable, values

SOFTMAX = Assignment(
    name="06-softmax",
    title="Softmax: probabilities for many classes",
    story="""
Softmax turns k numbers of any size into k probabilities that add up to 1. It is the last layer of most classifiers. The definition is one
line, and that line is NaN as soon as a logit reaches 710. In this assignment you write softmax and its logarithm so that they are right at
any size, then the matrix of its derivatives, the temperature, and the loss that belongs to it with its gradient.

It belongs to the chapter *Softmax*.""",
    conventions="""
- `Z` holds **logits**: float numbers of any sign and size. Its **last axis** runs over the k classes (k is at least 1).
  `Z` may be one row (k,), a batch of rows (n, k), or a stack of batches (m, n, k). A batch may have no rows.
- Labels `y` are integers (n,) from 0 to k - 1, one for each row of a batch `Z` (n, k) with n at least 1.
- You return **new** arrays of floats (float64). What you are given stays unchanged.
- An array of integers counts as numbers: 3 means 3.0.
- The items called *stable* go out to |z| = 10000. There must be no NaN and no infinity. A warning on the way to a right
  number costs nothing. All other items stay where the plain formula works.""",
)

SHARES = "in each row, exp(z) divided by the sum of all exp(z) of that row"
LOG_SHARES = "the logit less the natural logarithm of the sum of all exp(z) of its row"
AGAIN = "gives something else when it is called again: it must depend on its arguments only"
ALONG = "the sum runs along each row, and keepdims=True divides each row by its own sum"
CHANGES = "changes what it is given"
OFF_FIRST = "take the largest logit of the row off all of them first"
OWN_LARGEST = "each row needs its own largest logit"
DIVIDE = "divide the logits by T, then take the softmax of each row"
ITS_OWN = "take one entry from each row, the one that its label names"
LESS_ONE = "it is the probabilities, less 1 at the label"
NEGATIVE = "in each row only the entry of its own label is negative"
DIAGONAL = "check_close(np.diag({call}), {np.diag(expected)}, {message})"
FAR = (
    "check_close({call}, {expected}, {message}, tolerance=1e-6)"  # of shares, which are hardly anything there
)

TWO_BY_THREE = [[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0]]
THREE_BY_FOUR = [[0.3, -1.2, 2.1, 0.7], [-2.4, 1.6, 0.2, -0.9], [4.1, 3.3, -5.2, 0.4]]
THREE_SQUARE = [[0.4, -1.1, 2.0], [1.5, 0.7, -0.9], [-2.2, 3.1, 0.6]]
BLOCK = [[[0.2, 1.4], [-0.6, 0.9], [2.3, -1.7]], [[1.1, -0.4], [0.8, 3.2], [-2.5, 0.1]]]
CUBE = [
    [[0.2, 1.4, -0.3], [-0.6, 0.9, 1.2], [2.3, -1.7, 0.5]],
    [[1.1, -0.4, 2.2], [0.8, 3.2, -1.9], [-2.5, 0.1, 0.6]],
    [[0.7, 0.3, -0.8], [1.9, -2.1, 0.4], [0.0, 1.6, -1.3]],
]
ONE_ROW = ([[1.0, 2.0, 0.5]],)
GIVEN = [[1.0, -2.0, 0.5], [3.0, 0.25, -1.5]]
FOUR = [0.6, -1.4, 2.2, -0.3]
FIVE = [-0.7, 1.3, 0.2, 2.6, -3.8]
BELOW = [[-1000.0, -1001.0, -999.5]]


def moved(rows, by):
    """Return rows of logits with a number added to each, in short decimals."""
    return [[round(entry + by, 6) for entry in row] for row in rows]


def nearby(draw, row):
    """Draw a row far out: its largest logit, then the others by how far they are below it, which is all that counts."""
    top = round(draw.number(max(row)), 1)
    return [
        round(top - draw.number(max(row) - entry), 1) if max(row) - entry < 30 else draw.number(entry)
        for entry in row
    ]


def far(says, logits, *others):
    """Return a case with logits that are far from zero, or from each other."""

    def drawn(draw):
        rows = [nearby(draw, row) for row in (logits if isinstance(logits[0], list) else [logits])]
        return rows if isinstance(logits[0], list) else rows[0], *others

    return Case(says, logits, *others, draw=drawn)


def hot(draw):
    """Return logits and a temperature at which they hardly differ."""
    return [[draw.number(entry) for entry in (-4.0, 1.0, 2.5)]], 1e9


def cold(draw):
    """Return logits, one row of them equal, and a temperature at which the largest share everything."""
    low, high, middle = draw.number(-4), draw.number(-1.0), draw.number(-2.5)
    return [[float(low) - 2, high, middle], [draw.number(2.0)] * 3], 0.05


def axis(points, square):
    """Return the item which asks that rows are not mixed up."""
    return Item(
        "axis",
        points,
        "every row is on its own. Here there are as many rows as classes, so that a mix-up gives the right shape.",
        LOOSE,
        [Case(f"mixes rows: {ALONG}", [[1.0, 3.0], [-2.0, 0.5]])],
        [
            Case(f"mixes rows of a square batch: {ALONG}", square),
            Case("is wrong for a batch of one row", square[1:2]),
        ],
    )


def dimensions(points):
    """Return the item which asks for the last axis, however many there are."""
    return Item(
        "dimensions",
        points,
        "one row of logits (k,) as well as a stack of batches (m, n, k). It is always the last axis.",
        LOOSE,
        [Case("is wrong for one row of logits (k,): use the last axis, axis=-1", [0.5, -1.5, 2.0])],
        [
            Case("is wrong for three dimensions: use the last axis, axis=-1", BLOCK),
            Case("is wrong for three dimensions of equal size: use the last axis, axis=-1", CUBE),
        ],
    )


def same_shape(points, *temperatures):
    """Return the item which asks for an array like Z."""
    first, second, third = ([t] for t in temperatures) if temperatures else ([], [], [])
    says = "should return a float64 array with the shape of Z"
    return shape(
        points,
        "a float64 array with the shape of Z; a batch may have no rows.",
        [Case(says, TWO_BY_THREE, *first)],
        [
            Case(says, THREE_BY_FOUR, *second),
            Case("should return an array (0, k) for a batch without rows", np.empty((0, 3)), *third),
        ],
    )


def shift(points):
    """Return the item which asks that nothing depends on what is added to a whole row."""
    return Item(
        "shift",
        points,
        "add the same number to all logits of a row, here 100 and -20, and nothing changes.",
        LOOSE,
        [
            Case(
                "changes when all logits of a row are shifted: an epsilon in the sum or clipped logits would do that",
                [[101.0, 102.0, 99.5], [-20.0, -19.0, -21.5]],
            )
        ],
        [
            Case(
                "changes when a number is added to all logits",
                moved(THREE_SQUARE, 30),
                draw=lambda draw: [moved(draw.near(np.array(THREE_SQUARE)).tolist(), 30)],
            ),
            Case(
                "changes when a number is taken from all logits",
                moved(THREE_SQUARE, -40),
                draw=lambda draw: [moved(draw.near(np.array(THREE_SQUARE)).tolist(), -40)],
            ),
        ],
    )


FAR_ROWS = [
    far(
        f"breaks down where one row is far below another: {OWN_LARGEST}",
        [[1000.0, 999.0], [0.0, -1.0], [-900.0, -902.0]],
    ),
    far(
        "breaks down further out, at logits of 10000",
        [[10000.0, -10000.0, 9999.0], [-10000.0, -10000.0, -9998.0]],
    ),
    far(
        "breaks down where rows are far apart in both directions",
        [[800.0, 801.0], [-800.0, -798.5], [0.5, 1.0], [-5000.0, 5000.0]],
    ),
]


@SOFTMAX.function(
    r"""
## Softmax

$$p_j = \operatorname{softmax}(z)_j = \frac{e^{z_j}}{\sum_{i=1}^{k} e^{z_i}}$$

**Conventions.** Along the **last axis** of `Z`, whatever its number of dimensions. It must be stable: in 64 bits $e^{710}$ is infinite, and
$e^{-746}$ is 0. A shift of a row of logits changes nothing, so you are free to choose a good one.""",
    references.softmax,
    values(
        6,
        [Case(f"gives wrong numbers: {SHARES}", TWO_BY_THREE)],
        [
            Case(f"gives wrong numbers on another batch: {SHARES}", THREE_BY_FOUR),
            Case(AGAIN, TWO_BY_THREE[::-1], draw=lambda _: [TWO_BY_THREE[::-1]]),
            Case("gives wrong numbers for a single class, which has all the probability", [[2.5], [-1.0]]),
            Case(
                "gives wrong numbers: logits of log 2, log 3 and log 5 are odds of 2 to 3 to 5",
                np.log([[2.0, 3.0, 5.0]]),
                code="check_close(softmax(np.log([[2.0, 3.0, 5.0]])), [[0.2, 0.3, 0.5]], {message})",
            ),
        ],
        "the right numbers, row by row.",
    ),
    axis(4, THREE_SQUARE),
    dimensions(2),
    same_shape(1),
    shift(2),
    integers(
        1,
        [
            Case(
                "is wrong for an array of integers: an array made like Z cannot hold fractions",
                [[3, 1, -2], [0, 2, 2]],
            )
        ],
        [Case("is wrong for an array of other integers", [[-1, 4, 0, 2]])],
    ),
    inputs_unchanged(
        1,
        "the array that you are given stays as it was.",
        [Case(f"{CHANGES}: Z - m makes a new one, Z -= m does not", GIVEN)],
        [Case(f"{CHANGES}, a batch of one row", [[0.5, 4.0, -3.0]])],
    ),
    stable(
        3,
        [
            Case(f"overflows: {OFF_FIRST}", [[1000.0, 999.0, 0.0]]),
            Case(f"breaks down where all logits are far below zero: {OFF_FIRST}", BELOW),
        ],
        FAR_ROWS,
        code=FAR,
    ),
)
def softmax(Z):
    """Return the softmax of Z along its last axis: positive numbers that add up to 1.

    Z: logits (..., k). Returns a float64 array of the same shape.
    """
    powers = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


@SOFTMAX.function(
    r"""
## The logarithm of the softmax

$$\log p_j = z_j - \log \sum_{i=1}^{k} e^{z_i}$$

**Conventions.** Along the last axis, natural logarithm. It must be stable, and that is more than the logarithm of a stable softmax: for logits of 1000
and 0 the second probability is 0 in 64 bits, but its logarithm is -1000. Work the logarithm out on paper first.""",
    references.log_softmax,
    values(
        4,
        [Case(f"gives wrong numbers: {LOG_SHARES}", TWO_BY_THREE)],
        [
            Case(f"gives wrong numbers on another batch: {LOG_SHARES}", THREE_BY_FOUR),
            Case(AGAIN, TWO_BY_THREE[::-1], draw=lambda _: [TWO_BY_THREE[::-1]]),
            Case("gives wrong numbers for a single class, which has all the probability", [[2.5], [-1.0]]),
            Case(
                "gives wrong numbers: of four equal logits each should give minus log 4",
                [[0.0, 0.0, 0.0, 0.0]],
            ),
        ],
        "the right numbers, row by row.",
    ),
    axis(1, THREE_SQUARE),
    dimensions(1),
    same_shape(1),
    shift(1),
    integers(
        1,
        [
            Case(
                "is wrong for an array of integers: an array made like Z cannot hold fractions",
                [[3, 1, -2], [0, 2, 2]],
            )
        ],
        [Case("is wrong for an array of other integers", [[-1, 4, 0, 2]])],
    ),
    inputs_unchanged(
        1,
        "the array that you are given stays as it was.",
        [Case(f"{CHANGES}: Z - m makes a new one, Z -= m does not", GIVEN)],
        [Case(f"{CHANGES}, a batch of one row", [[0.5, 4.0, -3.0]])],
    ),
    stable(
        4,
        [
            Case(f"overflows: {OFF_FIRST}", [[1000.0, 0.0]]),
            Case(f"breaks down where all logits are far below zero: {OFF_FIRST}", BELOW),
        ],
        FAR_ROWS,
        code=FAR,
    ),
)
def log_softmax(Z):
    """Return the natural logarithm of the softmax of Z along its last axis, right also where softmax is 0.

    Z: logits (..., k). Returns a float64 array of the same shape.
    """
    shifted = Z - np.max(Z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


@SOFTMAX.function(
    r"""
## All derivatives of softmax

Every probability depends on every logit, so the derivative is a matrix:

$$J_{ij} = \frac{\partial p_i}{\partial z_j} = p_i\,(\delta_{ij} - p_j), \qquad \delta_{ij} = 1 \text{ if } i = j \text{ else } 0$$

**Conventions.** `z` is **one row** of logits (k,), and the result is (k, k): row i is a probability, column j a logit. It is a function of the logits,
not of the probabilities. It must be stable.""",
    references.softmax_jacobian,
    Item(
        "diagonal",
        3,
        "how each probability changes with its own logit.",
        DIAGONAL,
        [Case("has a wrong diagonal: there it is p (1 - p)", [1.0, 1.0, 0.0])],
        [
            Case("has a wrong diagonal for other logits: there it is p (1 - p)", FOUR),
            Case("has a wrong diagonal for two classes: there it is p (1 - p)", [-0.8, 1.7]),
        ],
    ),
    Item(
        "off-diagonal",
        4,
        "how each probability changes with the other logits. The diagonal is left out here.",
        """
        returned = {call}
        check_close(returned - np.diag(np.diag(returned)), {np.array(expected) - np.diag(np.diag(expected))}, {message})
        """,
        [Case("is wrong off the diagonal: what one class gains the others lose, -p_i p_j", [1.0, 1.0, 0.0])],
        [
            Case("is wrong off the diagonal for other logits: it is -p_i p_j", FOUR),
            Case("is wrong off the diagonal for two classes: it is -p_i p_j", [-0.8, 1.7]),
        ],
    ),
    Item(
        "sums",
        1,
        "each column adds up to 0, and so does each row. Probabilities add up to 1 whatever the logits are, and a shift of all\n"
        "# logits changes nothing.",
        """
        returned = {call}
        assert np.any(returned), {message}
        check_close([np.sum(returned, axis=0), np.sum(returned, axis=1)], {np.zeros((2, len(z)))}, {message}, tolerance=1e-3)
        """,
        [Case("has columns or rows that do not add up to 0, or nothing but zeros", [0.5, -1.5, 2.0])],
        [Case("has columns or rows that do not add up to 0, or nothing but zeros, for five classes", FIVE)],
    ),
    Item(
        "matches-difference",
        2,
        "the slopes of your own softmax, measured by central differences.\n"
        "# A right Jacobian passes as well, whatever your softmax does.",
        """
        logits = {z}
        check_gradient({name}(logits), {expected}, lambda z: softmax(z), logits, {message})
        """,
        [Case("does not hold the slopes of your softmax", [0.5, -1.5, 2.0])],
        [Case("does not hold the slopes of your softmax for five classes", FIVE)],
    ),
    shape(
        1,
        "a float64 array (k, k), and for one class too.",
        [Case("should return a float64 array (k, k)", [1.0, 1.0, 0.0])],
        [
            Case("should return a float64 array (k, k)", FOUR),
            Case("should return a matrix (1, 1) for one class", [1.5]),
        ],
    ),
    integers(
        1,
        [Case("is wrong for an array of integers", [2, 0, -1])],
        [Case("is wrong for an array of two integers", [-1, 3])],
        code=f"{DIAGONAL[:-1]}, tolerance=1e-3)",
    ),
    inputs_unchanged(
        1,
        "the array that you are given stays as it was.",
        [Case(f"{CHANGES}: work on a new one", [0.5, 4.0, -3.0])],
    ),
    stable(
        2,
        [Case("overflows: use a stable softmax", [1000.0, 1001.0, 0.0])],
        [
            far("breaks down where all logits are far below zero", [-1000.0, -1001.0]),
            far("breaks down further out, at logits of 10000", [10000.0, -10000.0, 9998.5]),
        ],
        "right as far out as |z| = 10000, without NaN or infinity. Only the diagonal is looked at here.",
        f"{DIAGONAL[:-1]}, tolerance=1e-6)",
    ),
)
def softmax_jacobian(z):
    """Return the derivatives of softmax(z): entry (i, j) is that of probability i by logit j.

    z: logits (k,). Returns a float64 array (k, k).
    """
    powers = np.exp(z - np.max(z))
    p = powers / np.sum(powers)
    return np.diag(p) - np.outer(p, p)


@SOFTMAX.function(
    r"""
## Temperature

$$p_j(T) = \frac{e^{z_j / T}}{\sum_{i=1}^{k} e^{z_i / T}}$$

**Conventions.** `T` is one positive number, a float or an integer. Along the last axis. It must be stable for |z / T| up to 10000: a low temperature
makes large numbers of small logits.""",
    references.softmax_with_temperature,
    values(
        3,
        [
            Case(f"gives wrong numbers: {DIVIDE}", TWO_BY_THREE, 2.0),
            Case("should be plain softmax at T = 1", TWO_BY_THREE, 1.0),
        ],
        [
            Case(f"gives wrong numbers for a temperature below 1: {DIVIDE}", THREE_BY_FOUR, 0.4),
            Case(f"gives wrong numbers for a temperature above 1: {DIVIDE}", THREE_BY_FOUR, 3.5),
        ],
        "the right numbers. A temperature of 1 changes nothing.",
    ),
    Item(
        "ends",
        1,
        "very hot, all classes are nearly alike; cold, the largest logits share everything.",
        FAR,
        [
            Case("should come close to 1/k when T is very large", [[3.0, -1.0, 0.5, 2.0]], 1e8),
            Case(
                "should share everything between the largest logits when T is small",
                [[3.0, -1.0, 3.0, 2.0]],
                0.02,
            ),
        ],
        [
            Case("should come close to 1/k when T is very large", [[-4.0, 1.0, 2.5]], 1e9, draw=hot),
            Case(
                "should share everything between the largest logits of each row when T is small",
                [[-4.0, -1.0, -2.5], [2.0, 2.0, 2.0]],
                0.05,
                draw=cold,
            ),
        ],
    ),
    Item(
        "axis",
        1,
        "every row is on its own, and it is always the last axis.",
        LOOSE,
        [Case(f"mixes rows: {ALONG}", [[1.0, 3.0], [-2.0, 0.5]], 2.0)],
        [
            Case("mixes rows of a square batch", THREE_SQUARE, 0.5),
            Case("is wrong for one row of logits (k,): use the last axis, axis=-1", [0.5, -1.5, 2.0], 1.5),
            Case("is wrong for three dimensions: use the last axis, axis=-1", BLOCK, 1.5),
        ],
    ),
    same_shape(1, 0.7, 1.7, 0.5),
    integers(
        1,
        [Case("is wrong for an array of integers: 3 divided by 2 is 1.5", [[3, 1, -2], [0, 2, 2]], 2)],
        [Case("is wrong for other integers", [[-1, 4, 0, 2]], 3)],
        "integers count as numbers, in Z and in T.",
    ),
    inputs_unchanged(
        1,
        "the array that you are given stays as it was.",
        [Case(f"{CHANGES}: Z / T makes a new one, Z /= T does not", GIVEN, 0.5)],
    ),
    stable(
        2,
        [
            Case(
                "overflows when T is small: take the largest number of the row off all of them first",
                [[2.0, 1.999, 0.0]],
                0.002,
            ),
            Case(
                "breaks down when all logits are below zero and T is small", [[-2.0, -2.001, -1.9995]], 0.002
            ),
        ],
        [
            far(
                f"breaks down where one row is far below another: {OWN_LARGEST}",
                [[1000.0, 999.0], [0.0, -1.0], [-5000.0, -5002.0]],
                0.5,
            ),
            far("breaks down at logits of 10000", [[10000.0, 9999.0, -10000.0]], 4.0),
        ],
        "right for |z / T| up to 10000, without NaN or infinity. A warning costs nothing.",
        FAR,
    ),
)
def softmax_with_temperature(Z, T):
    """Return the softmax of Z / T along the last axis.

    Z: logits (..., k). T: temperature, a positive number. Returns a float64 array of the same shape.
    """
    scaled = Z / T
    powers = np.exp(scaled - np.max(scaled, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


@SOFTMAX.function(
    r"""
## The loss

The label of row i is $y_i$, one of the classes. The loss is the mean over the rows of minus the logarithm of the probability that the model gave to the
label:

$$L = -\frac1n \sum_{i=1}^{n} \log p_{i, y_i}, \qquad p_i = \operatorname{softmax}(z_i)$$

**Conventions.** `Z` is (n, k) and `y` holds n integer labels from 0 to k - 1. Natural logarithm, mean over the n rows (not over the entries), from logits. It must be
stable: a logit 1000 below the largest costs 1000.""",
    references.cross_entropy,
    values(
        4,
        [
            Case(
                "gives a wrong number for one row: it is minus the natural logarithm of the label's probability",
                *ONE_ROW,
                [1],
            ),
            Case("of four equal logits should be log 4", [[0.5, 0.5, 0.5, 0.5]], [3]),
        ],
        [
            Case("gives a wrong number for another row", THREE_BY_FOUR[:1], [3]),
            Case("gives a wrong number where the label is an unlikely class", THREE_BY_FOUR[1:2], [0]),
            Case("gives a wrong number where the label is a likely class", THREE_BY_FOUR[2:], [0]),
            far("should not change when all logits are shifted", [[101.0, 102.0, 99.5]], [2]),
        ],
        "the right number for a batch of one row. Equal logits cost log k.",
    ),
    Item(
        "mean",
        2,
        "the mean over the rows. The same row three times costs as much as once.",
        LOOSE,
        [
            Case(
                "should be the mean over the rows: not the sum, and not the mean over all entries",
                [[1.0, 2.0, 0.5, -1.0, 0.0]] * 3,
                [3, 3, 3],
            )
        ],
        [Case("should be the mean over five rows", [*THREE_BY_FOUR, *THREE_BY_FOUR[:2]], [2, 1, 0, 1, 1])],
    ),
    Item(
        "labels",
        2,
        "each row has its own label. Here there are as many rows as classes. The losses for two sets of labels\n"
        "# are compared, so that it does not matter here whether you take the sum or the mean.",
        """
        logits = {Z}
        losses = [{name}(logits, labels) for labels in ({y}, np.array({others}))]
        check_close(np.divide(*losses), {expected / other}, {message}, tolerance=1e-3)
        """,
        [Case(f"mixes up rows and labels: {ITS_OWN}", THREE_SQUARE, [2, 0, 2])],
        [
            Case(
                f"mixes up rows and labels when a label occurs twice: {ITS_OWN}",
                THREE_SQUARE[::-1],
                [1, 1, 0],
            ),
            Case(
                f"mixes up rows and labels when there are more rows than classes: {ITS_OWN}",
                [[1.0, 3.0], [-2.0, 0.5], [0.3, -0.8]],
                [1, 0, 1],
            ),
        ],
    ),
    shape(
        1,
        "one number, a float.",
        [Case("should return one float", THREE_BY_FOUR, [2, 1, 0])],
        [Case("should return one float for one row too", *ONE_ROW, [0])],
    ),
    integers(
        1,
        [Case("is wrong for an array of integers", [[3, 1, -2]], [1])],
        [Case("is wrong for two integers", [[0, 2]], [0])],
    ),
    inputs_unchanged(
        1, "logits and labels stay as they were.", [Case(f"{CHANGES}: work on a new array", GIVEN, [2, 0])]
    ),
    stable(
        3,
        [
            Case(
                "is not finite or wrong where the label's probability is 0 in 64 bits: take the logarithm on paper first",
                [[1000.0, 0.0]],
                [1],
            )
        ],
        [
            Case("should be 0 where the label is certain", [[1000.0, 0.0]], [0]),
            far("breaks down where all logits are far below zero", BELOW, [1]),
            far("breaks down further out, at logits of 10000", [[10000.0, -10000.0, 9999.0]], [2]),
            Case(
                f"breaks down where one row is far below another: {OWN_LARGEST}",
                [[1000.0, 0.0], [-5.0, -1005.0]],
                [0, 0],
            ),
        ],
        "right as far out as |z| = 10000, without NaN or infinity. One row each.",
        FAR,
    ),
)
def cross_entropy(Z, y):
    """Return the mean over the rows of -log softmax(Z)[i, y[i]].

    Z: logits (n, k). y: integer labels (n,), from 0 to k - 1. Returns a number.
    """
    shifted = Z - np.max(Z, axis=1, keepdims=True)
    losses = np.log(np.sum(np.exp(shifted), axis=1)) - shifted[np.arange(len(y)), y]
    return np.mean(losses)


@SOFTMAX.function(
    r"""
## Its gradient

$$\nabla_Z L = \frac1n (P - Y)$$

`P` holds the probabilities, and `Y` is one-hot: in each row a 1 at the label and 0 elsewhere.

**Conventions.** `Z` is (n, k), `y` holds n integer labels; the result is (n, k), with the 1/n of the mean. It must be stable.""",
    references.cross_entropy_grad,
    values(
        4,
        [Case(f"gives wrong numbers for one row: {LESS_ONE}", *ONE_ROW, [1])],
        [
            Case(f"gives wrong numbers for another row: {LESS_ONE}", THREE_BY_FOUR[:1], [3]),
            Case("gives wrong numbers where the label is an unlikely class", THREE_BY_FOUR[1:2], [0]),
            Case(
                "gives something else when it is called again", *ONE_ROW, [1], draw=lambda _: (*ONE_ROW, [1])
            ),
        ],
        "the right numbers for a batch of one row.",
    ),
    Item(
        "mean",
        3,
        "the loss is a mean, so that each of three equal rows has a third of the gradient.",
        LOOSE,
        [
            Case(
                "should be the gradient of the mean over the rows: divide by n, the number of rows",
                [[1.0, 2.0, 0.5, -1.0, 0.0]] * 3,
                [3, 3, 3],
            )
        ],
        [
            Case(
                "should be the gradient of the mean over five rows: divide by n, the number of rows",
                [[0.3, -1.2]] * 5,
                [1] * 5,
                draw=lambda draw: ([[draw.number(0.3), draw.number(-1.2)]] * 5, [1] * 5),
            )
        ],
    ),
    Item(
        "labels",
        2,
        "each row has its own label. Only the signs are looked at: the label is pulled up, all others are pushed down.",
        "check_close(np.sign({call}), {np.sign(expected)}, {message})",
        [Case(f"mixes up rows and labels: {NEGATIVE}", THREE_SQUARE, [2, 0, 2])],
        [
            Case(
                f"mixes up rows and labels when a label occurs twice: {NEGATIVE}",
                THREE_SQUARE[::-1],
                [1, 1, 0],
            ),
            Case(
                f"mixes up rows and labels when there are more classes than rows: {NEGATIVE}",
                THREE_BY_FOUR,
                [2, 1, 0],
            ),
        ],
    ),
    Item(
        "matches-difference",
        3,
        "the slope of your own cross_entropy, measured by a central difference.\n"
        "# A right gradient passes as well, whatever your cross_entropy does.",
        """
        logits = {Z}
        labels = {y}
        check_gradient({name}(logits, labels), {expected}, lambda Z: cross_entropy(Z, labels), logits, {message})
        """,
        [Case("is not the slope of your cross_entropy", THREE_BY_FOUR, [2, 1, 0])],
        [Case("is not the slope of your cross_entropy on another batch", [[1.0, 3.0], [-2.0, 0.5]], [1, 1])],
    ),
    shape(
        1,
        "a float64 array with the shape of Z.",
        [Case("should return a float64 array with the shape of Z", THREE_BY_FOUR, [2, 1, 0])],
        [Case("should return a float64 array with the shape of Z for one row too", *ONE_ROW, [0])],
    ),
    integers(
        1,
        [Case("is wrong for an array of integers", [[3, 1, -2]], [1])],
        [Case("is wrong for two integers", [[0, 2]], [0])],
    ),
    inputs_unchanged(
        1, "logits and labels stay as they were.", [Case(f"{CHANGES}: work on a new array", GIVEN, [2, 0])]
    ),
    stable(
        2,
        [Case("overflows: use a stable softmax", [[1000.0, 1001.0, 0.0]], [1])],
        [
            far("breaks down where all logits are far below zero", [[-1000.0, -1001.0]], [0]),
            far("breaks down at logits of 10000", [[10000.0, -10000.0, 9999.0]], [2]),
            Case(
                f"breaks down where one row is far below another: {OWN_LARGEST}",
                [[1000.0, 0.0], [-5.0, -1005.0]],
                [0, 0],
            ),
        ],
        "right as far out as |z| = 10000, without NaN or infinity. One row each.",
        FAR,
    ),
)
def cross_entropy_grad(Z, y):
    """Return the gradient of cross_entropy(Z, y) in Z.

    Z: logits (n, k). y: integer labels (n,), from 0 to k - 1. Returns a float64 array (n, k).
    """
    powers = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    gradient = powers / np.sum(powers, axis=1, keepdims=True)
    gradient[np.arange(len(y)), y] -= 1
    return gradient / len(y)


SOFTMAX.written(
    "explain-epsilon",
    5,
    """
## In your own words: why not an epsilon?

Many programs write `-np.log(p + 1e-12)` for the loss of a row, where `p` is the softmax probability of its label. What does this give for logits of (1000, 0)
and the second class as the label, and what should it give? What is the gradient of the written loss there, and what would that mean for training? What does
`cross_entropy` do instead, and why is that exact? Three to six sentences; a person reads them.""",
    """
The probability of the second class is e^-1000, which is 0 in 64 bits. So the program gives -log(1e-12) = 27.6 for a loss that is 1000. It would give the same for logits of (500, 0) or
(5000, 0): the written loss is level there, its gradient is 0, and gradient descent does nothing about the worst mistakes of all. From logits the loss is
log-sum-exp(z) - z_y. With the largest logit taken off first, log-sum-exp is exact: the shift is added back after the logarithm, nothing overflows, and the sum is at least 1, so its logarithm
is finite. The result is 1000, with gradient p - y.

**Rubric.** 1 point: it gives 27.6 (log of the epsilon). 1 point: it should give 1000. 1 point: level, so the gradient is 0. 1 point: hence no learning where the mistake is
worst. 1 point: the logarithm is taken on paper, z_y less a log-sum-exp with the maximum shifted out, which changes nothing in exact arithmetic.""",
)


SOFTMAX.written(
    "explain-sigmoids",
    5,
    """
## In your own words: softmax or sigmoids?

A model reads film reviews. (a) It is to say which of five languages a review is written in. (b) It is to say which of five genres the film belongs to. For each, say
whether you take one softmax or five sigmoids, which loss belongs to it, and what would go wrong with the other choice. Four to six sentences; a person reads them.""",
    """
(a) A review is in one language: the answers exclude each other and one of them is right. Softmax, with the cross-entropy; the probabilities add up to 1. Five sigmoids could say yes twice, or not at
all. (b) A film can be a comedy and a thriller, or none of the five: five questions of their own. Five sigmoids, each with its log loss, added up. A softmax would make the genres compete: a film with two
genres could give each at most one half, and to be sure of one would mean to deny the other.

**Rubric.** 1 point: (a) softmax, because the answers exclude each other. 1 point: (b) sigmoids, because they do not. 1 point: both losses. 1 point: what goes wrong with sigmoids
in (a). 1 point: what goes wrong with softmax in (b).""",
)
