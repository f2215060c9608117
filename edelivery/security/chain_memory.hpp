#pragma once
// Chains of certificates that were found good: the next message of the same signer costs a comparison instead of the
// signatures of its authorities. A verdict holds between the same authorities and while every certificate of the chain
// is valid. Bounded; safe from several threads.
#include <mutex>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "edelivery/security/certificate.hpp"

namespace ehds::edelivery {

struct good_chain {
  certificate signer;
  std::vector<certificate> between;      // that came with the signer
  std::vector<certificate> authorities;  // that were trusted
  instant from;                          // both ends excluded
  instant until;
  std::vector<certificate> path{};      // the signer, each followed by its issuer, the last one an authority
  std::vector<std::string> policies{};  // under one of which it was issued, where that was asked for
};

class chain_memory {
 public:
  static constexpr std::size_t most = 8;  // a partner has one signing certificate, two while one takes over

  bool holds(certificate const& signer, std::vector<certificate> const& between,
             std::vector<certificate> const& authorities, instant now,
             std::vector<std::string> const& policies = {}) const;
  // Of the chain that holds; empty when none does.
  std::vector<certificate> path_of(certificate const& signer, std::vector<certificate> const& between,
                                   std::vector<certificate> const& authorities, instant now,
                                   std::vector<std::string> const& policies) const;
  void keep(good_chain chain);  // the oldest gives way
  std::vector<certificate> signers() const;

 private:
  good_chain const* find(certificate const& signer, std::vector<certificate> const& between,
                         std::vector<certificate> const& authorities, instant now,
                         std::vector<std::string> const& policies) const;

  mutable std::mutex guard_;
  std::vector<good_chain> chains_;
  std::size_t oldest_ = 0;
};

}  // namespace ehds::edelivery
