"""A plot in a running kernel: ipywidgets that draw the frame again when a value changes."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from .parameters import Grid, Parameter


def widget(
    title: str, grid: Grid, draw: Callable[[dict[str, Any]], str], describe: Callable[..., str]
) -> Any:
    """A box of labelled controls above the plot and its description; frames are drawn when asked for."""
    import ipywidgets

    controls = {name: _control(parameter) for name, parameter in grid.parameters.items()}
    plot, says = ipywidgets.HTML(), ipywidgets.HTML()

    def show(_change: object = None) -> None:
        values = {name: control.value for name, control in controls.items()}
        plot.value = f'<div style="max-width:40rem">{draw(values)}</div>'
        says.value = f"<p>{escape(describe(**values))}</p>"

    for control in controls.values():
        control.observe(show, names="value")
    show()
    heading = ipywidgets.HTML(f"<strong>{escape(title)}</strong>")
    rows = [
        _playable(controls[name]) if _plays(of) else controls[name] for name, of in grid.parameters.items()
    ]
    return ipywidgets.VBox([heading, *rows, plot, says])


def _plays(parameter: Parameter) -> bool:
    return getattr(parameter, "play", False)


def _playable(control: Any) -> Any:
    """The slider with a button that moves it by itself, two values a second."""
    import ipywidgets

    play = ipywidgets.Play(min=0, max=len(control.options) - 1, value=control.index, interval=500)
    ipywidgets.link((play, "value"), (control, "index"))
    return ipywidgets.HBox([play, control])


def _control(parameter: Parameter) -> Any:
    import ipywidgets

    options = [(parameter.text(index), value) for index, value in enumerate(parameter.values)]
    kind = ipywidgets.Dropdown if parameter.control == "select" else ipywidgets.SelectionSlider
    return kind(
        options=options,
        value=parameter.values[parameter.start],
        description=parameter.label,
        style={"description_width": "initial"},
        layout={"width": "min(36rem, 95%)"},
    )
