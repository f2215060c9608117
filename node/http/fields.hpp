#pragma once
// Named texts in order, names may repeat: query parameters, path parameters, form fields.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/percent.hpp"
#include "base/result.hpp"

namespace ehds::node::http {

struct field {
  std::string name;
  std::string value;
  bool operator==(field const&) const = default;
};

class fields {
 public:
  fields() = default;
  explicit fields(std::vector<field> list) : list_(std::move(list)) {}

  void add(std::string name, std::string value) { list_.push_back({std::move(name), std::move(value)}); }
  bool has(std::string_view name) const { return std::ranges::find(list_, name, &field::name) != list_.end(); }
  // The first of that name; empty when absent. Lives as long as *this unchanged.
  std::string_view value(std::string_view name) const;
  std::vector<std::string> values(std::string_view name) const;  // all of that name, in order

  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }

 private:
  std::vector<field> list_;
};

using ehds::percent_decode;
using ehds::percent_encode;

// application/x-www-form-urlencoded: a=1&b=2, '+' is a blank. At most max_fields, else http.too_many_fields.
result<fields> parse_urlencoded(std::string_view text, std::size_t max_fields = 1000);

}  // namespace ehds::node::http
