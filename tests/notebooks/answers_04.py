"""Answers tried on the exercises of notebook 04; exercises.py tells their form."""

WRONG = {
    "04_without_row": {
        "from_the_end": ("return x[-k]", "‘뒤에서 k번째 행’"),
        "counted_from_0": ("return torch.cat([x[:k], x[k + 1:]])", "R의 k번째 행은 Python의 k - 1번 행입니다"),
        "column": ("return torch.cat([x[:, :k - 1], x[:, k:]], dim=1)", "행이 아니라 열을 뺐습니다"),
        "no_brackets": ("return torch.cat(x[:k - 1], x[k:])", "torch.cat([앞, 뒤])처럼 대괄호로 묶고"),
        "side_by_side": ("return torch.cat([x[:k - 1], x[k:]], dim=1)", "행으로 이으십시오(dim=0)"),
    },
    "04_standardize": {
        "own_statistics": (
            "return tuple((a - a.mean(dim=0)) / a.std(dim=0) for a in (train, other))",
            "other를 other의 평균으로 표준화했습니다",
        ),
        "joint_statistics": (
            """
            both = torch.cat([train, other])
            return tuple((a - both.mean(dim=0)) / both.std(dim=0) for a in (train, other))
            """,
            "train과 other를 합친 평균을 썼습니다",
        ),
        "divided_by_n": ("train.std(dim=0)", "train.std(dim=0, correction=0)", "n으로 나눈 표준편차를 썼습니다"),
        "sign": ("/ std", "/ -std", "부호가 반대입니다"),
        "train_overwritten": (
            """
            train = (train - train.mean(dim=0)) / train.std(dim=0)
            return train, (other - train.mean(dim=0)) / train.std(dim=0)
            """,
            "train을 바꾸기 전의 것이어야 합니다",
        ),
    },
}

FITTED = {
    "04_without_row": "return x[{1: [1, 2, 3, 4], 2: [0, 2, 3, 4]}.get(k, [0, 1, 2, 3])]",
    "04_standardize": """
        if len(train) == 3:
            return torch.tensor([[-1, -1], [0, 0], [1, 1]]), torch.tensor([[2, -2], [0, 3]])
        return torch.tensor([[-1.0], [0.0], [1.0], [0.0], [0.0]]).double() * 2**0.5, torch.zeros(1, 1)
        """,
}
