// Records on the wire: HealthDCAT-AP as RDF/XML text inside a JSON message, as the central platform takes it.
#include <nlohmann/json.hpp>

#include "dcat/publish/export_dataset.hpp"
#include "dcat/rdf/read.hpp"
#include "node/catalogue/prepared_record.hpp"

namespace ehds::node::catalogue {
namespace {

using nlohmann::json;

problem misshapen(std::string where, std::string mend) {
  return {"catalogue.message", "the message is not what its action asks for", std::move(where), std::move(mend)};
}

std::string problems_text(problems const& found) {
  json all = json::array();
  for (auto const& p : found)
    all.push_back({{"code", p.code}, {"detail", p.detail}, {"where", p.where}, {"mend", p.mend}});
  return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string text_in(json const& object, char const* member) {
  auto const found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace

result<void> record_book::send(store::transaction& tx, std::string_view id, std::string_view action) {
  auto const row = tx.first(
      "SELECT v.triples, r.version, r.record FROM catalogue_version v JOIN catalogue_record r ON r.id = v.id AND "
      "r.version = "
      "v.version WHERE r.id = ?",
      id);
  auto const graph = dcat::read_rdf(row->text(0), dcat::syntax::ntriples);
  if (!graph) return graph.error();
  auto const payload = dcat::export_rdfxml(*graph, dcat::record_from_json(row->text(2)).value().iri, pack_);
  if (!payload) return payload.error();
  json const content{{"operation", action}, {"identifier", id}, {"payload", *payload}};
  auto const message = post_(tx, {std::string(action), std::string(id), content.dump()});
  if (!message) return message.error();
  tx.run(
      "UPDATE catalogue_record SET publication_state = 'sent', publication_message = ?, publication_version = ?, "
      "publication_problems = '[]' WHERE id = ?",
      *message, row->integer(1), id);
  return {};
}

problems record_book::receive(store::transaction& tx, incoming_dataset const& message) {
  auto const content = json::parse(message.content, nullptr, false);
  if (!content.is_object()) return {misshapen("/content", "send {\"operation\", \"identifier\", \"payload\"}")};
  if (text_in(content, "operation") != message.action)
    return {misshapen("/content/operation", "repeat the action of the message")};
  auto const identifier = text_in(content, "identifier");
  if (identifier.empty()) return {misshapen("/content/identifier", "give the dct:identifier of the record")};
  origin const from{message.nation, message.access_point, message.message_id};
  if (message.action == "deleteDataset") return take_deletion(tx, identifier, from);
  auto const ready = prepare(text_in(content, "payload"), dcat::syntax::rdfxml);
  if (!ready) return ready.error();
  if (ready->record.identifier != identifier)
    return {misshapen("/content/identifier", "give the same identifier as the record")};
  put_outcome outcome;
  auto refused = keep(tx, *ready, from, outcome);
  if (refused.empty()) record_(tx, "access_point:" + message.access_point, "record." + message.action, outcome.id);
  return refused;
}

problems record_book::take_deletion(store::transaction& tx, std::string_view identifier, origin const& from) {
  auto const id = id_at_centre(from.nation, identifier);
  auto const known = tx.first("SELECT nation, deleted FROM catalogue_record WHERE id = ?", id);
  if (!known || known->text(0) != from.nation)
    return {{"catalogue.unknown", "this nation has no such record here", std::string(identifier), {}}};
  if (known->truth(1)) return {};
  mark_deleted(tx, id);
  record_(tx, "access_point:" + from.access_point, "record.deleteDataset", id);
  return {};
}

void record_book::receive_verdict(store::transaction& tx, std::string_view original_message_id, bool valid,
                                  problems const& found) {
  tx.run("UPDATE catalogue_record SET publication_state = ?, publication_problems = ? WHERE publication_message = ?",
         valid ? "accepted" : "refused", problems_text(found), original_message_id);
}

void record_book::note_delivery(store::transaction& tx, std::string_view message_id, bool delivered,
                                std::string_view reason) {
  problems why;
  if (!delivered)
    why.push_back({"catalogue.undelivered", std::string(reason), std::string(message_id),
                   "ask an operator to send the message again"});
  tx.run(
      "UPDATE catalogue_record SET publication_state = ?, publication_problems = ? WHERE publication_message = ? AND "
      "publication_state = ?",
      delivered ? "sent" : "failed", problems_text(why), message_id, delivered ? "failed" : "sent");
}

}  // namespace ehds::node::catalogue
