"""What is used is included. Precompiled headers (cmake/room.cmake) give every unit the names below, so the compiler no
longer sees a forgotten #include of theirs; the release build, which has none, would stop at it."""
import re
from functools import cache
from pathlib import Path

ALGORITHMS = ("all_of any_of clamp copy_n count_if equal fill find_if lower_bound max min none_of reverse sort stable_sort "
              "transform unique upper_bound").replace(" ", "|")
RANGE_ALGORITHMS = "adjacent_find|all_of|any_of|contains|copy|count|equal|fill|find|for_each|lower_bound|max|min|none_of|" \
                   "remove|replace|reverse|search|sort|stable_sort|starts_with|transform|unique|upper_bound"
# precompiled header -> what is declared in it
DECLARED = {
    "algorithm": rf"std::ranges::({RANGE_ALGORITHMS})|std::({ALGORITHMS})\b\s*\(",
    "expected": r"std::(expected|unexpected)\b",
    "functional": r"std::(function|bind|invoke|reference_wrapper|move_only_function)\b",
    "map": r"std::(multi)?map\b",
    "memory": r"std::(unique_ptr|shared_ptr|weak_ptr|make_unique|make_shared)\b",
    "nlohmann/json.hpp": r"\bnlohmann::",
    "optional": r"std::(optional|nullopt|make_optional)\b",
    "set": r"std::(multi)?set\b",
    "string": r"std::(string\b|to_string)",
    "variant": r"std::(variant|holds_alternative|get_if|visit|monostate)\b",
    "vector": r"std::vector\b",
}
INCLUDE = re.compile(r'^#include [<"]([^>"]+)[>"]', re.M)


def forgotten(root: Path, path: str, text: str) -> list[str]:
    """The headers that this file of a room uses, and neither it nor a header of ours that it includes names."""

    @cache
    def reached(name: str) -> frozenset[str]:
        file = root / name
        if not name.endswith((".hpp", ".cpp")) or not file.exists():
            return frozenset()
        names = INCLUDE.findall(file.read_text(encoding="utf-8"))
        return frozenset(names).union(*(reached(n) for n in names)) if names else frozenset()

    declared_ahead = path.endswith(".hpp") and "nlohmann/json_fwd.hpp" in reached(path)
    have = reached(path) | ({"nlohmann/json.hpp"} if declared_ahead else set())
    return [header for header, used in DECLARED.items() if header not in have and re.search(used, text)]
