"""The post's training written in many ways, and what each costs: what notebook B and its benchmark share.

`python -m mlp_tutorial.speed` measures anew; `measured.json` holds what was measured on the machine that it names.
"""

from mlp_tutorial.speed.measure import one_thread as one_thread
from mlp_tutorial.speed.measure import pairs as pairs
from mlp_tutorial.speed.measure import seconds as seconds
from mlp_tutorial.speed.results import flops as flops
from mlp_tutorial.speed.results import load as load
from mlp_tutorial.speed.results import place as place
from mlp_tutorial.speed.results import table as table
from mlp_tutorial.speed.trainers import TRAINERS as TRAINERS
from mlp_tutorial.speed.ways import WAYS as WAYS
from mlp_tutorial.speed.ways import carried as carried
from mlp_tutorial.speed.ways import post as post
from mlp_tutorial.speed.ways import raw_loop as raw_loop
