// Sign in and out. The cookie holds the session's token; the store holds its hash.
#include "node/api/gate.hpp"
#include "node/pages/room_pages.hpp"

namespace ehds::node::pages {
namespace {

http::response ask(visit& who, std::string const& next, std::string const& account, std::string const& trouble,
                   int status = 200) {
  return who.page("sign_in", who.say("sign_in"),
                  value::object({{"next", next}, {"account", account}, {"trouble", trouble}}), status);
}

http::response show(visit& who) { return ask(who, local_path(who.asked.query_value("next")), "", ""); }

http::response sign_in(visit& who, http::form const& form) {
  std::string const account(form.fields.value("account"));
  auto const next = local_path(form.fields.value("next"));
  auto const person = who.house.accounts->sign_in(account, form.fields.value("password"), who.asked.peer_address);
  if (!person) {
    bool const throttled = person.error().code == "identity.throttled";
    return ask(who, next, account, who.say(throttled ? "sign_in_throttled" : "sign_in_failed"), throttled ? 429 : 401);
  }
  auto const session = who.house.sessions->open(person->id);
  if (!session) return who.refuse(session.error());
  auto answer = who.go(next);
  http::set_cookie(answer, {.name = std::string(api::session_cookie), .value = session->token});
  return answer;
}

http::response sign_out(visit& who, http::form const&) {
  if (auto const done = who.house.sessions->end(who.asked.cookie(api::session_cookie)); !done)
    return who.refuse(done.error());
  auto answer = who.go("/");
  http::set_cookie(answer, {.name = std::string(api::session_cookie), .value = "", .path = "/", .max_age_seconds = 0});
  return answer;
}

}  // namespace

std::vector<http::route> session_pages(api::rooms& house) {
  return {open_page(house, "/sign-in", show), open_form(house, "/sign-in", sign_in),
          open_form(house, "/sign-out", sign_out)};
}

}  // namespace ehds::node::pages
