"""Figures, each beside a yardstick that is measured in the same run; medians of three."""
