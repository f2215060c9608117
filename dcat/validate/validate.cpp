#include "dcat/validate/validate.hpp"

#include "dcat/release/upgrade.hpp"
#include "dcat/validate/check_record.hpp"

namespace ehds::dcat {

struct validator::compiled {
  rule_book book;
};

validator::validator(release_pack const& pack) : compiled_(new compiled{rule_book(pack)}) {}
validator::~validator() = default;
validator::validator(validator&&) noexcept = default;
validator& validator::operator=(validator&&) noexcept = default;

validation_report validator::check(graph const& record) const { return record_check(record, compiled_->book).run(); }

result<checked_text> check_text(std::string_view bytes, std::optional<syntax> as, release_pack const& pack,
                                validator const& rules, reading const& how) {
  auto read = read_rdf(bytes, as.value_or(guess_syntax(bytes)), how);
  if (!read) return read.error();
  auto raised = upgrade(*std::move(read), pack);
  checked_text out{rules.check(raised.record), {}};
  for (auto const& note : raised.notes)
    out.report.findings.push_back({severity::note, pack.short_name(pack.root_class), {}, "dcat.upgraded", note, {}});
  out.record = std::move(raised.record);
  return out;
}

result<validation_report> validate_file_text(std::string_view bytes, std::string_view file_name,
                                             release_pack const& pack) {
  auto checked = check_text(bytes, syntax_of_file(file_name), pack, validator(pack));
  if (!checked) return checked.error();
  return std::move(checked->report);
}

}  // namespace ehds::dcat
