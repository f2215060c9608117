package peer;

import com.helger.json.IJsonObject;
import com.helger.json.JsonObject;
import com.helger.mime.parse.MimeTypeParser;
import com.helger.phase4.CAS4;
import com.helger.phase4.attachment.AS4OutgoingAttachment;
import com.helger.phase4.incoming.AS4IncomingProfileSelectorConstant;
import com.helger.phase4.model.MessageProperty;
import com.helger.phase4.sender.AS4Sender;
import com.helger.phase4.sender.IAS4SignalMessageValidationResultHandler;
import com.helger.phase4.messaging.http.HttpRetrySettings;
import com.helger.phase4.util.Phase4Exception;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Sends one message, or the same parts many times, and tells what came back. Asked by query: to, from, party, service,
 * service_type, action, agreement, id, refers, conversation, certificate (of the receiver), keys, encrypt, compress,
 * part=TYPE|FILE (repeated), retries, count.
 */
final class Outbox {
  private final Keys keys;
  private final Suite suite;

  Outbox(Keys keys, Suite suite) {
    this.keys = keys;
    this.suite = suite;
  }

  /** What one try came to: the result word of phase4, the answer's errors, whether its digests are those sent. */
  private static final class Outcome implements IAS4SignalMessageValidationResultHandler {
    final JsonObject told = new JsonObject();

    @Override
    public void onSuccess() {
      told.add("digests", "equal");
    }

    @Override
    public void onError(String why) {
      told.add("digests", why);
    }

    @Override
    public void onNotApplicable() {
      told.add("digests", "none");
    }
  }

  IJsonObject send(HttpServletRequest asked) throws Exception {
    int count = asked.getParameter("count") == null ? 1 : Integer.parseInt(asked.getParameter("count"));
    IJsonObject last = new JsonObject();
    int accepted = 0;
    for (int i = 0; i < count; ++i) {
      last = sendOne(asked);
      if ("SUCCESS".equals(last.getAsString("result"))) ++accepted;
    }
    return last.add("accepted", accepted);
  }

  private IJsonObject sendOne(HttpServletRequest asked) throws Exception {
    var outcome = new Outcome();
    var message = describe(asked, AS4Sender.builderUserMessage());
    message.signalMsgValidationResultHdl(outcome).signalMsgConsumer((signal, metadata, state) -> {
      outcome.told.add("signed", state.isSoapSignatureChecked());
      for (var error : signal.getError())
        outcome.told.add("error", error.getErrorCode()).add("severity", error.getSeverity());
    });
    message.rawResponseConsumer(sent -> outcome.told
        .add("status", sent.getResponseStatusLine() == null ? 0 : sent.getResponseStatusLine().getStatusCode())
        .add("answer", HexFormat.of().formatHex(sent.getResponseContent())));
    var result = message.sendMessageAndCheckForReceipt((Phase4Exception broken) -> {
      Throwable cause = broken;
      while (cause.getCause() != null) cause = cause.getCause();
      outcome.told.add("exception", cause.getClass().getSimpleName() + ": " + cause.getMessage());
    });
    return outcome.told.add("result", result.name());
  }

  private AS4Sender.BuilderUserMessage describe(HttpServletRequest asked, AS4Sender.BuilderUserMessage message)
      throws Exception {
    var from = asked.getParameter("from");
    var to = asked.getParameter("party");
    var type = "urn:oasis:names:tc:ebcore:partyid-type:unregistered";
    boolean encrypt = !"0".equals(asked.getParameter("encrypt"));
    var pmode = Agreement.between(from, to, suite, encrypt);
    var own = asked.getParameter("keys") == null ? keys : new Keys(Path.of(asked.getParameter("keys")));
    message.as4ProfileID("conformance").pmode(pmode)
        .pmodeResolver((id, service, action, initiator, responder, agreement, address) -> pmode)
        .incomingProfileSelector(new AS4IncomingProfileSelectorConstant(null, false))
        .cryptoFactorySign(own.signing)
        .cryptoFactoryCrypt(own.encryption)
        .fromPartyIDType(type).fromPartyID(from).fromRole(CAS4.DEFAULT_INITIATOR_URL)
        .toPartyIDType(type).toPartyID(to).toRole(CAS4.DEFAULT_RESPONDER_URL)
        .service(orNull(asked.getParameter("service_type")), asked.getParameter("service"))
        .action(asked.getParameter("action"))
        .agreementRef(asked.getParameter("agreement"))
        .messageID(asked.getParameter("id"))
        .conversationID(asked.getParameter("conversation"))
        .forceMimeMessage(asked.getParameter("part") != null)
        .refToMessageID(asked.getParameter("refers"))
        .httpRetrySettings(retries(asked.getParameter("retries")))
        .endpointURL(asked.getParameter("to"));
    for (var property : new String[] {"originalSender", "finalRecipient", "trackingIdentifier"})
      if (asked.getParameter(property) != null)
        message.addMessageProperty(MessageProperty.builder().name(property).value(asked.getParameter(property)));
    suite.sign(message.signingParams());
    suite.encrypt(message.cryptParams());
    message.receiverCertificate(Keys.certificate(Path.of(asked.getParameter("certificate"))));
    if (!encrypt) message.cryptParams().setAlgorithmCrypt(null);
    attach(asked, message);
    return message;
  }

  private static String orNull(String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private static HttpRetrySettings retries(String asked) {
    return new HttpRetrySettings()
        .setMaxRetries(asked == null ? 0 : Integer.parseInt(asked))
        .setDurationBeforeRetry(Duration.ofMillis(200));
  }

  private static void attach(HttpServletRequest asked, AS4Sender.BuilderUserMessage message) throws Exception {
    var parts = asked.getParameterValues("part");
    if (parts == null) return;
    for (var part : parts) {
      int bar = part.indexOf('|');
      var one = AS4OutgoingAttachment.builder()
          .data(Files.readAllBytes(Path.of(part.substring(bar + 1))))
          .mimeType(MimeTypeParser.parseMimeType(part.substring(0, bar)))
          .charset(part.contains("xml") ? StandardCharsets.UTF_8 : null);
      if (!"0".equals(asked.getParameter("compress"))) one.compressionGZIP();
      message.addAttachment(one);
    }
  }
}
