#include "node/pages/sentences.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace ehds::node::pages {
namespace {

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  if (auto const at = text.find(what); at != std::string::npos) text.replace(at, what.size(), by);
  return text;
}

// A kept sentence begins like this; what follows is a code of a group, or free text that stays.
struct known_sentence {
  std::string_view begins;
  std::string_view text;   // key of the fixed text, "…" stands for what follows
  std::string_view group;  // of codes; empty: as it is
};

constexpr std::array<known_sentence, 15> known{{
    {"The status is now ", "event.status", "status"},
    {"The authority acknowledged the application", "event.acknowledged", ""},
    {"The authority asks for information (", "event.asks", ""},
    {"The authority received the answers", "event.got_answers", ""},
    {"The authority extended its period: ", "event.extended", ""},
    {"The authority decided: ", "event.decided", "outcome"},
    {"The application was submitted", "event.submitted", ""},
    {"The questions were answered", "event.answered", ""},
    {"The decision was answered: ", "event.response", "response"},
    {"The applicant withdrew", "event.withdrew", ""},
    {"The national node refused a message; ", "event.refused_message", ""},
    {"The national node refused a message", "event.refused_message", ""},
    {"A message did not reach the national node; ", "event.undelivered", ""},
    {"sum of national figures: a person known in two countries counts twice", "note.twice", ""},
    {"not in the sum because their tables have another shape: ", "note.other_shape", ""},
}};

// "granted/accept": both words, each in its group where it has one.
std::string code_in_words(visit const& who, std::string_view group, std::string_view code) {
  if (group.empty()) return std::string(code);
  auto const slash = code.find('/');
  if (slash == std::string_view::npos) return who.texts().of_code(group, code);
  return code_in_words(who, "outcome", code.substr(0, slash)) + ", " +
         code_in_words(who, "response", code.substr(slash + 1));
}

std::string in_words(visit const& who, std::string_view kept) {
  for (auto const& one : known) {
    if (!kept.starts_with(one.begins)) continue;
    auto rest = kept.substr(one.begins.size());
    if (one.begins.ends_with('(') && rest.ends_with(')')) rest.remove_suffix(1);
    return replaced(who.say(one.text), "…", code_in_words(who, one.group, rest));
  }
  return std::string(kept);
}

// "Permit FR-2027-0001/1 is GRANTED".
std::string permit_in_words(visit const& who, std::string_view kept) {
  constexpr std::string_view begins = "Permit ";
  auto const is = kept.rfind(" is ");
  if (!kept.starts_with(begins) || is == std::string_view::npos || is < begins.size()) return std::string(kept);
  auto const status = who.texts().of_code("permit", kept.substr(is + 4));
  auto const text = replaced(who.say("event.permit"), "…", kept.substr(begins.size(), is - begins.size()));
  return text + " " + status;
}

// "A message (extension) came late: ..."
std::string late_in_words(visit const& who, std::string_view kept) {
  constexpr std::string_view begins = "A message (";
  auto const end = kept.find(')');
  if (!kept.starts_with(begins) || end == std::string_view::npos) return std::string(kept);
  auto const action = kept.substr(begins.size(), end - begins.size());
  return replaced(who.say("event.late"), "…", who.texts().of_code("action", action));
}

}  // namespace

std::string event_in_words(visit const& who, std::string_view kept) {
  if (kept.starts_with("Permit ")) return permit_in_words(who, kept);
  if (kept.starts_with("A message (")) return late_in_words(who, kept);
  return in_words(who, kept);
}

std::string counts_in_words(visit const& who, std::string_view kept) {
  std::string text(kept);
  // Longest first: "waits for you" and "wait for you" hold no other word of the list.
  for (auto const* const word : {"waits for you", "wait for you", "withdrawn", "granted", "refused", "decided", " of "})
    text = replaced(text, word, who.say("counts." + std::string(word)));
  return text;
}

std::string note_in_words(visit const& who, std::string_view kept) {
  constexpr std::string_view answered = " authorities answered";
  auto const at = kept.find(answered);
  if (at == std::string_view::npos) return in_words(who, kept);
  auto text =
      replaced(std::string(kept.substr(0, at)), " of ", " " + who.say("of") + " ") + " " + who.say("note.answered");
  auto names = kept.substr(at + answered.size());
  if (!names.starts_with(": ")) return text;
  names.remove_prefix(2);
  text += ": ";
  for (bool first = true; !names.empty(); first = false) {
    auto const end = std::min(names.find(", "), names.size());
    text += (first ? "" : ", ") + country_in_words(who, names.substr(0, end));
    names.remove_prefix(std::min(end + 2, names.size()));
  }
  return text;
}

std::string label_in_words(visit const& who, std::string_view label) {
  auto const found = who.texts().all().find("label." + std::string(label));
  return found == who.texts().all().end() ? std::string(label) : found->second;
}

std::string country_in_words(visit const& who, std::string_view code) {
  auto const found = who.texts().all().find("country." + std::string(code));
  return found == who.texts().all().end() ? std::string(code) : found->second;
}

std::string authority_in_words(visit const& who, std::string_view authority,
                               std::vector<access::dataset_reference> const& datasets) {
  constexpr std::string_view suffix = "-HDAB";
  if (!authority.ends_with(suffix)) return std::string(authority);
  auto const country = authority.substr(0, authority.size() - suffix.size());
  std::set<std::string> names;
  for (auto const& one : datasets)
    if (one.country == country && !one.authority.empty()) names.insert(one.authority);
  if (names.size() == 1) return *names.begin();
  auto const name = country_in_words(who, country);
  return name == country ? std::string(authority) : replaced(who.say("authority_of"), "…", name);
}

}  // namespace ehds::node::pages
