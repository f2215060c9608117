#pragma once
// Who has a limit together. A customer of an IPv6 network has a whole /64 to call from.
#include <string>
#include <string_view>

namespace ehds {

// The network of an address as it is written: "192.0.2.7" is one by itself, also as ::ffff:192.0.2.7 and
// 64:ff9b::192.0.2.7; "2001:db8:1:2:3:4:5:6" is in "2001:db8:1:2::/64". What is no address: as it is, cut.
std::string peer_network(std::string_view address);

}  // namespace ehds
