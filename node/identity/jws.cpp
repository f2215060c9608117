#include "node/identity/jws.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/bytes.hpp"
#include "base/json.hpp"

namespace ehds::node::identity {

namespace {

using json = nlohmann::json;
constexpr std::size_t most_bytes = 1024 * 1024;
constexpr std::size_t most_header_bytes = 4096;

problem bad(char const* part, char const* why) {
  return {std::string{"jws."} + part, why, "", "Ask the authority for the permit again."};
}

// Base64url has several spellings of the same bytes when its last bits are not zero; one is taken.
std::optional<std::string> decoded(std::string_view text) {
  auto bytes = from_base64url(text);
  if (!bytes || to_base64url(*bytes) != text) return std::nullopt;
  return *std::move(bytes);
}

// A JSON object without a member twice: two readers must not see two headers.
std::optional<json> strict_object(std::string_view text, std::size_t most_depth) {
  if (nested_deeper_than(text, most_depth)) return std::nullopt;
  member_watch<json> watch;
  auto read = json::parse(text, std::ref(watch), false);
  if (watch.twice() || !read.is_object()) return std::nullopt;
  return read;
}

std::string member_text(json const& object, char const* name) {
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

// The id of the key that the header names, when the header is exactly what we write.
result<std::string> checked_header(std::string_view text, std::string_view type) {
  auto const header = strict_object(text, 4);
  if (!header) return bad("header", "The header of the signed text is no proper JSON object.");
  for (auto const& [name, value] : header->items()) {
    if (name != "alg" && name != "kid" && name != "typ") {
      return bad("header", "The header of the signed text holds a member that is not accepted.");
    }
  }
  if (member_text(*header, "alg") != "EdDSA")
    return bad("header", "The signed text names another algorithm than EdDSA.");
  if (member_text(*header, "typ") != type) return bad("header", "The signed text is of another type.");
  auto id = member_text(*header, "kid");
  if (id.empty()) return bad("header", "The signed text names no key.");
  return id;
}

}  // namespace

std::string sign_jws(std::string_view payload, std::string_view type, signing_key const& key) {
  json const header{{"alg", "EdDSA"}, {"kid", key.id()}, {"typ", type}};
  auto const signed_part = to_base64url(header.dump()) + "." + to_base64url(payload);
  return signed_part + "." + to_base64url(key.sign(signed_part));
}

result<verified_jws> verify_jws(std::string_view compact, std::string_view type,
                                std::vector<verifying_key> const& keys) {
  if (compact.size() > most_bytes) return bad("syntax", "The signed text is larger than 1 MiB.");
  auto const first = compact.find('.');
  auto const last = compact.rfind('.');
  if (first == std::string_view::npos || first == last || compact.find('.', first + 1) != last) {
    return bad("syntax", "The signed text does not have three parts.");
  }
  auto const header = first <= most_header_bytes ? decoded(compact.substr(0, first)) : std::nullopt;
  auto payload = decoded(compact.substr(first + 1, last - first - 1));
  auto const signature = decoded(compact.substr(last + 1));
  if (!header || !payload || !signature) return bad("syntax", "A part of the signed text is not proper base64url.");
  auto id = checked_header(*header, type);
  if (!id) return id.error();
  auto const key = std::ranges::find_if(keys, [&](verifying_key const& k) { return k.id() == *id; });
  if (key == keys.end()) return bad("key", "The signed text names a key that this authority does not publish.");
  if (!key->verifies(compact.substr(0, last), *signature)) {
    return bad("signature", "The signature does not fit: the text was changed after signing.");
  }
  return verified_jws{*std::move(payload), *std::move(id)};
}

std::string to_jwks(std::vector<verifying_key> const& keys) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (auto const& k : keys) {
    list.push_back({{"kty", "OKP"},
                    {"crv", "Ed25519"},
                    {"x", to_base64url(k.raw())},
                    {"kid", k.id()},
                    {"use", "sig"},
                    {"alg", "EdDSA"}});
  }
  return nlohmann::ordered_json{{"keys", list}}.dump(2) + "\n";
}

result<std::vector<verifying_key>> parse_jwks(std::string_view text) {
  auto const unreadable = problem{"jwks.syntax", "This is no JSON Web Key Set.", "", "Expected {\"keys\": [...]}."};
  auto const set = text.size() <= most_bytes ? strict_object(text, 8) : std::nullopt;
  if (!set || !set->contains("keys") || !set->at("keys").is_array()) return unreadable;
  std::vector<verifying_key> keys;
  for (auto const& k : set->at("keys")) {
    if (!k.is_object()) return unreadable;
    if (member_text(k, "kty") != "OKP" || member_text(k, "crv") != "Ed25519") continue;
    auto const raw = decoded(member_text(k, "x"));
    if (!raw) return unreadable;
    auto key = verifying_key::from_raw(*raw);
    if (!key) return unreadable;
    keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace ehds::node::identity
