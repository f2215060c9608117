// An application as it comes from the network: envelope, form, particulars, ZIP. Whatever comes, an answer; what is
// read is written and read again as the same.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/time.hpp"
#include "node/access/archive/application_archive.hpp"
#include "node/access/cases/case_event.hpp"
#include "node/access/cases/transition_table.hpp"
#include "node/access/central/drafts.hpp"
#include "node/access/forms/form_check.hpp"
#include "node/access/wire/application_metadata.hpp"

using namespace ehds;
using namespace ehds::node::access;

namespace {

void demand(bool holds) {
  if (!holds) __builtin_trap();
}

void check_envelope(std::string const& text) {
  auto const application = read_application_metadata(text);
  if (!application) return;
  auto const written = write_application_metadata(*application);
  auto const again = read_application_metadata(written);
  demand(again.has_value());
  demand(write_application_metadata(*again) == written);
  auto const* const form = shipped_form("r8", application->type);
  (void)check_complete(*form, *application, parse_date("2026-11-22").value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
  // A copy of the exact size: AddressSanitizer sees reads beyond it.
  std::string const text(static_cast<char const*>(static_cast<void const*>(bytes)), size);
  check_envelope(text);
  for (auto const type : {application_type::data_access, application_type::data_request}) {
    auto const& form = *shipped_form("r8", type);
    (void)check_answers(form, text);
    (void)check_section(form, "section6", text);
  }
  if (auto const what = read_case_particulars(text)) demand(read_case_particulars(to_json(*what)).value() == *what);
  if (auto const merged = merged_form(R"({"section6":[{"country_id":"FR"}]})", text))
    (void)check_answers(*shipped_form("r8", application_type::data_access), *merged);
  (void)read_form_definition(text);
  (void)transition_table::read(text);
  (void)read_brought(text);
  return 0;
}
