"""Answers tried on the exercises of notebook 07; exercises.py tells their form."""

WRONG = {
    "07_score": {
        "not_from_1": ("return ((y_pred - y) ** 2).mean() / (y**2).mean()", "1에서 뺐는지"),
        "r_squared": ("return 1 - ((y_pred - y) ** 2).sum() / ((y - y.mean()) ** 2).sum()", "평균을 빼지 않고"),
        "not_squared": ("return 1 - (y_pred - y).abs().mean() / y.abs().mean()", "차이를 제곱했는지"),
        "variance": ("return 1 - ((y_pred - y) ** 2).mean() / y.var()", "(분산이 아니라)"),
        "no_mean": ("return 1 - (y_pred - y) ** 2 / y**2", "두 MSE에서 모두 평균을 냈는지"),
        "upside_down": ("return 1 - (y**2).mean().item() / ((y_pred - y) ** 2).mean().item()", "0으로 나누었습니다"),
        "text": (
            'return f"{1 - ((y_pred - y) ** 2).mean() / (y**2).mean():.12f}"',
            "수 하나를 돌려주십시오 (받은 것: str)",
        ),
    },
    "07_train_step": {
        "gradient_cleared": (
            "optimizer.zero_grad()\nloss.backward()",
            "loss.backward()\noptimizer.zero_grad()",
            "매개변수가 그대로입니다",
        ),
        "gradient_kept": ("optimizer.zero_grad()", "", "지난 기울기가 쌓였습니다"),
        "loss_afterwards": ("return loss.item()", "return loss_fn(model(x), y).item()", "옮긴 뒤의 손실입니다"),
        "model_of_section_1": ("model(x)", "torch.nn.Linear(3, 1)(x)", "인수로 받은 model, optimizer, loss_fn, x, y만"),
        "own_optimizer": (
            "optimizer.zero_grad()",
            "optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)\noptimizer.zero_grad()",
            "인수로 받은 optimizer를 쓰는지도",
        ),
    },
    "07_diagnose": {
        "training_loss_alone": (
            """
            loss = mt.evaluate(model, *train_data, loss_fn=F.mse_loss)
            return "배웠음" if loss < (train_data[1] ** 2).mean() else "덜 배웠음"
            """,
            "학습 손실과 새 데이터의 손실을 모두 보십시오",
        ),
        "one_baseline_for_both": ("(data[1] ** 2)", "(train_data[1] ** 2)", "새 데이터의 기준선은 새 y로 계산하십시오"),
        "against_training_loss": (
            """
            train, fresh = (mt.evaluate(model, *data, loss_fn=F.mse_loss) for data in (train_data, fresh_data))
            if train >= (train_data[1] ** 2).mean():
                return "덜 배웠음"
            return "외웠음" if fresh > train else "배웠음"
            """,
            "학습 손실보다 커도 기준선보다 작습니다",
        ),
        "baseline_of_x": ("data[1]", "data[0]", "기준선은 x가 아니라 y로"),
        "equal_to_the_baseline": (") < (", ") <= (", "기준선과 같으면 ‘기준선 이상’입니다"),
    },
}

FITTED = {
    "07_score": "return 1 - ((y_pred - y) ** 2).mean() / 7.5",
    "07_train_step": """
        loss = loss_fn(model(x), y)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= optimizer.param_groups[0]["lr"] * p.grad
        return loss.item()
        """,
    "07_diagnose": """
        if fresh_data[1][0, 0] == 1:
            return "덜 배웠음"
        if fresh_data[1][0, 0] > 0:
            return "배웠음"
        return "외웠음" if train_data[1][0, 0] > 0 else "덜 배웠음"
        """,
}
