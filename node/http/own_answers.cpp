#include "node/http/own_answers.hpp"

#include <new>

namespace ehds::node::http {

response refused(refusal const& why) {
  auto answer = problem_response(why.status, problem{why.code, why.detail, "", ""});
  if (why.status == 503) answer.headers.set("Retry-After", "1");
  return answer;
}

response busy_answer(char const* why) {
  auto busy = problem_response(503, problem{"http.busy", why, "", "Try again in a moment."});
  busy.headers.set("Retry-After", "1");
  return busy;
}

response guarded_answer(application const& asked_of, request const& asked,
                        std::function<void(std::string const& what)> const& failed) {
  std::string what = "unknown exception";
  try {
    return asked_of.answer(asked);
  } catch (std::bad_alloc const&) {
    failed("no memory");
    return busy_answer("The server has no memory for this request now.");
  } catch (std::exception const& e) {
    what = e.what();
  } catch (...) {
  }
  failed(what);
  return problem_response(500, problem{"http.internal", "The server failed to answer.", "", ""});
}

}  // namespace ehds::node::http
