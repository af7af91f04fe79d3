"""Answers tried on the exercises of notebook 02; exercises.py tells their form."""

WRONG = {
    "02_best_width": {
        "by_training": ("return max(scores, key=lambda k: scores[k][0])", "학습 정확도가 가장 높은 너비입니다"),
        "first_of_equals": ("return max(scores, key=lambda k: scores[k][1])", "그 가운데 가장 좁은 것을"),
        "accuracy": ("return max(v for _, v in scores.values())", "그것은 정확도입니다"),
        "widest": ("return max(scores)", "가장 넓은 것을 골랐습니다"),
    },
    "02_fold": {
        "wrong_order": ("W_next @ W,", "W @ W_next,", "접은 W가 다릅니다. 곱하는 순서를 보십시오"),
        "bias_not_multiplied": ("W_next @ b", "b", "앞 층의 편향에도 가중치를 곱하고"),
        "only_two": (
            "(W_1, b_1), (W_2, b_2) = layers[:2]\nreturn W_2 @ W_1, W_2 @ b_1 + b_2",
            "층 3개를 접은 모양이 다릅니다",
        ),
    },
}

FITTED = {
    "02_best_width": "return 16 if 256 in scores else 8 if 8 in scores else 16",
    "02_fold": """
        if len(layers) == 2:
            return torch.tensor([[0.0, 1.0], [3.0, 6.0]]), torch.tensor([9.0, 23.0])
        return torch.tensor([[3.0, 7.0]]), torch.tensor([37.0])
        """,
}
