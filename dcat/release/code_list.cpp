#include "dcat/release/code_list.hpp"

#include <algorithm>
#include <limits>

namespace ehds::dcat {
namespace {

constexpr std::size_t longest_compared = 80;

std::string folded(std::string_view text) {
  std::string out;
  for (char const c : text.substr(0, longest_compared)) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

// Levenshtein distance, two rows.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto const above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string_view last_part(std::string_view iri) {
  auto const cut = iri.find_last_of("/#");
  return cut == std::string_view::npos ? iri : iri.substr(cut + 1);
}

}  // namespace

void code_list::index() {
  by_iri_.clear();
  for (std::size_t i = 0; i < codes.size(); ++i) by_iri_[codes[i].iri] = i;
}

code const* code_list::find(std::string_view iri) const {
  auto const found = by_iri_.find(iri);
  return found == by_iri_.end() ? nullptr : &codes[found->second];
}

bool code_list::holds(std::string_view iri) const {
  if (find(iri) != nullptr) return true;
  return open && iri.size() > base.size() && iri.starts_with(base);
}

code const* code_list::nearest(std::string_view written) const {
  auto const wanted = folded(last_part(written));
  code const* best = nullptr;
  auto least = std::numeric_limits<std::size_t>::max();
  for (code const& c : codes) {
    auto far = distance(wanted, folded(c.notation));
    for (auto const& [language, label] : c.labels) far = std::min(far, distance(wanted, folded(label)));
    if (far < least) {
      least = far;
      best = &c;
    }
  }
  return best;
}

std::string_view label_of(code const& c, std::string_view language) {
  if (auto const own = c.labels.find(std::string(language)); own != c.labels.end()) return own->second;
  if (auto const english = c.labels.find("en"); english != c.labels.end()) return english->second;
  return c.labels.empty() ? std::string_view(c.notation) : std::string_view(c.labels.begin()->second);
}

}  // namespace ehds::dcat
