#pragma once
// One row of an answer: plain values, independent of the connection. Columns are counted from 0 in the order of the
// SELECT. Asking a column for another type than it holds is a mistake in the program and throws store_failure.
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"

namespace ehds::node::store {

class row {
 public:
  using cell = std::variant<std::monostate, std::int64_t, double, std::string>;
  explicit row(std::vector<cell> cells) : cells_(std::move(cells)) {}

  std::size_t size() const { return cells_.size(); }
  bool is_null(std::size_t column) const;
  std::int64_t integer(std::size_t column) const;
  double real(std::size_t column) const;  // an INTEGER is read as a number too
  bool truth(std::size_t column) const;   // 0 is false
  instant time(std::size_t column) const;
  std::string const& text(std::size_t column) const;  // TEXT or BLOB

  // NULL becomes an empty optional.
  std::optional<std::int64_t> maybe_integer(std::size_t column) const;
  std::optional<double> maybe_real(std::size_t column) const;
  std::optional<instant> maybe_time(std::size_t column) const;
  std::optional<std::string> maybe_text(std::size_t column) const;

 private:
  cell const& at(std::size_t column) const;
  std::vector<cell> cells_;
};

}  // namespace ehds::node::store
