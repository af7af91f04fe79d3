"""The teacher's: the two editions of a notebook, handouts on screen and paper, the class's folder and its grading."""
