"""The commands of `python -m mlp_tutorial`, one module each (train where none is named), which declares its options."""
