#include "edelivery/discovery/identifiers.hpp"

#include <cstdint>

#include "base/bytes.hpp"
#include "base/percent.hpp"
#include "edelivery/mime/text.hpp"

namespace ehds::edelivery {

namespace {

constexpr std::string_view ebcore = "urn:oasis:names:tc:ebcore:partyid-type:";

std::string base32(std::string_view bytes) {  // RFC 4648 6, without padding
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (char const c : bytes) {
    held = (held << 8U) | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += letters[(held >> bits) & 31U];
    }
    held &= (1U << bits) - 1;
  }
  if (bits > 0) text += letters[(held << (5 - bits)) & 31U];
  return text;
}

bool is_host_name(std::string_view name) {
  constexpr std::string_view of_labels = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  std::size_t label = 0;
  for (char const c : name) {
    bool const dot = c == '.';
    if (dot ? label == 0 : !of_labels.contains(lower(c))) return false;
    label = dot ? 0 : label + 1;
    if (label > 63) return false;
  }
  return label > 0 && name.size() <= 253;
}

std::string below(std::string_view publisher, smp_version version) {
  std::string base(publisher);
  while (base.ends_with('/')) base.pop_back();
  return base + (version == smp_version::v2_0 ? "/bdxr-smp-2/" : "/");
}

}  // namespace

std::string to_text(scheme_identifier const& one) {
  if (one.scheme.starts_with(ebcore)) return one.scheme + ":" + one.value;
  return one.scheme.empty() ? one.value : one.scheme + "::" + one.value;
}

bool same_participant(scheme_identifier const& one, scheme_identifier const& other) {
  return lower(to_text(one)) == lower(to_text(other));
}

result<std::string> bdxl_name(scheme_identifier const& participant, std::string_view zone) {
  bool const has_label = !participant.scheme.empty() && !participant.scheme.starts_with(ebcore);
  auto const hashed = lower(has_label ? participant.value : to_text(participant));
  auto name = base32(sha256(hashed)) + "." + (has_label ? participant.scheme + "." : "") + std::string(zone);
  if (is_host_name(name)) return name;
  return problem{"edelivery.discovery.name", "The scheme of the participant and the zone make no name in DNS.",
                 name.substr(0, 300), "Check the scheme and the zone."};
}

std::string service_group_url(std::string_view publisher, smp_version version, scheme_identifier const& participant) {
  return below(publisher, version) + percent_encode(to_text(participant));
}

std::string service_metadata_url(std::string_view publisher, smp_version version, scheme_identifier const& participant,
                                 scheme_identifier const& document) {
  return service_group_url(publisher, version, participant) + "/services/" + percent_encode(to_text(document));
}

}  // namespace ehds::edelivery
