#include "node/federation/questions.hpp"

#include <set>

#include "node/federation/messages.hpp"
#include "policies/aggregate_query.hpp"

namespace ehds::node::federation {
namespace {

problem bad_question(std::string detail, std::string where, std::string mend) {
  return {"federation.question", std::move(detail), std::move(where), std::move(mend)};
}

result<void> check_shape(new_question const& question) {
  if (question.id.empty() || question.id.size() > 100)
    return bad_question("the question has no usable id", "id", "give 1 to 100 bytes");
  if (question.title.empty() || question.title.size() > 500)
    return bad_question("the question has no usable title", "title", "give 1 to 500 bytes");
  if (question.application.empty() || question.application.size() > 200)
    return bad_question("the question names no application that it is asked for", "application_id",
                        "name the data request that was approved");
  if (question.parts.empty() || question.parts.size() > 64)
    return bad_question("a question has 1 to 64 parts", "parts", "name each authority once");
  std::set<std::string> partners;
  for (auto const& part : question.parts)
    if (!partners.insert(part.partner).second)
      return bad_question("an authority is named twice", "parts/" + part.partner, "name each authority once");
  return {};
}

// Was exactly this asked under that id: the same title, application, authorities and query hashes?
bool is_the_same(store::transaction& tx, new_question const& question, std::vector<std::string> const& hashes) {
  auto const head = tx.first("SELECT title, application FROM federation_question WHERE id = ?", question.id);
  std::set<std::pair<std::string, std::string>> asked;
  for (auto const& row : tx.rows("SELECT partner, query_hash FROM federation_part WHERE question = ?", question.id))
    asked.emplace(row.text(0), row.text(1));
  std::set<std::pair<std::string, std::string>> wanted;
  for (std::size_t i = 0; i < question.parts.size(); ++i) wanted.emplace(question.parts[i].partner, hashes[i]);
  return head->text(0) == question.title && head->text(1) == question.application && asked == wanted;
}

struct read_parts {
  std::string protocol;
  std::vector<std::string> hashes;
};

result<read_parts> check_parts(new_question const& question) {
  read_parts read;
  for (auto const& part : question.parts) {
    auto const query = policies::read_aggregate_query(part.query);
    if (!query) {
      problem fault = query.error();
      fault.where = "parts/" + part.partner + fault.where;
      return fault;
    }
    if (read.protocol.empty()) read.protocol = query->protocol;
    if (read.protocol != query->protocol)
      return problem{"federation.variants", "the parts are variants of different protocols", "parts/" + part.partner,
                     "give every variant the same protocol"};
    read.hashes.push_back(policies::query_hash(*query));
  }
  return read;
}

}  // namespace

questions::questions(store::database& db, clock const& wall, links outside, std::string own_node, own_job own)
    : db_(db), wall_(wall), links_(std::move(outside)), own_node_(std::move(own_node)), own_(std::move(own)) {}

result<void> questions::ask(new_question const& question) {
  if (auto shaped = check_shape(question); !shaped) return shaped;
  auto const parts = check_parts(question);
  if (!parts) return parts.error();
  return db_.commit([&](store::transaction& tx) -> result<void> {
    if (tx.first("SELECT 1 FROM federation_question WHERE id = ?", question.id)) {
      if (is_the_same(tx, question, parts->hashes)) return {};
      return problem{"federation.taken", "another question has this id", "id", "choose a new id"};
    }
    return insert(tx, question, parts->hashes, parts->protocol);
  });
}

result<void> questions::insert(store::transaction& tx, new_question const& question,
                               std::vector<std::string> const& hashes, std::string const& protocol) {
  auto const now = wall_.now();
  tx.run("INSERT INTO federation_question VALUES (?, ?, ?, ?, ?, ?, ?)", question.id, protocol, question.title,
         question.application, question.asked_by, now, now + question.wait);
  for (std::size_t i = 0; i < question.parts.size(); ++i) {
    auto const& part = question.parts[i];
    auto const id = question.id + "/" + part.partner;
    tx.run("INSERT INTO federation_part VALUES (?, ?, ?, ?, ?, 'asked', NULL, ?)", id, question.id, part.partner,
           part.query, hashes[i], now);
    auto sent = part.partner == own_node_
                    ? own_(tx, {id, question.title, question.application, part.query, question.asked_by})
                    : links_.post(tx, {part.partner, "submitQuery", id,
                                       to_json(submit_query{id, question.title, question.application, part.query})});
    if (!sent) return sent;
    links_.record(tx, {question.asked_by, "query.asked", id, "done", hashes[i]});
  }
  return {};
}

// The state of a part of that partner.
result<std::string> questions::open_part(store::transaction& tx, std::string_view partner,
                                         std::string_view part) const {
  auto const found = tx.first("SELECT state FROM federation_part WHERE id = ? AND partner = ?", part, partner);
  if (!found)
    return problem{
        "federation.unknown_part", "this node did not ask that authority so", std::string(part.substr(0, 200)), {}};
  return found->text(0);
}

result<void> questions::take_status(store::transaction& tx, std::string_view partner, std::string_view content) {
  auto const status = read_query_status(content);
  if (!status) return status.error();
  auto const state = open_part(tx, partner, status->part);
  if (!state) return state.error();
  if (*state == "answered" || *state == "not_answered") return {};  // a late status changes nothing
  if (status->state != "received")
    return problem{"federation.content", "unknown state of a query", "/state", "use received"};
  tx.run("UPDATE federation_part SET state = ?, changed_at = ? WHERE id = ?", status->state, wall_.now(), status->part);
  return {};
}

result<void> questions::take_table(store::transaction& tx, std::string_view partner, std::string_view content) {
  auto const answer = read_released_answer(content);
  if (!answer) return answer.error();
  if (auto const state = open_part(tx, partner, answer->part); !state) return state.error();
  auto const table = policies::read_released_table(answer->table);
  if (!table) return table.error();
  auto const asked = tx.first("SELECT query_hash FROM federation_part WHERE id = ?", answer->part);
  if (asked->text(0) != table->query_hash)
    return problem{"federation.other_query", "the table answers another query than was asked", "/table/query_hash",
                   "answer the query of this part"};
  answer_own(tx, answer->part, policies::to_json(*table));
  return {};
}

result<void> questions::take_refusal(store::transaction& tx, std::string_view partner, std::string_view content) {
  auto const refused = read_query_refused(content);
  if (!refused) return refused.error();
  if (auto const state = open_part(tx, partner, refused->part); !state) return state.error();
  refuse_own(tx, refused->part);
  return {};
}

void questions::answer_own(store::transaction& tx, std::string_view part, std::string_view table) {
  auto const changed = tx.run(
      "UPDATE federation_part SET state = 'answered', released_table = ?, changed_at = ? WHERE id = ? AND state <> "
      "'answered'",
      table, wall_.now(), part);
  if (changed == 1) links_.record(tx, {"node", "table.received", std::string(part), "done", {}});
}

void questions::refuse_own(store::transaction& tx, std::string_view part) {
  auto const changed = tx.run(
      "UPDATE federation_part SET state = 'not_answered', changed_at = ? WHERE id = ? AND state NOT IN ('answered', "
      "'not_answered')",
      wall_.now(), part);
  if (changed == 1) links_.record(tx, {"node", "query.not_answered", std::string(part), "done", {}});
}

}  // namespace ehds::node::federation
