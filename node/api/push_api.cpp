// BackendService of Domibus, as its server: a notice is a reason to look at the access point, and never more. So nobody
// has to say who he is; the messages themselves are fetched, by a line that is verified.
#include "edelivery/backend/push.hpp"
#include "node/api/answers.hpp"
#include "node/api/surfaces.hpp"

namespace ehds::node::api {
namespace {

namespace plugin = edelivery::backend;

http::response take_notice(rooms& house, http::request const& asked) {
  auto const notice = plugin::read_push(asked.body);
  if (!notice) return answer_soap(plugin::write_push_fault(notice.error().code, notice.error().detail), 500);
  if (notice->kind == plugin::push_kind::message)
    return answer_soap(plugin::write_push_fault("exchange.push.message",
                                                "This node fetches its messages: push RECEIVE_SUCCESS instead."),
                       500);
  house.take_push(*notice);
  return answer_soap(plugin::write_push_taken());
}

}  // namespace

std::vector<http::route> push_routes(rooms& house) {
  return {{"POST", "/services/backend", [&house](http::request const& asked) { return take_notice(house, asked); }}};
}

}  // namespace ehds::node::api
