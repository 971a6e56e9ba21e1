"""Real data that the chapters fit, as NumPy arrays; all sets come with scikit-learn."""

from functools import cache

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine

_BMI, _TOTAL_CHOLESTEROL, _LDL = 2, 4, 5
_PETAL_LENGTH, _PETAL_WIDTH = 2, 3
_ALCOHOL, _FLAVANOIDS = 0, 6


def standardize(X):
    """Shift and scale each column of `X` (n, d) to mean 0 and standard deviation 1."""
    return (X - X.mean(axis=0)) / X.std(axis=0)


@cache
def _diabetes():
    return load_diabetes(return_X_y=True, scaled=False)


def diabetes_bmi():
    """Body-mass index in kg/m² (442,) and disease progression after a year (442,), both as measured."""
    X, y = _diabetes()
    return X[:, _BMI], y


def diabetes_cholesterol():
    """Total and LDL cholesterol, standardised (442, 2), and disease progression about its mean (442,)."""
    X, y = _diabetes()
    return standardize(X[:, [_TOTAL_CHOLESTEROL, _LDL]]), y - y.mean()


@cache
def iris_petals():
    """Petal length and width in cm (100, 2) of two iris species; labels (100,): 0 versicolor, 1 virginica."""
    X, species = load_iris(return_X_y=True)
    rows = species > 0
    return X[rows][:, [_PETAL_LENGTH, _PETAL_WIDTH]], species[rows] - 1


@cache
def iris_separable():
    """Petal length and width in cm (100, 2) of two species that a line separates; 0 setosa, 1 versicolor."""
    X, species = load_iris(return_X_y=True)
    rows = species < 2
    return X[rows][:, [_PETAL_LENGTH, _PETAL_WIDTH]], species[rows]


@cache
def few_tumours(rows, seed=1):
    """The 30 columns and labels of the breast cancer data, `rows` of them for training and the rest held back.

    Returns training inputs and labels, then the others; all are standardised by the training rows.
    """
    X, y = load_breast_cancer(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(y))
    train, rest = order[:rows], order[rows:]
    X = (X - X[train].mean(axis=0)) / X[train].std(axis=0)
    return X[train], y[train], X[rest], y[rest]


@cache
def wine_alcohol_flavanoids():
    """Alcohol in % by volume and flavanoids (178, 2) of wines; labels (178,): 0, 1, 2, the cultivar."""
    X, cultivar = load_wine(return_X_y=True)
    return X[:, [_ALCOHOL, _FLAVANOIDS]], cultivar
