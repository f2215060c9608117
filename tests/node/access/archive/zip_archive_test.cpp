#include "node/access/archive/zip_archive.hpp"

#include "node/access/archive/application_archive.hpp"
#include "node/access/samples.hpp"

#include <catch2/catch.hpp>

using namespace ehds;
using namespace ehds::node::access;

namespace {

std::string code(result<std::vector<zip_entry>> const& read) { return read ? "read" : read.error().code; }

// Puts other bytes in place of some that occur in the archive: names in local and central headers.
std::string with(std::string bytes, std::string const& old_name, std::string const& new_name) {
  REQUIRE(old_name.size() == new_name.size());
  for (std::size_t at = 0; (at = bytes.find(old_name, at)) != std::string::npos; at += new_name.size())
    bytes.replace(at, old_name.size(), new_name);
  return bytes;
}

}  // namespace

TEST_CASE("What is packed is unpacked, and equal content gives equal bytes") {
  std::vector<zip_entry> const entries{{"a.txt", "one"}, {"folder/b.bin", std::string("\0\xff\n", 3)}, {"é.txt", ""}};
  auto const bytes = write_zip(entries);
  auto const read = read_zip(bytes).value();

  REQUIRE(read.size() == 3);
  CHECK(read[1].name == "folder/b.bin");
  CHECK(read[1].bytes == entries[1].bytes);
  CHECK(read[2].name == "é.txt");
  CHECK(write_zip(entries) == bytes);
}

TEST_CASE("What is no ZIP file is refused") {
  auto const sound = write_zip({{"a.txt", "one"}});
  CHECK(code(read_zip("")) == "access.zip.syntax");
  CHECK(code(read_zip("PK\x03\x04 and nothing more")) == "access.zip.syntax");
  CHECK(code(read_zip(sound.substr(0, sound.size() / 2))) == "access.zip.syntax");
  auto damaged = write_zip({{"a.txt", std::string(1000, 'x')}});
  damaged[40] = static_cast<char>(damaged[40] ^ 0x55);
  CHECK(code(read_zip(damaged)) == "access.zip.syntax");
}

TEST_CASE("A name that leads out of the archive is refused") {
  auto const name = GENERATE("/aaaaaa", "../aaaa", "a/../aa", "a\\aaaaa", "c:aaaaa", "aa/./aa", "aaa//aa", "aaa\naaa");
  CHECK(code(read_zip(with(write_zip({{"XXXXXXX", "1"}}), "XXXXXXX", name))) == "access.zip.name");
}

TEST_CASE("Two names that a file system could take for one are refused") {
  CHECK(code(read_zip(with(write_zip({{"name-1", "1"}, {"name-2", "2"}}), "name-2", "NAME-1"))) ==
        "access.zip.collision");
}

TEST_CASE("A bomb is stopped while it unpacks") {
  auto const bomb = write_zip({{"zeros", std::string(16 * 1024 * 1024, '\0')}});
  CHECK(bomb.size() < 64 * 1024);
  CHECK(code(read_zip(bomb)) == "access.zip.bomb");
}

TEST_CASE("Too many, too large and too much together are refused") {
  zip_limits const tight{.archive_bytes = 4096, .entries = 2, .entry_bytes = 100, .total_bytes = 150, .ratio = 1000};
  CHECK(code(read_zip(write_zip({{"a", "1"}, {"b", "2"}}), tight)) == "read");
  CHECK(code(read_zip(write_zip({{"a", "1"}, {"b", "2"}, {"c", "3"}}), tight)) == "access.zip.too_large");
  CHECK(code(read_zip(write_zip({{"a", std::string(101, 'x')}}), tight)) == "access.zip.too_large");
  CHECK(code(read_zip(write_zip({{"a", std::string(90, 'x')}, {"b", std::string(90, 'y')}}), tight)) ==
        "access.zip.too_large");
  CHECK(code(read_zip(std::string(5000, 'P'), tight)) == "access.zip.too_large");
}

TEST_CASE("The files of an application are exactly those that its metadata name") {
  auto const application = access_samples::access_application({"FR"});
  attached_file const plan{{"f1", "plan.pdf", 5}, "%PDF-"};
  attached_file const other{{"f2", "plan.pdf", 5}, "%PDF-"};
  auto const codes = [&](std::string const& zip) {
    std::string text;
    for (auto const& finding : check_attachments(application, zip)) text += finding.code + " ";
    return text;
  };

  CHECK(codes(pack_attachments({plan})).empty());
  CHECK(codes("") == "access.attachment.missing ");
  CHECK(codes(pack_attachments({plan, other})) == "access.attachment.unnamed ");
  CHECK(codes(pack_attachments({{plan.file, "longer than said"}})) == "access.attachment.size ");
  CHECK(codes("no zip") == "access.zip.syntax ");
  CHECK(unpack_attachments(application, pack_attachments({plan}))->at(0).bytes == "%PDF-");
}

TEST_CASE("An application that somebody brings holds its metadata beside its files") {
  auto const application = access_samples::access_application({"FR"});
  auto const metadata = write_application_metadata(application);
  auto const zip = write_brought({metadata, pack_attachments({{{"f1", "plan.pdf", 5}, "%PDF-"}})});
  auto const brought = read_brought(zip).value();

  CHECK(brought.metadata_json == metadata);
  CHECK(check_attachments(application, brought.attachments_zip).empty());
  CHECK(read_brought(write_zip({{"other.json", "{}"}})).error().code == "access.bring.metadata");
}
