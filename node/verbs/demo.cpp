// ehds-node demo: the small network, and its story.
#include <filesystem>

#include "base/numbers.hpp"
#include "node/demo/options.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {

int demo(words const& given) {
  auto const read =
      arguments::read(given, {{"--bring", "--persons", "--folder", "--source"}, {"--once", "--keep"}, 0, 0});
  if (!read)
    return complain(
        to_text(read.error()) + " (usage: ehds-node demo [--once] [--keep] [--bring DIR] [--persons N] [--folder DIR])",
        2);
  demo::options how;
  how.program = std::filesystem::read_symlink("/proc/self/exe");
  how.once = read->has("--once");
  how.keep = read->has("--keep");
  how.bring = read->value("--bring");
  how.folder = std::filesystem::absolute(read->value("--folder", "demo"));
  how.source = read->value("--source", ".");
  auto const persons = parse_number<int>(read->value("--persons", "50000"));
  if (!persons || *persons < 1000) return complain("--persons needs a number of at least 1000", 2);
  how.persons = *persons;
  return demo::run(how);
}

}  // namespace ehds::node::verbs
