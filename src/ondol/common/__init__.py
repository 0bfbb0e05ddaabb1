"""What all capabilities use, and nothing else."""
