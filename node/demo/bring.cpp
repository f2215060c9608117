#include "node/demo/bring.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string_view>

#include "node/demo/brought_file.hpp"
#include "node/demo/telling.hpp"
#include "node/http/headers.hpp"

namespace ehds::node::demo {
namespace {

std::string bytes_of(std::filesystem::path const& file) {
  std::ostringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  return std::move(bytes).str();
}

// The whole answers of this run, one file each.
class answer_book {
 public:
  explicit answer_book(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void add(std::filesystem::path const& file, std::string const& door, int status, std::string const& answer) const {
    auto const name = file.filename().string();
    std::ofstream(folder_ / (name + ".answer"), std::ios::binary) << answer << '\n';
    auto const line = in_one_line(answer);
    tell(name + " → " + door + ": HTTP " + std::to_string(status) + (line.empty() ? "" : ": " + line));
  }
  std::filesystem::path const& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

std::string trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t\r");
  return first == std::string_view::npos ? ""
                                         : std::string(text.substr(first, text.find_last_not_of(" \t\r") + 1 - first));
}

// The Content-Type among the lines before the first empty one; without it there are no HTTP headers.
std::string stated_type(std::string const& head) {
  std::istringstream lines(head);
  for (std::string line; std::getline(lines, line);) {
    auto const colon = line.find(':');
    if (colon != std::string::npos && http::lower(trimmed(line.substr(0, colon))) == "content-type")
      return trimmed(std::string_view(line).substr(colon + 1));
  }
  return {};
}

// A body alone begins with XML, or with the line that is its boundary.
std::string apparent_type(std::string const& body) {
  if (!body.starts_with("--")) return "application/soap+xml";
  auto const boundary = trimmed(std::string_view(body).substr(2, body.find('\n') - 2));
  return "multipart/related; type=\"application/soap+xml\"; boundary=\"" + boundary + "\"";
}

// A raw message: HTTP headers in front, or the bare body.
http_call_request message_of(std::string bytes) {
  http_call_request request;
  request.method = "POST";
  auto const crlf = bytes.find("\r\n\r\n");
  auto const blank = std::min(crlf, bytes.find("\n\n"));
  std::string type;
  if (blank != std::string::npos && !bytes.starts_with("--") && !bytes.starts_with('<'))
    type = stated_type(bytes.substr(0, blank));
  if (type.empty()) {
    type = apparent_type(bytes);
  } else {
    bytes.erase(0, blank + (blank == crlf ? 4 : 2));
  }
  request.headers = {{"Content-Type", type}};
  request.body = std::move(bytes);
  return request;
}

std::string whole(heard const& answer) { return answer.body.is_object() ? answer.body.dump(1) : answer.text; }

void bring_record(network& net, std::filesystem::path const& file, std::string const& bytes, answer_book const& book) {
  auto const answer = net.as("FR", "editor").put("/api/datasets", bytes, record_type(file));
  book.add(file, "the catalogue", answer.status, whole(answer));
}

void bring_application(network& net, std::filesystem::path const& file, std::string const& bytes,
                       answer_book const& book) {
  auto const answer = net.as("FR", "screener").post_bytes("/api/cases", bytes, "application/zip");
  book.add(file, "the desk", answer.status, whole(answer));
}

void bring_message(network& net, std::filesystem::path const& file, std::string const& bytes, answer_book const& book) {
  auto request = message_of(bytes);
  request.url = net.node("FR").url() + "/as4";
  auto const answer = net.wire().call(request);
  // More than it takes: the line is cut before the end.
  if (!answer) return tell(file.filename().string() + " → the access point: no answer: " + to_text(answer.error()));
  book.add(file, "the access point", answer->status, answer->body);
}

void bring_file(network& net, std::filesystem::path const& file, answer_book const& book) {
  auto const bytes = bytes_of(file);
  switch (kind_of(file, bytes)) {
    case brought_kind::record:
      return bring_record(net, file, bytes, book);
    case brought_kind::application:
      return bring_application(net, file, bytes, book);
    case brought_kind::message:
      return bring_message(net, file, bytes, book);
    case brought_kind::unknown:
      return tell(
          file.filename().string() +
          ": skipped, it is no record (.ttl .rdf .nt .xml), no application (.zip) and no raw message (.as4 .mime "
          ".eml .http .soap .msg .bin)");
  }
}

}  // namespace

void check_what_is_brought(std::filesystem::path const& folder) {
  must(std::filesystem::is_directory(folder), "--bring: " + folder.string() + " is not a folder");
}

void answer_what_was_brought(network& net, std::filesystem::path const& folder) {
  tell_step(10, "What was brought in " + folder.string());
  check_what_is_brought(folder);
  answer_book const book(net.how().folder / "answers");
  std::vector<std::filesystem::path> entries;
  for (auto const& entry : std::filesystem::directory_iterator(folder)) entries.push_back(entry.path());
  std::ranges::sort(entries);
  for (auto const& entry : entries) {
    if (std::filesystem::is_directory(entry)) {
      tell(entry.filename().string() + "/: skipped, folders inside the folder are not read");
    } else if (std::filesystem::is_regular_file(entry)) {
      bring_file(net, entry, book);
    } else {
      tell(entry.filename().string() + ": skipped, it is no file");
    }
  }
  tell_open("the whole answers, a file each", book.folder().string());
}

}  // namespace ehds::node::demo
