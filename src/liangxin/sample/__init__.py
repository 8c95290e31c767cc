"""Made-up towns by seed: for trying the program, for tests and for the benchmarks."""

from liangxin.sample.make import SampleTown, make_town

__all__ = ["SampleTown", "make_town"]
