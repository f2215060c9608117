#include "node/exchange/certificate_updates.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "node/audit/log.hpp"
#include "node/exchange/tables.hpp"
#include "node/store/fail_point.hpp"

namespace ehds::node::exchange {

namespace {

using edelivery::agreement_update_exception;
using edelivery::agreement_update_request;
using edelivery::agreement_update_response;
using edelivery::update_error;

constexpr std::size_t most_at_a_time = 10'000;

problem about(std::string_view what, std::string detail, std::string where, std::string mend) {
  return {"exchange.update." + std::string(what), std::move(detail), std::move(where), std::move(mend)};
}

std::string_view action_for(edelivery::agreement_update_document const& document) {
  if (std::holds_alternative<agreement_update_request>(document)) return edelivery::update_certificate;
  if (std::holds_alternative<agreement_update_response>(document)) return edelivery::confirm_certificate_update;
  return edelivery::reject_certificate_update;
}

// What an answer says of itself beside what it repeats.
edelivery::agreement_update_head answering_head(edelivery::agreement_update_head const& asked, instant now) {
  return {random_uuid(), now, std::nullopt, std::nullopt, std::nullopt, asked.current, asked.updated};
}

// For the operator: the first, and how many more.
std::string in_words(std::vector<update_error> const& errors) {
  if (errors.empty()) return {};
  auto const& first = errors.front();
  auto text = first.description.empty() ? first.short_description : first.description;
  if (errors.size() > 1) text += " (and " + std::to_string(errors.size() - 1) + " more)";
  return text;
}

problem unfit(update_row const& row, std::vector<update_error> const& errors) {
  return about("unfit", in_words(errors), "update " + std::to_string(row.number),
               "Reject it, and ask the partner for another certificate or other times.");
}

}  // namespace

certificate_updates::certificate_updates(dispatcher& desk) : desk_(desk) {
  desk_.on_document(edelivery::certificate_update_service,
                    [this](store::transaction& tx, business_message const& message) { return take(tx, message); });
  shelve();
}

result<verdict> certificate_updates::take(store::transaction& tx, business_message const& message) const {
  auto const read = edelivery::read_agreement_update(message.content);
  if (!read) return verdict{{read.error()}, {}};
  if (action_for(*read) != message.action)
    return verdict{{about("action", "The document is not what its action says.", message.action,
                          "Send requests, responses and exceptions under their own actions.")},
                   {}};
  if (auto const* const request = std::get_if<agreement_update_request>(&*read))
    return take_request(tx, message, *request);
  if (auto const* const response = std::get_if<agreement_update_response>(&*read))
    return take_answer(tx, message, response->reference_id, {});
  auto const& exception = std::get<agreement_update_exception>(*read);
  return take_answer(tx, message, exception.reference_id, exception.errors);
}

// A request that was taken before is answered again as it was, or still waits.
result<verdict> certificate_updates::take_request(store::transaction& tx, business_message const& message,
                                                  agreement_update_request const& request) const {
  auto const& id = request.head.id;
  if (!message.signer)
    return verdict{{about("unsigned", "This node did not verify the message itself.", id,
                          "Roll certificates over where the access point is.")},
                   id};
  if (auto before = find_update(tx, true, message.access_point_id, id)) {
    if (before->document != message.content)
      return verdict{{about("repeated", "Another update with this id was taken before; that one stays as it was.", id,
                            "Give each request its own id.")},
                     id};
    if (before->status == "pending") return verdict{{}, id};
    auto const errors = before->status == "accepted"
                            ? std::vector<update_error>{}
                            : std::vector{edelivery::make_update_error(before->code, {}, before->reason)};
    if (auto const sent = answer(tx, *before, request, errors); !sent) return sent.error();
    return verdict{{}, id};
  }
  update_row row{0,
                 true,
                 message.access_point_id,
                 message.nation_id,
                 message.message_id,
                 message.conversation_id,
                 id,
                 message.content,
                 message.signer->pem(),
                 "pending",
                 message.received_at};
  row.number = add_update(tx, row);
  auto const judged =
      edelivery::judge_update(request, plan_of(row, request, row.at), desk_.book(), message.received_at);
  if (judged.errors.empty()) return verdict{{}, id};
  auto const us = "node:" + desk_.settings().our_nation;
  if (auto const done = decide(tx, row, request, {"rejected", us, judged.errors}); !done) {
    // Nobody can be told: the operator decides, and reads why when he tries.
    audit::append(tx, row.at, {us, "certificate.update", id, done.error().code});
  }
  return verdict{{}, id};
}

result<verdict> certificate_updates::take_answer(store::transaction& tx, business_message const& message,
                                                 std::string const& reference,
                                                 std::vector<update_error> const& errors) const {
  auto row = find_update(tx, false, message.access_point_id, reference);
  if (!row)
    return verdict{{about("unrelated", "The answer is to no update that was announced to this partner.", reference,
                          "Name the id of the request as ReferenceID.")},
                   reference};
  std::string const status = errors.empty() ? "confirmed" : "refused";
  if (row->status == status) return verdict{{}, reference};
  if (row->status != "announced")
    return verdict{
        {about("settled", "The update was answered otherwise before.", reference, "Announce it again with a new id.")},
        reference};
  row->status = status;
  row->decided_at = message.received_at;
  row->decided_by = "partner:" + message.nation_id;
  row->code = errors.empty() ? "" : errors.front().code;
  row->reason = in_words(errors);
  change_update(tx, *row);
  audit::append(tx, message.received_at,
                {row->decided_by, "certificate.update", reference, status, {{"code", row->code}}});
  return verdict{{}, reference};
}

edelivery::update_plan certificate_updates::plan_of(update_row const& row, agreement_update_request const& request,
                                                    instant at) const {
  auto const signer = edelivery::certificate::from_pem(row.signer).value();
  return edelivery::plan_update(request, {row.party_id, signer, at}, desk_.book());
}

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
                                         std::vector<update_error> const& errors) const {
  auto const head = answering_head(request.head, desk_.time().now());
  auto xml = errors.empty() ? write_agreement_update(agreement_update_response{head, request.head.id})
                            : write_agreement_update(agreement_update_exception{head, request.head.id, errors});
  auto const action = errors.empty() ? edelivery::confirm_certificate_update : edelivery::reject_certificate_update;
  auto const posted = post_document(
      tx, desk_, {row.party_id, action, std::move(xml), row.update_id, row.message_id, row.conversation_id});
  return posted ? result<void>{} : posted.error();
}

std::vector<update_entry> certificate_updates::all(std::size_t count) const {
  return desk_.database().read([&](store::reading& now) {
    std::vector<update_entry> entries;
    for (auto& row : list_updates(now, "", count)) {
      auto request = request_in(row);
      auto const sending = row.is_incoming ? std::nullopt : find_in_outbox(now, row.message_id);
      auto const delivery = sending ? std::string(edelivery::to_text(sending->sending.status)) : std::string();
      entries.push_back({std::move(row), std::move(request), delivery});
    }
    return entries;
  });
}

result<void> certificate_updates::accept(std::int64_t number, std::string_view who) {
  auto const done = desk_.database().commit([&](store::transaction& tx) -> result<void> {
    auto const row = find_update(tx, number);
    if (!row || !row->is_incoming)
      return about("unknown", "No update of a partner has this number.", std::to_string(number), "");
    if (row->status == "accepted") return {};
    if (row->status != "pending")
      return about("decided", "The update was rejected.", std::to_string(number), "The partner announces it again.");
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
  return desk_.database().commit([&](store::transaction& tx) -> result<void> {
    auto const row = find_update(tx, number);
    if (!row || !row->is_incoming)
      return about("unknown", "No update of a partner has this number.", std::to_string(number), "");
    if (row->status == "rejected") return {};
    if (row->status != "pending")
      return about("decided", "The update was accepted: the certificate is in use.", std::to_string(number),
                   "Agree with the partner on another update.");
    auto const why = reason.empty() ? std::string("The operator declined the update.")
                                    : reason.substr(0, edelivery::longest_update_value);
    return decide(tx, *row, request_in(*row),
                  {"rejected", who, {edelivery::make_update_error(edelivery::au_declined, {}, why)}});
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

bool certificate_updates::run_once(instant now) {
  shelve();
  auto const pending = desk_.database().read([](store::reading& state) { return list_updates(state, "pending", 100); });
  for (auto const& row : pending) {
    if (looked_at_.contains(row.number)) continue;
    if (!may_accept(row, now)) {
      looked_at_.insert(row.number);
      continue;
    }
    // What cannot be accepted now, because nobody knows whether it was revoked, may be later.
    if (accept(row.number, "node:" + desk_.settings().our_nation)) return true;
  }
  return false;
}

void certificate_updates::shelve() {
  std::scoped_lock const lock(guard_);
  auto decided = desk_.database().read([](store::reading& now) {
    std::vector<update_row> rows;
    for (auto const* const status : {"accepted", "announced", "confirmed"})
      for (auto& each : list_updates(now, status, most_at_a_time)) rows.push_back(std::move(each));
    return rows;
  });
  // One that follows another finds it on the shelf already.
  std::ranges::sort(decided, {}, [](update_row const& row) { return std::pair{row.decided_at, row.number}; });
  for (auto const& row : decided) {
    if (!shelved_.insert({row.number, row.status}).second) continue;
    auto const request = request_in(row);
    auto plan = plan_of(row, request, row.decided_at.value_or(row.at));
    // Of ours only the name of the agreement changes: the key is ours to change. The partner may use the name before
    // his answer is here; we use it once he has said yes.
    if (!row.is_incoming) plan.replacements.clear();
    if (row.status == "announced") plan.active_from = instant::max();
    edelivery::apply_update(request.head, plan, desk_.book());
  }
}

}  // namespace ehds::node::exchange
