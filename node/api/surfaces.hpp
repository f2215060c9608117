#pragma once
// The surfaces of the node, a file each; routes.cpp puts them on one page. Handlers refer to `house`, which must
// outlive the server. Thin: parse, call, render.
#include <vector>

#include "node/api/rooms.hpp"
#include "node/http/router.hpp"

namespace ehds::node::api {

std::vector<http::route> session_routes(rooms& house);       // sign in and out
std::vector<http::route> key_routes(rooms& house);           // keys of national systems
std::vector<http::route> operations_routes(rooms& house);    // livez, readyz, metrics, openapi.json, rehearsal clock
std::vector<http::route> catalogue_routes(rooms& house);     // search, records, variables, harvest, ingest
std::vector<http::route> centre_routes(rooms& house);        // the single application, at the centre
std::vector<http::route> case_routes(rooms& house);          // the officers' desk
std::vector<http::route> dispatcher_routes(rooms& house);    // the National Dispatcher's REST operations
std::vector<http::route> federation_routes(rooms& house);    // questions asked, queries answered
std::vector<http::route> zone_routes(rooms& house);          // what the data zone pulls, on the internal side only
std::vector<http::route> public_routes(rooms& house);        // register, permits' keys and revocations
std::vector<http::route> ledger_routes(rooms& house);        // messages, audit
std::vector<http::route> refusal_routes(rooms& house);       // messages refused at the door
std::vector<http::route> message_routes(rooms& house);       // AS4
std::vector<http::route> test_message_routes(rooms& house);  // is a partner there?
std::vector<http::route> certificate_update_routes(rooms& house);  // certificates rolled over by messages
std::vector<http::route> back_end_routes(rooms& house);            // messages of the country's own programs
std::vector<http::route> wsplugin_routes(rooms& house);            // the same for programs written for Domibus
std::vector<http::route> push_routes(rooms& house);  // notices of the country's own Domibus, on the internal side

// Everything of the public side; and of the internal one.
http::router public_router(rooms& house);
http::router internal_router(rooms& house);

}  // namespace ehds::node::api
