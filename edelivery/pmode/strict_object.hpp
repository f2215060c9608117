#pragma once
// Reads a JSON object key by key and reports whatever is missing, of the wrong type or unknown.
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "base/result.hpp"

namespace ehds::edelivery {

// A JSON document with comments, at most 16 MiB and 16 levels, no name twice in one object.
// Problem edelivery.pmode.json.
result<nlohmann::json> parse_bounded(std::string_view text);

class strict_object {
 public:
  // `value` and `found` outlive the reader. A value that is no object is reported and read as an empty one.
  strict_object(nlohmann::json const& value, std::string pointer, problems& found);

  bool has(std::string_view key) const;
  std::string text(std::string_view key);                                 // demanded
  std::string text_or(std::string_view key, std::string_view otherwise);  // may be left out
  std::vector<std::string> texts(std::string_view key);                   // a list; empty when left out
  std::vector<std::string> some_texts(std::string_view key);              // neither it nor one of them empty
  std::vector<std::string> text_or_texts(std::string_view key);           // one text, or a list of them
  std::vector<nlohmann::json const*> objects(std::string_view key);       // the members of a demanded list
  bool boolean_or(std::string_view key, bool otherwise);
  std::size_t size_or(std::string_view key, std::size_t otherwise, std::size_t most);  // 1 to most
  double number_or(std::string_view key, double otherwise, double least, double most);
  // The member as an object of its own; an empty one when left out.
  strict_object object(std::string_view key);
  strict_object demanded_object(std::string_view key);

  void complain(std::string_view what, std::string_view key, std::string detail, std::string mend);
  std::string pointer_to(std::string_view key) const { return pointer_ + "/" + std::string{key}; }
  // Reports every key that was never asked for.
  void finish();

 private:
  nlohmann::json const* find(std::string_view key);
  void wrong_type(std::string_view key, std::string_view wanted);

  nlohmann::json const& value_;
  std::string pointer_;
  problems& found_;
  std::vector<std::string> asked_;
};

}  // namespace ehds::edelivery
