#include "edelivery/security/replacements.hpp"

#include <algorithm>

namespace ehds::edelivery {

namespace {

template <class Thing>
std::vector<Thing> with(std::vector<Thing> all, Thing one) {
  if (std::ranges::find(all, one) == all.end()) all.push_back(std::move(one));
  return all;
}

bool is_for(replacement const& one, certificate_purpose purpose) {
  return purpose == certificate_purpose::signing ? one.for_signing : one.for_encryption;
}

}  // namespace

void replacement_shelf::put(replacement one) {
  std::scoped_lock const lock(guard_);
  content_ = std::make_shared<content>(content{with(content_->replacements, std::move(one)), content_->agreements});
}

void replacement_shelf::put(updated_agreement one) {
  std::scoped_lock const lock(guard_);
  content_ = std::make_shared<content>(content{content_->replacements, with(content_->agreements, std::move(one))});
}

std::shared_ptr<replacement_shelf::content const> replacement_shelf::held() const {
  std::scoped_lock const lock(guard_);
  return content_;
}

std::vector<lasting_certificate> with_replacements(std::vector<certificate> const& agreed,
                                                   replacement_shelf::content const& since,
                                                   certificate_purpose purpose) {
  std::vector<lasting_certificate> all;
  auto const add = [&](certificate const& cert, instant from) {
    if (std::ranges::find(all, cert, &lasting_certificate::cert) != all.end()) return;
    auto& added = all.emplace_back(lasting_certificate{cert, std::max(from, cert.not_before()), cert.not_after(), {}});
    for (auto const& each : since.replacements) {
      if (!is_for(each, purpose) || !(each.replaced == cert)) continue;
      added.until = std::min(added.until, each.ends);
      added.replaced_from = std::min(added.replaced_from.value_or(each.active_from), each.active_from);
    }
  };
  for (auto const& each : agreed) add(each, each.not_before());
  for (auto const& each : since.replacements)
    if (is_for(each, purpose))
      add(each.next, purpose == certificate_purpose::signing ? each.next.not_before() : each.active_from);
  return all;
}

std::vector<certificate> announced_issuers(certificate const& cert, replacement_shelf::content const& since) {
  std::vector<certificate> all;
  for (auto const& each : since.replacements)
    if (!each.issuers.empty() && each.next == cert)
      for (auto const& issuer : each.issuers) all = with(std::move(all), issuer);
  return all;
}

std::optional<instant> end_by_replacement(certificate const& cert, replacement_shelf::content const& since,
                                          certificate_purpose purpose) {
  std::optional<instant> end;
  for (auto const& each : since.replacements)
    if (is_for(each, purpose) && each.replaced == cert) end = std::min(end.value_or(each.ends), each.ends);
  return end;
}

}  // namespace ehds::edelivery
