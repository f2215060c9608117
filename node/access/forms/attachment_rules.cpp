#include "node/access/forms/attachment_rules.hpp"

#include "node/access/forms/form_rules.hpp"

namespace ehds::node::access {

policies::attachment_limits const& accepted_attachments() {
  static policies::attachment_limits const limits{{"pdf", "doc", "docx", "xls", "xlsx", "odt"}, 1024 * 1024};
  return limits;
}

result<void> allowed_attachment(std::string_view name, std::uint64_t size) {
  if (auto fine = policies::screen_attachment(name, size, accepted_attachments()); !fine) return as_ours(fine.error());
  return {};
}

}  // namespace ehds::node::access
