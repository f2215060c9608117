#include "node/http/session.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>

#include "node/http/framing.hpp"
#include "node/http/monotonic.hpp"
#include "node/http/on_worker.hpp"
#include "node/http/own_answers.hpp"

namespace ehds::node::http {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;

namespace {

using request_parser = beast_http::request_parser<beast_http::string_body>;
constexpr std::size_t first_size = 512;           // for the first read of a request: most connections say nothing
constexpr std::size_t together_size = 64 * 1024;  // head and body in one write
constexpr std::size_t streamed_size = 64 * 1024;  // of an answer at a time: what a slow reader makes us hold
constexpr std::size_t most_unparsed = 64 * 1024;  // of a chunk's header or of trailers
constexpr patience farewell{1'000};               // for the other side to read a refusal
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

// Assigning an empty string would keep the room of the long one.
void let_go(std::string& text) { std::string().swap(text); }

class session {
 public:
  session(byte_stream& stream, session_peer peer, session_surroundings const& around,
          std::optional<instant>& idle_since)
      : stream_(stream),
        peer_(std::move(peer)),
        around_(around),
        idle_since_(idle_since),
        held_(around.held, peer_.address),
        spooled_(around.spooled, peer_.address) {}

  session(session const&) = delete;
  session& operator=(session const&) = delete;

  asio::awaitable<void> run() {
    for (std::size_t served = 1;; ++served) {
      auto const ready = co_await receive();
      if (!ready) {
        co_await drop_spool();
        co_return;
      }
      last_ = served >= around_.limits.requests_per_connection;
      auto answer = co_await work();
      auto const kept = co_await reply(std::move(answer));
      if (!kept) co_return;
      forget();
    }
  }

 private:
  // What a connection needs between two requests is little.
  void forget() {
    held_.keep(0);
    spooled_.keep(0);
    asked_ = {};
    parser_.reset();
    chunk_.reset();
    if (inbox_.empty()) let_go(inbox_);
  }

  // One whole request into asked_. False: answered with a refusal, or nothing more comes.
  asio::awaitable<bool> receive() {
    auto const head_size = co_await receive_head();
    if (head_size == 0) co_return false;
    parser_.emplace();
    parser_->body_limit(boost::none);
    parser_->header_limit(static_cast<std::uint32_t>(around_.limits.header_bytes + 1));
    boost::system::error_code fault;
    parser_->put(asio::buffer(inbox_.data(), head_size), fault);
    if (!parser_->is_header_done()) {
      co_await refuse({400, "http.framing", "The request head is malformed."});
      co_return false;
    }
    inbox_.erase(0, head_size);
    auto const taken = take_head();
    if (taken) {
      co_await refuse(*taken);
      co_return false;
    }
    auto const whole = co_await receive_body();
    co_return whole;
  }

  // Size of the head that is complete in inbox_; 0 when there will be none.
  asio::awaitable<std::size_t> receive_head() {
    head_limits const limits{around_.limits.target_bytes, around_.limits.header_bytes};
    auto began = around_.ticks->now();
    bool waiting = true;
    while (true) {
      while (inbox_.starts_with("\r\n")) inbox_.erase(0, 2);  // RFC 9112 2.2
      auto const hopeless = inbox_ == "\r" ? std::nullopt : hopeless_start(inbox_, limits);
      auto const size = end_of_head(inbox_);
      auto const unsafe =
          !hopeless && size != 0 ? unsafe_head(std::string_view{inbox_}.substr(0, size), limits) : hopeless;
      if (unsafe) {
        co_await refuse(*unsafe);
        co_return 0;
      }
      if (size != 0) co_return size;
      if (waiting && !inbox_.empty()) {
        waiting = false;
        began = around_.ticks->now();
      }
      if (waiting && around_.stopping()) co_return 0;
      auto const allowed = waiting ? around_.limits.idle : around_.limits.header;
      idle_since_ = waiting ? std::optional(began) : std::nullopt;
      auto const end = co_await read_more(remaining(began, allowed));
      idle_since_.reset();
      if (end == stream_end::timeout && !inbox_.empty()) {
        co_await refuse({408, "http.timeout", "The request head came too slowly."});
      }
      if (end != stream_end::open) co_return 0;
    }
  }

  // Copies the head out of the parser before trailers can add to it.
  std::optional<refusal> take_head() {
    auto const& head = parser_->get();
    asked_.method = std::string{head.method_string()};
    asked_.target = std::string{head.target()};
    auto path = std::string_view{asked_.target};
    if (!path.starts_with('/')) path.remove_prefix(path.find('/', path.find("//") + 2));
    auto const mark = std::min(path.find('?'), path.size());
    asked_.path = std::string{path.substr(0, mark)};
    for (auto const& f : head) asked_.headers.add(std::string{f.name_string()}, std::string{f.value()});
    asked_.scheme = around_.scheme;
    asked_.peer_address = peer_.address;
    asked_.peer_port = peer_.port;
    asked_.certificate = peer_.certificate;
    auto query = parse_urlencoded(path.substr(std::min(mark + 1, path.size())));
    if (!query) return refusal{400, query.error().code, query.error().detail};
    asked_.query = *std::move(query);
    keep_ = parser_->keep_alive() && head.version() == 11;  // HTTP/1.0: one request a connection
    return body_refusal();
  }

  // What the head already says against the body.
  std::optional<refusal> body_refusal() {
    auto const& spool_of = around_.application.spool;
    spool_maker_ = spool_of ? spool_of(asked_.method, asked_.path) : spool_maker{};
    auto const& limit_of = around_.application.body_limit;
    body_limit_ = limit_of ? limit_of(asked_.method, asked_.path) : around_.limits.body_bytes;
    parser_->body_limit(body_limit_);
    auto const length = parser_->content_length();
    if (length && *length > body_limit_) return too_large();
    auto const expects = asked_.headers.get("Expect");
    if (!expects.empty() && !same_name(expects, "100-continue")) {
      return refusal{417, "http.expectation", "The only expectation met is 100-continue."};
    }
    return std::nullopt;
  }

  refusal too_large() const {
    return {413, "http.body_too_large",
            "The body is larger than the " + std::to_string(body_limit_) + " bytes taken here."};
  }

  asio::awaitable<bool> receive_body() {
    parser_->eager(true);
    auto const began = around_.ticks->now();
    std::size_t received = inbox_.size();
    if (!parser_->is_done() && inbox_.empty() && asked_.headers.has("Expect")) {
      auto const step = co_await stream_.write(go_on, around_.limits.grace);
      if (step.end != stream_end::open) co_return false;
    }
    while (!parser_->is_done()) {
      auto const why = parse_body();
      if (why) {
        co_await refuse(*why);
        co_return false;
      }
      if (parser_->get().body().size() >= spool_from && spool_maker_) {
        auto const full = co_await spill();
        if (full) {
          co_await refuse(*full);
          co_return false;
        }
      }
      if (parser_->is_done()) break;
      auto const end = co_await read_more(std::min(remaining(began, allowance(received)), around_.limits.grace));
      if (end == stream_end::timeout) co_await refuse({408, "http.timeout", "The body came too slowly."});
      if (end != stream_end::open) co_return false;
      received += last_read_;
    }
    if (!asked_.spooled) {
      asked_.body = std::move(parser_->get().body());
      co_return true;
    }
    auto const full = co_await spill();
    if (full) co_await refuse(*full);
    co_return !full;
  }

  // Moves what the parser holds of the body to disk, on a worker.
  asio::awaitable<std::optional<refusal>> spill() {
    refusal const busy{503, "http.busy", "The body cannot be taken now."};
    auto piece = std::move(parser_->get().body());
    parser_->get().body().clear();
    if (piece.empty()) co_return std::nullopt;
    if (!spooled_.keep(spooled_.bytes() + piece.size())) co_return busy;
    std::function<result<void>()> const keep = [this, &piece] { return keep_piece(piece); };
    auto const kept = co_await on_worker(around_.offload, keep);
    held_.keep(0);
    if (!kept || !*kept) co_return busy;
    co_return std::nullopt;
  }

  result<void> keep_piece(std::string const& piece) {
    try {
      if (!asked_.spooled) {
        auto made = spool_maker_();
        if (!made) return std::move(made).error();
        asked_.spooled = *std::move(made);
      }
      return asked_.spooled->sink().add(piece);
    } catch (std::exception const& e) {
      around_.failed(e.what());
    }
    return problem{"http.spool", "The body cannot be stored.", "", ""};
  }

  // What came of a body that nobody is to read, so that whoever reads our refusal slowly does not hold it.
  asio::awaitable<void> drop_request() {
    if (parser_) let_go(parser_->get().body());
    let_go(asked_.body);
    held_.keep(0);
    co_await drop_spool();
  }

  // Removing a large file takes its time too.
  asio::awaitable<void> drop_spool() {
    if (!asked_.spooled) co_return;
    std::function<bool()> const drop = [this] {
      asked_.spooled.reset();
      return true;
    };
    auto const done = co_await on_worker(around_.offload, drop);
    if (!done) asked_.spooled.reset();
    spooled_.keep(0);
  }

  // Feeds the parser what is in inbox_.
  std::optional<refusal> parse_body() {
    while (!inbox_.empty() && !parser_->is_done()) {
      boost::system::error_code fault;
      auto const used = parser_->put(asio::buffer(inbox_.data(), inbox_.size()), fault);
      inbox_.erase(0, used);
      if (fault == beast_http::error::body_limit) return too_large();
      if (fault && fault != beast_http::error::need_more) return refusal{400, "http.framing", "The body is malformed."};
      if (!held_.keep(parser_->get().body().size()))
        return refusal{503, "http.busy", "Too much is being received at once."};
      if (inbox_.size() > most_unparsed) return refusal{400, "http.framing", "The body is malformed."};
      if (used == 0 || fault) break;
    }
    return std::nullopt;
  }

  asio::awaitable<response> work() {
    if (!held_.still_fits()) {
      co_await drop_request();
      co_return busy_answer("Too much is being received and answered at once.");
    }
    std::function<response()> const job = [this] {
      auto answer = guarded_answer(around_.application, asked_, around_.failed);
      asked_.spooled.reset();
      let_go(asked_.body);  // whoever reads the answer slowly holds nothing else
      return answer;
    };
    auto made = co_await on_worker(around_.offload, job);
    if (!made) {
      co_await drop_request();
      co_return busy_answer("The server is busy.");
    }
    spooled_.keep(0);
    chunk_.reset();
    if (inbox_.empty()) let_go(inbox_);
    co_return *std::move(made);
  }

  // True when the connection may carry another request.
  asio::awaitable<bool> reply(response answer) {
    auto const keep = keep_ && !last_ && !around_.stopping();
    auto const bodiless = asked_.method == "HEAD" || answer.status == 204 || answer.status == 304;
    if (!bodiless && answer.body.size() > together_size && !held_.keep(answer.body.size())) {
      answer = busy_answer("Too much is being answered at once.");
    }
    auto bytes = written_head(answer, keep, around_.wall->now());
    auto const size = bodiless ? 0 : answer.body.size();
    bool const streams = answer.stream && !bodiless;
    bool const together = size <= together_size;
    if (together && !bodiless) bytes += answer.body;
    around_.answered(answer.status);
    held_.keep(bytes.size() + (together ? 0 : size));
    auto step = co_await stream_.write(bytes, allowance(bytes.size()));
    if (step.end == stream_end::open && !together) step = co_await stream_.write(answer.body, allowance(size));
    if (step.end == stream_end::open && streams) step.end = co_await write_stream(answer.stream);
    co_return keep&& step.end == stream_end::open;
  }

  // Closed, as if the connection had been cut, when the bytes cannot be read: their number has been promised.
  asio::awaitable<stream_end> write_stream(std::shared_ptr<byte_source const> body) {
    std::string space;
    for (std::uint64_t at = 0; at < body->size();) {
      std::function<std::string_view()> const read = [this, &body, &space, at] { return read_piece(*body, at, space); };
      auto const piece = co_await on_worker(around_.offload, read);
      if (!piece || piece->empty()) co_return stream_end::closed;
      held_.keep(space.size());
      auto const step = co_await stream_.write(*piece, allowance(piece->size()));
      if (step.end != stream_end::open) co_return step.end;
      at += piece->size();
    }
    co_return stream_end::open;
  }

  std::string_view read_piece(byte_source const& body, std::uint64_t at, std::string& space) const {
    try {
      if (auto const piece = body.look(at, streamed_size, space)) return *piece;
    } catch (std::exception const& e) {
      around_.failed(e.what());
    }
    return {};
  }

  asio::awaitable<void> refuse(refusal why) {
    keep_ = false;
    co_await drop_request();
    auto const sent = co_await reply(refused(why));
    static_cast<void>(sent);
    // Closing with unread bytes would reset the connection, and the refusal with it.
    auto const began = around_.ticks->now();
    for (auto end = stream_end::open; end == stream_end::open && remaining(began, farewell) > patience{0};) {
      inbox_.clear();
      end = co_await read_more(remaining(began, farewell));
    }
  }

  asio::awaitable<stream_end> read_more(patience at_most) {
    auto const into = room_to_read();
    auto const step = co_await stream_.read_some(into, at_most);
    last_read_ = step.bytes;
    inbox_.append(into.data(), step.bytes);
    co_return step.end;
  }

  std::span<char> room_to_read() {
    if (idle_since_) return first_;
    if (!chunk_) chunk_ = std::make_unique_for_overwrite<char[]>(read_size);
    return {chunk_.get(), read_size};
  }

  patience remaining(instant began, patience allowed) const {
    return std::max(patience{0}, allowed - (around_.ticks->now() - began));
  }

  patience allowance(std::size_t bytes) const {
    auto const slowest = std::max<std::size_t>(around_.limits.slowest, 1);
    return around_.limits.grace + patience{static_cast<patience::rep>(bytes * 1000 / slowest)};
  }

  byte_stream& stream_;
  session_peer peer_;
  session_surroundings const& around_;
  std::optional<instant>& idle_since_;
  byte_holding held_;     // in memory
  byte_holding spooled_;  // on disk
  std::array<char, first_size> first_;
  std::unique_ptr<char[]> chunk_;
  std::string inbox_;
  std::size_t last_read_ = 0;
  std::optional<request_parser> parser_;
  request asked_;
  std::size_t body_limit_ = 0;
  spool_maker spool_maker_;
  bool keep_ = false;
  bool last_ = false;
};

}  // namespace

asio::awaitable<void> serve_session(byte_stream& stream, session_peer peer, session_surroundings const& around,
                                    std::optional<instant>& idle_since) {
  session one(stream, std::move(peer), around, idle_since);
  co_await one.run();
}

}  // namespace ehds::node::http
