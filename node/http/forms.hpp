#pragma once
// The body of a submitted form: application/x-www-form-urlencoded (WHATWG URL 5) or multipart/form-data (RFC 7578).
#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "node/http/fields.hpp"
#include "node/http/request.hpp"

namespace ehds::node::http {

struct uploaded_file {
  std::string field;
  std::string file_name;   // the last part of the path the browser named; empty when nothing was chosen
  std::string media_type;  // as the sender claims
  std::string bytes;
};

struct form {
  http::fields fields;
  std::vector<uploaded_file> files;
};

struct form_limits {
  std::size_t fields = 2000;  // and files
  std::size_t field_bytes = 256 * 1024;
  std::size_t part_header_bytes = 4096;
};

// Problems: form.media_type, form.syntax, form.too_many_fields, form.field_too_large.
// Field values are checked to be UTF-8.
result<form> form_fields(request const& asked, form_limits limits = {});

}  // namespace ehds::node::http
