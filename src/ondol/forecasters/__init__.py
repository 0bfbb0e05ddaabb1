"""Models of load, one file each; see `ports.forecaster`."""
