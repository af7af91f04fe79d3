"""Notebook C's: training in several processes under torchrun, their checkpoints, and starting them from a notebook."""
