#include "node/identity/certificate_report.hpp"

#include <algorithm>

namespace ehds::node::identity {

namespace {

using edelivery::certificate;

certificate_line line_of(certificate const& cert, std::string party, std::string use, instant now) {
  certificate_line line;
  line.party = std::move(party);
  line.use = std::move(use);
  line.subject = cert.subject();
  line.key = edelivery::name_of(cert.key());
  line.fingerprint = cert.fingerprint();
  line.begins = cert.not_before();
  line.ends = cert.not_after();
  line.alarm = alarm_for(line.ends, now);
  return line;
}

// Of the same party and use another one goes on when this one has ended.
bool is_followed(certificate_line const& line, std::vector<certificate_line> const& all) {
  return std::ranges::any_of(all, [&](auto const& other) {
    return other.party == line.party && other.use == line.use && other.key == line.key && other.ends > line.ends &&
           other.begins <= line.ends && !other.revoked;
  });
}

void add(std::vector<certificate_line>& to, certificate_line line) {
  auto const same = [&](auto const& known) {
    return known.party == line.party && known.use == line.use && known.fingerprint == line.fingerprint;
  };
  auto const known = std::ranges::find_if(to, same);
  if (known == to.end()) return to.push_back(std::move(line));
  known->in_use = known->in_use || line.in_use;
  if (known->finding.empty() || line.revoked) known->finding = std::move(line.finding);
  known->revoked = known->revoked || line.revoked;
}

std::vector<certificate> seen_signers(edelivery::pmode const& mode) {
  if (!mode.trust.pinned.empty() || !mode.trust.remembered) return {};
  auto seen = mode.trust.remembered->signers();
  auto const& trust = mode.trust;
  std::erase_if(seen, [&](auto const& each) {
    bool const is_partner = (trust.subject.empty() || each.has_subject(trust.subject)) &&
                            (trust.common_name.empty() || each.common_name() == trust.common_name);
    return !is_partner || !each.may_sign();
  });
  return seen;
}

void add_partner(std::vector<certificate_line>& to, edelivery::pmode const& mode, instant now) {
  auto const judged = [&](certificate const& cert, std::string use) {
    auto line = line_of(cert, mode.partner.id, std::move(use), now);
    auto const found = edelivery::standing_of(cert, {}, mode.trust, now);
    line.revoked = found.what == edelivery::standing::revoked;
    line.finding = found.why;
    return line;
  };
  auto const lasting = [&](edelivery::lasting_certificate const& one, std::string use) {
    auto line = judged(one.cert, std::move(use));
    line.ends = one.until;  // sooner than the certificate itself where another replaced it
    line.alarm = alarm_for(line.ends, now);
    return line;
  };
  if (!mode.trust.pinned.empty())
    for (auto const& each : edelivery::lasting_signers(mode.trust)) add(to, lasting(each, "signing"));
  // Whom only an authority vouches for is known once he has signed.
  for (auto const& each : seen_signers(mode)) add(to, judged(each, "signing"));
  if (!mode.encrypts()) return;
  auto const taken = edelivery::encryption_certificate(mode, now);
  for (auto const& each : edelivery::recipients(mode)) {
    auto line = lasting(each, "encryption");
    line.in_use = taken && *taken == each.cert;
    add(to, std::move(line));
  }
}

}  // namespace

end_alarm alarm_for(instant end, instant now) {
  if (end < now) return end_alarm::ended;
  if (end < now + alarm_urgent) return end_alarm::urgent;
  return end < now + alarm_soon ? end_alarm::soon : end_alarm::none;
}

std::size_t certificate_report::alarms() const {
  auto const count = [](std::vector<certificate_line> const& lines) {
    return std::ranges::count_if(
        lines, [&](auto const& line) { return line.alarm != end_alarm::none && !is_followed(line, lines); });
  };
  return static_cast<std::size_t>(count(ours) + count(partners));
}

std::size_t certificate_report::revoked() const {
  return static_cast<std::size_t>(std::ranges::count(partners, true, &certificate_line::revoked));
}

certificate_report report_certificates(edelivery::access_point const& us, std::vector<certificate> const& tls,
                                       edelivery::pmode_book const& book, std::vector<list_report> lists, instant now) {
  certificate_report all;
  add(all.ours, line_of(us.signing.cert, {}, "signing", now));
  for (auto const& each : us.other_signing) add(all.ours, line_of(each.cert, {}, "signing", now));
  for (auto const& each : us.decryption) add(all.ours, line_of(each.cert, {}, "encryption", now));
  for (auto const& each : tls) add(all.ours, line_of(each, {}, "tls", now));
  for (auto const& mode : book.all()) add_partner(all.partners, mode, now);
  std::ranges::sort(all.ours, {}, &certificate_line::ends);
  std::ranges::sort(all.partners, {}, &certificate_line::ends);
  all.lists = std::move(lists);
  return all;
}

}  // namespace ehds::node::identity
