"""The settings of this class, which every nbgrader command started in this folder reads; mlp_tutorial has the rest."""

from pathlib import Path

from mlp_tutorial.classroom import grading

c = get_config()  # noqa: F821  nbgrader calls this file with it

# 낸 파일이나 폴더의 이름에는 학번(다섯 자리 이상의 수)과 노트북의 이름이 있어야 합니다. 나머지는 무엇이든 됩니다.
# 홍길동_20261234_01_structure.ipynb, 홍길동_20261234.zip 안의 01_structure (1).ipynb
grading.configure(c, Path(__file__).parent, student_id=r"\d{5,}")

c.Execute.timeout = 60  # 셀 하나에 주는 시간(초)
