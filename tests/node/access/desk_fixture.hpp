#pragma once
// A desk with a clock moved by hand, and a list of what it posted and wrote to the audit log.
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "node/access/cases/case_desk.hpp"
#include "node/access/wire/application_metadata.hpp"
#include "node/store/database.hpp"

namespace access_samples {

class desk_fixture {
 public:
  explicit desk_fixture(ehds::node::access::desk_settings settings = french());
  ~desk_fixture();

  static ehds::node::access::desk_settings french();

  // The application as the centre would send it; returns the findings.
  ehds::problems arrive(ehds::node::access::application_document const& application, std::string const& message_id);
  ehds::problems take(std::string const& action, std::string const& content, std::string const& message_id,
                      std::string const& zip = {});

  // A deed of an actor with one role, under a fresh key.
  ehds::result<ehds::node::access::command_outcome> act(ehds::node::access::case_verb verb, std::string const& role,
                                                        ehds::node::access::case_particulars what = {});
  // Acts that must work, in order: "start_pre_screening", "mark_complete" ... each by the role it is for.
  void walk(std::vector<ehds::node::access::case_verb> const& verbs);

  std::string status() const { return desk.find(case_id)->line.status; }
  std::string posted_actions() const;
  void days_pass(int days) { time.advance(std::chrono::hours{24 * days}); }

  std::filesystem::path folder;
  ehds::manual_clock time;
  std::vector<ehds::node::access::outgoing_business_message> posted;
  std::vector<ehds::node::access::audit_note> audited;
  ehds::node::store::database db;
  ehds::node::access::case_desk desk;
  std::string case_id;

 private:
  int keys_ = 0;
};

ehds::node::access::permit_terms terms();
ehds::node::access::case_particulars granting();
ehds::node::access::case_particulars refusing();
ehds::node::access::case_particulars saying(std::string const& text);
// Particulars with which that verb is accepted.
ehds::node::access::case_particulars particulars_for(ehds::node::access::case_verb verb);
std::string role_for(ehds::node::access::case_verb verb);

ehds::node::access::access_ports recording_ports(std::vector<ehds::node::access::outgoing_business_message>& posted,
                                                 std::vector<ehds::node::access::audit_note>& audited);
std::string plan_zip();  // the one file that access_application() names

std::filesystem::path fresh_folder();

// "done", or why not.
inline std::string code(ehds::result<ehds::node::access::command_outcome> const& done) {
  return done ? "done" : done.error().code;
}

}  // namespace access_samples
