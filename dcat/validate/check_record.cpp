#include "dcat/validate/check_record.hpp"

#include <algorithm>

namespace ehds::dcat {

record_check::record_check(graph const& record, rule_book const& book)
    : record_(record), book_(book), ids_(book.bind(record)), level_(book.pack().default_level) {}

validation_report record_check::run() && {
  auto const datasets = record_.nodes_of_class(book_.pack().root_class);
  if (datasets.empty()) {
    auto const root = name(book_.pack().root_class);
    report_.findings.push_back({severity::violation,
                                root,
                                {},
                                "dcat.no_dataset",
                                "The text describes no " + root + ".",
                                "Describe one: <https://example.org/dataset/1> a " + root + " ; ..."});
  }
  for (std::size_t i = 0; i < datasets.size(); ++i) check_dataset(datasets[i], i, datasets.size());
  check_unreached();
  report_.release = book_.pack().release;
  report_.conforms = report_.conforms && report_.count(severity::violation) == 0;
  if (untold_ > 0) {
    report_.findings.push_back({severity::note,
                                name(book_.pack().root_class),
                                {},
                                "dcat.more",
                                "There are " + std::to_string(untold_) + " more findings.",
                                {}});
  }
  return std::move(report_);
}

void record_check::check_dataset(term_id dataset, std::size_t number, std::size_t of) {
  level_ = level_of(dataset);
  report_.access_level = book_.pack().levels[level_].name;
  auto path = name(book_.pack().root_class);
  if (of > 1) path += "[" + std::to_string(number) + "]";
  check_node(dataset, book_.root(), path);
}

// A missing or unknown level is reported by the property's own rule; the other rules then follow the default.
std::size_t record_check::level_of(term_id dataset) {
  auto const& levels = book_.pack().levels;
  for (triple const& t : values(dataset, book_.level_property()))
    for (std::size_t i = 0; i < levels.size(); ++i)
      if (record_[t.object].value == levels[i].iri) return i;
  return book_.pack().default_level;
}

// Nodes of a target class that no dataset leads to.
void record_check::check_unreached() {
  for (std::size_t i = 0; i < book_.shapes().size(); ++i) {
    auto const& shape = book_.shapes()[i];
    if (!shape.source->is_target || i == book_.root()) continue;
    for (term_id const node : record_.nodes_of_class(shape.source->of_class)) {
      if (checked_.contains({node, i})) continue;
      auto const& t = record_[node];
      check_node(node, i, name(shape.source->of_class) + (t.is_iri() ? "(<" + t.value + ">)" : std::string("(_:)")));
    }
  }
}

void record_check::check_node(term_id node, std::size_t shape, std::string const& path) {
  if (!checked_.emplace(node, shape).second) return;
  auto const& rules = book_.shapes()[shape];
  for (compiled_property const& p : rules.properties) check_property(node, p, path);
  for (compiled_rule const& r : rules.rules) check_rule(node, r, path);
}

std::span<triple const> record_check::values(term_id node, iri_number path) const {
  auto const id = ids_[path];
  return id == no_iri ? std::span<triple const>{} : record_.about(node, id);
}

bool record_check::has_class(term_id node, iri_number of_class) const {
  auto const wanted_class = ids_[of_class];
  if (wanted_class == no_iri || ids_[book_.type()] == no_iri) return false;
  auto const types = record_.about(node, ids_[book_.type()]);
  return std::any_of(types.begin(), types.end(), [wanted_class](triple const& t) { return t.object == wanted_class; });
}

void record_check::report(severity level, term_id focus, std::string path, std::string code, std::string detail,
                          std::string mend) {
  if (report_.findings.size() >= most_findings) {
    ++untold_;
    report_.conforms = report_.conforms && level != severity::violation;
    return;
  }
  auto const& t = record_[focus];
  report_.findings.push_back(
      {level, std::move(path), t.is_blank() ? "_:" : t.value, std::move(code), std::move(detail), std::move(mend)});
}

void record_check::check_property(term_id node, compiled_property const& p, std::string const& path) {
  auto const found = values(node, p.path);
  check_count(node, p, found.size(), path);
  if (found.empty()) return;
  auto const own_path = path + "/" + name(p.rule->path);
  std::size_t number = 0;
  bool contains = p.must_contain == no_iri;
  for (triple const& t : found) {
    check_value(node, t.object, p,
                found.size() == 1 && p.rule->max == 1U ? own_path : own_path + "[" + std::to_string(number) + "]");
    contains = contains || t.object == ids_[p.must_contain];
    ++number;
  }
  if (!contains) {
    auto const needed = name(p.rule->must_contain);
    report(severity::violation, node, own_path, "dcat.must_contain",
           name(p.rule->path) + " must include " + needed + ".", "Add: " + name(p.rule->path) + " " + needed + " .");
  }
}

void record_check::check_rule(term_id node, compiled_rule const& r, std::string const& path) {
  auto const how = wanted(r.rule->needs);
  if (how == need::optional) return;
  bool const any = std::any_of(r.paths.begin(), r.paths.end(), [&](auto p) { return !values(node, p).empty(); });
  if (any) return;
  auto const level = how == need::mandatory ? severity::violation : severity::warning;
  if (r.rule->is == shape_rule::kind::one_of) {
    std::string names;
    for (auto const& p : r.rule->paths) names += (names.empty() ? "" : " or ") + name(p);
    report(level, node, path + "/(" + names + ")", "dcat.one_of", "At least one of " + names + " is needed.",
           r.rule->example.empty() ? r.rule->hint : "Add for example: " + r.rule->example + " . " + r.rule->hint);
    return;
  }
  auto const conditions = values(node, r.if_path);
  bool const applies = std::any_of(conditions.begin(), conditions.end(), [&](triple const& t) {
    auto const& value = record_[t.object].value;
    return value == r.rule->if_value || (r.rule->if_value == "true" && value == "1");
  });
  if (!applies) return;
  auto const needed = name(r.rule->paths.front());
  report(level, node, path + "/" + needed, "dcat.required_if",
         needed + " is needed because " + name(r.rule->if_path) + " is " + r.rule->if_value + ".",
         "Add for example: " + needed + " " + r.rule->example + " . " + r.rule->hint);
}

}  // namespace ehds::dcat
