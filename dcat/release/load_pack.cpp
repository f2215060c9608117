#include <algorithm>
#include <functional>
#include <iterator>

#include "base/files.hpp"
#include "dcat/release/pack.hpp"
#include "dcat/release/pack_json.hpp"

namespace ehds::dcat {
namespace pack_json {

code_list read_code_list(json const& value, std::string const& place, prefixes const& known) {
  object const from(value, place, {"name", "title", "scheme", "base", "types", "open", "codes", "source"});
  code_list list;
  list.name = from.text("name");
  list.scheme = from.text("scheme");
  list.base = from.text("base", list.scheme + "/");
  for (auto const& type : from.texts("types")) list.types.push_back(expand(type, known, place));
  list.open = from.flag("open", false);
  for (auto const& item : from.list("codes")) {
    object const entry(item, place + "/codes/" + std::to_string(list.codes.size()),
                       {"code", "iri", "label", "broader"});
    code made;
    made.notation = entry.text("code");
    made.iri = entry.text("iri", list.base + made.notation);
    if (entry.has("broader")) made.broader = list.base + entry.text("broader");
    if (entry.has("label")) {
      auto const& labels = entry.at("label");
      if (!labels.is_object()) entry.refuse("label", "must be an object of texts by language");
      for (auto const& [language, label] : labels.items()) {
        if (!label.is_string()) entry.refuse("label", "must be an object of texts by language");
        made.labels[language] = label.get<std::string>();
      }
    }
    list.codes.push_back(std::move(made));
  }
  list.index();
  return list;
}

std::vector<upgrade_step> read_upgrades(json const& value, std::string const& place, prefixes const& known) {
  using kind = upgrade_step::kind;
  static std::map<std::string, kind> const kinds{
      {"rename_property", kind::rename_property}, {"rename_namespace", kind::rename_namespace},
      {"replace_value", kind::replace_value},     {"move_to_object", kind::move_to_object},
      {"wrap_in_node", kind::wrap_in_node},       {"drop_property", kind::drop_property}};
  std::vector<upgrade_step> steps;
  object const whole(value, place, {"steps"});
  for (auto const& item : whole.list("steps")) {
    auto const here = place + "/steps/" + std::to_string(steps.size());
    object const from(item, here, {"do", "from", "to", "via", "class", "objects_of", "why"});
    auto const found = kinds.find(from.text("do"));
    if (found == kinds.end()) from.refuse("do", "is not a known kind of step");
    upgrade_step step;
    step.is = found->second;
    bool const as_written = step.is == kind::rename_namespace;
    auto const named = [&](char const* key) {
      return as_written || !from.has(key) ? from.text(key, "") : expand(from.text(key), known, here);
    };
    step.from = named("from");
    step.to = named("to");
    step.via = named("via");
    step.of_class = named("class");
    for (auto const& name : from.texts("objects_of")) step.objects_of.push_back(expand(name, known, here));
    step.why = from.text("why", "");
    if (step.from.empty()) from.refuse("from", "is missing");
    steps.push_back(std::move(step));
  }
  return steps;
}

namespace {

void read_levels(object const& from, release_pack& pack) {
  object const levels(from.at("access_levels"), "access_levels", {"property", "default", "levels"});
  pack.level_property = expand(levels.text("property"), pack.namespaces, "access_levels/property");
  for (auto const& item : levels.list("levels")) {
    object const level(item, "access_levels/levels", {"name", "iri"});
    pack.levels.push_back({level.text("name"), expand(level.text("iri"), pack.namespaces, level.place())});
  }
  auto const fallback = levels.text("default");
  auto const at = std::find_if(pack.levels.begin(), pack.levels.end(),
                               [&](access_level const& level) { return level.name == fallback; });
  if (at == pack.levels.end()) levels.refuse("default", "names no level");
  pack.default_level = static_cast<std::size_t>(at - pack.levels.begin());
}

release_pack read_pack(json const& value) {
  object const from(value, "pack.json",
                    {"release", "title", "source", "namespaces", "root", "access_levels", "shapes"});
  release_pack pack;
  pack.release = from.text("release");
  pack.title = from.text("title");
  auto const& spaces = from.at("namespaces");
  if (!spaces.is_object()) from.refuse("namespaces", "must be an object");
  for (auto const& [name, iri] : spaces.items()) {
    if (!iri.is_string()) from.refuse("namespaces", "must hold texts only");
    pack.namespaces.push_back({name, iri.get<std::string>()});
  }
  pack.root_class = expand(from.text("root"), pack.namespaces, "root");
  read_levels(from, pack);
  auto const& shapes = from.at("shapes");
  if (!shapes.is_object()) from.refuse("shapes", "must be an object");
  for (auto const& [name, shape_value] : shapes.items()) pack.shapes.push_back(read_shape(name, shape_value, pack));
  return pack;
}

// Names that point nowhere would only show when a record comes along.
void check_references(release_pack const& pack) {
  auto const refuse = [](std::string const& place, std::string const& why) {
    throw wrong{{"pack.invalid", "The release pack is not valid: " + why + ".", place, {}}};
  };
  bool has_root = false;
  for (shape const& s : pack.shapes) {
    has_root = has_root || s.of_class == pack.root_class;
    for (property_rule const& rule : s.properties) {
      auto const place = "shapes/" + s.name + "/" + pack.short_name(rule.path);
      if (!rule.shape.empty() && pack.find_shape(rule.shape) == nullptr)
        refuse(place, "there is no shape named " + rule.shape);
      for (auto const& list : rule.code_lists)
        if (pack.find_list(list) == nullptr) refuse(place, "there is no code list named " + list);
    }
  }
  if (!has_root) refuse("root", "no shape has the root class");
}

}  // namespace
}  // namespace pack_json

namespace {

using read_text = std::function<std::optional<std::string>(std::string const& name)>;

result<release_pack> load(std::vector<std::string> const& names, read_text const& text_of) {
  using namespace pack_json;
  try {
    auto pack = read_pack(parse(text_of("pack.json"), "pack.json"));
    for (auto const& name : names) {
      if (!name.starts_with("code_lists/") || !name.ends_with(".json")) continue;
      auto list = read_code_list(parse(text_of(name), name), name, pack.namespaces);
      pack.code_lists.insert_or_assign(list.name, std::move(list));
    }
    if (auto const upgrades = text_of("upgrades.json"))
      pack.upgrades = read_upgrades(parse(upgrades, "upgrades.json"), "upgrades.json", pack.namespaces);
    check_references(pack);
    return pack;
  } catch (wrong& caught) {
    return std::move(caught.why);
  }
}

}  // namespace

result<release_pack> load_release_pack(std::filesystem::path const& folder) {
  std::vector<std::string> names;
  std::error_code fault;
  for (auto const& entry : std::filesystem::directory_iterator(folder / "code_lists", fault))
    names.push_back("code_lists/" + entry.path().filename().string());
  return load(names, [&folder](std::string const& name) { return read_file(folder / name); });
}

std::optional<std::string_view> shipped_pack_file(std::string_view path);  // generated
std::vector<std::string_view> shipped_pack_file_names();                   // generated

result<release_pack> shipped_release_pack(std::string_view release) {
  auto const root = "release/packs/" + std::string(release) + "/";
  std::vector<std::string> names;
  for (auto const name : shipped_pack_file_names())
    if (name.starts_with(root)) names.emplace_back(name.substr(root.size()));
  if (names.empty())
    return problem{"pack.unknown", "this program knows no release " + std::string(release.substr(0, 40)), {}, "use r8"};
  return load(names, [&root](std::string const& name) -> std::optional<std::string> {
    auto const text = shipped_pack_file(root + name);
    return text ? std::optional<std::string>(*text) : std::nullopt;
  });
}

}  // namespace ehds::dcat
