// Ours: what we announce, one request for each agreement with the partner.
#include <algorithm>

#include "base/ids.hpp"
#include "node/audit/log.hpp"
#include "node/exchange/certificate_updates.hpp"

namespace ehds::node::exchange {

namespace {

constexpr std::chrono::days time_to_answer{7};

bool uses(edelivery::pmode const& mode, edelivery::certificate const& ours, edelivery::access_point const& us) {
  bool const signs = us.signing_for(mode.security).cert == ours;
  bool const opens = mode.security.encryption_key == ours.key() &&
                     std::ranges::any_of(us.decryption, [&](auto const& each) { return each.cert == ours; });
  return signs || opens;
}

// "urn:x#2026-12-07T00:00:00.000Z": another one each time, and not longer each time.
std::string next_name(std::string const& name, instant now) {
  auto const mark = name.rfind('#');
  bool const is_ours = mark != std::string::npos && parse_rfc3339(std::string_view(name).substr(mark + 1)).has_value();
  return (is_ours ? name.substr(0, mark) : name) + "#" + to_rfc3339(now);
}

struct affected_agreement {
  edelivery::agreement_name name;
  std::vector<edelivery::certificate_update> updates;
};

void add_changes(affected_agreement& to, edelivery::pmode const& mode, announcement const& what,
                 edelivery::access_point const& us) {
  for (auto const& change : what.changes) {
    auto const current = edelivery::sha256_digest_of(change.current);
    bool const is_there =
        std::ranges::find(to.updates, current, &edelivery::certificate_update::current) != to.updates.end();
    if (is_there || !uses(mode, change.current, us)) continue;
    to.updates.push_back({"update-" + std::to_string(to.updates.size() + 1), current, change.next});
  }
}

// What has no name in the P-Modes is called by the P-Mode of the announcement.
std::vector<affected_agreement> agreements_with(announcement const& what, edelivery::pmode const& carrier,
                                                dispatcher const& desk, instant now) {
  std::vector<affected_agreement> all;
  for (auto const& mode : desk.book().all()) {
    if (mode.partner.id != what.party_id) continue;
    auto const named = agreement_of(mode, now);
    edelivery::agreement_name const name{named.value.empty() ? carrier.id : named.value, named.type};
    auto found = std::ranges::find(all, name, &affected_agreement::name);
    if (found == all.end()) found = all.insert(all.end(), affected_agreement{name, {}});
    add_changes(*found, mode, what, desk.us());
  }
  std::erase_if(all, [](affected_agreement const& one) { return one.updates.empty(); });
  return all;
}

result<void> check_times(announcement const& what, instant now) {
  auto const refuse = [&](std::string detail, edelivery::certificate const& about, std::string mend) -> result<void> {
    return problem{"exchange.update.times", std::move(detail), about.described(), std::move(mend)};
  };
  for (auto const& change : what.changes) {
    auto const& next = change.next.front();
    if (what.activate_by <= now)
      return refuse("The next certificate would become active in the past, at " + to_rfc3339(what.activate_by) + ".",
                    next, "Give a time in the future (activate_by), or leave it out.");
    if (what.activate_by < next.not_before() || what.activate_by >= next.not_after())
      return refuse(
          "The next certificate is not valid at " + to_rfc3339(what.activate_by) + ", when it would become active.",
          next,
          "Give a time (activate_by) from " + to_rfc3339(next.not_before()) + " to " + to_rfc3339(next.not_after()) +
              ".");
    auto const end = std::min(what.expire_by.value_or(instant::max()), change.current.not_after());
    if (what.activate_by > end)
      return refuse("The current certificate counts until " + to_rfc3339(end) + ", before the next one becomes active.",
                    next,
                    "Give an earlier time to become active (activate_by), or a later one to end (expire_by) within the "
                    "current certificate's own.");
  }
  return {};
}

// Partners would encrypt for a key that this node, as it runs, has not.
result<void> check_opening(announcement const& what, edelivery::access_point const& us) {
  auto const opens_with = [&](edelivery::certificate const& cert) {
    return std::ranges::any_of(us.decryption, [&](auto const& each) { return each.cert == cert; });
  };
  for (auto const& change : what.changes)
    if (opens_with(change.current) && !opens_with(change.next.front()))
      return update_problem("key", "The node does not open messages with the next key yet.",
                            change.next.front().described(), "Start the node again, then announce the certificate.");
  return {};
}

}  // namespace

result<std::vector<std::int64_t>> certificate_updates::announce(announcement const& what, std::string_view who) {
  auto const now = desk_.time().now();
  auto const carrier =
      desk_.book().for_sending(what.party_id, edelivery::certificate_update_service, edelivery::update_certificate);
  if (!carrier) return carrier.error();
  if (auto const good = check_times(what, now); !good) return good.error();
  if (auto const good = check_opening(what, desk_.us()); !good) return good.error();
  auto const affected = agreements_with(what, **carrier, desk_, now);
  if (affected.empty())
    return problem{"exchange.update.agreement", "The certificate is in use under no agreement with this partner.",
                   what.party_id, ""};
  std::vector<std::int64_t> numbers;
  auto const done = desk_.database().commit([&](store::transaction& tx) -> result<void> {
    numbers.clear();
    for (auto const& one : affected) {
      edelivery::agreement_update_request const request{{random_uuid(),
                                                         now,
                                                         std::min(now + time_to_answer, what.activate_by),
                                                         what.activate_by,
                                                         what.expire_by,
                                                         one.name,
                                                         {next_name(one.name.value, now), one.name.type}},
                                                        one.updates};
      auto const xml = write_agreement_update(request);
      auto const conversation = random_uuid();
      auto const posted = post_document(
          tx, desk_,
          {what.party_id, edelivery::update_certificate, xml, request.head.id, {}, conversation, one.name.value});
      if (!posted) return posted.error();
      numbers.push_back(add_update(tx, {0, false, what.party_id, desk_.nation_of(what.party_id), *posted, conversation,
                                        request.head.id, xml, desk_.us().signing.cert.pem(), "announced", now}));
      std::vector<std::pair<std::string, std::string>> refs{{"partner", what.party_id}};
      for (auto const& each : one.updates) refs.emplace_back("certificate_sha256", each.next().fingerprint());
      audit::append(tx, now, {std::string(who), "certificate.update", request.head.id, "announced", std::move(refs)});
    }
    return {};
  });
  if (!done) return done.error();
  shelve();
  return numbers;
}

}  // namespace ehds::node::exchange
