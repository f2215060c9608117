#pragma once
// The asking side: one question to several authorities, each with the variant for its data model, under one approval
// each. Late and refusing authorities are shown as such; a released table is kept as it came.
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "node/federation/combine.hpp"
#include "node/federation/links.hpp"
#include "node/store/database.hpp"

namespace ehds::node::federation {

struct question_part {
  std::string partner;  // node id; this node's own id for its own part
  std::string query;    // aggregate query, JSON text
};

struct new_question {
  std::string id;  // chosen by the asker; asking again with the same id changes nothing
  std::string title;
  std::string application;  // the data request (Art. 69) it belongs to
  std::string asked_by;     // user id
  std::vector<question_part> parts;
  std::chrono::milliseconds wait{std::chrono::hours{24 * 14}};  // then an open part is shown as late
};

struct question_summary {
  std::string id;
  std::string protocol;
  std::string title;
  std::string application;
  instant asked_at;
  instant due_at;
};

struct question_view {
  question_summary summary;
  std::vector<authority_answer> answers;
  std::vector<std::string> hashes;  // one an answer, in the same order
  pooled_answer pooled;
};

class questions {
 public:
  // own_node: parts for it become jobs here through `own_job` instead of a message.
  using own_job = std::function<result<void>(store::transaction&, own_query const&)>;
  questions(store::database& db, clock const& wall, links outside, std::string own_node, own_job own);

  // All parts and messages in one effect. Problems: federation.question, federation.variants (parts that do not share
  // one protocol), federation.taken (that id asks something else), and those of a query, where naming the part.
  result<void> ask(new_question const& question);

  // Messages that came from a partner, inside the effect of their receipt. The first table stands: what comes after it
  // changes nothing, while a table after a refusal is taken. Problems: federation.content, federation.unknown_part
  // (not asked of this partner), federation.other_query (the table answers another query).
  result<void> take_status(store::transaction& tx, std::string_view partner, std::string_view content);
  result<void> take_table(store::transaction& tx, std::string_view partner, std::string_view content);
  result<void> take_refusal(store::transaction& tx, std::string_view partner, std::string_view content);
  // This node's own part was answered or not.
  void answer_own(store::transaction& tx, std::string_view part, std::string_view table);
  void refuse_own(store::transaction& tx, std::string_view part);

  result<question_view> find(std::string_view id) const;  // problem: federation.unknown
  std::vector<question_summary> list() const;             // newest first

 private:
  result<void> insert(store::transaction& tx, new_question const& question, std::vector<std::string> const& hashes,
                      std::string const& protocol);
  result<std::string> open_part(store::transaction& tx, std::string_view partner, std::string_view part) const;

  store::database& db_;
  clock const& wall_;
  links links_;
  std::string own_node_;
  own_job own_;
};

}  // namespace ehds::node::federation
