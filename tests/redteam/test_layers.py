"""The red team with layers of confinement switched off: what is left still holds, and every layer matters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.judging.sandbox import LAYERS, NAMESPACES
from tests.redteam import judged
from tests.redteam.catalogue import attack, under_layers
from tests.redteam.verdict import describe, hits

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("red team on the layers")]

ESCAPES = [
    attack(name)
    for name in (
        *("reach-local-service", "reach-unix-socket", "reach-home-folder", "reach-subprocess"),
        *("reach-raw-system-calls", "reach-escape-by-namespace", "neighbour-site-packages"),
        *("neighbour-warm-process", "neighbour-shared-memory", "neighbour-signal-by-pipe"),
        *("neighbour-file-modes", "hold-daemon", "crash-kill-parent", "crash-kill-everyone"),
        *("read-everything-reachable", "read-parent-memory", "send-stash-in-shared-memory"),
    )
]
"""The attacks that confinement alone stands against."""

FILES = {"mount", "landlock", "seccomp"}
THROUGH = [
    (FILES, "reach-home-folder", "reached out"),
    (FILES, "neighbour-shared-memory", "wrote outside"),
    (FILES, "reach-escape-by-namespace", "wrote outside"),
    ({"pid", "seccomp"}, "neighbour-warm-process", "neighbour harmed"),
    ({"pid", "landlock", "seccomp"}, "crash-kill-parent", "batch stopped"),
    ({"network", "landlock", "seccomp"}, "reach-local-service", "reached out"),
    ({"user", "landlock", "seccomp"}, "read-parent-memory", "saw hidden tests"),
    ({"user", "landlock", "seccomp"}, "neighbour-file-modes", "wrote outside"),
    ({"user", "landlock", "seccomp"}, "neighbour-signal-by-pipe", "batch stopped"),
]
"""Layers off, an attack that then gets through, and the aim it reaches (memory and shared memory:
see tests/judging).
"""


def test_without_user_namespaces_there_is_no_other(seen_in_container):
    layers = {seen.layers for seen in seen_in_container.values() if seen.layers}
    assert layers == {tuple(layer for layer in LAYERS if layer not in NAMESPACES)}


@pytest.mark.parametrize("one", under_layers(), ids=str)
def test_what_remains_without_namespaces_contains_the_attack(one, seen_in_container):
    seen = seen_in_container[one.id]
    assert hits(one, seen) == (), f"{describe(seen)} points; {seen.detail}"


@pytest.fixture(scope="module")
def seen_without(seen_in_container):
    """What was seen of the escapes without each layer: without user namespaces it was seen already."""
    others = [layer for layer in LAYERS if layer != "user"]
    seen = judged.run_each(ESCAPES, [[layer] for layer in others], seconds=900)
    return {"user": seen_in_container, **dict(zip(others, seen, strict=True))}


@pytest.mark.parametrize("layer", LAYERS)
def test_no_single_layer_is_all_that_holds(layer, seen_without):
    seen = seen_without[layer]
    assert {one.id: found for one in ESCAPES if (found := hits(one, seen[one.id]))} == {}


@pytest.mark.parametrize(
    ("off", "name", "aim"),
    THROUGH,
    ids=lambda value: "+".join(sorted(value)) if isinstance(value, set) else value,
)
def test_attack_gets_through_where_its_layers_are_off(off, name, aim):
    one, limits = attack(name), replace(judged.QUICK, cell=20.0)  # to read all memory takes a while
    assert aim in hits(one, judged.run([one], without=off, seconds=120, limits=limits)[name])
