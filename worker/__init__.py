"""Makes pictures; knows no platform and no person."""

import os

# Torch's OpenMP threads spin while they wait for one another, which they do all the time when other processes want the
# same cores: 20 iterations at 64 px took 0.8 to 12 s beside a busy neighbour, 0.15 s when they sleep instead. It is
# read once, when torch is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
