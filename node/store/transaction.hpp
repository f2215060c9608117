#pragma once
// What may be done with the store: `reading` inside database::read, `transaction` inside an effect of
// database::commit. Neither outlives the function it is given to. All members throw store_failure.
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "node/store/row.hpp"
#include "node/store/sql.hpp"

namespace ehds::node::store {

class connection;

class reading {
 public:
  explicit reading(connection& on) : connection_(on) {}
  reading(reading const&) = delete;
  reading& operator=(reading const&) = delete;

  // All rows of the answer. tx.rows("SELECT a FROM t WHERE b = ?", b)
  template <class... Values>
  std::vector<row> rows(sql statement, Values const&... values) {
    return rows_of(statement, std::initializer_list<bound>{bound(values)...});
  }
  // The first row, if there is one.
  template <class... Values>
  std::optional<row> first(sql statement, Values const&... values) {
    return first_of(statement, std::initializer_list<bound>{bound(values)...});
  }
  // Each row in turn, without holding all of them.
  template <class... Values>
  void each(sql statement, std::function<void(row const&)> const& visit, Values const&... values) {
    each_of(statement, visit, std::initializer_list<bound>{bound(values)...});
  }

 protected:
  connection& on() { return connection_; }

 private:
  std::vector<row> rows_of(sql statement, std::span<bound const> values);
  std::optional<row> first_of(sql statement, std::span<bound const> values);
  void each_of(sql statement, std::function<void(row const&)> const& visit, std::span<bound const> values);

  connection& connection_;
};

class transaction : public reading {
 public:
  using reading::reading;

  // Runs one INSERT, UPDATE or DELETE; returns how many rows it changed. "INSERT ... ON CONFLICT DO NOTHING" and a
  // look at the count is how a thing is accepted once.
  template <class... Values>
  std::int64_t run(sql statement, Values const&... values) {
    return run_of(statement, std::initializer_list<bound>{bound(values)...});
  }

  // The next number of that log: 1, 2, 3 without gaps, because the number is given in the same transaction as what it
  // numbers and goes back with it. Log numbers come from here and from nowhere else.
  std::int64_t next_number(std::string_view log);

 private:
  std::int64_t run_of(sql statement, std::span<bound const> values);
};

// One atomic change across any tables. A problem (or an exception) rolls back this effect alone. It runs on the
// store's writer thread and may run more than once (when the disk filled up under its batch): it must give its captured
// variables their values anew each time, be quick, and do nothing outside the store.
using effect = std::function<result<void>(transaction&)>;

}  // namespace ehds::node::store
