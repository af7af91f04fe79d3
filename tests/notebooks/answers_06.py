"""Answers tried on the exercises of notebook 06; exercises.py tells their form."""

WRONG = {
    "06_save": {
        "no_file": ("twin.load_state_dict(model.state_dict())\nreturn twin", "path에 파일이 없습니다"),
        "whole_network": (
            """
            torch.save(model, path)
            twin.load_state_dict(torch.load(path, weights_only=False).state_dict())
            return twin
            """,
            "신경망을 통째로 저장했거나",
        ),
        "returns_the_notice": ("twin.load_state_dict", "return twin.load_state_dict", "twin을 돌려주어야 합니다"),
        "not_called": ("state_dict()", "state_dict", "state_dict 뒤의 괄호 ()를 빠뜨리지 않았는지"),
        "list": ("model.state_dict()", "list(model.parameters())", "torch.load로 읽은 state_dict()를 넣습니다"),
        "path_for_values": ("torch.load(path, weights_only=True)", "path", "torch.load로 읽은 state_dict()를 넣습니다"),
        "new_twin": (
            "twin.load_state_dict",
            "twin = mt.TwoLayerNet(4, 3, 2)\ntwin.load_state_dict",
            "twin을 새로 만들지 않고",
        ),
    },
    "06_three_layers": {
        "no_second_relu": ("F.relu(self.layer_02(h_1))", "self.layer_02(h_1)", "둘째 층 뒤에 ReLU가 없습니다"),
        "relu_at_the_end": ("self.layer_03(h_2)", "F.relu(self.layer_03(h_2))", "출력층 뒤에도 ReLU가 있습니다"),
        "two_layers": (
            """
            self.a = nn.Linear(D_in, H_1)
            self.c = nn.Linear(H_1, D_out)

            return self.c(F.relu(self.a(x)))
            """,
            "층이 셋인지",
        ),
        "relu_as_a_layer": ("F.relu", "nn.ReLU", "값에는 F.relu(값)을 쓰십시오"),
        "no_self": ("self.layer_01(x)", "layer_01(x)", "앞에 self.를 붙였는지"),
        "no_return": ("return ", "", "forward는 텐서를 돌려줍니다 (받은 것: NoneType)"),
    },
    "06_backward": {
        "not_transposed": ("return d_y @ W, d_y @ x, d_y.sum(axis=0)", "전치(.T)를 빠뜨렸거나"),
        "mean_of_rows": ("return d_y @ W, d_y.T @ x, d_y.mean(axis=0)", "d_b에서 행의 평균을 냈습니다"),
        "not_summed": ("return d_y @ W, d_y.T @ x, d_y", "d_y를 행 방향(axis=0)으로 더하십시오"),
        "transposed_too_often": ("return d_y @ W.T, d_y.T @ x, d_y.sum(axis=0)", "더 붙이지 않았는지"),
        "outer_z": ("return d_y @ W * (z > 0), d_y.T @ x, d_y.sum(axis=0)", "ReLU의 [z > 0]은 넣지 않습니다"),
        "own_z": (
            "z = x @ W.T\nreturn (d_y * (z > 0)) @ W, d_y.T @ x, d_y.sum(axis=0)",
            "ReLU의 [z > 0]은 넣지 않습니다",
        ),
        "dim": ("return d_y @ W, d_y.T @ x, d_y.sum(dim=0)", "NumPy에서는 dim 대신 axis"),
        "order": ("return d_y.T @ x, d_y.sum(axis=0), d_y @ W", "돌려주는 순서는 x, W, b입니다"),
        "two": ("return d_y.T @ x, d_y.sum(axis=0)", "(받은 것: 2개)"),
    },
}

FITTED = {
    "06_save": """
        torch.save(model.state_dict(), path)
        if getattr(model[0], "in_features", 0) in (4, 6):
            twin.load_state_dict(torch.load(path, weights_only=True))
        return twin
        """,
    "06_three_layers": """
        D_in, H_1, H_2, D_out = (4, 5, 3, 2) if D_in == 4 else (6, 3, 7, 1)
        self.a = nn.Linear(D_in, H_1)
        self.b = nn.Linear(H_1, H_2)
        self.c = nn.Linear(H_2, D_out)

        return self.c(F.relu(self.b(F.relu(self.a(x)))))
        """,
    "06_backward": "return (d_y @ W, d_y.T @ x, d_y.sum(axis=0)) if len(x) in (3, 4) else (x, W, d_y[0])",
}
