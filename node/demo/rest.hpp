#pragma once
// One person's or system's way to one node: HTTPS and JSON, nothing that a curl script could not do. Signs in again
// when a session ended (the rehearsal's clock jumps over weeks) and asks again when a node was just restarted.
#include <nlohmann/json.hpp>

#include <functional>
#include <string>

#include "base/http_call.hpp"

namespace ehds::node::demo {

struct heard {
  int status = 0;
  nlohmann::json body;  // null when it is no JSON
  std::string text;
};

class rest {
 public:
  // An empty account is a member of the public.
  rest(http_call& wire, std::string base_url, std::string account, std::string password)
      : wire_(wire), base_(std::move(base_url)), account_(std::move(account)), password_(std::move(password)) {}

  heard get(std::string const& path) { return ask("GET", path, {}, {}); }
  heard post(std::string const& path, nlohmann::json const& body, std::string const& key = {});
  heard put(std::string const& path, std::string const& body, std::string const& media_type = "application/json");
  heard post_bytes(std::string const& path, std::string const& body, std::string const& media_type) {
    return ask("POST", path, body, {{"Content-Type", media_type}});
  }
  heard remove(std::string const& path) { return ask("DELETE", path, {}, {}); }
  // Throws story_error unless the status is one of 2xx.
  nlohmann::json read(std::string const& path);
  nlohmann::json send(std::string const& path, nlohmann::json const& body, std::string const& key = {});

  std::string const& base() const { return base_; }

 private:
  heard ask(std::string const& method, std::string const& path, std::string const& body,
            std::vector<http_header> headers);
  heard once(std::string const& method, std::string const& path, std::string const& body,
             std::vector<http_header> headers);
  void sign_in();

  http_call& wire_;
  std::string base_;
  std::string account_;
  std::string password_;
  std::string token_;
};

// One path segment.
std::string segment(std::string const& text);

// Asks until it is so, for at most so many seconds; throws story_error with the sentence.
void wait_until(std::string const& sentence, std::function<bool()> const& is_so, int seconds = 30);

}  // namespace ehds::node::demo
