"""What a build will cost, before anything is spent."""

from longhop.operations.estimating.estimating import Estimator
from longhop.operations.estimating.sampling import Sample, ask_some, take_sample

__all__ = ["Estimator", "Sample", "ask_some", "take_sample"]
