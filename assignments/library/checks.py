"""The checks that every notebook has in its setup cell. What follows the imports is copied there as it stands.

A check hides its own frames, so that a failing test shows its own lines and no others. The last positional argument of each
is the message, a literal in the test: feedback may show it.
"""

import numpy as np

# --- copied from here on


def check_close(actual, expected, message, tolerance=1e-9):
    """Fail with message unless |actual - expected| <= tolerance * (1 + |expected|) everywhere, all finite."""
    __tracebackhide__ = True
    assert actual is not None, f"{message}\nIt returned None. Is a return missing?"
    actual, expected = np.asarray(actual, dtype=float), np.asarray(expected, dtype=float)
    assert actual.shape == expected.shape, f"{message}\nThe shape is {actual.shape}, not {expected.shape}."
    close = np.abs(actual - expected) <= tolerance * (1 + np.abs(expected))
    wrong = np.argwhere(~(close & np.isfinite(expected)))
    if len(wrong):
        place = tuple(int(i) for i in wrong[0])
        raise AssertionError(f"{message}\nAt place {place}: {actual[place]}, not {expected[place]}.")


def check_between(actual, low, high, message):
    """Fail with message unless low <= actual <= high everywhere (up to 1e-9)."""
    __tracebackhide__ = True
    assert actual is not None, f"{message}\nIt returned None. Is a return missing?"
    actual, low, high = np.asarray(actual, dtype=float), np.array(low), np.array(high)
    assert actual.shape == low.shape, f"{message}\nThe shape is {actual.shape}, not {low.shape}."
    inside = (actual >= low - 1e-9) & (actual <= high + 1e-9)
    assert np.all(inside), f"{message}\nIt gives {actual}."


def check_floats(actual, shape, message):
    """Fail with message unless actual is a float64 array (or, for shape (), a number) of this shape."""
    __tracebackhide__ = True
    found = f"{message}\nIt returned {type(actual).__name__}"
    assert isinstance(actual, (np.ndarray, np.generic, float)), f"{found}."
    actual = np.asarray(actual)
    found = f"{found} with dtype {actual.dtype} and shape {actual.shape}, not float64 and {shape}."
    assert (actual.dtype, actual.shape) == (np.float64, shape), found


def check_shape(actual, shape, message):
    """Fail with message unless actual is an array (or, for shape (), a number) of this shape."""
    __tracebackhide__ = True
    kinds = (np.ndarray, np.generic, int, float) if shape == () else np.ndarray
    assert isinstance(actual, kinds), f"{message}\nIt returned {type(actual).__name__}."
    assert np.shape(actual) == shape, f"{message}\nThe shape is {np.shape(actual)}, not {shape}."


def arrays(value):
    """Return all arrays in a value: in an array, or in lists and tuples of arrays."""
    if isinstance(value, (list, tuple)):
        return [array for part in value for array in arrays(part)]
    return [value] if isinstance(value, np.ndarray) else []


def flat(value):
    """Return the entries of all arrays in a value, one after another."""
    return np.concatenate([np.ravel(part) for part in value])


def unpacked(entries, *shapes):
    """Return entries as arrays of these shapes: what flat() has undone."""
    ends = np.cumsum([np.prod(shape, dtype=int) for shape in shapes])
    return [part.reshape(shape) for part, shape in zip(np.split(entries, ends[:-1]), shapes, strict=True)]


def check_unchanged(function, arguments, message):
    """Fail with message unless the function returns something and leaves its arguments as they were."""
    __tracebackhide__ = True
    before = [array.tolist() for array in arrays(arguments)]
    returned = function(*arguments)
    assert returned is not None, f"{message}\nIt returned None. Is a return missing?"
    assert [array.tolist() for array in arrays(arguments)] == before, message


def check_new(function, arguments, message):
    """Fail with message if what the function returns is, or shows, one of its arguments."""
    __tracebackhide__ = True
    returned = arrays(function(*arguments))
    pairs = [(new, old) for old in arrays(arguments) for new in returned]
    assert not any(new.shape == old.shape and np.shares_memory(new, old) for new, old in pairs), message


def check_refuses(call, error, message):
    """Fail with message unless the call raises this kind of error."""
    __tracebackhide__ = True
    try:
        call()
    except error:
        return
    raise AssertionError(message)


def check_without(function, arguments, modules, names, message):
    """Fail with message if the function uses one of these names of the modules: here they raise an error.

    A second name that you gave to one of them before is not seen here. It is seen when your work is graded.
    """
    __tracebackhide__ = True

    def refuse(*_, **__):
        raise RuntimeError("this function is not allowed here")

    finished = [(module, name, getattr(module, name)) for module in modules for name in names]
    assert not any(function is original for _, _, original in finished), message
    try:
        for module, name, _ in finished:
            setattr(module, name, refuse)
        returned = function(*arguments)
    except RuntimeError as error:
        assert "not allowed" not in str(error), message
        raise
    finally:
        for module, name, original in finished:
            setattr(module, name, original)
    assert returned is not None, f"{message}\nIt returned None. Is a return missing?"


def own_result(compute, message):
    """Return what follows from your own functions; fail with message where it is not finite, or 0 everywhere."""
    __tracebackhide__ = True
    try:
        own = np.asarray(compute(), dtype=float)
    except Exception:
        raise AssertionError(message) from None
    assert np.all(np.isfinite(own)), message
    assert np.any(np.abs(own) > 1e-4), message
    return own


def check_either(actual, expected, own, message, start=None):
    """Fail with message unless actual is expected, or else what own() gives: what follows from your own results.

    That counts only where it has moved away from start, or, without a start, is not one number everywhere.
    """
    __tracebackhide__ = True
    try:
        check_close(actual, expected, message)
    except AssertionError:
        result = own_result(own, message)
        moved = np.ptp(result) if start is None else np.max(np.abs(result - start))
        assert result.size == 1 or moved > 1e-4, message
        check_close(actual, result, message)


def check_slope(returned, slope, function, places, message):
    """Fail with message unless returned is the true slope, or else the slope of your own function."""
    __tracebackhide__ = True
    try:
        check_close(returned, slope, message, tolerance=1e-6)
    except AssertionError:
        own = own_result(lambda: (function(places + 1e-5) - function(places - 1e-5)) / 2e-5, message)
        check_close(returned, own, message, tolerance=1e-6)


def check_gradient(returned, gradient, function, parameters, message):
    """Fail with message unless returned is the true gradient, or else that of your own function.

    The slopes of your function are measured one parameter at a time; parameters run along the last axis.
    """
    __tracebackhide__ = True
    try:
        check_close(returned, gradient, message, tolerance=1e-6)
    except AssertionError:
        steps = 1e-5 * np.eye(parameters.size).reshape(-1, *parameters.shape)
        own = own_result(
            lambda: [(function(parameters + step) - function(parameters - step)) / 2e-5 for step in steps],
            message,
        )
        own = np.moveaxis(own, 0, -1).reshape(np.shape(gradient))
        check_close(returned, own, message, tolerance=1e-6)
