#include "node/access/central/drafts.hpp"

#include "base/ids.hpp"
#include "node/access/central/application_centre.hpp"
#include "node/access/forms/attachment_rules.hpp"
#include "node/access/forms/form_check.hpp"
#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace ehds::node::access {
namespace {

constexpr std::size_t drafts_limit = 100;  // of one person
constexpr std::size_t files_limit = 20;    // of one draft

problem unknown_draft() {
  return {"access.draft.unknown", "There is no such draft.", "/draft", "Look it up in your drafts."};
}

form_definition const& form_of(tables::stored_draft const& draft) {
  return *shipped_form(draft.release, *application_type_of(draft.type));
}

// One of section 6's countries replaces the one of the same country, or is added.
void merge_countries(json& into, json const& changed) {
  if (!into.is_array()) into = json::array();
  for (auto const& part : changed.is_object() ? json::array({changed}) : changed) {
    if (!part.is_object()) continue;  // the check of the section that follows would refuse it anyway
    auto const country = choice_key(member(part, "country_id"));
    auto const same = [&](json const& other) {
      return other.is_object() && choice_key(member(other, "country_id")) == country;
    };
    auto const found = std::ranges::find_if(into, same);
    if (found == into.end())
      into.push_back(part);
    else
      found->update(part);
  }
}

}  // namespace

std::string write_datasets(std::vector<dataset_reference> const& datasets) {
  application_document holder;
  holder.application_id = "basket";
  holder.form_json = "{}";
  holder.datasets = datasets;
  return write_application_metadata(holder);
}

std::string title_of(std::string_view form_json) {
  auto const form = read_json(form_json, {});
  auto const title = form ? text_of(member(*form, "section2"), "projectName") : std::string{};
  return title.empty() ? "Untitled" : title;
}

application_document document_of(tables::stored_draft const& draft, std::vector<attachment> const& files) {
  application_document document;
  document.application_id = draft.draft_id;
  document.type = *application_type_of(draft.type);
  document.title = title_of(draft.form_json);
  document.applicant = draft.owner;
  document.form_release = draft.release;
  document.form_json = draft.form_json;
  document.attachments = files;
  if (auto basket = read_application_metadata(draft.datasets_json)) document.datasets = std::move(basket->datasets);
  return document;
}

problems findings_of(application_document const& document, date today) {
  auto const* const form = shipped_form(document.form_release, document.type);
  if (form == nullptr)
    return {{"access.form.release", "The form release is not known here.", "/form_release", "Start a new draft."}};
  problems found;
  if (document.datasets.empty())
    found.push_back({"access.draft.datasets", "No dataset is chosen.", "/datasets", "Put datasets in the basket."});
  for (auto& finding : check_complete(*form, document, today)) found.push_back(std::move(finding));
  return found;
}

result<std::string> merged_form(std::string_view form_json, std::string_view changed_json) {
  auto form = read_json(form_json, {});
  if (!form) return std::move(form).error();
  auto const changed = read_json(changed_json, {});
  if (!changed) return changed.error();
  if (!changed->is_object())
    return problem{"access.json.syntax", "The sections are not a JSON object.", "", "Send {\"section6\": ...}."};
  for (auto const& [key, section] : changed->items()) {
    if (key == "section6")
      merge_countries((*form)[key], section);
    else if (section.is_object() && member(*form, key).is_object())
      (*form)[key].update(section);
    else
      (*form)[key] = section;
  }
  return to_line(*form);
}

result<std::string> application_centre::create_draft(std::string_view owner, application_type type,
                                                     std::string_view key) {
  auto const fresh = random_uuid();
  auto const own_key = tables::key_for("draft", owner, key, {to_code(type)});
  auto id = fresh;
  auto done = db_.commit([&](store::transaction& tx) -> result<void> {
    id = fresh;
    auto const before = key.empty() ? result<std::optional<std::string>>{std::optional<std::string>{}}
                                    : tables::answer_under(tx, own_key);
    if (!before) return before.error();
    if (*before) {
      id = **before;
      return {};
    }
    if (!key.empty()) tables::insert_key(tx, own_key, id);
    if (tables::drafts_of(tx, owner).size() >= drafts_limit)
      return problem{"access.draft.too_many", "You have too many drafts.", "", "Submit some or remove them."};
    tables::write_draft(tx, {.draft_id = id,
                             .owner = std::string{owner},
                             .type = std::string{to_code(type)},
                             .release = std::string{newest_form_release()},
                             .form_json = "{}",
                             .datasets_json = write_datasets({}),
                             .version = 1,
                             .updated = time_.now()});
    return {};
  });
  if (!done) return std::move(done).error();
  return id;
}

result<std::int64_t> application_centre::save_section(std::string_view draft_id, std::string_view owner,
                                                      std::string_view section, std::string_view answers_json,
                                                      std::optional<std::int64_t> expected_version) {
  std::int64_t version = 0;
  auto done = db_.commit([&](store::transaction& tx) -> result<void> {
    auto draft = tables::draft_of(tx, draft_id, owner);
    if (!draft) return unknown_draft();
    if (expected_version && *expected_version != draft->version)
      return problem{"access.draft.version", "The draft was saved elsewhere in between.", "/draft",
                     "Load it again and repeat the change."};
    if (auto const found = check_section(form_of(*draft), section, answers_json); !found.empty()) return found.front();
    auto form = read_json(draft->form_json, {});
    auto answers = read_json(answers_json, {});
    if (!form || !answers) return (form ? answers : form).error();
    (*form)[std::string{section}] = std::move(*answers);
    draft->form_json = to_line(*form);
    draft->updated = time_.now();
    version = ++draft->version;
    tables::write_draft(tx, *draft);
    return {};
  });
  if (!done) return std::move(done).error();
  return version;
}

result<void> application_centre::set_datasets(std::string_view draft_id, std::string_view owner,
                                              std::vector<dataset_reference> datasets) {
  auto const written = write_datasets(datasets);
  return db_.commit([&](store::transaction& tx) -> result<void> {
    auto draft = tables::draft_of(tx, draft_id, owner);
    if (!draft) return unknown_draft();
    draft->datasets_json = written;
    draft->updated = time_.now();
    ++draft->version;
    tables::write_draft(tx, *draft);
    return {};
  });
}

result<attachment> application_centre::put_file(std::string_view draft_id, std::string_view owner,
                                                std::string_view name, std::string_view bytes) {
  if (auto fine = allowed_attachment(name, bytes.size()); !fine) return std::move(fine).error();
  attached_file const kept{{random_uuid(), std::string{name}, bytes.size()}, std::string{bytes}};
  auto done = db_.commit([&](store::transaction& tx) -> result<void> {
    if (!tables::draft_of(tx, draft_id, owner)) return unknown_draft();
    if (tables::draft_file_list(tx, draft_id).size() >= files_limit)
      return problem{"access.file.too_many", "The draft holds too many files.", "/draft", "Remove a file first."};
    tables::write_draft_file(tx, draft_id, kept);
    return {};
  });
  if (!done) return std::move(done).error();
  return kept.file;
}

result<void> application_centre::remove_file(std::string_view draft_id, std::string_view owner,
                                             std::string_view attachment_id) {
  return db_.commit([&](store::transaction& tx) -> result<void> {
    if (!tables::draft_of(tx, draft_id, owner)) return unknown_draft();
    tables::forget_draft_file(tx, draft_id, attachment_id);
    return {};
  });
}

result<void> application_centre::discard_draft(std::string_view draft_id, std::string_view owner) {
  return db_.commit([&](store::transaction& tx) -> result<void> {
    if (!tables::draft_of(tx, draft_id, owner)) return unknown_draft();
    tables::forget_draft(tx, draft_id);
    return {};
  });
}

std::optional<draft_page> application_centre::find_draft(std::string_view draft_id, std::string_view owner) const {
  return db_.read([&](store::reading& now) -> std::optional<draft_page> {
    auto const draft = tables::draft_of(now, draft_id, owner);
    if (!draft) return std::nullopt;
    auto document = document_of(*draft, tables::draft_file_list(now, draft_id));
    return draft_page{.line = {draft->draft_id, draft->type, document.title, draft->updated},
                      .release = draft->release,
                      .version = draft->version,
                      .form_json = draft->form_json,
                      .datasets = std::move(document.datasets),
                      .files = std::move(document.attachments)};
  });
}

std::vector<draft_line> application_centre::drafts(std::string_view owner) const {
  return db_.read([&](store::reading& now) {
    std::vector<draft_line> lines;
    for (auto const& draft : tables::drafts_of(now, owner))
      lines.push_back({draft.draft_id, draft.type, title_of(draft.form_json), draft.updated});
    return lines;
  });
}

result<problems> application_centre::check_draft(std::string_view draft_id, std::string_view owner) const {
  return db_.read([&](store::reading& now) -> result<problems> {
    auto const draft = tables::draft_of(now, draft_id, owner);
    if (!draft) return unknown_draft();
    auto const document = document_of(*draft, tables::draft_file_list(now, draft_id));
    return findings_of(document, date_of(time_.now()));
  });
}

}  // namespace ehds::node::access
