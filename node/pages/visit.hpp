#pragma once
// One visit of a page: who comes, in which language, and the page that goes back inside the layout with its policy.
// A form is only taken with the token of the session, or, before sign-in, of the visitor's own cookie.
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "node/api/rooms.hpp"
#include "node/http/forms.hpp"
#include "node/http/request.hpp"
#include "node/http/response.hpp"
#include "node/http/router.hpp"
#include "node/pages/markup/value.hpp"
#include "node/pages/texts.hpp"

namespace ehds::node::pages {

class visit {
 public:
  visit(api::rooms& house, http::request const& asked);

  api::rooms& house;
  http::request const& asked;

  identity::actor const* who() const { return session_ ? &session_->who : nullptr; }
  bool may(std::initializer_list<identity::role> any_of) const;
  fixed_texts const& texts() const { return *texts_; }
  std::string const& language() const { return texts_->language(); }
  std::string say(std::string_view key) const { return texts_->at(key); }
  std::string const& form_token() const { return token_; }
  bool token_fits(std::string_view from_form) const;

  // A page inside the layout; `name` is its template, `view` its values.
  http::response page(std::string_view name, std::string const& title, value view, int status = 200) const;
  http::response refuse(problem const& what) const;  // a page that says it, with its status
  http::response go(std::string const& path) const;  // 303: after a form was taken
  http::response sign_in_first() const;
  http::response sign_in_first(std::string const& back) const;  // where to go then: an address of this node
  static http::response with_policy(http::response answer);

 private:
  void keep_cookies(http::response& answer) const;

  std::optional<identity::live_session> session_;
  fixed_texts const* texts_;
  std::string token_;
  bool token_is_new_ = false;
};

using page_handler = std::function<http::response(visit&)>;
using form_handler = std::function<http::response(visit&, http::form const&)>;

// Everybody may look.
http::route open_page(api::rooms& house, std::string pattern, page_handler show);
// One of the roles, else the way to sign in, or 403. No roles: anybody who is signed in.
http::route page_for(api::rooms& house, std::string pattern, std::initializer_list<identity::role> roles,
                     page_handler show);
http::route open_form(api::rooms& house, std::string pattern, form_handler take);
http::route form_for(api::rooms& house, std::string pattern, std::initializer_list<identity::role> roles,
                     form_handler take, std::size_t body_limit = 1024 * 1024);

// An address of this node that somebody may be sent to after signing in; "/" for anything else.
std::string local_path(std::string_view wanted);

}  // namespace ehds::node::pages
