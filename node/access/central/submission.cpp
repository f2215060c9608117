#include "base/ids.hpp"
#include "node/access/archive/application_archive.hpp"
#include "node/access/central/application_centre.hpp"
#include "node/access/central/centre_tables.hpp"
#include "node/access/central/drafts.hpp"

#include <set>

namespace ehds::node::access {
namespace {

struct ready_application {
  application_document document;
  std::string metadata_json;
  std::string zip;
};

problem incomplete(problems const& found) {
  return {"access.application.incomplete",
          "The application is not complete: " + std::to_string(found.size()) +
              (found.size() == 1 ? " finding." : " findings, the first: " + found.front().detail),
          found.front().where, "Ask for all findings, mend them and submit again."};
}

// The envelope and its ZIP are made before the effect, which then only writes.
result<ready_application> make_ready(store::reading& now, std::string_view draft_id, std::string_view owner,
                                     instant at) {
  auto const draft = tables::draft_of(now, draft_id, owner);
  if (!draft) return problem{"access.draft.unknown", "There is no such draft.", "/draft", "Look it up in your drafts."};
  auto const files = tables::draft_files(now, draft_id);
  std::vector<attachment> names;
  for (auto const& file : files) names.push_back(file.file);
  ready_application ready{document_of(*draft, names), {}, {}};
  if (auto const found = findings_of(ready.document, date_of(at)); !found.empty()) return incomplete(found);
  ready.document.date_submitted = to_rfc3339(at);
  ready.metadata_json = write_application_metadata(ready.document);
  if (!files.empty()) ready.zip = pack_attachments(files);
  return ready;
}

std::string_view action_of(application_type type) {
  return type == application_type::data_access ? "dataAccessApplication" : "dataRequestApplication";
}

void write_first_vector(store::transaction& tx, application_document const& document, instant now) {
  for (auto const& dataset : document.datasets) {
    authority_status status;
    status.country = dataset.country;
    status.authority = dataset.authority.empty() ? "the authority of " + dataset.country : dataset.authority;
    status.status = "DISPATCHED";
    status.since = now;
    status.next_actor = "the authority";
    tables::write_status(tx, document.application_id, status);
  }
}

result<void> dispatch(store::transaction& tx, access_ports const& ports, ready_application const& ready) {
  for (auto const& country : ready.document.countries()) {
    auto posted = ports.post(tx, {.to_nation = country,
                                  .action = std::string{action_of(ready.document.type)},
                                  .application_id = ready.document.application_id,
                                  .in_reply_to = "",
                                  .content_json = ready.metadata_json,
                                  .attachments_zip = ready.zip});
    if (!posted) return posted;
  }
  return {};
}

}  // namespace

// The draft's id becomes the application's: the applicant's bookmarks and attachments keep their names.
result<std::string> application_centre::submit(std::string_view draft_id, case_actor const& owner,
                                               std::string_view key) {
  auto const own_key = tables::key_for("submit", owner.id, key, {draft_id});
  auto const before = db_.read([&](store::reading& now) { return tables::answer_under(now, own_key); });
  if (!before) return before.error();
  if (*before) return **before;
  auto const now = time_.now();
  auto const ready = db_.read([&](store::reading& on) { return make_ready(on, draft_id, owner.id, now); });
  if (!ready) return ready.error();
  auto const& id = ready->document.application_id;
  auto done = db_.commit([&](store::transaction& tx) -> result<void> {
    auto const meanwhile = tables::answer_under(tx, own_key);
    if (!meanwhile) return meanwhile.error();
    if (*meanwhile) return {};  // another thread was quicker
    auto const draft = tables::draft_of(tx, draft_id, owner.id);
    if (!draft || draft->form_json != ready->document.form_json)
      return problem{"access.draft.version", "The draft changed while it was submitted.", "/draft", "Submit it again."};
    tables::insert_application(tx, {id, owner.id, ready->metadata_json, now}, to_code(ready->document.type),
                               ready->document.title, ready->zip);
    write_first_vector(tx, ready->document, now);
    tables::insert_line(tx, id, {now, "", "The application was submitted", ""});
    tables::insert_key(tx, own_key, id);
    tables::forget_draft(tx, draft_id);
    if (auto sent = dispatch(tx, ports_, *ready); !sent) return sent;
    return ports_.audit(tx, {now, owner.id, "access.centre.submit", id, "dispatched"});
  });
  if (!done) return std::move(done).error();
  return id;
}

}  // namespace ehds::node::access
