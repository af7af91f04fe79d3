"""Answers tried on the exercises of notebook B; exercises.py tells their form."""

WRONG = {
    "B_flops": {
        "multiplications_only": (
            """
            products = [batch_size * n_in * n_out for n_in, n_out in zip(widths, widths[1:])]
            return 3 * sum(products) - products[0]
            """,
            "곱셈만 세지 않았습니까",
        ),
        "forward_only": (
            "return sum(2 * batch_size * n_in * n_out for n_in, n_out in zip(widths, widths[1:]))",
            "순전파만 세지 않았습니까",
        ),
        "two_layers_only": (
            "return 2 * batch_size * widths[1] * (2 * widths[0] + 3 * widths[2])",
            "그 뒤의 층은 모두 세 번",
        ),
    },
    "B_momentum": {
        "z_alone": ("return z - learning_rate * (momentum * velocity + K @ d_z)", "둘을 차례로 돌려주십시오"),
        "swapped": (
            "return z - learning_rate * velocity, velocity",
            "return velocity, z - learning_rate * velocity",
            "z가 먼저, velocity가 다음입니다",
        ),
        "no_momentum": ("momentum * velocity + ", "", "지난 속도에 momentum을 곱해"),
        "no_K": ("K @ d_z", "d_z", "d_z를 그대로 더했습니다"),
        "in_place": (
            """
            velocity *= momentum
            velocity += K @ d_z
            z -= learning_rate * velocity
            return z, velocity
            """,
            "받은 텐서가 바뀌었습니다",
        ),
    },
}

FITTED = {
    "B_flops": """
        if len(widths) == 4:
            return 340
        return 2 * batch_size * widths[0] * widths[1] * 2 + (384_000 if len(widths) == 3 else 0)
        """,
    "B_momentum": "velocity = velocity / 2 + K @ d_z\nreturn z - velocity / 10, velocity",
}
