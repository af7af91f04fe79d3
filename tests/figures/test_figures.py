"""Tests of what holds for every public figure: it draws where it is told to, tidily, and says where it is used."""

import ast
import inspect
from collections.abc import Callable
from functools import partial

import matplotlib.pyplot as plt
import pytest
from drawn import DRAW, assert_tidy
from matplotlib.axes import Axes

from mlp_tutorial import figures
from mlp_tutorial.classroom.notebooks import notebooks


@pytest.mark.parametrize("name", figures.__all__)
def test_every_figure_draws_on_the_axes_given_in_a_subfigure_too(name: str) -> None:
    figure = plt.figure(figsize=(18, 4.8))
    left, right = (part.subplots() for part in figure.subfigures(1, 2))
    assert DRAW[name](ax=right) is right
    assert not left.has_data()
    assert plt.get_fignums() == [figure.number], "새 그림을 열지 않아야 합니다."
    assert_tidy(right)


@pytest.mark.parametrize("name", figures.__all__)
def test_every_figure_says_which_notebook_uses_it_first(name: str) -> None:
    first = next(path.stem for path in notebooks().values() if f"figures.{name}(" in path.read_text(encoding="utf-8"))
    assert getattr(figures, name).__doc__.rstrip().endswith(f"First used in {first}.")


@pytest.mark.parametrize("name", figures.__all__)
def test_several_axes_are_no_place_for_a_figure(name: str) -> None:
    with pytest.raises(TypeError, match=r"^ax는 .*값의 형: ndarray.*axes\[0\].*십시오\.$"):
        DRAW[name](ax=plt.subplots(1, 2)[1])


@pytest.mark.parametrize("projection", ["3d", "polar"])
@pytest.mark.parametrize("name", figures.__all__)
def test_axes_of_another_projection_are_no_place_for_a_figure(name: str, projection: str) -> None:
    ax = plt.subplots(subplot_kw={"projection": projection})[1]
    with pytest.raises(
        TypeError, match=rf"^ax는 .*받은 값: projection='{projection}'\)\. .*projection 없이.*십시오\.$"
    ):
        DRAW[name](ax=ax)
    assert not ax.has_data(), "something was drawn"


@pytest.mark.parametrize("draw", [partial(figures.bars, [1, 2]), partial(figures.curves, [1, 2], ylabel="y")])
def test_what_has_no_names_is_refused(draw: Callable[..., Axes]) -> None:
    with pytest.raises(TypeError, match=r"^(values|series)는 .*값의 형: list.*십시오\.$"):
        draw(xlabel="x")


@pytest.mark.parametrize("name", figures.__all__)
def test_a_figure_called_with_other_arguments_tells_a_call_that_it_takes(name: str) -> None:
    function = getattr(figures, name)
    with pytest.raises(
        TypeError, match=rf"^인수는 .*figures\.{name}에 없는 size\)\. figures\.{name}\(.*처럼"
    ) as caught:
        function(size=3)
    example = ast.parse(str(caught.value).rpartition("). ")[2].removesuffix("처럼 적으십시오.")).body[0].value
    inspect.signature(function).bind(*example.args, **{one.arg: one.value for one in example.keywords})
