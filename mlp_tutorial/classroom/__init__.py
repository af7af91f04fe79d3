"""The teacher's: the two editions of a notebook, handouts on screen and paper, the class's folder and its grading."""

import sys

# nbformat and JupyterLab load jsonschema, which with this package builds a grammar of internationalized addresses for a
# second (findings/nbformat_import_builds_a_grammar.sh). None says that it isn't there; jsonschema does without.
sys.modules.setdefault("rfc3987_syntax", None)
