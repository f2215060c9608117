// The file of accounts a node begins with.
#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "node/identity/accounts.hpp"
#include "node/identity/private_file.hpp"
#include "node/store/database.hpp"

namespace ehds::node::identity {

namespace {

using json = nlohmann::json;

problem wrong_account(std::string const& where, std::string detail, std::string mend) {
  return {"identity.accounts", std::move(detail), where, std::move(mend)};
}

std::string text_of(json const& object, char const* name) {
  auto const found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

result<std::string> password_of(json const& account, std::string const& where) {
  auto const found = account.find("password");
  if (found == account.end() || !found->is_object() || found->size() != 1) {
    return wrong_account(where + "/password", "The account has no password.",
                         R"(Write {"file": ...}, {"env": ...} or {"text": ...}.)");
  }
  if (auto const text = text_of(*found, "text"); !text.empty()) return text;
  if (auto const name = text_of(*found, "env"); !name.empty()) {
    auto const* const value = std::getenv(name.c_str());
    if (value != nullptr) return std::string{value};
    return wrong_account(where + "/password/env", "The environment has no variable " + name + ".", "Set it.");
  }
  auto read = read_small_file(text_of(*found, "file"));
  if (!read) return wrong_account(where + "/password", "The password file cannot be read.", "Check its path.");
  while (read->ends_with('\n') || read->ends_with('\r')) read->pop_back();
  return read;
}

std::string names_of_roles() {
  std::string names;
  for (role const r : all_roles()) names += (names.empty() ? "" : ", ") + std::string{to_text(r)};
  return names;
}

result<roles> roles_of(json const& account, std::string const& where) {
  roles held;
  auto const found = account.find("roles");
  if (found == account.end() || !found->is_array())
    return wrong_account(where + "/roles", "The account has no list of roles.",
                         "Write those it holds, some of " + names_of_roles() + ".");
  for (auto const& name : *found) {
    auto const r = name.is_string() ? role_of(name.get<std::string>()) : std::nullopt;
    if (!r)
      return wrong_account(where + "/roles", "There is no role " + name.dump() + ".", "Use " + names_of_roles() + ".");
    held.insert(*r);
  }
  return held;
}

result<new_account> account_of(json const& object, std::string const& where) {
  if (!object.is_object() || text_of(object, "id").empty())
    return wrong_account(where, "The account has no id.", "Name it.");
  auto held = roles_of(object, where);
  if (!held) return held.error();
  auto password = password_of(object, where);
  if (!password) return password.error();
  actor who{text_of(object, "id"), text_of(object, "display_name"), text_of(object, "organisation"),
            text_of(object, "country"), *std::move(held)};
  if (who.display_name.empty()) who.display_name = who.id;
  return new_account{std::move(who), *std::move(password)};
}

}  // namespace

result<std::vector<new_account>> parse_accounts(std::string_view text) {
  auto const read = json::parse(text, nullptr, false, true);
  if (!read.is_object() || !read.contains("accounts") || !read["accounts"].is_array()) {
    return wrong_account("/", "This is no list of accounts.", R"(Expected {"accounts": [...]}.)");
  }
  std::vector<new_account> list;
  for (auto const& object : read["accounts"]) {
    auto const where = "/accounts/" + std::to_string(list.size());
    auto account = account_of(object, where);
    if (!account) return account.error();
    if (std::ranges::any_of(list, [&](new_account const& one) { return one.who.id == account->who.id; }))
      return wrong_account(where + "/id", "An account of this id stands further up.", "Give each person one account.");
    list.push_back(*std::move(account));
  }
  return list;
}

}  // namespace ehds::node::identity
