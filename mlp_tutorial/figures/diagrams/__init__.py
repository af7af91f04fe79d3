"""What is drawn from shapes, not data: networks, the computation graph, the schedule of several processes.

Each has a module of its own; canvas and arrow are in `canvas`.
"""
