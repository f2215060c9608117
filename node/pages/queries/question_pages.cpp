// What this node asked of others: who answered, what, and the sum of it; who has not is shown as such, without why.
#include "node/federation/questions.hpp"
#include "node/pages/moments.hpp"
#include "node/pages/queries/released_view.hpp"
#include "node/pages/room_pages.hpp"
#include "node/pages/sentences.hpp"

namespace ehds::node::pages {
namespace {

using identity::role;

value summary_view(federation::question_summary const& question) {
  return value::object({{"question", question.id},
                        {"heading", question.title.empty() ? question.id : question.title},
                        {"protocol", question.protocol},
                        {"application", question.application},
                        {"asked_at", moment(question.asked_at)},
                        {"due_at", moment(question.due_at)}});
}

http::response list_questions(visit& who) {
  auto const questions = value::list(who.house.questions->list(), [](auto const& one) { return summary_view(one); });
  return who.page("questions", who.say("nav_questions"), value::object({{"questions", questions}}));
}

value answers_view(visit const& who, federation::question_view const& question) {
  std::vector<value> answers;
  for (std::size_t i = 0; i < question.answers.size(); ++i) {
    auto const& one = question.answers[i];
    answers.push_back(value::object({{"authority", one.partner},
                                     {"country", country_in_words(who, one.partner)},
                                     {"state", who.texts().of_code("answer", one.state)},
                                     {"state_code", one.state},
                                     {"query_hash", i < question.hashes.size() ? question.hashes[i] : ""},
                                     {"table", one.table ? table_view(who, *one.table) : value("")}}));
  }
  return value::list(std::move(answers));
}

http::response show_question(visit& who) {
  auto const question = who.house.questions->find(who.asked.parameter("question"));
  if (!question) return who.refuse(question.error());
  auto view = summary_view(question->summary);
  auto const title = view.find("heading")->text();
  view.set("answers", answers_view(who, *question));
  view.set("asked", value(question->pooled.asked)).set("answered", value(question->pooled.answered));
  view.set("comparison", comparison_view(who, question->answers, question->pooled));
  view.set("chart", chart_view(who, title, question->answers));
  view.set("notes",
           value::list(question->pooled.notes, [&](auto const& note) { return value(note_in_words(who, note)); }));
  return who.page("question", title, std::move(view));
}

}  // namespace

std::vector<http::route> question_pages(api::rooms& house) {
  return {page_for(house, "/questions", {role::data_preparer, role::auditor, role::decider}, list_questions),
          page_for(house, "/questions/{question}", {role::data_preparer, role::auditor, role::decider}, show_question)};
}

}  // namespace ehds::node::pages
