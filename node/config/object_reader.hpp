#pragma once
// Reads one object of the file member by member, remembers which names it knows, and collects what is wrong with its
// place. Known inside this room alone.
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/config/configuration.hpp"

namespace ehds::node::config {

struct reading_context {
  file_path folder;  // relative paths start here
  environment const& env;
  problems found;
};

// Two capital letters, "EU" for the centre.
bool is_nation(std::string_view text);

enum class need { optional, required };

class object_reader {
 public:
  // `where` is the JSON pointer of the object. A value that is no object is a problem, and reads as an empty one.
  object_reader(nlohmann::json const* value, std::string where, reading_context& context);
  object_reader(object_reader const&) = delete;
  object_reader& operator=(object_reader const&) = delete;

  void text(char const* name, std::string& into, need how = need::optional);
  void texts(char const* name, std::vector<std::string>& into);
  void path(char const* name, file_path& into, need how = need::optional);
  void truth(char const* name, bool& into);
  // A list of words, each once and each among the choices; an empty list is a problem.
  void words(char const* name, std::vector<std::string>& into, std::span<std::string_view const> choices);
  // A whole number within the bounds.
  std::optional<std::uint64_t> number(char const* name, std::uint64_t least, std::uint64_t most);
  // {"file": ...} or {"env": ...}; a text in the open is refused.
  void secret(char const* name, std::string& into);
  template <class Choice, std::size_t count>
  void choice(char const* name, Choice& into, std::pair<std::string_view, Choice> const (&words)[count]) {
    std::vector<std::string_view> names;
    for (auto const& w : words) names.push_back(w.first);
    if (auto const index = choice_of(name, names)) into = words[*index].second;
  }
  // The object or list of that name, null when absent; the name then counts as known.
  nlohmann::json const* member(char const* name);
  bool has(char const* name) const;
  std::string place(std::string_view name) const;

  void wrong(std::string_view name, std::string code, std::string detail, std::string mend);
  // To be called last: whatever was not asked for is unknown.
  void finish();

 private:
  std::optional<std::size_t> choice_of(char const* name, std::vector<std::string_view> const& words);
  std::optional<std::string> read_text(char const* name, need how);

  nlohmann::json const* value_;
  std::string where_;
  reading_context& context_;
  std::vector<std::string> known_;
};

}  // namespace ehds::node::config
