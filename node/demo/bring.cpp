#include "node/demo/bring.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string_view>

#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

std::string bytes_of(std::filesystem::path const& file) {
  std::ostringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  return std::move(bytes).str();
}

void print(std::filesystem::path const& file, std::string const& door, int status, std::string const& body) {
  tell(file.filename().string() + " → " + door + ": HTTP " + std::to_string(status));
  std::istringstream lines(body.substr(0, 2000));
  for (std::string line; std::getline(lines, line);) tell("  " + line);
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

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
    if (colon != std::string::npos && lower(trimmed(line.substr(0, colon))) == "content-type")
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

// A signed answer begins with a certificate; what it says stands behind.
std::string verdict_of(std::string const& answer) {
  auto const error = answer.find("<eb:Error ");
  if (error == std::string::npos) return answer.find("<eb:Receipt") == std::string::npos ? "" : "a receipt";
  auto const end = answer.find("</eb:Error>", error);
  return answer.substr(error, end == std::string::npos ? 400 : end - error);
}

void bring_record(network& net, std::filesystem::path const& file, std::string const& type) {
  auto const answer = net.as("FR", "editor").put("/api/datasets", bytes_of(file), type);
  print(file, "the catalogue", answer.status, answer.body.is_object() ? answer.body.dump(1) : answer.text);
}

void bring_application(network& net, std::filesystem::path const& file) {
  auto const answer = net.as("FR", "screener").post_bytes("/api/cases", bytes_of(file), "application/zip");
  print(file, "the desk", answer.status, answer.body.is_object() ? answer.body.dump(1) : answer.text);
}

void bring_message(network& net, std::filesystem::path const& file) {
  auto request = message_of(bytes_of(file));
  request.url = net.node("FR").url() + "/as4";
  auto const answer = net.wire().call(request);
  if (!answer) {  // more than it takes: the line is cut before the end
    tell(file.filename().string() + " → the access point: no answer: " + to_text(answer.error()));
    return;
  }
  auto const verdict = verdict_of(answer->body);
  print(file, "the access point", answer->status, verdict.empty() ? answer->body : verdict + "\n" + answer->body);
}

}  // namespace

void answer_what_was_brought(network& net, std::filesystem::path const& folder) {
  tell_step(10, "What was brought in " + folder.string());
  must(std::filesystem::is_directory(folder), folder.string() + " is not a folder");
  static std::map<std::string, std::string> const records{{".ttl", "text/turtle"},
                                                          {".rdf", "application/rdf+xml"},
                                                          {".xml", "application/rdf+xml"},
                                                          {".nt", "application/n-triples"}};
  std::vector<std::filesystem::path> files;
  for (auto const& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::ranges::sort(files);
  for (auto const& file : files) {
    auto const suffix = lower(file.extension().string());
    bool const is_soap =
        suffix == ".xml" && bytes_of(file).find("http://www.w3.org/2003/05/soap-envelope") != std::string::npos;
    if (auto const record = records.find(suffix); record != records.end() && !is_soap) {
      bring_record(net, file, record->second);
    } else if (suffix == ".zip") {
      bring_application(net, file);
    } else {
      bring_message(net, file);
    }
  }
}

}  // namespace ehds::node::demo
