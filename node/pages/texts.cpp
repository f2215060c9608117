#include "node/pages/texts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "node/pages/shipped.hpp"

namespace ehds::node::pages {

std::vector<std::string> const& fixed_texts::languages() {
  static std::vector<std::string> const all{"en", "fr"};
  return all;
}

fixed_texts::fixed_texts(std::string language, std::string_view json) : language_(std::move(language)) {
  auto const read = nlohmann::json::parse(json);
  for (auto const& [key, text] : read.items()) texts_[key] = text.get<std::string>();
}

fixed_texts const& fixed_texts::in(std::string_view language) {
  static std::map<std::string, fixed_texts, std::less<>> const all = [] {
    std::map<std::string, fixed_texts, std::less<>> read;
    for (auto const& one : languages())
      read.emplace(one, fixed_texts(one, shipped_page_file("texts/" + one + ".json").value()));
    return read;
  }();
  auto const found = all.find(language);
  if (found == all.end()) throw std::out_of_range("no texts in " + std::string(language));
  return found->second;
}

std::string const& fixed_texts::at(std::string_view key) const {
  auto const found = texts_.find(key);
  if (found == texts_.end()) throw std::out_of_range("no text " + std::string(key) + " in " + language_);
  return found->second;
}

std::string fixed_texts::of_code(std::string_view group, std::string_view code) const {
  auto const found = texts_.find(std::string(group) + "." + std::string(code));
  if (found != texts_.end()) return found->second;
  std::string legible(code);
  std::ranges::replace(legible, '_', ' ');
  return legible;
}

}  // namespace ehds::node::pages
