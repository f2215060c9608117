#pragma once
// Whole nodes in this process, as the program builds them: keys from one rehearsal authority that is made once for the
// test program, a folder of its own for each node, asked through its router or over its real doors.
#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "node/config/configuration.hpp"
#include "node/house/house.hpp"
#include "node/house/parts.hpp"
#include "node/http/request.hpp"
#include "node/http/response.hpp"
#include "node/store/fresh_folder.hpp"

namespace ehds::tests {

// The folder of keys of EU, FR or FR-data, issued for 127.0.0.1; ca.pem stands in each.
std::filesystem::path keys_of(std::string const& id);

// A complete configuration of a node that listens nowhere and has no partners: central for "EU", national otherwise.
node::config::configuration settings_for(std::string const& id, std::filesystem::path const& folder);
// The centre as partner, with its P-Mode, so that something can be posted; its address answers nothing.
void know_the_centre(node::config::configuration& settings);
// {"id": "decider.FR", roles: [...], password "demonstration-only"} for every role, one account each.
std::string accounts_json(std::string const& id);
inline constexpr char const* test_password = "demonstration-only";

using header_list = std::vector<std::pair<std::string, std::string>>;

class one_house {
 public:
  explicit one_house(
      std::string const& id, std::function<void(node::config::configuration&)> const& change = [](auto&) {});
  ~one_house();

  node::http::response ask(std::string const& method, std::string const& target, header_list const& headers = {},
                           std::string const& body = {});
  node::http::response ask_inside(node::http::request asked);  // on the internal side
  // As a national system whose key holds exactly these roles.
  node::http::response as(std::set<node::identity::role> const& roles, std::string const& method,
                          std::string const& target, nlohmann::json const& body = nlohmann::json());
  std::string key_with(std::set<node::identity::role> const& roles);  // X-API-Key of a new system
  std::string same_key(std::set<node::identity::role> const& roles);  // of one and the same system

  node::house::house::parts& parts() { return house_->inside(); }
  node::house::house& house() { return *house_; }
  std::filesystem::path const& folder() const { return folder_.path(); }
  void build_again();  // ends, and builds from the same folder

 private:
  void build();
  std::string id_;
  std::function<void(node::config::configuration&)> change_;
  fresh_folder folder_;
  std::map<std::set<node::identity::role>, std::string> keys_;
  std::unique_ptr<node::house::house> house_;
};

one_house with_a_centre();  // FR, with the centre as partner and the records of the demonstration

node::http::request request_of(std::string const& method, std::string const& target, header_list const& headers = {},
                               std::string const& body = {});
nlohmann::json json_of(node::http::response const& answer);
void write_json(std::filesystem::path const& file, nlohmann::json const& content);
std::string text_of_file(std::filesystem::path const& file);
// problem+json with a code, a detail and the status it came with.
bool is_problem(node::http::response const& answer);

}  // namespace ehds::tests
