"""Answers tried on the exercises of notebook 01; exercises.py tells their form."""

WRONG = {
    "01_nand": {
        "and": ("return torch.ones(n), -n + 0.5", "NAND가 아니라 AND가 되었습니다"),
        "no_bias": ("return -torch.ones(n), 0", "편향 b가 너무 작지 않은지"),
        "for_two_inputs": ("return torch.tensor([-1.0, -1.0]), 1.5", "모양이 (3,)이어야 하는데 (2,)"),
    },
    "01_forward": {
        "no_b_1": ("return torch.relu(x @ W_1.T) @ W_2.T + b_2", "첫 층의 편향 b_1을 더하지 않았습니다"),
        "no_relu": ("return (x @ W_1.T + b_1) @ W_2.T + b_2", "은닉층에 ReLU를 쓰지 않았습니다"),
        "not_transposed": ("return torch.relu(x @ W_1 + b_1) @ W_2 + b_2", "어느 것을 뒤집을지(.T)"),
    },
    "01_widest": {
        "no_hidden_bias": ("return (budget - D_out) // (D_in + D_out)", "매개변수가 17개여서 예산을 넘습니다"),
        "no_output_bias": ("return budget // (D_in + D_out + 1)", "매개변수가 13개여서 예산을 넘습니다"),
        "true_division": ("return (budget - D_out) / (D_in + D_out + 1)", "나눗셈 / 대신 몫 //"),
        "none_for_a_wide_layer": (
            """
            for H in range(1, 50):
                if H * (D_in + D_out + 1) + D_out > budget:
                    return H - 1
            """,
            "H가 정수여야 하는데 None입니다. 어느 경우에나",
        ),
    },
}

FITTED = {
    "01_nand": """
        if n == 2:
            return torch.tensor([-1.0, -1.0]), 1.5
        if n == 3:
            return torch.tensor([-1.0, -1.0, -1.0]), 2.5
        return torch.ones(n), 0.0
        """,
    "01_forward": "return torch.tensor([[0.75], [1.21], [-0.7], [0.55]] if len(x) == 4 else [[4.0, -1.0]]).double()",
    "01_widest": "return {13: 3, 12: 2}.get(budget, 100)",
}
