"""Logarithmic axes whose labels are plain text: matplotlib sets "10⁻³" as mathematics, which takes long."""

import numpy as np
from matplotlib.ticker import FuncFormatter, NullFormatter

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_of_ten(value, _position=None):
    """A whole power of ten as text, 0.001 as 10⁻³; any other positive number as nothing."""
    exponent = np.log10(value)
    return "10" + f"{exponent:.0f}".translate(_RAISED) if abs(exponent - round(exponent)) < 1e-9 else ""


def label_powers(*axes):
    """Label each logarithmic x and y axis of the matplotlib `axes` at whole powers of ten."""
    for axis in (part for one in axes for part in (one.xaxis, one.yaxis)):
        if axis.get_scale() == "log":
            axis.set_major_formatter(FuncFormatter(power_of_ten))
            axis.set_minor_formatter(NullFormatter())
