"""The plots of classes that no line separates: boundaries of networks, and training at many learning rates."""

import numpy as np
from experiments.plane_network import POINTS, points, predict, train
from explore import BLUE, GREEN, GREY, ORANGE, PURPLE
from plotting.log_axes import label_powers
from plotting.wording import fixed
from translation import message, translate, translate_count

MODELS = {message("logistic regression"): 0, message("200 sigmoid hidden units"): 200}
UNITS = (1, 2, 3, 5, 20, 200)
RATES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
RATE_UNITS, RATE_STEPS = 20, 400
LOOKS = {"sigmoid": (BLUE, "--"), "tanh": (ORANGE, "-"), "ReLU": (GREEN, ":")}
SIDE = 49


def draw_models(axes, *, data, model):
    """The held-back points, and where the model changes its mind."""
    _boundary(axes, data, MODELS[model], "sigmoid")


def describe_models(*, data, model):
    """Say what the boundary looks like, and how often it is wrong."""
    run = train(data, MODELS[model], "sigmoid")
    shape = (
        translate("one straight line")
        if MODELS[model] == 0
        else translate("a curve that follows the classes")
    )
    return translate(
        "{model} on {data}: the boundary is {shape}. {errors}",
        model=translate(model).capitalize(),
        data=data,
        shape=shape,
        errors=_errors(run),
    )


def draw_units(axes, *, units, activation):
    """The boundary on the two moons with this many hidden units."""
    _boundary(axes, "two moons", units, activation)


def describe_units(*, units, activation):
    """Say how often the network is wrong."""
    run = train("two moons", units, activation)
    many = translate_count(
        "{count} hidden unit with {activation}",
        "{count} hidden units with {activation}",
        units,
        activation=activation,
    )
    straight = activation == "identity" or units == 1
    return translate(
        "{many}: the boundary is {how}. {errors}",
        many=many,
        how=translate("a straight line") if straight else translate("bent"),
        errors=_errors(run),
    )


def draw_rate(panels, *, rate, activation):
    """Training loss step by step, for three activations; below, the boundary of the chosen one."""
    curve, plane = panels
    steps = np.arange(RATE_STEPS)
    for name, (colour, style) in LOOKS.items():
        run, wide = _rate_run(rate, name), 2.4 if name == activation else 0.9
        curve.semilogy(steps[::4], run.losses[::4], linestyle=style, color=colour, linewidth=wide, label=name)
    curve.set(xlabel="step", ylabel="training loss", ylim=(1e-2, 2e1), xlim=(-5, RATE_STEPS + 5))
    label_powers(curve)
    curve.legend(loc="upper right", ncols=3)
    _boundary(plane, "two moons", RATE_UNITS, activation, rate, RATE_STEPS)


def describe_rate(*, rate, activation):
    """Give the last loss, the roughness of the way, and the errors."""
    run = _rate_run(rate, activation)
    ups = int(np.count_nonzero(np.diff(run.losses) > 0))
    way = (
        translate("It rose in {ups} of the {steps} steps", ups=ups, steps=RATE_STEPS - 1)
        if ups
        else translate("It fell in every step")
    )
    return translate(
        "{activation}, learning rate {rate:g}: the loss went from {first} to {last}. {way}. {errors}",
        activation=activation,
        rate=rate,
        first=fixed(run.losses[0]),
        last=fixed(run.losses[-1]),
        way=way,
        errors=_errors(run),
    )


def _rate_run(rate, activation):
    return train("two moons", RATE_UNITS, activation, rate, RATE_STEPS)


def _errors(run):
    return translate(
        "Errors: {train_error:.1f} % in training, {test_error:.1f} % on held-back points.",
        train_error=run.train_error,
        test_error=run.test_error,
    )


def _boundary(axes, data, units, activation, *settings):
    X, y = points(data)
    for label, colour, marker in ((0, BLUE, "o"), (1, PURPLE, "^")):
        rows = X[POINTS:][y[POINTS:] == label]
        axes.plot(
            *rows.T,
            marker,
            color=colour,
            markersize=3.5,
            linestyle="none",
            alpha=0.7,
            label=translate("class {label}", label=label),
        )
    side = np.linspace(-2.6, 2.6, SIDE)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    z = predict(train(data, units, activation, *settings).params, grid, activation).reshape(SIDE, SIDE)
    axes.contour(side, side, z, levels=[0.0], colors=[ORANGE], linewidths=2.2, linestyles="-")
    axes.plot([], [], color=ORANGE, linestyle="-", linewidth=2.2, label="boundary")
    axes.set(xlabel="x₁", ylabel="x₂", xlim=(-2.6, 2.6), ylim=(-2.6, 2.6))
    axes.legend(loc="upper right", fontsize="small", ncols=3, handlelength=1.2, columnspacing=0.8)
    axes.grid(color=GREY, alpha=0.15)
