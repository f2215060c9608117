#include "node/store/row.hpp"

#include "node/store/store_failure.hpp"

namespace ehds::node::store {

row::cell const& row::at(std::size_t column) const {
  if (column < cells_.size()) return cells_[column];
  throw store_failure(fault::statement,
                      "a row of " + std::to_string(cells_.size()) + " columns has no column " + std::to_string(column));
}

namespace {

template <class Value>
Value const& as(row::cell const& held, std::size_t column, char const* wanted) {
  if (auto const* value = std::get_if<Value>(&held)) return *value;
  throw store_failure(fault::statement, "column " + std::to_string(column) + " does not hold " + wanted);
}

}  // namespace

bool row::is_null(std::size_t column) const { return std::holds_alternative<std::monostate>(at(column)); }

std::int64_t row::integer(std::size_t column) const { return as<std::int64_t>(at(column), column, "an integer"); }

double row::real(std::size_t column) const {
  if (auto const* whole = std::get_if<std::int64_t>(&at(column))) return static_cast<double>(*whole);
  return as<double>(at(column), column, "a number");
}

bool row::truth(std::size_t column) const { return integer(column) != 0; }

instant row::time(std::size_t column) const { return instant{std::chrono::milliseconds{integer(column)}}; }

std::string const& row::text(std::size_t column) const { return as<std::string>(at(column), column, "a text"); }

std::optional<std::int64_t> row::maybe_integer(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<double> row::maybe_real(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return real(column);
}

std::optional<instant> row::maybe_time(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

std::optional<std::string> row::maybe_text(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

}  // namespace ehds::node::store
