#include "node/access/central/centre_views.hpp"

#include "node/access/cases/status.hpp"
#include "node/access/central/application_centre.hpp"
#include "node/access/central/centre_tables.hpp"

#include <algorithm>

namespace ehds::node::access {
namespace {

std::optional<application_page> page_of(store::reading& now, std::string_view application_id) {
  auto const stored = tables::application_of(now, application_id);
  if (!stored) return std::nullopt;
  auto const metadata = read_application_metadata(stored->metadata_json);
  application_page page;
  page.line.application_id = stored->application_id;
  page.line.submitted = stored->submitted;
  if (metadata) page.line.type = to_code(metadata->type);
  if (metadata) page.line.title = metadata->title;
  page.owner = stored->owner;
  page.vector = tables::vector_of(now, application_id);
  page.line.counts = counts_of(page.vector);
  page.events = tables::lines_of(now, application_id);
  page.metadata_json = stored->metadata_json;
  return page;
}

}  // namespace

std::string counts_of(std::vector<authority_status> const& vector) {
  auto const count = [&](auto const& test) { return std::to_string(std::ranges::count_if(vector, test)); };
  auto const granted = count([](authority_status const& cell) { return cell.decision == "Positive"; });
  auto const refused = count([](authority_status const& cell) { return cell.decision == "Negative"; });
  auto const decided = count([](authority_status const& cell) { return !cell.decision.empty(); });
  auto const withdrawn = count([](authority_status const& cell) { return cell.status == "WITHDRAWN"; });
  auto const waiting = count([](authority_status const& cell) { return cell.next_actor == "you"; });
  auto text = decided + " of " + std::to_string(vector.size()) + " decided";
  std::string kinds;
  if (granted != "0") kinds += granted + " granted";
  if (refused != "0") kinds += (kinds.empty() ? "" : ", ") + refused + " refused";
  if (!kinds.empty()) text += ": " + kinds;
  if (withdrawn != "0") text += "; " + withdrawn + " withdrawn";
  if (waiting != "0") text += "; " + waiting + (waiting == "1" ? " waits for you" : " wait for you");
  return text;
}

application_centre::application_centre(store::database& db, clock const& time, access_ports ports)
    : db_(db), time_(time), ports_(std::move(ports)) {}

std::vector<store::migration> application_centre::migrations() { return tables::centre_migrations(); }

std::vector<application_line> application_centre::applications(std::string_view owner) const {
  return db_.read([&](store::reading& now) { return tables::application_lines(now, owner); });
}

std::optional<application_page> application_centre::find(std::string_view application_id) const {
  return db_.read([&](store::reading& now) { return page_of(now, application_id); });
}

std::optional<application_page> application_centre::find(std::string_view application_id,
                                                         std::string_view owner) const {
  auto page = find(application_id);
  if (!page || page->owner != owner) return std::nullopt;
  return page;
}

}  // namespace ehds::node::access
