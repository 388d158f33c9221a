"""What NumPy and OpenMP are told of the processor before they are first imported. Knows nothing of what they compute.

NumPy takes the widest instructions it finds. AMD's Zen 4 (family 25) has AVX-512, but stores what that compresses so
slowly that sorting takes over five times as long as with AVX2. NumPy reads its setting once, when it is first imported.

OpenMP's threads wait for each other awake, which is fastest where nothing else runs. Beside other processes they hold
the cores that the awaited ones need: with three on two cores, what takes .5 s alone took up to 9 s, and 1.5 s so.
"""

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path

VARIABLE = "NPY_DISABLE_CPU_FEATURES"
AVX512 = "X86_V4 AVX512_ICL"  # as NumPy 2.4 names them
CPUINFO = Path("/proc/cpuinfo")
SPINS_VARIABLE = "GOMP_SPINCOUNT"
SPINS = "1000"  # instead of 300,000


def prefer_fast_sort(environment: MutableMapping[str, str] = os.environ, cpuinfo: Path = CPUINFO) -> None:
    """Leave AVX-512 out on such a processor, unless NumPy is there already or somebody has decided otherwise."""
    if "numpy" not in sys.modules and VARIABLE not in environment and sorts_slowly_with_avx512(cpuinfo):
        environment[VARIABLE] = AVX512


def wait_asleep(environment: MutableMapping[str, str] = os.environ) -> None:
    """For a server, which seldom has its cores to itself. To be called before torch and scikit-learn are imported."""
    environment.setdefault(SPINS_VARIABLE, SPINS)


def wait_awake(environment: MutableMapping[str, str]) -> None:
    """Take back what `wait_asleep` has set, for a process whose threads have cores of their own."""
    if environment.get(SPINS_VARIABLE) == SPINS:
        del environment[SPINS_VARIABLE]


def sorts_slowly_with_avx512(cpuinfo: Path) -> bool:
    """False also where the system does not describe its processor there."""
    if not cpuinfo.is_file():
        return False
    first = cpuinfo.read_text(encoding="utf-8", errors="replace").split("\n\n", 1)[0]
    facts = dict(line.split(":", 1) for line in first.splitlines() if ":" in line)
    facts = {name.strip(): value.strip() for name, value in facts.items()}
    is_zen = facts.get("vendor_id") == "AuthenticAMD" and facts.get("cpu family") == "25"
    return is_zen and {"avx512f", "avx512_vbmi2"} <= set(facts.get("flags", "").split())
