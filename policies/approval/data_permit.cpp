#include "policies/data_permit.hpp"

#include "policies/json/object_reader.hpp"

namespace ehds::policies {
namespace {

std::vector<std::string_view> const bases{"request_approval", "data_permit"};
std::vector<std::string_view> const states{"live", "suspended", "revoked", "expired"};

json::array written(std::vector<std::string> const& texts) { return {texts.begin(), texts.end()}; }

std::vector<approved_query> read_queries(json::object_reader& in, problems& found) {
  std::vector<approved_query> queries;
  in.each("queries", 1000, [&](json::value const& item, std::string const& pointer) {
    json::object_reader one(item, pointer, "permit", found);
    queries.push_back({one.text("dataset"), one.text("query_hash")});
    one.refuse_others();
  });
  return queries;
}

}  // namespace

std::string_view word_of(legal_basis basis) { return bases[static_cast<std::size_t>(basis)]; }
std::string_view word_of(permit_state state) { return states[static_cast<std::size_t>(state)]; }

std::string to_json(data_permit const& p) {
  json::array queries;
  for (auto const& q : p.queries) queries.push_back(json::object{{"dataset", q.dataset}, {"query_hash", q.query_hash}});
  return json::write(json::object{{"id", p.id},
                                  {"version", p.version},
                                  {"authority", p.authority},
                                  {"basis", word_of(p.basis)},
                                  {"application", p.application},
                                  {"protocol", p.protocol},
                                  {"queries", std::move(queries)},
                                  {"valid_from", to_text(p.valid_from)},
                                  {"valid_to", to_text(p.valid_to)},
                                  {"state", word_of(p.state)},
                                  {"persons", written(p.persons)},
                                  {"opt_out_snapshot", to_text(p.opt_out_snapshot)},
                                  {"obligations", written(p.obligations)},
                                  {"disclosure_policy", p.disclosure_policy}});
}

result<data_permit> read_data_permit(std::string_view text) {
  auto const root = json::read(text);
  if (!root) return root.error();
  problems found;
  json::object_reader in(*root, "", "permit", found);
  data_permit p;
  p.id = in.text("id");
  p.version = in.number("version", 1, 1'000'000);
  p.authority = in.text("authority");
  p.basis = static_cast<legal_basis>(in.one_of("basis", bases));
  p.application = in.text("application");
  p.protocol = in.text("protocol");
  p.queries = read_queries(in, found);
  p.valid_from = in.day("valid_from");
  p.valid_to = in.day("valid_to");
  p.state = static_cast<permit_state>(in.one_of("state", states));
  p.persons = in.texts_or_none("persons");
  p.opt_out_snapshot = in.day("opt_out_snapshot");
  p.obligations = in.texts_or_none("obligations");
  p.disclosure_policy = in.text("disclosure_policy");
  in.refuse_others();
  if (found.empty() && p.valid_to < p.valid_from)
    in.fault("value", "valid_to", "The permit ends before it begins.", "Put the later day here.");
  if (!found.empty()) return std::move(found.front());
  return p;
}

}  // namespace ehds::policies
