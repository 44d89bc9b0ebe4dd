"""Figures of a version that its rows alone cannot tell: rounds, scores, clusters, labels."""

ROUNDS = "figures/rounds.parquet"
SCORES = "figures/scores.parquet"
CLUSTERS = "figures/clusters.parquet"
LABELS = "figures/labels.parquet"
CALIBRATION = "figures/calibration.parquet"
ADAPTATION = "figures/adaptation.parquet"
