#include "node/pages/visit.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "node/api/answers.hpp"
#include "node/api/gate.hpp"
#include "node/http/negotiation.hpp"
#include "node/pages/navigation.hpp"
#include "node/pages/page_files.hpp"

namespace ehds::node::pages {
namespace {

constexpr std::string_view visitor_cookie = "ehds_visitor";
constexpr std::string_view language_cookie = "ehds_lang";
constexpr int a_year = 365 * 24 * 3600;
constexpr std::size_t token_length = 36;

bool is_language(std::string_view text) {
  return std::ranges::find(fixed_texts::languages(), text) != fixed_texts::languages().end();
}

std::string language_of(http::request const& asked) {
  if (auto const wanted = asked.query_value("lang"); is_language(wanted)) return std::string(wanted);
  if (auto const kept = asked.cookie(language_cookie); is_language(kept)) return std::string(kept);
  return http::best_language(asked.header("Accept-Language"), fixed_texts::languages());
}

// A browser says where a request comes from; old ones say nothing, the token remains.
bool comes_from_elsewhere(http::request const& asked) {
  auto const site = asked.header("Sec-Fetch-Site");
  return site == "cross-site" || site == "same-site";
}

problem no_token() {
  return {"api.csrf", "The form does not carry the token of your session.", {}, "Load the page again and repeat."};
}

}  // namespace

visit::visit(api::rooms& in, http::request const& request)
    : house(in), asked(request), texts_(&fixed_texts::in(language_of(request))) {
  if (auto const cookie = asked.cookie(api::session_cookie); !cookie.empty()) session_ = house.sessions->find(cookie);
  if (session_) {
    token_ = session_->csrf_token;
    return;
  }
  token_ = asked.cookie(visitor_cookie);
  token_is_new_ = token_.size() != token_length;
  if (token_is_new_) token_ = random_uuid();
}

bool visit::may(std::initializer_list<identity::role> any_of) const {
  return session_ &&
         (any_of.size() == 0 || std::ranges::any_of(any_of, [&](identity::role r) { return session_->who.may(r); }));
}

bool visit::token_fits(std::string_view from_form) const {
  if (comes_from_elsewhere(asked)) return false;
  if (session_) return identity::csrf_fits(*session_, from_form);
  return !token_is_new_ && equal_in_constant_time(token_, from_form);
}

http::response visit::with_policy(http::response answer) {
  answer.headers.set("Content-Security-Policy",
                     "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; form-action "
                     "'self'; frame-ancestors 'none'; base-uri 'none'");
  answer.headers.set("Referrer-Policy", "same-origin");
  answer.headers.set("X-Frame-Options", "DENY");
  answer.headers.set("X-Content-Type-Options", "nosniff");
  answer.headers.set("Cross-Origin-Opener-Policy", "same-origin");
  return answer;
}

void visit::keep_cookies(http::response& answer) const {
  if (token_is_new_) http::set_cookie(answer, {.name = std::string(visitor_cookie), .value = token_});
  if (auto const wanted = asked.query_value("lang"); is_language(wanted))
    http::set_cookie(
        answer,
        {.name = std::string(language_cookie), .value = std::string(wanted), .path = "/", .max_age_seconds = a_year});
}

http::response visit::page(std::string_view name, std::string const& title, value view, int status) const {
  auto const words = [this](std::string_view key) { return texts_->at(key); };
  view.set("layout", layout_of(*this, title));
  view.set("form_token", token_);
  if (view.find("alternates") == nullptr) view.set("alternates", value::list({}));
  auto answer = with_policy(http::html(page_templates().render_in("layout", name, view, words), status));
  answer.headers.set("Content-Language", language());
  answer.headers.set("Vary", "Cookie, Accept-Language");
  keep_cookies(answer);
  return answer;
}

http::response visit::refuse(problem const& what) const {
  int const status = api::status_of(what);
  auto const heading = status == 404 || status == 410 ? say("not_found") : say("not_possible");
  auto view = value::object({{"heading", heading}, {"detail", what.detail}, {"mend", what.mend}, {"code", what.code}});
  auto answer = page("notice", heading, std::move(view), status);
  if (status == 503 || status == 429) answer.headers.set("Retry-After", "5");
  return answer;
}

http::response visit::go(std::string const& path) const { return with_policy(http::see_other(path)); }

http::response visit::sign_in_first() const {
  return sign_in_first(asked.method == "GET" || asked.method == "HEAD" ? asked.target : std::string("/"));
}

http::response visit::sign_in_first(std::string const& back) const {
  return go("/sign-in?next=" + http::percent_encode(back));
}

std::string local_path(std::string_view wanted) {
  bool const local = wanted.starts_with('/') && !wanted.starts_with("//") && std::ranges::none_of(wanted, [](char c) {
                       return static_cast<unsigned char>(c) <= 0x20 || c == '\\';
                     });
  return local ? std::string(wanted) : "/";
}

namespace {

std::optional<http::response> kept_out(visit& who, std::vector<identity::role> const& roles) {
  if (who.who() == nullptr) return who.sign_in_first();
  bool const fits = roles.empty() || std::ranges::any_of(roles, [&](auto r) { return who.who()->may(r); });
  if (fits) return std::nullopt;
  return who.refuse({"api.forbidden", who.say("forbidden"), {}, who.say("forbidden_mend")});
}

// /ledger/{message}/requeue: a word behind what it is done to.
bool is_deed(std::string_view pattern) {
  auto const end = pattern.rfind('/');
  return !pattern.ends_with('}') && end != std::string_view::npos && end > 0 && pattern[end - 1] == '}';
}

// What was in the form is gone, its page is not: /ledger/ID for /ledger/ID/requeue.
std::string page_of_form(http::request const& asked) {
  auto const path = asked.target.substr(0, asked.target.find('?'));
  return path.substr(0, path.rfind('/'));
}

http::response take_form(visit& who, form_handler const& take) {
  auto const form = http::form_fields(who.asked);
  if (!form) return who.refuse(form.error());
  if (!who.token_fits(form->fields.value("form_token"))) return who.refuse(no_token());
  return take(who, *form);
}

}  // namespace

http::route open_page(api::rooms& house, std::string pattern, page_handler show) {
  return {"GET", std::move(pattern), [&house, show = std::move(show)](http::request const& asked) {
            visit who(house, asked);
            return show(who);
          }};
}

http::route page_for(api::rooms& house, std::string pattern, std::initializer_list<identity::role> roles,
                     page_handler show) {
  return open_page(house, std::move(pattern), [needed = std::vector(roles), show = std::move(show)](visit& who) {
    auto refused = kept_out(who, needed);
    return refused ? std::move(*refused) : show(who);
  });
}

http::route open_form(api::rooms& house, std::string pattern, form_handler take) {
  return {"POST", std::move(pattern),
          [&house, take = std::move(take)](http::request const& asked) {
            visit who(house, asked);
            return take_form(who, take);
          },
          64 * 1024};
}

http::route form_for(api::rooms& house, std::string pattern, std::initializer_list<identity::role> roles,
                     form_handler take, std::size_t body_limit) {
  auto const needed = std::vector(roles);
  bool const is_of_a_page = is_deed(pattern);
  return {"POST", std::move(pattern),
          [&house, needed, is_of_a_page, take = std::move(take)](http::request const& asked) {
            visit who(house, asked);
            if (is_of_a_page && who.who() == nullptr) return who.sign_in_first(page_of_form(asked));
            auto refused = kept_out(who, needed);
            return refused ? std::move(*refused) : take_form(who, take);
          },
          body_limit};
}

}  // namespace ehds::node::pages
