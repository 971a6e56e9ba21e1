"""08 Choosing: which activation, and inputs of one scale."""

import numpy as np

from assignments.library import references
from assignments.library.layout import literal
from assignments.library.model import Assignment, Case, Item
from assignments.library.properties import inputs_unchanged, integers, shape, values

PROVIDED = '''
INFINITE = np.inf
RANGES = {  # name: (lowest, highest)
    "identity": (-INFINITE, INFINITE),
    "step": (0, 1),
    "sigmoid": (0, 1),
    "hard_sigmoid": (0, 1),
    "tanh": (-1, 1),
    "hard_tanh": (-1, 1),
    "relu": (0, INFINITE),
    "leaky_relu": (-INFINITE, INFINITE),
    "prelu": (-INFINITE, INFINITE),
    "elu": (-1, INFINITE),
    "selu": (-1.7581, INFINITE),
    "softplus": (0, INFINITE),
    "swish": (-0.2785, INFINITE),
    "hard_swish": (-0.375, INFINITE),
    "gelu": (-0.17, INFINITE),
    "mish": (-0.3088, INFINITE),
    "swiglu": (-INFINITE, INFINITE),
    "maxout": (-INFINITE, INFINITE),
    "exp": (0, INFINITE),
    "softmax": (0, 1),
}


def check_range(name, lowest, highest, message):
    """Fail with message unless name is one of those in RANGES, and its values go from lowest to highest.

    With lowest None only the upper end counts.
    """
    __tracebackhide__ = True
    assert isinstance(name, str), f"{message}\\nIt returned {name!r}, which is not a text."
    assert name in RANGES, f"{message}\\nIt returned {name!r}, which is not one of the names."
    low, high = RANGES[name]
    fits = lowest in (None, low) and highest == high
    assert fits, f"{message}\\nThe values of {name} go from {low} to {high}."
'''

CHOOSING = Assignment(
    name="08-choosing",
    title="Choosing: which activation, and inputs of one scale",
    story="""
You know the functions. Now choose. In this assignment you write down, as two functions, which activation belongs to which kind of target and to which type of
network. Then you bring inputs to one scale, so that one learning rate fits all of them, and you argue for your choices in words.

It belongs to the chapter *Choosing*.""",
    conventions="""
- An activation is named by a text, all in small letters. These are the names that count:
  `identity`, `step`, `sigmoid`, `hard_sigmoid`, `tanh`, `hard_tanh`, `relu`, `leaky_relu`, `prelu`, `elu`, `selu`, `softplus`, `swish`, `hard_swish`,
  `gelu`, `mish`, `swiglu`, `maxout`, `exp`, `softmax`.
- Where the chapter gives several answers, any of them is right.
- A question that is not in the table of a function gets a `ValueError`.
- In a batch each **row** of `X` is one example and each **column** one measurement: `X` is (n, d), with n at least 1.
- You return **new** arrays of floats (float64). What you are given stays unchanged.
- An array of integers counts as numbers: 3 means 3.0.""",
    provided=PROVIDED,
    about_provided="`RANGES` holds the lowest and the highest value that each activation can come close to.",
)
FITS_NOT = "gives a name that does not fit"
REACHES_ALL = "-INFINITE, INFINITE"
FAMILY = [
    "relu",
    "leaky_relu",
    "prelu",
    "elu",
    "selu",
    "softplus",
    "swish",
    "hard_swish",
    "gelu",
    "mish",
    "maxout",
]
TAKE_RELU = "take ReLU or one of its family: the identity would leave one linear layer, and an output activation does not belong here"
GATE = "a gate opens and closes smoothly, on its own: how much is kept is a share from 0 to 1"
WRITTEN = "what is written must be able to raise the memory and to lower it, within bounds"
CHANGES = "changes the array that it is given"
LIKE_X = "should return a float64 array with the shape of X"
SCALE = "does not give all columns a mean of 0 and one scale"
ONE_RANGE = "does not give all columns the same range"
MULTIPLY = "multiply by high - low, then add low"
ENDS = "should turn the smallest entry of each column into low, and the largest into high"
CONSTANTS = "check_close(np.asarray({call})[:, {constant}], {np.array(expected)[:, constant]}, {message}, tolerance=1e-3)"

SMALL = [[1.0, 10.0], [2.0, -10.0], [6.0, 30.0]]
SIZES = [[881.0, 0.004, -3.5], [902.5, 0.0041, 1.25], [640.0, 0.0039, 0.5], [1210.75, 0.00402, 7.75]]
SQUARE = [[0.5, 4.0, -1.0], [2.0, -3.0, 0.25], [-1.5, 7.5, 3.0]]
TALL = [[881.0, 0.5, -3.5], [902.5, 4.5, 1.25], [640.0, 3.0, 0.5], [1210.75, -2.0, 7.75]]
FIVES = [[5.0, 1.0], [5.0, 4.0], [5.0, 2.5]]
CONSTANT = [[-2.0, 0.0, 3.0, 7.0], [1.0, 0.0, 3.5, 7.0], [4.0, 0.0, 8.0, 7.0], [5.5, 0.0, -1.0, 7.0]]
EQUAL = [[2.0, 1.0], [2.0, 5.0]]


def two_constant(draw):
    """Return a table with two columns that never change, one of them 0."""
    seven = float(draw.number(7))
    return [[draw.number(row[0]), 0.0, draw.number(row[2]), seven] for row in CONSTANT]


def constant_first(draw):
    """Return a table whose first column never changes."""
    two = float(draw.number(2))
    return [[two, draw.number(1.0)], [two, draw.number(5.0)]]


def rounded_beside(draw):
    """Return a column of equal entries whose standard deviation is not 0 in floating point, and one that changes."""
    return [[[0.7, draw.number(other)] for other in (1.0, 2.0, 4.0, 1.5, 7.0, 2.5)]]


def kind(name, points, says, ends, hint, names):
    """Return an item about one kind of question: its range is shown, the names that are right are not."""
    first = next(iter(names))
    shown = Case(f"{FITS_NOT}: {hint}", code=f"check_range({{name}}({literal(first)}), {ends}, {{message}})")
    hidden = [
        Case(
            f"{FITS_NOT}{'' if question == first else f' for {question}'}: {why}",
            code=f"assert {{name}}({literal(question)}) in {literal(right)}, {{message}}",
        )
        for question, (right, why) in names.items()
    ]
    return Item(name, points, says, "", [shown], hidden)


def unknown(shown, hidden):
    """Return the item which asks for an error where there is no answer."""
    says = "should raise a ValueError for a question that it does not know"

    def case(question):
        return Case(
            says, code=f"check_refuses(lambda: {{name}}({literal(question)}), ValueError, {{message}})"
        )

    return Item(
        "unknown",
        1,
        "a ValueError for a question that it has no answer to.",
        "",
        [case(shown)],
        [case(hidden)],
    )


@CHOOSING.function(
    """
## The output layer

Which activation do you give to the output layer? Ask which values the target can take, and how it scatters.

| `problem` | the target of one row |
|---|---|
| `"regression"` | a number of any sign and size, with normal scatter |
| `"non-negative"` | a price, a height or a count: 0 or more, without an upper end |
| `"proportions"` | several shares that add up to 1 |
| `"binary"` | yes or no, with **one** output |
| `"multi-class"` | exactly one of k classes |
| `"multi-label"` | any number of k labels, none and all included |

**Conventions.** Return one name from the list at the top, such as `"tanh"`. The target itself is predicted, not its logarithm. For any other problem raise a
`ValueError`.""",
    references.nothing,
    kind(
        "regression",
        3,
        "for regression the output reaches every number.",
        REACHES_ALL,
        "for regression the output must reach every number, negative and positive",
        {
            "regression": (
                ["identity"],
                "for regression nothing is gained by a bend; with normal scatter the gradient is predicted less true where the "
                "output is the logit itself",
            )
        },
    ),
    kind(
        "non-negative",
        3,
        "for prices, heights and counts the output reaches every number from 0 up, and none below.",
        "0, INFINITE",
        "for prices and heights the output must be 0 or more, with no upper end",
        {
            "non-negative": (
                ["softplus", "exp", "relu"],
                "for prices and heights take one that is never negative and has no upper end",
            )
        },
    ),
    kind(
        "proportions",
        3,
        "for proportions every share is between 0 and 1.",
        "0, 1",
        "every share is between 0 and 1",
        {
            "proportions": (
                ["softmax"],
                "the shares must add up to 1, so that no output can be computed without the others",
            )
        },
    ),
    kind(
        "binary",
        3,
        "for yes or no the output is a probability.",
        "0, 1",
        "for yes or no the output is a probability, between 0 and 1",
        {
            "binary": (
                ["sigmoid"],
                "for yes or no with one output, it must turn log-odds into a probability; one that reaches exactly 0 has an "
                "infinite loss there, and one that makes shares is always 1 for one output",
            )
        },
    ),
    kind(
        "multi-class",
        3,
        "for classes, of which one is right, every class gets a probability.",
        "0, 1",
        "for classes the outputs are probabilities, between 0 and 1",
        {
            "multi-class": (
                ["softmax"],
                "the classes exclude each other and one of them is right, so that their probabilities must add up to 1",
            )
        },
    ),
    kind(
        "multi-label",
        4,
        "for labels, of which any may be right, every label gets a probability.",
        "0, 1",
        "for labels the outputs are probabilities, between 0 and 1",
        {
            "multi-label": (
                ["sigmoid"],
                "labels do not exclude each other; each is a yes-or-no question of its own, and no other output should move with it",
            )
        },
    ),
    unknown("poetry", "clustering"),
)
def output_activation(problem):
    """Return the name of an output activation for a kind of problem.

    problem: "regression", "non-negative", "proportions", "binary", "multi-class" or "multi-label".
    Raises ValueError for any other problem.
    """
    names = {
        "regression": "identity",
        "non-negative": "softplus",
        "proportions": "softmax",
        "binary": "sigmoid",
        "multi-class": "softmax",
        "multi-label": "sigmoid",
    }
    if problem not in names:
        raise ValueError(f"unknown problem {problem!r}")
    return names[problem]


@CHOOSING.function(
    """
## The hidden layers

Which activation do the hidden layers of a network usually have? The chapter gives the reasons.

| `network` | what is asked for |
|---|---|
| `"mlp"` | the hidden layers of a multilayer perceptron |
| `"cnn"` | the convolutional layers of a network for images |
| `"rnn"` | the state of a simple recurrent network |
| `"lstm-gates"`, `"gru-gates"` | the gates of a gated recurrent network: how much is kept, let in or let out |
| `"lstm-states"`, `"gru-states"` | what such a network writes into its memory |
| `"transformer"` | the two-layer network in each block of a transformer (not its attention) |

**Conventions.** Return one name from the list at the top. Any that the chapter gives for this network is right; for MLP and CNN that is ReLU and its family. For any
other network raise a `ValueError`.""",
    references.nothing,
    kind(
        "mlp",
        2,
        "in an MLP one that does not saturate for large inputs.",
        "None, INFINITE",
        "in an MLP take one that does not saturate for large net inputs",
        {"mlp": (FAMILY, f"in an MLP {TAKE_RELU}")},
    ),
    kind(
        "cnn",
        2,
        "in a CNN one that does not saturate for large inputs.",
        "None, INFINITE",
        "in a CNN take one that does not saturate for large net inputs",
        {"cnn": (FAMILY, f"in a CNN {TAKE_RELU}")},
    ),
    kind(
        "rnn",
        2,
        "in an RNN the state goes through the same weights again and again.",
        "-1, 1",
        "a state that goes through the same weights at each step must stay bounded, and go up as well as down",
        {"rnn": (["tanh", "hard_tanh"], "a state must be bounded, and go up as well as down")},
    ),
    kind(
        "gates",
        3,
        "in the gates of LSTM and GRU: a gate says how much.",
        "0, 1",
        "a gate says how much is kept, a share from 0 to 1",
        dict.fromkeys(("lstm-gates", "gru-gates"), (["sigmoid", "hard_sigmoid"], GATE)),
    ),
    kind(
        "states",
        3,
        "in the states of LSTM and GRU: what is written can raise the memory and lower it.",
        "-1, 1",
        WRITTEN,
        dict.fromkeys(("lstm-states", "gru-states"), (["tanh", "hard_tanh"], WRITTEN)),
    ),
    kind(
        "transformer",
        2,
        "in a transformer one that does not saturate for large inputs.",
        "None, INFINITE",
        "in a transformer's blocks take one that does not saturate for large net inputs",
        {
            "transformer": (
                ["gelu", "swiglu", "swish", "relu"],
                "the chapter names the one of BERT, the one of many large language models, and the one of the first transformer",
            )
        },
    ),
    unknown("decision tree", "softmax"),
)
def hidden_activation(network):
    """Return the name of a usual hidden activation for a type of network.

    network: "mlp", "cnn", "rnn", "lstm-gates", "lstm-states", "gru-gates", "gru-states" or "transformer".
    Raises ValueError for any other network.
    """
    names = {
        "mlp": "relu",
        "cnn": "relu",
        "rnn": "tanh",
        "lstm-gates": "sigmoid",
        "lstm-states": "tanh",
        "gru-gates": "sigmoid",
        "gru-states": "tanh",
        "transformer": "gelu",
    }
    if network not in names:
        raise ValueError(f"unknown network {network!r}")
    return names[network]


@CHOOSING.function(
    r"""
## Inputs of one scale

Each column of `X` gets a mean of 0 and a standard deviation of 1:

$$x' = \frac{x - \bar x}{s_x}, \qquad s_x = \sqrt{\frac1n \sum_i (x_i - \bar x)^2}$$

**Conventions.** Mean and standard deviation are taken over the **rows**, for each column on its own; $s_x$ with 1/n, as `np.std` does it. A column whose entries are all equal tells nothing: it becomes
**0 everywhere**. Equal entries are equal even if rounding makes their standard deviation differ from 0: that of three times 0.1 is not 0 in floating point, try it.
So `s[s == 0] = 1`, which is what much code does, costs the item *rounding* and no other. A column that changes, if only a little, is scaled like any other.""",
    references.standardize,
    values(
        6,
        [
            Case(
                "gives wrong numbers: take the mean off each column, then divide it by its standard deviation",
                SMALL,
            )
        ],
        [
            Case("gives wrong numbers for columns of very different sizes", SIZES),
            Case("gives wrong numbers for one column", [[3.0], [-1.0], [0.5], [2.0], [9.5]]),
            Case("gives something else when it is called again", SMALL, draw=lambda _: [SMALL]),
        ],
    ),
    Item(
        "columns",
        4,
        "each column on its own, so that all have a mean of 0 and the same spread. Here there are as many rows as columns.",
        """
        returned = np.asarray({call})
        assert np.any(returned), {message}
        check_close(np.mean(returned, axis=0), {np.zeros(X.shape[1])}, {message})
        check_close(np.std(returned, axis=0), np.full({X.shape[1]}, np.std(returned[:, 0])), {message}, tolerance=1e-6)
        """,
        [
            Case(
                f"{SCALE}: take mean and standard deviation over the rows, axis=0, for each column on its own",
                SQUARE,
            )
        ],
        [
            Case(
                f"{SCALE} in another square table: take mean and standard deviation over the rows, axis=0",
                [[1.0, 5.0], [4.0, -3.0]],
            ),
            Case(
                f"{SCALE} with more rows than columns: take mean and standard deviation over the rows, axis=0",
                TALL,
            ),
        ],
    ),
    Item(
        "constant",
        4,
        "a column that never changes becomes 0, without NaN or infinity. Only that column is looked at here.",
        CONSTANTS,
        [
            Case(
                "is wrong for a column that never changes: its standard deviation is 0, so divide it by 1",
                FIVES,
            )
        ],
        [
            Case(
                "is wrong where two columns never change, one of them 0",
                CONSTANT,
                draw=lambda draw: [two_constant(draw)],
            ),
            Case("is wrong for one row, where no column changes", [[3.0, -2.0]]),
        ],
    ),
    Item(
        "rounding",
        2,
        "three times 0.1 is a column that never changes, though np.std gives a tiny number and not 0.",
        CONSTANTS,
        [
            Case(
                "blows up rounding errors: look whether all entries of the column are equal, not whether its standard "
                "deviation is exactly 0",
                [[0.1], [0.1], [0.1]],
            )
        ],
        [
            Case(
                "blows up rounding errors in a column that never changes, beside one that does",
                [[0.7, 1.0], [0.7, 2.0], [0.7, 4.0], [0.7, 1.0], [0.7, 7.0], [0.7, 2.5]],
                draw=rounded_beside,
            )
        ],
    ),
    shape(
        1,
        "a float64 array with the shape of X.",
        [Case(LIKE_X, SMALL)],
        [
            Case(f"{LIKE_X}, constant columns included", CONSTANT),
            Case(f"{LIKE_X} for one row too", [[3.0, -2.0, 1.0]]),
        ],
    ),
    integers(
        2,
        [
            Case(
                "is wrong for an array of integers: an array made like X cannot hold fractions",
                [[1, 4], [2, -1], [6, 0]],
            )
        ],
        [Case("is wrong for an array of other integers", [[0, 7, 5], [3, 2, 1]])],
        "an array of integers counts as numbers. The result is the one for the same numbers as floats.",
        """
        given = {X}
        check_close({name}(given.copy()), {name}(given.astype(float)), {message})
        """,
    ),
    inputs_unchanged(
        2,
        "the array that you are given stays as it was.",
        [Case(f"{CHANGES}: X - m makes a new one, X -= m does not", [[1.0, -2.0], [0.5, 3.0], [4.0, 0.25]])],
        [
            Case(f"{CHANGES}, with a constant column", EQUAL, draw=lambda draw: [constant_first(draw)]),
            Case("should return a new array", EQUAL, code="check_new({name}, [{args}], {message})"),
        ],
    ),
)
def standardize(X):
    """Return X with each column shifted and scaled to mean 0 and standard deviation 1, and constant columns as 0.

    X: inputs (n, d), n at least 1. Returns a float64 array (n, d).
    """
    constant = np.all(X[0, :] == X, axis=0)
    spread = np.where(constant, 1.0, X.std(axis=0))
    return (X - X.mean(axis=0)) / spread


@CHOOSING.function(
    r"""
## A given range

Each column of `X` is stretched and shifted so that its smallest entry becomes `low` and its largest `high`:

$$x' = l + (h - l)\, \frac{x - x_{\min}}{x_{\max} - x_{\min}}$$

**Conventions.** Smallest and largest are taken over the **rows**, for each column on its own. `low` < `high` are two numbers. A column whose entries are all equal
becomes **`low` everywhere** (its range counts as 1).""",
    references.rescale,
    values(
        6,
        [
            Case(
                "gives wrong numbers: take the smallest off each column, then divide it by its range",
                SMALL,
                0.0,
                1.0,
            ),
            Case(f"gives wrong numbers for the range from -1 to 1: {MULTIPLY}", SMALL, -1.0, 1.0),
        ],
        [
            Case(
                "gives wrong numbers for columns of very different sizes",
                SIZES,
                0.0,
                1.0,
                draw=lambda draw: (draw.near(np.array(SIZES)), 0.0, 1.0),
            ),
            Case(f"gives wrong numbers for a range that does not begin at 0: {MULTIPLY}", SIZES, 2.5, 7.0),
            Case(
                "gives wrong numbers for one column and a narrow range",
                [[3.0], [-1.0], [0.5], [2.0], [9.5]],
                -0.3,
                0.2,
            ),
        ],
        "the right numbers, for the ranges from 0 to 1 and from -1 to 1.",
    ),
    Item(
        "columns",
        3,
        "each column on its own, so that all have the same range. Here there are as many rows as columns.",
        """
        returned = np.asarray({call})
        check_close(np.ptp(returned, axis=0), np.full({X.shape[1]}, np.ptp(returned[:, 0])), {message}, tolerance=1e-6)
        check_close(np.min(returned, axis=0), np.full({X.shape[1]}, np.min(returned[:, 0])), {message}, tolerance=1e-6)
        """,
        [
            Case(
                f"{ONE_RANGE}: take smallest and largest over the rows, axis=0, one for each column",
                SQUARE,
                0.0,
                1.0,
            )
        ],
        [
            Case(
                f"{ONE_RANGE} in another square table: take them over the rows, axis=0",
                [[1.0, 5.0], [4.0, -3.0]],
                0.0,
                1.0,
            ),
            Case(f"{ONE_RANGE} with more rows than columns: take them over the rows, axis=0", TALL, 0.0, 1.0),
        ],
    ),
    Item(
        "ends",
        2,
        "in every column the smallest entry becomes low and the largest high.",
        """
        returned = np.asarray({call})
        check_close(np.min(returned, axis=0), {np.full(X.shape[1], float(low))}, {message}, tolerance=1e-3)
        check_close(np.max(returned, axis=0), {np.full(X.shape[1], float(high))}, {message}, tolerance=1e-3)
        """,
        [Case(ENDS, SIZES, -2.0, 3.0)],
        [
            Case(
                f"{ENDS}, here 1 and 10",
                SQUARE,
                1.0,
                10.0,
                draw=lambda draw: (draw.near(np.array(SQUARE)), 1.0, 10.0),
            )
        ],
    ),
    Item(
        "constant",
        4,
        "a column that never changes becomes low, without NaN or infinity. Only that column is looked at here.",
        CONSTANTS,
        [
            Case(
                "is wrong for a column that never changes: its range is 0, so divide it by 1", FIVES, 0.0, 1.0
            )
        ],
        [
            Case(
                "should turn a column that never changes into low, whatever low is",
                CONSTANT,
                -1.0,
                2.0,
                draw=lambda draw: (two_constant(draw), draw.number(-1.0), draw.number(2.0)),
            ),
            Case("is wrong for one row, where no column changes", [[3.0, -2.0]], 0.5, 1.75),
        ],
    ),
    shape(
        1,
        "a float64 array with the shape of X.",
        [Case(LIKE_X, SMALL, 0.0, 1.0)],
        [
            Case(f"{LIKE_X}, constant columns included", CONSTANT, 0.0, 1.0),
            Case(f"{LIKE_X} for one row too", [[3.0, -2.0, 1.0]], 0.0, 1.0),
        ],
    ),
    integers(
        2,
        [
            Case(
                "is wrong for an array of integers: an array made like X cannot hold fractions",
                [[1, 4], [2, -1], [6, 0]],
                0.0,
                1.0,
            )
        ],
        [Case("is wrong for an array of other integers", [[0, 7, 5], [3, 2, 1]], 0.0, 1.0)],
        "an array of integers counts as numbers. The result is the one for the same numbers as floats.",
        """
        given = {X}
        check_close({name}(given.copy(), 0.0, 1.0), {name}(given.astype(float), 0.0, 1.0), {message})
        """,
    ),
    inputs_unchanged(
        2,
        "the array that you are given stays as it was.",
        [
            Case(
                f"{CHANGES}: X - m makes a new one, X -= m does not",
                [[1.0, -2.0], [0.5, 3.0], [4.0, 0.25]],
                0.0,
                1.0,
            )
        ],
        [
            Case(
                f"{CHANGES}, with a constant column",
                EQUAL,
                0.0,
                1.0,
                draw=lambda draw: (constant_first(draw), 0.0, 1.0),
            ),
            Case("should return a new array", EQUAL, 0.0, 1.0, code="check_new({name}, [{args}], {message})"),
        ],
    ),
)
def rescale(X, low, high):
    """Return X with each column stretched to reach from low to high, and constant columns as low.

    X: inputs (n, d), n at least 1. low, high: numbers, low < high. Returns a float64 array (n, d).
    """
    lowest, highest = X.min(axis=0), X.max(axis=0)
    extent = np.where(highest == lowest, 1.0, highest - lowest)
    return low + (high - low) * (X - lowest) / extent


CHOOSING.written(
    "explain-heads",
    8,
    """
## In your own words: one network, four answers

A network reads the photo and the text of an advertisement for a flat. It is to say (a) what rent is asked for, (b) whether the flat is furnished, (c) which of six
districts it lies in, and (d) which of twelve features it has, such as a balcony, a lift or a garden. For each of the four give the number of outputs, their activation and their loss.
Then say how one network is trained on all four, and what to watch for when you do that. Six to ten sentences, or a table and a few sentences; a person reads them.""",
    """
(a) One output; a rent is never negative: softplus with the squared error, or exp with the Poisson or squared log error. (b) One output, the sigmoid and the log loss. (c) Six outputs, softmax and the cross-entropy: a flat
lies in one district. (d) Twelve outputs, a sigmoid each, and the sum of twelve log losses: a flat can have a balcony and a lift, or neither. All four heads stand on the same hidden layers. The losses are
added, so that the gradients at the hidden layers are added too. A squared error in euros would outweigh the others by far: standardise the target, or give every loss a weight. What is missing in a row (no
district known) contributes no loss.

**Rubric.** 1 point each for (a) to (d): number of outputs and an activation that fits. 2 points: the losses that belong to them (1 if one is wrong). 1 point: the losses are added, the hidden layers shared. 1 point: their scales
differ, so weights or a standardised target.""",
)


CHOOSING.written(
    "explain-held-back",
    8,
    """
## In your own words: whose mean?

You standardise your inputs, train a network, and want to know how good it is on rows that you held back. A friend standardises all rows together, before the split. Another one standardises the held-back rows by their own mean and
standard deviation. A third trains on standardised inputs, and then feeds raw ones to the finished network. What is wrong in each case, and what should be done? What happens to a column that is constant in the training rows,
but not in those that come later? Five to eight sentences; a person reads them.""",
    """
The first lets the held-back rows take part in training, through the mean and the standard deviation: the score is a little too good, and with few rows or extreme ones more than a little. The second gives the network something other than it was trained
on: the same measurement turns into different inputs, according to the rows that happen to come with it, and a single row would always be 0. The third feeds numbers on another scale: the units saturate or explode, and the weights mean
nothing. Right is: mean and standard deviation from the training rows alone, kept with the weights, and used for every row that comes later. A column that is constant in training has s = 0 and is divided by 1. Its weight has never been trained; later values
that differ go in with a random weight, so that it is better to leave the column out.

**Rubric.** 2 points: leak from the held-back rows. 1 point: it makes the score too good. 2 points: the same input must mean the same at all times. 1 point: raw inputs are on another scale. 1 point: training statistics are
kept and used for all later rows. 1 point: the constant column, its weight is untrained.""",
)


CHOOSING.written(
    "explain-compare",
    8,
    """
## In your own words: a fair comparison

A blog post says: "We trained our network once with tanh and once with ReLU, both with Xavier weights and a learning rate of 0.1. After 1000 steps the training loss was 0.21 with tanh and 0.19 with ReLU. ReLU
is the better activation." Name four things that are missing or unfair in this comparison, and say for each what you would do. What could you conclude if the comparison had been made your way? Five to eight sentences; a person
reads them.""",
    """
Each activation should get the initialiser that fits it: Xavier halves the signal in every ReLU layer, so ReLU wants He. Each should get its own learning rate, the best of several, for the rate that fits depends on the slopes. One run says nothing about chance: train with several seeds
and show the spread; 0.02 may be less than that. The training loss is not what counts: compare on held-back data, chosen before. And 1000 steps may stop one of them half-way. After a fair comparison one could say that for this network and these data one is better
than the other by more than the spread between seeds, and no more than that.

**Rubric.** 1 point for each fault and 1 point for each remedy, of any of these, up to 3 faults and 3 remedies: initialiser, learning rate, seeds and spread, held-back data, number of steps. 1 point: a fourth fault with its remedy. 1 point: the conclusion holds for this
network and these data, if the difference exceeds the spread.""",
)
