#pragma once
// Header fields in the order they came or will be sent; names compare without case (RFC 9110 5.1).
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/http_call.hpp"

namespace ehds::node::http {

std::string lower(std::string_view text);                // its ASCII letters
bool same_name(std::string_view a, std::string_view b);  // ASCII letters compare without case
std::string_view trimmed(std::string_view text);         // without blanks and tabs at both ends

class headers {
 public:
  headers() = default;
  headers(std::initializer_list<http_header> fields) : fields_(fields) {}

  void add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }
  void set(std::string name, std::string value);  // replaces every field of that name
  void remove(std::string_view name);

  bool has(std::string_view name) const;
  std::string_view get(std::string_view name) const;  // the first; empty when absent. Lives as long as *this unchanged
  std::string all(std::string_view name) const;       // every value, joined by ", " (RFC 9110 5.2)

  bool empty() const { return fields_.empty(); }
  std::size_t size() const { return fields_.size(); }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<http_header> fields_;
};

}  // namespace ehds::node::http
