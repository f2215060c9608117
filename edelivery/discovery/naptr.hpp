#pragma once
// The answer of a DNS server to a question for NAPTR records (RFC 3403), read for the address that a U-NAPTR record
// gives (RFC 4848): where the metadata of a participant is published (OASIS BDX Location 1.0).
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ehds::edelivery {

struct naptr_record {
  std::uint16_t order = 0;
  std::uint16_t preference = 0;
  std::string flags;
  std::string service;
  std::string regexp;
  std::uint32_t ttl = 0;  // seconds
};

// The NAPTR records of an answer as it came over the wire, at most 64 KiB and 32 of them. Problems
// edelivery.discovery.dns: no answer, cut, or misshapen; .dns_none: the name does not exist or has no such record.
result<std::vector<naptr_record>> read_naptr_answer(std::string_view wire);

// The http or https address of the first record (by order, then preference) with flag "U" and this service ("Meta:SMP",
// any case). Only a regexp that takes the whole name for the address is followed: "!^.*$!https://smp.example/!".
// Problem edelivery.discovery.naptr.
result<std::string> publisher_address(std::vector<naptr_record> records, std::string_view service);

}  // namespace ehds::edelivery
