"""Makes pictures; knows no platform and no person."""

import os

# GNU OpenMP's threads spin while they wait for one another, for milliseconds, and with a busy neighbour on the same
# cores that takes seconds. Spinning for some 20 microseconds and then sleeping is as fast on a quiet machine (512 px in
# 7.8 s; 14.5 s when they sleep at once) and no slower on a busy one. It is read once, when torch is loaded.
os.environ.setdefault("GOMP_SPINCOUNT", "20000")
