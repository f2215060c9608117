#include "edelivery/discovery/naptr.hpp"

#include <arpa/nameser.h>

#include <algorithm>
#include <optional>
#include <tuple>

namespace ehds::edelivery {

namespace {

constexpr std::size_t most_bytes = 64 * 1024;
constexpr std::size_t most_records = 32;

problem misshapen(std::string detail) {
  return {"edelivery.discovery.dns", std::move(detail), "", "Ask the operator of the DNS zone."};
}

// One counted string (RFC 1035 3.3) from the front of `rest`.
std::optional<std::string> counted(std::string_view& rest) {
  if (rest.empty()) return std::nullopt;
  auto const size = static_cast<unsigned char>(rest.front());
  if (rest.size() < 1U + size) return std::nullopt;
  std::string text(rest.substr(1, size));
  rest.remove_prefix(1U + size);
  return text;
}

std::uint16_t number(std::string_view two) {
  return static_cast<std::uint16_t>((static_cast<unsigned char>(two[0]) << 8U) | static_cast<unsigned char>(two[1]));
}

// The replacement after the regexp is a name, which has no say in a U-NAPTR record.
std::optional<naptr_record> read_record(std::string_view rest, std::uint32_t ttl) {
  if (rest.size() < 4) return std::nullopt;
  naptr_record one{number(rest), number(rest.substr(2)), {}, {}, {}, ttl};
  rest.remove_prefix(4);
  for (auto* const field : {&one.flags, &one.service, &one.regexp}) {
    auto text = counted(rest);
    if (!text) return std::nullopt;
    *field = *std::move(text);
  }
  return one;
}

bool same_letters(std::string_view one, std::string_view other) {
  auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(one, other, {}, lower, lower);
}

// "!pattern!replacement!": the delimiter is whatever stands first.
std::optional<std::string> whole_replacement(std::string_view regexp) {
  if (regexp.size() < 3 || regexp.back() != regexp.front()) return std::nullopt;
  char const delimiter = regexp.front();
  regexp.remove_prefix(1);
  regexp.remove_suffix(1);
  auto const middle = regexp.find(delimiter);
  if (middle == std::string_view::npos) return std::nullopt;
  auto const pattern = regexp.substr(0, middle);
  auto const replacement = regexp.substr(middle + 1);
  bool const takes_all = pattern == "^.*$" || pattern == ".*" || pattern == "^.*" || pattern == ".*$";
  // A path is put behind it: a "?" or "#" in it would make it the address of something else.
  bool const plain = replacement.find_first_of("\\ \"<>?#") == std::string_view::npos &&
                     replacement.find(delimiter) == std::string_view::npos &&
                     std::ranges::all_of(replacement, [](char c) { return c > ' ' && c < 127; });
  bool const http = replacement.starts_with("https://") || replacement.starts_with("http://");
  return takes_all && plain && http ? std::optional<std::string>(replacement) : std::nullopt;
}

}  // namespace

result<std::vector<naptr_record>> read_naptr_answer(std::string_view wire) {
  ns_msg answer{};
  auto const* const bytes = reinterpret_cast<unsigned char const*>(wire.data());
  if (wire.size() > most_bytes || ns_initparse(bytes, static_cast<int>(wire.size()), &answer) != 0)
    return misshapen("What came is no DNS message.");
  auto const code = ns_msg_getflag(answer, ns_f_rcode);
  problem const none{"edelivery.discovery.dns_none", "The participant has no NAPTR record in the zone.", "",
                     "Check the identifier of the participant, its scheme and the zone."};
  if (code == ns_r_nxdomain) return none;
  if (ns_msg_getflag(answer, ns_f_tc) != 0)
    return misshapen("The answer of the DNS server was cut: the participant has more records than a datagram holds.");
  if (code != ns_r_noerror || ns_msg_getflag(answer, ns_f_qr) == 0)
    return misshapen("The DNS server gave no whole answer (code " + std::to_string(code) + ").");
  std::vector<naptr_record> records;
  for (int n = 0; n < ns_msg_count(answer, ns_s_an) && records.size() < most_records; ++n) {
    ns_rr each{};
    if (ns_parserr(&answer, ns_s_an, n, &each) != 0) return misshapen("A record of the DNS answer cannot be read.");
    if (ns_rr_type(each) != ns_t_naptr || ns_rr_class(each) != ns_c_in) continue;  // a CNAME on the way
    auto record =
        read_record({reinterpret_cast<char const*>(ns_rr_rdata(each)), static_cast<std::size_t>(ns_rr_rdlen(each))},
                    ns_rr_ttl(each));
    if (!record) return misshapen("A NAPTR record of the DNS answer cannot be read.");
    records.push_back(*std::move(record));
  }
  if (records.empty()) return none;
  return records;
}

result<std::string> publisher_address(std::vector<naptr_record> records, std::string_view service) {
  std::ranges::sort(records, {}, [](naptr_record const& one) { return std::tuple(one.order, one.preference); });
  for (auto const& one : records) {
    if (!same_letters(one.flags, "U") || !same_letters(one.service, service)) continue;
    if (auto address = whole_replacement(one.regexp)) return *std::move(address);
  }
  return problem{"edelivery.discovery.naptr",
                 "No NAPTR record of the participant gives an address for " + std::string(service) + ".",
                 records.empty() ? "" : records.front().service + " " + records.front().regexp,
                 "Ask the operator of the publisher to register it."};
}

}  // namespace ehds::edelivery
