#include "node/access/archive/application_archive.hpp"

#include "node/access/forms/attachment_rules.hpp"

#include <algorithm>
#include <set>

namespace ehds::node::access {
namespace {

std::string entry_name(attachment const& file) { return file.id + "_" + file.name; }

problem finding(std::string code, std::string detail, std::string where) {
  return {"access.attachment." + std::move(code), std::move(detail), std::move(where),
          "Send exactly the files that the metadata name."};
}

zip_entry const* entry_of(std::vector<zip_entry> const& entries, attachment const& file) {
  auto const found = std::ranges::find(entries, entry_name(file), &zip_entry::name);
  return found == entries.end() ? nullptr : &*found;
}

void check_file(attachment const& file, zip_entry const* entry, std::string const& where, problems& found) {
  if (entry == nullptr) return found.push_back(finding("missing", "A file that the metadata name is absent.", where));
  if (file.size != 0 && entry->bytes.size() != file.size)
    found.push_back(finding("size", "A file has another size than the metadata say.", where));
  if (auto fine = allowed_attachment(file.name, entry->bytes.size()); !fine) {
    auto refused = fine.error();
    refused.where = where;
    found.push_back(std::move(refused));
  }
}

result<std::vector<zip_entry>> entries_of(std::string_view zip) {
  if (zip.empty()) return std::vector<zip_entry>{};
  return read_zip(zip);
}

}  // namespace

std::string pack_attachments(std::vector<attached_file> const& files) {
  std::vector<zip_entry> entries;
  for (auto const& [file, bytes] : files) entries.push_back({entry_name(file), bytes});
  return write_zip(entries);
}

problems check_attachments(application_document const& application, std::string_view zip) {
  auto entries = entries_of(zip);
  if (!entries) return {entries.error()};
  problems found;
  std::set<std::string> named;
  for (std::size_t i = 0; i < application.attachments.size(); ++i) {
    auto const& file = application.attachments[i];
    named.insert(entry_name(file));
    check_file(file, entry_of(*entries, file), "/attachments/" + std::to_string(i), found);
  }
  for (std::size_t i = 0; i < entries->size(); ++i)
    if (!named.contains((*entries)[i].name))
      found.push_back(finding("unnamed", "The ZIP file holds a file that the metadata do not name.",
                              "entry " + std::to_string(i + 1)));
  return found;
}

result<std::vector<attached_file>> unpack_attachments(application_document const& application, std::string_view zip) {
  auto entries = entries_of(zip);
  if (!entries) return std::move(entries).error();
  std::vector<attached_file> files;
  for (auto const& file : application.attachments)
    if (auto const* entry = entry_of(*entries, file); entry != nullptr) files.push_back({file, entry->bytes});
  return files;
}

result<brought_application> read_brought(std::string_view zip) {
  auto entries = read_zip(zip);
  if (!entries) return std::move(entries).error();
  brought_application brought;
  for (auto& [name, bytes] : *entries) {
    if (name == "application_metadata.json") brought.metadata_json = std::move(bytes);
    if (name == "application_file.zip") brought.attachments_zip = std::move(bytes);
  }
  if (brought.metadata_json.empty())
    return problem{"access.bring.metadata", "The ZIP file holds no application_metadata.json.", "",
                   "Put application_metadata.json at the top of the ZIP file."};
  return brought;
}

std::string write_brought(brought_application const& application) {
  std::vector<zip_entry> entries{{"application_metadata.json", application.metadata_json}};
  if (!application.attachments_zip.empty()) entries.push_back({"application_file.zip", application.attachments_zip});
  return write_zip(entries);
}

}  // namespace ehds::node::access
