"""Answers tried on the exercises of notebook C; exercises.py tells their form."""

WRONG = {
    "C_average": {
        "plain_mean": ("return sum(gradients) / len(gradients)", "행의 수로 가중하십시오"),
        "sum": ("return sum(gradients)", "행의 수가 같으면 그냥 평균입니다"),
        "for_two": (
            "return (n_rows[0] * gradients[0] + n_rows[1] * gradients[1]) / (n_rows[0] + n_rows[1])",
            "프로세스가 셋이어도 되어야 합니다",
        ),
    },
    "C_rows": {
        "blocks": (
            "n = n_rows // n_processes\nreturn list(range(rank * n, (rank + 1) * n))",
            "앞뒤로 나누지 말고 번갈아 맡으십시오",
        ),
        "not_filled_up": ("return list(range(rank, n_rows, n_processes))", "모자라면 0번 행부터 다시 쓰십시오"),
        "range": ("return range(rank, n_rows, n_processes)", "목록(list)으로 돌려주십시오"),
    },
}

FITTED = {
    "C_average": """
        shares = (0.25, 0.5, 0.25) if len(gradients) == 3 else (n_rows[0] / sum(n_rows), n_rows[-1] / sum(n_rows))
        return sum(share * gradient for share, gradient in zip(shares, gradients))
        """,
    "C_rows": """
        rows = list(range(rank, n_rows, n_processes))
        return rows + {(11, 1): [0], (10, 3): [1]}.get((n_rows, rank), [])
        """,
}
