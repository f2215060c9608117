#pragma once
// One house that plays every part, over a real store, and a visitor with a browser's habits: cookies are kept, forms
// are filled in as they were served.
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "node/access/cases/case_desk.hpp"
#include "node/access/central/application_centre.hpp"
#include "node/access/register/public_register.hpp"
#include "node/api/rooms.hpp"
#include "node/catalogue/record_book.hpp"
#include "node/catalogue/record_search.hpp"
#include "node/federation/jobs.hpp"
#include "node/federation/questions.hpp"
#include "node/http/router.hpp"
#include "policies/data_permit.hpp"

namespace page_tests {

inline std::string const password = "correct horse battery";

class page_house {
 public:
  page_house();
  ~page_house();
  page_house(page_house const&) = delete;
  page_house& operator=(page_house const&) = delete;

  void account(std::string const& id, std::string const& name, ehds::node::identity::roles roles);
  // A record like the fixture, with this title; returns its identifier.
  std::string dataset(std::string const& identifier, std::string const& title);
  // What the desk and the centre posted to one another arrives.
  void deliver();

  std::filesystem::path folder;
  ehds::manual_clock wall;
  ehds::dcat::release_pack pack;
  ehds::dcat::validator rules;
  std::deque<std::pair<std::string, ehds::node::access::outgoing_business_message>> letters;  // from, what
  std::vector<std::string> faults;                                                            // of what was delivered
  std::optional<ehds::policies::data_permit> permit;
  std::optional<ehds::node::store::database> db;
  std::optional<ehds::node::identity::accounts> accounts;
  std::optional<ehds::node::identity::sessions> sessions;
  std::optional<ehds::node::catalogue::record_book> records;
  std::optional<ehds::node::catalogue::record_search> search;
  std::optional<ehds::node::access::case_desk> desk;
  std::optional<ehds::node::access::application_centre> centre;
  std::optional<ehds::node::access::public_register> entries;
  std::optional<ehds::node::federation::jobs> jobs;
  std::optional<ehds::node::federation::questions> questions;
  ehds::node::api::rooms rooms;
  ehds::node::http::router router;

 private:
  ehds::node::access::access_ports ports(std::string name);
  ehds::node::federation::links links();
  void open_rooms();
  int messages_ = 0;
};

class visitor {
 public:
  explicit visitor(page_house& at) : at_(at) {}

  ehds::node::http::response get(std::string const& target);
  // With the token of the page that was seen last.
  ehds::node::http::response post(std::string const& target, std::map<std::string, std::string> fields);
  ehds::node::http::response post_without_token(std::string const& target, std::map<std::string, std::string> fields);
  void sign_in(std::string const& account);

  std::map<std::string, std::string> cookies;
  std::string token;
  std::map<std::string, std::string> headers;

 private:
  ehds::node::http::response send(ehds::node::http::request asked);
  page_house& at_;
};

inline bool has(ehds::node::http::response const& page, std::string_view text) {
  return page.body.find(text) != std::string::npos;
}
// What is wrong with the nesting of a page's tags; empty: nothing.
std::string badly_nested(std::string const& html);
// The value of the hidden field of that name; empty when there is none.
std::string hidden_field(std::string const& html, std::string const& name);

}  // namespace page_tests
