#include "node/verbs/running_node.hpp"

#include <nlohmann/json.hpp>

#include "node/http/client.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {

using nlohmann::json;

namespace {

problem refused(http_call_response const& answer) {
  auto const read = json::parse(answer.body, nullptr, false);
  auto const word = [&](char const* name) {
    return read.is_object() && read.contains(name) && read[name].is_string() ? read[name].get<std::string>()
                                                                             : std::string();
  };
  auto const mend = word("mend");
  return {"api.answer",
          "the node answered HTTP " + std::to_string(answer.status) + ": " + word("title") + " " + word("detail"), "",
          mend.empty() ? "check the account and what was asked for" : mend};
}

}  // namespace

result<operator_login> read_login(arguments const& given, config::configuration const& settings) {
  operator_login who{given.value("--url", settings.node.base_url), given.value("--account"), {}};
  if (who.url.empty())
    return problem{"usage.value", "the configuration names no node.base_url", "", "add --url URL of the running node"};
  auto password = read_input(given.value("--password-file"));
  if (!password)
    return problem{"usage.value", password.error().detail, "--password-file", "name the file that holds the password"};
  who.password = *std::move(password);
  while (who.password.ends_with('\n') || who.password.ends_with('\r')) who.password.pop_back();
  return who;
}

result<void> running_node::sign_in() {
  auto const got = ask("POST", "/api/session", {{"account", who_.account}, {"password", who_.password}});
  if (!got) return got.error();
  token_ = got->value("token", "");
  return {};
}

void running_node::sign_out() { static_cast<void>(ask("DELETE", "/api/session")); }

result<json> running_node::ask(std::string method, std::string const& path) { return ask(std::move(method), path, {}); }

result<json> running_node::ask(std::string method, std::string const& path, json const& body) {
  http_call_request request;
  request.method = std::move(method);
  request.url = who_.url + path;
  if (!body.is_null()) {
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = body.dump();
  }
  if (!token_.empty()) request.headers.push_back({"Authorization", "Bearer " + token_});
  auto const answer = wire_.call(request);
  if (!answer) return answer.error();
  if (answer->status >= 300) return refused(*answer);
  auto read = answer->body.empty() ? json::object() : json::parse(answer->body, nullptr, false);
  if (!read.is_object()) return refused(*answer);
  return read;
}

result<json> ask_running_node(operator_login const& who, config::configuration const& settings, questions const& ask) {
  http::io_thread io;
  http::client_options options;
  options.tls.ca = settings.trusted_ca;
  auto wire = http::client::make(io, options);
  if (!wire) return wire.error();
  running_node node(who, **wire);
  if (auto const session = node.sign_in(); !session) return session.error();
  auto told = ask(node);
  node.sign_out();
  return told;
}

}  // namespace ehds::node::verbs
