#include "edelivery/pmode/import_domibus.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "base/numbers.hpp"
#include "edelivery/ebms/user_message.hpp"
#include "edelivery/mime/write_multipart.hpp"
#include "edelivery/pmode/domibus_elements.hpp"

namespace ehds::edelivery {

namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t most_notes = 1000;
constexpr std::size_t most_pmodes = 10'000;

// Who speaks to whom in one leg of a process.
enum class leg_way { from_initiator, from_responder };

class importer {
 public:
  importer(domibus_elements const& file, xml::node us) : file_(file), us_(us), our_name_(attribute_of(us, "name")) {
    said_ = file.found();
  }

  imported_pmodes run() {
    for (auto const& process : file_.all("process")) take_process(process);
    if (file_.all("mpc").size() > 0)
      note("retention", "how long messages are kept is not taken over", file_.all("mpc").front(),
           "nothing is deleted here before its time: see the node's own limits");
    json list = json::array();
    for (auto const& id : ids_) list.push_back(made_.at(id));
    return {json{{"pmodes", list}}.dump(2), ids_.size(), std::move(said_)};
  }

 private:
  void note(std::string_view what, std::string detail, xml::node at, std::string mend) {
    problem told{"edelivery.pmode.import." + std::string{what}, std::move(detail), place_of(at), std::move(mend)};
    if (said_.size() < most_notes && std::ranges::find(said_, told) == said_.end()) said_.push_back(std::move(told));
  }

  std::string value_behind(xml::node from, std::string_view reference, std::string_view kind, std::string_view value) {
    auto const found = file_.follow(from, reference, kind);
    if (found) return attribute_of(*found, value);
    note("dangling", "there is no <" + std::string{kind} + "> of the name that " + std::string{reference} + " gives",
         from, "correct the name in Domibus and export again");
    return {};
  }

  void take_process(xml::node process) {
    auto const initiators = names_inside(process, "initiatorParties", "initiatorParty");
    auto const responders = names_inside(process, "responderParties", "responderParty");
    auto const is_in = [&](std::vector<std::string> const& names) { return std::ranges::count(names, our_name_) > 0; };
    if (initiators.empty() || responders.empty()) {
      note("dynamic", "a process without named parties on both sides needs dynamic discovery", process,
           "agree on P-Modes with each partner by name");
      return;
    }
    if (!is_in(initiators) && !is_in(responders)) return;  // between others
    auto const mep = value_behind(process, "mep", "mep", "value");
    auto const binding = value_behind(process, "binding", "binding", "value");
    bool const two_way = mep.ends_with("/twoWay") && binding.ends_with("/pushAndPush");
    bool const pulls = mep.ends_with("/oneWay") && binding.ends_with("/pull");
    if (!two_way && !pulls && (!mep.ends_with("/oneWay") || !binding.ends_with("/push"))) {
      note("exchange_pattern",
           "the exchange pattern of the process is neither one-way push or pull nor two-way push and push", process,
           "agree on one of these with the partner");
      return;
    }
    if (two_way)
      note("answers", "which P-Mode answers which is not written", process,
           "write \"answers\" with the id of the request's P-Mode into that of the answer");
    std::size_t number = 0;
    for (auto const& name : names_inside(process, "legs", "leg")) {
      bool const is_answer = two_way && ++number == 2;
      auto const way = pulls || is_answer ? leg_way::from_responder : leg_way::from_initiator;
      auto const leg = file_.find("legConfiguration", name);
      if (!leg) {
        note("dangling", "the process names a leg that is not configured: " + name.substr(0, 100), process,
             "correct the name in Domibus and export again");
        continue;
      }
      auto const& senders = way == leg_way::from_initiator ? initiators : responders;
      auto const& receivers = way == leg_way::from_initiator ? responders : initiators;
      auto const to = is_in(senders) ? receivers : std::vector<std::string>{};
      auto const from = is_in(receivers) ? senders : std::vector<std::string>{};
      if (pulls) {  // one direction a P-Mode
        take_leg(process, *leg, to, {}, "pull");
        take_leg(process, *leg, {}, from, "pull");
      } else {
        take_leg(process, *leg, to, from, "push");
      }
    }
  }

  // One P-Mode for each partner; legs that differ in the action alone share it.
  void take_leg(xml::node process, xml::node leg, std::vector<std::string> const& to,
                std::vector<std::string> const& from, std::string_view binding) {
    auto common = describe_leg(process, leg);
    if (!common || (to.empty() && from.empty())) return;
    if (binding == "pull") {
      if (!common->contains("mpc")) {
        note("channel", "messages of the default channel cannot be pulled: a channel belongs to one receiver", leg,
             "agree on a channel for each party that pulls");
        return;
      }
      (*common)["binding"] = binding;
    }
    auto const action = value_behind(leg, "action", "action", "value");
    std::set<std::string> partners(to.begin(), to.end());
    partners.insert(from.begin(), from.end());
    partners.erase(our_name_);
    for (auto const& name : partners) {
      auto const partner = file_.find("party", name);
      if (!partner) {
        note("dangling", "the process names a party that is not defined: " + name.substr(0, 100), process,
             "correct the name in Domibus and export again");
        continue;
      }
      bool const sends = std::ranges::count(to, name) > 0;
      bool const receives = std::ranges::count(from, name) > 0;
      auto mode = *common;
      mode["direction"] = sends && receives ? "both" : sends ? "send" : "receive";
      add(attribute_of(process, "name"), attribute_of(leg, "name"), mode, *partner, action);
    }
  }

  void add(std::string const& process, std::string const& leg, json mode, xml::node partner,
           std::string const& action) {
    auto const name = attribute_of(partner, "name");
    mode["us"] = party(us_);
    mode["partner"] = party(partner);
    auto const address = attribute_of(partner, "endpoint");
    if (address.starts_with("http://") || address.starts_with("https://"))
      mode["address"] = address;
    else
      note("address", "the endpoint of the party is neither http nor https", partner,
           "add the address by hand to each P-Mode with this partner");
    mode["certificates"] = {{"partner_signing", {name + ".pem"}}};
    if (mode["direction"] != "receive") mode["certificates"]["partner_encryption"] = name + ".pem";
    note("certificate", "certificates are not in the file; " + name.substr(0, 100) + ".pem is named in their place",
         partner, "export the partner's entry from the trust store of Domibus into that file beside the P-Modes");
    auto& alike = alike_[{process, name}];
    for (auto const& id : alike) {
      auto& made = made_.at(id);
      if (!differs_in_actions_alone(made, mode)) continue;
      made["actions"].push_back(action);
      return;
    }
    std::string id = process + "-" + name;
    if (made_.contains(id)) id += "-" + leg;
    if (made_.contains(id)) return;  // the leg stands in the process twice
    if (ids_.size() >= most_pmodes) {
      note("too_many", "the file makes more than 10000 P-Modes; the rest is left out", partner, "import it in pieces");
      return;
    }
    json whole{{"id", id}};
    whole.update(mode);
    whole["actions"] = json::array({action});
    made_.emplace(id, whole);
    alike.push_back(id);
    ids_.push_back(id);
  }

  static bool differs_in_actions_alone(json const& made, json const& mode) {
    auto without = made;
    without.erase("id");
    without.erase("actions");
    return without == mode;
  }

  json party(xml::node element) {
    auto const ids = names_inside(element, "", "identifier", "partyId");
    if (ids.size() > 1)
      note("identifiers", "the party has several identifiers; the first one is taken", element,
           "the profile allows one: check that it is the agreed one");
    json named{{"id", ids.empty() ? "" : ids.front()}, {"type", ""}};
    for (auto const& each : element.children()) {
      if (each.name() != "identifier") continue;
      if (each.attribute("partyIdType")) named["type"] = value_behind(each, "partyIdType", "partyIdType", "value");
      break;
    }
    if (!attribute_of(element, "userName").empty())
      note("user_name", "user name and password of the party are not used", element,
           "partners are known by certificate");
    return named;
  }

  // What a leg says beside its parties; nothing when we must not speak that way.
  std::optional<json> describe_leg(xml::node process, xml::node leg) {
    auto const service = file_.follow(leg, "service", "service");
    if (!service) {
      value_behind(leg, "service", "service", "value");
      return std::nullopt;
    }
    if (attribute_of(*service, "value") == test_service) {
      note("test_service", "the test service needs no P-Mode of its own", leg, "nothing: test messages are answered");
      return std::nullopt;
    }
    json mode;
    if (!take_security(leg, mode)) return std::nullopt;
    mode["service"] = {{"value", attribute_of(*service, "value")}};
    if (auto const type = attribute_of(*service, "type"); !type.empty()) mode["service"]["type"] = type;
    mode["roles"] = {{"initiator", value_behind(process, "initiatorRole", "role", "value")},
                     {"responder", value_behind(process, "responderRole", "role", "value")}};
    if (!attribute_of(process, "agreement").empty()) take_agreement(process, mode);
    auto const mpc = value_behind(leg, "defaultMpc", "mpc", "qualifiedName");
    if (!mpc.empty() && mpc != default_mpc) mode["mpc"] = mpc;
    mode["compress"] = attribute_of(leg, "compressPayloads") != "false";
    take_reception_awareness(leg, mode);
    take_profiles(leg, mode);
    return mode;
  }

  void take_agreement(xml::node process, json& mode) {
    auto const agreement = file_.follow(process, "agreement", "agreement");
    auto const value = value_behind(process, "agreement", "agreement", "value");
    if (value.empty()) return;
    mode["agreement"] = {{"value", value}};
    if (auto const type = attribute_of(*agreement, "type"); !type.empty()) mode["agreement"]["type"] = type;
  }

  bool take_security(xml::node leg, json& mode) {
    auto const security = file_.follow(leg, "security", "security");
    auto const policy = value_behind(leg, "security", "security", "policy");
    if (!security) return false;
    auto const method = attribute_of(*security, "signatureMethod");
    if (policy.find("doNothing") != std::string::npos) {
      note("unsigned", "messages of this security are not signed", *security, "agree on signed messages");
      return false;
    }
    if (attribute_of(*security, "profile") == "ECC" || !(method.empty() || method == "RSA_SHA256")) {
      note("algorithms", "the algorithms of this security are not those of eDelivery AS4 1.15", *security,
           "write security.profile of these P-Modes by hand after agreeing on a profile");
      return false;
    }
    mode["security"] = {{"profile", "edelivery-1.15-rsa"},
                        {"encryption", policy.find("signOnly") != std::string::npos ? "none" : "required"}};
    if (!policy.starts_with("eDeliveryAS4Policy") && policy.find("signOnly") == std::string::npos)
      note("policy",
           "what stands in the policy file " + policy.substr(0, 100) +
               " is not known; the profile's own "
               "algorithms are taken, with encryption",
           *security, "compare the policy with eDelivery AS4 1.15");
    return true;
  }

  // "timeout in minutes;retries;CONSTANT"
  void take_reception_awareness(xml::node leg, json& mode) {
    auto const awareness = file_.follow(leg, "receptionAwareness", "receptionAwareness");
    auto const retry = value_behind(leg, "receptionAwareness", "receptionAwareness", "retry");
    if (!awareness) return;
    auto const first = retry.find(';');
    auto const second = retry.find(';', first == std::string::npos ? first : first + 1);
    auto const strategy = second == std::string::npos ? std::string{} : retry.substr(second + 1);
    auto const minutes = parse_number<int>(retry.substr(0, first));
    auto const count =
        second == std::string::npos ? std::nullopt : parse_number<int>(retry.substr(first + 1, second - first - 1));
    if (strategy == "SEND_ONCE") {
      mode["retry"] = {{"max_attempts", 1}};
    } else if (strategy == "CONSTANT" && minutes && count && *minutes > 0 && *count > 0 && *minutes <= 44'640 &&
               *count < 100'000) {
      auto const delay = std::max(1, *minutes * 60 / *count);
      mode["retry"] = {
          {"max_attempts", *count + 1}, {"initial_delay_seconds", delay}, {"factor", 1}, {"max_delay_seconds", delay}};
    } else {
      note("retry", "the retries \"" + retry.substr(0, 60) + "\" are not of the form minutes;count;CONSTANT",
           *awareness, "write \"retry\" by hand, or keep the default: more than eight days");
    }
    if (attribute_of(*awareness, "duplicateDetection") == "false")
      note("duplicates", "duplicates are always detected here", *awareness, "nothing: the profile demands it");
    auto const reliability = file_.follow(leg, "reliability", "reliability");
    if (!reliability) return;
    if (attribute_of(*reliability, "nonRepudiation") == "false" ||
        attribute_of(*reliability, "replyPattern") != "response")
      note("receipts", "receipts are always signed, with non-repudiation information, in the HTTP response",
           *reliability, "agree on that with the partner: the profile demands it");
  }

  void take_profiles(xml::node leg, json& mode) {
    take_properties(leg, mode);
    if (auto const profile = file_.follow(leg, "payloadProfile", "payloadProfile")) {
      auto const most = parse_number<std::uint64_t>(attribute_of(*profile, "maxSize"));
      if (most && *most > 0 && *most <= 4'294'967'296U)
        mode["limits"] = {{"message_bytes", *most}, {"part_bytes", *most}};
      if (auto names = names_in_profile(*profile); !names.empty()) mode["payload_names"] = std::move(names);
      note("payloads", "which payloads a message must have, and of which type, is not checked", *profile,
           "let the application check it");
    }
    if (!attribute_of(leg, "splitting").empty())
      note("splitting", "messages are not split and joined", leg, "large messages are sent whole, as a stream");
    auto const errors = file_.follow(leg, "errorHandling", "errorHandling");
    if (errors && attribute_of(*errors, "errorAsResponse") == "false")
      note("errors", "errors are always answered in the HTTP response", *errors, "nothing: the profile demands it");
  }

  // What the profile calls the parts. One without a name, or in the SOAP body, ends the list: it cannot be sent so.
  std::vector<std::string> names_in_profile(xml::node profile) {
    std::vector<std::string> names;
    for (auto const& attachment : names_inside(profile, "", "attachment")) {
      auto const payload = file_.find("payload", attachment);
      auto cid = payload ? attribute_of(*payload, "cid") : std::string();
      constexpr std::string_view scheme = "cid:";
      if (cid.starts_with(scheme)) cid.erase(0, scheme.size());
      bool const is_in_body = payload && attribute_of(*payload, "inBody") == "true";
      if (is_in_body || !is_safe_content_id(cid) || std::ranges::find(names, cid) != names.end()) break;
      names.push_back(std::move(cid));
    }
    return names;
  }

  void take_properties(xml::node leg, json& mode) {
    auto const set = file_.follow(leg, "propertySet", "propertySet");
    if (!set) return;
    json required = json::array();
    for (auto const& name : names_inside(*set, "", "propertyRef", "property")) {
      auto const property = file_.find("property", name);
      if (property && attribute_of(*property, "required") == "true") required.push_back(attribute_of(*property, "key"));
    }
    if (!required.empty()) mode["required_properties"] = required;
  }

  domibus_elements const& file_;
  xml::node us_;
  std::string our_name_;
  problems said_;
  std::vector<std::string> ids_;  // in the order of the file
  std::map<std::string, json> made_;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> alike_;  // ids by process and partner
};

// By its name, or by one of its identifiers.
std::optional<xml::node> find_party(domibus_elements const& file, std::string_view named) {
  if (auto const found = file.find("party", named)) return found;
  for (auto const& each : file.all("party")) {
    auto const ids = names_inside(each, "", "identifier", "partyId");
    if (std::ranges::count(ids, named) > 0) return each;
  }
  return std::nullopt;
}

}  // namespace

result<imported_pmodes> import_domibus(std::string_view xml, std::string_view our_party) {
  auto const file = domibus_elements::read(xml);
  if (!file) return file.error();
  auto const named = our_party.empty() ? file->own_party() : std::string{our_party};
  auto const us = find_party(*file, named);
  if (us) return importer{*file, *us}.run();
  std::string known;
  for (auto const& each : file->all("party"))
    if (known.size() < 500) known += (known.empty() ? "" : ", ") + attribute_of(each, "name");
  return problem{"edelivery.pmode.import.party", "no party of the file is called \"" + named.substr(0, 100) + "\"", "",
                 "name one of: " + known};
}

}  // namespace ehds::edelivery
