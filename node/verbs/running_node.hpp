#pragma once
// The node that runs, asked over its API as one of its operators: for verbs that act on a node while it serves.
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/http_call.hpp"
#include "node/config/configuration.hpp"
#include "node/verbs/arguments.hpp"

namespace ehds::node::verbs {

struct operator_login {
  std::string url;  // where the node serves
  std::string account;
  std::string password;
};

// From --account, --password-file and --url (left out: node.base_url). Problem usage.value.
result<operator_login> read_login(arguments const& given, config::configuration const& settings);

class running_node {
 public:
  running_node(operator_login const& who, http_call& wire) : who_(who), wire_(wire) {}

  result<void> sign_in();
  void sign_out();
  // The body of the answer, {} when there is none. Problem api.answer: the node refused, with what it said.
  result<nlohmann::json> ask(std::string method, std::string const& path, nlohmann::json const& body);
  result<nlohmann::json> ask(std::string method, std::string const& path);

 private:
  operator_login const& who_;
  http_call& wire_;
  std::string token_;
};

// Signs in at the node of this configuration, asks, and signs out whatever came of it.
using questions = std::function<result<nlohmann::json>(running_node&)>;
result<nlohmann::json> ask_running_node(operator_login const& who, config::configuration const& settings,
                                        questions const& ask);

}  // namespace ehds::node::verbs
