"""How the descriptions of plots write numbers."""


def fixed(value, digits=2):
    """`value` with this many decimals, a true minus sign, and no minus before a zero."""
    return f"{round(float(value), digits) + 0.0:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def power(value, digits=1):
    """A positive number by its size: 2e-05 as two times 10⁻⁵, and numbers from 0.01 to 1000 as they are.

    `digits` are those of the factor before the power of ten.
    """
    if 0.01 <= value < 1000:
        return f"{value:.2g}" if value < 100 else f"{value:.0f}"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    size = "10" + str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return size if float(mantissa) == 1 else f"{mantissa} \N{MULTIPLICATION SIGN} {size}"
