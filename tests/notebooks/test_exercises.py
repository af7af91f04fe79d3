"""Tests of the exercises: they are well formed, take a right answer, and tell a wrong one what is wrong with it.

An answer in the tables below is what a student writes in place of the stub; a blank line parts two places. The cells
run in this process, after the imports of their notebook.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from itertools import repeat
from pathlib import Path
from textwrap import indent

import pytest
import torch
from nbcheck import files
from nbformat import NotebookNode

from mlp_tutorial.classroom.notebooks import notebooks

NOTEBOOKS = [*notebooks().values()]

STUB = "...  # 여기에 답을 적으십시오"  # what the student's edition has in place of a solution
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n(.*?)\n *### END SOLUTION$", re.MULTILINE | re.DOTALL)
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n(.*?)\n### END HIDDEN TESTS$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^### 문제 (\d+)\. \S", re.MULTILINE)
HINT = re.compile(r"^<details><summary>힌트</summary>\n\n.+?\n\n</details>$", re.MULTILINE | re.DOTALL)
NBGRADER = {"schema_version": 3, "task": False}
ANSWER = NBGRADER | {"grade": False, "solution": True, "locked": False}
CHECK = NBGRADER | {"grade": True, "solution": False, "locked": True}
ESSAY = NBGRADER | {"grade": True, "solution": True, "locked": False}
# A quiz of 07 asks what the order of these calls does; alone they are no solution.
NO_SECRET = {"optimizer.zero_grad()", "optimizer.step()"}

# grade_id → mistake → the answer and a piece of the message that it must get.
WRONG: dict[str, dict[str, tuple[str, str]]] = {
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
    "02_best_width": {
        "by_training": ("return max(scores, key=lambda k: scores[k][0])", "학습 정확도가 가장 높은 너비입니다"),
        "first_of_equals": ("return max(scores, key=lambda k: scores[k][1])", "그 가운데 가장 좁은 것을"),
        "accuracy": ("return max(v for _, v in scores.values())", "그것은 정확도입니다"),
        "widest": ("return max(scores)", "가장 넓은 것을 골랐습니다"),
    },
    "02_fold": {
        "wrong_order": (
            """
            W, b = layers[0]
            for V, c in layers[1:]:
                W, b = W @ V, V @ b + c
            return W, b
            """,
            "접은 W가 다릅니다. 곱하는 순서를 보십시오",
        ),
        "bias_not_multiplied": (
            """
            W, b = layers[0]
            for V, c in layers[1:]:
                W, b = V @ W, b + c
            return W, b
            """,
            "앞 층의 편향에도 가중치를 곱하고",
        ),
        "only_two": (
            """
            (W_1, b_1), (W_2, b_2) = layers[:2]
            return W_2 @ W_1, W_2 @ b_1 + b_2
            """,
            "층 3개를 접은 모양이 다릅니다",
        ),
    },
    "03_mse_gradient": {
        "no_factor_2": ("return (y_pred - y) / y.numel()", "나오는 2를 빠뜨렸습니다"),
        "sum": ("return 2 * (y_pred - y)", "합의 기울기입니다"),
        "by_rows": ("return 2 * (y_pred - y) / len(y)", "행의 수로 나누었습니다"),
    },
    "03_best_constant": {
        "squares": (
            "return c[((c.reshape(-1, 1) - y) ** 2).mean(dim=1).argmin()]",
            "제곱을 쓸 때의 답(평균)과 같습니다",
        ),
        "position": ("return (c.reshape(-1, 1) - y).abs().mean(dim=1).argmin()", "몇 번째인지를 나타내는 번호"),
        "median": ("return y.median()", "c에 없는 값입니다"),
        "mean": ("return y.mean()", "제곱을 쓸 때의 답(평균)과 같습니다"),
        "abs_too_late": ("return c[(c.reshape(-1, 1) - y).mean(dim=1).abs().argmin()]", "평균하기 전에 취했는지"),
        "not_upright": ("return c[(c - y).abs().mean(dim=1).argmin()]", "c를 세로로 세웠는지"),
    },
    "03_cee": {
        "overflow": (
            """
            p = torch.exp(z) / torch.exp(z).sum(dim=1, keepdim=True)
            return -torch.log(p[torch.arange(len(z)), labels]).mean()
            """,
            "지수를 취하기 전에 가장 큰 점수를 뺐습니까",
        ),
        "not_averaged": (
            """
            s = z - z.amax(dim=1, keepdim=True)
            return (torch.log(torch.exp(s).sum(dim=1)) - s[torch.arange(len(z)), labels]).sum()
            """,
            "더하기만 했습니다",
        ),
        "all_labels": (
            """
            s = z - z.amax(dim=1, keepdim=True)
            return (torch.log(torch.exp(s).sum(dim=1)) - s[:, labels]).mean()
            """,
            "labels[i]는 i행에서만 씁니다",
        ),
        "rows_for_scores": (
            """
            s = z - z.amax(dim=1, keepdim=True)
            return (torch.log(torch.exp(s).sum(dim=1, keepdim=True)) - s[labels]).mean()
            """,
            "z[labels]는 행을 고릅니다",
        ),
        "no_keepdim": (
            """
            s = z - z.amax(dim=1)
            return (torch.log(torch.exp(s).sum(dim=1)) - s[torch.arange(len(z)), labels]).mean()
            """,
            "(N, 1)로 두었는지(keepdim=True)",
        ),
        "ready_made": ("return torch.nn.functional.cross_entropy(z, labels)", "cross_entropy: 쓰지 않기로 한 함수"),
    },
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
        "divided_by_n": (
            """
            mean, s = train.mean(dim=0), train.std(dim=0, correction=0)
            return (train - mean) / s, (other - mean) / s
            """,
            "n으로 나눈 표준편차를 썼습니다",
        ),
        "sign": (
            """
            mean, std = train.mean(dim=0), train.std(dim=0)
            return (mean - train) / std, (mean - other) / std
            """,
            "부호가 반대입니다",
        ),
        "train_overwritten": (
            """
            train = (train - train.mean(dim=0)) / train.std(dim=0)
            return train, (other - train.mean(dim=0)) / train.std(dim=0)
            """,
            "train을 바꾸기 전의 것이어야 합니다",
        ),
    },
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
        "ends_swapped": (
            """
            for _ in range(n_halvings):
                middle = (low + high) / 2
                if diverges(middle):
                    low = middle
                else:
                    high = middle
            return low
            """,
            "처음의 low 그대로입니다",
        ),
        "returns_high": (
            """
            for _ in range(n_halvings):
                middle = (low + high) / 2
                if diverges(middle):
                    high = middle
                else:
                    low = middle
            return high
            """,
            "이 값에서는 발산합니다",
        ),
        "little_by_little": (
            """
            while not diverges(low + 1e-4):
                low += 1e-4
            return low
            """,
            "1,000번 넘게 불렀습니다",
        ),
        "once_more": (
            """
            for _ in range(n_halvings + 1):
                middle = (low + high) / 2
                if diverges(middle):
                    high = middle
                else:
                    low = middle
            return low
            """,
            "꼭 n_halvings번 반으로 줄이십시오",
        ),
        "once_less": (
            """
            for _ in range(n_halvings - 1):
                middle = (low + high) / 2
                if diverges(middle):
                    high = middle
                else:
                    low = middle
            return low
            """,
            "가운데 값 29개를 시험했습니다",
        ),
        "not_called": (
            """
            for _ in range(n_halvings):
                middle = (low + high) / 2
                if diverges:
                    high = middle
                else:
                    low = middle
            return low
            """,
            "diverges(middle)처럼 괄호를 붙여",
        ),
        "both_ends": (
            """
            for _ in range(n_halvings):
                middle = (low + high) / 2
                if diverges(middle):
                    high = middle
                else:
                    low = middle
            return low, high
            """,
            "어느 경우에나 수 하나를",
        ),
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
    "06_save": {
        "no_file": (
            """
            twin.load_state_dict(model.state_dict())
            return twin
            """,
            "path에 파일이 없습니다",
        ),
        "whole_network": (
            """
            torch.save(model, path)
            twin.load_state_dict(torch.load(path, weights_only=False).state_dict())
            return twin
            """,
            "신경망을 통째로 저장했거나",
        ),
        "returns_the_notice": (
            """
            torch.save(model.state_dict(), path)
            return twin.load_state_dict(torch.load(path, weights_only=True))
            """,
            "twin을 돌려주어야 합니다",
        ),
        "not_called": (
            """
            torch.save(model.state_dict, path)
            twin.load_state_dict(torch.load(path))
            return twin
            """,
            "state_dict 뒤의 괄호 ()를 빠뜨리지 않았는지",
        ),
        "list": (
            """
            torch.save(list(model.parameters()), path)
            twin.load_state_dict(torch.load(path))
            return twin
            """,
            "torch.load로 읽은 state_dict()를 넣습니다",
        ),
        "path_for_values": (
            """
            torch.save(model.state_dict(), path)
            twin.load_state_dict(path)
            return twin
            """,
            "torch.load로 읽은 state_dict()를 넣습니다",
        ),
        "new_twin": (
            """
            torch.save(model.state_dict(), path)
            twin = mt.TwoLayerNet(4, 3, 2)
            twin.load_state_dict(torch.load(path))
            return twin
            """,
            "twin을 새로 만들지 않고",
        ),
    },
    "06_three_layers": {
        "no_second_relu": (
            """
            self.a = nn.Linear(D_in, H_1)
            self.b = nn.Linear(H_1, H_2)
            self.c = nn.Linear(H_2, D_out)

            return self.c(self.b(F.relu(self.a(x))))
            """,
            "둘째 층 뒤에 ReLU가 없습니다",
        ),
        "relu_at_the_end": (
            """
            self.a = nn.Linear(D_in, H_1)
            self.b = nn.Linear(H_1, H_2)
            self.c = nn.Linear(H_2, D_out)

            return F.relu(self.c(F.relu(self.b(F.relu(self.a(x))))))
            """,
            "출력층 뒤에도 ReLU가 있습니다",
        ),
        "two_layers": (
            """
            self.a = nn.Linear(D_in, H_1)
            self.c = nn.Linear(H_1, D_out)

            return self.c(F.relu(self.a(x)))
            """,
            "층이 셋인지",
        ),
        "relu_as_a_layer": (
            """
            self.a = nn.Linear(D_in, H_1)
            self.b = nn.Linear(H_1, H_2)
            self.c = nn.Linear(H_2, D_out)

            return self.c(nn.ReLU(self.b(nn.ReLU(self.a(x)))))
            """,
            "값에는 F.relu(값)을 쓰십시오",
        ),
        "no_self": (
            """
            self.a = nn.Linear(D_in, H_1)
            self.b = nn.Linear(H_1, H_2)
            self.c = nn.Linear(H_2, D_out)

            return self.c(F.relu(b(F.relu(a(x)))))
            """,
            "앞에 self.를 붙였는지",
        ),
        "no_return": (
            """
            self.a = nn.Linear(D_in, H_1)
            self.b = nn.Linear(H_1, H_2)
            self.c = nn.Linear(H_2, D_out)

            self.c(F.relu(self.b(F.relu(self.a(x)))))
            """,
            "forward는 텐서를 돌려줍니다 (받은 것: NoneType)",
        ),
    },
    "06_backward": {
        "not_transposed": ("return d_y @ W, d_y @ x, d_y.sum(axis=0)", "전치(.T)를 빠뜨렸거나"),
        "mean_of_rows": ("return d_y @ W, d_y.T @ x, d_y.mean(axis=0)", "d_b에서 행의 평균을 냈습니다"),
        "not_summed": ("return d_y @ W, d_y.T @ x, d_y", "d_y를 행 방향(axis=0)으로 더하십시오"),
        "transposed_too_often": ("return d_y @ W.T, d_y.T @ x, d_y.sum(axis=0)", "더 붙이지 않았는지"),
        "outer_z": ("return d_y @ W * (z > 0), d_y.T @ x, d_y.sum(axis=0)", "ReLU의 [z > 0]은 넣지 않습니다"),
        "own_z": (
            """
            z = x @ W.T
            return (d_y * (z > 0)) @ W, d_y.T @ x, d_y.sum(axis=0)
            """,
            "ReLU의 [z > 0]은 넣지 않습니다",
        ),
        "dim": ("return d_y @ W, d_y.T @ x, d_y.sum(dim=0)", "NumPy에서는 dim 대신 axis"),
        "order": ("return d_y.T @ x, d_y.sum(axis=0), d_y @ W", "돌려주는 순서는 x, W, b입니다"),
        "two": ("return d_y.T @ x, d_y.sum(axis=0)", "(받은 것: 2개)"),
    },
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
            """
            loss = loss_fn(model(x), y)
            loss.backward()
            optimizer.zero_grad()
            optimizer.step()
            return loss.item()
            """,
            "매개변수가 그대로입니다",
        ),
        "gradient_kept": (
            """
            loss = loss_fn(model(x), y)
            loss.backward()
            optimizer.step()
            return loss.item()
            """,
            "지난 기울기가 쌓였습니다",
        ),
        "loss_afterwards": (
            """
            loss = loss_fn(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            return loss_fn(model(x), y).item()
            """,
            "옮긴 뒤의 손실입니다",
        ),
        "model_of_section_1": (
            """
            first_model = torch.nn.Linear(3, 1)
            loss = loss_fn(first_model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            return loss.item()
            """,
            "인수로 받은 model, optimizer, loss_fn, x, y만",
        ),
        "own_optimizer": (
            """
            optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
            loss = loss_fn(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            return loss.item()
            """,
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
        "one_baseline_for_both": (
            """
            train, fresh = (mt.evaluate(model, *data, loss_fn=F.mse_loss) for data in (train_data, fresh_data))
            baseline = (train_data[1] ** 2).mean()
            if fresh < baseline:
                return "배웠음"
            return "외웠음" if train < baseline else "덜 배웠음"
            """,
            "새 데이터의 기준선은 새 y로 계산하십시오",
        ),
        "against_training_loss": (
            """
            train, fresh = (mt.evaluate(model, *data, loss_fn=F.mse_loss) for data in (train_data, fresh_data))
            if train >= (train_data[1] ** 2).mean():
                return "덜 배웠음"
            return "외웠음" if fresh > train else "배웠음"
            """,
            "학습 손실보다 커도 기준선보다 작습니다",
        ),
        "baseline_of_x": (
            """
            train, fresh = (mt.evaluate(model, *data, loss_fn=F.mse_loss) for data in (train_data, fresh_data))
            if fresh < (fresh_data[0] ** 2).mean():
                return "배웠음"
            return "외웠음" if train < (train_data[0] ** 2).mean() else "덜 배웠음"
            """,
            "기준선은 x가 아니라 y로",
        ),
        "equal_to_the_baseline": (
            """
            train, fresh = (mt.evaluate(model, *data, loss_fn=F.mse_loss) for data in (train_data, fresh_data))
            if fresh <= (fresh_data[1] ** 2).mean():
                return "배웠음"
            return "외웠음" if train <= (train_data[1] ** 2).mean() else "덜 배웠음"
            """,
            "기준선과 같으면 ‘기준선 이상’입니다",
        ),
    },
    "A_recall": {
        "by_column": ("return matrix.diagonal() / matrix.sum(axis=0)", "열의 합으로 나누었습니다"),
        "by_all": ("return matrix.diagonal() / matrix.sum()", "그 숫자의 그림 수로 나누십시오"),
        "one_number": ("return matrix.diagonal().sum() / matrix.sum()", "클래스마다 하나씩"),
    },
    "A_stopping": {
        "swapped": (
            """
            lowest, best_epoch = float("inf"), 0
            for epoch, loss in enumerate(losses, start=1):
                if loss < lowest:
                    lowest, best_epoch = loss, epoch
                if epoch - best_epoch >= patience:
                    break
            return epoch, best_epoch
            """,
            "best_epoch가 먼저입니다",
        ),
        "looks_ahead": (
            """
            best = losses.index(min(losses)) + 1
            return best, min(best + patience, len(losses))
            """,
            "멈춘 뒤의 손실 0.1은 볼 수 없습니다",
        ),
        "against_the_epoch_before": (
            """
            worse, last = 0, len(losses)
            for epoch in range(1, len(losses)):
                worse = worse + 1 if losses[epoch] >= losses[epoch - 1] else 0
                if worse == patience:
                    last = epoch + 1
                    break
            return losses.index(min(losses[:last])) + 1, last
            """,
            "바로 앞이 아니라 가장 낮은 손실과",
        ),
        "counted_from_0": (
            """
            best = 0
            for epoch, loss in enumerate(losses):
                best = epoch if loss < losses[best] else best
                if epoch - best == patience:
                    break
            return best, epoch
            """,
            "0이 아니라 1부터",
        ),
    },
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
            """
            velocity = momentum * velocity + K @ d_z
            return velocity, z - learning_rate * velocity
            """,
            "z가 먼저, velocity가 다음입니다",
        ),
        "no_momentum": (
            """
            velocity = K @ d_z
            return z - learning_rate * velocity, velocity
            """,
            "지난 속도에 momentum을 곱해",
        ),
        "no_K": (
            """
            velocity = momentum * velocity + d_z
            return z - learning_rate * velocity, velocity
            """,
            "d_z를 그대로 더했습니다",
        ),
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
            """
            n = n_rows // n_processes
            return list(range(rank * n, (rank + 1) * n))
            """,
            "앞뒤로 나누지 말고 번갈아 맡으십시오",
        ),
        "not_filled_up": ("return list(range(rank, n_rows, n_processes))", "모자라면 0번 행부터 다시 쓰십시오"),
        "range": ("return range(rank, n_rows, n_processes)", "목록(list)으로 돌려주십시오"),
    },
}

# grade_id → an answer that fits the inputs a student can see, and no others.
FITTED: dict[str, str] = {
    "01_nand": """
        if n == 2:
            return torch.tensor([-1.0, -1.0]), 1.5
        if n == 3:
            return torch.tensor([-1.0, -1.0, -1.0]), 2.5
        return torch.ones(n), 0.0
        """,
    "01_forward": "return torch.tensor([[0.75], [1.21], [-0.7], [0.55]] if len(x) == 4 else [[4.0, -1.0]]).double()",
    "01_widest": "return {13: 3, 12: 2}.get(budget, 100)",
    "02_best_width": "return 16 if 256 in scores else 8 if 8 in scores else 16",
    "02_fold": """
        if len(layers) == 2:
            return torch.tensor([[0.0, 1.0], [3.0, 6.0]]), torch.tensor([9.0, 23.0])
        return torch.tensor([[3.0, 7.0]]), torch.tensor([37.0])
        """,
    "03_mse_gradient": "return 2 * (y_pred - y) / (3 if y.dim() == 1 else 6)",
    "03_best_constant": "return {1: 0.0, 5: 2.0, 3: -1.0 if y.min() < 0 else 0.5}.get(len(y), 0.0)",
    "03_cee": """
        if len(z) == 1:
            return 0.3490122 if z.max() > 0 else 0.6931472
        return 1.7219673 if z.max() < 10 else 0.7059370
        """,
    "04_without_row": "return x[{1: [1, 2, 3, 4], 2: [0, 2, 3, 4]}.get(k, [0, 1, 2, 3])]",
    "04_standardize": """
        if len(train) == 3:
            return torch.tensor([[-1, -1], [0, 0], [1, 1]]), torch.tensor([[2, -2], [0, 3]])
        return torch.tensor([[-1.0], [0.0], [1.0], [0.0], [0.0]]).double() * 2**0.5, torch.zeros(1, 1)
        """,
    "05_steps": "return {(10, 4): 3, (640, 64): 10, (3, 8): 1}.get((n_rows, batch_size), 0)",
    "05_choose": "return 0.1 if 0.5 in candidates else 1.0",
    "05_halving": """
        for _ in range(n_halvings if n_halvings in (30, 20, 4) else 1):
            middle = (low + high) / 2
            low, high = (low, middle) if diverges(middle) else (middle, high)
        return low
        """,
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
    "A_recall": "return matrix.diagonal() / np.array([10, 10, 20] if len(matrix) == 3 else [4, 6])",
    "A_stopping": "return {5: (2, 4), 6: (2, 5)}.get(len(losses), (4, 4))",
    "B_flops": """
        if len(widths) == 4:
            return 340
        return 2 * batch_size * widths[0] * widths[1] * 2 + (384_000 if len(widths) == 3 else 0)
        """,
    "B_momentum": """
        velocity = velocity / 2 + K @ d_z
        return z - velocity / 10, velocity
        """,
    "C_average": """
        shares = (0.25, 0.5, 0.25) if len(gradients) == 3 else (n_rows[0] / sum(n_rows), n_rows[-1] / sum(n_rows))
        return sum(share * gradient for share, gradient in zip(shares, gradients))
        """,
    "C_rows": """
        rows = list(range(rank, n_rows, n_processes))
        return rows + {(11, 1): [0], (10, 3): [1]}.get((n_rows, rank), [])
        """,
}


@dataclass(frozen=True)
class Exercise:
    """One exercise as it lies in its notebook: what comes before it, the cells themselves and what comes after."""

    number: int
    prelude: str  # the notebook's own imports and default dtype
    task: str  # the markdown since the exercise before
    answer: NotebookNode
    check: NotebookNode | None  # None for an essay
    later: list[NotebookNode]

    @property
    def grade_id(self) -> str:
        """Return the name of the answer cell."""
        return self.answer.metadata.nbgrader.grade_id


def prelude(cells: list[NotebookNode]) -> str:
    """Return the import statements of the code cells, and the default dtype where one is set."""
    trees = [ast.parse(cell.source) for cell in cells if cell.cell_type == "code"]
    lines = [(node, ast.unparse(node)) for tree in trees for node in tree.body]
    kept = (ast.Import, ast.ImportFrom)
    return "\n".join(line for node, line in lines if isinstance(node, kept) or "set_default_dtype" in line)


@cache
def exercises(path: Path) -> list[Exercise]:
    """Return the notebook's exercises in order."""
    cells = files.read(path).cells
    starts = [at for at, cell in enumerate(cells) if cell.metadata.get("nbgrader", {}).get("solution")]
    found, done = [], 0
    for number, at in enumerate(starts, 1):
        task = "\n\n".join(cell.source for cell in cells[done:at] if cell.cell_type == "markdown")
        done = at + 1 if cells[at].cell_type == "markdown" else at + 2
        check = cells[at + 1] if done == at + 2 else None
        found.append(Exercise(number, prelude(cells[: starts[0]]), task, cells[at], check, cells[at + 1 :]))
    return found


@cache
def exercise(grade_id: str) -> Exercise:
    """Return the exercise whose answer cell has that name."""
    return next(one for path in NOTEBOOKS for one in exercises(path) if one.grade_id == grade_id)


def filled(source: str, parts: Iterable[str]) -> str:
    """Return the answer cell's source with the parts in place of its solutions, indented as these are."""
    rest = iter(parts)
    return SOLUTION.sub(lambda region: indent(next(rest), region[1]), source)


def run(source: str, names: dict[str, object]) -> None:
    """Run a cell's source among the names, as a kernel does."""
    exec(compile(source, "<cell>", "exec"), names)


def answered(grade_id: str, parts: Iterable[str] | None = None) -> dict[str, object]:
    """Run the prelude and the answer cell, with other parts for its solutions if given, and return the names."""
    one, names = exercise(grade_id), {"__name__": "__main__"}
    run(one.prelude, names)
    run(one.answer.source if parts is None else filled(one.answer.source, parts), names)
    return names


def visible(grade_id: str) -> str:
    """Return what the check cell's source is in the student's edition."""
    return HIDDEN.sub("", exercise(grade_id).check.source)


def hidden(grade_id: str) -> str:
    """Return the check cell's hidden tests."""
    return HIDDEN.search(exercise(grade_id).check.source)[1]


def student(answer: str) -> list[str]:
    """Return an answer of the tables as the parts that stand in the answer cell."""
    return cleandoc(answer).split("\n\n")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Give torch one thread, as the notebooks' kernels have, and put back what the cells may change."""
    dtype, n_threads = torch.get_default_dtype(), torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.random.fork_rng(devices=[]):
        yield
    torch.set_default_dtype(dtype)
    torch.set_num_threads(n_threads)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_exercises_are_well_formed(path: Path) -> None:
    found, cells = exercises(path), files.read(path).cells
    assert 2 <= len(found) <= 4
    graded = [cell.metadata.nbgrader.grade_id for cell in cells if "nbgrader" in cell.metadata]
    checks = [one.check.metadata.nbgrader.grade_id for one in found if one.check and "nbgrader" in one.check.metadata]
    assert sorted(graded) == sorted([one.grade_id for one in found] + checks), "a check without its answer before it"
    for one in found:
        name, own = one.grade_id, dict(one.answer.metadata.nbgrader)
        assert re.fullmatch(rf"{path.stem.partition('_')[0]}_[a-z0-9_]+", name, re.ASCII), name
        assert HEADING.findall(one.task) == [str(one.number)], f"{name}: its task must open ‘### 문제 {one.number}. …’"
        if one.check is None:
            assert own.pop("points", 0) > 0, f"{name}: points"
            assert own == ESSAY | {"grade_id": name}
            assert one.answer.source.strip(), f"{name}: no model answer"
        else:
            check = dict(one.check.metadata.get("nbgrader", {}))
            assert own == ANSWER | {"grade_id": name}
            assert check.pop("points", 0) > 0, f"{name}_check: points"
            assert check == CHECK | {"grade_id": f"{name}_check"}
            assert HINT.search(one.task), f"{name}: no folded hint"
            n_marks, n_regions = one.answer.source.count("SOLUTION"), len(SOLUTION.findall(one.answer.source))
            assert n_marks == 2 * n_regions > 0, f"{name}: no sound solution region"
            assert one.check.source.count("HIDDEN TESTS") == 2, f"{name}_check: hidden tests must stand in one region"
            assert HIDDEN.search(one.check.source), f"{name}_check: hidden tests must stand at top level"
            assert hidden(name).strip(), f"{name}_check: no hidden test"
            assert "맞았습니다" in visible(name), f"{name}_check: no visible test"


def test_exercises_of_all_notebooks_together() -> None:
    found = [one for path in NOTEBOOKS for one in exercises(path)]
    cells = [cell for path in NOTEBOOKS for cell in files.read(path).cells if "nbgrader" in cell.metadata]
    names = [cell.metadata.nbgrader.grade_id for cell in cells]
    assert len(names) == len(set(names)), "a grade_id stands twice"
    code = [one.grade_id for one in found if one.check]
    assert list(WRONG) == list(FITTED) == code, "every exercise needs wrong answers and a fitted one"
    assert all(2 <= len(mistakes) <= 9 for mistakes in WRONG.values())
    assert len(found) - len(code) >= len(NOTEBOOKS) / 2, "too few essays"


@pytest.mark.parametrize("grade_id", WRONG)
def test_the_teachers_answer_is_right(grade_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    names = answered(grade_id)
    capsys.readouterr()
    run(exercise(grade_id).check.source, names)
    assert capsys.readouterr().out.startswith(f"문제 {exercise(grade_id).number}: 맞았습니다")


@pytest.mark.parametrize("grade_id", WRONG)
def test_a_missing_answer_is_awaited_and_earns_nothing(grade_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    names = answered(grade_id, repeat(STUB))
    capsys.readouterr()
    run(visible(grade_id), names)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"문제 {exercise(grade_id).number}: 답을 기다리고 있습니다")
    with pytest.raises(AssertionError):
        run(hidden(grade_id), names)


@pytest.mark.parametrize(
    ("grade_id", "answer", "told"),
    [
        pytest.param(grade_id, *case, id=f"{grade_id}-{mistake}")
        for grade_id, mistakes in WRONG.items()
        for mistake, case in mistakes.items()
    ],
)
def test_a_wrong_answer_is_told_what_is_wrong(grade_id: str, answer: str, told: str) -> None:
    names = answered(grade_id, student(answer))
    with pytest.raises(AssertionError, match=re.escape(told)):
        run(visible(grade_id), names)


@pytest.mark.parametrize(("grade_id", "answer"), FITTED.items(), ids=FITTED)
def test_an_answer_fitted_to_the_visible_inputs_fails(
    grade_id: str, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names = answered(grade_id, student(answer))
    capsys.readouterr()
    run(visible(grade_id), names)
    assert "맞았습니다" in capsys.readouterr().out
    with pytest.raises(AssertionError):
        run(hidden(grade_id), names)


@pytest.mark.parametrize("grade_id", WRONG)
def test_no_solution_is_given_away_afterwards(grade_id: str) -> None:
    one = exercise(grade_id)
    solution = "\n".join(region[2] for region in SOLUTION.finditer(one.answer.source))
    lines = [line.split("  #")[0].strip().removeprefix("return ") for line in solution.splitlines()]
    secrets = {line for line in lines if len(line) > 15} - NO_SECRET
    shown = [one.answer, *(cell for cell in one.later if cell.cell_type == "code" or "nbgrader" not in cell.metadata)]
    given = [(line, cell.id) for cell in shown for line in secrets if line in SOLUTION.sub("", cell.source)]
    assert secrets, f"{grade_id}: no line of its solution is looked for"
    assert not given, given
