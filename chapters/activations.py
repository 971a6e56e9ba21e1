"""Every activation function of the book: the function, its derivative, and the facts about it.

    from activations import ACTIVATIONS, sigmoid, sigmoid_grad

`ACTIVATIONS` maps the name of each elementwise function to an `Activation`. Plots, tables and tests read from
here.
"""

from __future__ import annotations

from functions.elementwise import (
    SELU_ALPHA,
    SELU_SCALE,
    elu,
    elu_grad,
    gelu,
    gelu_grad,
    hard_sigmoid,
    hard_sigmoid_grad,
    hard_tanh,
    hard_tanh_grad,
    identity,
    identity_grad,
    leaky_relu,
    leaky_relu_grad,
    mish,
    mish_grad,
    prelu,
    prelu_grad,
    prelu_grad_alpha,
    relu,
    relu_grad,
    selu,
    selu_grad,
    sigmoid,
    sigmoid_grad,
    sign,
    sign_grad,
    softplus,
    softplus_grad,
    step,
    step_grad,
    swish,
    swish_grad,
    tanh,
    tanh_grad,
)
from functions.facts import Activation, Facts, Kink, Source
from functions.maxout_family import maxout, maxout_grad
from functions.softmax_family import log_softmax, softmax, softmax_jacobian
from functions.table import ACTIVATIONS

__all__ = [
    "ACTIVATIONS",
    "SELU_ALPHA",
    "SELU_SCALE",
    "Activation",
    "Facts",
    "Kink",
    "Source",
    "elu",
    "elu_grad",
    "gelu",
    "gelu_grad",
    "hard_sigmoid",
    "hard_sigmoid_grad",
    "hard_tanh",
    "hard_tanh_grad",
    "identity",
    "identity_grad",
    "leaky_relu",
    "leaky_relu_grad",
    "log_softmax",
    "maxout",
    "maxout_grad",
    "mish",
    "mish_grad",
    "prelu",
    "prelu_grad",
    "prelu_grad_alpha",
    "relu",
    "relu_grad",
    "selu",
    "selu_grad",
    "sigmoid",
    "sigmoid_grad",
    "sign",
    "sign_grad",
    "softmax",
    "softmax_jacobian",
    "softplus",
    "softplus_grad",
    "step",
    "step_grad",
    "swish",
    "swish_grad",
    "tanh",
    "tanh_grad",
]
