#pragma once
// What the centre sends about an application, turned into cases and commands inside the caller's effect.
#include "node/access/cases/case_desk.hpp"
#include "node/access/wire/application_metadata.hpp"

namespace ehds::node::access {

class case_arrival {
 public:
  case_arrival(case_desk& desk, store::transaction& tx, desk_settings const& settings, access_ports const& ports,
               incoming_business_message const& message, instant now);

  result<problems> take();

 private:
  result<problems> application();
  result<problems> additional_information();
  result<problems> response();
  result<problems> withdrawal();
  result<problems> foreign();

  std::vector<authority> concerned(application_document const& application) const;
  bool anybody_waits(std::string_view application_id, std::string_view hdab);
  result<void> open_case(application_document const& application, authority const& at);
  // Runs the verb on each case of the application that allows it; a finding when none does.
  result<problems> on_cases(std::string_view application_id, std::string_view hdab, case_verb verb,
                            case_particulars const& what);

  case_desk& desk_;
  store::transaction& tx_;
  desk_settings const& settings_;
  access_ports const& ports_;
  incoming_business_message const& message_;
  instant now_;
};

}  // namespace ehds::node::access
