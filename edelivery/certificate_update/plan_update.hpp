#pragma once
// What an announced certificate changes in our agreements with the partner, and why it cannot be: pure, so that the
// owner may ask when the request comes, when an operator accepts it, and again when the node starts.
//
//   auto const plan = plan_update(request, {"EU", signer, received_at}, book);
//   auto const found = judge_update(request, plan, book, now);
//   if (found.errors.empty() && found.waits.empty()) apply_update(request, plan, book);
#include <string>
#include <vector>

#include "edelivery/certificate_update/agreement_update.hpp"
#include "edelivery/pmode/pmode_book.hpp"

namespace ehds::edelivery {

struct update_origin {
  std::string partner_id;  // the party whose message it was
  certificate signer;      // of that message: where an authority is trusted, the one certificate we know to be his
  instant at;              // when it came, or was decided: without ActivateBy it is active from then on
};

struct planned_replacement {
  std::string pmode_id;
  std::string update_id;
  replacement what;
};

struct update_plan {
  std::vector<std::string> pmodes;  // with this partner, under the agreement that the request names
  std::vector<planned_replacement> replacements;
  instant active_from;
  certificate signer;  // whose word it is
};

// P-Modes with this partner of which the agreement has that name, or none; not those whose partner is looked up:
// there the publisher's word counts. The new certificate takes the place of the one that the digest names, for what
// that one is used for. Certificates that were replaced before are found too.
update_plan plan_update(agreement_update_request const& request, update_origin const& origin, pmode_book const& book);

// Why an update is refused. AU:0006 is of the specification; what its text was not at hand for has codes of our own,
// which cannot be taken for others.
inline constexpr std::string_view au_activate_by_rejected = "AU:0006";
inline constexpr std::string_view au_agreement_unknown = "EHDS:0001";
inline constexpr std::string_view au_certificate_unknown = "EHDS:0002";
inline constexpr std::string_view au_certificate_rejected = "EHDS:0003";
inline constexpr std::string_view au_expire_by_rejected = "EHDS:0004";
inline constexpr std::string_view au_declined = "EHDS:0005";
inline constexpr std::string_view au_name_in_use = "EHDS:0006";
inline constexpr std::string_view au_too_many_wait = "EHDS:0007";  // the owner's to find
update_error make_update_error(std::string_view code, std::string update_id, std::string description);

struct judged_update {
  std::vector<update_error> errors;  // all findings
  problems waits;                    // what cannot be known now: whether it was revoked
};

// The new certificate holds the profile's kind of key, strong enough, may be used for it, has the partner's name (that
// of the one before, or what the P-Mode trusts), is valid when it becomes active and leaves no gap before, and where
// the P-Mode names authorities it leads to one of them, under its policies, and was not revoked; nor was, by now, the
// certificate that signed the request. The agreement's next name is not that of another agreement with the partner.
judged_update judge_update(agreement_update_request const& request, update_plan const& plan, pmode_book const& book,
                           instant now);

// Puts the replacements, and the agreement's next name, on the shelves of the P-Modes. Again is no harm.
void apply_update(agreement_update_head const& head, update_plan const& plan, pmode_book const& book);

}  // namespace ehds::edelivery
