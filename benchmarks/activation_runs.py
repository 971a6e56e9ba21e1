"""Train the same digit network with every activation, and write what the chapter on choosing shows.

    python benchmarks/activation_runs.py            # prints a table
    python benchmarks/activation_runs.py --write    # and replaces the stored runs

Each activation gets the learning rate, out of three, at which its loss ends lowest with the first seed. The
accuracy is the mean of three seeds at that rate. Everything else is the same for all.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"
sys.path.insert(0, str(CHAPTERS))

from experiments.deep_digits import EVERY, NAMES, STEPS, train  # noqa: E402

RATES, SEEDS, LAYERS = (0.03, 0.1, 0.3), (0, 1, 2), (2, 10)
RESULT = CHAPTERS / "experiments" / "measured" / "activation_runs.json"


def best_run(name: str, layers: int) -> dict[str, Any]:
    """The run at the best rate, as numbers to store."""
    traces = {rate: train(name, layers, rate) for rate in RATES}
    last = {rate: trace.losses[-1] for rate, trace in traces.items()}
    rate = min(RATES, key=lambda r: last[r] if math.isfinite(last[r]) else math.inf)
    trace = traces[rate]
    others = [train(name, layers, rate, seed).accuracy for seed in SEEDS[1:]]
    accuracies = [trace.accuracy, *others]
    return {
        "rate": rate,
        "losses": [float(f"{value:.3g}") for value in trace.losses],
        "idle": [round(value, 4) for value in trace.idle],
        "gradients": [float(f"{value:.3g}") for value in trace.gradients],
        "accuracy": round(sum(accuracies) / len(accuracies), 4),
        "accuracy_range": [round(min(accuracies), 4), round(max(accuracies), 4)],
    }


def measure() -> dict[str, Any]:
    """All runs, by hidden layers and activation."""
    return {
        "command": "python benchmarks/activation_runs.py --write",
        "data": "digits of scikit-learn: 1400 images for training, 397 held back",
        "steps": STEPS,
        "every": EVERY,
        "runs": {str(layers): {name: best_run(name, layers) for name in NAMES} for layers in LAYERS},
    }


def main() -> None:
    """Train, print, and write the result where the book reads it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", action="store_true", help="replace the runs that the book shows")
    arguments = parser.parse_args()
    result = measure()
    for layers, runs in result["runs"].items():
        for name, run in runs.items():
            print(f"{layers:>2} layers {name:10} rate {run['rate']:<4} loss {run['losses'][-1]:8.4f} "
                  f"idle {run['idle'][-1]:6.1%} accuracy {run['accuracy']:6.1%}")  # fmt: skip
    if arguments.write:
        RESULT.write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
