#pragma once
// application_metadata.json: the envelope in which an application travels and is stored. Read tolerantly (a value may
// be a string or {"key","value"}), written strictly.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "node/access/forms/form_release.hpp"

namespace ehds::node::access {

struct distribution_reference {
  std::string id;
  std::string title;
};

struct dataset_reference {
  std::string id;
  std::string catalogue_id;
  std::vector<std::pair<std::string, std::string>> titles;  // language, text
  std::string country;                                      // ISO 3166-1 alpha-2
  std::string authority;                                    // hdab.name
  std::string publisher;
  std::vector<distribution_reference> distributions;

  std::string title(std::string_view language = "en") const;  // that language, else the first, else the id
};

struct attachment {
  std::string id;
  std::string name;
  std::uint64_t size = 0;
};

struct application_document {
  std::string application_id;
  application_type type = application_type::data_access;
  std::string title;
  std::string applicant;       // opaque account id at the centre
  std::string date_submitted;  // RFC 3339
  std::string form_release;
  std::string language = "en";  // of the original answers
  int version = 1;
  std::vector<dataset_reference> datasets;
  std::string form_json;                // {"section1":{...},...}
  std::string translations_json;        // {"en":{...}}; empty: none
  std::vector<attachment> attachments;  // files that travel in the ZIP

  std::vector<std::string> countries() const;  // of the datasets, sorted, each once
};

// Problems: access.json.*, access.metadata.missing (which member).
result<application_document> read_application_metadata(std::string_view json);
std::string write_application_metadata(application_document const& application);

}  // namespace ehds::node::access
