#include "node/http/exchange.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <utility>

#include "node/http/headers.hpp"

namespace ehds::node::http {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;

namespace {

using answer_parser = beast_http::response_parser<beast_http::string_body>;
constexpr std::uint32_t most_header_bytes = 64 * 1024;

problem ended(stream_end how) {
  if (how == stream_end::timeout) {
    return {"http_call.timeout", "The server did not answer in time.", "", "Try again later."};
  }
  return {"http_call.cut", "The connection ended before the answer was complete.", "", "Try again."};
}

problem parse_problem(boost::system::error_code const& fault, std::size_t limit) {
  if (fault == beast_http::error::body_limit) {
    return {"http_call.too_large", "The answer is larger than " + std::to_string(limit) + " bytes.", "", ""};
  }
  return {"http_call.cut", "The answer is not HTTP: " + fault.message() + ".", "", ""};
}

// The first bytes of an alert (RFC 8446, 5.1 and 6): what a TLS server answers to plain HTTP.
bool begins_tls(std::string_view bytes) { return bytes.starts_with("\x15\x03"); }

problem tls_wanted() {
  return {"http_call.tls_wanted", "The server speaks TLS at this address, and was called by http.", "",
          "Write https:// in the address."};
}

http_call_response taken(answer_parser& complete) {
  http_call_response answer;
  auto& message = complete.get();
  answer.status = static_cast<int>(message.result_int());
  for (auto const& f : message) answer.headers.push_back({std::string{f.name_string()}, std::string{f.value()}});
  answer.body = std::move(message.body());
  return answer;
}

bool writable(std::string_view text) {
  return text.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos;
}

class reading_answer {
 public:
  reading_answer(byte_stream& stream, http_call_request const& request, std::function<patience()> remaining,
                 calling_thread& caller)
      : stream_(stream),
        request_(request),
        remaining_(std::move(remaining)),
        caller_(caller),
        chunk_(read_size, '\0') {}

  asio::awaitable<exchange_outcome> run() {
    start();
    while (!parser_->is_done()) {
      std::span<char> const into{chunk_.data(), chunk_.size()};
      auto const step = co_await stream_.read_some(into, remaining_());
      inbox_.append(chunk_.data(), step.bytes);
      if (outcome_.untouched && begins_tls({chunk_.data(), step.bytes})) {
        outcome_.answer = tls_wanted();
        co_return std::move(outcome_);
      }
      if (step.bytes > 0) outcome_.untouched = false;
      if (!parse()) co_return std::move(outcome_);
      if (step.end != stream_end::open && !finished_by(step.end)) co_return std::move(outcome_);
      if (!is_time_to_spool()) continue;
      auto const kept = co_await spool();
      if (!kept) {
        outcome_.answer = kept.error();
        co_return std::move(outcome_);
      }
    }
    outcome_.reusable = parser_->keep_alive() && inbox_.empty();
    auto answer = taken(*parser_);
    answer.is_spooled = place_ != nullptr;
    outcome_.answer = std::move(answer);
    co_return std::move(outcome_);
  }

 private:
  void start() {
    parser_.emplace();
    parser_->eager(true);
    parser_->header_limit(most_header_bytes);
    parser_->body_limit(request_.response_limit);
    parser_->skip(request_.method == "HEAD");
  }

  bool parse() {
    while (!inbox_.empty() && !parser_->is_done()) {
      boost::system::error_code fault;
      auto const used = parser_->put(asio::buffer(inbox_.data(), inbox_.size()), fault);
      inbox_.erase(0, used);
      if (fault && fault != beast_http::error::need_more) {
        outcome_.answer = parse_problem(fault, request_.response_limit);
        return false;
      }
      if (parser_->is_header_done() && parser_->get().result_int() / 100 == 1) {
        start();  // an interim answer: the real one follows
        continue;
      }
      if (used == 0 || fault) break;
    }
    return true;
  }

  // Held until it is worth a change of threads; what is left of a long one at its end.
  bool is_time_to_spool() const {
    auto const held = parser_->get().body().size();
    return request_.spool && (held >= spooled_answer_from || (place_ != nullptr && held > 0 && parser_->is_done()));
  }

  asio::awaitable<result<std::string>> spool() {
    auto const piece = std::exchange(parser_->get().body(), {});
    calling_thread::job const put_away = [this, &piece] { return put(piece); };
    auto kept = co_await caller_.run(put_away);
    co_return kept;
  }

  // On the thread that calls.
  result<std::string> put(std::string const& piece) {
    if (place_ == nullptr) {
      auto const place = request_.spool();
      if (!place) return place.error();
      place_ = *place;
    }
    if (auto const added = place_->add(piece); !added) return added.error();
    return std::string{};
  }

  // An answer without a length ends with the connection.
  bool finished_by(stream_end how) {
    boost::system::error_code fault;
    if (how == stream_end::closed && parser_->got_some()) parser_->put_eof(fault);
    if (how == stream_end::closed && !fault && parser_->is_done()) return true;
    outcome_.answer = ended(how);
    return false;
  }

  byte_stream& stream_;
  http_call_request const& request_;
  std::function<patience()> remaining_;
  calling_thread& caller_;
  byte_sink* place_ = nullptr;  // of a long body
  std::string chunk_;
  std::string inbox_;
  std::optional<answer_parser> parser_;
  exchange_outcome outcome_{.untouched = true};
};

}  // namespace

result<std::string> written_request(http_call_request const& request, url const& to) {
  auto const bad = problem{"http_call.request", "The request holds a line break in its method or headers.", "", ""};
  if (request.method.empty() || !std::ranges::all_of(request.method, [](char c) { return c >= 'A' && c <= 'Z'; }))
    return bad;
  auto head = request.method + " " + to.target + " HTTP/1.1\r\nHost: " + to.authority() + "\r\n";
  for (auto const& f : request.headers) {
    if (!writable(f.name) || !writable(f.value) || f.name.find_first_of(" :") != std::string::npos || f.name.empty())
      return bad;
    if (same_name(f.name, "host") || same_name(f.name, "content-length") || same_name(f.name, "transfer-encoding"))
      continue;
    head += f.name + ": " + f.value + "\r\n";
  }
  auto const size = request.stream ? request.stream->size : request.body.size();
  bool const bodiless = size == 0 && (request.method == "GET" || request.method == "HEAD");
  if (!bodiless) head += "Content-Length: " + std::to_string(size) + "\r\n";
  return head + "\r\n";
}

namespace {

// A problem when the body cannot be made; what the other side thinks of it is in the step.
asio::awaitable<result<stream_step>> write_streamed(byte_stream& stream, streamed_body const& body,
                                                    std::function<patience()> const& remaining,
                                                    calling_thread& caller) {
  calling_thread::job const make = [&body]() -> result<std::string> {
    auto const piece = body.next();
    if (!piece) return piece.error();
    return std::string{*piece};
  };
  stream_step step;
  while (step.end == stream_end::open) {
    auto const piece = co_await caller.run(make);
    if (!piece) co_return piece.error();
    if (piece->empty()) break;
    step = co_await stream.write(*piece, remaining());
  }
  co_return step;
}

}  // namespace

asio::awaitable<exchange_outcome> exchange(byte_stream& stream, http_call_request const& request,
                                           std::string const& head, std::function<patience()> remaining,
                                           calling_thread& caller) {
  auto step = co_await stream.write(head, remaining());
  if (step.end == stream_end::open && request.stream) {
    auto const written = co_await write_streamed(stream, *request.stream, remaining, caller);
    if (!written) {
      exchange_outcome unmade;
      unmade.answer = written.error();
      co_return unmade;
    }
    step = *written;
  }
  // A server may refuse while we still send: what it said is read in any case, unless time is up.
  bool const held = !request.stream && !request.body.empty();
  if (step.end == stream_end::open && held) step = co_await stream.write(request.body, remaining());
  if (step.end == stream_end::timeout) {
    exchange_outcome late;
    late.answer = ended(step.end);
    co_return late;
  }
  reading_answer reader(stream, request, std::move(remaining), caller);
  auto outcome = co_await reader.run();
  if (step.end != stream_end::open) outcome.reusable = false;
  co_return outcome;
}

}  // namespace ehds::node::http
