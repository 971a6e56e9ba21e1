"""What to know when a function is used: where it is at home, first weights, a safe formula, other names for it.

Unlike the facts in `table`, these are advice. They are Markdown that the cheat sheet prints.
"""

from __future__ import annotations

from dataclasses import dataclass

from translation import message

XAVIER = message("Xavier, variance $2/(n_{\\text{in}} + n_{\\text{out}})$")
HE = message("He, variance $2/n_{\\text{in}}$")
LECUN = message("LeCun, variance $1/n_{\\text{in}}$")
LECUN_OF_TWO = message("LeCun, variance $1/n_{\\text{in}}$, for two pieces")
NONE = message("none helps: no gradient passes")


@dataclass(frozen=True)
class Practice:
    """Advice on one function.

    `section` is the label of the text that teaches it, `compute` the form that is right for |z| up to 1e4, and
    `also` what the function equals or is near to; `also` may be empty.
    """

    section: str
    use: str
    initialiser: str
    compute: str
    also: str = ""


PRACTICE = {
    "identity": Practice(
        "linear-regression", "Output of a regression; skip connections; linear bottlenecks.", XAVIER,
        "as it is", "Two linear layers are one.",
    ),
    "step": Practice(
        "step-and-sign", "A decision, after training. Never inside a network that learns by gradients.", NONE,
        "`np.where(z >= 0, 1.0, 0.0)`", "The limit of $s(cz)$ for $c \\to \\infty$, except at 0.",
    ),
    "sign": Practice(
        "step-and-sign", "A decision between $-1$ and 1, after training.", NONE,
        "`np.sign(z)`", "The limit of $\\tanh(cz)$ for $c \\to \\infty$.",
    ),
    "sigmoid": Practice(
        "sigmoid", "Output for yes or no, and for each label of many; gates. Not in hidden layers.", XAVIER,
        "The textbook formula warns below $z = -709$ and is right. Losses take the logit: "
        "`np.logaddexp(0, z) - y * z`.",
        "$s(-z) = 1 - s(z)$; $s(z) = \\frac12\\bigl(1 + \\tanh \\frac z2\\bigr)$; softmax of $(z, 0)$.",
    ),
    "tanh": Practice(
        "tanh", "States of recurrent cells; outputs in $[-1, 1]$.", XAVIER,
        "`np.tanh(z)`. The quotient of exponentials is not a number from $z = 710$ on.",
        "$\\tanh z = 2s(2z) - 1$.",
    ),
    "hard_sigmoid": Practice(
        "straight-pieces", "A cheap gate, on phones and in whole numbers of eight bits.", XAVIER,
        "`np.clip(z / 6 + 0.5, 0, 1)`", "Within 0.07 of the sigmoid. Keras before version 3 had $z/5$.",
    ),
    "hard_tanh": Practice(
        "straight-pieces", "A cheap tanh.", XAVIER,
        "`np.clip(z, -1, 1)`", "Within 0.24 of tanh.",
    ),
    "relu": Practice(
        "relu", "Hidden layers: the first one to try.", HE,
        "`np.maximum(z, 0)`", "Maxout of 0 and $z$; the integral of the step.",
    ),
    "leaky_relu": Practice(
        "leaky-relu", "Hidden layers in which units die; discriminators.", HE,
        "`np.where(z > 0, z, alpha * z)`", "$\\max(\\alpha z, z)$ for $\\alpha \\le 1$ only.",
    ),
    "prelu": Practice(
        "leaky-relu", "Hidden layers that learn their own slope.", HE,
        "`np.where(z > 0, z, alpha * z)`", "By $\\alpha$ the derivative is $\\min(0, z)$.",
    ),
    "elu": Practice(
        "elu", "Hidden layers whose mean should be nearer zero.", HE,
        "`np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))`", "No corner for $\\alpha = 1$ only.",
    ),
    "selu": Practice(
        "selu", "Deep plain networks without normalisation.", LECUN,
        "as ELU, times $\\lambda$", "$\\lambda \\approx 1.0507$ and $\\alpha \\approx 1.6733$.",
    ),
    "softplus": Practice(
        "softplus", "Outputs that must be positive: a variance, a rate, a price.", HE,
        "`np.logaddexp(0, z)`. The formula overflows from $z = 710$ on.",
        "The integral of the sigmoid; log-sum-exp of $(z, 0)$.",
    ),
    "swish": Practice(
        "swish", "Hidden layers of EfficientNet; inside SwiGLU in language models.", HE,
        "$z$ times a sigmoid that does not overflow",
        "$z/2$ for $\\beta = 0$, and ReLU for $\\beta \\to \\infty$. SiLU is $\\beta = 1$, which libraries have. "
        "With a hard sigmoid it is hard swish.",
    ),
    "gelu": Practice(
        "gelu", "Hidden layers of transformers such as BERT.", HE,
        "`z / 2 * scipy.special.erfc(-z / np.sqrt(2))`, which keeps the left tail. NumPy has no `erfc`; Python's "
        "`math.erfc` takes one number.",
        "$\\frac z2 (1 + \\tanh u)$ with $u = \\sqrt{2/\\pi}\\,(z + 0.044715 z^3)$ within 0.0005; "
        "$z\\,s(1.702 z)$ within 0.021.",
    ),
    "mish": Practice(
        "mish", "Hidden layers of the detector YOLOv4.", HE,
        "`z * np.tanh(np.logaddexp(0, z))`. Multiplied out, its derivative fails from $z = 177.4$ on.",
    ),
}  # fmt: skip
