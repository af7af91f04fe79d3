"""Tests of `style`: sharp pictures in a notebook, nothing of IPython in a script, and numbers as they are written."""

import subprocess
import sys
from base64 import b64decode
from datetime import date

import numpy as np
import pytest
import torch
from nbcheck import code_cells
from nbcheck.pictures import pixels
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

import mlp_tutorial as mt
from mlp_tutorial.figures.style import number_text, numbers

DAYS = [date(2026, 3, 2)]
FIGURE = "figures.loss_curve([2.0, 1.0])\nplt.show()"
CELLS = {
    "first figure": f"import matplotlib.pyplot as plt\nfrom mlp_tutorial import figures\n{FIGURE}",
    "with the magic": f"%matplotlib inline\n{FIGURE}",
    "without the style": "%config InlineBackend.figure_format = 'png'\nplt.plot([2, 1])\nplt.show()",
    "after another figure": f"import importlib\nimportlib.reload(mlp_tutorial.figures.style)\n{FIGURE}",
}
NUMBERS = {-0.0: "0", 100: "100", 0.5: "0.5", 1.999: "2", -10.25: "−10.25", 1234567: "1234567", 0.004: "0.004"}
NUMBERS |= {-0.0012: "−0.001", -2.5e-12: "−2e−12", np.float32(3.14159): "3.14", np.nan: "nan", -np.inf: "−inf"}


def test_a_picture_has_twice_the_pixels_of_its_size_on_the_page() -> None:
    nb = new_notebook(cells=[new_code_cell(source) for source in ("import mlp_tutorial", *CELLS.values())])
    NotebookClient(nb, timeout=60, kernel_name="python3").execute()
    for case, cell in zip(CELLS, code_cells(nb)[1:], strict=True):
        (picture,) = (output for output in cell.outputs if "image/png" in output.get("data", {}))
        height, width, _ = pixels(b64decode(picture.data["image/png"])).shape
        if case == "without the style":
            assert "image/png" not in picture.metadata, "이 셀의 그림은 보통 해상도여야 다음 셀이 시험이 됩니다."
            continue
        assert picture.metadata["image/png"] == {"width": width // 2, "height": height // 2}, case
        assert 600 < width // 2 < 700, f"{case}: 6.4 inches of 100 pixels and a margin"


def test_a_script_loads_no_ipython() -> None:
    code = "import sys\nfrom mlp_tutorial import figures\nprint(*(name for name in sys.modules if 'IPython' in name))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=120)
    assert (done.stdout, done.returncode) == ("\n", 0), done.stderr


@pytest.mark.parametrize(("value", "text"), NUMBERS.items())
def test_numbers_are_written_short_and_without_exponent_where_large(value: float, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (torch.tensor([[1.5, 2]], requires_grad=True), [[1.5, 2]]),
        (torch.tensor([1.5], dtype=torch.bfloat16), [1.5]),
        ([torch.tensor(1.5, requires_grad=True), 2], [1.5, 2]),
        ((np.array([1.5]), torch.tensor([2])), [[1.5], [2]]),
        (range(2), [0, 1]),
        (np.ma.masked_greater([1, 2, 999], 100), [1, 2, np.nan]),
        ([np.ma.masked, 2], [np.nan, 2]),
        (({1: 0.5}.keys(), {1: 0.5}.values()), [[1], [0.5]]),
        ([], []),
        (3, 3),
    ],
)
def test_tensors_and_sequences_become_arrays_of_their_shape(given: object, expected: object) -> None:
    np.testing.assert_array_equal(numbers(given), np.array(expected, dtype=float), strict=True)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        *((given, "길이가 다른 행이나") for given in ([[1, 2], [3]], [torch.ones(2), torch.ones(3)], [object()])),
        ({10: 0.5, 20: 0.25}, r"\(사전\.keys\(\), 사전\.values\(\)\)처럼"),
        ({"a": 1}, r"사전\.values\(\)\)로 값만"),
        (mt.History(torch.ones(3)), r"history\.losses처럼"),
        *((given, r"며칠째인지 \(d - d\[0\]\)") for given in (DAYS, np.array(DAYS), np.array(DAYS, "M8[D]"))),
        (np.array([3], "m8[D]"), r"며칠인지 np\.array\(기간\)"),
        *((given, r"복소수라면 abs\(값\)이나") for given in (torch.ones(2) + 0j, np.ones(2) + 0j, [1j])),
        ([mt.Estimate(1.0, 0.1, 3)], r"Estimate에서 \.mean, .* 가운데 하나를"),
    ],
)
def test_what_is_no_table_of_numbers_is_refused(given: object, told: str) -> None:
    with pytest.raises(ValueError, match=rf"^y에는.*\(받은 값: .*{told}.*십시오\.$"):
        numbers(given, "y")


def test_an_array_that_may_not_be_written_needs_no_warning() -> None:
    read_only = np.ones(2)
    read_only.flags.writeable = False
    np.testing.assert_array_equal(numbers(read_only, finite=True), [1, 1])
