#pragma once
// What a house holds, in the order in which it is built; it is taken down the other way round. Inside this room only.
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "connectors/platform/local_platform.hpp"
#include "dcat/release/pack.hpp"
#include "dcat/validate/validate.hpp"
#include "edelivery/backend/push.hpp"
#include "node/access/cases/case_desk.hpp"
#include "node/access/central/application_centre.hpp"
#include "node/access/permits/permit_book.hpp"
#include "node/access/register/public_register.hpp"
#include "node/api/rooms.hpp"
#include "node/audit/log.hpp"
#include "node/catalogue/record_book.hpp"
#include "node/catalogue/record_search.hpp"
#include "node/config/configuration.hpp"
#include "node/exchange/certificate_updates.hpp"
#include "node/exchange/discovered_partners.hpp"
#include "node/exchange/dispatcher.hpp"
#include "node/exchange/notice_worker.hpp"
#include "node/exchange/plugin_line.hpp"
#include "node/exchange/pull.hpp"
#include "node/exchange/retrieve_worker.hpp"
#include "node/exchange/sender_worker.hpp"
#include "node/federation/jobs.hpp"
#include "node/federation/questions.hpp"
#include "node/federation/zone_line.hpp"
#include "node/federation/zone_runner.hpp"
#include "node/house/background.hpp"
#include "node/house/hand_over_worker.hpp"
#include "node/house/house.hpp"
#include "node/http/client.hpp"
#include "node/http/server.hpp"
#include "node/identity/certificate_report.hpp"
#include "node/identity/revocation_lists.hpp"
#include "node/identity/signing_key.hpp"
#include "node/telemetry/health.hpp"
#include "node/telemetry/log.hpp"
#include "node/telemetry/metrics.hpp"

namespace ehds::node::house {

struct house::parts {
  config::configuration settings;
  shifted_clock wall;  // stands at the system's time unless a rehearsal moved it
  std::mutex clock_guard;
  telemetry::log log{wall};
  telemetry::metrics_registry metrics;
  telemetry::health_registry health;
  http::io_thread io;
  std::unique_ptr<http::client> wire;  // to partners and the edge
  std::unique_ptr<http::client>
      lookup_wire;  // to whom DNS and publishers name: no network of ours, no certificate of ours
  std::unique_ptr<http::client> access_point_wire;  // to the country's Domibus, which has its own authority
  std::unique_ptr<http::client> platform_wire;      // to the platform, which has its own authority
  std::unique_ptr<store::database> db;

  std::optional<identity::signing_key> authority_key;
  std::optional<audit::checkpoint_signer> audit_signer;
  std::optional<edelivery::access_point> us;
  edelivery::pmode_book book;
  std::unique_ptr<identity::list_keeper> lists;  // of revoked certificates; none when no P-Mode names any
  std::unique_ptr<exchange::dispatcher> messages;
  std::unique_ptr<exchange::sender_worker> sender;
  std::unique_ptr<exchange::plugin_line> plugin;  // to the Domibus that is the access point; null: this node is its own
  std::unique_ptr<exchange::retrieve_worker> retrieve;            // from there
  std::unique_ptr<exchange::partner_search> search_for_partners;  // whose access points are looked up; one job
  std::unique_ptr<exchange::certificate_updates> updates;         // of partners' certificates and ours, by messages
  std::unique_ptr<exchange::pull_answers> pull_answers;           // for partners that fetch from us
  std::unique_ptr<exchange::pull_worker> pull;  // from partners we fetch from; one background job each

  std::vector<std::unique_ptr<exchange::notice_worker>> notices;  // one a webhook

  std::unique_ptr<identity::accounts> accounts;
  std::unique_ptr<identity::sessions> sessions;
  std::unique_ptr<identity::api_keys> api_keys;

  std::optional<dcat::release_pack> pack;
  std::optional<dcat::validator> rules;
  std::unique_ptr<catalogue::record_book> records;
  std::unique_ptr<catalogue::record_search> search;

  std::unique_ptr<access::permit_book> permits;
  std::unique_ptr<access::public_register> public_entries;
  std::unique_ptr<access::case_desk> desk;
  std::unique_ptr<access::application_centre> centre;

  std::unique_ptr<federation::jobs> jobs;
  std::unique_ptr<federation::questions> questions;
  std::unique_ptr<federation::zone_runner> zone;
  federation::zone_line line;
  bool zone_has_started = false;  // the edge knows that this zone holds nothing; touched by one background job

  std::unique_ptr<connectors::local_platform> platform;
  std::unique_ptr<hand_over_worker> hand_over;

  api::rooms rooms;
  http::router public_side;
  http::router internal_side;
  std::unique_ptr<background> work;
  std::unique_ptr<http::server> server;

  bool serves_edge() const { return settings.serves_edge(); }
  bool holds_data() const { return settings.holds_data(); }
  bool is_behind_domibus() const { return settings.is_behind_domibus(); }
  bool is_central() const { return settings.is_central(); }
};

// The steps of building, each in its own file. A step that cannot be done says all it found.
using findings = problems;
identity::certificate_report certificates_of(house::parts const& p);
findings open_store(house::parts& p);
findings build_audit(house::parts& p);
findings build_exchange(house::parts& p);
findings stand_behind_domibus(house::parts& p);
void take_push(house::parts& p, edelivery::backend::push_notice const& notice);
findings build_identity(house::parts& p);
findings build_catalogue(house::parts& p);
findings build_access(house::parts& p);
findings build_federation(house::parts& p);
findings build_zone(house::parts& p);
findings build_platform(house::parts& p);
void wire_messages(house::parts& p);
void add_background_work(house::parts& p);
void open_doors(house::parts& p);  // fills rooms and routers
// Both keep the shift in the store first.
result<void> move_clock(house::parts& p, std::chrono::milliseconds by);
void follow_clock(house::parts& p, std::chrono::milliseconds shift);
void watch(house::parts& p);  // metrics, and the checks of readiness

}  // namespace ehds::node::house
