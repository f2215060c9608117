#pragma once
// Names that nobody else has: from the operating system's random source.
#include <cstddef>
#include <string>

namespace ehds {

std::string random_bytes(std::size_t count);  // cryptographically strong; throws when the source fails
std::string random_uuid();                    // RFC 9562 version 4, lower case

}  // namespace ehds
