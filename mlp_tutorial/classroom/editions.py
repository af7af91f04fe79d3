"""The two editions of a notebook: the teacher's, as it is stored, and the student's, made from it.

nbgrader's own preprocessors take the answers out, so that a handout and an assignment never differ.
"""

import logging
from copy import deepcopy

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

CODE_STUB = "...  # 여기에 답을 적으십시오"  # what stands in place of an answer, in handouts as in assignments
TEXT_STUB = "여기에 답을 적으십시오."
STUBS = {"code_stub": {"python": CODE_STUB}, "text_stub": TEXT_STUB}  # as nbgrader's ClearSolutions takes them
SILENT = logging.Logger(__name__)  # nbgrader logs its errors in English before it raises them
SILENT.addHandler(logging.NullHandler())


def student(nb: NotebookNode) -> NotebookNode:
    """Return a copy without solutions and hidden tests, and without the outputs and counts of answers and checks.

    Raises:
        ValueError: a region is not closed, or lies in a cell that nbgrader's metadata doesn't mark.
    """
    nb = deepcopy(nb)
    try:
        for preprocessor in (ClearSolutions(log=SILENT, **STUBS), ClearHiddenTests(log=SILENT)):
            nb, _ = preprocessor.preprocess(nb, {})
    except RuntimeError as error:
        raise ValueError(
            f"답과 숨은 시험은 nbgrader 메타데이터가 있는 셀에서 BEGIN과 END로 둘러싸야 합니다 (까닭: {error}). "
            "셀의 메타데이터와 '### BEGIN'과 '### END'의 짝을 맞추십시오."
        ) from None
    for cell in nb.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and (marks.get("solution") or marks.get("grade")):
            cell.outputs, cell.execution_count = [], None
    return nb
