#pragma once
// How a participant, a document and a process are named where they are looked up, and where that is: the DNS name of
// eDelivery BDXL (U-NAPTR) and the addresses of OASIS SMP 1.0 and 2.0.
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds::edelivery {

struct scheme_identifier {
  std::string scheme;  // "iso6523-actorid-upis", "urn:oasis:names:tc:ebcore:partyid-type:iso6523:0088", or none
  std::string value;

  bool operator==(scheme_identifier const&) const = default;
};

// "scheme::value"; an ebCore scheme is part of the identifier itself: "urn:oasis:...:iso6523:0088:value".
std::string to_text(scheme_identifier const& one);
// Participants are named in any case (eDelivery SMP): the scheme and value agree but for case.
bool same_participant(scheme_identifier const& one, scheme_identifier const& other);

// SHA-256 of the value in lower case, in Base32 without padding, then the scheme (where it is a label of its own) and
// the zone. Problem edelivery.discovery.name: too long or misspelt for a name in DNS.
result<std::string> bdxl_name(scheme_identifier const& participant, std::string_view zone);

enum class smp_version { v1_0, v2_0 };

// Below the address of the publisher, each identifier percent-encoded (RFC 3986).
std::string service_metadata_url(std::string_view publisher, smp_version version, scheme_identifier const& participant,
                                 scheme_identifier const& document);
std::string service_group_url(std::string_view publisher, smp_version version, scheme_identifier const& participant);

}  // namespace ehds::edelivery
