"""What is measured and trained for the lab beforehand."""
