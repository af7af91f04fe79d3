"""A small notebook with all that a handout must be able to show, and answers with secrets that no student may see."""

from base64 import b64encode
from io import BytesIO
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from mlp_tutorial.classroom.editions import CODE_STUB, TEXT_STUB

TITLE = '99 표본: "모든" 것 & 그 밖'
ALT = "파란 네모 하나. <b>굵지</b> 않고 “따옴표”가 있다."
HINT = "접힌 힌트의 글입니다."
LAST_WORD = "last_argument_of_the_long_line"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
SECRETS = ("471147114711", "815981598159", "비밀인 모범 답안")

COVER = f"""# {TITLE}

소개하는 글입니다. 드문 글자 뷁과 쏀도 있습니다.
[02 은닉층](02_hidden_layers.ipynb)과 [바깥](https://a.b/c.ipynb)으로 이어집니다.

## 학습 목표

이 노트북을 마치면 다음을 할 수 있습니다.

- 목표 하나에는 $x_1$이 있습니다.
- 목표 둘

## 시작하기 전에

- **예상 시간**: 약 5분
"""
MATHEMATICS = r"""## 1. 수식과 표

입력 $x_1, x_2$와 굵은 $\boldsymbol{W}$, 값은 `$5`입니다.

$$
\begin{aligned}
\hat y &= \begin{cases} 1 & (w_1 x_1 + b > 0) \\ 0 & (\text{그 밖}) \end{cases} \\
L &\xrightarrow{\text{기울기}} \frac{1}{n} \sum_i (y_i - \hat y_i)^2
\end{aligned}
$$

| 층 | 모양 |
| --- | --- |
| 은닉층 | $(64, 100)$ |
| 출력층 | `(64, 10)` |
"""
TASK = f"""### 문제 1. 제곱

`square`를 완성하십시오.

<details><summary>힌트</summary>

{HINT}

- 접힌 목록

</details>
"""
ANSWER = f"def square(x):\n    {CODE_STUB}"
QUIZ_ANSWER = "퀴즈의 답은 셋입니다."
CHECK = 'import mlp_tutorial as mt\n\nmt.check("99_square", square)'
ANSWERS = """
[99_square]
answer = 'return x * x + 471147114711 - 471147114711'
hidden = [[815981598159]]

[99_essay_why]
answer = '비밀인 모범 답안입니다.'
"""
QUIZ = f"""## 확인 퀴즈

**1.** 몇입니까?

<details><summary>답 보기</summary>

{QUIZ_ANSWER}

</details>
"""


def picture() -> str:
    """Return a PNG in base64, with line breaks as Jupyter stores it."""
    file = BytesIO()
    Image.new("RGB", (800, 400), "#0072B2").save(file, "png")
    return b64encode(file.getvalue()).decode() + "\n"


def marks(name: str, **metadata: object) -> dict[str, object]:
    """Return the metadata of an answer cell unless told otherwise."""
    given = {"schema_version": 3, "grade": False, "solution": True, "locked": False, "task": False, "grade_id": name}
    return {"nbgrader": given | metadata}


def marked(nb: NotebookNode, name: str) -> NotebookNode:
    """Return the cell with this grade_id."""
    return next(cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def code(source: str, *outputs: NotebookNode, **metadata: object) -> NotebookNode:
    """Return a code cell that has run."""
    return new_code_cell(source, outputs=list(outputs), execution_count=1, metadata=metadata)


def stream(text: str, name: str = "stdout") -> NotebookNode:
    """Return printed text."""
    return new_output("stream", text=text, name=name)


def notebook() -> NotebookNode:
    """Return the notebook; each call makes another."""
    shown = new_output("display_data", {"image/png": picture(), "text/plain": "<Figure>"})
    shown.metadata["image/png"] = {"width": 400, "height": 200}
    arguments = ", ".join(f"argument_{n}" for n in range(12))
    error = ["\x1b[31mValueError\x1b[39m: 한국어 까닭", "\x1b[32m----> 1\x1b[39m \x1b[1;38;5;28mraise\x1b[0m"]
    cells = [
        new_markdown_cell(COVER),
        new_markdown_cell(MATHEMATICS),
        code("plt.show()", shown, alt=ALT),
        code(f"call({arguments}, {LAST_WORD})  # 긴 줄", stream("스텝   손실\n 100   0.25\n")),
        code("warn()", stream("UserWarning: 경고합니다.\n", "stderr")),
        code(
            "fail()",
            new_output("error", ename="ValueError", evalue="한국어 까닭", traceback=error),
            tags=["raises-exception"],
        ),
        *(code("\n".join(f"line_{n} = {n}" for n in range(20)), stream("출력\n" * 8)) for _ in range(3)),
        new_markdown_cell("## 직접 해보기\n\n" + TASK),
        code(ANSWER, stream("지울 출력\n"), **marks("99_square")),
        code(
            CHECK,
            stream("지울 출력\n"),
            **marks("99_square_check", grade=True, solution=False, locked=True, points=5),
        ),
        new_markdown_cell("### 문제 2. 까닭\n\n왜 그렇습니까?"),
        new_markdown_cell(TEXT_STUB, metadata=marks("99_essay_why", grade=True, points=3)),
        new_markdown_cell(QUIZ),
    ]
    language = {"name": "python", "pygments_lexer": "ipython3"}
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": language})


def alts(nb: NotebookNode) -> list[str]:
    """Return the alt texts of a notebook's pictures."""
    outputs = (output for cell in nb.cells for output in cell.get("outputs", []))
    return [output.metadata["image/png"]["alt"] for output in outputs if "image/png" in output.get("data", {})]


def project(root: Path) -> None:
    """Write the notebook and its answers where the commands look for them when this is the project's folder."""
    (root / "answers").mkdir()
    (root / "answers" / "99.toml").write_text(ANSWERS, encoding="utf-8")
    (root / "notebooks").mkdir()
    nbformat.write(notebook(), root / "notebooks" / "99_sample.ipynb")
