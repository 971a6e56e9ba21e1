"""The facts that tables print about each function, checked by numbers."""

from __future__ import annotations

import math

import activations
import numpy as np
import pytest
from activations import ACTIVATIONS
from book_mathml import to_mathml

GRID = np.linspace(-60, 60, 240_001)
NAMES = list(ACTIVATIONS)


@pytest.fixture(params=NAMES)
def activation(request):
    return ACTIVATIONS[request.param]


def test_every_elementwise_function_is_listed():
    public = {name.removesuffix("_grad") for name in activations.__all__ if name.endswith("_grad")}
    assert public - {"maxout"} == set(NAMES)  # maxout works on a layer


def test_range_is_reached_or_approached_and_never_left(activation):
    facts, values = activation.facts, activation.function(GRID)
    far = activation.function(np.array([-1e4, 1e4]))
    seen = np.concatenate([values, far])
    assert seen.min() >= facts.lowest - 1e-15
    assert seen.max() <= facts.highest + 1e-15
    assert_reached(seen.min(), facts.lowest)
    assert_reached(seen.max(), facts.highest)


def assert_reached(extreme, bound):
    if math.isinf(bound):
        assert abs(extreme) >= 99
    else:
        assert extreme == pytest.approx(bound, abs=1e-7)


@pytest.mark.parametrize("side", [-1, 1])
def test_limits(activation, side):
    limit = activation.facts.left if side < 0 else activation.facts.right
    near, far = activation.function(side * np.array([1e3, 1e4]))
    if math.isinf(limit):
        assert math.copysign(1, far) == math.copysign(1, limit)
        assert abs(far) == pytest.approx(10 * abs(near))
    else:
        assert far == pytest.approx(limit, abs=1e-12)


def test_monotone_means_never_falling(activation):
    steps = np.diff(activation.function(GRID))
    assert bool((steps >= -1e-15).all()) == activation.facts.monotone


def test_zero_centred_means_odd(activation):
    odd = np.allclose(activation.function(-GRID), -activation.function(GRID), rtol=0, atol=1e-12)
    assert odd == activation.facts.zero_centred


def test_convex_means_that_chords_lie_above(activation):
    bends = np.diff(activation.function(np.linspace(-8, 8, 3_201)), n=2)
    assert bool((bends >= -1e-12).all()) == activation.facts.convex


def test_jumps_are_where_the_value_jumps(activation):
    places = [place for place in (-3.0, -1.0, 0.0, 1.0, 3.0) if jump(activation.function, place) > 1e-6]
    assert places == list(activation.facts.jumps)


def test_kinks_are_where_the_derivative_jumps_by_the_stated_amount(activation):
    places = [place for place in (-3.0, -1.0, 0.0, 1.0, 3.0) if jump(activation.derivative, place) > 1e-6]
    assert places == [kink.place for kink in activation.facts.kinks]
    for kink in activation.facts.kinks:
        sides = activation.derivative(np.array([kink.place - 1e-9, kink.place + 1e-9]))
        np.testing.assert_allclose(sides, [kink.left, kink.right], atol=1e-8)


def jump(function, place):
    before, after = function(np.array([place - 1e-9, place + 1e-9]))
    return abs(after - before)


def test_number_of_continuous_derivatives(activation):
    facts = activation.facts
    second = jump(lambda z: central_difference(activation.derivative, z), 0.0)
    if facts.jumps:
        assert facts.derivatives == -1
    elif facts.kinks:
        assert facts.derivatives == 0
    elif second > 1e-3:
        assert facts.derivatives == 1
    else:
        assert facts.derivatives == math.inf
    assert facts.smooth == (facts.derivatives == math.inf)


def central_difference(function, z, h=1e-10):
    return (function(z + h) - function(z - h)) / (2 * h)


def test_formulas_are_mathematics_that_the_book_can_show(activation):
    for formula in (activation.formula, activation.derivative_formula):
        assert to_mathml(formula, display=True).startswith("<math")
