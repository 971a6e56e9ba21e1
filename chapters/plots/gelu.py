"""The plots about GELU: the normal probability behind it, and the errors of its two approximations."""

import numpy as np
from activations import gelu, sigmoid
from explore import BLUE, GREY, ORANGE
from translation import message, translate

GRID = np.linspace(-5, 5, 1001)
APPROXIMATIONS = {
    message("tanh form"): lambda z: z / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))),
    "z · sigmoid(1.702 z)": lambda z: z * sigmoid(1.702 * z),
}


def approximation_error(form):
    """Approximation minus exact GELU on `GRID` (1001,)."""
    return APPROXIMATIONS[form](GRID) - gelu(GRID)


def draw_gelu(panels, *, form):
    """Exact and approximate GELU; below, the difference on an axis that fits it."""
    value, error = panels
    drawn = slice(None, None, 8)
    value.plot(GRID[drawn], gelu(GRID[drawn]), color=GREY, linestyle="--", linewidth=3, label="exact")
    value.plot(
        GRID[drawn], APPROXIMATIONS[form](GRID[drawn]), color=BLUE, linestyle="-", linewidth=1.4, label=form
    )
    value.set(ylabel="value", xlim=(-5, 3), ylim=(-0.4, 3.1))
    value.legend(loc="upper left")
    gap = approximation_error(form)
    error.plot(GRID[drawn], gap[drawn], color=ORANGE, linestyle="-")
    limit = 1.3 * np.abs(gap).max()
    error.set(xlabel="pre-activation z", ylabel="error", xlim=(-5, 5), ylim=(-limit, limit))


def describe_gelu(*, form):
    """Give the largest error and its place."""
    gap = approximation_error(form)
    place = int(np.abs(gap).argmax())
    alike = translate("the same") if np.abs(gap).max() < 1e-3 else translate("nearly the same")
    return translate(
        "The two curves look {alike}. The other panel shows the error of the {form}: "
        "at most {gap:.5f}, near z = ±{place:.1f}.",
        alike=alike,
        form=form,
        gap=abs(gap[place]),
        place=abs(GRID[place]),
    )
