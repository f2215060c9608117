#pragma once
// Marks of the texts that sign() writes and encrypt() finds again. For the sources of this folder only.
#include <string_view>

namespace ehds::edelivery {

inline constexpr std::string_view security_start = R"(<wsse:Security S12:mustUnderstand="true">)";

}  // namespace ehds::edelivery
