"""How sure a score and a rank are (不确定性): intervals, rank intervals, the chance that the last is last.

Method, with what it rests on:

  * Ballots: the ratings on the paper are a multinomial sample. The prior is Dirichlet with 1/K on each
  of K ratings, one ballot's worth in all (Perks 1947, J. Inst. Actuaries 73; recommended as an overall
  objective prior by Berger, Bernardo and Sun 2015, Bayesian Analysis 10). The mean rating's posterior
  is matched by a Beta on the range of the paper. Unlike the normal interval it does not shrink to a
  point when five raters agree. ``bench/engine/coverage.py`` measures it over a stated family of rating
  distributions. * Counts of events: Poisson with Jeffreys' prior, Gamma(n + 1/2). * Samples (k of n):
  binomial with Jeffreys' prior, Beta(k + 1/2, n - k + 1/2) (Brown, Cai and DasGupta 2001, Statistical
  Science 16).

What a composite or a linked score takes from another scheme carries its uncertainty along. Indicators
are taken as independent, and so are leaders who share a unit; the total's distribution is the Beta with
their summed moments. Ranks come from seeded draws of the totals; the seed is kept, so that anyone can
repeat them.
"""

from qingfeng.assessment.engine.uncertainty.ranks import Uncertainty, uncertainty

__all__ = ["Uncertainty", "uncertainty"]
