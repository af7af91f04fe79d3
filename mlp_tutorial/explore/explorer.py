"""What every explorer is: controls, the picture that follows them, and both as one output of a notebook.

A new explorer is a subclass in a module of its own that gives the controls and says how to `draw` their values.
"""

from base64 import b64encode
from collections.abc import Callable
from html import escape
from io import BytesIO
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from mlp_tutorial.figures.style import WIDE, WIDTH

SCALE = 2  # pixels per pixel of the screen, so that the picture is sharp on paper and on a projector
VIEW = "application/vnd.jupyter.widget-view+json"
LOOK = {"continuous_update": False, "style": {"description_width": "initial"}}


class Explorer:
    """Controls, and below them the picture that `draw` makes of their values.

    Attributes:
        controls: name → widget; a changed value draws the picture anew.
        picture: shows the figure, with its alt text.
        png: the figure as a PNG file.
        size: its width and height on the screen, in pixels.
    """

    def __init__(self, controls: dict[str, widgets.ValueWidget], *buttons: widgets.Button) -> None:
        self.controls, self.picture, self.png = controls, widgets.HTML(), b""
        row = widgets.Box([*controls.values(), *buttons], layout=widgets.Layout(flex_flow="row wrap"))
        self.widget = widgets.VBox([row, self.picture])
        for control in controls.values():
            control.observe(lambda _: self.act(self.change), names="value")

    @property
    def values(self) -> dict[str, Any]:
        """The controls' values by name."""
        return {name: control.value for name, control in self.controls.items()}

    def draw(self) -> tuple[Figure, str]:
        """Return the figure for the present values, and what it shows in words."""
        raise NotImplementedError

    def change(self) -> None:
        """Follow a control that was moved."""
        self.show()

    def act(self, action: Callable[[], None]) -> None:
        """Do what a control or button stands for; say so in the picture's place if that fails, and raise."""
        try:
            action()
        except Exception as error:
            self.tell(error)
            raise

    def tell(self, error: Exception) -> None:
        """Say in the picture's place that there is none; Jupyter would show the learner nothing."""
        self.picture.value = f"<p>그림을 그리지 못했습니다 ({escape(repr(error))}). 셀을 다시 실행하십시오.</p>"

    def show(self, scale: int = SCALE) -> None:
        """Put the figure of `draw` into the picture, with `scale` pixels per pixel of the screen."""
        figure, alt = self.draw()
        figure.set_dpi(100 * scale)
        self.png = _png(figure)
        self.size = {"width": round(100 * figure.get_figwidth()), "height": round(100 * figure.get_figheight())}
        source = f"data:image/png;base64,{b64encode(self.png).decode()}"
        style = f"width: {self.size['width']}px; max-width: 100%"
        self.picture.value = f'<img alt="{escape(alt)}" style="{style}" src="{source}">'

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give a notebook the widget, and beside it the picture for where no kernel runs.

        IPython's display protocol asks for this method by its name.
        """
        still = {"text/plain": repr(self), "image/png": b64encode(self.png).decode()}
        return {VIEW: self.widget.get_view_spec()} | still, {"image/png": self.size}  # in ipywidgets 7 (Colab), too

    def __repr__(self) -> str:
        """Name the controls' values."""
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.values.items())})"


def choice(name: str, options: tuple[float, ...], value: float) -> widgets.SelectionSlider:
    """Return a slider over `options`, so that one step on the keyboard is one option."""
    labels = [(f"{option:,g}", option) for option in options]
    return widgets.SelectionSlider(options=labels, value=value, description=name, **LOOK)


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
