#pragma once
// Whether certificates were revoked: judged by lists that the operator allowed, never by an address that a certificate
// names. The lists at hand are in a shelf, which the node keeps filled while messages are judged.
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "edelivery/security/certificate.hpp"
#include "edelivery/security/revocation_list.hpp"

namespace ehds::edelivery {

// The newest list of each place; several threads may read while one puts.
class revocation_shelf {
 public:
  void put(std::string const& place, revocation_list list);
  std::optional<revocation_list> at(std::string const& place) const;
  // is_from, remembered: a signature over a long list is not checked for every message.
  bool is_from(std::string const& place, certificate const& issuer) const;

 private:
  struct kept {
    revocation_list list;
    mutable std::map<std::string, bool> signed_by{};  // fingerprint of an issuer
  };
  mutable std::mutex guard_;
  std::map<std::string, kept> lists_;
};

// What counts when no current list speaks of a certificate: hard refuses it until there is one, soft accepts it.
enum class revocation_policy { hard, soft };

struct revocation_terms {
  std::vector<std::string> lists;  // places: http(s) addresses or files; none: nothing is asked
  revocation_policy policy = revocation_policy::hard;
  std::shared_ptr<revocation_shelf> shelf;  // nullptr: no list is at hand
};

enum class standing { good, revoked, unknown };

struct revocation_finding {
  standing what = standing::good;
  std::string why;  // for the operator, when it is not good
};

// `path` as path_to() gives it: each certificate followed by its issuer, the last one trusted as it is. Each but the
// last is looked up in a current list that its issuer signed. One alone has no issuer, so nothing is known of it.
revocation_finding judge_revocation(std::vector<certificate> const& path, revocation_terms const& terms, instant now);

}  // namespace ehds::edelivery
