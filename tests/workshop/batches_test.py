#!/usr/bin/env python3
"""The check for names that would meet in a batch finds what does not compile there, and nothing else."""
import unittest

from batches import alone, collisions, in_batches, names_of
from layout import ROOT, without_comments_and_strings

NOBODYS, EVERYBODYS = True, False

# text of a file -> the names it keeps for itself (anonymous or not)
DECLARATIONS = {
    "namespace a { namespace { int f(int x) { return x; } } }": {("a", NOBODYS, "f", "")},
    "namespace a::b {\nnamespace {\nstd::optional<std::map<int, int>> f(char c);\n}\n}": {("a::b", NOBODYS, "f", "")},
    "namespace a { int f(); }": {("a", EVERYBODYS, "f", "")},
    "namespace { constexpr std::size_t most = 3; }": {("", NOBODYS, "most", "")},
    "namespace { constexpr std::array<int, 2> list{{1, 2}}; }": {("", NOBODYS, "list", "")},
    "namespace { std::vector<int> const all = {1, 2}; int next(); }": {("", NOBODYS, "all", ""), ("", NOBODYS, "next", "")},
    "namespace { struct point { int x; void move(); }; }": {("", NOBODYS, "point", "")},
    "namespace { enum class kind { one, two }; }": {("", NOBODYS, "kind", "")},
    "namespace { class body final : public bytes { int f() { return 1; } }; }": {("", NOBODYS, "body", "")},
    "namespace { template <class T> T twice(T x) { return x + x; } }": {("", NOBODYS, "twice", "")},
    "namespace { using json = nlohmann::json; }": {("", NOBODYS, "json", "= nlohmann::json")},
    "namespace { namespace asio = boost::asio; }": {("", NOBODYS, "asio", "= boost::asio")},
    "namespace { int f(int x = 3) { return x; } }": {("", NOBODYS, "f", "")},
    "namespace { int f(std::vector<int> x = {}, int y = 1) { return y; } }": {("", NOBODYS, "f", "")},
    "namespace { bool operator<(a x, b y) { return x.n < y.n; } }": set(),
    "namespace { using std::string; static_assert(sizeof(int) == 4); }": set(),
    "namespace a { room::room(int x) : x_{x} {} void room::open() { int y = 2; } }": set(),
}

ONE = "namespace a { namespace { int lower(char c) { return c; } } }"
CALLS_IT = "namespace a { int x() { return lower('c'); } }"


class Batches(unittest.TestCase):
    def test_reads_declarations(self):
        for text, expected in DECLARATIONS.items():
            with self.subTest(text=text):
                self.assertEqual(names_of(text), expected)

    def test_finds_a_name_that_two_files_of_a_folder_keep(self):
        found = collisions({"room/a.cpp": ONE, "room/b.cpp": ONE})
        self.assertEqual(len(found), 1)
        for part in ("room/a.cpp and room/b.cpp", "'lower'", "batches", "cmake/room.cmake"):
            self.assertIn(part, found[0])

    def test_finds_overloads_too(self):
        other = "namespace a { namespace { int lower(std::string_view text) { return 1; } } }"
        self.assertEqual(len(collisions({"room/a.cpp": ONE, "room/b.cpp": other})), 1)

    def test_finds_a_name_that_a_header_beside_declares(self):
        self.assertEqual(len(collisions({"room/a.cpp": ONE, "room/b.hpp": "namespace a { int lower(int x); }"})), 1)

    def test_finds_what_reaches_over_a_whole_batch(self):
        self.assertIn("using namespace", collisions({"room/a.cpp": "namespace a {\nusing namespace std::chrono;\n}"})[0])
        self.assertIn("#define", collisions({"room/a.cpp": "#define LOUD 1\n"})[0])

    def test_lets_pass_what_does_not_meet(self):
        apart = [
            {"room/a.cpp": ONE, "room/inner/b.cpp": ONE},  # another folder: another batch
            {"room/a.cpp": ONE, "room/b.cpp": ONE.replace("namespace a", "namespace b")},
            {"room/a.cpp": ONE, "room/b.cpp": CALLS_IT},
            {"room/a.cpp": "namespace { using json = n::json; }", "room/b.cpp": "namespace { using json = n::json; }"},
            {"room/a.hpp": "namespace a { int lower(int x); }", "room/a.cpp": "namespace a { int lower(int x) { return x; } }"},
            {"room/a.hpp": "#define GUARD 1\n"},
        ]
        for texts in apart:
            with self.subTest(texts=texts):
                self.assertEqual(collisions(texts), [])

    def test_tells_aliases_of_different_things_apart(self):
        texts = {"room/a.cpp": "namespace { using json = n::json; }", "room/b.cpp": "namespace { using json = m::json; }"}
        self.assertEqual(len(collisions(texts)), 1)

    def test_knows_which_files_stand_alone(self):
        listed = "set_source_files_properties(a.cpp sub/b.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)\nehds_room(x SOURCES c.cpp)"
        self.assertEqual(alone(listed), {"a.cpp", "sub/b.cpp"})
        files = ["node/http/asio_unit.cpp", "node/http/url.cpp", "tests/base/bytes_test.cpp", "tests/catch_main.cpp", "node/main.cpp"]
        self.assertEqual(in_batches(ROOT, files), ["node/http/url.cpp", "tests/base/bytes_test.cpp"])

    def test_separators_of_digits_are_no_literals(self):
        text = "namespace { constexpr int many = 1'000; bool f(char c) { return c == '{'; } int g(); }"
        self.assertEqual({name for _, _, name, _ in names_of(without_comments_and_strings(text))}, {"many", "f", "g"})


if __name__ == "__main__":
    unittest.main()
