"""The commands of `python -m mlp_tutorial`, one module each."""
