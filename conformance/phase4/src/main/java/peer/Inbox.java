package peer;

import com.helger.collection.commons.ICommonsList;
import com.helger.http.header.HttpHeaderMap;
import com.helger.json.IJsonArray;
import com.helger.json.IJsonObject;
import com.helger.json.JsonArray;
import com.helger.json.JsonObject;
import com.helger.phase4.attachment.WSS4JAttachment;
import com.helger.phase4.ebms3header.Ebms3SignalMessage;
import com.helger.phase4.ebms3header.Ebms3UserMessage;
import com.helger.phase4.error.AS4ErrorList;
import com.helger.phase4.incoming.IAS4IncomingMessageMetadata;
import com.helger.phase4.incoming.IAS4IncomingMessageState;
import com.helger.phase4.incoming.spi.AS4MessageProcessorResult;
import com.helger.phase4.incoming.spi.AS4SignalMessageProcessorResult;
import com.helger.phase4.incoming.spi.IAS4IncomingMessageProcessorSPI;
import com.helger.phase4.model.pmode.IPMode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.w3c.dom.Node;

/** What was delivered: a list of messages, and every part as a durable file. */
final class Inbox implements IAS4IncomingMessageProcessorSPI {
  private final Path folder;
  private final JsonArray messages = new JsonArray();
  private int files = 0;

  Inbox(Path folder) {
    this.folder = folder;
  }

  synchronized IJsonArray list() {
    return messages.getClone();
  }

  @Override
  public AS4MessageProcessorResult processAS4UserMessage(IAS4IncomingMessageMetadata metadata, HttpHeaderMap headers,
      Ebms3UserMessage message, IPMode pmode, Node payload, ICommonsList<WSS4JAttachment> attachments,
      IAS4IncomingMessageState state, AS4ErrorList errors) {
    try {
      var parts = new JsonArray();
      if (attachments != null) for (var one : attachments) parts.add(keep(one));
      var info = message.getMessageInfo();
      note(new JsonObject()
          .add("message_id", info.getMessageId())
          .add("action", message.getCollaborationInfo().getAction())
          .add("conversation_id", message.getCollaborationInfo().getConversationId())
          .add("ref_to_message_id", info.getRefToMessageId() == null ? "" : info.getRefToMessageId())
          .add("properties", properties(message))
          .add("signed", state.isSoapSignatureChecked())
          .add("decrypted", state.isSoapDecrypted())
          .add("parts", parts));
      return AS4MessageProcessorResult.createSuccess();
    } catch (Exception broken) {
      return AS4MessageProcessorResult.createFailure();
    }
  }

  private static IJsonObject properties(Ebms3UserMessage message) {
    var all = new JsonObject();
    var said = message.getMessageProperties();
    if (said != null) for (var one : said.getProperty()) all.add(one.getName(), one.getValue());
    return all;
  }

  private synchronized void note(IJsonObject message) {
    messages.add(message);
  }

  private synchronized Path next() {
    return folder.resolve("part-" + ++files);
  }

  private IJsonObject keep(WSS4JAttachment part) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    long size = 0;
    try (var in = part.getSourceStream();
        var out = FileChannel.open(next(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      var chunk = new byte[65536];
      for (int got; (got = in.read(chunk)) > 0; size += got) {
        digest.update(chunk, 0, got);
        write(out, chunk, got);
      }
      out.force(true);  // as a node does before it acknowledges
    }
    return new JsonObject()
        .add("type", part.getMimeType())
        .add("compressed", part.getCompressionMode() != null)
        .add("bytes", size)
        .add("sha256", HexFormat.of().formatHex(digest.digest()));
  }

  private static void write(FileChannel out, byte[] chunk, int count) throws IOException {
    for (var left = java.nio.ByteBuffer.wrap(chunk, 0, count); left.hasRemaining();) out.write(left);
  }

  @Override
  public AS4SignalMessageProcessorResult processAS4SignalMessage(IAS4IncomingMessageMetadata metadata,
      HttpHeaderMap headers, Ebms3SignalMessage message, IPMode pmode, IAS4IncomingMessageState state,
      AS4ErrorList errors) {
    return AS4SignalMessageProcessorResult.createSuccess();
  }

  @Override
  public void processAS4ResponseMessage(IAS4IncomingMessageMetadata metadata, IAS4IncomingMessageState state,
      String responseMessageId, byte[] response, boolean isPulled, AS4ErrorList errors) {}
}
