"""What is drawn from shapes, not data: networks, the computation graph, the schedule of several processes."""
