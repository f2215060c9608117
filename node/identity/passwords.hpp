#pragma once
// Passwords are kept as scrypt hashes (RFC 7914) only: "$scrypt$n=32768,r=8,p=1$salt$hash".
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ehds::node::identity {

// Takes about a tenth of a second and 32 MB on purpose.
std::string hash_password(std::string_view password);
// Constant time in the password. A stored text that is no hash of ours never matches.
bool password_matches(std::string_view password, std::string_view stored);
// Does what a real check does and is false: so that unknown names take as long as known ones.
bool password_of_nobody(std::string_view password);
// NIST SP 800-63B: at least 12 characters, at most 256, not the name itself. Problem identity.password.
result<void> acceptable_password(std::string_view password, std::string_view account_id);

}  // namespace ehds::node::identity
