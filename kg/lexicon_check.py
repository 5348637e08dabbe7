"""`python -m kg.lexicon_check LANGUAGE...`: prints every example of the packs that does not hold."""

from __future__ import annotations

import sys

from kg.extract import Extractor
from kg.lexicon import check_pack
from kg.resources import LANGUAGES, load_knowledge, load_packs


def main(languages: list[str]) -> int:
    """Print the failures of the packs named, all by default; return 1 when there are any."""
    packs = load_packs(languages or LANGUAGES)
    extractor = Extractor(load_knowledge(), packs)
    failures = 0
    for pack in packs.values():
        cases = sum(len(c[3]) + len(c[4]) for c in pack.cases)
        mine = list(check_pack(pack, extractor))
        failures += len(mine)
        for failure in mine:
            print(
                f"{pack.language}/{failure.file} {failure.entry}\n  text    {failure.text}\n  wanted  {failure.wanted}"
            )
            for line in failure.got:
                print(f"  got     {line}")
        print(f"{pack.language}: {cases} examples and counterexamples, {len(mine)} do not hold")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
