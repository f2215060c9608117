#pragma once
// What the configuration says of connections, as the room of HTTP takes it: the doors, and whom we call. Inside this
// room only.
#include "base/problem.hpp"
#include "node/config/configuration.hpp"
#include "node/http/server.hpp"
#include "node/http/tls_files.hpp"

namespace ehds::node::house {

http::tls_terms terms_of(config::tls_terms_section const& section);
http::server_options server_options_of(config::configuration const& settings);

http::client_tls tls_to_partners(config::configuration const& settings);  // of a data zone: to its edge
http::client_tls tls_to_access_point(config::configuration const& settings);
http::client_tls tls_to_platform(config::configuration const& settings);

// The files of keys and certificates that these name. Every finding, with its place in the configuration.
problems check_wires(config::configuration const& settings);

}  // namespace ehds::node::house
