"""Independent values of everything that students compute, worked out by mpmath at 50 digits and more.

Nothing here is taken from a solution: sums are written out, and derivatives are measured at a precision at which a difference
is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import mpmath as mp
import numpy as np

SELU_ALPHA = "1.67326324235437728481704299167"
SELU_SCALE = "1.05070098735548049341933498529"
FAR_OUT = 400  # digits: float64 ends at 5e-324, and what is left of 1 there must still be seen


def _sigmoid(z: mp.mpf) -> mp.mpf:
    return 1 / (1 + mp.exp(-z))


def _softplus(z: mp.mpf) -> mp.mpf:
    return mp.log1p(mp.exp(-abs(z))) + max(z, mp.mpf(0))


def _elu(z: mp.mpf, alpha: mp.mpf | float = 1) -> mp.mpf:
    return z if z > 0 else mp.mpf(alpha) * mp.expm1(z)


def _leaky(z: mp.mpf, alpha: float = 0.01) -> mp.mpf:
    return z if z > 0 else mp.mpf(alpha) * z


ORACLES: dict[str, Callable[..., mp.mpf]] = {
    "identity": lambda z: z,
    "step": lambda z: mp.mpf(z >= 0),
    "sign": mp.sign,
    "sigmoid": _sigmoid,
    "tanh": mp.tanh,
    "hard_sigmoid": lambda z: min(mp.mpf(1), max(mp.mpf(0), z / 6 + mp.mpf(1) / 2)),
    "hard_tanh": lambda z: min(mp.mpf(1), max(mp.mpf(-1), z)),
    "relu": lambda z: max(z, mp.mpf(0)),
    "leaky_relu": _leaky,
    "prelu": _leaky,
    "elu": _elu,
    "selu": lambda z: mp.mpf(SELU_SCALE) * _elu(z, mp.mpf(SELU_ALPHA)),
    "softplus": _softplus,
    "swish": lambda z, beta=1.0: z * _sigmoid(beta * z),
    "gelu": lambda z: z * mp.erfc(-z / mp.sqrt(2)) / 2,
    "mish": lambda z: z * mp.tanh(_softplus(z)),
}


def values(name: str, z: Iterable[float], *parameters: float, **options: float) -> np.ndarray:
    """The function at each `z`, rounded once to float64."""
    with mp.workdps(50):
        return np.array([float(ORACLES[name](mp.mpf(float(x)), *parameters, **options)) for x in z])


def slopes(name: str, z: Iterable[float], *parameters: float, **options: float) -> np.ndarray:
    """The derivative at each `z`, which must not be a kink or a jump, by a central difference.

    A step of 1e-30 leaves an error near 1e-60. With so many digits a difference of values keeps all that float64 can hold.
    """

    def slope(x: float) -> float:
        with mp.workdps(120 if abs(x) < 30 else 800):
            h = mp.mpf(10) ** (-30 if abs(x) < 30 else -330)
            right, left = (ORACLES[name](mp.mpf(x) + step, *parameters, **options) for step in (h, -h))
            return float((right - left) / (2 * h))

    return np.array([slope(float(x)) for x in z])


def function(name: str) -> Callable[..., Any]:
    """Return an activation function as students write it: for arrays of any shape."""
    return _on_arrays(lambda z, *parameters, **options: values(name, z, *parameters, **options))


def derivative(name: str) -> Callable[..., Any]:
    """Return the derivative of an activation function, for arrays of any shape."""
    return _on_arrays(lambda z, *parameters, **options: slopes(name, z, *parameters, **options))


def _on_arrays(of_list: Callable[..., np.ndarray]) -> Callable[..., Any]:
    def on_arrays(z: Any, *parameters: float, **options: float) -> Any:
        z = np.asarray(z)
        found = of_list(z.ravel().tolist(), *parameters, **options).reshape(z.shape)
        return found if z.ndim else float(found)

    return on_arrays


def exact(value: Any) -> Any:
    """Return arrays as nested lists of mpmath's numbers, to compute with."""
    return (
        [exact(part) for part in value]
        if isinstance(value, (list, tuple, np.ndarray))
        else mp.mpf(float(value))
    )


def rounded(value: Any) -> Any:
    """Return nested lists of mpmath's numbers as an array, each rounded once to float64; a number as a float."""
    if isinstance(value, (list, tuple)):
        return np.array([rounded(part) for part in value])
    return float(value)


def net_inputs(X: Any, parameters: Any) -> list[Any]:
    """Return the net input of each row: the weighted sum, plus the bias, which is the last parameter."""
    return [mp.fdot([*row, 1], parameters) for row in exact(X)]


def measured(loss: Callable[..., Any], place: Any) -> np.ndarray:
    """Return the derivative of a loss in each of a list of numbers, by central differences at 120 digits."""
    with mp.workdps(120):
        step, place = mp.mpf(10) ** -30, exact(place)
        found = []
        for i in range(len(place)):
            moved = [[*place[:i], place[i] + h, *place[i + 1 :]] for h in (step, -step)]
            found.append((loss(moved[0]) - loss(moved[1])) / (2 * step))
        return rounded(found) if found else np.empty(0)


def log_loss(z: Any, y: Any) -> float:
    """The mean log loss of logits, each row by the textbook's formula at 50 digits and far more where p is close to 0 or 1."""
    with mp.workdps(50):
        return float(_log_loss(exact(z), y))


def _log_loss(z: list[Any], y: Any) -> Any:
    return mp.fsum(_softplus(v) - int(label) * v for v, label in zip(z, y, strict=True)) / len(z)


def log_loss_grad(X: Any, w: Any, b: Any, y: Any) -> dict[str, Any]:
    """The slope of the mean log loss in weights and bias, measured at 120 digits."""
    with mp.workdps(120):
        found = measured(lambda p: _log_loss(net_inputs(X, p), y), [*w, b])
    return {"dw": found[:-1], "db": float(found[-1])}


def predict(X: Any, w: Any, b: Any) -> Any:
    """1 where the net input is at least 0, and 0 elsewhere."""
    with mp.workdps(50):
        return np.array([int(z >= 0) for z in net_inputs(X, exact([*w, b]))], dtype=int)


def prelu_grad_alpha(z: Any, alpha: float) -> Any:
    """The derivative of PReLU in its slope: z on the left, 0 on the right."""
    z = np.asarray(z)
    found = np.array([min(float(x), 0.0) for x in z.ravel()]).reshape(z.shape)
    return found if z.ndim else float(found)


def net_input(X: Any, w: Any, b: Any) -> np.ndarray:
    """The net input of each row."""
    with mp.workdps(50):
        return rounded(net_inputs(X, exact([*w, b])))


def mse(y_hat: Any, y: Any) -> float:
    """The mean of the squared errors."""
    with mp.workdps(50):
        return float(_mean_square(exact(y_hat), y))


def _mean_square(y_hat: list[Any], y: Any) -> Any:
    return mp.fsum((a - b) ** 2 for a, b in zip(y_hat, exact(y), strict=True)) / len(y_hat)


def mse_grad(X: Any, w: Any, b: Any, y: Any) -> dict[str, Any]:
    """The slope of the mean squared error in weights and bias, measured at 120 digits."""
    found = measured(lambda p: _mean_square(net_inputs(X, p), y), [*w, b])
    return {"dw": found[:-1], "db": float(found[-1])}


def numerical_grad(f: Any, z: Any, h: float = 1e-5) -> Any:
    """The central difference of a formula, at 50 digits."""

    def difference(x: float) -> float:
        return float((f.exact(mp.mpf(x) + mp.mpf(h)) - f.exact(mp.mpf(x) - mp.mpf(h))) / (2 * mp.mpf(h)))

    with mp.workdps(50):
        z = np.asarray(z)
        found = np.array([difference(float(x)) for x in z.ravel()]).reshape(z.shape)
        return found if z.ndim else float(found)


def least_squares(X: Any, y: Any) -> dict[str, Any]:
    """Weights and bias by the normal equations, solved at 50 digits."""
    with mp.workdps(50):
        A, targets = mp.matrix([[*row, 1] for row in exact(X)]), mp.matrix(exact(y))
        *w, b = mp.lu_solve(A.T * A, A.T * targets)
        return {"w": rounded(w), "b": float(b)}


def gradient_descent(X: Any, y: Any, lr: float, steps: int) -> dict[str, Any]:
    """Weights, bias and losses of gradient descent from 0, sums written out, at 50 digits."""
    with mp.workdps(50):
        rows, targets, place = [[*row, 1] for row in exact(X)], exact(y), [mp.mpf(0)] * (len(X[0]) + 1)
        losses = []
        for _ in range(steps + 1):
            end = place
            errors = [mp.fdot(row, place) - target for row, target in zip(rows, targets, strict=True)]
            losses.append(mp.fsum(error**2 for error in errors) / len(rows))
            slopes_ = [2 * mp.fdot(errors, column) / len(rows) for column in zip(*rows, strict=True)]
            place = [p - mp.mpf(lr) * slope for p, slope in zip(place, slopes_, strict=True)]
        return {"w": rounded(end[:-1]), "b": float(end[-1]), "losses": rounded(losses)}


def nothing() -> dict[str, Any]:
    """Nothing is expected of a function but what its tests say."""
    return {}


def _pieces(X: Any, W: Any, b: Any) -> list[list[list[Any]]]:
    """Return the net input of each piece, by row, unit and piece, sums written out."""
    layers = [list(zip(*weights, strict=True)) for weights in exact(W)]
    return [
        [
            [mp.fdot(row, layer[j]) + bias[j] for layer, bias in zip(layers, exact(b), strict=True)]
            for j in range(len(b[0]))
        ]
        for row in exact(X)
    ]


def maxout(X: Any, W: Any, b: Any) -> np.ndarray:
    """The largest piece of each row and unit."""
    with mp.workdps(50):
        return rounded([[max(pieces) for pieces in row] for row in _pieces(X, W, b)]).reshape(
            len(X), len(b[0])
        )


def maxout_grad(X: Any, W: Any, b: Any, dout: Any) -> dict[str, Any]:
    """The gradients of maxout by its definition: the winning piece gets what comes from above, of equal ones the first.

    With ties, `low` and `high` hold the least and the most that db may be, `lowX` and `highX` that of dX.
    """
    X, W, dout = (np.asarray(part, dtype=float) for part in (X, W, dout))
    with mp.workdps(50):
        pieces = _pieces(X, W, b)
    winners = [[[i for i, value in enumerate(unit) if value == max(unit)] for unit in row] for row in pieces]
    ways = [
        _handed_back(X, W, dout, winners, turn) for turn in range(max(len(w) for row in winners for w in row))
    ]
    dX, dW, db = ways[0]
    low, high = ([bound([way[i] for way in ways], axis=0) for i in (0, 2)] for bound in (np.min, np.max))
    return {
        "dX": dX,
        "dW": dW,
        "db": db,
        "every": np.concatenate([part.ravel() for part in ways[0]]),
        "lowX": low[0],
        "low": low[1],
        "highX": high[0],
        "high": high[1],
        "sums": [float(np.sum(dW)), float(np.sum(db))],
    }


def _handed_back(X: Any, W: Any, dout: Any, winners: Any, turn: int) -> list[np.ndarray]:
    """Give each entry of dout to one winning piece, where several are equal to the one whose turn it is."""
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros((len(W), dout.shape[1]))
    for (r, j), upstream in np.ndenumerate(dout):
        i = winners[r][j][min(turn, len(winners[r][j]) - 1)]
        dX[r] += upstream * W[i, :, j]
        dW[i, :, j] += upstream * X[r]
        db[i, j] += upstream
    return [np.round(part, 12) for part in (dX, dW, db)]


def _log_shares(row: list[Any]) -> list[Any]:
    total = mp.log(mp.fsum(mp.exp(z) for z in row))
    return [z - total for z in row]


def _by_row(Z: Any, of_row: Callable[[list[Any]], Any]) -> np.ndarray:
    """Apply a function of one row along the last axis. Far out a row needs many digits."""
    Z = np.asarray(Z, dtype=float)
    with mp.workdps(50 if np.all(np.abs(Z) < 30) else FAR_OUT):
        rows = [rounded(of_row(exact(row))) for row in Z.reshape(-1, Z.shape[-1])]
    return np.array(rows).reshape(Z.shape)


def log_softmax(Z: Any) -> np.ndarray:
    """The logarithm of the softmax along the last axis."""
    return _by_row(Z, _log_shares)


def softmax(Z: Any) -> np.ndarray:
    """The softmax along the last axis."""
    return _by_row(Z, lambda row: [mp.exp(share) for share in _log_shares(row)])


def softmax_with_temperature(Z: Any, T: float) -> np.ndarray:
    """The softmax of Z / T along the last axis."""
    with mp.workdps(FAR_OUT):
        return _by_row(
            np.asarray(Z, dtype=float),
            lambda row: [mp.exp(s) for s in _log_shares([z / mp.mpf(T) for z in row])],
        )


def softmax_jacobian(z: Any) -> np.ndarray:
    """The derivative of each probability in each logit, by the quotient rule: p_i (d_ij sum - e_j) / sum."""
    with mp.workdps(50 if np.all(np.abs(z) < 30) else FAR_OUT):
        powers = [mp.exp(v) for v in exact(z)]
        total = mp.fsum(powers)
        k = range(len(powers))
        return rounded([[powers[i] * ((i == j) * total - powers[j]) / total**2 for j in k] for i in k])


def _cross_entropy(Z: list[list[Any]], y: Any) -> Any:
    return -mp.fsum(_log_shares(row)[int(label)] for row, label in zip(Z, y, strict=True)) / len(Z)


def cross_entropy(Z: Any, y: Any) -> dict[str, Any]:
    """The mean cross-entropy, and that for `others`: in each row the label after its own."""
    with mp.workdps(FAR_OUT if np.any(np.abs(Z) > 30) else 50):
        others = (np.asarray(y) + 1) % np.shape(Z)[1]
        first, second = (float(_cross_entropy(exact(Z), labels)) for labels in (y, others))
        return {"expected": first, "others": others, "other": second}


def cross_entropy_grad(Z: Any, y: Any) -> np.ndarray:
    """The gradient of the mean cross-entropy: the slope of each row's loss, by the quotient rule, over their number."""
    Z = np.asarray(Z, dtype=float)
    with mp.workdps(50 if np.all(np.abs(Z) < 30) else FAR_OUT):
        found = []
        for row, label in zip(exact(Z), y, strict=True):
            powers = [mp.exp(z) for z in row]
            found.append([(p / mp.fsum(powers) - (j == int(label))) / len(Z) for j, p in enumerate(powers)])
        return rounded(found)


def standardize(X: Any) -> dict[str, Any]:
    """Columns of mean 0 and standard deviation 1, and which columns are constant."""

    def scaled(column: list[Any]) -> list[Any]:
        mean = mp.fsum(column) / len(column)
        spread = mp.sqrt(mp.fsum((x - mean) ** 2 for x in column) / len(column))
        return [(x - mean) / spread if len(set(column)) > 1 else mp.mpf(0) for x in column]

    return _by_column(X, scaled)


def rescale(X: Any, low: float, high: float) -> dict[str, Any]:
    """Columns that reach from low to high, and which columns are constant."""

    def stretched(column: list[Any]) -> list[Any]:
        first, extent = min(column), max(column) - min(column)
        return [exact(low) + (exact(high) - exact(low)) * (x - first) / (extent or 1) for x in column]

    return _by_column(X, stretched)


def _by_column(X: Any, of_column: Callable[[list[Any]], list[Any]]) -> dict[str, Any]:
    with mp.workdps(50):
        columns = list(zip(*exact(X), strict=True))
        found = rounded(list(zip(*[of_column(list(column)) for column in columns], strict=True)))
    return {"expected": found, "constant": [j for j, column in enumerate(columns) if len(set(column)) == 1]}


def init_weights(n_in: int, n_out: int, scheme: str, rng: Any) -> dict[str, Any]:
    """Between what the standard deviation must be, and by what factor the two schemes differ."""
    spread = np.sqrt({"xavier": 2 / (n_in + n_out), "he": 2 / n_in}.get(scheme, 1.0))
    return {
        "low": float(f"{0.97 * spread:.4g}"),
        "high": float(f"{1.03 * spread:.4g}"),
        "ratio": float(mp.sqrt(mp.mpf(n_in + n_out) / n_in)),
    }


def _forward(params: Any, X: Any, activation: str) -> tuple[Any, Any, Any]:
    """Go forward, sums written out, for parameters and inputs of mpmath's numbers."""
    W1, b1, W2, b2 = params
    columns = list(zip(*W1, strict=True))
    Z1 = [[mp.fdot(row, column) + bias for column, bias in zip(columns, b1, strict=True)] for row in X]
    A = [[ORACLES[activation](z) for z in row] for row in Z1]
    return Z1, A, [mp.fdot(row, [w[0] for w in W2]) + b2[0] for row in A]


def cache(params: Any, X: Any, activation: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What forward returns."""
    n, k = len(X), len(params[1])
    with mp.workdps(50):
        found = _forward(exact(params), exact(X), activation)
        Z1, A, z = (rounded(part) for part in found)
    return Z1.reshape(n, k), A.reshape(n, k), z.reshape(n)


def forward(params: Any, X: Any, activation: str) -> dict[str, Any]:
    """What forward returns, by name."""
    return dict(zip(("Z1", "A", "z"), cache(params, X, activation), strict=True))


def _unpacked(entries: list[Any], params: Any) -> list[Any]:
    """Return entries as lists nested like parameters."""
    shapes, left, found = [np.shape(part) for part in params], list(entries), []
    for shape in shapes:
        size = int(np.prod(shape))
        part, left = left[:size], left[size:]
        found.append(part if len(shape) == 1 else [part[i : i + shape[1]] for i in range(0, size, shape[1])])
    return found


def _loss(entries: list[Any], params: Any, X: Any, y: Any, activation: str) -> Any:
    return _log_loss(_forward(_unpacked(entries, params), exact(X), activation)[2], y)


def backward(params: Any, X: Any, y: Any, activation: str, cache: Any = None) -> dict[str, Any]:
    """The gradient of the mean log loss, measured in every parameter at 120 digits: no backward pass."""
    entries = [float(entry) for part in params for entry in np.ravel(part)]
    found = measured(lambda p: _loss(p, params, X, y, activation), entries)
    found = np.where(np.abs(found) < 1e-60, 0.0, found)
    parts = [np.array(part) for part in _unpacked(found.tolist(), params)]
    return {**dict(zip(("dW1", "db1", "dW2", "db2"), parts, strict=True)), "every": found}


def train(params: Any, *rest: Any) -> dict[str, Any]:
    """Parameters and losses of gradient descent, with gradients that are measured."""
    if len(rest) == 1:  # the seeds of the test on held-back data
        return {"seed": params, "first": rest[0]}
    X, y, activation, lr, steps = rest
    with mp.workdps(120):
        place = [mp.mpf(float(entry)) for part in params for entry in np.ravel(part)]
        losses, h = [_loss(place, params, X, y, activation)], mp.mpf(10) ** -30
        for _ in range(steps):
            moved = [
                ([*place[:i], v + h, *place[i + 1 :]], [*place[:i], v - h, *place[i + 1 :]])
                for i, v in enumerate(place)
            ]
            rises = [
                (_loss(up, params, X, y, activation) - _loss(down, params, X, y, activation)) / (2 * h)
                for up, down in moved
            ]
            place = [v - mp.mpf(lr) * rise for v, rise in zip(place, rises, strict=True)]
            losses.append(_loss(place, params, X, y, activation))
    return {"end": rounded(place), "losses": rounded(losses)}
