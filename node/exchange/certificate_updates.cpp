#include "node/exchange/certificate_updates.hpp"

#include <algorithm>
#include <new>

#include "edelivery/libraries/libraries.hpp"
#include "node/audit/log.hpp"
#include "node/exchange/tables.hpp"

namespace ehds::node::exchange {

namespace {

using edelivery::agreement_update_exception;
using edelivery::agreement_update_request;
using edelivery::agreement_update_response;
using edelivery::update_error;

// Where a library lacked memory, a certificate may look unreadable inside a document that was read: the message comes
// again then, nothing was decided.
template <class Look>
auto with_memory(Look const& look) {
  auto const failed_before = edelivery::failed_allocations();
  auto found = look();
  if (edelivery::failed_allocations() != failed_before) throw std::bad_alloc();
  return found;
}

std::string_view action_for(edelivery::agreement_update_document const& document) {
  if (std::holds_alternative<agreement_update_request>(document)) return edelivery::update_certificate;
  if (std::holds_alternative<agreement_update_response>(document)) return edelivery::confirm_certificate_update;
  return edelivery::reject_certificate_update;
}

}  // namespace

certificate_updates::certificate_updates(dispatcher& desk) : desk_(desk) {
  desk_.on_document(edelivery::certificate_update_service,
                    [this](store::transaction& tx, business_message const& message) { return take(tx, message); });
  shelve();
}

result<verdict> certificate_updates::take(store::transaction& tx, business_message const& message) const {
  auto const read = with_memory([&] { return edelivery::read_agreement_update(message.content); });
  if (!read) return verdict{{read.error()}, {}};
  if (action_for(*read) != message.action)
    return verdict{{update_problem("action", "The document is not what its action says.", message.action,
                                   "Send requests, responses and exceptions under their own actions.")},
                   {}};
  if (auto const* const request = std::get_if<agreement_update_request>(&*read))
    return take_request(tx, message, *request);
  if (auto const* const response = std::get_if<agreement_update_response>(&*read))
    return take_answer(tx, message, response->reference_id, response->head, {});
  auto const& exception = std::get<agreement_update_exception>(*read);
  return take_answer(tx, message, exception.reference_id, exception.head, exception.errors);
}

// A request that was taken before is answered again as it was, or still waits.
result<verdict> certificate_updates::take_request(store::transaction& tx, business_message const& message,
                                                  agreement_update_request const& request) const {
  auto const& id = request.head.id;
  if (!message.signer)
    return verdict{{update_problem("unsigned", "This node did not verify the message itself.", id,
                                   "Roll certificates over where the access point is.")},
                   id};
  if (auto before = find_update(tx, true, message.access_point_id, id)) {
    if (before->document != message.content)
      return verdict{
          {update_problem("repeated", "Another update with this id was taken before; that one stays as it was.", id,
                          "Give each request its own id.")},
          id};
    if (before->status == "pending") return verdict{{}, id};
    auto const errors = before->status == "accepted"
                            ? std::vector<update_error>{}
                            : std::vector{edelivery::make_update_error(before->code, {}, before->reason)};
    if (auto const sent = answer(tx, *before, request, errors); !sent) note_silence(tx, message, id, sent.error());
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
  if (count_waiting(tx, row.party_id) >= most_waiting) return refuse_one_more(tx, message, row, request);
  row.number = add_update(tx, row);
  auto const judged = with_memory([&] {
    return edelivery::judge_update(request, plan_of(row, request, row.at), desk_.book(), message.received_at);
  });
  if (judged.errors.empty()) return verdict{{}, id};
  auto const us = "node:" + desk_.settings().our_nation;
  // Where nobody can be told the operator decides, and reads why when he tries.
  if (auto const done = decide(tx, row, request, {"rejected", us, judged.errors}); !done)
    note_silence(tx, message, id, done.error());
  return verdict{{}, id};
}

// It is not kept, so that the same may come again later.
result<verdict> certificate_updates::refuse_one_more(store::transaction& tx, business_message const& message,
                                                     update_row const& row,
                                                     agreement_update_request const& request) const {
  std::string const why = "Too many updates of this partner wait for a decision.";
  auto const sent = answer(tx, row, request, {edelivery::make_update_error(edelivery::au_too_many_wait, {}, why)});
  if (!sent) note_silence(tx, message, row.update_id, sent.error());
  return verdict{{update_problem("waiting", why, row.party_id, "Decide about those that wait; it may come again.")},
                 row.update_id};
}

result<verdict> certificate_updates::take_answer(store::transaction& tx, business_message const& message,
                                                 std::string const& reference,
                                                 edelivery::agreement_update_head const& head,
                                                 std::vector<update_error> const& errors) const {
  auto row = find_update(tx, false, message.access_point_id, reference);
  if (!row)
    return verdict{{update_problem("unrelated", "The answer is to no update that was announced to this partner.",
                                   reference, "Name the id of the request as ReferenceID.")},
                   reference};
  auto const asked = request_in(*row).head;
  bool const names_ours = head.current.value == asked.current.value && head.updated.value == asked.updated.value;
  if (errors.empty() && !names_ours)
    return verdict{{update_problem("unrelated", "The answer confirms other agreements than the request is about.",
                                   reference, "Repeat the identifiers of the request.")},
                   reference};
  std::string const status = errors.empty() ? "confirmed" : "refused";
  if (row->status == status) return verdict{{}, reference};
  if (row->status != "announced")
    return verdict{{update_problem("settled", "The update was answered otherwise before.", reference,
                                   "Announce it again with a new id.")},
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

void certificate_updates::note_silence(store::transaction& tx, business_message const& message, std::string const& id,
                                       problem const& why) const {
  audit::append(tx, message.received_at, {"node:" + desk_.settings().our_nation, "certificate.update", id, why.code});
}

edelivery::update_plan certificate_updates::plan_of(update_row const& row, agreement_update_request const& request,
                                                    instant at) const {
  auto const signer = edelivery::certificate::from_pem(row.signer).value();
  return edelivery::plan_update(request, {row.party_id, signer, at}, desk_.book());
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

bool is_urgent(update_entry const& one, instant now) {
  constexpr std::chrono::days lead{7};
  constexpr std::chrono::days afterwards{30};  // then nobody waits for the answer any more
  auto const& head = one.request.head;
  if (one.row.status == "announced") {
    auto const over = head.expire_by.value_or(head.activate_by.value_or(one.row.at) + afterwards);
    return head.respond_by && *head.respond_by <= now && now < over;
  }
  return one.row.status == "pending" && head.activate_by.value_or(one.row.at) < now + lead;
}

waiting_updates certificate_updates::waiting(instant now) const {
  return desk_.database().read([&](store::reading& state) {
    waiting_updates found;
    for (auto const* const status : {"pending", "announced"})
      for (auto& row : list_updates(state, status, most_at_a_time)) {
        if (row.is_incoming) ++found.of_partners;
        auto request = request_in(row);
        if (is_urgent({std::move(row), std::move(request), {}}, now)) ++found.urgent;
      }
    return found;
  });
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
