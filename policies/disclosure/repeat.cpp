#include "policies/disclosure/repeat.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace ehds::policies::disclosure {
namespace {

// Eight bytes a number, and before each text or list its length: no two lists of fields read the same.
class fields {
 public:
  void text(std::string_view text) {
    size(text.size());
    sum_.add(text);
  }
  void number(std::int64_t number) { unsigned_number(static_cast<std::uint64_t>(number)); }
  void size(std::size_t size) { unsigned_number(size); }
  void unsigned_number(std::uint64_t number) {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xFFU);
    sum_.add(bytes);
  }
  std::string digest() { return to_hex(sum_.finish()); }

 private:
  sha256_stream sum_;
};

void add_rules(fields& to, disclosure_policy const& policy) {
  to.text(policy.id);
  for (auto const number : {policy.version, policy.threshold, policy.rounding, policy.dominant_contributors,
                            policy.dominant_percent, policy.smallest_population})
    to.number(number);
  to.number(policy.complementary ? 1 : 0);
}

void add_layout(fields& to, table_layout const& layout) {
  to.size(layout.axes.size());
  for (auto const& axis : layout.axes) {
    to.text(axis.dimension);
    to.size(axis.labels.size());
    for (auto const& label : axis.labels) to.text(label);
  }
  to.size(layout.measures.size());
  to.number(layout.denominator ? 1 : 0);
}

void add_cell(fields& to, raw_cell const& cell) {
  to.number(cell.denominator);
  to.size(cell.persons.size());
  for (auto const& person : cell.persons) {
    to.unsigned_number(person.person);
    to.number(person.events);
    for (auto const sum : person.sums) to.number(sum);
  }
}

}  // namespace

std::string digest_of(raw_cells const& raw, disclosure_policy const& policy) {
  fields all;
  all.text(raw.query_hash);
  add_rules(all, policy);
  add_layout(all, raw.layout);
  all.number(raw.dataset_persons);
  for (auto const& cell : raw.cells) add_cell(all, cell);
  return all.digest();
}

history_entry const* released_before(query_history const& history, std::string const& dataset,
                                     std::string const& digest) {
  auto const found = std::ranges::find_if(history.entries, [&](history_entry const& entry) {
    return entry.dataset == dataset && !digest.empty() && entry.made_of == digest;
  });
  return found == history.entries.end() ? nullptr : &*found;
}

}  // namespace ehds::policies::disclosure
