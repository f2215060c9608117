// A message that a Domibus took, and what becomes of it.
#include "edelivery/sender/handed_over.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::edelivery;
using backend::message_status;

namespace {

instant midday() { return parse_rfc3339("2026-11-22T12:00:00Z").value(); }

pmode patient() {
  pmode mode;
  mode.id = "p";
  mode.retry.max_attempts = 3;
  mode.retry.jitter = 0;
  return mode;
}

outbound begun(int attempts = 1) {
  auto row = enqueue("m1@fr", patient(), midday());
  for (int n = 0; n < attempts; ++n) row = begin_attempt(row, patient(), midday());
  return row;
}

struct followed {
  outbound row = on_taken(begun(), patient(), midday(), 0.5);
  handed_over memory = {};
  backend::errors_answer why = {};

  void ask(message_status status) {
    row = on_status(begin_question(row, patient(), midday()), memory, status, why, patient(), midday(), 0.5);
  }
};

}  // namespace

TEST_CASE("what was taken waits, and asking counts no attempt") {
  followed message;
  CHECK(message.row.status == outbound_status::waiting);
  CHECK(message.row.due == midday() + std::chrono::seconds{10});
  auto const asking = begin_question(message.row, patient(), midday());
  CHECK(asking.status == outbound_status::in_flight);
  CHECK(asking.attempts == 1);
  CHECK(asking.due == midday() + patient().retry.answer_timeout);
  for (int n = 0; n < 500; ++n) message.ask(message_status::waiting_for_retry);
  CHECK(message.row.status == outbound_status::waiting);
  CHECK(message.row.attempts == 1);
  CHECK(message.row.due == midday() + std::chrono::seconds{60});
  CHECK(message.row.reason == "Domibus has it: WAITING_FOR_RETRY");
  CHECK(message.row.code.empty());
  CHECK(message.memory.questions == 500);
}

TEST_CASE("each status means that it waits, arrived or was given up") {
  using enum message_status;
  for (auto const status : {ready_to_send, ready_to_pull, being_pulled, send_enqueued, send_in_progress,
                            waiting_for_receipt, send_attempt_failed, waiting_for_retry, received, downloaded}) {
    followed message;
    message.ask(status);
    INFO(to_text(status));
    CHECK(message.row.status == outbound_status::waiting);
    CHECK(message.memory.said == to_text(status));
  }
  for (auto const status : {acknowledged, acknowledged_with_warning}) {
    followed message;
    message.ask(status);
    CHECK(message.row.status == outbound_status::delivered);
    CHECK(message.row.code.empty());
    CHECK(message.row.receipt.empty());
  }
  followed failed;
  failed.why.errors = {{"EBMS:0005", "first", "", {}, {}}, {"EBMS:0301", "no receipt", "", {}, {}}};
  failed.ask(send_failure);
  CHECK(failed.row.status == outbound_status::failed);
  CHECK(failed.row.code == "EBMS:0301");
  CHECK(failed.row.reason ==
        "Domibus says SEND_FAILURE, after EBMS:0301 no receipt; send it again there first, then here");
  followed gone;
  gone.why.errors = {{"made up", "", "", {}, {}}};
  gone.ask(deleted);
  CHECK(gone.row.status == outbound_status::failed);
  CHECK(gone.row.code == "EBMS:0004");
}

TEST_CASE("what is not known the moment after may be there the next; twice running it is lost, and said so") {
  followed message;
  message.ask(message_status::not_found);
  CHECK(message.row.status == outbound_status::waiting);
  message.ask(message_status::send_enqueued);
  message.ask(message_status::not_found);
  CHECK(message.row.status == outbound_status::waiting);
  message.ask(message_status::not_found);
  CHECK(message.row.status == outbound_status::failed);
  CHECK(message.row.code == "EBMS:0301");
}

TEST_CASE("a question without an answer changes nothing but the time of the next, and has a code until there is one") {
  followed message;
  message.memory.unknown_for = 1;
  message.row = on_no_status(begin_question(message.row, patient(), midday()), message.memory, "it is down", patient(),
                             midday(), 0.5);
  auto const& row = message.row;
  CHECK(row.code == "EBMS:0005");
  CHECK(row.status == outbound_status::waiting);
  CHECK(row.reason == "Domibus has it, and does not say what became of it: it is down");
  CHECK(message.memory.questions == 1);
  CHECK(message.memory.unknown_for == 1);
  message.ask(message_status::send_enqueued);
  CHECK(message.row.code.empty());
}

TEST_CASE("a fault has the code of ebMS that is nearest") {
  struct {
    std::string theirs, ours;
  } const cases[] = {{"EBMS:0010", "EBMS:0010"},      {"EBMS_0003", "EBMS:0003"},      {"WS_PLUGIN:0003", "EBMS:0010"},
                     {"WS_PLUGIN_0004", "EBMS:0010"}, {"WS_PLUGIN:0005", "EBMS:0011"}, {"WS_PLUGIN:0007", "EBMS:0003"},
                     {"WS_PLUGIN:0002", "EBMS:0004"}, {"EBMS:9999", "EBMS:0004"},      {"", "EBMS:0004"}};
  for (auto const& [theirs, ours] : cases) CHECK(code_of_fault({theirs, "x"}) == ours);
}

TEST_CASE("a refusal ends the attempts when it is said twice running, and never when it says nothing") {
  auto const mode = patient();
  auto first = on_fault(begun(), {"EBMS:0010", "no P-Mode"}, mode, midday(), 0.5);
  CHECK(first.status == outbound_status::waiting);
  CHECK(first.code == "EBMS:0010");
  CHECK(first.reason == "Domibus does not take it: EBMS:0010 no P-Mode");
  auto const second = on_fault(begin_attempt(first, mode, midday()), {"EBMS:0010", "no P-Mode"}, mode, midday(), 0.5);
  CHECK(second.status == outbound_status::failed);
  CHECK(second.code == "EBMS:0010");
  auto other = on_fault(begin_attempt(first, mode, midday()), {"EBMS:0003", "value"}, mode, midday(), 0.5);
  CHECK(other.status == outbound_status::waiting);
  auto vague = on_fault(begun(), {"", "database is down"}, mode, midday(), 0.5);
  vague = on_fault(begin_attempt(vague, mode, midday()), {"", "database is down"}, mode, midday(), 0.5);
  CHECK(vague.status == outbound_status::waiting);
  vague = on_fault(begin_attempt(vague, mode, midday()), {"", "database is down"}, mode, midday(), 0.5);
  CHECK(vague.status == outbound_status::failed);  // the attempts are used up
  CHECK(vague.code == "EBMS:0301");
}
