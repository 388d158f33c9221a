"""Reads people's files: bytes to arrays, arrays to Predictions, every rule and message about input."""

from dashboard.inputs.dataset import Dataset
from dashboard.inputs.read import DataFiles, read_dataset, read_predictions

__all__ = ["DataFiles", "Dataset", "read_dataset", "read_predictions"]
