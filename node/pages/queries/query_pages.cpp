// What was asked of this node: queries, the table that waits to be released beside the policy it was made under.
#include "node/federation/jobs.hpp"
#include "node/pages/moments.hpp"
#include "node/pages/queries/released_view.hpp"
#include "node/pages/room_pages.hpp"

namespace ehds::node::pages {
namespace {

using identity::role;

// What the data zone says of a table that it computed.
std::string reason_in_words(visit const& who, std::string const& kept) {
  constexpr std::string_view checked = "checked under ";
  if (!kept.starts_with(checked)) return kept;
  return who.say("checked_under") + " " + kept.substr(checked.size());
}

value job_view(visit const& who, federation::job_view const& job) {
  return value::object({{"job", job.id},
                        {"asker", job.asker},
                        {"caller", job.caller},
                        {"heading", job.title.empty() ? job.id : job.title},
                        {"dataset", job.dataset},
                        {"protocol", job.protocol},
                        {"query_hash", job.query_hash},
                        {"state", who.texts().of_code("job", job.state)},
                        {"waits", value(job.state == "awaiting_release")},
                        {"permit", job.permit},
                        {"reason", reason_in_words(who, job.officer_reason)},
                        {"alarm", value(job.state == "refused" || job.state == "withheld" || job.state == "failed")},
                        {"decided_by", job.decided_by},
                        {"created", moment(job.created_at)},
                        {"changed", moment(job.changed_at)}});
}

http::response list_jobs(visit& who) {
  auto const jobs = value::list(who.house.jobs->list(), [&](auto const& job) { return job_view(who, job); });
  return who.page("queries", who.say("nav_queries"), value::object({{"jobs", jobs}}));
}

http::response show_job(visit& who) {
  auto const job = who.house.jobs->find(who.asked.parameter("job"));
  if (!job) return who.refuse(job.error());
  auto view = job_view(who, *job);
  view.set("query", job->query);
  view.set("table", "");
  auto const table = policies::read_released_table(job->table);
  if (!job->table.empty() && table) view.set("table", table_view(who, *table));
  view.set("can_release", value(job->state == "awaiting_release" && who.may({role::data_preparer})));
  return who.page("query", job->title.empty() ? job->id : job->title, std::move(view));
}

http::response back(visit& who, result<void> const& done) {
  if (!done) return who.refuse(done.error());
  who.house.nudge();
  return who.go("/desk/queries/" + http::percent_encode(who.asked.parameter("job")));
}

http::response release(visit& who, http::form const&) {
  return back(who, who.house.jobs->release(who.asked.parameter("job"), who.who()->id));
}

http::response withhold(visit& who, http::form const& form) {
  return back(who, who.house.jobs->withhold(who.asked.parameter("job"), who.who()->id, form.fields.value("reason")));
}

}  // namespace

std::vector<http::route> query_pages(api::rooms& house) {
  return {page_for(house, "/desk/queries", {role::data_preparer, role::decider, role::auditor}, list_jobs),
          page_for(house, "/desk/queries/{job}", {role::data_preparer, role::decider, role::auditor}, show_job),
          form_for(house, "/desk/queries/{job}/release", {role::data_preparer}, release),
          form_for(house, "/desk/queries/{job}/withholding", {role::data_preparer}, withhold)};
}

}  // namespace ehds::node::pages
