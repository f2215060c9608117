#pragma once
// The two ZIP shapes of an application. On AS4: entries "<attachmentId>_<filename>". From the dispatcher or a
// stranger: application_metadata.json beside a nested application_file.zip of that first shape.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "node/access/archive/zip_archive.hpp"
#include "node/access/wire/application_metadata.hpp"

namespace ehds::node::access {

struct attached_file {
  attachment file;
  std::string bytes;
};

std::string pack_attachments(std::vector<attached_file> const& files);

// Every file that the metadata names is there with its size, of an allowed kind, and nothing else is. Empty bytes are
// an archive without files. All findings: access.zip.*, access.attachment.missing, .size, .unnamed, access.file.*
problems check_attachments(application_document const& application, std::string_view zip);
result<std::vector<attached_file>> unpack_attachments(application_document const& application, std::string_view zip);

struct brought_application {
  std::string metadata_json;
  std::string attachments_zip;  // empty when there is none
};
// Problems: access.zip.*, access.bring.metadata (no application_metadata.json).
result<brought_application> read_brought(std::string_view zip);
std::string write_brought(brought_application const& application);

}  // namespace ehds::node::access
