"""The plot of a gradient check beside a kink."""

import numpy as np
from activations import relu, relu_grad, softplus, softplus_grad
from explore import BLUE, GREY, ORANGE
from plotting.log_axes import label_powers
from plotting.wording import power
from translation import translate

CHECKED = {
    "ReLU": (relu, relu_grad),
    "softplus": (softplus, softplus_grad),
}
STEPS = np.logspace(-12, 0, 49)
AT = 0.01  # how far from the kink the derivative is checked


def central(function, z, h):
    """Central difference quotient of a function in `CHECKED`."""
    f = CHECKED[function][0]
    return (f(z + h) - f(z - h)) / (2 * h)


def check_error(function, h):
    """Distance of the central difference at 0.01 from the derivative there; `h` of any shape."""
    return np.abs(central(function, AT, h) - CHECKED[function][1](AT))


def draw_check(panels, *, h, function):
    """The chord that the difference uses, seen close up; below, the error against the step."""
    close, error = panels
    z = np.unique(np.r_[np.linspace(-0.12, 0.12, 25), 0.0])
    f, _ = CHECKED[function]
    close.plot(z, f(z) - f(AT), color=BLUE, linestyle="-", linewidth=2.4)
    ends = np.array([AT - h, AT + h])
    close.plot(z, central(function, AT, h) * (z - AT), color=ORANGE, linestyle="--")
    close.plot(ends, f(ends) - f(AT), "o", color=ORANGE)
    close.set(xlabel="pre-activation z", ylabel="f(z) minus f(0.01)", xlim=(-0.12, 0.12), ylim=(-0.12, 0.12))
    close.axvline(0, color=GREY, linestyle=":", linewidth=1)
    error.loglog(STEPS, np.maximum(check_error(function, STEPS), 1e-17), color=BLUE, linestyle="-")
    error.loglog(h, max(check_error(function, h), 1e-17), "D", color=ORANGE, markersize=8)
    error.axvline(AT, color=GREY, linestyle=":", linewidth=1)
    error.set(xlabel="step h", ylabel="error of the slope", ylim=(1e-18, 10))
    error.minorticks_off()
    label_powers(error)


def describe_check(*, h, function):
    """Say whether the step reaches across the kink and what that costs."""
    slope, error = float(CHECKED[function][1](AT)), float(check_error(function, h))
    far = "0" if error == 0 else power(error)
    across = function != "softplus" and h > AT
    why = (
        translate("The two points lie on different sides of the corner")
        if across
        else translate("Both points lie on one smooth piece")
    )
    return translate(
        "{function} at z = 0.01 with h = {h}: "
        "the central difference is {central:.6f}, the derivative {slope:.6f}. "
        "{why}; the error is {far}.",
        function=function,
        h=power(h),
        central=central(function, AT, h),
        slope=slope,
        why=why,
        far=far,
    )
