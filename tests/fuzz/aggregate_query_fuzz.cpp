// An aggregate query as it comes from the network. Whatever comes, an answer; what is read keeps its meaning: its
// canonical text reads back to the same canonical text, and its layout can be worked out.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "policies/aggregate_query.hpp"
#include "policies/data_permit.hpp"
#include "policies/released_table.hpp"
#include "policies/table_layout.hpp"

using namespace ehds::policies;

namespace {

void demand(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  // A copy of the exact size: AddressSanitizer sees reads beyond it.
  std::string const text(static_cast<char const*>(static_cast<void const*>(bytes)), size);

  auto const query = read_aggregate_query(text);
  demand(query.has_value() == faults_in_query(text).empty());
  if (query) {
    auto const canonical = canonical_text(*query);
    auto const again = read_aggregate_query(canonical);
    demand(again.has_value());
    demand(canonical_text(*again) == canonical);
    (void)lay_out(*query, {{"sex", {"female", "male"}}});
  }
  if (auto const permit = read_data_permit(text)) demand(read_data_permit(to_json(*permit)).has_value());
  if (auto const table = read_released_table(text)) demand(read_released_table(to_json(*table)).has_value());
  return 0;
}
