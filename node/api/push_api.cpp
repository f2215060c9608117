// BackendService of Domibus, as its server. A notice is a reason to look at the access point, and never more: for that
// nobody has to say who he is. A message pushed whole is taken as the access point's word, as one that is fetched over
// its verified line; so whoever pushes it has to say with the secret of the configuration that he is the access point.
#include "base/bytes.hpp"
#include "edelivery/backend/push.hpp"
#include "node/api/answers.hpp"
#include "node/api/gate.hpp"
#include "node/api/payload_spool.hpp"
#include "node/api/surfaces.hpp"
#include "node/exchange/vouched_intake.hpp"

namespace ehds::node::api {
namespace {

namespace plugin = edelivery::backend;

constexpr std::size_t longest_notice = 1024 * 1024;

http::response push_fault(problem const& what) {
  auto const status = status_of(what) == 401 || status_of(what) == 503 ? status_of(what) : 500;
  auto answer = answer_soap(plugin::write_push_fault(what.code, to_text(what)), status);
  if (status == 401) answer.headers.set("WWW-Authenticate", "Basic realm=\"backend\"");
  if (status == 503) answer.headers.set("Retry-After", "5");
  return answer;
}

// Longer than any notice, or a message: by the access point alone.
result<void> admit_push(rooms const& house, http::request const& asked) {
  if (house.push_user.empty() || house.push_password.empty())
    return problem{"exchange.push.message", "This node takes no messages that are pushed whole.", "",
                   "Push RECEIVE_SUCCESS instead of SUBMIT_MESSAGE, or give the node access_point.push."};
  auto const login = basic_login_of(asked);
  if (login && equal_in_constant_time(login->user, house.push_user) &&
      equal_in_constant_time(login->password, house.push_password))
    return {};
  return problem{"api.unauthenticated", "Nothing proves that this message comes from the access point of this node.",
                 "Authorization",
                 "Set wsplugin.push.auth.username and wsplugin.push.auth.password of the Domibus to what the node has "
                 "in access_point.push."};
}

// Durable before it is answered. With a fault the Domibus keeps it, and pushes it again as its rule says.
http::response take(rooms& house, exchange::retrieved_answer const& message) {
  auto const taken = exchange::take_pushed(*house.messages, message, house.wall->now());
  if (!taken) return push_fault(taken.error());
  house.nudge();  // there may be answers to send
  return answer_soap(plugin::write_push_taken());
}

http::response serve_push(rooms& house, http::request const& asked) {
  auto const admitted = admit_push(house, asked);
  memory_source const held(asked.body);
  byte_source const& body = asked.spooled ? asked.spooled->source() : held;
  if (body.size() > longest_notice && !admitted) return push_fault(admitted.error());
  auto const refuse_unread = [&](problem const& why) {
    if (admitted) exchange::tell_refused_push(*house.messages, {}, why);
    return push_fault(why);
  };
  auto layout = exchange::lay_out_plugin(asked.header("Content-Type"), body);
  if (!layout) return refuse_unread(layout.error());
  auto envelope = edelivery::content_of(body, layout->root);
  if (!envelope) return refuse_unread(envelope.error());
  auto said = plugin::read_push(**envelope);
  if (!said) return refuse_unread(said.error());
  if (auto const* const notice = std::get_if<plugin::push_notice>(&*said)) {
    house.take_push(*notice);
    return answer_soap(plugin::write_push_taken());
  }
  if (!admitted) return push_fault(admitted.error());
  return take(house, {std::make_unique<source_range>(body, 0, body.size()), *std::move(layout), *std::move(envelope),
                      std::get<plugin::retrieved_message>(*std::move(said))});
}

}  // namespace

std::vector<http::route> push_routes(rooms& house) {
  http::route all{"POST", "/services/backend",
                  [&house](http::request const& asked) { return serve_push(house, asked); }, longest_notice};
  if (!house.push_user.empty()) {
    all.body_limit = exchange::text_limit(house.message_bytes);
    all.spool = [&house] { return spool(house); };
  }
  return {std::move(all)};
}

}  // namespace ehds::node::api
