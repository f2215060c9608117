#pragma once
// HTTP/1.1 in the fewest system calls, so that a measurement holds the access point and not a web server: a client that
// keeps its connection, and a server with a thread for each. Loopback only, peers that behave only.
#include <atomic>
#include <functional>
#include <string>

#include "base/http_call.hpp"

namespace ehds::bench {

class plain_client final : public http_call {
 public:
  plain_client() = default;
  ~plain_client() override;
  plain_client(plain_client const&) = delete;
  plain_client& operator=(plain_client const&) = delete;
  result<http_call_response> call(http_call_request const& request) override;  // "http://127.0.0.1:PORT/path"

 private:
  int socket_ = -1;
};

struct plain_message {
  std::string content_type;
  std::string body;
};
using plain_handler = std::function<plain_message(plain_message const&)>;

// Serves on 127.0.0.1 until the process ends; calls `ready` with the port.
void serve(plain_handler const& answer, std::function<void(int)> const& ready);

}  // namespace ehds::bench
