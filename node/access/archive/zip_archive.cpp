#include "node/access/archive/zip_archive.hpp"

#include "base/bytes.hpp"

#include <zip.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <set>
#include <stdexcept>

namespace ehds::node::access {
namespace {

struct zip_closer {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using archive_pointer = std::unique_ptr<zip_t, zip_closer>;
using file_pointer = std::unique_ptr<zip_file_t, zip_closer>;
using source_pointer = std::unique_ptr<zip_source_t, zip_closer>;

problem refused(std::string code, std::string detail, std::string where = {}) {
  return {"access.zip." + std::move(code), std::move(detail), std::move(where), "Pack the files again, plainly."};
}

bool is_safe_name(std::string_view name) {
  auto const odd = [](char c) { return c == '\\' || c == ':' || static_cast<unsigned char>(c) < 0x20; };
  if (name.empty() || name.size() > 300 || name.front() == '/' || !is_utf8(name)) return false;
  if (std::ranges::any_of(name, odd)) return false;
  for (std::size_t start = 0; start <= name.size();) {
    auto const end = std::min(name.find('/', start), name.size());
    auto const step = name.substr(start, end - start);
    if (step == ".." || step == "." || (step.empty() && end != name.size())) return false;
    start = end + 1;
  }
  return true;
}

std::size_t little_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::size_t value = 0;
  for (std::size_t n = count; n > 0; --n) value = value * 256 + static_cast<unsigned char>(bytes[at + n - 1]);
  return value;
}

// The directory ends where its end record begins, and that record ends the bytes. Readers that look for either in
// different ways (two archives glued together, bytes after the end) would otherwise see different files.
bool is_one_archive(std::string_view bytes) {
  constexpr std::size_t end_record = 22;
  auto const at = bytes.rfind(std::string_view{"PK\x05\x06"});
  if (at == std::string_view::npos || bytes.size() - at < end_record) return false;
  auto const directory_size = little_endian(bytes, at + 12, 4);
  auto const directory_start = little_endian(bytes, at + 16, 4);
  auto const comment = little_endian(bytes, at + 20, 2);
  return directory_start + directory_size == at && at + end_record + comment == bytes.size();
}

// What a file system that does not tell cases apart would make of the name.
std::string folded(std::string name) {
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

bool is_symbolic_link(zip_t* archive, zip_uint64_t index) {
  zip_uint8_t system = 0;
  zip_uint32_t attributes = 0;
  if (zip_file_get_external_attributes(archive, index, 0, &system, &attributes) != 0) return false;
  return system == ZIP_OPSYS_UNIX && ((attributes >> 16U) & 0170000U) == 0120000U;
}

class unpacking {
 public:
  unpacking(zip_t* archive, zip_limits const& limits) : archive_(archive), limits_(limits) {}

  result<std::vector<zip_entry>> all() {
    auto const count = zip_get_num_entries(archive_, 0);
    if (count < 0 || static_cast<std::size_t>(count) > limits_.entries)
      return refused("too_large", "The ZIP file holds too many entries.");
    for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i)
      if (auto fine = one(i); !fine) return fine.error();
    return std::move(entries_);
  }

 private:
  result<void> one(zip_uint64_t index) {
    zip_stat_t stat;
    if (zip_stat_index(archive_, index, 0, &stat) != 0 || stat.name == nullptr)
      return refused("syntax", "An entry of the ZIP file cannot be read.");
    std::string name = stat.name;
    auto const place = "entry " + std::to_string(index + 1);  // the name itself may be an attack on a terminal
    if (!is_safe_name(name) || is_symbolic_link(archive_, index))
      return refused("name", "The name of an entry leads out of the archive or cannot be used.", place);
    if (name.back() == '/') return {};
    if (!names_.insert(folded(name)).second)
      return refused("collision", "Two entries have the same name, or names that differ by case only.", place);
    if (stat.encryption_method != ZIP_EM_NONE) return refused("encrypted", "An entry is encrypted.", place);
    if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)
      return refused("method", "An entry is packed in a way that is not accepted.", place);
    return unpack(index, std::move(name), stat.comp_size, place);
  }

  result<void> unpack(zip_uint64_t index, std::string name, zip_uint64_t packed, std::string const& place) {
    file_pointer const file{zip_fopen_index(archive_, index, 0)};
    if (!file) return refused("syntax", "An entry of the ZIP file cannot be opened.", place);
    std::string bytes;
    std::string block(64 * 1024, '\0');
    for (;;) {
      auto const read = zip_fread(file.get(), block.data(), block.size());
      if (read < 0) return refused("syntax", "An entry of the ZIP file is damaged.", place);
      if (read == 0) break;
      bytes.append(block, 0, static_cast<std::size_t>(read));
      total_ += static_cast<std::size_t>(read);
      if (bytes.size() > limits_.entry_bytes || total_ > limits_.total_bytes)
        return refused("too_large", "The ZIP file unpacks to more than is accepted.", place);
      if (bytes.size() > 64 * 1024 && bytes.size() / std::max<zip_uint64_t>(packed, 1) > limits_.ratio)
        return refused("bomb", "An entry unpacks to far more than it is packed.", place);
    }
    entries_.push_back({std::move(name), std::move(bytes)});
    return {};
  }

  zip_t* archive_;
  zip_limits const& limits_;
  std::set<std::string> names_;
  std::size_t total_ = 0;
  std::vector<zip_entry> entries_;
};

[[noreturn]] void fail() { throw std::runtime_error("a ZIP archive cannot be made"); }

void add(zip_t* archive, zip_entry const& entry) {
  auto* const source = zip_source_buffer(archive, entry.bytes.data(), entry.bytes.size(), 0);
  auto const index = zip_file_add(archive, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    fail();
  }
  zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, 0x21, 0);  // 1980-01-01: no time in the bytes
}

std::string bytes_of(zip_source_t* source) {
  zip_stat_t stat;
  if (zip_source_stat(source, &stat) != 0 || zip_source_open(source) != 0) fail();
  std::string bytes(stat.size, '\0');
  auto const read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (read < 0 || static_cast<std::size_t>(read) != bytes.size()) fail();
  return bytes;
}

}  // namespace

result<std::vector<zip_entry>> read_zip(std::string_view bytes, zip_limits const& limits) {
  if (bytes.size() > limits.archive_bytes) return refused("too_large", "The ZIP file is too large.");
  if (!is_one_archive(bytes)) return refused("syntax", "The bytes are not a sound ZIP file.");
  zip_error_t error;
  zip_error_init(&error);
  source_pointer source{zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error)};
  if (!source) fail();
  archive_pointer const archive{zip_open_from_source(source.get(), ZIP_RDONLY | ZIP_CHECKCONS, &error)};
  zip_error_fini(&error);
  if (!archive) return refused("syntax", "The bytes are not a sound ZIP file.");
  source.release();  // the archive owns it now
  return unpacking{archive.get(), limits}.all();
}

std::string write_zip(std::vector<zip_entry> const& entries) {
  zip_error_t error;
  zip_error_init(&error);
  source_pointer source{zip_source_buffer_create(nullptr, 0, 0, &error)};
  if (!source) fail();
  archive_pointer archive{zip_open_from_source(source.get(), ZIP_TRUNCATE, &error)};
  if (!archive) fail();
  zip_source_keep(source.get());
  for (auto const& entry : entries) add(archive.get(), entry);
  if (zip_close(archive.get()) != 0) fail();
  archive.release();
  return bytes_of(source.get());
}

}  // namespace ehds::node::access
