#pragma once
// Reads one JSON object whose members are all known: asks for members by name, notes every fault, and at the end
// refuses whatever nobody asked for.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "base/time.hpp"
#include "policies/json/value.hpp"

namespace ehds::policies::json {

class object_reader {
 public:
  // `family` starts the codes: "query" gives query.missing, .type, .value, .unknown_member. Faults are appended to
  // `found`, which outlives the reader, as does `v`. When v is no object that is a fault, and it reads as empty.
  object_reader(value const& v, std::string where, std::string_view family, problems& found);
  object_reader(object_reader const&) = delete;
  object_reader& operator=(object_reader const&) = delete;
  ~object_reader() = default;

  bool has(std::string_view name) const;
  value const* optional(std::string_view name);
  value const* wanted(std::string_view name);

  std::string text(std::string_view name);  // wanted, not empty, at most 400 bytes
  std::string text_or(std::string_view name, std::string fallback);
  std::int64_t number(std::string_view name, std::int64_t from, std::int64_t to);
  std::int64_t number_or(std::string_view name, std::int64_t fallback, std::int64_t from, std::int64_t to);
  bool truth_or(std::string_view name, bool fallback);
  date day(std::string_view name);
  std::vector<std::string> texts_or_none(std::string_view name);  // absent: empty

  // Calls f(item, its pointer) for each item; a fault when it is no array or has more than `most` items.
  void each(std::string_view name, std::size_t most, std::function<void(value const&, std::string const&)> const& f);

  // The place in `words` of the text; a fault naming the choices when it is none of them.
  std::size_t one_of(std::string_view name, std::vector<std::string_view> const& words);

  void fault(std::string_view kind, std::string_view name, std::string detail, std::string mend);
  void refuse_others();  // call last

  std::string at(std::string_view name) const { return where_ + "/" + std::string(name); }
  std::string const& where() const { return where_; }

 private:
  std::string const* text_in(value const* v, std::string_view name, std::size_t most);

  std::string where_;
  std::string family_;
  problems& found_;
  object const* members_;
  std::vector<std::string> asked_;
};

}  // namespace ehds::policies::json
