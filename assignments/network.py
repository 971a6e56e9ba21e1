"""07 A network: one hidden layer that learns."""

import inspect
import textwrap

import numpy as np

from assignments.library import network_parts, references
from assignments.library.layout import Code
from assignments.library.model import Assignment, Case, Item
from assignments.library.network_parts import ACTIVATIONS, log_loss, sigmoid
from assignments.library.properties import inputs_unchanged

PROVIDED = inspect.getsource(network_parts).partition("# --- copied from here on\n")[2]
NETWORK = Assignment(
    name="07-network",
    title="A network: one hidden layer that learns",
    story="""
A line cannot tell the inside of a ring from the ring. A hidden layer with a bend in it can. In this assignment you build a classifier with one hidden layer
and an activation that is chosen by name: first weights of the right size, the way forward, the way back, and gradient descent. At the end your
own network is scored on points that it has not seen, and that no line separates.

It belongs to the chapters *A network* and, for the first weights, *Choosing*.""",
    conventions="""
- **The network** has d inputs, k hidden units and one output. `params` is a list of four arrays: `[W1, b1, W2, b2]` with shapes
  (d, k), (k,), (k, 1) and (1,). The output is a logit: `sigmoid(z)` is the probability of label 1.
- In a batch each **row** of `X` is one example: `X` is (n, d). Labels `y` are integers 0 and 1 (n,).
- `activation` is the **name** of the hidden layer's activation. The setup cell has a table of them:
  `phi, slope = ACTIVATIONS[activation]` gives you the function and its derivative, both of the pre-activation.
- `sigmoid(z)` and `log_loss(z, y)`, the mean log loss from logits, are given in the setup cell too.
- You return **new** arrays of floats (float64). What you are given stays unchanged, the list and the arrays in it.
- An array of integers counts as numbers: 3 means 3.0.
- Where you return several arrays, return them in a tuple or a list.""",
    imports="import itertools\n\nimport numpy as np",
    provided=PROVIDED,
    about_provided="""
It also holds what the network is made of: `ACTIVATIONS`, `sigmoid`, `log_loss`, and points in the plane to learn from: in a
`ring` the points of label 0 lie in a disc, and those of label 1 around it. `start` gives first parameters to train from.""",
)
WRONG = "gives weights of a wrong size"
XAVIER = "the variance is 2 / (n_in + n_out)"
HE = "the variance is 2 / n_in"
BY_SCALE = "should give numbers from equal generators that differ by a factor only, the root of (n_in + n_out) / n_in"
SPREAD = "check_between(np.std({call}), {low}, {high}, {message})"
OTHERS = """
    generator = {rng}
    first, second = ({name}({n_in}, {n_out}, {scheme}, generator) for turn in range(2))
    assert not np.any(np.equal(second, first)), {message}
    assert np.unique(first).size > {n_in * n_out // 2}, {message}
"""
HIDDEN = "check_either(hidden, {A}, lambda: ACTIVATIONS[{activation}][0](net), {message})"
LOGITS = "they are A @ W2 + b2, with shape (n,)"
BY_NAME = "take the function that ACTIVATIONS has under the name you are given"
DERIVATIVE = "take the derivative that ACTIVATIONS has under that name, at Z1"
CHANGES = "changes what it is given: work on new arrays"
NO_OVERFLOW = "use a sigmoid in which no exponential overflows"
DOWNHILL = "every parameter moves by lr times its gradient, downhill"
LOSSES = "losses[i] is the log loss after i steps"
NO_BETTER = "on points that it has not seen it is hardly better than a line"
TRAINED = """
        given = {params}
        features = {X}
        labels = {y}
        returned, losses = train([array.copy() for array in given], features, labels, {activation}, {lr}, {steps})"""


def network(W1, b1, W2, b2):
    """Return parameters as students get them."""
    return [np.array(part) for part in (W1, b1, W2, b2)]


# Networks and inputs of forward and train: 2 inputs and 3 units, 3 and 2, all sizes equal, one unit.
FIRST = (
    network([[0.5, -1.0, 0.3], [1.2, 0.4, -0.8]], [0.1, -0.2, 0.6], [[0.7], [-1.1], [0.9]], [-0.4]),
    [[1.0, -0.7], [-0.6, 2.0], [0.3, 1.2], [-1.4, -0.9]],
)
SECOND = (
    network([[-0.6, 0.9], [0.8, 0.5], [0.4, -1.3]], [-0.3, 0.2], [[1.4], [0.6]], [0.35]),
    [[0.7, -1.1, 0.4], [1.6, 0.2, -0.9], [-0.8, 1.3, 0.5], [0.1, -0.4, 2.1], [-1.2, 0.6, -0.3]],
)
EQUAL = (network([[0.9, -0.4], [-0.7, 1.1]], [0.3, -0.5], [[-0.8], [1.3]], [0.2]), [[1.2, 0.4], [-0.5, 0.9]])
TINY = network([[0.5], [1.5]], [0.1], [[2.0]], [0.3])
GIVEN = (
    network([[1.0, -2.0], [0.5, 3.0]], [0.5, -1.0], [[0.75], [2.0]], [0.25]),
    [[1.5, -0.5], [0.25, 2.0], [-1.0, 0.75]],
)
LABELS = [0, 1, 1, 0, 1]

# Others for backward: its tests hold what a right forward returns, and give no answer to a test of forward away.
THIRD = (
    network([[-0.8, 0.6, 1.1], [0.3, -1.2, 0.7]], [0.4, 0.2, -0.3], [[-0.9], [0.8], [1.3]], [0.25]),
    [[0.6, 1.3], [1.4, -0.5], [-0.9, 0.8], [-0.2, -1.6]],
)
FOURTH = (
    network([[0.7, -0.4], [-1.1, 0.8], [0.9, 0.6]], [0.15, -0.45], [[-1.2], [0.75]], [-0.2]),
    [[-0.5, 0.9, 1.2], [1.1, -0.3, 0.8], [0.6, 1.5, -0.7], [-1.3, 0.2, 0.4], [0.9, -1.4, -0.6]],
)
FIFTH = (network([[-0.5, 1.2], [0.9, 0.4]], [-0.2, 0.35], [[1.1], [-0.7]], [-0.3]), [[-0.8, 1.5], [1.3, 0.6]])


def drawn(says, n_in, n_out, scheme, seed, code=""):
    """Return a case about weights that are drawn."""

    def another(draw):
        sizes = [size if size < 8 else round(size * draw.random.uniform(1.02, 1.3)) for size in (n_in, n_out)]
        return *sizes, scheme, generator(draw.random.randrange(100, 1000))

    return Case(says, n_in, n_out, scheme, generator(seed), draw=another, code=code)


def generator(seed):
    """Return a generator, as a test types it."""
    return Code(f"np.random.default_rng({seed})")


def forward_item(name, points, says, code, shown, *hidden):
    """Return an item about one of the three results."""
    return Item(
        name, points, says, "net, hidden, logits = {call}\n" + textwrap.dedent(code).strip(), shown, hidden
    )


def back(says, params, X, y, activation):
    """Return a case of backward: what forward returns for these parameters and inputs is its last argument."""

    def whole(params, X):
        return params, np.array(X), np.array(y), activation, references.cache(params, X, activation)

    return Case(
        says,
        *whole(params, X),
        draw=lambda draw: whole(draw.near(params), draw.near(np.array(X))),
    )


def far(says, bias, label):
    """Return a case of backward whose logit is far out."""
    W1, b1, W2, _ = FIFTH[0]

    def whole(params):
        X = [[0.6, -0.5]]
        return params, np.array(X), np.array([label]), "tanh", references.cache(params, X, "tanh")

    return Case(
        says,
        *whole([W1, b1, W2, np.array([bias])]),
        draw=lambda draw: whole(draw.near([W1, b1, W2, np.array([bias * 0.99])])),
    )


def gradient(name, points, which, hint):
    """Return an item about one of the four gradients, for batches of one row."""
    of = {"dW1": "returned_W1", "db1": "returned_b1", "dW2": "returned_W2", "db2": "returned_b2"}
    wrong = f"gives a wrong {which}"
    return Item(
        name,
        points,
        f"{which} is right, for a batch of one row.",
        f"{', '.join(of.values())} = {{call}}\ncheck_close(np.ravel({of[which]}), {{np.ravel({which})}}, {{message}})",
        [back(f"{wrong}: {hint}", THIRD[0], THIRD[1][:1], [1], "tanh")],
        [
            back(f"{wrong} for another row: {hint}", THIRD[0], THIRD[1][1:2], [0], "tanh"),
            back(f"{wrong} with three inputs and two units: {hint}", FOURTH[0], FOURTH[1][3:4], [0], "tanh"),
            back(f"{wrong} where all sizes are equal: {hint}", FIFTH[0], FIFTH[1][:1], [0], "tanh"),
        ],
    )


def training(says, params, X, y, activation, lr, steps, code=""):
    """Return a case of train in which parameters, inputs and rate are drawn, and nothing else."""
    return Case(
        says,
        params,
        X,
        y,
        activation,
        lr,
        steps,
        draw=lambda draw: (
            draw.near(params),
            draw.near(np.array(X)),
            np.array(y),
            activation,
            draw.number(lr),
            steps,
        ),
        code=code,
    )


@NETWORK.function(
    r"""
## The first weights

The weights of a layer with $n_{\text{in}}$ inputs and $n_{\text{out}}$ units start as independent draws from a **normal** distribution with mean 0. Its variance $v$ (not its standard
deviation) depends on the scheme:

$$v_{\text{xavier}} = \frac{2}{n_{\text{in}} + n_{\text{out}}}, \qquad v_{\text{he}} = \frac{2}{n_{\text{in}}}$$

**Conventions.** `scheme` is `"xavier"` or `"he"`; for anything else raise a `ValueError`. All numbers come from `rng`, a `np.random.Generator`, and from nothing
else: an equal generator gives equal weights, and what differs between the schemes is the scale alone.""",
    references.init_weights,
    Item(
        "shape",
        2,
        "a float64 array (n_in, n_out).",
        "check_floats({call}, {(n_in, n_out)}, {message})",
        [
            drawn("should return a float64 array (n_in, n_out)", 3, 5, "xavier", 1),
            drawn("should return a float64 array (n_in, n_out) for he too", 4, 2, "he", 1),
        ],
        [
            drawn("should return an array (n_in, 1) for one unit", 7, 1, "he", 2),
            drawn("should return an array (1, n_out) for one input", 1, 6, "xavier", 2),
        ],
    ),
    Item(
        "xavier",
        4,
        "the variance is 2 / (n_in + n_out). Measured on 40000 weights, to 3 per cent of the standard deviation.",
        SPREAD,
        [drawn(f"{WRONG} for xavier: {XAVIER}, and the standard deviation its root", 400, 100, "xavier", 3)],
        [
            drawn(f"{WRONG} for xavier with more units than inputs: {XAVIER}", 100, 700, "xavier", 4),
            drawn(f"{WRONG} for xavier with one unit: {XAVIER}", 50000, 1, "xavier", 5),
        ],
    ),
    Item(
        "he",
        4,
        "the variance is 2 / n_in. Measured on 40000 weights, to 3 per cent of the standard deviation.",
        SPREAD,
        [drawn(f"{WRONG} for he: {HE}, and the standard deviation its root", 400, 100, "he", 3)],
        [
            drawn(f"{WRONG} for he with more units than inputs: {HE}, whatever n_out is", 100, 700, "he", 4),
            drawn(f"{WRONG} for he with two inputs: {HE}", 2, 30000, "he", 5),
        ],
    ),
    Item(
        "schemes",
        1,
        "with equal generators the two schemes differ by a factor only, the root of (n_in + n_out) / n_in.",
        """
        he, xavier = ({name}({n_in}, {n_out}, scheme, {rng}) for scheme in ("he", "xavier"))
        check_close(he / xavier, np.full({(n_in, n_out)}, {ratio}), {message})
        """,
        [drawn(BY_SCALE, 3, 5, "he", 6)],
        [drawn(BY_SCALE, 20, 4, "he", 7)],
    ),
    Item(
        "zero-mean",
        1,
        "half of the weights are negative, and their mean is close to 0.",
        """
        weights = {call}
        check_between(np.mean(weights) / np.std(weights), -0.03, 0.03, {message})
        check_between(np.mean(np.less(weights, 0)), 0.48, 0.52, {message})
        """,
        [drawn("should have a mean of 0, and as many negative weights as positive ones", 200, 200, "he", 8)],
        [
            drawn(
                "should have a mean of 0, and as many negative weights as positive ones, for xavier",
                100,
                400,
                "xavier",
                9,
            )
        ],
    ),
    Item(
        "normal",
        2,
        "a normal distribution has 68.3 per cent of its numbers within one standard deviation. A uniform one has 57.7.",
        """
        weights = {call}
        check_between(np.mean(np.abs(weights) < np.std(weights)), 0.66, 0.705, {message})
        """,
        [drawn("should draw from a normal distribution", 200, 200, "he", 10)],
        [
            drawn(
                "should draw from a normal distribution, for xavier, and from one that is not cut off",
                300,
                200,
                "xavier",
                11,
                code="""
                weights = {call}
                check_between(np.mean(np.abs(weights) < np.std(weights)), 0.66, 0.705, {message})
                check_between(np.mean(np.abs(weights) < 2 * np.std(weights)), 0.945, 0.964, {message})
                """,
            )
        ],
    ),
    Item(
        "rng",
        2,
        "all numbers come from the generator that it is given.",
        """
        first, second = {call}, {call}
        check_close(second, first, {message})
        """,
        [
            drawn(
                "should give equal weights for equal generators: draw from rng and from nothing else",
                3,
                4,
                "he",
                12,
            ),
            drawn(
                "should go on with its generator: a second layer, and another generator, give other weights",
                3,
                4,
                "he",
                14,
                code=OTHERS,
            ),
        ],
        [
            drawn("should give equal weights for equal generators for xavier too", 5, 2, "xavier", 15),
            drawn("should draw every weight on its own, for xavier too", 5, 2, "xavier", 16, code=OTHERS),
        ],
    ),
    Item(
        "unknown-scheme",
        1,
        "a ValueError for any other name.",
        "check_refuses(lambda: {call}, ValueError, {message})",
        [drawn("should raise a ValueError for a scheme that it does not know", 3, 4, "lecun", 17)],
        [
            drawn(
                "should raise a ValueError for a scheme that it does not know, whatever its name",
                3,
                4,
                "Xavier?",
                18,
            )
        ],
    ),
)
def init_weights(n_in, n_out, scheme, rng):
    """Return the first weights of a layer, drawn from a normal distribution with mean 0.

    n_in, n_out: how many inputs and units. scheme: "xavier" (variance 2 / (n_in + n_out)) or "he" (2 / n_in).
    rng: a np.random.Generator. Returns a float64 array (n_in, n_out). Raises ValueError for another scheme.
    """
    if scheme == "xavier":
        variance = 2 / (n_in + n_out)
    elif scheme == "he":
        variance = 2 / n_in
    else:
        raise ValueError(f"unknown scheme {scheme!r}")
    return rng.normal(0, np.sqrt(variance), (n_in, n_out))


@NETWORK.function(
    r"""
## Forward

$$
\begin{aligned}
Z_1 &= X W_1 + b_1 & &(n, k) \\
A &= \varphi(Z_1) & &(n, k) \\
z &= A W_2 + b_2 & &(n,)
\end{aligned}
$$

**Conventions.** Return all three, `(Z1, A, z)`: the way back needs them. The logits `z` are **one number for each row**, shape (n,), not (n, 1): `A @ W2 + b2` has a column too
many. No sigmoid at the end. The batch may have no rows.""",
    references.forward,
    forward_item(
        "net-inputs",
        4,
        "Z1 is right.",
        "check_close(net, {Z1}, {message})",
        [Case("gives a wrong Z1: it is X @ W1 + b1", *FIRST, "tanh")],
        Case("gives a wrong Z1 where all sizes are equal: it is X @ W1 + b1", *EQUAL, "tanh"),
        Case("gives a wrong Z1 with three inputs and two units: it is X @ W1 + b1", *SECOND, "relu"),
    ),
    forward_item(
        "hidden",
        3,
        "A is the activation of Z1. If your Z1 is not right, A may follow from it.",
        HIDDEN,
        [Case("gives a wrong A: it is the activation of Z1, entry by entry", *FIRST, "tanh")],
        Case("gives a wrong A with three inputs and two units: it is the activation of Z1", *SECOND, "tanh"),
        Case("gives a wrong A where all sizes are equal: it is the activation of Z1", *EQUAL, "tanh"),
    ),
    forward_item(
        "logits",
        4,
        "z is A @ W2 + b2 as one number for each row. If your A is not right, z may follow from it.",
        """
        check_either(
            logits,
            {z},
            lambda: np.dot(hidden, {params[2][:, 0]}) + {float(params[3][0])},
            {message},
        )
        """,
        [Case(f"gives wrong logits: {LOGITS} and no sigmoid", *FIRST, "tanh")],
        Case(f"gives wrong logits with three inputs and two units: {LOGITS}", *SECOND, "relu"),
        Case(f"gives wrong logits where all sizes are equal: {LOGITS}", *EQUAL, "tanh"),
        Case(
            "gives wrong logits for one row: they are A @ W2 + b2, with shape (1,)",
            FIRST[0],
            FIRST[1][:1],
            "tanh",
        ),
    ),
    forward_item(
        "activations",
        2,
        "the activation is the one that is asked for by name.",
        HIDDEN,
        [Case(f"gives a wrong A for {name}: {BY_NAME}", *FIRST, name) for name in ("relu", "identity")],
        Case(f"gives a wrong A for softplus: {BY_NAME}", *FIRST, "softplus"),
        Case(f"gives a wrong A for swish: {BY_NAME}", *SECOND, "swish"),
    ),
    forward_item(
        "shape",
        2,
        "float64 arrays (n, k), (n, k) and (n,); a batch may have no rows.",
        """
        check_floats(net, {np.shape(Z1)}, {message})
        check_floats(hidden, {np.shape(A)}, {message})
        check_floats(logits, {np.shape(z)}, {message})
        """,
        [
            Case(
                "should return Z1 and A as float64 arrays (n, k), and z as one (n,), not (n, 1)",
                *FIRST,
                "tanh",
            )
        ],
        Case("should return arrays (0, k), (0, k) and (0,) for no row", TINY, np.empty((0, 2)), "relu"),
        Case(
            "should return arrays (1, 1), (1, 1) and (1,) for one row and one unit",
            TINY,
            [[1.0, 2.0]],
            "relu",
        ),
    ),
    forward_item(
        "integers",
        1,
        "arrays of integers count as numbers.",
        HIDDEN,
        [
            Case(
                "is wrong for arrays of integers",
                network([[1, -2], [3, 1]], [0, 1], [[2], [-1]], [1]),
                [[1, 2], [-1, 0]],
                "tanh",
            )
        ],
        Case(
            "is wrong for integer inputs with weights that are fractions", FIRST[0], [[1, 2], [-1, 0]], "tanh"
        ),
    ),
    inputs_unchanged(2, "parameters and inputs stay as they were.", [Case(CHANGES, *GIVEN, "tanh")]),
)
def forward(params, X, activation):
    """Return (Z1, A, z): pre-activations, hidden outputs and logits of a network with one hidden layer.

    params: [W1, b1, W2, b2], shapes (d, k), (k,), (k, 1), (1,). X: inputs (n, d). activation: a name in ACTIVATIONS.
    Returns float64 arrays Z1 (n, k), A (n, k) and z (n,).
    """
    W1, b1, W2, b2 = params
    phi, _ = ACTIVATIONS[activation]
    Z1 = X @ W1 + b1
    A = phi(Z1)
    return Z1, A, (A @ W2 + b2)[:, 0]


@NETWORK.function(
    r"""
## Backward

The loss is the mean log loss of the logits. Go through the three lines of `forward` from the last to the first:

$$
\begin{aligned}
\delta_2 &= \tfrac1n \bigl(s(z) - y\bigr), &
\nabla_{W_2} L &= A^\top \delta_2, &
\nabla_{b_2} L &= \textstyle\sum_i \delta_{2,i} \\
\delta_1 &= \bigl(\delta_2 W_2^\top\bigr) \odot \varphi'(Z_1), &
\nabla_{W_1} L &= X^\top \delta_1, &
\nabla_{b_1} L &= \textstyle\sum_i \delta_{1,i}
\end{aligned}
$$

**Conventions.** `cache` is `(Z1, A, z)`, what `forward` returned for these parameters and inputs, so that nothing has to be computed twice. (In the tests below the cache is given: a
mistake in your `forward` costs nothing here.) $\varphi'$ is a function of the **pre-activation** `Z1`. Return the four gradients `(dW1, db1, dW2, db2)`, with the shapes of the
parameters. Right also for logits of 1000, where the probability is 0 or 1.""",
    references.backward,
    gradient(
        "output-weights",
        5,
        "dW2",
        "it is A, transposed, times delta2, and delta2 is the probability less the label",
    ),
    gradient("output-bias", 2, "db2", "it is the probability less the label"),
    gradient(
        "hidden-weights",
        6,
        "dW1",
        "it is X, transposed, times delta1, and delta1 is upstream times the slope at Z1",
    ),
    gradient("hidden-biases", 3, "db1", "it is delta1, upstream times the slope at Z1"),
    Item(
        "rows",
        5,
        "a batch of several rows. The loss is their mean, and every parameter touches every row.",
        """
        returned_W1, returned_b1, returned_W2, returned_b2 = {call}
        check_close(np.ravel(returned_W1), {np.ravel(dW1)}, {message})
        check_close(np.ravel(returned_b1), {np.ravel(db1)}, {message})
        check_close(np.ravel(returned_W2), {np.ravel(dW2)}, {message})
        check_close(np.ravel(returned_b2), {np.ravel(db2)}, {message})
        """,
        [
            back(
                "is wrong for a batch of four rows: add up over the rows, and divide by n once",
                *THIRD,
                [1, 0, 0, 1],
                "tanh",
            )
        ],
        [
            back(
                "is wrong for a batch of five rows: add up over the rows, and divide by n once",
                *FOURTH,
                LABELS,
                "tanh",
            ),
            back(
                "is wrong where all sizes are equal: add up over the rows, and divide by n once",
                *FIFTH,
                [0, 1],
                "tanh",
            ),
        ],
    ),
    Item(
        "activations",
        3,
        "the slope is that of the activation that is asked for by name, at Z1. One row each.",
        "returned_W1, returned_b1, returned_W2, returned_b2 = {call}\ncheck_close(returned_W1, {dW1}, {message})",
        [
            back(
                f"gives a wrong dW1 for {name}: {DERIVATIVE}",
                THIRD[0],
                THIRD[1][row : row + 1],
                [1 - row],
                name,
            )
            for row, name in enumerate(("sigmoid", "relu"))
        ],
        [
            back(f"gives a wrong dW1 for swish: {DERIVATIVE}", THIRD[0], THIRD[1][1:2], [0], "swish"),
            back(f"gives a wrong dW1 for softplus: {DERIVATIVE}", THIRD[0], THIRD[1][2:3], [0], "softplus"),
            back(f"gives a wrong dW1 for identity: {DERIVATIVE}", FOURTH[0], FOURTH[1][:1], [1], "identity"),
        ],
    ),
    Item(
        "matches-difference",
        4,
        "the slope of the log loss of your own forward, measured by a central difference in every parameter.\n"
        "# A right gradient passes as well, whatever your forward does.",
        """
        features = {X}
        labels = {y}
        shapes = {tuple(part.shape for part in params)}
        given = np.array({np.concatenate([part.ravel() for part in params])})
        check_gradient(
            flat({name}(unpacked(given, *shapes), features, labels, {activation}, {cache})),
            {every},
            lambda v: log_loss(forward(unpacked(v, *shapes), features, {activation})[2], labels),
            given,
            {message},
        )
        """,
        [back("is not the slope of the log loss of your forward", *THIRD, [1, 0, 0, 1], "tanh")],
        [
            back(
                "is not the slope of the log loss of your forward on other data",
                *FOURTH,
                LABELS,
                "tanh",
            )
        ],
    ),
    Item(
        "shape",
        1,
        "four float64 arrays with the shapes of W1, b1, W2 and b2.",
        """
        returned_W1, returned_b1, returned_W2, returned_b2 = {call}
        check_floats(returned_W1, {params[0].shape}, {message})
        check_floats(returned_b1, {params[1].shape}, {message})
        check_floats(returned_W2, {params[2].shape}, {message})
        check_floats(returned_b2, {params[3].shape}, {message})
        """,
        [
            back(
                "should return dW1, db1, dW2 and db2 as float64 arrays with the shapes of W1, b1, W2 and b2",
                *THIRD,
                [1, 0, 0, 1],
                "tanh",
            )
        ],
        [
            back(
                "should return gradients with the shapes of the parameters for one row and one unit too",
                TINY,
                [[2.0, 1.0]],
                [1],
                "relu",
            )
        ],
    ),
    inputs_unchanged(
        1,
        "parameters, inputs, labels and cache stay as they were.",
        [back(CHANGES, GIVEN[0], [[0.75, 1.5], [-1.25, 0.5], [2.0, -1.0]], [1, 0, 1], "tanh")],
    ),
    Item(
        "stable",
        2,
        "right as far out as |z| = 10000, without NaN or infinity. There the probability less the label is 0, 1 or -1.",
        "returned_W1, returned_b1, returned_W2, returned_b2 = {call}\ncheck_close(np.ravel(returned_W2), {np.ravel(dW2)}, {message})",
        [far(f"breaks down where the logit is large: {NO_OVERFLOW}", 1000.0, 0)],
        [
            far(f"breaks down where the logit is far below zero: {NO_OVERFLOW}", -1000.0, 1),
            far(f"breaks down further out: {NO_OVERFLOW}", 9990.0, 1),
        ],
    ),
)
def backward(params, X, y, activation, cache):
    """Return (dW1, db1, dW2, db2): the gradient of the mean log loss in the parameters.

    params: [W1, b1, W2, b2], shapes (d, k), (k,), (k, 1), (1,). X: inputs (n, d). y: labels 0 and 1 (n,).
    activation: a name in ACTIVATIONS. cache: (Z1, A, z), what forward(params, X, activation) returned.
    Returns float64 arrays with the shapes of the parameters.
    """
    _, _, W2, _ = params
    Z1, A, z = cache
    _, slope = ACTIVATIONS[activation]
    delta2 = ((sigmoid(z) - y) / len(y))[:, np.newaxis]
    delta1 = delta2 @ W2.T * slope(Z1)
    return X.T @ delta1, delta1.sum(axis=0), A.T @ delta2, delta2.sum(axis=0)


@NETWORK.function(
    r"""
## Train

Gradient descent: go forward, go backward, and move every parameter against its gradient, all at once.

$$W_1 \leftarrow W_1 - \eta\, \nabla_{W_1} L \qquad \text{and so on for } b_1, W_2, b_2$$

**Conventions.** Start from `params`, which stay as they are. `lr` is the learning rate η, and each of the `steps` steps uses all rows. Return `(params, losses)`: the four arrays after the last
step, and `steps + 1` numbers, where `losses[i]` is the log loss **after i steps**. So `losses[0]` is the loss at the start.
With `steps` = 0 you return copies of the four arrays and that one loss.

`train` needs your `forward` and your `backward`. Where those give wrong numbers, what follows from them counts as right here; only the item
*held-back* tests all of your network together.""",
    references.train,
    Item(
        "step",
        5,
        "one step, from the start or by your own forward and backward.",
        TRAINED
        + """
        check_either(
            flat(returned),
            {end},
            lambda: flat(given) - {lr} * flat(backward(given, features, labels, {activation}, forward(given, features, {activation}))),
            {message},
            start=flat(given),
        )
        """,
        [Case(f"is wrong after one step: {DOWNHILL}", *FIRST, [1, 0, 0, 1], "tanh", 0.5, 1)],
        [
            training(f"is wrong after one step on other data: {DOWNHILL}", *SECOND, LABELS, "tanh", 0.2, 1),
            training(
                f"is wrong after one step where all sizes are equal: {DOWNHILL}",
                *EQUAL,
                [0, 1],
                "tanh",
                1.5,
                1,
            ),
        ],
    ),
    Item(
        "more-steps",
        4,
        "three steps, the right numbers or the same as three times one step of your own train, forward and backward.",
        TRAINED
        + """
        for turn in range({steps}):
            before = flat(given)
            given, losses = train(given, features, labels, {activation}, {lr}, 1)
        check_either(flat(returned), {end}, lambda: flat(given), {message}, start=before)
        """,
        [
            Case(
                "is wrong after three steps: it should give the same as one step three times",
                *FIRST,
                [1, 0, 0, 1],
                "tanh",
                0.5,
                3,
            )
        ],
        [
            training(
                "is wrong after five steps: it should give the same as one step five times",
                *SECOND,
                LABELS,
                "softplus",
                0.1,
                5,
            )
        ],
    ),
    Item(
        "losses",
        4,
        "steps + 1 losses, the first at the start, the last at the parameters that you return. They are the right ones, or those\n"
        "# that your own forward and backward lead to.",
        TRAINED
        + """
        check_either(
            losses,
            {losses},
            lambda: [
                log_loss(forward(params, features, {activation})[2], labels)
                for params in own_path(train, given, features, labels, {activation}, {lr}, {steps})
            ],
            {message},
            start=0.0,
        )
        """,
        [Case(f"gives wrong losses: {LOSSES}", *FIRST, [1, 0, 0, 1], "tanh", 0.5, 3)],
        [
            training(f"gives wrong losses on other data: {LOSSES}", *SECOND, LABELS, "tanh", 0.3, 2),
            training(f"gives wrong losses when steps is 0: {LOSSES}", *FIRST, [1, 0, 0, 1], "tanh", 0.5, 0),
        ],
    ),
    Item(
        "held-back",
        5,
        "your forward, backward and train together. A network of 12 tanh units learns 100 points of a ring, and is scored on 200 others.\n"
        "# The best line gets 76 per cent of those right. A right network gets 97 or more; 90 are asked for.",
        "",
        [
            Case(
                f"does not make a network that tells the inside of a ring from the ring: {NO_BETTER}",
                code="""
                features, labels = ring(100, 1)
                returned, losses = train(start(2, 12, 0), features, labels, "tanh", 2.0, 100)
                held, answers = ring(200, 2)
                score = np.mean(np.equal(np.greater_equal(forward(returned, held, "tanh")[2], 0), answers))
                assert score >= 0.9, {message}
                """,
            ),
            Case(
                "should bring the loss down to less than half of what it was",
                code="assert losses[-1] < losses[0] / 2, {message}",
            ),
        ],
        [
            Case(
                f"does not make a network that learns other data, with swish: {NO_BETTER}",
                3,
                20,
                draw=lambda draw: (draw.random.randrange(21, 60), draw.random.randrange(40)),
                code="""
                generator = np.random.default_rng({seed})
                features = generator.uniform(0.2, 1.5, (300, 2)) * np.where(generator.random((300, 2)) < 0.5, -1, 1)
                labels = (features[:, 0] * features[:, 1] > 0).astype(int)
                returned, losses = train(start(2, 12, {first}), features[:100], labels[:100], "swish", 2.0, 100)
                held = forward(returned, features[100:], "swish")[2]
                score = np.mean(np.equal(np.greater_equal(held, 0), labels[100:]))
                assert score >= 0.9, {message}
                """,
            )
        ],
    ),
    Item(
        "shape",
        1,
        "four new float64 arrays with the shapes of the parameters, and steps + 1 losses. (It goes through your forward and backward.)",
        """
        returned, losses = {call}
        assert len(returned) == 4, "{name} should return (params, losses), and params has four arrays"
        check_floats(returned[0], {params[0].shape}, {message})
        check_floats(returned[1], {params[1].shape}, {message})
        check_floats(returned[2], {params[2].shape}, {message})
        check_floats(returned[3], {params[3].shape}, {message})
        check_close(np.shape(losses), [{steps + 1}], {message})
        """,
        [
            Case(
                "should return four float64 arrays with the shapes of the parameters, and steps + 1 losses",
                *FIRST,
                [1, 0, 0, 1],
                "tanh",
                0.5,
                2,
            ),
            Case(
                "should return new arrays when steps is 0 too: copy what you are given",
                *FIRST,
                [1, 0, 0, 1],
                "tanh",
                0.5,
                0,
                code="check_new(lambda *given: {name}(*given)[0], [{args}], {message})",
            ),
        ],
        [
            training(
                "should return the parameters as they are when steps is 0, and one loss",
                *SECOND,
                LABELS,
                "relu",
                0.5,
                0,
                code="""
                returned, losses = {call}
                check_close(flat(returned), {end}, {message})
                check_close(np.shape(losses), [1], {message})
                """,
            )
        ],
    ),
    inputs_unchanged(
        3,
        "the parameters that it starts from stay as they were, and so do the data. (It goes through your forward and backward.)",
        [
            Case(
                f"{CHANGES}: p - lr * g makes a new one, p -= lr * g does not",
                *GIVEN,
                [1, 0, 1],
                "tanh",
                0.5,
                2,
            )
        ],
        [
            training(
                "changes the list of parameters that it is given: make a new one",
                *FIRST,
                [1, 0, 0, 1],
                "relu",
                0.5,
                1,
            )
        ],
    ),
)
def train(params, X, y, activation, lr, steps):
    """Train a network with one hidden layer by gradient descent on the mean log loss.

    params: [W1, b1, W2, b2] to start from. X: inputs (n, d). y: labels 0 and 1 (n,). activation: a name in
    ACTIVATIONS. lr: learning rate. steps: how many steps, 0 or more.
    Returns (params, losses): four new arrays, and steps + 1 numbers, losses[i] after i steps.
    """
    params = tuple(np.array(p, dtype=float) for p in params)
    cache = forward(params, X, activation)
    losses = [log_loss(cache[2], y)]
    for _ in range(steps):
        gradients = backward(params, X, y, activation, cache)
        params = tuple(p - lr * g for p, g in zip(params, gradients))
        cache = forward(params, X, activation)
        losses.append(log_loss(cache[2], y))
    return params, losses


NETWORK.written(
    "explain-symmetry",
    6,
    """
## In your own words: why random, and why that size?

What becomes of a network whose hidden units all start with the same weights, and why? What goes wrong in a deep ReLU network if the first weights are random, but with half of He's
variance; what if with twice of it? Four to six sentences; a person reads them.""",
    """
Units with equal weights and equal output weights give equal outputs and get equal gradients, so that they stay equal in every step: k units do the work of one. Random weights break the
symmetry. A layer multiplies the mean square of the signal by n v / 2 for ReLU, since half of it is cut off; He's v = 2/n makes that 1. With half of it the signal is halved in each layer, and after 30 layers
a factor of 2^-30 is left: outputs no longer depend on the input, and gradients vanish on the way back. With twice of it both grow by 2^30, the outputs explode, and no learning rate fits.

**Rubric.** 1 point: equal units get equal gradients. 1 point: so they stay equal, one unit in effect. 1 point: the variance is multiplied by n v / 2 in each layer. 1 point: 1/2 there comes from ReLU cutting off half.
1 point: half of He's variance, the signal and the gradient vanish, as a power of the depth. 1 point: twice, they explode.""",
)


NETWORK.written(
    "explain-check",
    5,
    """
## In your own words: what a gradient check finds

A student writes `slope(A)` where `slope(Z1)` is meant, and checks the gradient by central differences with ReLU. The check passes. Why? With which of the activations in the table would it have
failed, and is there another for which it passes? And why is it no proof of a right gradient that the loss falls from step to step? Three to five sentences; a person reads them.""",
    """
ReLU's slope is 1 where its argument is positive and 0 elsewhere, and A = max(0, Z1) is positive exactly where Z1 is: so both calls give the same. It would have failed with the sigmoid, tanh, softplus and swish, whose slopes at A and at Z1
differ. It also passes with the identity, where A is Z1 (and the slope is 1 everywhere). A falling loss shows only that the step has a component downhill: a gradient with a factor too much or missing, or with one layer left out, still
goes down.

**Rubric.** 2 points: the slope of ReLU depends on the sign alone, and A > 0 exactly where Z1 > 0. 1 point: names one for which it fails. 1 point: the identity. 1 point: any direction within 90 degrees of the
gradient goes downhill.""",
)
