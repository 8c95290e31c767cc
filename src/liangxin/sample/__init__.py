"""Made-up towns by seed: for trying the program, for tests and for the benchmarks."""

from liangxin.sample.assembly import SampleTown
from liangxin.sample.likeness import LIKENESS_WORDS, Likeness, make_town_like
from liangxin.sample.make import make_town
from liangxin.sample.market import make_market_town

__all__ = [
    "LIKENESS_WORDS",
    "Likeness",
    "SampleTown",
    "make_market_town",
    "make_town",
    "make_town_like",
]
