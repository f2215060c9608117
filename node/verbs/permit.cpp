// ehds-node permit verify FILE --jwks FILE: is this permit signed by one of these keys, and what does it say?
#include <iostream>

#include "node/identity/jws.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {
namespace {

std::string without_blanks_around(std::string text) {
  auto const first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

int permit(words const& given) {
  auto const read = arguments::read(given, {{"--jwks", "--type"}, {}, 2, 2});
  if (!read || read->words()[0] != "verify")
    return complain("usage: ehds-node permit verify FILE --jwks KEYS.json [--type permit+jwt]", 2);
  if (!read->has("--jwks"))
    return complain("give the authority's published keys: --jwks FILE (from its /.well-known/jwks.json)", 2);
  std::string compact;
  std::string jwks;
  if (!slurp(read->words()[1], compact) || !slurp(read->value("--jwks"), jwks)) return 2;
  auto const known = identity::parse_jwks(jwks);
  if (!known) return complain(to_text(known.error()), 2);
  auto const verified =
      identity::verify_jws(without_blanks_around(compact), read->value("--type", "permit+jwt"), *known);
  if (!verified) return complain(to_text(verified.error()), 1);
  std::cout << verified->payload << '\n';
  return 0;
}

}  // namespace ehds::node::verbs
