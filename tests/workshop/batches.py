"""Names that would meet in a batch. The sanitizer builds compile the sources of a folder together (EHDS_BATCHES,
cmake/room.cmake), so what two files keep for themselves in anonymous namespaces may not have one name there: at best it
does not compile, at worst a call finds the neighbour's function."""
import re
from pathlib import Path

APART = ("cmake/", "tests/bench/", "tests/catch_main.cpp", "tests/fuzz/", "tests/policies/must_not_compile/")
HINT = "the sanitizer builds compile a folder's files in batches (cmake/room.cmake): let it stand once, or name it more exactly"
ALONE = re.compile(r"set_source_files_properties\(([^)]*?)\s+PROPERTIES\s+SKIP_UNITY_BUILD_INCLUSION\s+ON")
NAMESPACE = re.compile(r"(?:^|\s)namespace\s*([\w:]*)\s*$")
TYPE = re.compile(r"(?:struct|class|union|enum(?:\s+(?:class|struct))?)\s+(\w+)(?!.*[()])")
ALIAS = re.compile(r"(using|namespace)\s+(\w+)\s*=(.*)", re.S)
FUNCTION = re.compile(r"(?<![\w:])(\w+)\s*\(")
VARIABLE = re.compile(r"\s(\w+)\s*(?:\[[^\]]*\]\s*)*$")
NO_DECLARATION = re.compile(r"(?:using\b|static_assert\b|friend\b|extern\b|namespace\b)")


def declared(head: str) -> tuple[str, str] | None:
    """The name that the text before a '{' or ';' declares at namespace scope, and of an alias what it stands for."""
    head = re.sub(r"\[\[.*?\]\]", "", head).strip()
    if alias := ALIAS.match(head):
        return alias[2], "= " + "".join(alias[3].split())
    while (shorter := re.sub(r"<[^<>()]*(?:\([^()]*\)[^<>()]*)*>", "", head)) != head:
        head = shorter
    head = re.sub(r"^template\s*", "", head)
    if found := TYPE.match(head):
        return found[1], ""
    if not head or NO_DECLARATION.match(head) or "operator" in head:
        return None
    before_value = re.split(r"(?<![=!<>])=(?!=)", head)[0].strip()
    if "(" in before_value:
        found = FUNCTION.search(before_value)
    else:
        found = VARIABLE.search(before_value)
    return (found[1], "") if found else None


def names_of(text: str) -> set[tuple[str, bool, str, str]]:
    """(namespace, is it anonymous, name, what an alias stands for), of a text without comments, literals, directives."""
    names: set[tuple[str, bool, str, str]] = set()
    scopes: list[str | None] = []  # namespaces from outside in, "" an anonymous one; None: any other block
    head, parentheses = "", 0

    def note() -> None:
        if found := declared(head):
            names.add(("::".join(s for s in scopes if s), "" in scopes, *found))

    for char in text:
        at_namespace = None not in scopes
        parentheses += (char == "(") - (char == ")")
        if char == "{":
            space = NAMESPACE.search(head) if at_namespace else None
            if at_namespace and parentheses == 0 and not space:
                note()
            # What follows an initialiser up to its ';' declares nothing more; what follows a body is a new beginning.
            head = "" if at_namespace and parentheses == 0 else head
            scopes.append(space[1] if space else None)
        elif char == "}" and scopes:
            scopes.pop()
        elif char == ";" and at_namespace and parentheses == 0:
            note()
            head = ""
        elif at_namespace:
            head += char
    return names


def alone(cmake: str) -> set[str]:
    """The sources that a room's CMakeLists.txt leaves out of batches."""
    return {name for listed in ALONE.findall(cmake) for name in listed.split()}


def in_batches(root: Path, files: list[str]) -> list[str]:
    """Of these files, those of rooms and tests that are compiled together with others, and the headers beside them."""
    left_out = {str(cmake.parent.relative_to(root) / name) for cmake in root.glob("**/CMakeLists.txt")
                if "build" not in cmake.relative_to(root).parts for name in alone(cmake.read_text(encoding="utf-8"))}
    return [f for f in files if f.endswith((".cpp", ".hpp")) and not f.startswith(APART) and
            not f.endswith("/main.cpp") and f not in left_out]


def collisions(texts: dict[str, str]) -> list[str]:
    """texts: file -> text without comments and literals. One finding for each name of a folder that two files have."""
    findings = []
    folders: dict[str, dict[tuple[str, str], dict[str, tuple[bool, str]]]] = {}
    for path, text in sorted(texts.items()):
        plain = re.sub(r"^[ \t]*#(?:.*\\\n)*.*", "", text, flags=re.M)
        is_test = path.startswith("tests/")  # where using-directives are the custom
        if path.endswith(".cpp") and not is_test and re.search(r"^using namespace\b", plain, re.M):
            findings.append(f"{path}: 'using namespace' reaches the neighbours too: {HINT}")
        if path.endswith(".cpp") and re.search(r"^[ \t]*#[ \t]*define\b", text, re.M):
            findings.append(f"{path}: its #define reaches the neighbours too: leave it out of batches (cmake/room.cmake)")
        for space, anonymous, name, stands_for in names_of(plain):
            known = folders.setdefault(path.rpartition("/")[0], {}).setdefault((space, name), {})
            known[path] = (known.get(path, (False, ""))[0] or anonymous, stands_for)
    for names in folders.values():
        for (_, name), known in sorted(names.items()):
            kept = [path for path, (anonymous, _) in known.items() if anonymous and path.endswith(".cpp")]
            same_alias = len({stands_for for _, stands_for in known.values()}) == 1 and next(iter(known.values()))[1] != ""
            if kept and len(known) > 1 and not same_alias:
                findings.append(f"{' and '.join(sorted(known))}: each has its own '{name}'; {HINT}")
    return findings
