#pragma once
// FR and EU as whole messaging nodes in one process: a store, a dispatcher and a sender each, and a wire in memory
// that can be cut. A node can be thrown away without closing and started again from its folder.
#include <atomic>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/http_call.hpp"
#include "edelivery/keys.hpp"
#include "node/audit/log.hpp"
#include "node/audit/verify.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/ledger.hpp"
#include "node/exchange/plugin_line.hpp"
#include "node/exchange/sender_worker.hpp"
#include "node/store/fail_point.hpp"
#include "node/store/fault_disk.hpp"
#include "node/store/fresh_folder.hpp"

namespace ehds::tests {

using namespace ehds::node;
using exchange::business_message;
using exchange::verdict;

inline instant noon() { return parse_rfc3339("2026-11-22T12:00:00Z").value(); }

inline edelivery::credentials const& keys_of(std::string const& nation) {
  static std::map<std::string, edelivery::credentials> made;
  auto const found = made.find(nation);
  if (found != made.end()) return found->second;
  return made
      .emplace(nation, edelivery::tests::issued(nation, edelivery::certificate_use::signing_and_encryption,
                                                &edelivery::tests::authority()))
      .first->second;
}

inline edelivery::pmode pmode_between(std::string us, std::string partner, std::string service) {
  edelivery::pmode mode;
  mode.id = service + "/" + partner;
  mode.service = std::move(service);
  mode.service_type = "urn:ehds:service";
  mode.us.id = std::move(us);
  mode.partner.id = partner;
  mode.address = "https://" + partner + ".example/as4";
  mode.trust.pinned = {keys_of(partner).cert};
  mode.partner_encryption = {keys_of(partner).cert};
  mode.retry.max_attempts = 5;
  mode.retry.jitter = 0;
  return mode;
}

// What a test wants the wire to do with the next calls, one word a call; afterwards it is whole again.
enum class mishap { none, lose_request, lose_answer, garble_answer, send_twice };

class memory_wire final : public http_call {
 public:
  using endpoint = std::function<http_call_response(http_call_request const&)>;
  std::map<std::string, endpoint> endpoints;  // by address
  std::vector<mishap> script;                 // taken from the front
  std::atomic<int> calls = 0;
  std::atomic<int> streamed = 0;         // calls whose body was made while it was sent
  std::atomic<int> spooled_answers = 0;  // answers whose body went to a place of the caller
  std::function<void(std::string const& url)> on_call;
  std::vector<std::string> answers;  // bodies, as the senders got them

  result<http_call_response> call(http_call_request const& asked) override {
    auto request = asked;
    if (asked.stream) ++streamed;
    auto whole = whole_body(asked);
    if (!whole) return whole.error();
    request.body = *std::move(whole);
    request.stream.reset();
    problem const cut{"http_call.cut", "The connection was cut.", "", ""};
    ++calls;
    if (on_call) on_call(request.url);
    auto const what = take();
    auto const found = endpoints.find(request.url);
    if (what == mishap::lose_request || found == endpoints.end() || !found->second) return cut;
    if (what == mishap::send_twice) static_cast<void>(found->second(request));
    auto answer = found->second(request);
    if (what == mishap::lose_answer || answer.status == 0) return cut;
    if (answer.body.size() > asked.response_limit)
      return problem{"http_call.too_large", "The answer is too large.", "", ""};
    if (what == mishap::garble_answer) answer.body.resize(answer.body.size() / 2);
    {
      std::scoped_lock const lock(guard_);
      answers.push_back(answer.body);
    }
    auto got = spooled(asked, std::move(answer));
    if (got && got->is_spooled) ++spooled_answers;
    return got;
  }

 private:
  mishap take() {
    std::scoped_lock const lock(guard_);
    if (script.empty()) return mishap::none;
    auto const first = script.front();
    script.erase(script.begin());
    return first;
  }
  std::mutex guard_;
};

// Everything that dies with the process.
struct running_node {
  running_node(store::database opened, edelivery::pmode_book const& book, edelivery::access_point const& point,
               clock const& time, exchange::exchange_settings settings, http_call& wire)
      : db(std::move(opened)), desk(db, book, point, time, std::move(settings)), sender(desk, wire, half) {}
  static double half() { return 0.5; }

  store::database db;
  exchange::dispatcher desk;
  exchange::sender_worker sender;
};

class test_node {
 public:
  // On the system's disk, or on one that can lose power.
  test_node(std::string nation, std::string partner, memory_wire& wire, manual_clock& time, fault_disk* disk = nullptr,
            std::vector<edelivery::pmode> agreed = {})
      : test_node(std::move(nation), std::vector<std::string>{std::move(partner)}, wire, time, disk,
                  std::move(agreed)) {}
  test_node(std::string nation, std::vector<std::string> partners, memory_wire& wire, manual_clock& time,
            fault_disk* disk = nullptr, std::vector<edelivery::pmode> agreed = {})
      : nation_(std::move(nation)), partners_(std::move(partners)), wire_(wire), time_(time), disk_(disk) {
    point_ = std::make_unique<edelivery::access_point>(
        edelivery::access_point{keys_of(nation_), {keys_of(nation_)}, nation_ + ".example"});
    std::vector<edelivery::pmode> modes;
    for (auto const& partner : partners_)
      for (auto const service : {exchange::star_service, exchange::partners_service, std::string_view("urn:nobody")})
        modes.push_back(pmode_between(nation_, partner, std::string(service)));
    // With two partners one may be down for long.
    if (partners_.size() > 1)
      for (auto& mode : modes) mode.retry = {};
    book_ = edelivery::pmode_book(std::move(modes));
    if (!agreed.empty()) book_ = edelivery::pmode_book(std::move(agreed));
    start();
  }

  void start() {
    stop();
    if (disk_ != nullptr) disk_->restore_power();
    crashed = false;
    store::database_options options;
    options.migrations = exchange::migrations();
    for (auto const& step : audit::migrations()) options.migrations.push_back(step);
    options.migrations.push_back(
        {"tests", 1, "CREATE TABLE tests_got (n INTEGER PRIMARY KEY, action TEXT, content TEXT, sender TEXT)"});
    if (disk_ != nullptr) options.vfs = disk_->name();
    options.on_broken = on_broken;
    auto db = store::database::open(folder_ / "node.sqlite", options);
    if (!db) throw std::runtime_error(to_text(db.error()));
    running_ =
        std::make_unique<running_node>(*std::move(db), book_, *point_, own_time ? *own_time : time_, settings(), wire_);
    auto& made = running_;
    if (line != nullptr) made->sender.hand_over_to(*line);
    made->desk.on_refusal([this](edelivery::refusal const& why) {
      std::scoped_lock const lock(noting_);
      refusals.push_back(why);
    });
    made->desk.on_message(exchange::star_service, taking(), exchange::answering::validation_result, attachments);
    made->desk.on_message(exchange::partners_service, taking(), exchange::answering::none);
    wire_.endpoints["https://" + nation_ + ".example/as4"] = [this](auto const& request) { return serve(request); };
  }

  // As kill -9 does: whatever was not committed is gone.
  void stop() {
    wire_.endpoints["https://" + nation_ + ".example/as4"] = nullptr;
    running_.reset();
  }

  running_node& operator*() { return *running_; }
  running_node* operator->() { return running_.get(); }
  bool is_dark() const { return disk_ != nullptr && disk_->is_dark(); }
  edelivery::access_point& point() { return *point_; }
  std::atomic<bool> crashed = false;
  std::optional<manual_clock> own_time;  // from the next start; else the clock of both
  std::vector<problem> next_verdict;     // what the consumer finds
  bool consumer_fails = false;
  bool consumer_throws = false;
  std::function<void(std::string const&)> on_broken;  // from the next start
  bool lists_partner = true;                          // from the next start
  std::vector<edelivery::refusal> refusals;
  std::function<void()> halfway;                                          // through a large body
  int streamed_answers = 0;                                               // that were read as they left
  std::function<void()> when_streaming;                                   // such an answer
  exchange::attachments_as attachments = exchange::attachments_as::text;  // from the next start
  std::vector<exchange::back_end> back_ends;                              // from the next start
  exchange::plugin_line const* line = nullptr;  // from the next start: to a Domibus that is its access point
  business_message last;                        // as the consumer got it

  std::size_t payload_files() const {
    std::error_code none;
    auto const entries = std::filesystem::directory_iterator(folder_ / "node.sqlite.payloads", none);
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
  }

  // The last byte of each payload file becomes another.
  void turn_bits_of_payload_files() const {
    for (auto const& each : std::filesystem::directory_iterator(folder_ / "node.sqlite.payloads")) {
      std::fstream file(each.path(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekg(-1, std::ios::end);
      auto const was = file.get();
      file.seekp(-1, std::ios::end);
      file.put(static_cast<char>(was ^ 1));
    }
  }
  void lose_payload_files() const { std::filesystem::remove_all(folder_ / "node.sqlite.payloads"); }

  std::string post(exchange::outgoing_business_message const& message) {
    std::string id;
    auto const done = running_->db.commit([&](store::transaction& tx) -> result<void> {
      auto posted = running_->desk.post(tx, message);
      if (!posted) return posted.error();
      id = *posted;
      return {};
    });
    if (!done) throw std::runtime_error(to_text(done.error()));
    return id;
  }
  std::string post(std::string action, std::string content = R"({"identifier":"d1"})") {
    return post({.to_nation = partners_.front(), .action = std::move(action), .content = std::move(content)});
  }

  std::vector<std::string> got() {  // actions, in the order of delivery
    std::vector<std::string> actions;
    running_->db.read([&](store::reading& now) {
      now.each("SELECT action FROM tests_got ORDER BY n", [&](store::row const& r) { actions.push_back(r.text(0)); });
    });
    return actions;
  }
  std::vector<exchange::ledger_entry> ledger(exchange::ledger_filter filter = {}) {
    return running_->db.read([&](store::reading& now) { return exchange::list(now, filter); });
  }
  exchange::outbox_state outbox() {
    return running_->db.read([&](store::reading& now) { return exchange::state_of_outbox(now); });
  }
  bool audit_is_whole() {
    return running_->db.read([&](store::reading& now) { return audit::verify(now, {}).is_whole(); });
  }

 private:
  exchange::exchange_settings settings() const {
    if (!lists_partner) return {nation_, nation_, {}};
    exchange::exchange_settings all{nation_, nation_, {}};
    all.back_ends = exchange::back_end_list(back_ends);
    all.hands_over = line != nullptr;
    for (auto const& one : partners_) all.partners.push_back({one, one});
    return all;
  }

  exchange::consumer taking() {
    return [this](store::transaction& tx, business_message const& message) -> result<verdict> {
      tx.run("INSERT INTO tests_got (action, content, sender) VALUES (?, ?, ?)", message.action, message.content,
             message.nation_id);
      last = message;
      if (consumer_throws) throw std::runtime_error("a mistake");
      if (consumer_fails) return problem{"tests.not_now", "Not now.", "", ""};
      return verdict{message.action == exchange::validation_result ? problems() : next_verdict, {}};
    };
  }

  http_call_response serve(http_call_request const& request) {
    if (crashed) return {};  // until it is started again
    std::string type;
    for (auto const& one : request.headers)
      if (one.name == "Content-Type") type = one.value;
    try {
      auto answer = take(type, request.body);
      if (answer.stream && !drain(answer)) return {};  // the caller sees a cut connection
      if (is_dark()) crashed = true;
      if (crashed) return {};  // with the power goes the answer
      return {answer.status, {{"Content-Type", answer.content_type}}, answer.body};
    } catch (store::simulated_crash const&) {
      crashed = true;  // the caller sees a cut connection
      return {};
    }
  }

  // As the server does, piece by piece; false when it cannot be read to its end.
  bool drain(edelivery::reply& answer) {
    ++streamed_answers;
    if (when_streaming) when_streaming();
    string_sink whole;
    auto const read = each_piece(*answer.stream, [&](std::string_view piece) { return whole.add(piece); });
    answer.body = std::move(whole.text);
    return read.has_value();
  }

  // As the endpoint does: a large body lies in the payload store when the dispatcher sees it.
  edelivery::reply take(std::string const& type, std::string const& body) {
    if (body.size() <= store::payload_row_limit) return running_->desk.receive(type, body);
    edelivery::reply const busy{503, "text/plain", ""};
    auto spool = running_->db.payloads().begin();
    if (!spool) return busy;
    auto const half = std::string_view(body).substr(0, body.size() / 2);
    if (!(*spool)->add(half)) return busy;
    if (halfway) halfway();
    if (!(*spool)->add(std::string_view(body).substr(half.size()))) return busy;
    return running_->desk.receive(type, *std::move(spool));
  }

  fresh_folder folder_;
  std::string nation_;
  std::vector<std::string> partners_;
  memory_wire& wire_;
  manual_clock& time_;
  fault_disk* disk_;
  std::mutex noting_;
  std::unique_ptr<edelivery::access_point> point_;
  edelivery::pmode_book book_;
  std::unique_ptr<running_node> running_;
};

// The two, and time between them.
struct two_nodes {
  manual_clock time{noon()};
  memory_wire wire;
  test_node fr;
  test_node eu;

  explicit two_nodes(fault_disk* of_fr = nullptr, fault_disk* of_eu = nullptr)
      : fr("FR", "EU", wire, time, of_fr), eu("EU", "FR", wire, time, of_eu) {}

  // Both send what is due, then ten minutes pass.
  void turn() {
    fr->sender.run_once(time.now());
    eu->sender.run_once(time.now());
    time.advance(std::chrono::minutes(10));
  }
  void turns_of_fr(int count) {
    for (int n = 0; n < count; ++n) {
      fr->sender.run_once(time.now());
      time.advance(std::chrono::minutes(10));
    }
  }
  void turns(int count) {
    for (int n = 0; n < count; ++n) turn();
  }
};

// How the sending of a message stands, by its ledger.
inline std::string status_of(test_node& node, std::string const& id) {
  return node->db.read([&](store::reading& now) { return exchange::find_message(now, id).at(0).status; });
}

}  // namespace ehds::tests
