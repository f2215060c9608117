#include "node/http/server.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <future>
#include <set>
#include <stdexcept>

#include "base/peer_address.hpp"
#include "node/http/await_tuple.hpp"
#include "node/http/io_context.hpp"
#include "node/http/listening.hpp"
#include "node/http/monotonic.hpp"
#include "node/http/session.hpp"
#include "node/http/tcp.hpp"
#include "node/http/tls.hpp"
#include "node/http/worker_pool.hpp"

namespace ehds::node::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// A connection that is being served: what stopping must know about it.
struct live_session {
  byte_stream* stream = nullptr;
  std::optional<instant> idle_since;  // also while hands are shaken
  bool is_dropped = false;            // its end is on the way
};

}  // namespace

struct server::state : std::enable_shared_from_this<server::state> {
  state(io_thread& io, server_options o, clock const& time)
      : context(io.get().context),
        options(std::move(o)),
        wall(time),
        pool(options.limits.workers, options.limits.queue) {}

  // Known to the I/O thread alone once started.
  asio::io_context& context;
  server_options options;
  clock const& wall;
  monotonic_clock ticks;
  std::vector<open_listener> doors;
  std::vector<bound_listener> bound;
  std::vector<session_surroundings> surroundings;  // one a door
  std::set<live_session*> live;
  std::size_t ending = 0;  // of the live ones: dropped, and not gone yet
  std::map<std::string, std::size_t> per_peer;
  // By listener::serves: what strangers hold is nothing to those inside.
  std::map<std::string, byte_ledger> held;
  std::map<std::string, byte_ledger> spooled;

  // Known to all threads.
  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> connections{0};
  std::atomic<std::uint64_t> served{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> idle_dropped{0};
  std::mutex mutex;
  std::condition_variable gone;
  worker_pool pool;

  asio::awaitable<void> accept_all(std::size_t door);
  asio::awaitable<void> take(tcp::socket socket, std::size_t door);
  asio::awaitable<void> serve(tcp::socket socket, std::size_t door, std::string address);
  asio::awaitable<void> serve_live(tcp::socket socket, std::size_t door, session_peer peer, live_session& entry);
  session_surroundings surrounding(std::size_t door, application app);
  std::uint64_t share_at(listener const& door, std::uint64_t together) const;
  bool is_full() const { return connections - ending >= options.limits.connections; }
  bool drop_longest_idle();
  void close_doors_and_idle();
  void close_all();
  bool wait_until_empty(std::chrono::milliseconds deadline);
};

asio::awaitable<void> server::state::accept_all(std::size_t door) {
  auto const self = shared_from_this();
  asio::steady_timer pause(context);
  while (!stopping) {
    if (is_full()) {
      co_await doors[door].acceptor.async_wait(tcp::acceptor::wait_read, await_tuple);
      if (stopping) co_return;
      if (is_full() && !drop_longest_idle()) {
        pause.expires_after(std::chrono::milliseconds{20});
        co_await pause.async_wait(await_tuple);
        continue;
      }
    }
    auto [fault, socket] = co_await doors[door].acceptor.async_accept(await_tuple);
    if (stopping) co_return;
    if (fault) {  // out of file descriptors, most likely: leave the others time to end
      pause.expires_after(std::chrono::milliseconds{100});
      co_await pause.async_wait(await_tuple);
      continue;
    }
    ++connections;
    asio::co_spawn(context, take(std::move(socket), door), asio::detached);
  }
}

asio::awaitable<void> server::state::take(tcp::socket socket, std::size_t door) {
  auto const self = shared_from_this();
  boost::system::error_code fault;
  auto const peer = socket.remote_endpoint(fault);
  auto const address = fault ? std::string{} : peer.address().to_string();
  auto const network = peer_network(address);
  if (!fault && ++per_peer[network] <= options.limits.connections_per_peer) {
    try {
      co_await serve(std::move(socket), door, address);
    } catch (std::exception const& e) {
      options.on_failure(e.what());
    }
  }
  if (!fault && --per_peer[network] == 0) per_peer.erase(network);
  std::lock_guard const lock(mutex);
  --connections;
  gone.notify_all();
}

// A stranger who says nothing must not keep out one who has something to say.
bool server::state::drop_longest_idle() {
  live_session* longest = nullptr;
  for (auto* const entry : live) {
    if (!entry->idle_since || entry->is_dropped || entry->stream == nullptr) continue;
    if (longest == nullptr || *entry->idle_since < *longest->idle_since) longest = entry;
  }
  if (longest == nullptr) return false;
  longest->is_dropped = true;
  ++ending;
  ++idle_dropped;
  longest->stream->close();
  return true;
}

asio::awaitable<void> server::state::serve(tcp::socket socket, std::size_t door, std::string address) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay{true}, ignored);
  session_peer peer{address, socket.remote_endpoint(ignored).port(), std::nullopt};
  live_session entry{nullptr, ticks.now()};
  live.insert(&entry);
  try {
    co_await serve_live(std::move(socket), door, std::move(peer), entry);
  } catch (std::exception const& e) {
    options.on_failure(e.what());
  }
  live.erase(&entry);
  if (entry.is_dropped) --ending;
}

asio::awaitable<void> server::state::serve_live(tcp::socket socket, std::size_t door, session_peer peer,
                                                live_session& entry) {
  std::unique_ptr<byte_stream> stream;
  if (doors[door].tls) {
    auto const begun = [&entry](byte_stream& shaking) { entry.stream = &shaking; };
    auto made = co_await accept_tls(std::move(socket), doors[door].tls, options.limits.header, begun);
    stream = std::move(made.stream);
    peer.certificate = std::move(made.other_side);
  } else {
    stream = tcp_stream(std::move(socket));
  }
  entry.stream = stream.get();
  if (!stream || stopping) co_return;
  co_await serve_session(*stream, std::move(peer), surroundings[door], entry.idle_since);
  stream->close();
}

// Of one address.
std::uint64_t server::state::share_at(listener const& door, std::uint64_t together) const {
  auto const& limits = options.limits;
  auto const parts = limits.connections / std::max<std::size_t>(limits.connections_per_peer, 1);
  return door.trusts_peers ? together : together / std::clamp<std::size_t>(parts, 1, 8);
}

session_surroundings server::state::surrounding(std::size_t door, application app) {
  auto const& at = options.listeners[door];
  auto const ledger = [&](auto& of, std::uint64_t together) {
    return &of.try_emplace(at.serves, together, share_at(at, together)).first->second;
  };
  session_surroundings around;
  around.application = std::move(app);
  around.limits = options.limits;
  around.scheme = bound[door].scheme;
  around.ticks = &ticks;
  around.wall = &wall;
  around.held = ledger(held, options.limits.held_bytes);
  around.spooled = ledger(spooled, options.limits.spooled_bytes);
  around.offload = [this](std::function<void()> job) { return pool.try_run(std::move(job)); };
  around.stopping = [this] { return stopping.load(); };
  around.failed = options.on_failure;
  around.answered = [this](int status) {
    ++served;
    if (status == 503) ++refused;
  };
  return around;
}

void server::state::close_doors_and_idle() {
  boost::system::error_code ignored;
  for (auto& door : doors) door.acceptor.close(ignored);
  for (auto* const entry : live)
    if (entry->idle_since && entry->stream != nullptr) entry->stream->close();
}

void server::state::close_all() {
  for (auto* const entry : live)
    if (entry->stream != nullptr) entry->stream->close();
}

bool server::state::wait_until_empty(std::chrono::milliseconds deadline) {
  std::unique_lock lock(mutex);
  return gone.wait_for(lock, deadline, [this] { return connections == 0; });
}

result<std::unique_ptr<server>> server::bind(io_thread& io, server_options options, clock const& wall) {
  auto made = std::make_shared<state>(io, std::move(options), wall);
  for (auto const& wanted : made->options.listeners) {
    auto door = open_door(made->context, wanted);
    if (!door) return door.error();
    auto const port = door->acceptor.local_endpoint().port();
    made->bound.push_back({wanted.address, port, wanted.tls ? "https" : "http", wanted.serves});
    made->doors.push_back(*std::move(door));
  }
  return std::unique_ptr<server>{new server(std::move(made))};
}

server::server(std::shared_ptr<state> s) : state_(std::move(s)) {}

server::~server() {
  stop(std::chrono::milliseconds{0});
  state_->pool.finish();
  state_->wait_until_empty(std::chrono::seconds{5});
}

std::vector<bound_listener> const& server::listeners() const { return state_->bound; }

void server::start(std::map<std::string, application> applications) {
  for (std::size_t door = 0; door < state_->bound.size(); ++door) {
    auto const found = applications.find(state_->bound[door].serves);
    if (found == applications.end()) throw std::logic_error("no application serves " + state_->bound[door].serves);
    state_->surroundings.push_back(state_->surrounding(door, found->second));
  }
  for (std::size_t door = 0; door < state_->doors.size(); ++door) {
    asio::co_spawn(state_->context, state_->accept_all(door), asio::detached);
  }
}

bool server::stop(std::chrono::milliseconds deadline) {
  state_->stopping = true;
  std::promise<void> closed;
  asio::post(state_->context, [this, &closed] {
    state_->close_doors_and_idle();
    closed.set_value();
  });
  closed.get_future().wait();
  auto const in_time = state_->wait_until_empty(deadline);
  asio::post(state_->context, [s = state_] { s->close_all(); });
  return in_time;
}

server_load server::load() const {
  return {state_->connections, state_->pool.running(), state_->pool.waiting(),
          state_->served,      state_->refused,        state_->idle_dropped};
}

std::string bound_listener::url() const {
  auto const host = address.find(':') == std::string::npos ? address : "[" + address + "]";
  return scheme + "://" + host + ":" + std::to_string(port);
}

}  // namespace ehds::node::http
