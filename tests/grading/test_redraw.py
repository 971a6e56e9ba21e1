"""Fresh arguments are like the given ones in all that matters, and hold none of their numbers."""

import numpy as np
import pytest

from autograder.judging.mistakes.redraw import CannotRedraw, redraw


def fresh(*values: object, keep_zeros: bool = True, seed: int = 1) -> list:
    return redraw(values, np.random.default_rng(seed), keep_zeros)


@pytest.mark.parametrize("shape", [(), (0,), (5,), (2, 3), (2, 0), (2, 3, 4)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.uint8, bool])
def test_shape_and_type_are_kept(shape: tuple[int, ...], dtype: type) -> None:
    array = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
    (drawn,) = fresh(array)
    assert (drawn.shape, drawn.dtype) == (array.shape, array.dtype)


def test_no_hidden_number_is_in_the_fresh_ones() -> None:
    hidden = np.random.default_rng(0).normal(size=50) * 10.0 ** np.arange(-25, 25)
    (drawn,) = fresh(hidden)
    assert not np.isin(drawn, hidden).any()


def test_signs_and_sizes_are_kept() -> None:
    hidden = np.array([-700.0, 800.0, 1e4, -1e-3, 0.5])
    (drawn,) = fresh(hidden)
    assert sorted(np.sign(drawn)) == sorted(np.sign(hidden))
    assert np.abs(drawn).max() == 1e4
    assert (np.abs(drawn) >= 700).sum() == 3


def test_zeros_stay_unless_they_may_be_kinks() -> None:
    assert fresh(np.zeros(3))[0].tolist() == [0, 0, 0]
    assert fresh(np.zeros(3), keep_zeros=False)[0].all()


def test_labels_stay_labels() -> None:
    (drawn,) = fresh(np.array([0, 2, 1, 1, 0]))
    assert set(drawn.tolist()) <= {0, 1, 2}


def test_the_same_seed_draws_the_same() -> None:
    assert fresh(np.ones(4), 0.3, [1.5])[0].tolist() == fresh(np.ones(4), 0.3, [1.5])[0].tolist()
    assert fresh(np.ones(4))[0].tolist() != fresh(np.ones(4), seed=2)[0].tolist()


def test_names_choices_and_functions_stay() -> None:
    assert fresh("he", True, None, 2, abs) == ["he", True, None, 2, abs]


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(CannotRedraw):
        fresh(object())
