#pragma once
// The content of eb:Messaging as XML text, in the order of the ebMS 3.0 schema; sign() of security puts the
// envelope around it. Prefixes eb, ebbp and ds are bound there.
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "edelivery/ebms/signals.hpp"
#include "edelivery/ebms/user_message.hpp"

namespace ehds::edelivery {

// Problem edelivery.pack.value: a value that XML or the profile cannot carry (empty where one is needed, not
// UTF-8, control characters, a message id that is not id@domain in printable ASCII).
result<std::string> write_user_message(user_message const& message);

// One that was read, for who takes it over: partners are freer than we are, so nothing is held to the profile. Without
// a prefix the elements are of no namespace.
std::string rewrite_user_message(user_message const& message, std::string_view prefix = "eb:");

std::string write_receipt(receipt const& signal);
std::string write_error(error_signal const& signal);
std::string write_pull_request(pull_request const& signal);

}  // namespace ehds::edelivery
