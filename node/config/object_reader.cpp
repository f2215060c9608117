#include "node/config/object_reader.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/slips.hpp"

namespace ehds::node::config {

using nlohmann::json;

namespace {

json const empty_object = json::object();
constexpr std::size_t most_secret_bytes = 64 * 1024;

std::optional<std::string> secret_file(file_path const& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text(most_secret_bytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

}  // namespace

bool is_nation(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

object_reader::object_reader(json const* value, std::string where, reading_context& context)
    : value_(value == nullptr ? &empty_object : value), where_(std::move(where)), context_(context) {
  if (value_->is_object()) return;
  context_.found.push_back(
      {"config.type", "An object is expected here.", where_.empty() ? "/" : where_, "Write {...}."});
  value_ = &empty_object;
}

std::string object_reader::place(std::string_view name) const { return where_ + "/" + std::string{name}; }

void object_reader::wrong(std::string_view name, std::string code, std::string detail, std::string mend) {
  context_.found.push_back({std::move(code), std::move(detail), place(name), std::move(mend)});
}

bool object_reader::has(char const* name) const { return value_->contains(name); }

json const* object_reader::member(char const* name) {
  known_.emplace_back(name);
  auto const found = value_->find(name);
  return found == value_->end() ? nullptr : &*found;
}

std::optional<std::string> object_reader::read_text(char const* name, need how) {
  auto const* const value = member(name);
  if (value == nullptr && how == need::required) {
    wrong(name, "config.missing", "This entry is missing.", "Add \"" + std::string{name} + "\".");
  }
  if (value == nullptr) return std::nullopt;
  if (value->is_string() && !(how == need::required && value->get_ref<std::string const&>().empty())) {
    return value->get<std::string>();
  }
  wrong(name, "config.type", "A text is expected here.", "Write it between quotation marks.");
  return std::nullopt;
}

void object_reader::text(char const* name, std::string& into, need how) {
  if (auto value = read_text(name, how)) into = *std::move(value);
}

void object_reader::path(char const* name, file_path& into, need how) {
  auto const value = read_text(name, how);
  if (value && !value->empty()) into = (context_.folder / *value).lexically_normal();
}

void object_reader::texts(char const* name, std::vector<std::string>& into) {
  auto const* const value = member(name);
  if (value == nullptr) return;
  auto const is_text = [](json const& one) { return one.is_string() && !one.get_ref<std::string const&>().empty(); };
  if (!value->is_array() || !std::ranges::all_of(*value, is_text))
    return wrong(name, "config.type", "A list of texts is expected here.", R"(Write ["...", "..."].)");
  for (auto const& one : *value) into.push_back(one.get<std::string>());
}

void object_reader::truth(char const* name, bool& into) {
  auto const* const value = member(name);
  if (value == nullptr) return;
  if (value->is_boolean()) {
    into = value->get<bool>();
  } else {
    wrong(name, "config.type", "true or false is expected here.", "Write true or false without quotation marks.");
  }
}

void object_reader::words(char const* name, std::vector<std::string>& into, std::span<std::string_view const> choices) {
  auto const* const value = member(name);
  if (value == nullptr) return;
  std::vector<std::string_view> const known(choices.begin(), choices.end());
  if (!value->is_array() || value->empty())
    return wrong(name, "config.type", "A list of words is expected here.", "Use some of: " + listed(known) + ".");
  for (std::size_t i = 0; i < value->size(); ++i) {
    auto const at = std::string{name} + "/" + std::to_string(i);
    auto const word = (*value)[i].is_string() ? (*value)[i].get<std::string>() : (*value)[i].dump();
    if (std::ranges::find(known, word) == known.end())
      wrong(at, "config.value", "\"" + word.substr(0, 60) + "\" is not a word for this place.",
            "Use some of: " + listed(known) + ".");
    else if (std::ranges::find(into, word) != into.end())
      wrong(at, "config.value", "\"" + word + "\" stands here twice.", "Keep the first.");
    else
      into.push_back(word);
  }
}

std::optional<std::uint64_t> object_reader::number(char const* name, std::uint64_t least, std::uint64_t most) {
  auto const* const value = member(name);
  if (value == nullptr) return std::nullopt;
  auto const range = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  if (!value->is_number_integer()) {
    wrong(name, "config.type", "A whole number is expected here.", "Write " + range + ".");
    return std::nullopt;
  }
  bool const fits =
      value->is_number_unsigned() && value->get<std::uint64_t>() >= least && value->get<std::uint64_t>() <= most;
  if (fits) return value->get<std::uint64_t>();
  wrong(name, "config.value", "The number is out of range.", "Write " + range + ".");
  return std::nullopt;
}

std::optional<std::size_t> object_reader::choice_of(char const* name, std::vector<std::string_view> const& words) {
  auto const value = read_text(name, need::optional);
  if (!value) return std::nullopt;
  auto const found = std::ranges::find(words, *value);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  wrong(name, "config.value", "\"" + *value + "\" is not a word for this place.", "Use one of: " + listed(words) + ".");
  return std::nullopt;
}

void object_reader::secret(char const* name, std::string& into) {
  auto const* const value = member(name);
  if (value == nullptr) return;
  auto const mend = std::string{R"(Write {"file": "path"} or {"env": "NAME"}.)"};
  auto const source = value->is_object() && value->size() == 1 ? value->begin().key() : std::string{};
  if ((source != "file" && source != "env") || !value->begin()->is_string()) {
    return wrong(name, "config.secret", "A secret must not stand in this file.", mend);
  }
  auto const from = value->begin()->get<std::string>();
  auto read = source == "env" ? context_.env(from) : secret_file(context_.folder / from);
  if (!read || read->empty()) {
    auto const what = source == "env" ? "The environment has no variable " : "There is no readable secret in the file ";
    return wrong(name, "config.secret", what + from + ".", "Set it, or name another one.");
  }
  into = *std::move(read);
}

void object_reader::finish() {
  for (auto const& [name, value] : value_->items()) {
    if (std::ranges::find(known_, name) != known_.end()) continue;
    auto const meant = nearest_word(name, known_);
    wrong(name, "config.unknown_key", "There is no entry of this name.",
          meant ? "Did you mean \"" + *meant + "\"?" : "Use one of: " + listed(known_) + ".");
  }
}

}  // namespace ehds::node::config
