#include "node/audit/verify.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "node/audit/checkpoint.hpp"
#include "node/audit/log.hpp"
#include "node/audit/merkle.hpp"

namespace ehds::node::audit {
namespace {

constexpr std::string_view checkpoint_mark = R"({"checkpoint":)";

// Walks over the leaves in order and keeps the tree; checkpoints are compared as their size is reached.
class walk {
 public:
  explicit walk(verification_terms const& terms) : terms_(terms) {}

  void expect(std::string const& note) {
    problem last{"audit.key", "No verifier key was given.", "", ""};
    for (auto const& key : terms_.keys) {
      auto opened = open_note(note, key);
      if (opened) return expected_.push_back(std::move(*opened));
      last = opened.error();
    }
    report(std::move(last));
  }

  void leaf(std::string const& bytes) {
    tree_.append(leaf_hash(bytes));
    auto const read = nlohmann::json::parse(bytes, nullptr, false);
    bool const numbered = read.is_object() && read.contains("seq") && read["seq"].is_number_integer();
    if (!numbered || read["seq"].get<std::uint64_t>() != tree_.size())
      report({"audit.order", "An entry does not carry the number of its place.", place(), ""});
    compare();
  }

  void report(problem p) { done_.found.push_back(std::move(p)); }
  std::string place() const { return "entry " + std::to_string(tree_.size()); }
  std::uint64_t size() const { return tree_.size(); }
  merkle_frontier const& tree() const { return tree_; }

  verification finish() {
    for (auto const& one : expected_)
      if (one.size > tree_.size())
        report({"audit.missing", "A signed checkpoint covers more entries than the log has.",
                "checkpoint of size " + std::to_string(one.size), "Entries were removed from the end."});
    done_.entries = tree_.size();
    done_.root = tree_.root();
    return std::move(done_);
  }

 private:
  void compare() {
    for (auto const& one : expected_) {
      if (one.size != tree_.size()) continue;
      if (one.root == tree_.root()) {
        ++done_.checkpoints;
        done_.covered = one.size;
      } else {
        report({"audit.changed", "The entries are not those that were signed.",
                "checkpoint of size " + std::to_string(one.size), "An entry at or before this place was changed."});
      }
    }
  }

  verification_terms const& terms_;
  std::vector<checkpoint> expected_;
  merkle_frontier tree_;
  verification done_;
};

// What the store itself remembers of the log must agree with its entries.
void check_bookkeeping(store::reading& now, walk& over) {
  auto const kept = current_state(now, "");
  if (kept.size != over.size() || kept.root != over.tree().root())
    over.report({"audit.missing", "The log was closed over other entries than it has now.", over.place(),
                 "Entries were changed, removed or added outside the program."});
  auto const counter = now.first("SELECT number FROM store_counter WHERE log = 'audit'");
  if ((counter ? static_cast<std::uint64_t>(counter->integer(0)) : 0) != over.size())
    over.report({"audit.missing", "The log has given out another number of entries than it holds.", over.place(), ""});
}

}  // namespace

verification verify(store::reading& now, verification_terms const& terms) {
  walk over(terms);
  for (auto const& note : checkpoints(now)) over.expect(note);
  if (terms.witnessed) over.expect(*terms.witnessed);
  std::int64_t expected = 1;
  now.each("SELECT seq, leaf, leaf_hash FROM audit_entry ORDER BY seq", [&](store::row const& one) {
    if (one.integer(0) != expected)
      over.report({"audit.missing", "Numbers are missing in the log.", "entry " + std::to_string(expected), ""});
    expected = one.integer(0) + 1;
    over.leaf(one.text(1));
    if (leaf_hash(one.text(1)) != one.text(2))
      over.report({"audit.changed", "An entry does not have the hash it was stored with.", over.place(), ""});
  });
  check_bookkeeping(now, over);
  return over.finish();
}

result<verification> verify_store(std::filesystem::path const& store, verification_terms const& terms) {
  store::database_options options;
  options.read_only = true;
  auto const opened = store::database::open(store, options);
  if (!opened) return opened.error();
  return opened->read([&](store::reading& now) { return verify(now, terms); });
}

void export_log(store::reading& now, std::ostream& to) {
  now.each("SELECT leaf FROM audit_entry ORDER BY seq", [&](store::row const& one) { to << one.text(0) << '\n'; });
  for (auto const& note : checkpoints(now)) to << nlohmann::json{{"checkpoint", note}}.dump() << '\n';
}

result<verification> verify_export(std::filesystem::path const& file, verification_terms const& terms) {
  problem const unreadable{"audit.unreadable", "The exported log cannot be read.", file.string(), ""};
  walk over(terms);
  if (terms.witnessed) over.expect(*terms.witnessed);
  // Checkpoints stand at the end and are needed first: two passes over the file.
  for (bool const notes : {true, false}) {
    std::ifstream in(file);
    if (!in) return unreadable;
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with(checkpoint_mark) != notes) continue;
      if (!notes) {
        over.leaf(line);
        continue;
      }
      auto const read = nlohmann::json::parse(line, nullptr, false);
      if (!read.is_object() || !read["checkpoint"].is_string()) return unreadable;
      over.expect(read["checkpoint"].get<std::string>());
    }
  }
  return over.finish();
}

}  // namespace ehds::node::audit
