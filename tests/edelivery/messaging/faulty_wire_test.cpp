// Two nodes in memory, a wire between them that loses, delays, doubles, cuts and garbles, and a clock moved by
// hand: every message is delivered exactly once.
#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "edelivery/messaging/two_nodes.hpp"
#include "edelivery/receiver/receiver.hpp"
#include "edelivery/sender/outbound.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using namespace ehds::edelivery::tests;

namespace {

// The receiving node's tables.
struct inbox {
  struct row {
    std::string fingerprint;
    std::string receipt;
  };
  std::map<std::string, row> rows;
  std::vector<std::string> delivered;  // payloads, as often as they were handed over

  remembered accept_once(arrival const& seen) {
    auto const [at, is_new] = rows.try_emplace(seen.duplicate_key, row{seen.fingerprint, seen.answer.body});
    if (is_new) delivered.push_back(seen.message->parts.front().bytes);
    if (is_new) return {};
    bool const same = at->second.fingerprint == seen.fingerprint;
    return {same ? remembered::verdict::same : remembered::verdict::different, at->second.receipt};
  }
};

class receiving_node {
 public:
  receiving_node(partner const& home, manual_clock const& time) : machine_(home.book, home.point, time) {}

  http_answer serve(wire_message const& request, bool disk_is_full) {
    auto const seen = machine_.examine(request.content_type, request.body);
    if (!seen.message) return as_answer(seen.answer);
    if (disk_is_full) return as_answer(machine_.not_stored(seen));
    return as_answer(machine_.conclude(seen, inbox_.accept_once(seen)));
  }
  inbox const& kept() const { return inbox_; }

 private:
  static http_answer as_answer(reply const& out) { return {out.status, out.content_type, out.body}; }
  edelivery::receiver machine_;
  inbox inbox_;
};

enum class fault {
  none,
  request_lost,
  answer_lost,
  answer_late,
  doubled,
  request_cut,
  answer_cut,
  request_garbled,
  answer_garbled,
  disk_full,
  proxy_error,
  count
};

class faulty_wire {
 public:
  faulty_wire(receiving_node& far, unsigned seed, int percent_good)
      : far_(far), dice_(seed), percent_good_(percent_good) {}

  // No answer: nothing came back in time.
  std::optional<http_answer> exchange(wire_message request, std::string const& id) {
    auto const what = throw_dice();
    if (what == fault::request_lost) return std::nullopt;
    if (what == fault::proxy_error) return http_answer{502, "text/html", "<html>bad gateway</html>"};
    if (what == fault::request_cut) request.body.resize(request.body.size() / 2);
    if (what == fault::request_garbled) garble(request.body);
    auto answer = far_.serve(request, what == fault::disk_full);
    if (what == fault::doubled) answer = far_.serve(request, false);
    if (what == fault::answer_lost) return std::nullopt;
    if (what == fault::answer_late) {
      late_.emplace_back(id, answer);
      return std::nullopt;
    }
    if (what == fault::answer_cut) answer.body.resize(answer.body.size() / 3);
    if (what == fault::answer_garbled) garble(answer.body);
    return answer;
  }
  std::deque<std::pair<std::string, http_answer>>& late() { return late_; }
  // The next exchange meets this fault, whatever the dice say.
  void next(fault what) { scripted_ = what; }

 private:
  fault throw_dice() {
    if (auto const what = std::exchange(scripted_, std::nullopt)) return *what;
    if (static_cast<int>(dice_() % 100) < percent_good_) return fault::none;
    return static_cast<fault>(1 + dice_() % (static_cast<unsigned>(fault::count) - 1));
  }
  // Behind the headers, so that the damage meets signatures and ciphertext too.
  void garble(std::string& bytes) {
    auto& byte = bytes[bytes.size() / 2 + dice_() % (bytes.size() / 2)];
    byte = static_cast<char>(byte ^ 0x15);
  }
  receiving_node& far_;
  std::minstd_rand dice_;
  int percent_good_;
  std::optional<fault> scripted_;
  std::deque<std::pair<std::string, http_answer>> late_;
};

// The sending node: rows, and a loop over the clock that does what next_action says.
class sending_node {
 public:
  sending_node(partner const& home, manual_clock& time) : home_(home), time_(time) {}

  void submit(std::string payload) {
    outgoing_message message;
    message.action = "createDataset";
    message.payloads = {{"application/json", std::move(payload)}};
    auto packed = pack(message, home_.mode(), home_.point, time_.now()).value();
    rows_.emplace(packed.message_id, enqueue(packed.message_id, home_.mode(), time_.now()));
    packed_.emplace(packed.message_id, std::move(packed));
  }

  void run(faulty_wire& wire, std::minstd_rand& dice) {
    for (bool busy = true; busy; time_.advance(std::chrono::seconds{7})) {
      busy = false;
      for (auto& [id, row] : rows_) busy |= step(wire, dice, id, row);
      deliver_late(wire);
    }
  }
  std::map<std::string, outbound> const& rows() const { return rows_; }
  int requeued() const { return requeued_; }

 private:
  bool step(faulty_wire& wire, std::minstd_rand& dice, std::string const& id, outbound& row) {
    auto const action = next_action(row, time_.now());
    if (action.what == send_action::kind::nothing && row.status == outbound_status::failed) {
      row = requeue(row, time_.now());  // the operator: damage twice running looked like a lasting error
      ++requeued_;
      return true;
    }
    if (action.what != send_action::kind::send) return action.what == send_action::kind::wait;
    row = begin_attempt(row, home_.mode(), time_.now());
    auto const& packed = packed_.at(id);
    auto const got = wire.exchange(seal(packed, home_.mode(), noon()).value(), id);
    double const random = static_cast<double>(dice() % 1000) / 1000;
    row = got ? on_response(row, *got, {packed}, home_.mode(), time_.now(), random)
              : on_no_answer(row, "timed out", home_.mode(), time_.now(), random);
    return true;
  }
  void deliver_late(faulty_wire& wire) {
    if (wire.late().empty() || time_.now() < noon() + std::chrono::minutes{3}) return;
    auto const [id, answer] = wire.late().front();
    wire.late().pop_front();
    auto& row = rows_.at(id);
    row = on_response(row, answer, {packed_.at(id)}, home_.mode(), time_.now(), 0.5);
  }

  partner const& home_;
  manual_clock& time_;
  std::map<std::string, outbound> rows_;
  std::map<std::string, packed_message> packed_;
  int requeued_ = 0;
};

void play(unsigned seed, int percent_good, int messages) {
  manual_clock time{noon()};
  auto const here = edelivery::tests::fr();
  auto const there = edelivery::tests::eu();
  receiving_node far{there, time};
  faulty_wire wire{far, seed, percent_good};
  sending_node near{here, time};
  std::minstd_rand dice{seed + 1};
  for (int i = 0; i < messages; ++i) near.submit("payload " + std::to_string(i));

  near.run(wire, dice);

  for (auto const& [id, row] : near.rows()) {
    CHECK(row.status == outbound_status::delivered);
    CHECK_FALSE(row.receipt.empty());
  }
  auto delivered = far.kept().delivered;
  std::sort(delivered.begin(), delivered.end());
  CHECK(delivered.size() == static_cast<std::size_t>(messages));
  CHECK(std::adjacent_find(delivered.begin(), delivered.end()) == delivered.end());
}

}  // namespace

TEST_CASE("over a faulty wire every message is delivered exactly once") {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    INFO("seed " << seed);
    play(seed, 30, 8);
  }
}

TEST_CASE("over a wire that is nearly always faulty it only takes longer") { play(42, 8, 4); }

TEST_CASE("whichever single step fails, the message arrives once and its receipt is kept") {
  for (auto what = 1; what < static_cast<int>(fault::count); ++what) {
    INFO("fault " << what);
    manual_clock time{noon()};
    auto const here = edelivery::tests::fr();
    auto const there = edelivery::tests::eu();
    receiving_node far{there, time};
    faulty_wire wire{far, 1, 100};
    sending_node near{here, time};
    near.submit("payload");
    wire.next(static_cast<fault>(what));
    std::minstd_rand dice{1};

    near.run(wire, dice);

    auto const& row = near.rows().begin()->second;
    CHECK(row.status == outbound_status::delivered);
    CHECK(row.attempts <= 2);
    CHECK(near.requeued() == 0);
    CHECK(far.kept().delivered == std::vector<std::string>{"payload"});
    CHECK(far.kept().rows.begin()->second.receipt == row.receipt);
  }
}

TEST_CASE("over a good wire one attempt is enough") {
  manual_clock time{noon()};
  auto const here = edelivery::tests::fr();
  auto const there = edelivery::tests::eu();
  receiving_node far{there, time};
  faulty_wire wire{far, 1, 100};
  sending_node near{here, time};
  near.submit("payload");
  std::minstd_rand dice{1};

  near.run(wire, dice);

  CHECK(near.rows().begin()->second.attempts == 1);
  CHECK(far.kept().delivered == std::vector<std::string>{"payload"});
}
