#include "node/exchange/forked_node.hpp"

#include <sys/prctl.h>

#include <condition_variable>
#include <csignal>
#include <deque>
#include <thread>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "node/exchange/frames.hpp"
#include "node/exchange/pull.hpp"
#include "node/exchange/two_nodes.hpp"

namespace ehds::tests {
namespace {

using namespace std::chrono_literals;

// Runs on from noon, in parent and children alike.
class running_clock final : public clock {
 public:
  instant now() const override {
    auto const since = std::chrono::steady_clock::now().time_since_epoch() - begin_;
    return noon() + std::chrono::duration_cast<std::chrono::milliseconds>(since);
  }

 private:
  static inline std::chrono::steady_clock::duration const begin_ = std::chrono::steady_clock::now().time_since_epoch();
};

edelivery::pmode impatient(std::string const& us, std::string const& partner) {
  auto mode = pmode_between(us, partner, std::string(exchange::star_service));
  mode.retry.max_attempts = 1'000'000;
  mode.retry.initial_delay = 0s;
  mode.retry.max_delay = 0s;
  return mode;
}

// What `from` has for `to`, which fetches it.
edelivery::pmode fetched(std::string const& us, std::string const& from, std::string const& to) {
  auto mode = impatient(us, us == from ? to : from);
  mode.id = "pull from " + from;
  mode.service = exchange::partners_service;
  mode.binding = edelivery::mep_binding::pull;
  mode.mpc = "urn:example:mpc:" + to;
  mode.way = us == from ? edelivery::direction::send : edelivery::direction::receive;
  mode.retry.answer_timeout = 1s;  // the lease
  mode.pull_interval = 0s;
  return mode;
}

// The socket as a wire: a call waits for its answer, or for the word that there is none.
class socket_wire final : public http_call {
 public:
  explicit socket_wire(int socket) : socket_(socket) {}

  result<http_call_response> call(http_call_request const& request) override {
    std::unique_lock lock(guard_);
    auto const id = ++last_;
    lock.unlock();
    say({frame_kind::request, id, request.headers.at(0).value, request.body});
    lock.lock();
    arrived_.wait_for(lock, 2s, [&] { return answers_.contains(id); });
    auto const found = answers_.extract(id);
    if (!found || found.mapped().kind == frame_kind::cut)
      return problem{"http_call.cut", "The connection was cut.", "", ""};
    return spooled(request, {200, {{"Content-Type", found.mapped().content_type}}, found.mapped().body});
  }
  void say(frame const& one) {
    std::scoped_lock const lock(writing_);
    if (!send_all(socket_, write_frame(one))) std::_Exit(0);
  }
  void hear(frame const& one) {
    std::scoped_lock const lock(guard_);
    answers_[one.id] = one;
    arrived_.notify_all();
  }

 private:
  int const socket_;
  std::mutex writing_;
  std::mutex guard_;
  std::condition_variable arrived_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, frame> answers_;
};

class life {
 public:
  explicit life(forked_node_plan const& plan)
      : plan_(plan),
        wire_(plan.socket),
        point_{keys_of(plan.nation), {keys_of(plan.nation)}, plan.nation + ".example"},
        book_({impatient(plan.nation, plan.partner), fetched(plan.nation, plan.nation, plan.partner),
               fetched(plan.nation, plan.partner, plan.nation)}),
        db_(store::database::open(plan.file, {.migrations = tables_of_forked_node()}).value()),
        desk_(db_, book_, point_, time_, {plan.nation, plan.nation, {{plan.partner, plan.partner}}}),
        sender_(desk_, wire_, [] { return 0.5; }, {.slots = {.failures_to_open = 1'000, .pause = 1ms}}) {
    auto const hear = [](store::transaction& tx, business_message const& message) -> result<verdict> {
      tx.run("INSERT INTO tests_heard (message_id) VALUES (?)", message.message_id);
      return verdict{};
    };
    desk_.on_message(exchange::star_service, hear, exchange::answering::none);
    desk_.on_message(exchange::partners_service, hear, exchange::answering::none);
  }

  [[noreturn]] void run() {
    for (int n = 0; n < 2; ++n) threads_.emplace_back([this] { receive(); });
    for (int n = 0; n < 2; ++n) threads_.emplace_back([this] { send(); });
    threads_.emplace_back([this] { post(); });
    threads_.emplace_back([this] { fetch(); });
    frame_reader reader;
    while (reader.read_from(plan_.socket))
      while (auto const one = reader.next()) take(*one);
    std::_Exit(0);
  }

 private:
  void take(frame const& one) {
    if (one.kind == frame_kind::quiet) is_quiet_ = true;
    if (one.kind == frame_kind::answer || one.kind == frame_kind::cut) wire_.hear(one);
    if (one.kind != frame_kind::request) return;
    std::scoped_lock const lock(guard_);
    requests_.push_back(one);
    arrived_.notify_one();
  }
  [[noreturn]] void receive() {
    for (;;) {
      std::unique_lock lock(guard_);
      arrived_.wait(lock, [this] { return !requests_.empty(); });
      auto const one = requests_.front();
      requests_.pop_front();
      lock.unlock();
      auto const reply = desk_.receive(one.content_type, one.body);
      string_sink body{};
      body.text = reply.body;
      auto const add = [&](std::string_view piece) { return body.add(piece); };
      if (reply.stream && !each_piece(*reply.stream, add)) std::_Exit(4);
      wire_.say({frame_kind::answer, one.id, reply.content_type, body.text});
    }
  }
  [[noreturn]] void send() {
    for (;;)
      if (!sender_.run_next(time_.now())) std::this_thread::sleep_for(1ms);
  }
  [[noreturn]] void fetch() {
    for (;;) {
      pull_.run_once(time_.now());
      std::this_thread::sleep_for(20ms);
    }
  }
  std::size_t open() {
    return db_.read([](store::reading& now) { return exchange::state_of_outbox(now).open; });
  }
  // Every so often one that is kept in files, waits to be fetched, or both.
  [[noreturn]] void post() {
    for (int n = 0;; ++n) {
      while (is_quiet_) {
        wire_.say({frame_kind::open, open(), "", ""});
        std::this_thread::sleep_for(20ms);
      }
      while (!is_quiet_ && open() > 40) std::this_thread::sleep_for(2ms);
      auto const filling = n % 40 == 2 ? random_text(400'000) : std::string("short");
      static_cast<void>(db_.commit([&](store::transaction& tx) -> result<void> {
        auto const done =
            desk_.post(tx, {.to_nation = plan_.partner,
                            .action = "statusUpdate",
                            .content = R"({"filling":")" + filling + R"("})",
                            .attachments = n % 40 == 23 ? random_bytes(400'000) : std::string(),
                            .service = std::string(n % 5 == 3 ? exchange::partners_service : exchange::star_service)});
        return done ? result<void>{} : done.error();
      }));
    }
  }
  static std::string random_text(std::size_t size) {
    std::string text;
    while (text.size() < size) text += sha256_hex(random_uuid());
    return text;
  }

  forked_node_plan const plan_;
  running_clock time_;
  socket_wire wire_;
  edelivery::access_point point_;
  edelivery::pmode_book book_;
  store::database db_;
  exchange::dispatcher desk_;
  exchange::sender_worker sender_;
  exchange::pull_answers pull_answers_{desk_, sender_, time_};
  exchange::pull_worker pull_{desk_, wire_};
  std::atomic<bool> is_quiet_ = false;
  std::mutex guard_;
  std::condition_variable arrived_;
  std::deque<frame> requests_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::vector<node::store::migration> tables_of_forked_node() {
  auto all = exchange::migrations();
  for (auto const& step : audit::migrations()) all.push_back(step);
  all.push_back({"tests", 1, "CREATE TABLE tests_heard (n INTEGER PRIMARY KEY, message_id TEXT NOT NULL)"});
  return all;
}

void live_as(forked_node_plan const& plan) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#ifdef EHDS_FAIL_POINTS
  if (!plan.kill_at.empty()) store::arm_kill(plan.kill_at, plan.kill_nth);
#endif
  try {
    (new life(plan))->run();
  } catch (...) {
    std::_Exit(3);
  }
}

}  // namespace ehds::tests
