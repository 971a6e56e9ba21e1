"""03 Tanh: centred, and clipped."""

import numpy as np

from assignments.library import references
from assignments.library.model import Assignment, Case, Item
from assignments.library.properties import Elementwise, between

TANH = Assignment(
    name="03-tanh",
    title="Tanh: centred, and clipped",
    story="""
The sigmoid never gives a negative number, and that makes learning zig-zag. The hyperbolic tangent has the same shape, but its outputs lie
around zero. You build it from exponentials here, and you will see where the textbook formula breaks. Then you replace both
curves by straight pieces. They cost almost nothing, and they have kinks, where more than one slope is right.

It belongs to the chapter *Tanh*.""",
    conventions="""
- `z` is the pre-activation: a NumPy array of any shape. It may also have no dimensions (one number) or no entries.
- You return a **new** array of floats (float64) with the shape of `z`. What you are given stays unchanged.
- An array of integers counts as numbers: 3 means 3.0.
- *Stable* means right for every |z| up to 10000, without NaN and without infinity. It is an item of its own.
  A `RuntimeWarning` on the way to a right number costs nothing.
- At a kink **any subgradient** is right: any number from the slope on the left to the slope on the right.""",
    imports="import cmath\nimport math\n\nimport numpy as np",
)
BETWEEN = "should give a number between the slopes on the two sides of a kink"
FINISHED = ("tanh", "sinh", "cosh", "tan", "sin", "cos")
FROM_EXPONENTIALS = Item(
    "from-exponentials",
    3,
    "the finished hyperbolic and circular functions of NumPy, math and cmath are not used. While your function runs here,\n"
    "# they raise an error.",
    f"check_without({{name}}, [{{args}}], (np, math, cmath), {FINISHED}, {{message}})".replace("'", '"'),
    [
        Case(
            "should be made from exponentials in a function of your own, without np.tanh, math.tanh or the like",
            [-1.2, 0.5, 2.0],
        )
    ],
    forbidden=[f"{module}.{name}" for module in ("numpy", "math", "cmath") for name in FINISHED],
)


@TANH.function(
    r"""
## The hyperbolic tangent

$$\tanh z = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}$$

**Conventions.** Build it from exponentials. The finished ones (`np.tanh`, `math.tanh`, sinh, cosh and their like) are not allowed here, under
whatever name; that is an item of its own.

**Stability** is asked for up to |z| = 10000: `tanh(-1000)` is -1 and `tanh(1000)` is 1. The formula above does not give that.""",
    references.function("tanh"),
    *Elementwise(
        "it is (exp(z) - exp(-z)) / (exp(z) + exp(-z))",
        (0.0, 1.0, -1.0),
        unstable="infinity divided by infinity is NaN; use exp(-2|z|), which cannot overflow",
        more={"from-exponentials": FROM_EXPONENTIALS},
    ).items(
        "values 7, from-exponentials 3, shape 2, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 6"
    ),
)
def tanh(z):
    """Return the hyperbolic tangent of z, entry by entry, made from exponentials.

    z: array of any shape. Returns a new float64 array of the same shape, with values in [-1, 1].
    """
    e = np.exp(-2 * np.abs(z))  # never above 1, so nothing overflows
    return np.sign(z) * (1 - e) / (1 + e)


@TANH.function(
    r"""
## Its derivative

$$\tanh' z = 1 - \tanh^2 z$$

Four times as steep at 0 as the sigmoid, and it vanishes sooner.

**Conventions.** The derivative is a function of **z**, not of the activation: `tanh_grad(0)` is 1. You may use any function here.

**Stability** is asked for up to |z| = 10000, where the derivative is 0.""",
    references.derivative("tanh"),
    *Elementwise(
        "it is 1 - tanh(z) squared, a function of z",
        (0.0, 1.0, -1.0),
        of="tanh",
        unstable="infinity divided by infinity is NaN; use exp(-2|z|), which cannot overflow",
    ).items(
        "values 6, matches-difference 4, shape 2, scalar-or-empty 1, integers 1, inputs-unchanged 1, stable 4"
    ),
)
def tanh_grad(z):
    """Return the derivative of tanh at z, entry by entry.

    z: the pre-activation, array of any shape. Returns a new float64 array of the same shape, values in [0, 1].
    """
    e = np.exp(-2 * np.abs(z))
    return 4 * e / (1 + e) ** 2


@TANH.function(
    r"""
## The hard sigmoid

$$\operatorname{hard\_sigmoid}(z) = \min\bigl(1, \max(0,\ z/6 + 1/2)\bigr)$$

Three straight pieces: 0, a ramp, 1. No exponential anywhere.

**Conventions.** The ramp has slope 1/6 and runs from z = -3 to z = 3. (Other libraries use 0.2 or 1/4.)""",
    references.function("hard_sigmoid"),
    *Elementwise(
        "it is z / 6 + 1/2, clipped to [0, 1]",
        (-4.0, 0.0, 1.5),
        kinks=(-3.0, 3.0),
        close=(2.9999, 3.0001, -3.0001, -2.9999),
        whole=(4, -2, 1, -5),
        whole_again=(-2, 4, 0, -5, 2),
    ).items("values 5, shape 2, scalar-or-empty 1, integers 1, inputs-unchanged 1"),
)
def hard_sigmoid(z):
    """Return z / 6 + 1/2, clipped to [0, 1], entry by entry.

    z: array of any shape. Returns a new float64 array of the same shape, with values in [0, 1].
    """
    return np.clip(z / 6 + 0.5, 0, 1)


@TANH.function(
    """
## Its derivative

The slope is 1/6 on the ramp and 0 on the two flat pieces.

**Conventions.** At the kinks, z = -3 and z = 3, any number from 0 to 1/6 is right.""",
    references.derivative("hard_sigmoid"),
    *Elementwise(
        "it is 1/6 where |z| < 3 and 0 where |z| > 3",
        (-4.0, 0.0, 1.5),
        of="hard_sigmoid",
        kinks=(-3.0, 3.0),
        close=(2.9999, 3.0001, -3.0001, -2.9999),
        whole=(4, -2, 1, -5),
        whole_again=(-2, 4, 0, -5, 2),
        kinks_say="here any number from 0 to 1/6.",
        at_kinks=[between(BETWEEN, [3.0, -3.0], [0.0, 0.0], [1 / 6, 1 / 6])],
        places=(-4.2, -2.2, -0.4, 0.3, 2.1, 3.7),
        places_again=(-3.73, -1.93, -0.31, 0.32, 1.94, 3.38),
    ).items(
        "values 4, kinks 2, matches-difference 3, shape 2, scalar-or-empty 1, integers 1, inputs-unchanged 1"
    ),
)
def hard_sigmoid_grad(z):
    """Return the derivative of hard_sigmoid at z, entry by entry (at a kink, any subgradient).

    z: array of any shape. Returns a new float64 array of the same shape.
    """
    return np.where(np.abs(z) < 3, 1 / 6, 0.0)


@TANH.function(
    r"""
## The hard tanh

$$\operatorname{hard\_tanh}(z) = \min\bigl(1, \max(-1,\ z)\bigr)$$

The identity near zero, clipped at -1 and 1.""",
    references.function("hard_tanh"),
    *Elementwise(
        "it is z, clipped to [-1, 1]",
        (-2.0, 0.25, 1.5),
        kinks=(-1.0, 1.0),
        close=(0.9999, 1.0001, -1.0001, -0.9999),
        rounds=True,
        whole_hint="3 counts as 3.0",
        single=(0.6, -1.2),
    ).items("values 6, shape 2, scalar-or-empty 1, integers 1, inputs-unchanged 1"),
)
def hard_tanh(z):
    """Return z, clipped to [-1, 1], entry by entry.

    z: array of any shape. Returns a new float64 array of the same shape, with values in [-1, 1].
    """
    return np.clip(z, -1.0, 1.0)


@TANH.function(
    """
## Its derivative

The slope is 1 between -1 and 1, and 0 outside.

**Conventions.** At the kinks, z = -1 and z = 1, any number from 0 to 1 is right.""",
    references.derivative("hard_tanh"),
    *Elementwise(
        "it is 1 where |z| < 1 and 0 where |z| > 1",
        (-2.0, 0.25, 1.5),
        of="hard_tanh",
        kinks=(-1.0, 1.0),
        close=(0.9999, 1.0001, -1.0001, -0.9999),
        whole=(3, -2, 0, -5),
        whole_again=(-5, 0, -2, 3),
        whole_hint="3 counts as 3.0",
        single=(0.4, -0.8),
        kinks_say="here any number from 0 to 1.",
        at_kinks=[between(BETWEEN, [1.0, -1.0], [0.0, 0.0], [1.0, 1.0])],
        places=(-2.4, -0.8, -0.3, 0.2, 0.7, 1.9),
        places_again=(-2.11, -0.67, -0.22, 0.23, 0.68, 1.76),
    ).items(
        "values 4, kinks 2, matches-difference 3, shape 2, scalar-or-empty 1, integers 1, inputs-unchanged 1"
    ),
)
def hard_tanh_grad(z):
    """Return the derivative of hard_tanh at z, entry by entry (at a kink, any subgradient).

    z: array of any shape. Returns a new float64 array of the same shape.
    """
    return np.where(np.abs(z) < 1, 1.0, 0.0)


TANH.written(
    "explain-centred",
    6,
    """
## In your own words: why centred outputs learn faster

All inputs of a neuron come from sigmoids, so they are all positive. What do the signs of the gradients in its weights have in common then, and
what does the path of gradient descent look like? What changes when the inputs come from tanh? Three to five sentences; a person reads
them.""",
    """
The gradient in weight j is δ x_j, with one δ for the whole neuron. If every x_j is positive, all these gradients have the sign of δ, so in one
step all weights grow together or all shrink together. If the best weights ask for one to grow and another to shrink, descent can only get
there by turns: the path zig-zags, and that takes more and shorter steps. The outputs of tanh have both signs, so the gradients in
one step may have both signs too and the path can go straight.

**Rubric.** 2 points: the gradient is δ x_j, so all signs agree when the inputs are positive. 1 point: weights rise or fall together. 1 point: the path
zig-zags. 2 points: tanh's outputs have both signs, so that the gradients may differ in sign.""",
)


TANH.written(
    "explain-kink",
    5,
    """
## In your own words: the slope at a kink

The hard tanh has no derivative at z = 1, and yet networks are trained with it. What is a subgradient there, and why does it hardly matter
which one a program takes? A central difference at z = 1 gives 1/2: is that wrong? Three to five sentences; a person reads them.""",
    """
At a kink the slope on the left (1) and the slope on the right (0) differ, and every number between the two is a generalized slope, a
subgradient. It hardly matters which one is taken because a pre-activation is almost never exactly 1, and because one step later it is somewhere
else. The central difference averages the two sides: (1 + 0) / 2 = 1/2. That lies between them, so it is a subgradient as well, not wrong.

**Rubric.** 2 points: between the slopes on the left and on the right. 1 point: exact hits are rare (or the next step leaves the kink). 2 points: 1/2 is
the mean of the two slopes and therefore as good as any other.""",
)
