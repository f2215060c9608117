// Reading questions back: the list, and one question with its answers and their sum.
#include "node/federation/questions.hpp"

namespace ehds::node::federation {
namespace {

question_summary summary_of(store::row const& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), row.time(4), row.time(5)};
}

}  // namespace

result<question_view> questions::find(std::string_view id) const {
  auto const now = wall_.now();
  return db_.read([&](store::reading& at) -> result<question_view> {
    auto const head =
        at.first("SELECT id, protocol, title, application, asked_at, due_at FROM federation_question WHERE id = ?", id);
    if (!head)
      return problem{"federation.unknown", "there is no such question", "/question", "GET /api/questions lists them"};
    question_view view{summary_of(*head), {}, {}, {}};
    for (auto const& row : at.rows("SELECT partner, state, released_table, query_hash FROM federation_part WHERE "
                                   "question = ? ORDER BY partner",
                                   id)) {
      authority_answer answer{row.text(0), row.text(1), std::nullopt};
      bool const open = answer.state != "answered" && answer.state != "not_answered";
      if (open && now > view.summary.due_at) answer.state = "late";
      if (auto const text = row.maybe_text(2)) answer.table = policies::read_released_table(*text).value();
      view.answers.push_back(std::move(answer));
      view.hashes.push_back(row.text(3));
    }
    view.pooled = combine(view.answers);
    return view;
  });
}

std::vector<question_summary> questions::list() const {
  return db_.read([](store::reading& at) {
    std::vector<question_summary> all;
    for (auto const& row : at.rows("SELECT id, protocol, title, application, asked_at, due_at FROM federation_question "
                                   "ORDER BY asked_at DESC, id"))
      all.push_back(summary_of(row));
    return all;
  });
}

}  // namespace ehds::node::federation
