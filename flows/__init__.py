"""One file a flow: the order of the stages and the loops, nothing else."""
