"""Time one pass of each activation over 10,000 numbers, and write what the book shows about it.

    python benchmarks/activation_cost.py            # prints a table
    python benchmarks/activation_cost.py --write    # and replaces chapters/experiments/measured/activation_cost.json

Each function is the plain NumPy expression that a person would write, without the checks of the book's own
functions. The figure is the fastest of many rounds, which other work on the machine disturbs least.
"""

from __future__ import annotations

import argparse
import json
import platform
import timeit
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import erf

Array = np.ndarray[Any, np.dtype[np.float64]]

SIZE, ROUNDS, CALLS = 10_000, 60, 30
RESULT = Path(__file__).parents[1] / "chapters" / "experiments" / "measured" / "activation_cost.json"
FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "step": lambda z: np.where(z >= 0, 1.0, 0.0),
    "sign": np.sign,
    "ReLU": lambda z: np.maximum(z, 0.0),
    "leaky ReLU": lambda z: np.maximum(z, 0.01 * z),
    "PReLU": lambda z: np.where(z > 0, z, 0.25 * z),
    "hard tanh": lambda z: np.clip(z, -1.0, 1.0),
    "hard sigmoid": lambda z: np.clip(z / 6 + 0.5, 0.0, 1.0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "tanh from exponentials": lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
    "ELU": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0.0))),
    "SELU": lambda z: 1.0507 * np.where(z > 0, z, 1.6733 * np.expm1(np.minimum(z, 0.0))),
    "swish": lambda z: z / (1 + np.exp(-z)),
    "softplus": lambda z: np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z))),
    "GELU, exact": lambda z: z / 2 * (1 + erf(z / np.sqrt(2))),
    "mish": lambda z: z * np.tanh(np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))),
}

# The derivative from z alone, and from the output that the forward pass has kept, where a formula in it exists.
DERIVATIVES: dict[str, Callable[[Array], Array]] = {
    "ReLU": lambda z: z > 0,
    "sigmoid": lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "ELU": lambda z: np.where(z > 0, 1.0, np.exp(np.minimum(z, 0.0))),
    "softplus": lambda z: 1 / (1 + np.exp(-z)),
    "swish": lambda z: (s := 1 / (1 + np.exp(-z))) * (1 + z * (1 - s)),
    "GELU, exact": lambda z: (1 + erf(z / np.sqrt(2))) / 2 + z * np.exp(-z * z / 2) / np.sqrt(2 * np.pi),
}
FROM_OUTPUT: dict[str, Callable[[Array], Array]] = {
    "ReLU": lambda a: a > 0,
    "sigmoid": lambda a: a * (1 - a),
    "tanh": lambda a: 1 - a * a,
    "ELU": lambda a: np.where(a > 0, 1.0, a + 1),
}


def nanoseconds(function: Callable[[Array], Array], z: Array) -> float:
    """Fastest time of `function` on `z`, per element."""
    rounds = timeit.repeat(lambda: function(z), repeat=ROUNDS, number=CALLS)
    return min(rounds) / CALLS / z.size * 1e9


def _times(functions: dict[str, Callable[[Array], Array]], z: Array) -> dict[str, float]:
    return {name: round(nanoseconds(function, z), 3) for name, function in functions.items()}


def _derivative(name: str, z: Array) -> dict[str, float]:
    """Times of the derivative, from z and from the output, divided by that of the function just before."""
    unit = nanoseconds(FUNCTIONS[name], z)
    times = {"from z": nanoseconds(DERIVATIVES[name], z)}
    if name in FROM_OUTPUT:
        times["from the output"] = nanoseconds(FROM_OUTPUT[name], FUNCTIONS[name](z))
    return {kind: round(time / unit, 2) for kind, time in times.items()}


def measure() -> dict[str, Any]:
    """Time every function, and say on what."""
    z = np.random.default_rng(0).normal(0, 2, SIZE)
    return {
        "command": "python benchmarks/activation_cost.py --write",
        "machine": f"one core, {platform.machine()}, NumPy {np.__version__}, float64",
        "elements": SIZE,
        "nanoseconds": _times(FUNCTIONS, z),
        "derivatives": {name: _derivative(name, z) for name in DERIVATIVES},
    }


def main() -> None:
    """Measure, print, and write the result where the book reads it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", action="store_true", help="replace the figures that the book shows")
    arguments = parser.parse_args()
    result = measure()
    for name, time in result["nanoseconds"].items():
        print(f"{name:24} {time:8.2f} ns an element, {time / result['nanoseconds']['ReLU']:6.1f} x ReLU")
    for name, times in result["derivatives"].items():
        print(f"derivative of {name:12} {times} x its function")
    if arguments.write:
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
