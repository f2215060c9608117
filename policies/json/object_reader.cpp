#include "policies/json/object_reader.hpp"

#include "base/slips.hpp"

#include <algorithm>

namespace ehds::policies::json {
namespace {
object const nothing;
constexpr std::size_t longest_text = 400;
}  // namespace

object_reader::object_reader(value const& v, std::string where, std::string_view family, problems& found)
    : where_(std::move(where)), family_(family), found_(found), members_(std::get_if<object>(&v.is)) {
  if (members_ != nullptr) return;
  members_ = &nothing;
  found_.push_back({family_ + ".type", "An object is expected here.", where_, "Write { ... }."});
}

void object_reader::fault(std::string_view kind, std::string_view name, std::string detail, std::string mend) {
  found_.push_back({family_ + "." + std::string(kind), std::move(detail), at(name), std::move(mend)});
}

bool object_reader::has(std::string_view name) const {
  return std::ranges::any_of(*members_, [&](auto const& member) { return member.first == name; });
}

value const* object_reader::optional(std::string_view name) {
  asked_.emplace_back(name);
  auto const found = std::ranges::find_if(*members_, [&](auto const& member) { return member.first == name; });
  return found == members_->end() ? nullptr : &found->second;
}

value const* object_reader::wanted(std::string_view name) {
  auto const* const v = optional(name);
  if (v == nullptr) fault("missing", name, "The member \"" + std::string(name) + "\" is missing.", "Add it.");
  return v;
}

std::string const* object_reader::text_in(value const* v, std::string_view name, std::size_t most) {
  if (v == nullptr) return nullptr;
  auto const* const s = std::get_if<std::string>(&v->is);
  if (s == nullptr) {
    fault("type", name, "A text is expected here.", "Write it in quotes.");
  } else if (s->size() > most) {
    fault("value", name, "The text has more than " + std::to_string(most) + " bytes.", "Shorten it.");
    return nullptr;
  }
  return s;
}

std::string object_reader::text(std::string_view name) {
  auto const* const s = text_in(wanted(name), name, longest_text);
  if (s == nullptr) return {};
  if (s->empty()) fault("value", name, "The text is empty.", "Fill it in.");
  return *s;
}

std::string object_reader::text_or(std::string_view name, std::string fallback) {
  auto const* const s = text_in(optional(name), name, 10 * longest_text);
  if (s != nullptr) return *s;
  return fallback;
}

std::int64_t object_reader::number(std::string_view name, std::int64_t from, std::int64_t to) {
  return wanted(name) == nullptr ? from : number_or(name, from, from, to);
}

std::int64_t object_reader::number_or(std::string_view name, std::int64_t fallback, std::int64_t from,
                                      std::int64_t to) {
  auto const* const v = optional(name);
  if (v == nullptr) return fallback;
  auto const* const n = std::get_if<std::int64_t>(&v->is);
  if (n == nullptr) {
    fault("type", name, "A whole number is expected here.", "Write it without quotes.");
    return fallback;
  }
  if (*n < from || *n > to) {
    fault("value", name, "The number is not between " + std::to_string(from) + " and " + std::to_string(to) + ".",
          "Choose one in that range.");
    return fallback;
  }
  return *n;
}

bool object_reader::truth_or(std::string_view name, bool fallback) {
  auto const* const v = optional(name);
  if (v == nullptr) return fallback;
  if (auto const* const b = std::get_if<bool>(&v->is)) return *b;
  fault("type", name, "true or false is expected here.", "Write one of them, without quotes.");
  return fallback;
}

date object_reader::day(std::string_view name) {
  auto const* const s = text_in(wanted(name), name, longest_text);
  if (s == nullptr) return {};
  if (auto const parsed = parse_date(*s)) return *parsed;
  fault("value", name, "A date such as 2024-12-31 is expected here.", "Write year, month and day with dashes.");
  return {};
}

std::vector<std::string> object_reader::texts_or_none(std::string_view name) {
  std::vector<std::string> texts;
  if (!has(name)) {
    asked_.emplace_back(name);
    return texts;
  }
  each(name, 10'000, [&](value const& item, std::string const& pointer) {
    auto const* const s = std::get_if<std::string>(&item.is);
    if (s != nullptr && !s->empty() && s->size() <= longest_text) return texts.push_back(*s);
    found_.push_back({family_ + ".type", "A text of 1 to 400 bytes is expected here.", pointer, "Write it in quotes."});
  });
  return texts;
}

void object_reader::each(std::string_view name, std::size_t most,
                         std::function<void(value const&, std::string const&)> const& f) {
  auto const* const v = wanted(name);
  if (v == nullptr) return;
  auto const* const list = std::get_if<array>(&v->is);
  if (list == nullptr) return fault("type", name, "A list is expected here.", "Write [ ... ].");
  if (list->size() > most)
    return fault("value", name, "The list has more than " + std::to_string(most) + " items.", "Shorten it.");
  for (std::size_t i = 0; i < list->size(); ++i) f((*list)[i], at(name) + "/" + std::to_string(i));
}

std::size_t object_reader::one_of(std::string_view name, std::vector<std::string_view> const& words) {
  auto const* const s = text_in(wanted(name), name, longest_text);
  if (s == nullptr) return 0;
  auto const found = std::ranges::find(words, std::string_view(*s));
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  fault("value", name, "\"" + *s + "\" is not known here.", "Choose one of: " + listed(words) + ".");
  return 0;
}

void object_reader::refuse_others() {
  for (auto const& member : *members_) {
    if (std::ranges::find(asked_, member.first) == asked_.end())
      fault("unknown_member", member.first, "The member \"" + member.first + "\" is not known here.", "Remove it.");
  }
}

}  // namespace ehds::policies::json
