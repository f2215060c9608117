#pragma once
// One request and its answer over an open connection: the client's side of a session. Known inside node/http alone.
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "base/http_call.hpp"
#include "node/http/byte_stream.hpp"
#include "node/http/calling_thread.hpp"
#include "node/http/url.hpp"

namespace ehds::node::http {

struct exchange_outcome {
  result<http_call_response> answer = problem{};
  bool reusable = false;   // the connection may carry another request
  bool untouched = false;  // the connection ended before a byte of the answer came
};

// Problem http_call.request when method or headers cannot be written.
result<std::string> written_request(http_call_request const& request, url const& to);

// `remaining` says how much of the call's time is left; `caller` makes a streamed body, and puts a long answer away.
boost::asio::awaitable<exchange_outcome> exchange(byte_stream& stream, http_call_request const& request,
                                                  std::string const& head, std::function<patience()> remaining,
                                                  calling_thread& caller);

}  // namespace ehds::node::http
