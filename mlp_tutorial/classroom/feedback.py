"""A student's feedback page: nbgrader's own words on it, put into Korean."""

from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode

WORDS = {
    "(Score: ": "(점수: ",
    "      Score: ": "      점수: ",
    ">Test cell<": ">확인 셀<",
    ">Written response<": ">서술형 답<",
    ">Student's answer<": ">내 답<",
    ">Grade cell: <": ">확인 셀: <",
    ">Comment<": ">의견<",
    "<b>Comments:</b>": "<b>의견:</b>",
    ">(Top)<": ">(맨 위로)<",
    "<p>No response.</p>": "<p>답이 없습니다.</p>",
}


class KoreanFeedback(HTMLExporter):
    """The exporter of nbgrader's `generate_feedback`."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: ResourcesDict | None = None, **kw: object
    ) -> tuple[str, ResourcesDict]:
        """Return the page and the resources."""
        page, resources = super().from_notebook_node(nb, resources, **kw)
        for english, korean in WORDS.items():
            page = page.replace(english, korean)
        return page, resources
