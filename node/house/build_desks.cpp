// Catalogue, the desk of the authority or of the centre, and federation: wired to outbox, audit log and keys.
#include "node/access/permits/query_permit.hpp"
#include "node/house/parts.hpp"
#include "node/house/sealed_permit.hpp"
#include "node/house/surroundings.hpp"
#include "node/identity/jws.hpp"
#include "policies/packs/country_pack.hpp"

namespace ehds::node::house {
namespace {

access::access_ports ports_of(house::parts& p) {
  access::access_ports ports;
  ports.post = [&p](store::transaction& tx, access::outgoing_business_message const& m) -> result<void> {
    auto const id = p.messages->post(tx, {.to_nation = m.to_nation,
                                          .action = m.action,
                                          .content = m.content_json,
                                          .attachments = m.attachments_zip,
                                          .original_message_id = m.in_reply_to,
                                          .conversation_id = {},
                                          .subject = m.application_id});
    if (!id) return id.error();
    return {};
  };
  ports.audit = [](store::transaction& tx, access::audit_note const& note) -> result<void> {
    audit::append(tx, note.at, {note.actor, note.action, note.object, note.outcome});
    return {};
  };
  ports.sign = [&p](std::string_view payload, std::string_view type) -> result<std::string> {
    return identity::sign_jws(payload, type, *p.authority_key);
  };
  return ports;
}

federation::links links_of(house::parts& p) {
  federation::links links;
  links.post = [&p](store::transaction& tx, federation::partner_message const& m) -> result<void> {
    auto const id = p.messages->post(tx, {.to_nation = m.partner,
                                          .action = m.action,
                                          .content = m.content,
                                          .subject = m.business_id,
                                          .service = std::string(exchange::partners_service)});
    if (!id) return id.error();
    return {};
  };
  links.record = [&p](store::transaction& tx, federation::audited const& entry) {
    audit::append(tx, p.wall.now(),
                  {entry.actor, entry.action, entry.object, entry.outcome, {{"detail", entry.detail}}});
  };
  links.find_permit = [](store::reading& now, federation::permit_wanted const& wanted) {
    return access::permit_for_query(now,
                                    {wanted.dataset, wanted.hash, wanted.protocol, wanted.caller, wanted.application});
  };
  links.seal_permit = seal_permit;
  return links;
}

}  // namespace

findings build_catalogue(house::parts& p) {
  auto pack = dcat::shipped_release_pack(p.settings.catalogue.release);
  if (!pack) return {pack.error()};
  p.pack = std::move(*pack);
  p.rules.emplace(*p.pack);
  auto const post = [&p](store::transaction& tx, catalogue::dataset_message const& m) {
    return p.messages->post(tx, {.to_nation = "EU", .action = m.action, .content = m.content, .subject = m.identifier});
  };
  auto const record = [&p](store::transaction& tx, std::string_view actor, std::string_view action,
                           std::string_view object) {
    audit::append(tx, p.wall.now(), {std::string(actor), std::string(action), std::string(object), "done"});
  };
  p.records = std::make_unique<catalogue::record_book>(
      *p.db, p.wall, *p.pack, *p.rules, catalogue::book_settings{p.settings.node.id, "EU"}, post, record);
  p.search = std::make_unique<catalogue::record_search>(*p.records);
  if (p.settings.catalogue.records.empty()) return {};
  findings found;
  for (auto const& one : p.records->read_folder(p.settings.catalogue.records.string(), "node"))
    found.push_back(placed(one, "/catalogue/records"));
  return found;
}

findings build_access(house::parts& p) {
  p.permits = std::make_unique<access::permit_book>(*p.db);
  if (p.is_central()) {
    p.centre = std::make_unique<access::application_centre>(*p.db, p.wall, ports_of(p));
    return {};
  }
  access::desk_settings settings;
  settings.country = p.settings.node.country;
  settings.authorities = {{p.settings.node.id + "-HDAB", p.settings.authority.name}};
  p.public_entries = std::make_unique<access::public_register>(*p.db);
  p.desk = std::make_unique<access::case_desk>(*p.db, p.wall, settings, ports_of(p));
  return {};
}

findings build_federation(house::parts& p) {
  if (p.is_central()) return {};
  auto const pack = policies::read_country_pack_file(p.settings.policy_pack);
  if (!pack) return {pack.error()};
  // Where the pack has no rule for a dataset, a person looks.
  auto const releases_of = [pack = *pack](std::string_view dataset) {
    auto const policy = policies::policy_for(pack, dataset);
    return policy && !policy->officer_releases ? federation::release_by::nobody : federation::release_by::officer;
  };
  p.jobs = std::make_unique<federation::jobs>(*p.db, p.wall, links_of(p),
                                              federation::job_settings{p.settings.node.id, releases_of});
  p.questions = std::make_unique<federation::questions>(
      *p.db, p.wall, links_of(p), p.settings.node.id, [&p](auto& tx, auto& own) { return p.jobs->take_own(tx, own); });
  p.jobs->answers_own_questions_by({[&p](auto& tx, auto part, auto table) { p.questions->answer_own(tx, part, table); },
                                    [&p](auto& tx, auto part) { p.questions->refuse_own(tx, part); }});
  return {};
}

}  // namespace ehds::node::house
