"""Check what PyTorch, Keras and JAX call each activation, and with which defaults, and write it for the cheat sheet.

    python benchmarks/library_names.py            # prints a table
    python benchmarks/library_names.py --write    # and replaces chapters/experiments/measured/library_names.json

Needs torch, keras with tensorflow-cpu, and jax, which the course does not install. Each call is compared with the
book's own function in 64 bits: with its defaults, and with each parameter set to the default that the table
names. A name or a default that is no longer right ends with an error.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import json
import os
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"
sys.path.insert(0, str(CHAPTERS))

import activations as book  # noqa: E402

Array = np.ndarray[Any, np.dtype[np.float64]]

RESULT = CHAPTERS / "experiments" / "measured" / "library_names.json"
LIBRARIES = {"PyTorch": "torch", "Keras": "keras", "TensorFlow": "tensorflow", "JAX": "jax"}
Z = np.linspace(-12, 12, 4802)
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Call:
    """One library's function: its address, its parameters with their defaults, what it needs, what it computes."""

    address: str
    reference: Callable[[Array], Array]
    defaults: dict[str, Any] = field(default_factory=dict)
    needs: dict[str, Any] = field(default_factory=dict)
    extra: tuple[float, ...] = ()
    note: str = ""


def gelu_tanh(z: Array) -> Array:
    """The approximation of GELU by tanh."""
    return z / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))


def hard_swish(z: Array) -> Array:
    """`z` times the hard sigmoid."""
    return z * book.hard_sigmoid(z)


def same(torch: str, keras: str, jax: str, reference: Callable[[Array], Array]) -> dict[str, Call]:
    """The calls of a function without parameters."""
    return {"PyTorch": Call(torch, reference), "Keras": Call(keras, reference), "JAX": Call(jax, reference)}


F, A, N = "torch.nn.functional.", "keras.activations.", "jax.nn."
ROWS = np.stack([Z, 0 * Z, -Z], axis=-1)
CALLS: dict[str, dict[str, Call]] = {
    "identity": same("torch.nn.Identity()", A + "linear", N + "identity", book.identity),
    "step": {
        "PyTorch": Call("torch.heaviside", book.step, extra=(1.0,), note="the second argument is the value at 0"),
        "JAX": Call("jax.numpy.heaviside", book.step, extra=(1.0,), note="the second argument is the value at 0"),
    },
    "sign": same("torch.sign", "keras.ops.sign", "jax.numpy.sign", book.sign),
    "sigmoid": same("torch.sigmoid", A + "sigmoid", N + "sigmoid", book.sigmoid),
    "tanh": same("torch.tanh", A + "tanh", "jax.numpy.tanh", book.tanh),
    "hard_sigmoid": same(F + "hardsigmoid", A + "hard_sigmoid", N + "hard_sigmoid", book.hard_sigmoid),
    "hard_tanh": {
        "PyTorch": Call(F + "hardtanh", book.hard_tanh, {"min_val": -1.0, "max_val": 1.0}),
        "Keras": Call(A + "hard_tanh", book.hard_tanh),
        "JAX": Call(N + "hard_tanh", book.hard_tanh),
    },
    "relu": same(F + "relu", A + "relu", N + "relu", book.relu),
    "leaky_relu": {
        "PyTorch": Call(F + "leaky_relu", book.leaky_relu, {"negative_slope": 0.01}),
        "Keras": Call(A + "leaky_relu", lambda z: book.leaky_relu(z, 0.2), {"negative_slope": 0.2},
                      note="the layer `LeakyReLU` has 0.3"),
        "TensorFlow": Call("tensorflow.nn.leaky_relu", lambda z: book.leaky_relu(z, 0.2), {"alpha": 0.2}),
        "JAX": Call(N + "leaky_relu", book.leaky_relu, {"negative_slope": 0.01}),
    },
    "prelu": {
        "PyTorch": Call("torch.nn.PReLU()", lambda z: book.prelu(z, 0.25), note="`init=0.25`, one slope for all units"),
        "Keras": Call("keras.layers.PReLU()", lambda z: book.prelu(z, 0.0),
                      note="`alpha_initializer='Zeros'`, a slope for each unit"),
    },
    "elu": {
        "PyTorch": Call(F + "elu", book.elu, {"alpha": 1.0}),
        "Keras": Call(A + "elu", book.elu, {"alpha": 1.0}),
        "JAX": Call(N + "elu", book.elu, {"alpha": 1.0}),
    },
    "selu": same(F + "selu", A + "selu", N + "selu", book.selu),
    "softplus": {
        "PyTorch": Call(F + "softplus", book.softplus, {"beta": 1.0, "threshold": 20.0},
                        note="the identity where `beta * z > threshold`"),
        "Keras": Call(A + "softplus", book.softplus),
        "JAX": Call(N + "softplus", book.softplus),
    },
    "swish": same(F + "silu", A + "silu", N + "silu", book.swish),
    "hard_swish": same(F + "hardswish", A + "hard_silu", N + "hard_silu", hard_swish),
    "gelu": {
        "PyTorch": Call(F + "gelu", book.gelu, {"approximate": "none"}, note="exact"),
        "Keras": Call(A + "gelu", book.gelu, {"approximate": False}, note="exact"),
        "TensorFlow": Call("tensorflow.nn.gelu", book.gelu, {"approximate": False}, note="exact"),
        "JAX": Call(N + "gelu", gelu_tanh, {"approximate": True}, note="the tanh form"),
    },
    "mish": same(F + "mish", A + "mish", N + "mish", book.mish),
    "softmax": {
        "PyTorch": Call(F + "softmax", book.softmax, needs={"dim": -1}, note="`dim` has no default"),
        "Keras": Call(A + "softmax", book.softmax, {"axis": -1}),
        "JAX": Call(N + "softmax", book.softmax, {"axis": -1}),
    },
    "log_softmax": {
        "PyTorch": Call(F + "log_softmax", book.log_softmax, needs={"dim": -1}, note="`dim` has no default"),
        "Keras": Call(A + "log_softmax", book.log_softmax, {"axis": -1}),
        "JAX": Call(N + "log_softmax", book.log_softmax, {"axis": -1}),
    },
}  # fmt: skip


def run(library: str, call: Call, z: Array, options: dict[str, Any]) -> Array:
    """What the library makes of `z`, in 64 bits."""
    module, _, name = call.address.rpartition(".")
    function = getattr(importlib.import_module(module), name.removesuffix("()"))
    if name.endswith("()"):
        function = function(**({"dtype": "float64"} if library == "Keras" else {}))
        if library == "PyTorch":
            function = function.double()
        elif library == "Keras":
            z = z[:, None]
    values = function(*(tensor(library, a) for a in (z, *call.extra)), **options)
    values = values.detach().numpy() if library == "PyTorch" else np.asarray(values)
    return values.reshape(values.shape[:1] + (() if values.shape[1:] in ((), (1,)) else values.shape[1:]))


def tensor(library: str, value: Any) -> Any:
    """A tensor of the library, where it asks for one."""
    if library == "PyTorch":
        return importlib.import_module("torch").tensor(value, dtype=importlib.import_module("torch").float64)
    if library in ("TensorFlow", "Keras"):
        return importlib.import_module("tensorflow").constant(value, dtype="float64")
    return importlib.import_module("jax.numpy").asarray(value, dtype="float64")


def check(name: str, library: str, call: Call) -> dict[str, Any]:
    """The entry of one call, once its values and defaults are right; SystemExit where they are not."""
    z = ROWS if "softmax" in name else Z
    plain = run(library, call, z, call.needs)
    apart = float(np.abs(plain - call.reference(z)).max())
    same_defaults = np.array_equal(plain, run(library, call, z, call.needs | call.defaults))
    if apart > TOLERANCE or not same_defaults:
        raise SystemExit(
            f"{library} {call.address}: {apart:.1e} from the book's, same defaults: {same_defaults}"
        )
    named = [f"{key}={value!r}" for key, value in (call.needs | call.defaults).items()]
    shown = ", ".join([*map(repr, call.extra), *named])
    return {"call": call.address, "arguments": shown, "note": call.note, "difference": float(f"{apart:.1e}")}


def measure() -> dict[str, Any]:
    """All entries, and the versions that they are true of."""
    importlib.import_module("jax").config.update("jax_enable_x64", True)
    return {
        "command": "python benchmarks/library_names.py --write",
        "versions": {name: importlib.metadata.version(DISTRIBUTIONS.get(package, package)).split("+")[0]
                     for name, package in LIBRARIES.items()},
        "functions": {name: {library: check(name, library, call) for library, call in calls.items()}
                      for name, calls in CALLS.items()},
    }  # fmt: skip


DISTRIBUTIONS = {"tensorflow": "tensorflow-cpu"}


def main() -> None:
    """Check, print, and write the result where the book reads it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", action="store_true", help="replace the names that the book shows")
    arguments = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    warnings.simplefilter("ignore")
    result = measure()
    for name, calls in result["functions"].items():
        for library, entry in calls.items():
            print(f"{name:13} {library:11} {entry['call']}({entry['arguments']}) {entry['difference']:.0e}")
    if arguments.write:
        RESULT.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
