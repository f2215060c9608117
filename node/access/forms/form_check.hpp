#pragma once
// An answer document against a form: all findings in one list, each with its place as a JSON pointer into the
// envelope (/form/section6/0/inclusionCriteria). What is asked is data (forms/releases); policies/screening judges.
#include <string_view>

#include "base/problem.hpp"
#include "base/time.hpp"
#include "node/access/forms/form_release.hpp"
#include "node/access/wire/application_metadata.hpp"

namespace ehds::node::access {

// Types, limits and choices of what is there; a draft may be half empty. Codes: access.form.type, .too_long, .choice,
// .unknown_section, .unknown_field, access.json.*
problems check_answers(form_definition const& form, std::string_view form_json);
// One section alone, for saving as one goes.
problems check_section(form_definition const& form, std::string_view section, std::string_view answers_json);

// Everything: the above, what is mandatory, dates in order and not past, one entry of section 6 a country, files named
// in the form and only of allowed kinds. Codes besides: access.form.missing, .dates, .countries, .file.
problems check_complete(form_definition const& form, application_document const& application, date today);

}  // namespace ehds::node::access
