#include "node/store/transaction.hpp"

#include "node/store/connection.hpp"

namespace ehds::node::store {

std::vector<row> reading::rows_of(sql statement, std::span<bound const> values) {
  std::vector<row> found;
  connection_.run(statement, values, [&](row& one) {
    found.push_back(std::move(one));
    return true;
  });
  return found;
}

std::optional<row> reading::first_of(sql statement, std::span<bound const> values) {
  std::optional<row> found;
  connection_.run(statement, values, [&](row& one) {
    found = std::move(one);
    return false;
  });
  return found;
}

void reading::each_of(sql statement, std::function<void(row const&)> const& visit, std::span<bound const> values) {
  connection_.run(statement, values, [&](row const& one) {
    visit(one);
    return true;
  });
}

std::int64_t transaction::run_of(sql statement, std::span<bound const> values) { return on().run(statement, values); }

std::int64_t transaction::next_number(std::string_view log) {
  auto const given = rows(
      "INSERT INTO store_counter (log, number) VALUES (?, 1) "
      "ON CONFLICT (log) DO UPDATE SET number = number + 1 RETURNING number",
      log);
  return given.at(0).integer(0);
}

}  // namespace ehds::node::store
