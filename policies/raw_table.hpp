#pragma once
// True figures, inside the data zone only. Connectors fill a raw_table through raw_table_builder and cannot read it
// back; policies/disclosure alone reads it. It cannot be copied, printed or serialised.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "policies/cleared_query.hpp"
#include "policies/person_set.hpp"
#include "policies/table_layout.hpp"

namespace ehds::connectors {
class query_run;  // the one class of connectors/data that may build raw tables
}

namespace ehds::policies {

namespace disclosure {
class raw_reading;
}
struct raw_cells;  // known to policies/disclosure alone

class raw_table_pass {
 private:
  raw_table_pass() {}
  friend class ehds::connectors::query_run;
};

class raw_table {
 public:
  raw_table(raw_table&&) noexcept;
  raw_table& operator=(raw_table&&) noexcept;
  raw_table(raw_table const&) = delete;
  raw_table& operator=(raw_table const&) = delete;
  ~raw_table();

 private:
  friend class raw_table_builder;
  friend class disclosure::raw_reading;
  explicit raw_table(std::unique_ptr<raw_cells> cells);
  std::unique_ptr<raw_cells> cells_;
};

// Usage, in connectors/data:
//   raw_table_builder builder(raw_table_pass{}, cleared, layout);
//   builder.dataset_persons(50'000);
//   builder.add_person(cell, token);                 every person of the population that is in that cell
//   builder.add_events(cell, token, 3);              his capped number of rows in that cell
//   builder.add_sum(cell, token, measure_index, 90); his clipped total in that cell
//   builder.denominator(cell, 1'234);                only if the layout wants it
//   raw_table table = std::move(builder).finish();
// Adding twice for one person and cell adds up. add_events and add_sum also count the person as in the cell.
// A cell or measure outside the layout throws std::out_of_range: it is a bug of the engine.
class raw_table_builder {
 public:
  raw_table_builder(raw_table_pass, cleared_query const& cleared, table_layout layout);
  raw_table_builder(raw_table_builder&&) noexcept;
  ~raw_table_builder();

  void dataset_persons(std::int64_t persons);  // after the opt-out filter; wanted
  void add_person(std::size_t cell, person_set::token person);
  void add_events(std::size_t cell, person_set::token person, std::int64_t events);
  void add_sum(std::size_t cell, person_set::token person, std::size_t measure, std::int64_t total);
  void denominator(std::size_t cell, std::int64_t persons);
  raw_table finish() &&;

 private:
  struct filling;
  std::unique_ptr<filling> filling_;
};

}  // namespace ehds::policies
