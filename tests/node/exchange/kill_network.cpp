#include "node/exchange/kill_network.hpp"

#include <poll.h>
#include <sys/wait.h>

#include <csignal>

#include "node/exchange/forked_node.hpp"
#include "node/exchange/two_nodes.hpp"

namespace ehds::tests {
namespace {

using namespace std::chrono_literals;

std::string between(std::string const& text, std::string const& from, std::string const& to) {
  auto const begin = text.find(from);
  if (begin == std::string::npos) return {};
  auto const start = begin + from.size();
  return text.substr(start, text.find(to, start) - start);
}

std::string acknowledged_by(std::string const& answer) {
  if (answer.find("NonRepudiationInformation>") == std::string::npos) return {};
  return between(answer, "RefToMessageId>", "<");
}

store::database opened(std::filesystem::path const& file) {
  return store::database::open(file, {.migrations = tables_of_forked_node()}).value();
}

}  // namespace

kill_network::kill_network(unsigned seed) : random_(seed) {
  // Made before the first fork: all processes have the same keys.
  static_cast<void>(keys_of("FR"));
  static_cast<void>(keys_of("EU"));
  start(fr_);
  start(eu_);
}

kill_network::~kill_network() { stop(); }

void kill_network::start(process& one) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) throw std::runtime_error("no socket pair");
  one.pid = ::fork();
  if (one.pid == 0) {
    ::close(ends[0]);
    if (fr_.socket >= 0) ::close(fr_.socket);
    if (eu_.socket >= 0) ::close(eu_.socket);
    live_as({one.nation, one.partner, folder_.path() / (one.nation + ".sqlite"), ends[1], one.point, one.nth});
  }
  ::close(ends[1]);
  one.socket = ends[0];
  one.reader = {};
  one.asked.clear();
  one.open = 1;
  one.point.clear();
  if (is_quiet_) send_all(one.socket, write_frame({frame_kind::quiet, 0, "", ""}));
}

// What it said before its end counts; who waits for its answer hears that there is none.
void kill_network::bury(process& one) {
  while (one.reader.read_from(one.socket)) {
  }
  while (auto const last = one.reader.next()) take(one, *last);
  ::close(one.socket);
  one.socket = -1;
  int status = 0;
  ::waitpid(one.pid, &status, 0);
  one.pid = -1;
  if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
    odd_ends_.push_back(one.nation + " ended by itself, status " + std::to_string(status));
  auto& waiting = other(one);
  for (auto const id : std::exchange(waiting.asked, {}))
    if (waiting.socket >= 0) send_all(waiting.socket, write_frame({frame_kind::cut, id, "", ""}));
}

void kill_network::take(process& from, frame const& one) {
  auto& to = other(from);
  if (one.kind == frame_kind::open) from.open = one.id;
  // A receipt is an answer, or for what was fetched a request.
  bool const may_acknowledge = one.kind == frame_kind::answer || one.kind == frame_kind::request;
  if (auto const id = may_acknowledge ? acknowledged_by(one.body) : std::string(); !id.empty())
    repeated_ += receipts_.emplace(from.nation, id).second ? 0 : 1;
  if (one.kind == frame_kind::request) {
    from.asked.insert(one.id);
    if (to.socket >= 0 && send_all(to.socket, write_frame(one))) return;
    from.asked.erase(one.id);
    if (from.pid > 0) send_all(from.socket, write_frame({frame_kind::cut, one.id, "", ""}));
  }
  if (one.kind != frame_kind::answer) return;
  if (to.asked.erase(one.id) == 1 && to.socket >= 0) send_all(to.socket, write_frame(one));
}

bool kill_network::look(std::chrono::milliseconds at_most) {
  pollfd ends[2] = {{fr_.socket, POLLIN, 0}, {eu_.socket, POLLIN, 0}};
  if (::poll(ends, 2, static_cast<int>(at_most.count())) <= 0) return false;
  process* const both[2] = {&fr_, &eu_};
  for (int n = 0; n < 2; ++n) {
    auto& one = *both[n];
    if (one.socket < 0 || ends[n].revents == 0) continue;
    bool const lives = one.reader.read_from(one.socket);
    while (auto const frame = one.reader.next()) take(one, *frame);
    if (lives) continue;
    bury(one);
    start(one);
  }
  return true;
}

void kill_network::run_for(std::chrono::milliseconds time) {
  auto const end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) look(5ms);
}

void kill_network::kill_at_random() {
  auto const pause = [this](unsigned most) { return std::chrono::milliseconds(random_() % most); };
  run_for(10ms + pause(220));
  auto& one = random_() % 2 == 0 ? fr_ : eu_;
  ::kill(one.pid, SIGKILL);
  bury(one);
  run_for(pause(20));
  start(one);
}

bool kill_network::kill_at(std::string const& nation, std::string const& point, int nth) {
  auto& one = nation == "FR" ? fr_ : eu_;
  ::kill(one.pid, SIGKILL);
  bury(one);
  one.point = point;
  one.nth = nth;
  start(one);
  auto const armed = one.pid;
  for (auto const end = std::chrono::steady_clock::now() + 20s; one.pid == armed;) {
    if (std::chrono::steady_clock::now() > end) return false;
    look(5ms);
  }
  return true;
}

bool kill_network::settle() {
  is_quiet_ = true;
  for (auto* one : {&fr_, &eu_}) send_all(one->socket, write_frame({frame_kind::quiet, 0, "", ""}));
  for (auto const end = std::chrono::steady_clock::now() + 60s; fr_.open + eu_.open > 0;) {
    if (std::chrono::steady_clock::now() > end) return false;
    look(5ms);
  }
  return true;
}

void kill_network::stop() {
  for (auto* one : {&fr_, &eu_}) {
    if (one->pid <= 0) continue;
    ::kill(one->pid, SIGKILL);
    bury(*one);
  }
}

std::vector<std::string> kill_network::judge() {
  std::vector<std::string> wrong;
  std::map<std::string, std::map<std::string, int>> heard;
  std::map<std::string, std::vector<exchange::ledger_entry>> sent;
  for (auto const* nation : {"FR", "EU"}) {
    auto const db = opened(folder_.path() / (std::string(nation) + ".sqlite"));
    db.read([&](store::reading& now) {
      now.each("SELECT message_id FROM tests_heard", [&](store::row const& one) { ++heard[nation][one.text(0)]; });
      sent[nation] = exchange::list(now, {.direction = "out", .count = 1'000'000});
      if (!audit::verify(now, {}).is_whole()) wrong.push_back(std::string("the audit log of ") + nation);
    });
  }
  messages_ = sent["FR"].size() + sent["EU"].size();
  for (auto const& [nation, all] : sent) {
    auto& there = heard[nation == "FR" ? "EU" : "FR"];
    for (auto const& one : all) {
      if (one.status != "delivered" || !one.has_receipt) wrong.push_back(one.message_id + " is " + one.status);
      if (there[one.message_id] != 1)
        wrong.push_back(one.message_id + " was delivered " + std::to_string(there[one.message_id]) + " times");
    }
    if (there.size() != all.size()) wrong.push_back("more was heard than " + nation + " said");
  }
  for (auto const& [giver, id] : receipts_)
    if (heard[giver][id] != 1) wrong.push_back(giver + " gave a receipt for " + id + " and has no such message");
  return wrong;
}

}  // namespace ehds::tests
