#include "node/http/negotiation.hpp"

#include <algorithm>
#include <map>

#include "base/bytes.hpp"
#include "node/http/headers.hpp"
#include "node/http/media_type.hpp"

namespace ehds::node::http {

namespace {

struct wish {
  std::string what;  // lower case
  fields parameters;
  int weight = 1000;  // thousandths
};

// "0.8" as 800; what is malformed counts as 0 (RFC 9110 12.4.2).
int weight_of(std::string_view text) {
  if (text == "1" || text == "1." || text == "1.0" || text == "1.00" || text == "1.000") return 1000;
  if (text == "0") return 0;
  if (!text.starts_with("0.") || text.size() > 5) return 0;
  int weight = 0, unit = 100;
  for (char const c : text.substr(2)) {
    if (c < '0' || c > '9') return 0;
    weight += (c - '0') * unit;
    unit /= 10;
  }
  return weight;
}

std::vector<wish> wishes(std::string_view text) {
  std::vector<wish> all;
  while (!text.empty() && all.size() < 64) {
    auto const end = std::min(text.find(','), text.size());
    auto const read = parse_media_type(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!read) continue;
    wish one{read->essence, {}, 1000};
    for (auto const& p : read->parameters) {
      if (p.name == "q") {
        one.weight = weight_of(p.value);
        break;
      }
      one.parameters.add(p.name, p.value);
    }
    all.push_back(std::move(one));
  }
  return all;
}

// How exactly a range names the offer: 0 not at all, then */*, type/*, type/subtype, and with each parameter more.
int exactness(wish const& range, media_type const& offer) {
  if (range.what == "*/*" || range.what == "*") return 1;
  auto const slash = range.what.find('/');
  if (range.what.ends_with("/*") && offer.essence.substr(0, offer.essence.find('/')) == range.what.substr(0, slash))
    return 2;
  if (range.what != offer.essence) return 0;
  auto const agreed = [&](field const& p) {
    return !offer.parameters.has(p.name) || offer.parameters.value(p.name) == p.value;
  };
  if (!std::ranges::all_of(range.parameters, agreed)) return 0;
  return 3 + static_cast<int>(range.parameters.size());
}

int liking(std::vector<wish> const& accepted, std::string const& text) {
  auto const offer = parse_media_type(text);
  if (!offer) return 0;
  int weight = 0, exactest = 0;
  for (auto const& range : accepted) {
    auto const e = exactness(range, *offer);
    if (e > exactest) {
      exactest = e;
      weight = range.weight;
    }
  }
  return weight;
}

}  // namespace

std::optional<std::string> best_media_type(std::string_view accept, std::vector<std::string> const& offers) {
  if (offers.empty()) return std::nullopt;
  auto const accepted = wishes(accept);
  if (accepted.empty()) return offers.front();
  std::optional<std::string> best;
  int best_weight = 0;
  for (auto const& offer : offers) {
    auto const weight = liking(accepted, offer);
    if (weight > best_weight) {
      best_weight = weight;
      best = offer;
    }
  }
  return best;
}

std::string best_language(std::string_view accept_language, std::vector<std::string> const& offers) {
  std::multimap<int, wish, std::greater<>> accepted;  // equal weights stay in order
  for (auto& w : wishes(accept_language))
    if (w.weight > 0) accepted.emplace(w.weight, std::move(w));
  for (auto const& [weight, w] : accepted) {
    for (auto range = w.what; !range.empty();) {
      for (auto const& offer : offers)
        if (lower(offer) == range) return offer;
      auto const dash = range.rfind('-');
      range = dash == std::string::npos ? std::string{} : range.substr(0, dash);
    }
  }
  return offers.empty() ? std::string{} : offers.front();
}

std::string strong_etag(std::string_view bytes) { return "\"" + sha256_hex(bytes).substr(0, 32) + "\""; }

bool has_current(request const& asked, std::string_view etag) {
  auto const weak = [](std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; };
  auto const held = asked.headers.all("If-None-Match");
  std::string_view rest = held;
  while (!rest.empty()) {
    auto const end = std::min(rest.find(','), rest.size());
    auto const tag = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (tag == "*" || (!tag.empty() && weak(tag) == weak(etag))) return true;
  }
  return false;
}

}  // namespace ehds::node::http
