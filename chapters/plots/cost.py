"""What each activation costs: the plot and the numbers of a measurement that is kept with the book."""

import json
from functools import cache
from pathlib import Path

from explore import BLUE
from translation import message, translate

MEASURED = Path(__file__).parents[1] / "experiments" / "measured" / "activation_cost.json"
STRAIGHT = (
    "ReLU",
    message("hard tanh"),
    message("hard sigmoid"),
    "sigmoid",
    "tanh",
    message("tanh from exponentials"),
)
FAMILY = ("ReLU", message("leaky ReLU"), "tanh", "ELU", "swish", "softplus", "mish", message("GELU, exact"))


@cache
def measurement():
    """The measurement: the command that made it, the machine, and nanoseconds for each function."""
    return json.loads(MEASURED.read_text())


def relative_cost(name):
    """Time of the function divided by that of ReLU."""
    times = measurement()["nanoseconds"]
    return times[name] / times["ReLU"]


def derivative_cost():
    """Time of each derivative divided by that of its function: from z, and from the output or None."""
    derivatives = measurement()["derivatives"].items()
    return {name: (times["from z"], times.get("from the output")) for name, times in derivatives}


class Cost:
    """The two functions that `show` asks for, for the functions `names`."""

    def __init__(self, names):
        self.names = names

    def draw(self, axes):
        """A bar for each function, as long as its time relative to ReLU."""
        times = [relative_cost(name) for name in self.names]
        axes.barh([translate(name) for name in self.names], times, color=BLUE, height=0.6)
        for row, time in enumerate(times):
            axes.text(time + 0.02 * max(times), row, f"{time:.1f}", va="center")
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.set(xlabel="time (ReLU = 1)", xlim=(0, 1.15 * max(times)))

    def describe(self):
        """Read the bars out."""
        bars = translate(", ").join(f"{translate(name)} {relative_cost(name):.1f}" for name in self.names)
        return translate("Time for one number, relative to ReLU: {bars}.", bars=bars)
