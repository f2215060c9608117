#pragma once
// The certificates that this node lives by, ours and the partners', with the day each ends and what is known of its
// revocation: for the operator's page and for measures.
#include <string>
#include <vector>

#include "base/time.hpp"
#include "edelivery/message/access_point.hpp"
#include "edelivery/pmode/pmode_book.hpp"
#include "node/identity/revocation_lists.hpp"

namespace ehds::node::identity {

inline constexpr std::chrono::days alarm_soon{30};
inline constexpr std::chrono::days alarm_urgent{7};

enum class end_alarm { none, soon, urgent, ended };
end_alarm alarm_for(instant end, instant now);

struct certificate_line {
  std::string party;  // ours: empty
  std::string use;    // "signing", "encryption", "tls"
  std::string subject;
  std::string key;          // "RSA", "Ed25519", ..: keys of several kinds serve several profiles
  std::string fingerprint;  // SHA-256, hex
  instant begins, ends;
  end_alarm alarm = end_alarm::none;
  bool in_use = true;  // of several: the one that is taken now for what we send
  bool revoked = false;
  std::string finding;  // what is not good about its revocation; empty when that is good, or nobody asks
};

struct certificate_report {
  std::vector<certificate_line> ours;  // soonest end first
  // The same; each certificate of a partner once for each use. Where only an authority vouches for a partner's
  // signatures: those that it has signed with since the node started.
  std::vector<certificate_line> partners;
  std::vector<list_report> lists;

  std::size_t alarms() const;   // certificates that end within alarm_soon, or have ended, while nothing follows them
  std::size_t revoked() const;  // certificates
};

// `tls`: the certificates with which we show ourselves to servers and clients.
certificate_report report_certificates(edelivery::access_point const& us,
                                       std::vector<edelivery::certificate> const& tls,
                                       edelivery::pmode_book const& book, std::vector<list_report> lists, instant now);

}  // namespace ehds::node::identity
