#pragma once
// Certificates of a partner that were replaced by agreement while the node runs (ebCore Certificate Update): beside
// what the P-Mode names, like the lists of revoked ones. Copies of a P-Mode share one shelf, which the node fills from
// its store at the start and when an update is accepted; nothing is ever taken off.
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "edelivery/security/certificate.hpp"

namespace ehds::edelivery {

struct replacement {
  certificate replaced;
  certificate next;     // may sign as soon as this is on the shelf
  instant active_from;  // from then on we encrypt for it
  instant ends;         // from then on the replaced one is the partner's no more
  bool for_signing = false;
  bool for_encryption = false;
  std::vector<certificate>
      issuers{};  // that came with `next`: offered when its chain is looked for, trusted for nothing

  bool operator==(replacement const&) const = default;
};

// The agreement is called so too, and we call it so from then on.
struct updated_agreement {
  std::string value;
  std::string type;
  instant active_from;

  bool operator==(updated_agreement const&) const = default;
};

// Safe from several threads.
class replacement_shelf {
 public:
  struct content {
    std::vector<replacement> replacements{};
    std::vector<updated_agreement> agreements{};  // in the order in which they came
  };

  // What is there already is not put twice.
  void put(replacement one);
  void put(updated_agreement one);
  std::shared_ptr<content const> held() const;  // never null

 private:
  mutable std::mutex guard_;
  std::shared_ptr<content const> content_ = std::make_shared<content>();
};

enum class certificate_purpose { signing, encryption };

// A certificate of the partner, and from when and until when it may be used; both lie within its own time.
struct lasting_certificate {
  certificate cert;
  instant from;
  instant until;
  std::optional<instant> replaced_from{};  // another is taken for encryption from then on, if it is fit
};

// Those that the P-Mode names and those that replaced them since, in this order.
std::vector<lasting_certificate> with_replacements(std::vector<certificate> const& agreed,
                                                   replacement_shelf::content const& since,
                                                   certificate_purpose purpose);

// The issuers that came with this certificate.
std::vector<certificate> announced_issuers(certificate const& cert, replacement_shelf::content const& since);

// When this certificate ended because it was replaced; nothing when it was not.
std::optional<instant> end_by_replacement(certificate const& cert, replacement_shelf::content const& since,
                                          certificate_purpose purpose);

}  // namespace ehds::edelivery
