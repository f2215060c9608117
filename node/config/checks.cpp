#include <algorithm>
#include <set>

#include "node/config/sections.hpp"

namespace ehds::node::config {

namespace {

bool is_web_address(std::string const& text) { return text.starts_with("https://") || text.starts_with("http://"); }

void check_data_zone(configuration const& read, problems& found) {
  if (read.edge.url.empty()) {
    found.push_back({"config.missing", "A data zone pulls its work from its edge, which is not named.", "/edge",
                     R"(Add "edge": {"url": ..., "certificate": ..., "private_key": ...}.)"});
  }
  for (std::size_t i = 0; i < read.listen.size(); ++i) {
    if (read.listen[i].serves == served::internal_side) continue;
    found.push_back({"config.value", "A data zone opens no door to the outside.",
                     "/listen/" + std::to_string(i) + "/serves", "Remove it, or let it serve internal."});
  }
}

void check_addresses(configuration const& read, problems& found) {
  auto const check = [&](std::string const& url, char const* where) {
    if (url.empty() || is_web_address(url)) return;
    found.push_back({"config.value", "This is no web address.", where, "Write https://host:port/path."});
  };
  check(read.node.base_url, "/node/base_url");
  check(read.edge.url, "/edge/url");
  check(read.access_point.url, "/access_point/url");
  for (std::size_t i = 0; i < read.back_ends.size(); ++i)
    check(read.back_ends[i].webhook_url, ("/back_ends/" + std::to_string(i) + "/webhook/url").c_str());
  if (read.platform.kind == "http") check(read.platform.url, "/platform/url");
}

void check_push(configuration const& read, problems& found) {
  if (read.access_point.push_user.empty() || read.listen.empty()) return;
  auto const is_inside = [](listen_section const& door) { return door.serves == served::internal_side; };
  if (std::ranges::any_of(read.listen, is_inside)) return;
  found.push_back({"config.missing", "The Domibus is to push messages, and no door serves the internal side.",
                   "/listen", R"(Add a door with "serves": "internal".)"});
}

void check_doubles(configuration const& read, problems& found) {
  std::set<std::string> ids;
  for (std::size_t i = 0; i < read.health_data.size(); ++i) {
    if (ids.insert(read.health_data[i].id).second || read.health_data[i].id.empty()) continue;
    found.push_back({"config.value", "This dataset stands in the list twice.",
                     "/health_data/" + std::to_string(i) + "/dataset", "Keep one of them."});
  }
  std::set<std::pair<std::string, std::uint16_t>> doors;
  for (std::size_t i = 0; i < read.listen.size(); ++i) {
    auto const& door = read.listen[i];
    if (door.port == 0 || doors.emplace(door.address, door.port).second) continue;
    found.push_back({"config.value", "This address and port stand in the list twice.",
                     "/listen/" + std::to_string(i) + "/port", "Choose another port."});
  }
}

}  // namespace

void check_together(configuration const& read, problems& found) {
  if (read.node.zone == zone::data) check_data_zone(read, found);
  if (read.node.zone == zone::edge && !read.health_data.empty()) {
    found.push_back({"config.value", "The edge zone holds no health data.", "/health_data",
                     "Move it to the configuration of the data zone."});
  }
  if (!read.health_data.empty() && read.policy_pack.empty()) {
    found.push_back({"config.missing", "Health data is not queried without the rules of its country.", "/policy_pack",
                     "Name the policy pack."});
  }
  check_addresses(read, found);
  check_push(read, found);
  check_doubles(read, found);
}

void check_paths(configuration const& read, problems& found) {
  auto const check = [&](file_path const& path, std::string const& where) {
    std::error_code ignored;
    if (path.empty() || std::filesystem::exists(path, ignored)) return;
    found.push_back({"config.path", "There is no " + path.string() + ".", where,
                     "Check the path: relative ones start at the folder of the configuration."});
  };
  check(read.device.module, "/keys/device/module");
  check(read.access_point.ca, "/access_point/ca");
  check(read.accounts, "/accounts");
  check(read.policy_pack, "/policy_pack");
  check(read.catalogue.records, "/catalogue/records");
  check(read.partners.file, "/partners/file");
  check(read.partners.pmodes, "/partners/pmodes");
  for (std::size_t i = 0; i < read.health_data.size(); ++i) {
    check(read.health_data[i].path, "/health_data/" + std::to_string(i) + "/path");
  }
}

}  // namespace ehds::node::config
