// The single application before it is submitted: choose datasets and a kind, fill in section by section, submit.
#include <algorithm>

#include "base/numbers.hpp"
#include "node/access/central/application_centre.hpp"
#include "node/api/case_words.hpp"
#include "node/catalogue/record_book.hpp"
#include "node/pages/catalogue/basket.hpp"
#include "node/pages/centre/draft_view.hpp"
#include "node/pages/centre/form_answers.hpp"
#include "node/pages/room_pages.hpp"

namespace ehds::node::pages {
namespace {

using identity::role;

constexpr std::size_t section_bytes = 8 * 1024 * 1024;  // a section may carry several files of 1 MB

problem no_draft(visit const& who) { return {"access.draft.unknown", who.say("no_draft"), {}, {}}; }

std::string draft_address(std::string_view draft) { return "/drafts/" + http::percent_encode(draft); }

std::optional<access::dataset_reference> reference_to(visit const& who, std::string const& id) {
  auto const kept = who.house.records->find(id);
  if (!kept || kept->deleted) return std::nullopt;
  access::dataset_reference dataset;
  dataset.id = kept->id;
  dataset.catalogue_id = kept->nation;
  for (auto const& [language, text] : kept->record.titles) dataset.titles.emplace_back(language, text);
  dataset.country = kept->nation;
  dataset.authority = dcat::best_text(kept->record.hdab.names);
  dataset.publisher = dcat::best_text(kept->record.publisher.names);
  return dataset;
}

std::vector<access::dataset_reference> basket_datasets(visit const& who) {
  std::vector<access::dataset_reference> datasets;
  for (auto const& id : basket_of(who.asked))
    if (auto dataset = reference_to(who, id)) datasets.push_back(std::move(*dataset));
  return datasets;
}

http::response choose(visit& who) {
  auto const basket = value::list(basket_datasets(who), [&](access::dataset_reference const& one) {
    return value::object({{"dataset", one.id},
                          {"title", one.title(who.language())},
                          {"country", one.country},
                          {"authority", one.authority}});
  });
  return who.page("application_new", who.say("new_application"), value::object({{"basket", basket}}));
}

http::response create(visit& who, http::form const& form) {
  auto const type = access::application_type_of(form.fields.value("type"));
  if (!type) return who.refuse({"access.form.type", who.say("choose_type"), {}, {}});
  auto const draft = who.house.centre->create_draft(who.who()->id, *type);
  if (!draft) return who.refuse(draft.error());
  if (auto const set = who.house.centre->set_datasets(*draft, who.who()->id, basket_datasets(who)); !set)
    return who.refuse(set.error());
  auto answer = who.go(draft_address(*draft));
  keep_basket(answer, {});
  return answer;
}

struct opened_draft {
  access::draft_page draft;
  access::form_definition const* form = nullptr;
};

std::optional<opened_draft> open_draft(visit const& who) {
  auto draft = who.house.centre->find_draft(who.asked.parameter("draft"), who.who()->id);
  auto const type = draft ? access::application_type_of(draft->line.type) : std::nullopt;
  if (!type) return std::nullopt;
  auto const* const form = access::shipped_form(draft->release, *type);
  if (form == nullptr) return std::nullopt;
  return opened_draft{std::move(*draft), form};
}

http::response draft_page(visit& who, opened_draft const& opened, std::string const& section,
                          unsaved_answers const* unsaved) {
  auto const findings = who.house.centre->check_draft(opened.draft.line.draft_id, who.who()->id);
  if (!findings) return who.refuse(findings.error());
  return who.page("draft", opened.draft.line.title,
                  draft_view(who, opened.draft, *opened.form, section, *findings, unsaved),
                  unsaved == nullptr ? 200 : 422);
}

http::response show_draft(visit& who) {
  auto const opened = open_draft(who);
  if (!opened) return who.refuse(no_draft(who));
  return draft_page(who, *opened, std::string(who.asked.query_value("section")), nullptr);
}

http::response save(visit& who, http::form const& form) {
  auto const opened = open_draft(who);
  if (!opened) return who.refuse(no_draft(who));
  auto const* const section = opened->form->section(who.asked.parameter("section"));
  if (section == nullptr) return who.refuse({"access.section.unknown", who.say("no_section"), {}, {}});
  auto const& id = opened->draft.line.draft_id;
  std::string const country(form.fields.value("country"));
  auto const known = countries_of(opened->draft);
  if (section->per_country && std::ranges::find(known, country) == known.end())
    return who.refuse({"access.section.unknown", who.say("no_section"), {}, {}});
  auto const before = section_answers(opened->draft.form_json, *section, country);
  auto const answers = read_answers(section->fields, form, section->per_country ? country + "." : "a.", before,
                                    [&](http::uploaded_file const& file) {
                                      return who.house.centre->put_file(id, who.who()->id, file.file_name, file.bytes);
                                    });
  if (!answers) {
    unsaved_answers const shown{country, before, answers.error()};
    return draft_page(who, *opened, section->key, &shown);
  }
  auto const whole =
      section->per_country ? with_country(opened->draft.form_json, section->key, country, *answers) : *answers;
  auto const saved = who.house.centre->save_section(id, who.who()->id, section->key, whole,
                                                    parse_number<std::int64_t>(form.fields.value("version")));
  if (!saved) {
    unsaved_answers const shown{country, *answers, saved.error()};
    return draft_page(who, *opened, section->key, &shown);
  }
  return who.go(draft_address(id) + "?section=" + http::percent_encode(section->key) + "&saved=yes");
}

http::response change_datasets(visit& who, http::form const& form) {
  auto const opened = open_draft(who);
  if (!opened) return who.refuse(no_draft(who));
  auto datasets = opened->draft.datasets;
  std::erase_if(datasets, [&](auto const& one) { return one.id == form.fields.value("remove"); });
  if (form.fields.has("add"))
    for (auto& one : basket_datasets(who))
      if (std::ranges::find(datasets, one.id, &access::dataset_reference::id) == datasets.end())
        datasets.push_back(std::move(one));
  auto const& id = opened->draft.line.draft_id;
  if (auto const set = who.house.centre->set_datasets(id, who.who()->id, std::move(datasets)); !set)
    return who.refuse(set.error());
  auto answer = who.go(draft_address(id) + "#datasets");
  if (form.fields.has("add")) keep_basket(answer, {});
  return answer;
}

http::response discard(visit& who, http::form const&) {
  if (auto const gone = who.house.centre->discard_draft(who.asked.parameter("draft"), who.who()->id); !gone)
    return who.refuse(no_draft(who));
  return who.go("/applications");
}

http::response submit(visit& who, http::form const& form) {
  auto const draft = who.asked.parameter("draft");
  auto const application = who.house.centre->submit(draft, api::as_case_actor(*who.who()), form.fields.value("key"));
  if (!application) {
    if (application.error().code == "access.application.incomplete") return who.go(draft_address(draft) + "#findings");
    return who.refuse(application.error());
  }
  who.house.nudge();
  return who.go("/applications/" + http::percent_encode(*application));
}

}  // namespace

std::vector<http::route> draft_pages(api::rooms& house) {
  return {page_for(house, "/applications/new", {role::applicant}, choose),
          form_for(house, "/applications/new", {role::applicant}, create),
          page_for(house, "/drafts/{draft}", {role::applicant}, show_draft),
          form_for(house, "/drafts/{draft}/sections/{section}", {role::applicant}, save, section_bytes),
          form_for(house, "/drafts/{draft}/datasets", {role::applicant}, change_datasets),
          form_for(house, "/drafts/{draft}/discard", {role::applicant}, discard),
          form_for(house, "/drafts/{draft}/submission", {role::applicant}, submit)};
}

}  // namespace ehds::node::pages
