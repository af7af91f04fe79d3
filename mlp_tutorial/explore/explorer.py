"""What every explorer is: its controls' values, the widget that shows them, and a still picture of the first ones.

A new explorer is an entry of web/controls.json, a module in web/, and a subclass that draws the still picture.
"""

import json
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from traitlets import Dict, Unicode

from mlp_tutorial import checks
from mlp_tutorial.figures.style import WIDE, WIDTH

WEB = Path(__file__).with_name("web")
FILES = [*WEB.glob("*.js"), WEB / "program.txt", WEB.with_name("points.py")]
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in FILES}
CONTROLS = json.loads((WEB / "controls.json").read_text(encoding="utf-8"))
SCALE = 2  # pixels per pixel of the screen, so that the picture is sharp on paper and on a projector
VIEW = "application/vnd.jupyter.widget-view+json"


class Widget(anywidget.AnyWidget):
    """What runs in the browser: the explorer's `name`, its controls, and their values, which both sides set.

    `still` is the picture that stands in the explorer's place where the browser can't run it.
    """

    _esm = TEXTS["loader.js"]
    _css = (WEB / "explorer.css").read_text(encoding="utf-8")
    name, controls, modules = Unicode().tag(sync=True), Dict().tag(sync=True), Dict(TEXTS).tag(sync=True)
    state, still = Dict().tag(sync=True), Dict().tag(sync=True)


class Explorer:
    """Controls, and below them the picture of their values; `values` sets those that shall differ from the first.

    Raises:
        ValueError: a name that no control has, or a value that its control can't show.
    """

    def __init__(self, **values: object) -> None:
        self.name = type(self).__name__
        controls = CONTROLS[self.name]["controls"]
        values = {name: checks.plain(value) for name, value in values.items()}
        for name, value in values.items():
            known = name in controls
            told = _misfit(value, controls[name]) if known else f"이름이 {', '.join(controls)} 가운데 하나여야"
            if told:
                raise ValueError(f"{self.name}의 {name}: {told} 합니다 (받은 값: {name}={value!r}).")
        state = {name: control["value"] for name, control in controls.items()} | values
        self.widget = Widget(name=self.name, controls=CONTROLS[self.name], state=state)

    @property
    def values(self) -> dict[str, Any]:
        """The controls' values by name, as the reader left them."""
        return dict(self.widget.state)

    def draw(self) -> tuple[Figure, str]:
        """Return the figure for the present values, and what it shows in words."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give a notebook the widget, and beside it the picture for where no kernel runs.

        IPython's display protocol asks for this method by its name.
        """
        figure, alt = self.draw()
        figure.set_dpi(100 * SCALE)
        size = {"width": round(100 * figure.get_figwidth()), "height": round(100 * figure.get_figheight()), "alt": alt}
        still = {"text/plain": repr(self), "image/png": b64encode(_png(figure)).decode()}
        self.widget.still = size | {"src": f"data:image/png;base64,{still['image/png']}"}
        return {VIEW: self.widget.get_view_spec()} | still, {"image/png": size}  # in ipywidgets 7 (Colab), too

    def __repr__(self) -> str:
        """Name the controls' values."""
        return f"{self.name}({', '.join(f'{name}={value!r}' for name, value in self.values.items())})"


def _misfit(value: object, control: dict[str, Any]) -> str:
    """Return in words what the control takes where it can't show the value, else nothing."""
    options = [option for option, _ in control.get("options", [])] or control.get("values")
    if "min" in control:
        kinds, named = ((int, float), "수") if control.get("step", 1) % 1 else ((int,), "정수")
        fits = type(value) in kinds and control["min"] <= value <= control["max"]
        told = f"{control['min']}부터 {control['max']}까지의 {named}여야"
    elif options:
        fits, told = value in options, f"{options} 가운데 하나여야"
    else:  # it takes any of its kind
        fits, told = isinstance(value, type(control["value"])), f"{control['value']!r}와 같은 꼴이어야"
    return "" if fits else told


def blank_axes(n: int) -> tuple[Figure, list[Axes]]:
    """Return a figure of `n` axes side by side; it's apart from pyplot, which would show it again below the cell."""
    figure = Figure(figsize=(WIDTH, 3.9) if n == 1 else (WIDE, 3.8), dpi=100 * SCALE)
    figure.get_layout_engine().set(w_pad=0.1, h_pad=0.1)  # inches of margin
    return figure, [figure.add_subplot(1, n, i + 1) for i in range(n)]


def _png(figure: Figure) -> bytes:
    """Return the figure as a PNG file."""
    canvas, file = FigureCanvasAgg(figure), BytesIO()
    canvas.draw()
    Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB").save(file, "png", compress_level=3)
    return file.getvalue()
