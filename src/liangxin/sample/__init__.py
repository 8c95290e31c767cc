"""Made-up towns by seed, for the demo, the tests and the benchmarks. No real firm appears in them."""
