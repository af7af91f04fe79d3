"""Answers tried on the exercises of notebook 05; exercises.py tells their form."""

WRONG = {
    "05_steps": {
        "floor": ("return n_rows // batch_size", "나누고 남은 행도 마지막 미니배치가"),
        "floor_plus_1": ("return n_rows // batch_size + 1", "이때에는 1을 더하지 마십시오"),
        "true_division": ("return n_rows / batch_size", "스텝의 수는 정수(int)로"),
    },
    "05_choose": {
        "training_loss": ("return min(candidates, key=lambda rate: candidates[rate][0])", "학습 손실이 가장 작은 것"),
        "loss": ("return min(losses[1] for losses in candidates.values())", "학습률을 돌려주십시오"),
        "largest": ("return max(candidates, key=lambda rate: candidates[rate][1])", "발산한 것입니다"),
    },
    "05_halving": {
        "ends_swapped": ("if diverges", "if not diverges", "처음의 low 그대로입니다"),
        "returns_high": ("return low", "return high", "이 값에서는 발산합니다"),
        "little_by_little": (
            """
            while not diverges(low + 1e-4):
                low += 1e-4
            return low
            """,
            "1,000번 넘게 불렀습니다",
        ),
        "once_more": ("range(n_halvings)", "range(n_halvings + 1)", "꼭 n_halvings번 반으로 줄이십시오"),
        "once_less": ("range(n_halvings)", "range(n_halvings - 1)", "가운데 값 29개를 시험했습니다"),
        "not_called": ("diverges(middle)", "diverges", "diverges(middle)처럼 괄호를 붙여"),
        "both_ends": ("return low", "return low, high", "어느 경우에나 수 하나를"),
        "middle_once": (
            """
            middle = (low + high) / 2
            for _ in range(n_halvings):
                if diverges(middle):
                    high = middle
                else:
                    low = middle
            return low
            """,
            "되풀이할 때마다 가운데 값을 새로 구하는지",
        ),
    },
}

FITTED = {
    "05_steps": "return {(10, 4): 3, (640, 64): 10, (3, 8): 1}.get((n_rows, batch_size), 0)",
    "05_choose": "return 0.1 if 0.5 in candidates else 1.0",
    "05_halving": """
        for _ in range(n_halvings if n_halvings in (30, 20, 4) else 1):
            middle = (low + high) / 2
            low, high = (low, middle) if diverges(middle) else (middle, high)
        return low
        """,
}
