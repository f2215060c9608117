#pragma once
// JSON as this room accepts it: I-JSON (RFC 7493) with whole numbers only. Doubled members, fractions, numbers above
// 2^53, too much depth or size are refused while reading. Written back as RFC 8785 (JCS).
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace ehds::policies::json {

struct value;
using array = std::vector<value>;
using object = std::vector<std::pair<std::string, value>>;  // names are distinct

struct value {
  std::variant<std::nullptr_t, bool, std::int64_t, std::string, array, object> is;

  value() : is(nullptr) {}
  value(bool b) : is(b) {}
  value(std::int64_t n) : is(n) {}
  value(std::string s) : is(std::move(s)) {}
  value(std::string_view s) : is(std::string(s)) {}
  value(char const* s) : is(std::string(s)) {}
  value(array a) : is(std::move(a)) {}
  value(object o) : is(std::move(o)) {}
};

inline constexpr std::int64_t largest_number = (std::int64_t{1} << 53) - 1;

struct reading_limits {
  std::size_t bytes = 256 * 1024;
  std::size_t depth = 24;
};

// Problems: json.too_large, json.too_deep, json.syntax, json.doubled_member, json.number, json.not_utf8.
result<value> read(std::string_view text, reading_limits limits = {});

std::string write(value const& v);  // RFC 8785

}  // namespace ehds::policies::json
