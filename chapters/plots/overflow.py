"""The plots of formulas that are right on paper and not in 64 bits: tanh, and the derivative of mish."""

import numpy as np
from activations import mish_grad, tanh
from explore import BLUE, GREY, RED
from plotting.log_axes import label_powers
from plotting.wording import power
from translation import message, translate

TINY, HUGE = -12, 3  # powers of ten between which the formulas are tried


def _quotient(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def _doubled(z):
    return (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)


def _halved(z):
    t = np.expm1(-2 * np.abs(z))
    return np.sign(z) * -t / (2 + t)


def _mish_squares(z):
    e = np.exp(z)
    omega = 4 * (z + 1) + 4 * e**2 + e**3 + e * (4 * z + 6)
    return e * omega / (2 * e + e**2 + 2) ** 2


def _mish_softplus(z):
    e = np.exp(-np.abs(z))
    s = np.maximum(z, 0) + np.log1p(e)
    sigmoid = np.where(z >= 0, 1, e) / (1 + e)
    return np.tanh(s) + z * sigmoid * 4 * np.exp(-2 * s) / (1 + np.exp(-2 * s)) ** 2


TANH = {
    "(e^z - e^-z) / (e^z + e^-z)": _quotient,
    "(e^2z - 1) / (e^2z + 1)": _doubled,
    "-t / (2 + t) with t = expm1(-2|z|)": _halved,
}
MISH = {message("squared exponentials"): _mish_squares, message("tanh of softplus"): _mish_softplus}


def value(formula, z):
    """What float64 makes of the formula at `z` (any shape), warnings kept quiet."""
    with np.errstate(all="ignore"):
        return (TANH | MISH)[formula](np.asarray(z, dtype=float))


def first_nan(formula, step=0.5):
    """The smallest multiple of `step` up to 1000 at which the formula is not a number, or None."""
    z = np.arange(step, 1000 + step, step)
    bad = np.flatnonzero(np.isnan(value(formula, z)))
    return float(z[bad[0]]) if bad.size else None


def relative_error(formula, z):
    """Relative error against the book's own tanh or derivative of mish, which are right to about 1e-16."""
    exact = tanh(z) if formula in TANH else mish_grad(z)
    return np.abs(value(formula, z) - exact) / np.abs(exact)


def draw_tanh_error(axes, *, formula):
    """Relative error of a formula for tanh, from tiny to huge arguments."""
    _draw_error(axes, formula, np.unique(np.r_[np.logspace(TINY, HUGE, 181), np.arange(300, 1001, 5)]))
    axes.set(xlabel="pre-activation z", xscale="log", xlim=(10.0**TINY, 10.0**HUGE))
    axes.minorticks_off()
    label_powers(axes)


def draw_mish_error(axes, *, formula):
    """Relative error of a formula for the derivative of mish, for positive arguments."""
    _draw_error(axes, formula, np.arange(0.5, 300.5, 2.0))
    axes.set(xlabel="pre-activation z", xlim=(0, 300))


def _draw_error(axes, formula, z):
    error = relative_error(formula, z)
    fine = np.isfinite(error)
    axes.semilogy(z[fine], np.maximum(error[fine], 1e-18), color=BLUE, linestyle="-", linewidth=1.5)
    axes.axhline(2.0**-53, color=GREY, linestyle="--", linewidth=1)
    axes.set(ylabel="relative error", ylim=(5e-19, 10))
    axes.minorticks_off()
    label_powers(axes)
    if not fine.all():
        axes.axvspan(first_nan(formula), z[-1], color=RED, alpha=0.2, linewidth=0)
        axes.text(first_nan(formula), 0.2, "not a number ", color=RED, ha="right")


def describe_error(*, formula):
    """Say where the formula is not a number, and how many digits it loses elsewhere."""
    z = np.logspace(TINY, HUGE, 181) if formula in TANH else np.arange(0.5, 300.5, 2.0)
    error = relative_error(formula, z)
    worst, start = np.nanmax(error), first_nan(formula)
    digits = (
        translate(
            "Its relative error reaches {worst}, at z = {z}. ",
            worst=power(worst, 2),
            z=power(z[np.nanargmax(error)]),
        )
        if worst > 1e-14
        else translate("Its relative error stays below 10⁻¹⁴ wherever it is a number. ")
    )
    if start is None:
        return digits + translate("It is a number everywhere in the plot.")
    return digits + translate("From z = {start:g} on, in the shaded part, it is not a number.", start=start)
