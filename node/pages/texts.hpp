#pragma once
// The fixed texts of the pages by language: texts/<language>.json, one flat object. A language is added by a file.
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ehds::node::pages {

class fixed_texts {
 public:
  // The languages there are; the first one is for everybody who asks for none of them.
  static std::vector<std::string> const& languages();
  static fixed_texts const& in(std::string_view language);  // throws std::out_of_range

  std::string const& language() const { return language_; }
  std::string const& at(std::string_view key) const;  // throws std::out_of_range
  // The text of a code, "status.GRANTED"; the code itself, legible, where no text was written for it.
  std::string of_code(std::string_view group, std::string_view code) const;
  std::map<std::string, std::string, std::less<>> const& all() const { return texts_; }

 private:
  fixed_texts(std::string language, std::string_view json);

  std::string language_;
  std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace ehds::node::pages
