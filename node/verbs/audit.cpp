// ehds-node audit: prove that a log is whole, or write it out. Works on the store of a running node too.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/bytes.hpp"
#include "node/audit/log.hpp"
#include "node/audit/verify.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {
namespace {

constexpr char const* audit_usage =
    "usage: ehds-node audit verify STORE.sqlite|EXPORT.jsonl --keys FILE [--witness CHECKPOINT]\n"
    "       ehds-node audit export STORE.sqlite";

std::vector<std::string> lines_of(std::string const& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) lines.push_back(line);
  return lines;
}

// A store is meant by its folder too.
std::string store_file(std::string const& named) {
  return std::filesystem::is_directory(named) ? (std::filesystem::path(named) / "node.sqlite").string() : named;
}

// In a node's folder of keys other files have likelier names, and of those every checkpoint would complain.
bool are_verifier_keys(std::vector<std::string> const& keys) {
  auto const is_one = [](std::string const& key) { return audit::check_verifier_key(key).has_value(); };
  return !keys.empty() && std::ranges::all_of(keys, is_one);
}

int verify(arguments const& given) {
  audit::verification_terms terms;
  std::string text;
  // Whoever can rewrite a log can hash it anew: only a key from elsewhere proves anything.
  if (!given.has("--keys"))
    return complain("name the keys that the node publishes at /audit/key, as you have kept them: --keys FILE", 2);
  if (!slurp(given.value("--keys"), text)) return 2;
  terms.keys = lines_of(text);
  if (!are_verifier_keys(terms.keys))
    return complain(given.value("--keys") +
                        " holds no verifier key of an audit log; keep what the node publishes at /audit/key (on the "
                        "node itself the file audit.verifier in its folder of keys), and name that",
                    2);
  if (given.has("--witness")) {
    if (!slurp(given.value("--witness"), text)) return 2;
    terms.witnessed = text;
  }
  auto const file = store_file(given.words()[1]);
  auto const checked = file.ends_with(".jsonl") ? audit::verify_export(file, terms) : audit::verify_store(file, terms);
  if (!checked) return complain(to_text(checked.error()), 2);
  std::cout << checked->entries << " entries, " << checked->checkpoints << " signed checkpoints over the first "
            << checked->covered << ", root " << to_hex(checked->root) << '\n';
  for (auto const& found : checked->found) complain(to_text(found), 1);
  if (checked->is_whole() && checked->entries > 0 && checked->checkpoints == 0)
    return complain("the hashes fit, but no signed checkpoint covers the log: nothing proves that it was not rewritten",
                    1);
  std::cout << (checked->is_whole() ? "the log is whole\n" : "the log is NOT whole\n");
  return checked->is_whole() ? 0 : 1;
}

int write_out(arguments const& given) {
  auto const db = store::database::open(store_file(given.words()[1]), {.migrations = {}, .read_only = true});
  if (!db) return complain(to_text(db.error()), 2);
  db->read([](store::reading& now) { audit::export_log(now, std::cout); });
  return 0;
}

}  // namespace

int audit(words const& given) {
  auto const read = arguments::read(given, {{"--keys", "--witness"}, {}, 2, 2});
  if (!read) return complain(audit_usage, 2);
  if (read->words()[0] == "verify") return verify(*read);
  if (read->words()[0] == "export") return write_out(*read);
  return complain(audit_usage, 2);
}

}  // namespace ehds::node::verbs
