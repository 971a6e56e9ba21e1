"""The plots about temperature: paths on the simplex, sampled words, and the scores of attention."""

from functools import cache

import numpy as np
from activations import softmax, softmax_jacobian
from explore import BLUE, GREY, ORANGE, PURPLE
from plotting.wording import fixed
from translation import message, translate, translate_count

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])
PATHS = {"2, 1, 0": (2.0, 1.0, 0.0), "2, 1.8, 0": (2.0, 1.8, 0.0), "2, 2, 0": (2.0, 2.0, 0.0)}
TEMPERATURES = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 20)
WORDS = {
    message("blue"): 4.0,
    message("grey"): 3.0,
    message("clear"): 2.5,
    message("dark"): 1.5,
    message("falling"): 0.0,
    message("green"): -1.5,
}
DIMENSIONS = (1, 4, 16, 64, 256, 1024)
SCALES = {message("as they are"): lambda d: 1.0, message("divided by √d"): lambda d: float(np.sqrt(d))}


def tempered(logits, temperature):
    """Softmax of the logits divided by the temperature."""
    return softmax(np.asarray(logits, dtype=float) / temperature)


def entropy(p):
    """-sum p log p in nats; a probability of 0 adds nothing."""
    p = np.asarray(p)[np.asarray(p) > 0]
    return float(-np.sum(p * np.log(p)))


def draw_simplex(axes, *, temperature, logits):
    """The triangle of all probabilities of three classes, the path of softmax, and the point at T."""
    axes.plot(*CORNERS[[0, 1, 2, 0]].T, linestyle="-", color=GREY)
    path = np.array([tempered(PATHS[logits], t) for t in np.geomspace(0.01, 1000, 81)]) @ CORNERS
    axes.plot(*path.T, linestyle="--", color=BLUE, linewidth=1.4)
    p = tempered(PATHS[logits], temperature)
    centre, here = CORNERS.mean(axis=0), p @ CORNERS
    axes.plot(*centre, "s", color=PURPLE, markersize=6)
    axes.text(centre[0], centre[1] + 0.045, "uniform", color=PURPLE, ha="center")
    axes.plot(*here, "o", color=ORANGE, markersize=10)
    for name, (x, y), (right, up), value in zip(
        "ABC", CORNERS, ((-0.02, -0.1), (0.02, -0.1), (0, 0.04)), p, strict=True
    ):
        axes.text(x + right, y + up, f"{name}: {value:.2f}", ha="center")
    axes.set(xlim=(-0.2, 1.2), ylim=(-0.16, 1.0), aspect="equal")
    axes.set_axis_off()


def describe_simplex(*, temperature, logits):
    """Give the three probabilities and say where the point is."""
    p = tempered(PATHS[logits], temperature)
    if p.max() > 0.95:
        where = translate("almost in the corner of A")
    elif p.max() - p.min() < 0.05:
        where = translate("almost in the middle")
    else:
        where = (
            translate("half-way between A and B")
            if p[2] < 0.01 and p[0] - p[1] < 0.01
            else translate("on its way along the dashed path")
        )
    return translate(
        "Logits {logits} at temperature {temperature:g}: {first:.2f}, {second:.2f} and {third:.2f}. The point "
        "is {where}; the entropy is {entropy:.2f}, at most {most:.2f}.",
        logits=logits,
        temperature=temperature,
        first=p[0],
        second=p[1],
        third=p[2],
        where=where,
        entropy=entropy(p),
        most=np.log(3),
    )


@cache
def sampled(temperature, draws):
    """How often each word of `WORDS` comes in so many draws (6,), always with the same random numbers."""
    p = tempered(list(WORDS.values()), temperature)
    places = np.searchsorted(p.cumsum()[:-1], np.random.default_rng(3).random(draws), side="right")
    return np.bincount(places, minlength=len(WORDS))


def draw_sampling(axes, *, temperature, draws):
    """Bars for the share of each word, and marks at its probability."""
    p, places = tempered(list(WORDS.values()), temperature), np.arange(len(WORDS))[::-1]
    counts = sampled(temperature, draws)
    axes.barh(places, counts / draws, 0.62, color=BLUE, linewidth=0, alpha=0.75, label="share drawn")
    axes.plot(p, places, "D", color=ORANGE, markersize=6, label="probability")
    for place, count in zip(places, counts, strict=True):
        axes.text(1.04, place, f"{count}", ha="right", va="center")
    axes.set(
        xlabel="share", xlim=(-0.02, 1.05), yticks=places, yticklabels=[translate(word) for word in WORDS]
    )
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)


def describe_sampling(*, temperature, draws):
    """Give the first and the last word, and how many came at all."""
    counts, p = sampled(temperature, draws), tempered(list(WORDS.values()), temperature)
    return translate(
        "{draws} draws at temperature {temperature:g}: “blue” came {blue} times, with probability "
        "{often:.2f}, and “green” {green} times, with probability {seldom:.4f}. "
        "{words} of 6 words came at all.",
        draws=draws,
        temperature=temperature,
        blue=counts[0],
        often=p[0],
        green=counts[-1],
        seldom=p[-1],
        words=np.count_nonzero(counts),
    )


@cache
def attention(dimension, scaled, keys=8, queries=400):
    """Mean weights (keys,), largest first, of random queries on random keys, and the mean size of softmax'.

    All components are standard normal. The size is the largest singular value of the Jacobian.
    """
    rng = np.random.default_rng(2)
    scores = np.array(
        [rng.normal(size=(keys, dimension)) @ rng.normal(size=dimension) for _ in range(queries)]
    )
    weights = softmax(scores / SCALES[scaled](dimension))
    sizes = [np.linalg.norm(softmax_jacobian(z), 2) for z in scores / SCALES[scaled](dimension)]
    return np.sort(weights, axis=1)[:, ::-1].mean(axis=0), float(np.mean(sizes))


def draw_attention(axes, *, dimension, scaled):
    """The mean weights of eight keys, largest first."""
    weights, _ = attention(dimension, scaled)
    places = np.arange(1, len(weights) + 1)
    axes.bar(places, weights, 0.6, color=BLUE, linewidth=0)
    axes.axhline(1 / 8, color=GREY, linestyle="--", linewidth=1)
    axes.text(8.4, 0.145, "equal weights", color=GREY, ha="right")
    axes.set(xlabel="key, by weight", ylabel="mean attention weight", ylim=(0, 1.02), xticks=places)


def describe_attention(*, dimension, scaled):
    """Give the largest weight and the size of the derivative."""
    weights, size = attention(dimension, scaled)
    return translate(
        "{dimensions}, scores {scaled}: the largest of eight weights is "
        "{largest:.2f} on average, and the derivative of softmax has size {size}.",
        dimensions=translate_count("{count} dimension", "{count} dimensions", dimension),
        scaled=scaled,
        largest=weights[0],
        size=fixed(size),
    )
