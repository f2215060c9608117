#include "node/api/message_story.hpp"

#include <algorithm>

#include "node/access/cases/case_desk.hpp"
#include "node/access/central/application_centre.hpp"
#include "node/catalogue/record_book.hpp"

namespace ehds::node::api {
namespace {

void add_messages(rooms const& house, exchange::ledger_entry const& entry, std::vector<story_line>& story) {
  house.db->read([&](store::reading& now) {
    exchange::ledger_filter filter;
    filter.count = longest_story;
    if (!entry.subject.empty()) {
      filter.subject = entry.subject;
      for (auto& each : exchange::list(now, filter)) story.push_back({each.at, each, {}, {}});
    }
    // Answers bear no subject: they are in the conversation.
    for (auto& each : exchange::in_conversation(now, entry.conversation_id, longest_story)) {
      bool const is_there = std::ranges::any_of(
          story, [&](story_line const& one) { return one.message && one.message->seq == each.seq; });
      if (!is_there) story.push_back({each.at, each, {}, {}});
    }
  });
}

void add_events(rooms const& house, message_subject const& subject, std::vector<story_line>& story) {
  for (auto const& id : subject.cases)
    if (auto const page = house.desk->find(id))
      for (auto const& line : page->timeline)
        if (line.message_id.empty()) story.push_back({line.at, std::nullopt, line.what, {}});
  if (subject.application.empty()) return;
  if (auto const page = house.centre->find(subject.application))
    for (auto const& line : page->events)
      if (line.message_id.empty()) story.push_back({line.at, std::nullopt, line.what, line.country});
}

}  // namespace

message_subject subject_of(rooms const& house, exchange::ledger_entry const& entry) {
  message_subject found;
  if (entry.subject.empty()) return found;
  if (house.desk != nullptr)
    for (auto const& line : house.desk->cases({.status = {}, .application = entry.subject, .authority = {}}))
      found.cases.push_back(line.case_id);
  if (house.centre != nullptr && house.centre->find(entry.subject)) found.application = entry.subject;
  if (house.records == nullptr) return found;
  for (auto const& id : {entry.subject, catalogue::id_at_centre(entry.nation_id, entry.subject)})
    if (auto const kept = house.records->find(id); kept && !kept->deleted && found.dataset.empty()) found.dataset = id;
  return found;
}

std::vector<story_line> story_of(rooms const& house, exchange::ledger_entry const& entry,
                                 message_subject const& subject) {
  std::vector<story_line> story;
  add_messages(house, entry, story);
  add_events(house, subject, story);
  std::ranges::sort(story, [](story_line const& one, story_line const& other) {
    auto const number = [](story_line const& line) { return line.message ? line.message->seq : 0; };
    return one.at != other.at ? one.at < other.at : number(one) < number(other);
  });
  if (story.size() > longest_story)
    story.erase(story.begin(), story.end() - static_cast<std::ptrdiff_t>(longest_story));
  return story;
}

}  // namespace ehds::node::api
