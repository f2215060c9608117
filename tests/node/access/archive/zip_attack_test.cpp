// ZIP files as an attacker writes them: made here byte by byte, so that every field can lie.
#include "node/access/archive/application_archive.hpp"
#include "node/access/archive/zip_archive.hpp"

#include "node/access/samples.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <optional>

using namespace ehds;
using namespace ehds::node::access;

namespace {

std::string le(std::uint32_t value, int bytes) {
  std::string text;
  for (int at = 0; at < bytes; ++at) text += static_cast<char>((value >> (8 * at)) & 0xffU);
  return text;
}

std::uint32_t crc_of(std::string const& bytes) {
  std::uint32_t crc = 0xffffffffU;
  for (char const c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ (0xedb88320U & (0U - (crc & 1U)));
  }
  return ~crc;
}

struct crafted {
  std::string name;
  std::string bytes;
  std::uint16_t method = 0;
  std::uint16_t flags = 0;
  std::uint16_t made_by = 0x031e;  // Unix
  std::uint32_t attributes = 0100644U << 16U;
  std::int32_t size_lie = 0;      // added to the unpacked size in both headers
  std::string central_name = {};  // empty: the same name
  std::optional<std::uint32_t> crc = {};
};

std::string shared_fields(crafted const& of) {
  auto const size = static_cast<std::uint32_t>(of.bytes.size());
  return le(of.flags, 2) + le(of.method, 2) + le(0, 2) + le(0x21, 2) + le(of.crc.value_or(crc_of(of.bytes)), 4) +
         le(size, 4) + le(size + static_cast<std::uint32_t>(of.size_lie), 4);
}

std::string craft(std::vector<crafted> const& entries) {
  std::string files;
  std::string directory;
  for (auto const& of : entries) {
    auto const& central = of.central_name.empty() ? of.name : of.central_name;
    directory += "PK\x01\x02" + le(of.made_by, 2) + le(20, 2) + shared_fields(of) +
                 le(static_cast<std::uint32_t>(central.size()), 2) + le(0, 2) + le(0, 2) + le(0, 2) + le(0, 2) +
                 le(of.attributes, 4) + le(static_cast<std::uint32_t>(files.size()), 4) + central;
    files += "PK\x03\x04" + le(20, 2) + shared_fields(of) + le(static_cast<std::uint32_t>(of.name.size()), 2) +
             le(0, 2) + of.name + of.bytes;
  }
  auto const count = le(static_cast<std::uint32_t>(entries.size()), 2);
  return files + directory + "PK\x05\x06" + le(0, 4) + count + count +
         le(static_cast<std::uint32_t>(directory.size()), 4) + le(static_cast<std::uint32_t>(files.size()), 4) +
         le(0, 2);
}

std::string code_of_attack(std::string const& zip, zip_limits const& limits = {}) {
  auto const read = read_zip(zip, limits);
  return read ? "read" : read.error().code;
}

}  // namespace

TEST_CASE("The archive that we craft by hand is one that is read when nothing lies") {
  auto const read = read_zip(craft({{"a.pdf", "one"}, {"b/c.pdf", "two"}})).value();

  REQUIRE(read.size() == 2);
  CHECK(read[0].bytes == "one");
  CHECK(read[1].name == "b/c.pdf");
}

TEST_CASE("A header that lies is refused, whichever field it is") {
  struct row {
    char const* lie;
    crafted entry;
    char const* code;
  };
  auto const one = GENERATE(values<row>({
      {"a checksum", {.name = "a.pdf", .bytes = "one", .crc = 7U}, "access.zip.syntax"},
      {"another name in the directory",
       {.name = "a.pdf", .bytes = "one", .central_name = "b.pdf"},
       "access.zip.syntax"},
      {"an unpacked size too large", {.name = "a.pdf", .bytes = "one", .size_lie = 5}, "access.zip.syntax"},
      {"a method nobody takes", {.name = "a.pdf", .bytes = "one", .method = 12}, "access.zip.method"},
      {"an encrypted entry", {.name = "a.pdf", .bytes = std::string(20, 'x'), .flags = 1}, "access.zip.encrypted"},
      {"a symbolic link", {.name = "a.pdf", .bytes = "/etc/passwd", .attributes = 0120777U << 16U}, "access.zip.name"},
      {"deflate that is none", {.name = "a.pdf", .bytes = "\xff\xff\xff", .method = 8}, "access.zip.syntax"},
  }));

  CAPTURE(one.lie);
  CHECK(code_of_attack(craft({one.entry})) == one.code);
}

TEST_CASE("Names that could leave the archive or fool a reader are refused, never repaired") {
  auto const name = GENERATE(as<std::string>{}, "..", "../a.pdf", "a/../../b.pdf", "/a.pdf", "//a.pdf", "./a.pdf",
                             "a/./b.pdf", "a//b.pdf", "C:a.pdf", "a\\b.pdf", "..\\a.pdf", "a\nb.pdf", "a\x1b[2J.pdf",
                             "\xff\xfe.pdf", "a\xc0\xae.pdf", "a.pdf:stream");
  auto const refused = code_of_attack(craft({{name, "one", 0, 0x0800}}));
  CAPTURE(name, refused);
  CHECK((refused == "access.zip.name" || refused == "access.zip.syntax"));
}

TEST_CASE("A name longer than any file system takes is refused") {
  CHECK(code_of_attack(craft({{std::string(300, 'a'), "x"}})) == "read");
  CHECK(code_of_attack(craft({{std::string(301, 'a'), "x"}})) == "access.zip.name");
}

TEST_CASE("A name with a zero byte is never cut to the name before it") {
  auto const hidden = std::string("a.pdf\0.exe", 10);
  auto const read = read_zip(craft({{"a.pdf", "one"}, {hidden, "two"}}));

  if (!read) return;
  REQUIRE(read->size() == 2);
  CHECK((*read)[0].bytes == "one");
  CHECK((*read)[1].name != "a.pdf");
}

TEST_CASE("Two entries that one file would hold are refused: equal names and names that differ by case") {
  CHECK(code_of_attack(craft({{"a.pdf", "1"}, {"a.pdf", "2"}})) != "read");
  CHECK(code_of_attack(craft({{"a.pdf", "1"}, {"A.PDF", "2"}})) == "access.zip.collision");
  CHECK(code_of_attack(craft({{"x/a.pdf", "1"}, {"y/a.pdf", "2"}})) == "read");
}

TEST_CASE("A folder holds nothing and is left out") {
  auto const read = read_zip(craft({{"folder/", ""}, {"folder/a.pdf", "1"}})).value();

  REQUIRE(read.size() == 1);
  CHECK(read[0].name == "folder/a.pdf");
  CHECK(code_of_attack(craft({{"../folder/", ""}})) == "access.zip.name");
}

TEST_CASE("A ZIP file that is cut at any byte is refused or whole, never half") {
  auto const whole = craft({{"a.pdf", "one"}, {"b.pdf", "two"}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(code_of_attack(whole.substr(0, size)) == "access.zip.syntax");
  }
}

TEST_CASE(
    "A ZIP file with one byte changed gives the same files or is refused, never other bytes under good checksums") {
  auto const whole = craft({{"a.pdf", "one"}, {"b.pdf", "two"}});
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    auto const read = read_zip(changed);
    if (!read) continue;
    CAPTURE(at);
    for (auto const& entry : *read) CHECK((entry.bytes == "one" || entry.bytes == "two" || entry.bytes.empty()));
  }
}

TEST_CASE("Bytes before the archive or after it are refused: two readers would see two archives") {
  auto const inner = craft({{"a.pdf", "one"}});
  auto const other = craft({{"a.pdf", "two"}});

  CHECK(code_of_attack(inner + other) == "access.zip.syntax");
  CHECK(code_of_attack("#!/bin/sh\n" + inner) == "access.zip.syntax");
  CHECK(code_of_attack(inner + inner) == "access.zip.syntax");
  CHECK(code_of_attack(inner + "trailing") == "access.zip.syntax");
}

TEST_CASE("An archive at its limits is read and one step beyond is refused") {
  zip_limits const tight{.archive_bytes = 10'000, .entries = 3, .entry_bytes = 100, .total_bytes = 250, .ratio = 200};
  auto const of = [](std::vector<std::size_t> const& sizes) {
    std::vector<crafted> entries;
    for (auto const size : sizes) entries.push_back({std::to_string(entries.size()) + ".pdf", std::string(size, 'x')});
    return craft(entries);
  };

  CHECK(code_of_attack(of({100, 100, 50}), tight) == "read");
  CHECK(code_of_attack(of({101}), tight) == "access.zip.too_large");
  CHECK(code_of_attack(of({100, 100, 51}), tight) == "access.zip.too_large");
  CHECK(code_of_attack(of({1, 1, 1, 1}), tight) == "access.zip.too_large");
  auto padded = tight;
  padded.archive_bytes = of({1}).size();
  CHECK(code_of_attack(of({1}), padded) == "read");
  CHECK(code_of_attack(of({2}), padded) == "access.zip.too_large");
}

TEST_CASE("A bomb of many small bombs is stopped by the sum") {
  std::vector<zip_entry> parts;
  for (int n = 0; n < 60; ++n) parts.push_back({std::to_string(n), std::string(64 * 1024, '\0')});
  auto const zip = write_zip(parts);
  zip_limits limits;
  limits.total_bytes = 1024 * 1024;

  CHECK(zip.size() < 64 * 1024);
  CHECK(code_of_attack(zip, limits) == "access.zip.too_large");
}

TEST_CASE("What a refusal says never repeats the name an attacker chose") {
  auto const why = read_zip(craft({{"ok.pdf", "1"}, {"../\x1b]0;owned\x07", "2"}})).error();

  CHECK(why.where == "entry 2");
  CHECK(to_text(why).find("owned") == std::string::npos);
}

TEST_CASE("Files of an application: an allowed kind, a size within the limit, a plain name") {
  auto const codes = [](std::string const& name, std::string const& bytes) {
    auto application = access_samples::access_application({"FR"});
    application.attachments = {{"f1", name, bytes.size()}};
    std::string text;
    for (auto const& finding : check_attachments(application, craft({{"f1_" + name, bytes}})))
      text += finding.code + " ";
    return text;
  };

  for (auto const* name : {"a.pdf", "a.PDF", "a.docx", "a.xlsx", "a.odt", "two.dots.pdf"})
    CHECK(codes(name, "x").empty());
  for (auto const* name : {"a.exe", "a", "a.pdf.exe", "a.html", "a.pdf.", "a.zip"})
    CHECK(codes(name, "x") == "access.file.type ");
  CHECK(codes("a.pdf", std::string(1024 * 1024 + 100'000, 'x')) == "access.file.size ");
}
