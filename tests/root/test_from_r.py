"""Tests of the way between R and Python: a file in the form in which R torch saves a model, 0.12.0 or later."""

import json
import struct
from pathlib import Path

import numpy as np
import safetensors.torch
import torch

import mlp_tutorial as mt


def as_r_saves(tensors: dict[str, np.ndarray]) -> bytes:
    """Return what real R torch 0.17.0 wrote: names in their order, `__robj__` last, the header padded to 8 bytes."""
    arrays = {name: tensors[name] for name in sorted(tensors)} | {"__robj__": np.zeros(16, dtype=np.uint8)}
    header, end = {}, 0
    for name, array in arrays.items():
        start, end = end, end + array.nbytes
        dtype = {"float32": "F32", "uint8": "U8"}[array.dtype.name]
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [start, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(array.tobytes() for array in arrays.values())


def test_a_model_that_r_saved_computes_the_same_here(tmp_path: Path) -> None:
    drawn = np.random.default_rng(0)
    shapes = {"layer_01.weight": (5, 7), "layer_01.bias": (5,), "layer_02.weight": (3, 5), "layer_02.bias": (3,)}
    tensors = {name: drawn.standard_normal(shape, dtype=np.float32) for name, shape in shapes.items()}
    path = tmp_path / "from_r.safetensors"
    path.write_bytes(as_r_saves(tensors))

    values = safetensors.torch.load_file(path)
    assert values.pop("__robj__").dtype == torch.uint8
    model = mt.TwoLayerNet(7, 5, 3)
    model.load_state_dict(values)

    x = drawn.standard_normal((4, 7), dtype=np.float32)
    W_1, b_1, W_2, b_2 = tensors.values()
    expected = np.maximum(x @ W_1.T + b_1, 0) @ W_2.T + b_2
    np.testing.assert_allclose(model(torch.from_numpy(x)).detach().numpy(), expected, rtol=1e-5, atol=1e-5)


def test_a_file_that_python_writes_in_that_form_has_the_same_tensors(tmp_path: Path) -> None:
    """The notebook writes one with save_file, as its readers have no R."""
    values = mt.TwoLayerNet(7, 5, 3).state_dict()
    path = tmp_path / "from_python.safetensors"
    safetensors.torch.save_file({**values, "__robj__": torch.zeros(16, dtype=torch.uint8)}, path)
    in_r = safetensors.torch.load(as_r_saves({name: tensor.numpy() for name, tensor in values.items()}))
    read = safetensors.torch.load(path.read_bytes())
    assert read.keys() == in_r.keys()
    assert all(torch.equal(read[name], in_r[name]) for name in read)
