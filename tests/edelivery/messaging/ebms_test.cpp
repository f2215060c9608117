#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "edelivery/ebms/error_codes.hpp"
#include "edelivery/ebms/read_messaging.hpp"
#include "edelivery/ebms/write_messaging.hpp"
#include "edelivery/keys.hpp"
#include "edelivery/xml/soap.hpp"

using namespace ehds;
using namespace ehds::edelivery;
using edelivery::tests::noon;

namespace {

std::string messaging(std::string const& inside) {
  return "<eb:Messaging xmlns:eb=\"" + std::string{ns::ebms} + "\" xmlns:ebbp=\"" + std::string{ns::ebbp} +
         "\" xmlns:ds=\"" + std::string{ns::ds} + "\" xmlns:x=\"urn:x\">" + inside + "</eb:Messaging>";
}

result<messaging_content> read(std::string const& inside) {
  auto const document = xml::document::parse(messaging(inside));
  REQUIRE(document);
  return read_messaging(document->root());
}

user_message message() {
  user_message m;
  m.timestamp = noon();
  m.message_id = "id-1@fr.example";
  m.ref_to_message_id = "id-0@eu.example";
  m.mpc = "urn:mpc";
  m.from = {"FR", "urn:type", "urn:initiator"};
  m.to = {"EU", "", "urn:responder"};
  m.agreement = "urn:agreement";
  m.agreement_type = "urn:a";
  m.service = "urn:service";
  m.service_type = "urn:s";
  m.action = "create<&>\"'Dataset";
  m.conversation_id = "conversation";
  m.properties = {{"originalSender", "Hôpital & Co <1>", "urn:t"}, {"finalRecipient", "x", ""}};
  m.parts = {{"one@x", {{"MimeType", "application/json", ""}}}, {"two@x", {}}};
  return m;
}

// The text of a good message with one place changed.
std::string changed(std::string const& from, std::string const& to) {
  auto text = write_user_message(message()).value();
  auto const at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string code_of(std::string const& inside) {
  auto const got = read(inside);
  if (!got) CHECK_FALSE(got.error().mend.empty());
  return got ? "accepted" : got.error().code.substr(std::string{"edelivery."}.size());
}

std::string const reference =
    "<ds:Reference URI=\"#m\"><ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>"
    "</ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"
    "<ds:DigestValue>luDzcuQnr/T53tmhtGKsPSkz2e8pfKk/zJNon7ULjno=</ds:DigestValue></ds:Reference>";

std::string nri(std::string const& inside) {
  return "<ebbp:NonRepudiationInformation>" + inside + "</ebbp:NonRepudiationInformation>";
}
std::string acknowledged(std::string const& inside) {
  return "<ebbp:MessagePartNRInformation>" + inside + "</ebbp:MessagePartNRInformation>";
}
std::string signal(std::string const& inside,
                   std::string const& answered = "<eb:RefToMessageId>a@b</eb:RefToMessageId>") {
  return "<eb:SignalMessage><eb:MessageInfo><eb:Timestamp>2026-11-22T12:00:00Z</eb:Timestamp>"
         "<eb:MessageId>s@x</eb:MessageId>" +
         answered + "</eb:MessageInfo>" + inside + "</eb:SignalMessage>";
}

}  // namespace

TEST_CASE("a user message is read as it was written, whatever its values hold") {
  auto const text = write_user_message(message());
  REQUIRE(text);

  auto const got = read(*text);

  REQUIRE(got);
  CHECK(std::get<user_message>(*got) == message());
}

TEST_CASE("a message with nothing optional is written and read") {
  user_message m;
  m.timestamp = noon();
  m.message_id = "a@b";
  m.from = {"FR", "", "i"};
  m.to = {"EU", "", "r"};
  m.service = "s";
  m.action = "a";
  m.conversation_id = "c";

  auto const got = read(write_user_message(m).value());

  REQUIRE(got);
  CHECK(std::get<user_message>(*got) == m);
}

TEST_CASE("a header that was read is written again as it came, though we would not write it") {
  auto m = message();
  m.message_id = "no-domain";
  m.properties[0].value = std::string(4'000, 'x');
  REQUIRE_FALSE(write_user_message(m));
  auto const got = read(rewrite_user_message(m));
  REQUIRE(got);
  CHECK(std::get<user_message>(*got) == m);
  auto const bare = rewrite_user_message(message(), {});
  CHECK(bare.starts_with(R"(<UserMessage mpc="urn:mpc"><MessageInfo><Timestamp>)"));
  CHECK(bare.ends_with("</PayloadInfo></UserMessage>"));
  CHECK(bare.find("eb:") == std::string::npos);
}

TEST_CASE("values that a header cannot carry are not written") {
  auto const refuses = [](auto change) {
    auto m = message();
    change(m);
    auto const text = write_user_message(m);
    return !text && text.error().code == "edelivery.pack.value" && !text.error().where.empty();
  };

  CHECK(refuses([](auto& m) { m.message_id = "no-domain"; }));
  CHECK(refuses([](auto& m) { m.message_id = "two@at@x"; }));
  CHECK(refuses([](auto& m) { m.message_id = "<a@b>"; }));
  CHECK(refuses([](auto& m) { m.message_id = "bl ank@b"; }));
  CHECK(refuses([](auto& m) { m.message_id = "é@b"; }));
  CHECK(refuses([](auto& m) { m.message_id = std::string(255, 'a') + "@b"; }));
  CHECK(refuses([](auto& m) { m.ref_to_message_id = "line\nbreak"; }));
  CHECK(refuses([](auto& m) { m.from.id.clear(); }));
  CHECK(refuses([](auto& m) { m.to.role.clear(); }));
  CHECK(refuses([](auto& m) { m.to.type = "\x01"; }));
  CHECK(refuses([](auto& m) { m.action = std::string(256, 'a'); }));
  CHECK(refuses([](auto& m) { m.service = "\xff"; }));
  CHECK(refuses([](auto& m) { m.conversation_id.clear(); }));
  CHECK(refuses([](auto& m) { m.agreement = "\xEF\xBF\xBE"; }));
  CHECK(refuses([](auto& m) { m.properties[0].value.clear(); }));
  CHECK(refuses([](auto& m) { m.properties[0].name.clear(); }));
  CHECK(refuses([](auto& m) { m.parts[0].properties[0].value = std::string(1025, 'x'); }));
}

TEST_CASE("a property that cannot be written is told with its list, its name and its limit") {
  auto const told = [](auto change) {
    auto m = message();
    change(m);
    auto const text = write_user_message(m);
    return text ? std::string("written") : text.error().where + ": " + text.error().detail + "; " + text.error().mend;
  };
  std::string const unfit = " is missing, too long or holds characters that a header cannot carry; ";
  CHECK(told([](auto& m) { m.properties = {{"a", std::string(1025, 'x'), ""}}; }) ==
        "MessageProperties: the property a" + unfit + "give a value of at most 1024 printable characters");
  CHECK(told([](auto& m) { m.parts[0].properties = {{std::string(256, 'n'), "x", ""}}; }) ==
        "PartProperties: the property " + unfit + "give a value of at most 255 printable characters");
  CHECK(told([](auto& m) { m.properties = {{"a", "x", ""}, {"a", "y", ""}}; }).starts_with("MessageProperties: "));
  CHECK(
      told([](auto& m) { m.parts[0].properties = {{"a", "x", ""}, {"a", "y", ""}}; }).starts_with("PartProperties: "));
}

TEST_CASE("what the schema allows is read") {
  CHECK(code_of(changed("12:00:00.000Z", "12:00:00")) == "accepted");
  CHECK(code_of(changed("12:00:00.000Z", "13:00:00.123456+01:00")) == "accepted");
  CHECK(code_of(changed("<eb:Action>", "<!-- a comment --><eb:Action>")) == "accepted");
  CHECK(code_of(changed("<eb:ConversationId>conversation<", "<eb:ConversationId><")) == "accepted");
  CHECK(code_of(changed("<eb:PartProperties>", "<eb:Schema location=\"x\"/><eb:PartProperties>")) == "accepted");
  CHECK(code_of(changed("<eb:UserMessage ", "<eb:UserMessage x:more=\"1\" ")) == "accepted");
}

TEST_CASE("what the schema or the profile forbids is refused with its code") {
  struct example {
    std::string from, to, code;
  };
  std::vector<example> const examples{
      {"2026-11-22T12:00:00.000Z", "2026-13-45T25:61:00Z", "header.value"},
      {"2026-11-22T12:00:00.000Z", "2026-11-22", "header.value"},
      {"2026-11-22T12:00:00.000Z", "", "header.value"},
      {"<eb:Timestamp>2026-11-22T12:00:00.000Z</eb:Timestamp>", "", "header.missing"},
      {"<eb:MessageId>id-1@fr.example</eb:MessageId>", "", "header.missing"},
      {"id-1@fr.example", "id 1@fr.example", "header.value"},
      {"id-1@fr.example", std::string(256, 'x'), "header.value"},
      {"id-0@eu.example", "i\xc3\xa9", "header.value"},
      {"<eb:ConversationId>conversation</eb:ConversationId>", "", "header.missing"},
      {"<eb:ConversationId>conversation", "<eb:ConversationId>" + std::string(256, 'x'), "header.value"},
      {"<eb:Role>urn:initiator</eb:Role>", "", "header.missing"},
      {"<eb:Role>urn:initiator</eb:Role>", "<eb:PartyId>FR2</eb:PartyId><eb:Role>i</eb:Role>", "value.party_ids"},
      {"<eb:Role>urn:initiator</eb:Role>", "<eb:Role>urn:initiator</eb:Role><x:more/>", "header.unexpected"},
      {"<eb:PartyInfo>", "<eb:PartyInfo><x:first/>", "header.missing"},
      {"<eb:PartyId type=\"urn:type\">FR", "<eb:PartyId kind=\"urn:type\">FR", "header.attribute"},
      {"<eb:PartyId type=\"urn:type\">FR", "<eb:PartyId type=\"\">FR", "header.attribute"},
      {"<eb:PartyId type=\"urn:type\">FR", "<eb:PartyId type=\"urn:type\"><x:y/>", "header.value"},
      {"<eb:UserMessage ", "<eb:UserMessage colour=\"red\" ", "header.attribute"},
      {"href=\"cid:one@x\"", "href=\"https://example.org/payload\"", "payload.external"},
      {"href=\"cid:one@x\"", "href=\"file:///etc/passwd\"", "payload.external"},
      {"href=\"cid:one@x\"", "href=\"cid:\"", "payload.external"},
      {"href=\"cid:one@x\"", "href=\"#body\"", "value.body_payload"},
      {"href=\"cid:one@x\"", "", "value.body_payload"},
      {"href=\"cid:one@x\"", "href=\"cid:two@x\"", "value.part_twice"},
      {"name=\"finalRecipient\"", "name=\"originalSender\"", "value.property_twice"},
      {"name=\"finalRecipient\"", "", "header.attribute"},
      {"name=\"finalRecipient\">x", "name=\"finalRecipient\">", "header.value"},
      {"name=\"finalRecipient\">x", "name=\"finalRecipient\">" + std::string(4097, 'x'), "header.value"},
      {"</eb:UserMessage>", "<eb:More/></eb:UserMessage>", "header.unexpected"},
      {"</eb:PayloadInfo>", "</eb:PayloadInfo><eb:PayloadInfo/>", "header.unexpected"},
      {"</eb:UserMessage>", "</eb:UserMessage><eb:UserMessage/>", "value.bundled"},
  };
  for (auto const& each : examples) {
    INFO(each.from << " -> " << each.to);
    CHECK(code_of(changed(each.from, each.to)) == each.code);
  }
}

TEST_CASE("an eb:Messaging without a message is refused") {
  CHECK(code_of("") == "header.missing");
  CHECK(code_of("<x:other/>") == "header.unexpected");
  CHECK(code_of("<eb:UserMessage/>") == "header.missing");
  CHECK(code_of("<eb:SignalMessage/>") == "header.missing");
}

TEST_CASE("more properties or parts than anybody needs are refused") {
  std::string properties;
  for (int i = 0; i < 300; ++i) properties += "<eb:Property name=\"n" + std::to_string(i) + "\">v</eb:Property>";
  std::string parts;
  for (int i = 0; i < 1100; ++i) parts += "<eb:PartInfo href=\"cid:n" + std::to_string(i) + "\"/>";

  CHECK(code_of(changed("</eb:MessageProperties>", properties + "</eb:MessageProperties>")) == "header.value");
  CHECK(code_of(changed("</eb:PayloadInfo>", parts + "</eb:PayloadInfo>")) == "header.value");
}

TEST_CASE("a receipt is read as it was written") {
  receipt const sent{noon(), "r@eu.example", "id-1@fr.example", {{"#m", "abc=", reference}, {"#m", "abc=", reference}}};

  auto const got = read(write_receipt(sent));

  REQUIRE(got);
  auto const& back = std::get<receipt>(*got);
  CHECK(back.message_id == sent.message_id);
  CHECK(back.ref_to_message_id == sent.ref_to_message_id);
  REQUIRE(back.references.size() == 2);
  CHECK(back.references[0].uri == "#m");
  CHECK(back.references[0].digest == "luDzcuQnr/T53tmhtGKsPSkz2e8pfKk/zJNon7ULjno=");
}

TEST_CASE("what is no proof of receipt is refused as EBMS:0302") {
  auto const receipt_of = [](std::string const& inside) { return "<eb:Receipt>" + inside + "</eb:Receipt>"; };
  auto const good = receipt_of(nri(acknowledged(reference)));
  std::string const error = "<eb:Error errorCode=\"EBMS:0004\" severity=\"failure\"/>";

  CHECK(code_of(signal(good)) == "accepted");
  CHECK(code_of(signal(good, "")) == "receipt.no_reference");
  CHECK(code_of(signal(good + error)) == "receipt.with_error");
  CHECK(code_of(signal(receipt_of(""))) == "receipt.no_proof");
  CHECK(code_of(signal(receipt_of("<eb:UserMessage/>"))) == "receipt.no_proof");
  CHECK(code_of(signal(receipt_of("<x:NonRepudiationInformation/>"))) == "receipt.no_proof");
  CHECK(code_of(signal(receipt_of(nri("")))) == "receipt.no_proof");
  CHECK(code_of(signal(receipt_of(nri(acknowledged(reference)) + nri(acknowledged(reference))))) ==
        "receipt.structure");
  CHECK(code_of(signal(receipt_of(nri(acknowledged(reference)) + "<eb:UserMessage/>"))) == "receipt.no_proof");
  CHECK(code_of(signal(receipt_of(nri(reference)))) == "receipt.structure");
  CHECK(code_of(signal(receipt_of(nri(acknowledged(""))))) == "receipt.structure");
  CHECK(code_of(signal(receipt_of(nri(acknowledged(reference + reference))))) == "receipt.structure");
  CHECK(code_of(signal(receipt_of(nri(acknowledged("<ds:Reference/>"))))) == "receipt.reference");
  CHECK(code_of(signal(good + good)) == "header.unexpected");
  CHECK(code_of(signal("")) == "header.missing");
  CHECK(code_of(signal("<eb:PullRequest/>")) == "accepted");
}

TEST_CASE("a receipt may carry elements of other namespaces beside its proof, as phase4 puts its version there") {
  auto const proof = nri(acknowledged(reference));
  std::string const version = "<version xmlns=\"urn:example:product\" number=\"4\"/>";

  CHECK(code_of(signal("<eb:Receipt>" + proof + version + "</eb:Receipt>")) == "accepted");
  CHECK(code_of(signal("<eb:Receipt>" + version + proof + "</eb:Receipt>")) == "accepted");
  CHECK(code_of(signal("<eb:Receipt>" + version + "</eb:Receipt>")) == "receipt.no_proof");
}

TEST_CASE("errors are read as they were written") {
  error_signal sent{noon(), "e@x", "id-1@fr.example", {}};
  sent.errors.push_back(
      {"EBMS:0303", "failure", "Communication", "DecompressionFailure", "words", "more <words>", "id-1@fr.example"});
  sent.errors.push_back({"EBMS:0006", "warning", "", "", "", "", ""});

  auto const got = read(write_error(sent));

  REQUIRE(got);
  CHECK(std::get<error_signal>(*got).errors == sent.errors);
  CHECK(code_of(signal("<eb:Error severity=\"failure\"/>")) == "header.attribute");
  CHECK(code_of(signal("<eb:Error errorCode=\"x\" severity=\"bad\"/>")) == "header.attribute");
  CHECK(code_of(signal("<eb:Error errorCode=\"x\" severity=\"failure\"><x:y/></eb:Error>")) == "header.unexpected");
}

TEST_CASE("an id is found in a message that is otherwise unreadable") {
  auto const id_of = [](std::string const& inside) {
    auto const document = xml::document::parse(messaging(inside));
    return readable_message_id(document->root());
  };

  CHECK(id_of(changed("<eb:ConversationId>conversation</eb:ConversationId>", "")) == "id-1@fr.example");
  CHECK(id_of(changed("id-1@fr.example", "not an id")).empty());
  CHECK(id_of("").empty());
}

TEST_CASE("the table of errors is whole and each of our problems has its code") {
  std::set<std::string_view> codes;
  for (auto const& each : ebms_codes()) {
    CHECK(codes.insert(each.code).second);
    CHECK((each.severity == "failure" || each.severity == "warning"));
    CHECK_FALSE(each.told.empty());
  }
  CHECK(codes.contains("EBMS:0301"));
  CHECK(find_ebms_code("EBMS:9999") == nullptr);

  auto const code = [](std::string text) { return ebms_code_of({std::move(text), "", "", ""}).code; };
  CHECK(code("edelivery.mime.boundary") == "EBMS:0007");
  CHECK(code("edelivery.header.missing") == "EBMS:0009");
  CHECK(code("edelivery.value.unknown_character_set") == "EBMS:0001");
  CHECK(code("edelivery.value.bundled") == "EBMS:0003");
  CHECK(code("edelivery.pmode.none") == "EBMS:0010");
  CHECK(code("edelivery.payload.external") == "EBMS:0011");
  CHECK(code("edelivery.authentication.signature") == "EBMS:0101");
  CHECK(code("edelivery.decryption.failed") == "EBMS:0102");
  CHECK(code("edelivery.policy.algorithm") == "EBMS:0103");
  CHECK(code("edelivery.receipt.mismatch") == "EBMS:0302");
  CHECK(code("edelivery.compression.ratio") == "EBMS:0303");
  CHECK(code("something.else") == "EBMS:0004");
}
