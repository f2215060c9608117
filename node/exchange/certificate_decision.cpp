// What is decided about a partner's certificate: by the operator, or by this node where that is left to an authority.
#include <algorithm>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "node/audit/log.hpp"
#include "node/exchange/certificate_updates.hpp"
#include "node/store/fail_point.hpp"

namespace ehds::node::exchange {

namespace {

using edelivery::agreement_update_exception;
using edelivery::agreement_update_request;
using edelivery::agreement_update_response;
using edelivery::update_error;

// What an answer says of itself beside what it repeats.
edelivery::agreement_update_head answering_head(edelivery::agreement_update_head const& asked, instant now) {
  return {random_uuid(), now, std::nullopt, std::nullopt, std::nullopt, asked.current, asked.updated};
}

problem unfit(update_row const& row, std::vector<update_error> const& errors) {
  return update_problem("unfit", in_words(errors), "update " + std::to_string(row.number),
                        "Reject it, and ask the partner for another certificate or other times.");
}

// As it can stand in XML, and be read by whoever has our limits: a cut may go through a character.
result<std::string> written_reason(std::string_view given) {
  std::string text(given.substr(0, edelivery::longest_update_value));
  for (int n = 0; n < 3 && text.size() < given.size() && !is_utf8(text); ++n) text.pop_back();
  if (!is_utf8(text))
    return update_problem("reason", "The reason is not text in UTF-8.", "/reason", "Send it as UTF-8.");
  for (auto const* const noncharacter : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"})
    for (auto at = text.find(noncharacter); at != std::string::npos; at = text.find(noncharacter)) text.erase(at, 3);
  std::ranges::replace_if(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, ' ');
  auto const first = text.find_first_not_of(' ');
  if (first == std::string::npos)
    return update_problem("reason", "A rejection needs a reason, in words.", "/reason",
                          "Write one: the partner reads it.");
  return text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

problem no_such_update() {
  return update_problem("unknown", "No update of a partner has this number.", "/number",
                        "GET /api/certificate-updates lists them; those with the direction \"in\" are partners'.");
}

// When nobody can accept it any more: all of a request or nothing.
instant end_of(agreement_update_request const& request) {
  auto end = request.head.expire_by.value_or(instant::max());
  for (auto const& each : request.updates) end = std::min(end, each.next().not_after());
  return end;
}

constexpr std::chrono::minutes before_the_next_try{1};

}  // namespace

result<void> certificate_updates::decide(store::transaction& tx, update_row row,
                                         agreement_update_request const& request, decision const& how) const {
  if (auto const sent = answer(tx, row, request, how.errors); !sent) return sent;
  auto const now = desk_.time().now();
  row.status = how.status;
  row.decided_at = now;
  row.decided_by = how.who;
  row.code = how.errors.empty() ? "" : how.errors.front().code;
  row.reason = in_words(how.errors);
  change_update(tx, row);
  std::vector<std::pair<std::string, std::string>> refs{{"partner", row.party_id}, {"code", row.code}};
  for (auto const& each : request.updates) refs.emplace_back("certificate_sha256", each.next().fingerprint());
  audit::append(tx, now, {row.decided_by, "certificate.update", row.update_id, row.status, std::move(refs)});
  return {};
}

result<void> certificate_updates::answer(store::transaction& tx, update_row const& row,
                                         agreement_update_request const& request,
                                         std::vector<update_error> errors) const {
  errors.resize(std::min(errors.size(), edelivery::most_update_errors), {});
  auto const head = answering_head(request.head, desk_.time().now());
  auto xml = errors.empty() ? write_agreement_update(agreement_update_response{head, request.head.id})
                            : write_agreement_update(agreement_update_exception{head, request.head.id, errors});
  auto const action = errors.empty() ? edelivery::confirm_certificate_update : edelivery::reject_certificate_update;
  auto const posted = post_document(tx, desk_,
                                    {row.party_id, action, std::move(xml), row.update_id, row.message_id,
                                     row.conversation_id, request.head.current.value});
  return posted ? result<void>{} : posted.error();
}

result<void> certificate_updates::accept(std::int64_t number, std::string_view who) {
  auto const done = desk_.database().commit([&](store::transaction& tx) -> result<void> {
    auto const row = find_update(tx, number);
    if (!row || !row->is_incoming) return no_such_update();
    if (row->status == "accepted") return {};
    if (row->status != "pending")
      return update_problem("decided", "The update was rejected.", "/number", "The partner announces it again.");
    auto const request = request_in(*row);
    auto const now = desk_.time().now();
    auto const judged = edelivery::judge_update(request, plan_of(*row, request, now), desk_.book(), now);
    if (!judged.errors.empty()) return unfit(*row, judged.errors);
    if (!judged.waits.empty()) return judged.waits.front();
    return decide(tx, *row, request, {"accepted", who, {}});
  });
  if (!done) return done;
  store::fail_point("exchange.update_accepted");
  shelve();
  return {};
}

result<void> certificate_updates::reject(std::int64_t number, std::string_view who, std::string const& reason) {
  auto const why = written_reason(reason);
  if (!why) return why.error();
  return desk_.database().commit([&](store::transaction& tx) -> result<void> {
    auto const row = find_update(tx, number);
    if (!row || !row->is_incoming) return no_such_update();
    if (row->status == "rejected") return {};
    if (row->status != "pending")
      return update_problem("decided", "The update was accepted: the certificate is in use.", "/number",
                            "Agree with the partner on another update.");
    return decide(tx, *row, request_in(*row),
                  {"rejected", who, {edelivery::make_update_error(edelivery::au_declined, {}, *why)}});
  });
}

// Each P-Mode that would change says that the word of its authorities is enough.
bool certificate_updates::may_accept(update_row const& row, instant now) const {
  auto const request = request_in(row);
  auto const plan = plan_of(row, request, now);
  auto const is_left_to_authority = [&](edelivery::planned_replacement const& one) {
    auto const* const mode = desk_.book().by_id(one.pmode_id);
    return mode != nullptr && mode->accepts_updates_of_authority && !mode->trust.authorities.empty();
  };
  return !plan.replacements.empty() && std::ranges::all_of(plan.replacements, is_left_to_authority);
}

// Nobody decided while it could be accepted: the partner is told.
result<void> certificate_updates::reject_outlived(std::int64_t number) {
  return desk_.database().commit([&](store::transaction& tx) -> result<void> {
    auto const row = find_update(tx, number);
    if (!row || row->status != "pending") return {};
    auto const request = request_in(*row);
    auto const now = desk_.time().now();
    auto judged = edelivery::judge_update(request, plan_of(*row, request, now), desk_.book(), now);
    if (judged.errors.empty())
      judged.errors.push_back(
          edelivery::make_update_error(edelivery::au_expire_by_rejected, {}, "Nobody decided before its end."));
    return decide(tx, *row, request, {"rejected", "node:" + desk_.settings().our_nation, std::move(judged.errors)});
  });
}

void certificate_updates::note_pending(std::vector<update_row> const& pending, instant now) {
  std::map<std::int64_t, look> all;
  for (auto const& row : pending) {
    auto const known = looks_.find(row.number);
    all.emplace(row.number, known != looks_.end() ? known->second : look{end_of(request_in(row)), now});
  }
  looks_ = std::move(all);
}

bool certificate_updates::run_once(instant now) {
  shelve();
  auto const pending =
      desk_.database().read([](store::reading& state) { return list_updates(state, "pending", most_at_a_time); });
  note_pending(pending, now);
  for (auto const& row : pending) {
    auto& [ends, again] = looks_.at(row.number);
    if (now < again) continue;
    again = ends;
    bool const is_over = ends <= now;
    if (!is_over && !may_accept(row, now)) continue;
    auto const done = is_over ? reject_outlived(row.number) : accept(row.number, "node:" + desk_.settings().our_nation);
    if (done) return true;
    // What cannot be accepted now, because nobody knows whether it was revoked, may be later.
    again = now + before_the_next_try;
  }
  return false;
}

}  // namespace ehds::node::exchange
