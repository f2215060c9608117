#include "node/access/wire/application_metadata.hpp"

#include "node/access/wire/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace ehds::node::access {
namespace {

problem missing(std::string const& member_name) {
  return {"access.metadata.missing", "The application metadata lacks a member that it must have.", "/" + member_name,
          "Send application_metadata.json as the specification names its members."};
}

// A string, or {"key","value"}: what a person would read.
std::string words_of(json const& value) {
  if (value.is_string()) return value.get<std::string>();
  auto const text = text_of(value, "value");
  return text.empty() ? text_of(value, "key") : text;
}

std::vector<std::pair<std::string, std::string>> read_titles(json const& value) {
  std::vector<std::pair<std::string, std::string>> titles;
  if (value.is_string()) titles.emplace_back("en", value.get<std::string>());
  if (value.is_object())
    for (auto const& [language, text] : value.items())
      if (text.is_string()) titles.emplace_back(language, text.get<std::string>());
  return titles;
}

std::vector<distribution_reference> read_distributions(json const& nodes) {
  std::vector<distribution_reference> all;
  if (!nodes.is_array()) return all;
  for (auto const& node : nodes) {
    auto const titles = read_titles(member(node, "title"));
    all.push_back({text_of(node, "distribution_id"), titles.empty() ? std::string{} : titles.front().second});
  }
  return all;
}

// "country": {"country_id":"FR"} or "FR"; "hdab": {"name":".."} or "..".
std::string name_in(json const& value, std::string_view key) {
  return value.is_object() ? words_of(member(value, key)) : words_of(value);
}

dataset_reference read_dataset(json const& node) {
  return {.id = text_of(node, "dataset_id"),
          .catalogue_id = text_of(node, "catalog_id"),
          .titles = read_titles(member(node, "title")),
          .country = name_in(member(node, "country"), "country_id"),
          .authority = name_in(member(node, "hdab"), "name"),
          .publisher = name_in(member(node, "publisher"), "name"),
          .distributions = read_distributions(member(node, "distributions"))};
}

attachment read_attachment(json const& node) {
  return {text_of(node, "id"), text_of(node, "name"),
          static_cast<std::uint64_t>(std::max(0LL, number_of(node, "size")))};
}

// Where the envelope does not list its files, the form does: objects with an id, a name and a size.
void collect_files(json const& node, std::vector<attachment>& files) {
  if (node.is_object() && node.contains("id") && node.contains("name") && node.contains("size"))
    return files.push_back(read_attachment(node));
  if (node.is_structured())
    for (auto const& child : node) collect_files(child, files);
}

std::vector<attachment> read_files(json const& document) {
  std::vector<attachment> files;
  auto const& listed = member(document, "attachments");
  if (listed.is_array())
    for (auto const& node : listed) files.push_back(read_attachment(node));
  else
    collect_files(member(document, "form"), files);
  return files;
}

json write_dataset(dataset_reference const& dataset) {
  json titles = json::object();
  for (auto const& [language, text] : dataset.titles) titles[language] = text;
  json distributions = json::array();
  for (auto const& distribution : dataset.distributions)
    distributions.push_back({{"distribution_id", distribution.id}, {"title", distribution.title}});
  return {{"dataset_id", dataset.id},
          {"catalog_id", dataset.catalogue_id},
          {"title", std::move(titles)},
          {"country", {{"country_id", dataset.country}}},
          {"hdab", {{"name", dataset.authority}}},
          {"publisher", {{"name", dataset.publisher}}},
          {"distributions", std::move(distributions)}};
}

}  // namespace

std::string dataset_reference::title(std::string_view language) const {
  auto const same = [&](auto const& title) { return title.first == language; };
  auto const found = std::ranges::find_if(titles, same);
  if (found != titles.end()) return found->second;
  return titles.empty() ? id : titles.front().second;
}

std::vector<std::string> application_document::countries() const {
  std::set<std::string> all;
  for (auto const& dataset : datasets) all.insert(dataset.country);
  return {all.begin(), all.end()};
}

result<application_document> read_application_metadata(std::string_view text) {
  auto read = read_json(text, {});
  if (!read) return std::move(read).error();
  auto const& document = *read;
  if (!document.is_object()) return missing("");
  application_document application;
  application.application_id = text_of(document, "application_id");
  if (application.application_id.empty()) return missing("application_id");
  auto const type = application_type_of(words_of(member(document, "application_type")));
  if (!type) return missing("application_type");
  application.type = *type;
  auto const titles = read_titles(member(document, "title"));
  application.title = titles.empty() ? std::string{} : titles.front().second;
  auto const& user = member(document, "user");
  application.applicant = user.is_object() ? text_of(user, "id") : words_of(user);
  application.date_submitted = text_of(document, "dateSubmitted");
  application.form_release = text_of(document, "form_release");
  if (application.form_release.empty()) application.form_release = std::string{newest_form_release()};
  if (auto language = text_of(document, "form_language"); !language.empty()) application.language = language;
  application.version = static_cast<int>(std::clamp(number_of(document, "version"), 1LL, 100'000LL));
  auto const& datasets = member(document, "datasets");
  if (!datasets.is_array() || datasets.empty()) return missing("datasets");
  for (auto const& node : datasets) application.datasets.push_back(read_dataset(node));
  auto const& form = member(document, "form");
  if (!form.is_object()) return missing("form");
  application.form_json = to_line(form);
  if (auto const& other = member(document, "form_translations"); other.is_object())
    application.translations_json = to_line(other);
  application.attachments = read_files(document);
  return application;
}

std::string write_application_metadata(application_document const& application) {
  json document = {{"application_id", application.application_id},
                   {"application_type", to_code(application.type)},
                   {"title", application.title},
                   {"user", {{"id", application.applicant}}},
                   {"dateSubmitted", application.date_submitted},
                   {"version", application.version},
                   {"form_release", application.form_release},
                   {"form_language", application.language},
                   {"datasets", json::array()},
                   {"form", json::parse(application.form_json)},
                   {"attachments", json::array()}};
  for (auto const& dataset : application.datasets) document["datasets"].push_back(write_dataset(dataset));
  for (auto const& file : application.attachments)
    document["attachments"].push_back({{"id", file.id}, {"name", file.name}, {"size", file.size}});
  if (!application.translations_json.empty())
    document["form_translations"] = json::parse(application.translations_json);
  return to_line(document);
}

}  // namespace ehds::node::access
