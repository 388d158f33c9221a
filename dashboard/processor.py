"""Asks NumPy for the faster of its sorts where it would choose the slower one. Knows nothing of what is sorted.

NumPy takes the widest instructions it finds. AMD's Zen 4 (family 25) has AVX-512, but stores what that compresses so
slowly that sorting takes over five times as long as with AVX2. NumPy reads its setting once, when it is first imported.
"""

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path

VARIABLE = "NPY_DISABLE_CPU_FEATURES"
AVX512 = "X86_V4 AVX512_ICL"  # as NumPy 2.4 names them
CPUINFO = Path("/proc/cpuinfo")


def prefer_fast_sort(environment: MutableMapping[str, str] = os.environ, cpuinfo: Path = CPUINFO) -> None:
    """Leave AVX-512 out on such a processor, unless NumPy is there already or somebody has decided otherwise."""
    if "numpy" not in sys.modules and VARIABLE not in environment and sorts_slowly_with_avx512(cpuinfo):
        environment[VARIABLE] = AVX512


def sorts_slowly_with_avx512(cpuinfo: Path) -> bool:
    """False also where the system does not describe its processor there."""
    if not cpuinfo.is_file():
        return False
    first = cpuinfo.read_text(encoding="utf-8", errors="replace").split("\n\n", 1)[0]
    facts = dict(line.split(":", 1) for line in first.splitlines() if ":" in line)
    facts = {name.strip(): value.strip() for name, value in facts.items()}
    is_zen = facts.get("vendor_id") == "AuthenticAMD" and facts.get("cpu family") == "25"
    return is_zen and {"avx512f", "avx512_vbmi2"} <= set(facts.get("flags", "").split())
