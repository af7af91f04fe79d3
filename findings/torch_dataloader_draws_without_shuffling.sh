#!/usr/bin/env bash
# Passing over a DataLoader that shuffles nothing and has no workers draws a number from torch's global generator.
#
# Each `for` over a loader draws a seed for its workers first, of which there may be none. So whoever measures the
# validation loss after each epoch trains another network than whoever does not, or than who measures it every other
# epoch, once the training draws from the global generator, too: for dropout, for noise, for an order of its own. The
# seed, the data and the training's code are the same, and the model need not even be asked. Passing over x.split(16)
# draws nothing, and a loader with a generator of its own draws from that one.
#
# Seen (torch 2.13.0, num_workers=0, one network with dropout): with a pass over the validation loader after each epoch
# the second epoch's last training loss is 1.33 instead of 1.71; with slices or with generator=torch.Generator() given
# to that loader it is the same to the last bit.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

rows = torch.randn(320, 8, generator=torch.Generator().manual_seed(1))
x_train, x_val = rows[:256], rows[256:]
y_train = x_train.sum(dim=1, keepdim=True)
own = torch.Generator()  # drawn from by nothing else
WAYS = {
    "none": lambda: None,
    "slices": lambda: x_val.split(16),
    "loader": lambda: DataLoader(x_val, batch_size=16),
    "loader, own generator": lambda: DataLoader(x_val, batch_size=16, generator=own),
}


def losses(way: str, n_epochs: int = 3) -> list[float]:
    """Return each epoch's last training loss, where the validation rows are passed over after each epoch."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Dropout(0.5), nn.Linear(32, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    order = torch.Generator().manual_seed(0)
    loader = DataLoader(TensorDataset(x_train, y_train), batch_size=32, shuffle=True, generator=order)
    found = []
    for _ in range(n_epochs):
        for x, y in loader:
            loss = F.mse_loss(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        found.append(loss.item())
        for _ in WAYS[way]() or ():
            pass  # the model is not even asked
    return found


found = {way: losses(way) for way in WAYS}
for way, values in found.items():
    print(f"{way:>21}:", *(f"{value:.4f}" for value in values))
torch.manual_seed(0)
list(DataLoader(x_val))
after_a_pass = torch.rand(1)
torch.manual_seed(0)
torch.empty((), dtype=torch.int64).random_()
print("a pass draws one integer:", torch.equal(after_a_pass, torch.rand(1)))
changed = {way for way, values in found.items() if values != found["none"]}
sys.exit(changed != {"loader"} or found["loader"][0] != found["none"][0])
PY
