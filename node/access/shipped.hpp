#pragma once
// The data files of this room, compiled in: the binary needs no folder beside it. Each function is
// one file; CMakeLists.txt names which.
#include <string_view>

namespace ehds::node::access::shipped {

std::string_view holidays();                  // calendar/holidays.json
std::string_view clock_rules();               // clocks/rules.json
std::string_view transitions_v05();           // cases/transitions/v0.5.json
std::string_view data_access_application();   // forms/releases/r8/data_access_application.json
std::string_view data_request_application();  // forms/releases/r8/data_request_application.json

}  // namespace ehds::node::access::shipped
