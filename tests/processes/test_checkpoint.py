"""Tests of processes.checkpoint, in a group of this process alone."""

from pathlib import Path

import pytest
import torch
import torch.distributed as dist

import mlp_tutorial as mt
from mlp_tutorial.processes import checkpoint


@pytest.fixture
def model() -> mt.TwoLayerNet:
    return mt.TwoLayerNet(3, 2, 1)


def test_a_checkpoint_goes_back_into_model_and_optimizer(
    tmp_path: Path, model: mt.TwoLayerNet, group: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, x = tmp_path / "checkpoint.pt", torch.ones(4, 3)
    adam = torch.optim.Adam(model.parameters())  # which remembers, unlike SGD
    model(x).sum().backward()
    adam.step()
    assert checkpoint.load(path, model, adam, 2) == []
    checkpoint.save(path, model, adam, [0.1, 0.7])
    twin = mt.TwoLayerNet(3, 2, 1)
    twin_adam = torch.optim.Adam(twin.parameters())
    assert checkpoint.load(path, twin, twin_adam, 2) == [0.1, 0.7]
    assert torch.equal(model(x), twin(x))
    assert torch.equal(adam.state_dict()["state"][0]["exp_avg"], twin_adam.state_dict()["state"][0]["exp_avg"])
    with pytest.raises(ValueError, match=r"n_steps.* 2 .*\(받은 값: 1\)"):
        checkpoint.load(path, twin, twin_adam, 1)
    monkeypatch.setattr(dist, "all_gather_object", lambda found, own: found.__setitem__(slice(None), [own, 0]))
    with pytest.raises(ValueError, match=r"\[2, 0\].*--folder"):
        checkpoint.load(path, twin, twin_adam, 2)


@pytest.mark.parametrize("fault", ["empty", "text", "half", "list", "other", "keys", "optimizer"])
def test_a_file_that_is_no_checkpoint_is_told(fault: str, tmp_path: Path, model: mt.TwoLayerNet, group: None) -> None:
    path, sgd = tmp_path / "checkpoint.pt", torch.optim.SGD(model.parameters())
    checkpoint.save(path, model, sgd, [0.5])
    whole = path.read_bytes()
    if fault == "other":
        model = mt.TwoLayerNet(3, 7, 1)
    elif fault == "optimizer":
        sgd = torch.optim.SGD([next(model.parameters())])
    elif fault in ("list", "keys"):
        torch.save([1, 2] if fault == "list" else {"model": model.state_dict()}, path)
    else:
        path.write_bytes({"empty": b"", "text": b"text", "half": whole[: len(whole) // 2]}[fault])
    with pytest.raises(ValueError, match=r"checkpoint\.pt.*\(까닭: \w+\)"):
        checkpoint.load(path, model, sgd, 2)


def test_a_write_that_breaks_off_leaves_the_checkpoint_before(
    tmp_path: Path, model: mt.TwoLayerNet, group: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sgd = tmp_path / "checkpoint.pt", torch.optim.SGD(model.parameters())
    checkpoint.save(path, model, sgd, [0.5])
    before = path.read_bytes()

    def half(_: object, part: Path) -> None:
        part.write_bytes(before[:100])
        assert path.read_bytes() == before, "whoever is killed here leaves this"
        raise OSError("no space")

    monkeypatch.setattr(torch, "save", half)
    with pytest.raises(OSError, match="no space"):
        checkpoint.save(path, model, sgd, [0.5, 0.4])
    assert [(left, left.read_bytes()) for left in tmp_path.iterdir()] == [(path, before)]


def test_only_process_0_writes(tmp_path: Path, model: mt.TwoLayerNet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dist, "get_rank", lambda: 1)
    checkpoint.save(tmp_path / "checkpoint.pt", model, torch.optim.SGD(model.parameters()), [0.5])
    assert not list(tmp_path.iterdir())
