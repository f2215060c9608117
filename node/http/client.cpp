#include "node/http/client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>

#include "node/http/calling_thread.hpp"
#include "node/http/connecting.hpp"
#include "node/http/exchange.hpp"
#include "node/http/io_context.hpp"
#include "node/http/kept_connections.hpp"
#include "node/http/monotonic.hpp"

namespace ehds::node::http {

namespace asio = boost::asio;

struct client::state : std::enable_shared_from_this<client::state> {
  state(io_thread& io, client_options o) : context(io.get().context), options(std::move(o)) {}

  asio::io_context& context;
  client_options options;
  std::shared_ptr<tls_context> tls;
  monotonic_clock ticks;
  kept_connections kept{options.idle_per_host, options.idle_for};  // known to the I/O thread alone
};

namespace {

using promised = std::shared_ptr<std::promise<result<http_call_response>>>;

// Repeating them does no more than doing them once (RFC 9110 9.2.2).
bool may_repeat(std::string const& method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE";
}

struct one_call {
  std::shared_ptr<client::state> with;
  http_call_request request;
  url to;
  std::string head;
  instant deadline;
  promised answer;
  std::shared_ptr<calling_thread> caller = std::make_shared<calling_thread>();

  patience remaining() const { return std::max(patience{0}, deadline - with->ticks.now()); }
};

asio::awaitable<exchange_outcome> over(byte_stream& stream, one_call const& call) {
  std::function<patience()> const remaining = [&call] { return call.remaining(); };
  auto outcome = co_await exchange(stream, call.request, call.head, remaining, *call.caller);
  co_return outcome;
}

// Most servers that speak TLS close the connection of who does not.
result<http_call_response> told(exchange_outcome outcome, url const& to) {
  bool const is_cut = !outcome.answer && outcome.untouched && outcome.answer.error().code == "http_call.cut";
  if (!is_cut || to.scheme == "https") return std::move(outcome.answer);
  return problem{"http_call.cut",
                 "The connection ended before an answer began; a server that speaks TLS does so where it is called by "
                 "http.",
                 to.authority(), "Write https:// in the address if it does, else try again."};
}

asio::awaitable<result<http_call_response>> carry_out(std::shared_ptr<one_call const> call) {
  auto& with = *call->with;
  auto const key = call->to.scheme + "://" + call->to.host + ":" + std::to_string(call->to.port);
  auto stream = with.kept.take(key, with.ticks.now());
  if (stream) {
    auto outcome = co_await over(*stream, *call);
    if (outcome.reusable) with.kept.keep(key, std::move(stream), with.ticks.now());
    bool const stale =
        !outcome.answer && outcome.untouched && may_repeat(call->request.method) && !call->request.stream;
    if (!stale) co_return std::move(outcome.answer);
  }
  auto fresh = co_await open_connection(with.context, call->to, with.tls, with.options.reach, call->remaining());
  if (!fresh) co_return fresh.error();
  auto outcome = co_await over(**fresh, *call);
  if (outcome.reusable) with.kept.keep(key, *std::move(fresh), with.ticks.now());
  co_return told(std::move(outcome), call->to);
}

asio::awaitable<void> answer(std::shared_ptr<one_call const> call) {
  auto const promise = call->answer;
  auto const caller = call->caller;
  try {
    auto made = co_await carry_out(std::move(call));
    promise->set_value(std::move(made));
  } catch (...) {
    promise->set_exception(std::current_exception());
  }
  caller->finish();
}

}  // namespace

result<std::unique_ptr<client>> client::make(io_thread& io, client_options options) {
  auto made = std::make_shared<state>(io, std::move(options));
  auto tls = client_context(made->options.tls);
  if (!tls) return tls.error();
  made->tls = *std::move(tls);
  return std::unique_ptr<client>{new client(std::move(made))};
}

client::client(std::shared_ptr<state> s) : state_(std::move(s)) {}

// Kept sockets belong to the I/O thread: they are closed there.
client::~client() {
  asio::post(state_->context, [s = state_] { s->kept.close_all(); });
}

result<http_call_response> client::call(http_call_request const& request) {
  auto to = parse_url(request.url);
  if (!to) return to.error();
  auto head = written_request(request, *to);
  if (!head) return head.error();
  auto one = std::make_shared<one_call>();
  one->with = state_;
  one->request = request;
  one->to = *std::move(to);
  one->head = *std::move(head);
  one->deadline = state_->ticks.now() + request.timeout;
  one->answer = std::make_shared<std::promise<result<http_call_response>>>();
  auto promised_answer = one->answer->get_future();
  auto const until = std::chrono::steady_clock::now() + request.timeout;
  asio::co_spawn(state_->context, answer(one), asio::detached);
  if (request.stream || request.spool) one->caller->serve(until);
  // Looking a name up cannot be cut short; then the call is left to end by itself.
  auto const slack = std::chrono::milliseconds{500};
  if (promised_answer.wait_until(until + slack) != std::future_status::ready) {
    return problem{"http_call.timeout", "The server did not answer in time.", "", "Try again later."};
  }
  return promised_answer.get();
}

}  // namespace ehds::node::http
