#include "node/demo/rest.hpp"

#include <thread>

#include "node/demo/telling.hpp"
#include "node/http/fields.hpp"

namespace ehds::node::demo {
namespace {

using nlohmann::json;

constexpr int tries_while_it_restarts = 100;
constexpr std::chrono::milliseconds between_tries{100};

std::string first_of(std::string const& text) { return text.size() > 600 ? text.substr(0, 600) + " ..." : text; }

}  // namespace

std::string segment(std::string const& text) { return http::percent_encode(text); }

heard rest::once(std::string const& method, std::string const& path, std::string const& body,
                 std::vector<http_header> headers) {
  http_call_request request;
  request.method = method;
  request.url = base_ + path;
  request.body = body;
  request.headers = std::move(headers);
  if (!token_.empty()) request.headers.push_back({"Authorization", "Bearer " + token_});
  for (int attempt = 0;; ++attempt) {
    auto answer = wire_.call(request);
    if (answer) return {answer->status, json::parse(answer->body, nullptr, false), answer->body};
    if (attempt == tries_while_it_restarts) throw story_error(base_ + " does not answer: " + answer.error().detail);
    std::this_thread::sleep_for(between_tries);
  }
}

void rest::sign_in() {
  token_.clear();
  auto const answer = once("POST", "/api/session", json{{"account", account_}, {"password", password_}}.dump(),
                           {{"Content-Type", "application/json"}});
  must(answer.status == 201, account_ + " cannot sign in at " + base_ + ": " + first_of(answer.text));
  token_ = answer.body.at("token").get<std::string>();
}

heard rest::ask(std::string const& method, std::string const& path, std::string const& body,
                std::vector<http_header> headers) {
  if (!account_.empty() && token_.empty()) sign_in();
  auto answer = once(method, path, body, headers);
  if (answer.status != 401 || account_.empty()) return answer;
  sign_in();
  return once(method, path, body, std::move(headers));
}

heard rest::post(std::string const& path, json const& body, std::string const& key) {
  std::vector<http_header> headers{{"Content-Type", "application/json"}};
  if (!key.empty()) headers.push_back({"Idempotency-Key", key});
  return ask("POST", path, body.dump(), std::move(headers));
}

heard rest::put(std::string const& path, std::string const& body, std::string const& media_type) {
  return ask("PUT", path, body, {{"Content-Type", media_type}});
}

json rest::read(std::string const& path) {
  auto answer = get(path);
  must(answer.status / 100 == 2,
       "GET " + path + " at " + base_ + " answered " + std::to_string(answer.status) + ": " + first_of(answer.text));
  return std::move(answer.body);
}

json rest::send(std::string const& path, json const& body, std::string const& key) {
  auto answer = post(path, body, key);
  must(answer.status / 100 == 2,
       "POST " + path + " at " + base_ + " answered " + std::to_string(answer.status) + ": " + first_of(answer.text));
  return std::move(answer.body);
}

void wait_until(std::string const& sentence, std::function<bool()> const& is_so, int seconds) {
  auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{seconds};
  while (!is_so()) {
    must(!is_interrupted(), "interrupted");
    if (std::chrono::steady_clock::now() > end)
      throw story_error("waited " + std::to_string(seconds) + " s in vain: " + sentence);
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
}

}  // namespace ehds::node::demo
