"""The elementwise activation functions of the book, one entry each.

In the formulas s is the sigmoid, and phi and Phi are the density and the distribution function of a standard
normal variable, as in the chapters.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from translation import message

from functions import elementwise as e
from functions.facts import INF, Activation, Facts, Kink, Source

PRELU_START = 0.25  # the slope that He et al. (2015) start learning from
COMPARISON, COMPARISONS, EXPONENTIAL = (
    message("a comparison"),
    message("two comparisons"),
    message("an exponential"),
)


def _kink(slope_left: float, slope_right: float, place: float = 0.0) -> tuple[Kink, ...]:
    return (Kink(place, slope_left, slope_right),)


def _s_shaped(lowest: float, highest: float, cost: str, **more: Any) -> Facts:
    options = {"derivatives": INF, "zero_centred": lowest == -highest} | more
    return Facts(lowest, highest, lowest, highest, monotone=True, convex=False, cost=cost, **options)


def _rectifier(lowest: float, left: float, cost: str, **more: Any) -> Facts:
    options = {"derivatives": INF, "monotone": True, "convex": True} | more
    return Facts(lowest, INF, left, INF, zero_centred=False, cost=cost, **options)


def _non_monotone(lowest: float, cost: str) -> Facts:
    return _rectifier(lowest, 0.0, cost, monotone=False, convex=False)


_LINEAR = Facts(
    -INF,
    INF,
    -INF,
    INF,
    monotone=True,
    zero_centred=True,
    derivatives=INF,
    convex=True,
    cost=message("nothing"),
)
_SELU_FLOOR = -e.SELU_SCALE * e.SELU_ALPHA

_TABLE = [
    Activation(
        "identity", "Identity", e.identity, e.identity_grad,
        r"z", r"1", _LINEAR,
        Source("Widrow and Hoff", 1960, "widrow1960"),
    ),
    Activation(
        "step", "Step", e.step, e.step_grad,
        r"\begin{cases} 1 & z \ge 0 \\ 0 & z < 0 \end{cases}", r"0 \quad (z \ne 0)",
        _s_shaped(0, 1, COMPARISON, derivatives=-1, jumps=(0.0,)),
        Source("McCulloch and Pitts", 1943, "mcculloch1943"),
    ),
    Activation(
        "sign", "Sign", e.sign, e.sign_grad,
        r"\begin{cases} 1 & z > 0 \\ 0 & z = 0 \\ -1 & z < 0 \end{cases}", r"0 \quad (z \ne 0)",
        _s_shaped(-1, 1, COMPARISON, derivatives=-1, jumps=(0.0,)),
        Source("Rosenblatt", 1958, "rosenblatt1958"),
    ),
    Activation(
        "sigmoid", "Sigmoid", e.sigmoid, e.sigmoid_grad,
        r"\frac{1}{1 + e^{-z}}", r"s(z)\,\bigl(1 - s(z)\bigr)",
        _s_shaped(0, 1, EXPONENTIAL),
        Source("Rumelhart, Hinton and Williams", 1986, "rumelhart1986"),
    ),
    Activation(
        "tanh", "Tanh", e.tanh, e.tanh_grad,
        r"\frac{e^z - e^{-z}}{e^z + e^{-z}}", r"1 - \tanh^2 z",
        _s_shaped(-1, 1, EXPONENTIAL),
        Source("LeCun, Bottou, Orr and Müller", 1998, "lecun1998"),
    ),
    Activation(
        "hard_sigmoid", "Hard sigmoid", e.hard_sigmoid, e.hard_sigmoid_grad,
        r"\min\Bigl(1, \max\bigl(0, \tfrac{z}{6} + \tfrac{1}{2}\bigr)\Bigr)",
        r"\begin{cases} \tfrac{1}{6} & \lvert z \rvert < 3 \\ 0 & \lvert z \rvert > 3 \end{cases}",
        _s_shaped(0, 1, COMPARISONS, derivatives=0, kinks=(Kink(-3.0, 0, 1 / 6), Kink(3.0, 1 / 6, 0))),
        Source("Howard and others", 2019, "howard2019"),
    ),
    Activation(
        "hard_tanh", "Hard tanh", e.hard_tanh, e.hard_tanh_grad,
        r"\min\bigl(1, \max(-1, z)\bigr)",
        r"\begin{cases} 1 & \lvert z \rvert < 1 \\ 0 & \lvert z \rvert > 1 \end{cases}",
        _s_shaped(-1, 1, COMPARISONS, derivatives=0, kinks=(Kink(-1.0, 0, 1), Kink(1.0, 1, 0))),
        Source("Collobert and others", 2011, "collobert2011"),
    ),
    Activation(
        "relu", "ReLU", e.relu, e.relu_grad,
        r"\max(0, z)", r"\begin{cases} 1 & z > 0 \\ 0 & z < 0 \end{cases}",
        _rectifier(0, 0, COMPARISON, derivatives=0, kinks=_kink(0, 1)),
        Source("Fukushima", 1969, "fukushima1969"),
    ),
    Activation(
        "leaky_relu", "Leaky ReLU", e.leaky_relu, e.leaky_relu_grad,
        r"\begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases}",
        r"\begin{cases} 1 & z > 0 \\ \alpha & z < 0 \end{cases}",
        _rectifier(-INF, -INF, COMPARISON, derivatives=0, kinks=_kink(0.01, 1)),
        Source("Maas, Hannun and Ng", 2013, "maas2013"),
    ),
    Activation(
        "prelu", "PReLU", partial(e.prelu, alpha=PRELU_START), partial(e.prelu_grad, alpha=PRELU_START),
        r"\begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases} \quad (\alpha \text{ learned})",
        r"\begin{cases} 1 & z > 0 \\ \alpha & z < 0 \end{cases}",
        _rectifier(-INF, -INF, COMPARISON, derivatives=0, kinks=_kink(PRELU_START, 1)),
        Source("He, Zhang, Ren and Sun", 2015, "he2015"),
    ),
    Activation(
        "elu", "ELU", e.elu, e.elu_grad,
        r"\begin{cases} z & z > 0 \\ \alpha\,(e^z - 1) & z \le 0 \end{cases}",
        r"\begin{cases} 1 & z > 0 \\ \alpha e^z & z < 0 \end{cases}",
        _rectifier(-1, -1, EXPONENTIAL, derivatives=1),
        Source("Clevert, Unterthiner and Hochreiter", 2016, "clevert2016"),
    ),
    Activation(
        "selu", "SELU", e.selu, e.selu_grad,
        r"\lambda \begin{cases} z & z > 0 \\ \alpha\,(e^z - 1) & z \le 0 \end{cases}",
        r"\lambda \begin{cases} 1 & z > 0 \\ \alpha e^z & z < 0 \end{cases}",
        _rectifier(_SELU_FLOOR, _SELU_FLOOR, EXPONENTIAL, derivatives=0, convex=False,
                   kinks=_kink(-_SELU_FLOOR, e.SELU_SCALE)),
        Source("Klambauer, Unterthiner, Mayr and Hochreiter", 2017, "klambauer2017"),
    ),
    Activation(
        "softplus", "Softplus", e.softplus, e.softplus_grad,
        r"\log(1 + e^z)", r"s(z)",
        _rectifier(0, 0, message("an exponential and a logarithm")),
        Source("Dugas, Bengio, Bélisle, Nadeau and Garcia", 2001, "dugas2001"),
    ),
    Activation(
        "swish", "Swish (SiLU)", e.swish, e.swish_grad,
        r"z\,s(\beta z)", r"s(\beta z) + \beta z\,s'(\beta z)",
        _non_monotone(-0.27846454276107379511, EXPONENTIAL),
        Source("Hendrycks and Gimpel", 2016, "hendrycks2016"),
    ),
    Activation(
        "gelu", "GELU", e.gelu, e.gelu_grad,
        r"z\,\Phi(z)", r"\Phi(z) + z\,\phi(z)",
        _non_monotone(-0.16997120747990369, message("an error function")),
        Source("Hendrycks and Gimpel", 2016, "hendrycks2016"),
    ),
    Activation(
        "mish", "Mish", e.mish, e.mish_grad,
        r"z \tanh\bigl(\log(1 + e^z)\bigr)",
        r"\begin{aligned} & \tanh p + z\,(1 - \tanh^2 p)\,s(z) \\ & p = \log(1 + e^z) \end{aligned}",
        _non_monotone(-0.30884341301725041, message("an exponential, a logarithm and a tanh")),
        Source("Misra", 2019, "misra2019"),
    ),
]  # fmt: skip

ACTIVATIONS = {activation.name: activation for activation in _TABLE}
