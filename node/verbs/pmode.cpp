// ehds-node pmode: check P-Modes before they are used, print their published schema, make them from those of a Domibus.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/clock.hpp"
#include "edelivery/pmode/find_doubts.hpp"
#include "edelivery/pmode/import_domibus.hpp"
#include "edelivery/pmode/read_pmodes.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {
namespace {

constexpr char const* pmode_usage =
    "usage: ehds-node pmode check FILE [--behind-domibus] | pmode schema | pmode import DOMIBUS.xml [--party OURS]";

// Beside the P-Modes; a missing file is a finding, not a complaint of its own.
edelivery::read_certificate_file reading_beside(std::filesystem::path const& file) {
  return [folder = file.parent_path()](std::string const& path) -> result<std::string> {
    auto const tried = folder / path;
    std::ifstream in(tried, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>{in}, {});
    if (in.bad() || bytes.empty()) return problem{"config.unreadable", "the file cannot be read", tried.string(), ""};
    return bytes;
  };
}

int check(std::string const& file, edelivery::spoken_by whose) {
  std::error_code fault;
  if (std::filesystem::is_directory(file, fault))
    return complain(file + " is a folder, and one file of P-Modes is checked. Mend: name a file in it; " +
                        "config check looks at the whole folder of a configuration",
                    2);
  std::string text;
  if (!slurp(file, text)) return 2;
  auto const book = edelivery::read_pmodes(text, reading_beside(file), whose);
  if (book) {
    for (auto const& one : edelivery::find_doubts(*book, system_clock{}.now())) complain("warning: " + to_text(one), 0);
    if (book->all().empty())
      std::cout << "no P-Mode: the list is empty, and nothing is exchanged\n";
    else
      std::cout << book->all().size() << (book->all().size() == 1 ? " P-Mode, good\n" : " P-Modes, all good\n");
    return 0;
  }
  bool const unreadable = book.error().front().code == "edelivery.pmode.json";
  for (auto const& found : book.error()) complain(to_text(found), 1);
  return unreadable ? 2 : 1;
}

int import_domibus(std::string const& file, std::string const& party) {
  std::string text;
  if (!slurp(file, text)) return 2;
  auto const made = edelivery::import_domibus(text, party);
  if (!made) return complain(to_text(made.error()), 2);
  std::cout << made->json << '\n';
  for (auto const& one : made->not_carried) complain(to_text(one), 0);
  return made->count > 0 ? 0 : complain("nothing of the file could become a P-Mode of this party", 1);
}

}  // namespace

int pmode(words const& given) {
  auto const read = arguments::read(given, {{"--party"}, {"--behind-domibus"}, 1, 2});
  if (!read) return complain(pmode_usage, 2);
  auto const& what = read->words();
  if (what.size() == 1 && what[0] == "schema") {
    std::cout << edelivery::pmode_schema();
    return 0;
  }
  if (what.size() == 2 && what[0] == "check")
    return check(what[1],
                 read->has("--behind-domibus") ? edelivery::spoken_by::another : edelivery::spoken_by::this_node);
  if (what.size() == 2 && what[0] == "import") return import_domibus(what[1], read->value("--party"));
  return complain(pmode_usage, 2);
}

}  // namespace ehds::node::verbs
