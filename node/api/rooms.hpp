#pragma once
// Everything the surfaces talk to, built and owned by the main program. A pointer is null where this node does not play
// that part: the centre has no case desk, a national node no application centre, an edge without data no engine.
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "node/exchange/test_message.hpp"
#include "node/identity/accounts.hpp"
#include "node/identity/api_keys.hpp"
#include "node/identity/sessions.hpp"

namespace ehds::edelivery::backend {
struct push_notice;
}
namespace ehds::node::access {
class application_centre;
class case_desk;
class permit_book;
class public_register;
}  // namespace ehds::node::access
namespace ehds::node::audit {
struct checkpoint_signer;
}
namespace ehds::node::catalogue {
class record_book;
class record_search;
}  // namespace ehds::node::catalogue
namespace ehds::node::exchange {
class certificate_updates;
class dispatcher;
}  // namespace ehds::node::exchange
namespace ehds::node::federation {
class jobs;
class questions;
}  // namespace ehds::node::federation
namespace ehds::node::identity {
struct certificate_report;
}
namespace ehds::node::telemetry {
class health_registry;
class metrics_registry;
}  // namespace ehds::node::telemetry

namespace ehds::node::api {

struct node_name {
  std::string id;       // "FR"
  std::string name;     // "Health Data Hub (demo)"
  std::string country;  // "FR"; "EU" for the centre
  bool central = false;
  std::string base_url;
};

struct rooms {
  node_name self;
  store::database* db = nullptr;
  clock const* wall = nullptr;
  // Moves the clock forward and remembers it; empty unless this is a rehearsal.
  std::function<result<void>(std::chrono::milliseconds by)> move_clock;
  std::function<std::chrono::milliseconds()> clock_shift;  // how far it was moved; empty unless this is a rehearsal
  identity::accounts* accounts = nullptr;
  identity::sessions* sessions = nullptr;
  identity::api_keys* api_keys = nullptr;
  access::case_desk* desk = nullptr;
  access::permit_book* permits = nullptr;
  access::public_register* public_entries = nullptr;
  access::application_centre* centre = nullptr;
  federation::questions* questions = nullptr;
  federation::jobs* jobs = nullptr;
  catalogue::record_book* records = nullptr;
  catalogue::record_search* search = nullptr;
  exchange::dispatcher* messages = nullptr;
  exchange::certificate_updates* updates = nullptr;
  std::filesystem::path keys;  // the folder of ours
  audit::checkpoint_signer const* audit_signer = nullptr;
  telemetry::health_registry* health = nullptr;
  telemetry::metrics_registry* metrics = nullptr;
  std::function<identity::certificate_report()> certificates;  // empty where no messages are exchanged
  std::size_t message_bytes = 64 * 1024 * 1024;                // one AS4 message
  std::string jwks;                                            // the authority's published keys
  // Where a Domibus is the access point: what it pushes; it alone speaks AS4 then. Empty: this node does.
  std::function<void(edelivery::backend::push_notice const&)> take_push;
  std::string push_user;  // with which it pushes messages whole; empty: none are taken
  std::string push_password;
  exchange::silence_lookup silence_of;  // of a partner that does not answer
  std::function<void()> nudge;          // wakes the background work: there may be something to send
};

}  // namespace ehds::node::api
