#pragma once
// The officer's look at true and shown figures side by side before a release. Inside the data zone only: it cannot
// be copied, has no serialiser, and whoever opens it is to be written to the audit log.
#include <cstdint>
#include <string>
#include <vector>

#include "policies/released_table.hpp"

namespace ehds::policies {

enum class hidden_because { shown, no_person, few_persons, few_left_out, dominated, protects_neighbour, whole_table };

struct desk_row {
  std::vector<std::string> labels;
  std::int64_t persons = 0;
  std::vector<std::int64_t> true_values;
  std::vector<released_number> released_values;
  hidden_because why = hidden_because::shown;
  bool from_earlier_answer = false;  // shown as an earlier answer had it, because it differs by few persons
};

class desk_view {
 public:
  explicit desk_view(std::vector<desk_row> rows) : rows_(std::move(rows)) {}
  desk_view(desk_view&&) noexcept = default;
  desk_view& operator=(desk_view&&) noexcept = default;
  desk_view(desk_view const&) = delete;
  desk_view& operator=(desk_view const&) = delete;

  std::vector<desk_row> const& rows() const { return rows_; }

 private:
  std::vector<desk_row> rows_;
};

}  // namespace ehds::policies
