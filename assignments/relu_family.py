"""04 The ReLU family: one kink and its descendants."""

import math

import numpy as np

from assignments.library import references
from assignments.library.model import Assignment, Case, Item
from assignments.library.properties import CLOSE, FRACTIONS, Elementwise, between

RELU = Assignment(
    name="04-relu-family",
    title="The ReLU family: one kink and its descendants",
    story="""
Take the larger of z and 0. It is hard to think of a simpler function that is not linear, and no other made deep networks so practical. It
has a weakness: on the left its slope is zero, and a unit that ends up there may never come back. Every other function in
this assignment is an answer to that. Some tilt the left side, some curve it, some smooth the kink away.

It belongs to the chapter *ReLU and its family*.""",
    conventions="""
- `z` is the pre-activation: a NumPy array of any shape. It may also have no dimensions (one number) or no entries.
- You return a **new** array of floats (float64) with the shape of `z`. What you are given stays unchanged.
- An array of integers counts as numbers: 3 means 3.0.
- A derivative is a function of **z**, not of the activation, and takes the same arguments as its function.
- At a kink **any subgradient** is right: any number from the slope on the left to the slope on the right.
- *Stable* means right for every |z| up to 10000, without NaN and without infinity. It is an item of its own, and asked for where
  exponentials enter. A `RuntimeWarning` on the way to a right number costs nothing.""",
    imports="import math\n\nimport numpy as np",
)
BETWEEN = "should give a number between the slopes on the two sides of a kink"
NINE = [1.7, -0.4, 2.3, -3.1, 0.6, -1.9, 4.2, -0.05, 3.4]
MIXED = [-2.0, 3.0, -0.5]


def alpha(hint, shown, hidden, *more, name="alpha"):
    """Return the item which asks that a parameter is used, under its name."""
    says = f"does not use {name} as it should"
    named = Case(f"{says}: {hint}", [-2.0, 3.0], **{name: shown})
    another = Case(f"{says} for another {name}: {hint}", NINE, hidden)
    return {name: Item(name, 1, f"{name} is used, whatever it is.", CLOSE, [named], [another, *more])}


def any_alpha(*more):
    """Return the item which asks for any slope on the left."""
    hidden = [
        Case("is wrong when alpha is negative", MIXED, -0.75),
        Case("does not use the alpha that it is given", NINE[:7], 0.125),
        *more,
    ]
    shown = [Case("is wrong when alpha is larger than 1", MIXED, 2.5)]
    return {
        "any-alpha": Item("any-alpha", 1, "alpha may be larger than 1, or negative.", CLOSE, shown, hidden)
    }


ANY_ALPHA = any_alpha()
ANY_ALPHA_UNROUNDED = any_alpha(
    Case("rounds its numbers: return them as they are", list(FRACTIONS), FRACTIONS[0])
)
IN_ALPHA = Item(
    "matches-difference",
    2,
    "the slope of your own prelu in alpha, measured by a central difference.\n"
    "# A right derivative passes as well, whatever your prelu does.",
    """
    places = {z}
    check_slope({name}(places, {alpha}), {expected}, lambda slope: prelu(places, slope), {alpha}, {message})
    """,
    [Case("is not the slope of your prelu in the direction of alpha", [-2.0, 0.5, 3.0, -0.3], 0.25)],
    [
        Case(
            "is not the slope of your prelu in the direction of alpha, for another alpha",
            [1.4, -1.7, -0.6, 2.2],
            1.5,
        )
    ],
)


@RELU.function(
    r"""
## ReLU

$$\operatorname{relu}(z) = \max(0, z)$$""",
    references.function("relu"),
    *Elementwise(
        "it is z where z > 0 and 0 elsewhere",
        (-2.0, 0.0, 3.0),
        rounds=True,
        whole_hint="3 counts as 3.0",
    ).items("values 3, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1"),
)
def relu(z):
    """Return max(0, z), entry by entry.

    z: array of any shape. Returns a new float64 array of the same shape.
    """
    return np.maximum(z, 0.0)


@RELU.function(
    """
## Its derivative

The slope is 1 on the right and 0 on the left. **At the kink, z = 0, any number from 0 to 1 is right.**""",
    references.derivative("relu"),
    *Elementwise(
        "it is 1 where z > 0 and 0 where z < 0",
        (-2.0, 0.5, 3.0),
        of="relu",
        whole_hint="3 counts as 3.0",
        whole_again=(-2, 3, -1, 4, 2),
        kinks_say="at z = 0 any number from 0 to 1.",
        at_kinks=[between(BETWEEN, [0.0], [0.0], [1.0])],
    ).items(
        "values 3, kinks 1, matches-difference 2, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1"
    ),
)
def relu_grad(z):
    """Return the derivative of relu at z, entry by entry (at 0, any subgradient).

    z: array of any shape. Returns a new float64 array of the same shape.
    """
    return np.where(z > 0, 1.0, 0.0)


@RELU.function(
    r"""
## Leaky ReLU

$$\operatorname{leaky\_relu}(z) = \begin{cases} z & z \ge 0 \\ \alpha z & z < 0 \end{cases}$$

A small slope on the left, so that no unit is ever quite dead. **Conventions.** 0 ≤ α < 1, and α is 0.01 unless given.""",
    references.function("leaky_relu"),
    *Elementwise(
        "it is z where z >= 0 and alpha * z elsewhere",
        (-2.0, 0.0, 3.0),
        rounds=True,
        more=alpha("it is the slope on the left", 0.25, 0.4),
    ).items("values 3, alpha 1, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1"),
)
def leaky_relu(z, alpha=0.01):
    """Return z where z >= 0 and alpha * z elsewhere.

    z: array of any shape. alpha: slope on the left, a number with 0 <= alpha < 1.
    Returns a new float64 array of the same shape.
    """
    return np.where(z >= 0, z, alpha * z)


@RELU.function(
    """
## Its derivative

The slope is 1 on the right and α on the left. **At z = 0 any number from α to 1 is right.**""",
    references.derivative("leaky_relu"),
    *Elementwise(
        "it is 1 where z > 0 and alpha where z < 0",
        (-2.0, 0.5, 3.0),
        of="leaky_relu",
        whole_again=(-2, 3, -1, 4, 2),
        kinks_say="at z = 0 any number from alpha to 1.",
        at_kinks=[between(BETWEEN, [0.0], [0.01], [1.0])],
        more=alpha(
            "it is the slope on the left",
            0.25,
            0.4,
            Case("rounds its numbers: return them as they are", list(FRACTIONS), FRACTIONS[0]),
        ),
    ).items(
        "values 3, alpha 1, kinks 1, matches-difference 2, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1"
    ),
)
def leaky_relu_grad(z, alpha=0.01):
    """Return the derivative of leaky_relu at z, entry by entry (at 0, any subgradient).

    z: array of any shape. alpha: slope on the left. Returns a new float64 array of the same shape.
    """
    return np.where(z > 0, 1.0, alpha)


@RELU.function(
    r"""
## PReLU

$$\operatorname{prelu}(z, \alpha) = \begin{cases} z & z \ge 0 \\ \alpha z & z < 0 \end{cases}$$

The same shape, but now α is **learned**, like a weight. **Conventions.** `alpha` is one number, and it may be any: negative, or larger than 1.""",
    references.function("prelu"),
    *Elementwise(
        "it is z where z >= 0 and alpha * z elsewhere",
        (-2.0, 0.0, 3.0),
        parameters=(0.25,),
        rounds=True,
        more=ANY_ALPHA,
    ).items("values 3, any-alpha 1, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1"),
)
def prelu(z, alpha):
    """Return z where z >= 0 and alpha * z elsewhere.

    z: array of any shape. alpha: slope on the left, any number. Returns a new float64 array of the same shape.
    """
    return np.where(z >= 0, z, alpha * z)


@RELU.function(
    """
## Its derivative in z

The slope is 1 on the right and α on the left. **At z = 0 any number between α and 1 is right.**""",
    references.derivative("prelu"),
    *Elementwise(
        "it is 1 where z > 0 and alpha where z < 0",
        (-2.0, 0.5, 3.0),
        parameters=(0.25,),
        of="prelu",
        whole_again=(-2, 3, -1, 4, 2),
        kinks_say="at z = 0 any number between alpha and 1.",
        at_kinks=[between(BETWEEN, [0.0], [0.25], [1.0], 0.25)],
        more=ANY_ALPHA_UNROUNDED,
    ).items(
        "values 3, any-alpha 1, kinks 1, matches-difference 2, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1"
    ),
)
def prelu_grad(z, alpha):
    """Return the derivative of prelu(z, alpha) in z, entry by entry (at 0, any subgradient).

    z: array of any shape. alpha: slope on the left, any number. Returns a new float64 array of the same shape.
    """
    return np.where(z > 0, 1.0, alpha)


@RELU.function(
    r"""
## Its derivative in α

To learn α you need the slope in that direction too: how much does the output change when α does?

$$\frac{\partial}{\partial \alpha} \operatorname{prelu}(z, \alpha) = \begin{cases} 0 & z \ge 0 \\ z & z < 0 \end{cases}$$

**Conventions.** Entry by entry, with the shape of z. (In training these are then multiplied by the upstream gradient and added up.)""",
    references.prelu_grad_alpha,
    *Elementwise(
        "it is z where z < 0 and 0 elsewhere",
        (-2.0, 0.0, 3.0),
        parameters=(0.25,),
        rounds=True,
        whole_hint="3 counts as 3.0",
        more={**ANY_ALPHA, "matches-difference": IN_ALPHA},
    ).items(
        "values 3, any-alpha 1, matches-difference 2, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1"
    ),
)
def prelu_grad_alpha(z, alpha):
    """Return the derivative of prelu(z, alpha) in alpha, entry by entry.

    z: array of any shape. alpha: slope on the left, any number. Returns a new float64 array of the same shape.
    """
    return np.minimum(z, 0.0)


@RELU.function(
    r"""
## ELU

$$\operatorname{elu}(z) = \begin{cases} z & z \ge 0 \\ \alpha\,(e^{z} - 1) & z < 0 \end{cases}$$

It levels off at -α on the left, so its outputs are closer to zero on average. **Conventions.** α > 0, and α is 1 unless given. **Stability** is asked for
up to |z| = 10000.""",
    references.function("elu"),
    *Elementwise(
        "it is z where z >= 0 and alpha * (exp(z) - 1) elsewhere",
        (-2.0, 0.0, 3.0),
        unstable="infinity times 0 is NaN; keep large positive z out of the exponential",
        far=(178.0, -178.0),
        more=alpha("it multiplies exp(z) - 1 on the left", 0.5, 1.75),
    ).items("values 3, alpha 1, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 1"),
)
def elu(z, alpha=1.0):
    """Return z where z >= 0 and alpha * (exp(z) - 1) elsewhere.

    z: array of any shape. alpha: a positive number. Returns a new float64 array of the same shape.
    """
    return np.where(z >= 0, z, alpha * np.expm1(np.minimum(z, 0)))


@RELU.function(
    """
## Its derivative

The slope is 1 on the right and α exp(z) on the left. **At z = 0 any number between α and 1 is right.** **Stability** as above.""",
    references.derivative("elu"),
    *Elementwise(
        "it is 1 where z > 0 and alpha * exp(z) where z < 0",
        (-2.0, 0.5, 3.0),
        of="elu",
        whole_again=(-2, 3, -1, 4, 2),
        unstable="infinity times 0 is NaN; keep large positive z out of the exponential",
        far=(178.0, -178.0),
        kinks_say="at z = 0 any number between alpha and 1.",
        at_kinks=[
            between(BETWEEN, [0.0], [0.5], [1.0], 0.5),
            between(f"{BETWEEN}, for another alpha too", [0.0], [1.0], [2.0], 2.0),
        ],
        more=alpha(
            "it multiplies exp(z) on the left",
            0.5,
            1.75,
            Case(
                "does not use alpha as it should close to 0: it multiplies exp(z) on the left only",
                [0.0001, -0.0001],
                1.75,
            ),
        ),
    ).items(
        "values 4, alpha 1, kinks 1, matches-difference 2, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 1"
    ),
)
def elu_grad(z, alpha=1.0):
    """Return the derivative of elu at z, entry by entry (at 0, any subgradient).

    z: array of any shape. alpha: a positive number. Returns a new float64 array of the same shape.
    """
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


@RELU.function(
    r"""
## SELU

$$\operatorname{selu}(z) = \lambda \begin{cases} z & z \ge 0 \\ \alpha\,(e^{z} - 1) & z < 0 \end{cases}
\qquad \alpha = 1.6732632423543772, \quad \lambda = 1.0507009873554805$$

An ELU whose two constants are chosen so that layer after layer keeps mean 0 and variance 1. **Conventions.** The constants with all digits. **Stability** is
asked for up to |z| = 10000.""",
    references.function("selu"),
    *Elementwise(
        "it is scale * elu(z, alpha), with all digits of the constants",
        (-2.0, 0.0, 3.0),
        unstable="infinity times 0 is NaN; keep large positive z out of the exponential",
        far=(178.0, -178.0),
    ).items("values 3, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 1"),
)
def selu(z):
    """Return scale * z where z >= 0 and scale * alpha * (exp(z) - 1) elsewhere, with the constants above.

    z: array of any shape. Returns a new float64 array of the same shape.
    """
    alpha, scale = 1.6732632423543772, 1.0507009873554805
    return scale * np.where(z >= 0, z, alpha * np.expm1(np.minimum(z, 0)))


@RELU.function(
    """
## Its derivative

The slope is λ on the right and λ α exp(z) on the left. **At z = 0 any number between λ and λ α is right.** **Stability** as above.""",
    references.derivative("selu"),
    *Elementwise(
        "it is scale where z > 0 and scale * alpha * exp(z) where z < 0",
        (-2.0, 0.5, 3.0),
        of="selu",
        whole_again=(-2, 3, -1, 4, 2),
        unstable="infinity times 0 is NaN; keep large positive z out of the exponential",
        far=(178.0, -178.0),
        kinks_say="at z = 0 any number from scale to scale * alpha.",
        at_kinks=[between(BETWEEN, [0.0], [1.0507009873554805], [1.7580993408473768])],
    ).items(
        "values 4, kinks 1, matches-difference 2, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 1"
    ),
)
def selu_grad(z):
    """Return the derivative of selu at z, entry by entry (at 0, any subgradient).

    z: array of any shape. Returns a new float64 array of the same shape.
    """
    alpha, scale = 1.6732632423543772, 1.0507009873554805
    return scale * np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


@RELU.function(
    r"""
## Softplus

$$\operatorname{softplus}(z) = \log(1 + e^{z})$$

ReLU with its kink rounded off. **Stability** is asked for up to |z| = 10000: `softplus(1000)` is 1000.""",
    references.function("softplus"),
    *Elementwise(
        "it is log(1 + exp(z)), by the natural logarithm",
        (-2.0, 0.0, 3.0),
        far=(178.0, -178.0),
        unstable="exp(z) is infinite from z = 710 on; take max(z, 0) out of the logarithm",
    ).items("values 3, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 2"),
)
def softplus(z):
    """Return log(1 + exp(z)), entry by entry.

    z: array of any shape. Returns a new float64 array of the same shape, with values >= 0.
    """
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


@RELU.function(
    """
## Its derivative

Work it out: it is a function that you know well. **Stability** is asked for up to |z| = 10000.""",
    references.derivative("softplus"),
    *Elementwise(
        "it is the sigmoid of z",
        (-2.0, 0.0, 3.0),
        of="softplus",
        far=(178.0, -178.0),
        unstable="infinity divided by infinity is NaN; use exp(-|z|), which cannot overflow",
    ).items(
        "values 3, matches-difference 2, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 1"
    ),
)
def softplus_grad(z):
    """Return the derivative of softplus at z, entry by entry.

    z: array of any shape. Returns a new float64 array of the same shape.
    """
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


@RELU.function(
    r"""
## Swish

$$\operatorname{swish}(z) = z\,\sigma(\beta z)$$

Also called SiLU when β is 1. It dips below zero before it rises: it is not monotone. **Conventions.** β > 0, and β is 1 unless given. **Stability** is asked
for up to |z| = 10000.""",
    references.function("swish"),
    *Elementwise(
        "it is z * sigmoid(beta * z)",
        (-2.0, 0.0, 3.0),
        far=(178.0, -178.0),
        unstable="infinity divided by infinity is NaN; use a sigmoid that cannot overflow",
        more=alpha("it multiplies z inside the sigmoid", 0.5, 1.75, name="beta"),
    ).items("values 3, beta 1, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 1"),
)
def swish(z, beta=1.0):
    """Return z * sigmoid(beta * z), entry by entry.

    z: array of any shape. beta: a positive number. Returns a new float64 array of the same shape.
    """
    return z * (1 + np.tanh(beta * z / 2)) / 2


@RELU.function(
    r"""
## Its derivative

$$\operatorname{swish}'(z) = \sigma(\beta z) + \beta z\, \sigma(\beta z)\,\bigl(1 - \sigma(\beta z)\bigr)$$

The product rule gives two terms, and β appears in both. **Stability** is asked for up to |z| = 10000.""",
    references.derivative("swish"),
    *Elementwise(
        "it is s + beta * z * s * (1 - s) with s = sigmoid(beta * z)",
        (-2.0, 0.0, 3.0),
        of="swish",
        far=(178.0, -178.0),
        unstable="infinity divided by infinity is NaN; use a sigmoid that cannot overflow",
        more=alpha("it appears in both terms", 0.5, 1.75, name="beta"),
    ).items(
        "values 4, beta 2, matches-difference 2, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 1"
    ),
)
def swish_grad(z, beta=1.0):
    """Return the derivative of swish in z, entry by entry.

    z: array of any shape. beta: a positive number. Returns a new float64 array of the same shape.
    """
    s = (1 + np.tanh(beta * z / 2)) / 2
    return s + beta * z * s * (1 - s)


@RELU.function(
    r"""
## GELU

$$\operatorname{gelu}(z) = z\,\Phi(z), \qquad \Phi(z) = \tfrac12 \Bigl(1 + \operatorname{erf}\bigl(z / \sqrt 2\bigr)\Bigr)$$

Each input is weighted by the probability that a standard normal number lies below it. **Conventions.** The exact form, not one of its approximations. The
standard library's `math.erf` stands in for SciPy's; it takes one number at a time, `np.vectorize(math.erf, otypes=[float])` takes arrays. **Stability** is asked for up to
|z| = 10000.""",
    references.function("gelu"),
    *Elementwise(
        "it is z * (1 + erf(z / sqrt(2))) / 2, exactly and not approximately",
        (-2.0, 0.0, 3.0),
        far=(178.0, -178.0),
        unstable="far from zero it is 0 on the left and z on the right",
    ).items("values 3, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 1"),
)
def gelu(z):
    """Return z * Phi(z), entry by entry; Phi is the standard normal distribution function.

    z: array of any shape. Returns a new float64 array of the same shape.
    """
    erf = np.vectorize(math.erf, otypes=[float])
    return z * (1 + erf(z / math.sqrt(2))) / 2


@RELU.function(
    r"""
## Its derivative

$$\operatorname{gelu}'(z) = \Phi(z) + z\,\varphi(z), \qquad \varphi(z) = \frac{1}{\sqrt{2\pi}}\, e^{-z^2/2}$$

**Stability** is asked for up to |z| = 10000.""",
    references.derivative("gelu"),
    *Elementwise(
        "it is Phi(z) + z * phi(z), by the product rule",
        (-2.0, 0.0, 3.0),
        of="gelu",
        far=(178.0, -178.0),
        unstable="far from zero it is 0 on the left and 1 on the right",
    ).items(
        "values 4, matches-difference 2, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 1"
    ),
)
def gelu_grad(z):
    """Return the derivative of gelu at z, entry by entry.

    z: array of any shape. Returns a new float64 array of the same shape.
    """
    erf = np.vectorize(math.erf, otypes=[float])
    below = (1 + erf(z / math.sqrt(2))) / 2
    return below + z * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


@RELU.function(
    r"""
## Mish

$$\operatorname{mish}(z) = z \tanh\bigl(\operatorname{softplus}(z)\bigr)$$

**Stability** is asked for up to |z| = 10000.""",
    references.function("mish"),
    *Elementwise(
        "it is z * tanh(log(1 + exp(z)))",
        (-2.0, 0.0, 3.0),
        far=(178.0, -178.0),
        unstable="the square of an exponential overflows from z = 355 on",
    ).items("values 3, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 1"),
)
def mish(z):
    """Return z * tanh(softplus(z)), entry by entry.

    z: array of any shape. Returns a new float64 array of the same shape.
    """
    return z * np.tanh(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))))


@RELU.function(
    r"""
## Its derivative

$$\operatorname{mish}'(z) = t + z\,\sigma(z)\,(1 - t^2), \qquad t = \tanh\bigl(\operatorname{softplus}(z)\bigr)$$

The product rule once, the chain rule twice. **Stability** is asked for up to |z| = 10000.""",
    references.derivative("mish"),
    *Elementwise(
        "it is t + z * sigmoid(z) * (1 - t * t) with t = tanh(softplus(z))",
        (-2.0, 0.0, 3.0),
        of="mish",
        far=(178.0, -178.0),
        unstable="the square of an exponential overflows from z = 355 on",
    ).items(
        "values 4, matches-difference 2, shape 1, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 2"
    ),
)
def mish_grad(z):
    """Return the derivative of mish at z, entry by entry.

    z: array of any shape. Returns a new float64 array of the same shape.
    """
    t = np.tanh(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))))
    s = (1 + np.tanh(z / 2)) / 2
    return t + z * s * (1 - t**2)


RELU.written(
    "explain-dying",
    7,
    """
## In your own words: dying units

A ReLU unit gives 0 for every row of the training data. Explain why gradient descent never moves its weights again. Name two functions of this
assignment that do not have the problem, and say why. What in the training usually brings such units about? Three to six sentences; a
person reads them.""",
    """
If z < 0 for every row, then the slope of ReLU is 0 for every row. The gradient in the unit's weights is that slope times the upstream gradient times the
input, so it is exactly 0, and the weights stay what they are: the unit is dead. Leaky ReLU has slope α > 0 on the left, and ELU has α exp(z) > 0, so some gradient
always flows and the unit can come back. (PReLU, SELU, softplus, swish, GELU and mish will do too, almost everywhere.) Units often die after one step that was too
long: a large learning rate throws the bias far to the negative side.

**Rubric.** 2 points: slope 0 for every row. 1 point: so the gradient in the weights is exactly 0. 2 points: two functions that do not have it.
1 point: because their slope on the left is not 0. 1 point: a learning rate that is too large (or a very negative bias).""",
)


RELU.written(
    "explain-choice",
    6,
    """
## In your own words: smooth or not?

Softplus is smooth and never has slope 0, and yet it is rarely used in hidden layers, while swish and GELU are. Compare the three with ReLU: what
happens to each far to the left, what does each cost to compute, and what is the mean of its outputs like? Four to six sentences; a person
reads them.""",
    """
Far to the left ReLU, swish and GELU all go to 0, softplus too. Softplus is positive everywhere, at z = 0 it is already 0.69: its outputs have a mean well above 0,
further from centred than ReLU's, and it never gives an exact zero, so that no unit is ever silent. Swish and GELU dip below zero, which brings the mean nearer
to 0; they keep nearly the shape of ReLU but have a slope that changes smoothly through 0. ReLU costs one comparison, the others need an exponential, a logarithm or an error
function, several times as much. In big networks the matrix products dominate, so that the cost of the activation matters less.

**Rubric.** 1 point: all go to 0 on the left. 2 points: softplus is positive everywhere, so its outputs are far from centred. 2 points: swish and GELU
dip below zero and stay close to ReLU. 1 point: the cost: a comparison against exponentials.""",
)
